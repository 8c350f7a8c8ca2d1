package repair

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

const (
	// maxRereads is how many subjects are read again one by one in one round, however many are waited for; at the
	// deadline it is maxLastRereads. Each takes about three calls of OneLogin, and targetCalls of the target.
	maxRereads, maxLastRereads, targetCalls = 4, 20, 4
	// restAfterRead is how long a subject of which nothing was logged rests after a look.
	restAfterRead = 30 * time.Second
)

// rereadDue looks again at what has not ended yet: first at that of which something was logged, then at what was not
// looked at for the longest time. last is for the look at the deadline, which takes in all that it can. What was
// pressed for many is read from the target's lists where that takes fewer calls: a page shows a hundred users.
func (w *watch) rereadDue(ctx context.Context, last bool) {
	if w.tooFewCalls() {
		return
	}
	most := maxRereads
	if last {
		most = maxLastRereads
	}
	due := w.dueFindings(last)
	if cost := w.costOfLists(due, most, last); cost > 0 {
		if last || !w.options.Now().Before(w.listsDueAt) {
			c, err := w.options.Reader.Look(ctx, drift.Watch{}, false)
			w.acceptReread(ctx, c, err, (*awaitedFinding).shownByLists)
			// They are read as seldom as that takes no more calls than reading one by one in all rounds.
			w.listsDueAt = w.options.Now().Add(watchInterval * time.Duration(cost) / (maxRereads * targetCalls))
		}
		due = slices.DeleteFunc(due, (*awaitedFinding).shownByLists)
	}
	within, cancel := context.WithTimeoutCause(ctx, lookWithin, errNoAnswerInTime)
	defer cancel()
	if last { // before that whoever is being read may take until the deadline: there are groups of ten thousands
		ctx = within
	}
	var subjects []model.Subject
	for _, a := range due {
		if len(subjects) == most {
			break
		}
		s := a.tick.Subject
		if a.opensSettings() {
			s = model.Subject{Type: model.SubjectConnection}
		}
		if !slices.Contains(subjects, s) {
			subjects = append(subjects, s)
		}
	}
	for _, s := range subjects {
		if within.Err() != nil {
			return
		}
		c, err := w.options.Reader.Refresh(ctx, s)
		w.acceptReread(ctx, c, err, func(a *awaitedFinding) bool {
			return a.tick.Subject == s || s.Type == model.SubjectConnection && a.opensSettings()
		})
	}
}

// costOfLists is how many calls the target's lists take, where they show more of what is due for fewer calls than
// reading it one by one; else 0. While OneLogin logs nothing a few are enough.
func (w *watch) costOfLists(due []*awaitedFinding, most int, last bool) int {
	n, lastRead := 0, w.options.Reader.Last()
	for _, a := range due {
		if a.shownByLists() && (last || a.hasNews()) {
			n++
		}
	}
	if n <= most || n*targetCalls <= lastRead.Target.Requests {
		return 0
	}
	return max(lastRead.Target.Requests, 1)
}

// shownByLists: the target's lists show whether it is gone.
func (a *awaitedFinding) shownByLists() bool {
	return !a.opensSettings() && a.tick.Subject != (model.Subject{})
}

// dueFindings are the findings to look at in this round, the most promising first.
func (w *watch) dueFindings(last bool) (open []*awaitedFinding) {
	now := w.options.Now()
	for _, a := range w.awaited {
		if !a.tick.Done && a.tick.Subject != (model.Subject{}) &&
			(last || a.hasNews() || now.Sub(a.lastTriedAt) >= restAfterRead) {
			open = append(open, a)
		}
	}
	rank := func(a *awaitedFinding) int {
		if a.hasNews() {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(open, func(a, b *awaitedFinding) int {
		return cmp.Or(rank(a)-rank(b), a.lastTriedAt.Compare(b.lastTriedAt))
	})
	return open
}

func (a *awaitedFinding) hasNews() bool { return a.lastEventAt.After(a.lastReadAt) }

// acceptReread holds the findings that were read again against the fresh comparison. A read that failed changes
// nothing: it is said, and tried again after the others have had their turn.
func (w *watch) acceptReread(ctx context.Context, c *drift.Comparison, err error, fresh func(*awaitedFinding) bool) {
	var now *indexedComparison
	if err == nil {
		w.compared, now = c, indexComparison(c)
	} else if ctx.Err() == nil {
		w.said = err.Error()
	}
	for _, a := range w.awaited {
		switch {
		case !fresh(a) || a.tick.Done:
			continue
		case err != nil:
			a.tick.Seen = "it could not be read: " + err.Error()
		default:
			w.checkFinding(a, now)
			a.lastReadAt = w.options.Now()
		}
		a.lastTriedAt = w.options.Now()
	}
}

// indexedComparison is a comparison with what of it is about whom: a step may wait for ten thousand.
type indexedComparison struct {
	*drift.Comparison

	findings map[subjectKey][]int32
	open     map[subjectKey]string
}

// subjectKey names a subject by one of its ids or its name, or a finding by its own id.
type subjectKey struct {
	of       model.SubjectType
	by, text string
}

func keysOf(finding string, s model.Subject) []subjectKey {
	return slices.DeleteFunc([]subjectKey{
		{"", "finding", finding},
		{s.Type, "source", s.SourceID},
		{s.Type, "target", s.TargetID},
		{s.Type, "name", model.Fold(s.Name)},
	}, func(k subjectKey) bool { return k.text == "" })
}

func indexComparison(c *drift.Comparison) *indexedComparison {
	k := &indexedComparison{Comparison: c, findings: map[subjectKey][]int32{}, open: map[subjectKey]string{}}
	for i := range k.Findings {
		for _, key := range keysOf(k.Findings[i].ID, k.Findings[i].Subject) {
			k.findings[key] = append(k.findings[key], int32(i))
		}
	}
	for _, of := range []model.SubjectType{model.SubjectUser, model.SubjectGroup} {
		for _, open := range k.UnsettledRecords(of) {
			for _, key := range keysOf("", open.Subject) {
				k.open[key] = open.Why
			}
		}
	}
	return k
}

func (k *indexedComparison) findingsAbout(a *awaitedFinding) []*model.Finding {
	var at []int32
	for _, key := range keysOf(a.tick.Finding, a.tick.Subject) {
		at = append(at, k.findings[key]...)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	return model.Map(at, func(i *int32) *model.Finding { return &k.Findings[*i] })
}

// hasAll reports whether some findings about the awaited one's subject stand side by side.
func (k *indexedComparison) hasAll(a *awaitedFinding, ids ...string) bool {
	return model.CountIf(k.findingsAbout(a), func(f *model.Finding) bool {
		return slices.Contains(ids, f.ID)
	}) == len(ids)
}

func (k *indexedComparison) whyOpen(a *awaitedFinding) string {
	for _, key := range keysOf("", a.tick.Subject) {
		if why := k.open[key]; why != "" {
			return why
		}
	}
	return ""
}
