package tui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// DefaultWatch is how often W looks where nothing says otherwise.
const DefaultWatch = 5 * time.Minute

// watch looks again and again in the background, and keeps what has changed until somebody has seen it.
type watch struct {
	// interval is 0 while nobody watches.
	interval time.Duration
	nextAt   time.Time
	// id tells its timer from those of a watch that has ended; waitsForJob: it was due while a job went on.
	id          uint64
	waitsForJob bool
	// changed is what has changed since changedSince, by the ids of findings.
	changed      map[string]string
	changedSince time.Time
}

// What becomes of a finding, in the words of the board.
const changeNew, changeWorse, changeGone = "new", "worse", "gone"

// watchDueMsg says that it is time for another look.
type watchDueMsg uint64

func (a *app) toggleWatch() tea.Cmd {
	if a.watch.interval > 0 {
		a.watch.interval, a.watch.waitsForJob = 0, false
		return a.say("No longer watched.")
	}
	if a.watch.interval = a.opts.Watch; a.watch.interval == 0 {
		a.watch.interval = DefaultWatch
	}
	a.status = "Watched: both sides are looked at every " + style.Span(a.watch.interval) + "; " + a.keyFor("watch") +
		" ends it."
	return a.scheduleLook()
}

// scheduleLook waits for the next look; nil while nobody watches.
func (a *app) scheduleLook() tea.Cmd {
	if a.watch.interval == 0 {
		return nil
	}
	a.watch.id = a.nextRequestID()
	id := a.watch.id
	a.watch.nextAt = a.opts.Now().Add(a.watch.interval)
	return a.sendAfter(a.watch.interval, func() tea.Msg { return watchDueMsg(id) })
}

// applyTo looks, unless something else is being read, or written: then the next time is soon enough.
func (id watchDueMsg) applyTo(a *app) tea.Cmd {
	if a.watch.interval == 0 || uint64(id) != a.watch.id {
		return nil
	}
	a.watch.waitsForJob = a.job.Active() || a.isSettling()
	unknown := a.Known() == nil // then it is a first read, and what that would ask about is not done unasked
	if a.watch.waitsForJob || a.Fetch.Active || unknown && a.outside.Caution().Short {
		return a.scheduleLook()
	}
	status := a.status
	cmd := a.startReadRequest(readRequest{look: !unknown})
	a.status = status // nobody asked for it just now
	return tea.Batch(cmd, a.scheduleLook())
}

// noteChanges notes what a read found new, worse or gone beside what was shown before, and calls the operator where
// that is grave.
func (a *app) noteChanges(before *rows.Set) tea.Cmd {
	if a.watch.interval == 0 || before == nil || a.Set == nil || before == a.Set {
		return nil
	}
	if len(a.watch.changed) == 0 {
		a.watch.changed, a.watch.changedSince = map[string]string{}, a.now
	}
	were := map[string]*model.Finding{}
	for i := range before.Comparison.Findings {
		f := &before.Comparison.Findings[i]
		were[f.ID] = f
	}
	var grave []*model.Finding
	for i := range a.Set.Comparison.Findings {
		f := &a.Set.Comparison.Findings[i]
		was := were[f.ID]
		delete(were, f.ID)
		switch {
		case was == nil:
			a.watch.changed[f.ID] = changeNew
		case f.Severity > was.Severity || f.Severity == was.Severity && len(f.Members) > len(was.Members):
			if a.watch.changed[f.ID] != changeNew {
				a.watch.changed[f.ID] = changeWorse
			}
		}
		if (was == nil || was.Severity < f.Severity) && a.shouldNotify(f.Severity) {
			grave = append(grave, f)
		}
	}
	for id := range were {
		if a.watch.changed[id] == changeNew { // it came and went unseen
			delete(a.watch.changed, id)
		} else {
			a.watch.changed[id] = changeGone
		}
	}
	if len(grave) == 0 {
		return nil
	}
	worst := slices.MaxFunc(grave, func(x, y *model.Finding) int { return cmp.Compare(x.Severity, y.Severity) })
	return tea.Raw(style.Notification("scimdrift " + a.opts.Connection + ": " +
		style.Count(len(grave), "new finding") + ", the worst " + worst.Severity.String()))
}

// shouldNotify: a new finding of that severity calls the operator.
func (a *app) shouldNotify(s model.Severity) bool {
	return s.String() == a.opts.Notify || s == model.Critical && a.opts.Notify == model.High.String()
}

// changesText counts what has changed since somebody last looked, such as "2 new, 1 gone since 02:10"; empty if nothing
// has.
func (a *app) changesText() string {
	counts := map[string]int{}
	for _, c := range a.watch.changed {
		counts[c]++
	}
	var parts []string
	for _, c := range []string{changeNew, changeWorse, changeGone} {
		if counts[c] > 0 {
			parts = append(parts, style.Number(counts[c])+" "+c)
		}
	}
	if parts == nil {
		return ""
	}
	return strings.Join(parts, ", ") + " since " + a.context().Minute(a.watch.changedSince)
}

// retryText says when what is stale is tried again.
func (a *app) retryText() string {
	if a.watch.interval == 0 {
		return a.keyFor("reload") + " reads again"
	}
	return "tried again at " + a.context().Minute(a.watch.nextAt)
}

// watchText says in the header how often both sides are looked at; empty while nobody watches.
func (a *app) watchText() string {
	switch {
	case a.watch.interval == 0:
		return ""
	case a.watch.waitsForJob:
		return "watch waits for the job"
	}
	return "watched every " + style.Span(a.watch.interval)
}

// asOfText says as of when a side is that was not read again with the other one; empty if it was.
func (a *app) asOfText(side model.Side) string {
	if a.Set == nil {
		return ""
	}
	d := a.Set.Directory(side)
	if !d.Unchanged.After(d.ReadAt) {
		return ""
	}
	return " as of " + a.context().Minute(d.ReadAt)
}
