package repair

import (
	"context"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// awaited is one finding that a watch waits to see gone.
type awaited struct {
	tick plan.Tick
	kind model.Kind
	step *model.Step
	// names are userNames, where a step reaches these users only: their part of a finding about a group is what it
	// should end. nil is all of it.
	names []string
	// newsAt is when something was logged that may have ended it, looked when it was last read again, and tried when
	// that was last tried.
	newsAt, looked, tried time.Time
}

// expect adds the findings of a step, whose subjects are those of when the run began. What is not in the comparison any
// more, though everything was read, is done.
func (w *watch) expect(step *model.Step, subjects map[string]model.Subject) {
	there := model.By(w.before.Findings, func(f *model.Finding) string { return f.ID }) // a step may wait for thousands
	for _, id := range step.Findings {
		a := &awaited{tick: plan.Tick{Finding: id}, kind: model.KindOf(id), step: step}
		a.tick.Subject = subjects[id]
		if step.Channel == model.Nudge || step.Repair == model.ApprovePending {
			a.names = namesOf(w.before, step.Members)
		}
		if f := there[id]; f != nil && a.remains(f) {
			a.stays(w.before)
		} else {
			w.weigh(a, w.before)
		}
		w.awaited = append(w.awaited, a)
	}
}

// namesOf are what users are called on both sides, under which a finding about members may list them.
func namesOf(c *drift.Comparison, members []model.Member) []string {
	names, ids := []string{}, map[string]bool{}
	for _, m := range members {
		names = append(names, model.Fold(m.UserName))
		ids[m.ID] = m.ID != ""
	}
	for t := range c.Target.Users {
		if u := &c.Target.Users[t]; ids[u.ID] {
			names = append(names, model.Fold(u.Called()))
		}
	}
	return names
}

// name names the finding where it is said what has not ended.
func (a *awaited) name() string {
	name := string(a.kind)
	if a.tick.Subject.Name != "" {
		name += " of " + model.Visible(a.tick.Called())
	}
	return name + " (" + a.tick.Seen + ")"
}

// causeGone is said of a finding that is still there, after the setting that held it up was mended.
const causeGone = "its cause is gone, not pushed yet"

// weigh holds a finding against a comparison in which its subject is fresh.
func (w *watch) weigh(a *awaited, c *drift.Comparison) {
	a.tick.Done = false
	seen := "ended"
	for i := range c.Findings {
		switch f := &c.Findings[i]; {
		case !a.about(f.ID, f.Subject):
			continue
		case f.Kind != a.kind && slices.Contains([]model.Kind{
			model.UserDuplicate, model.GroupDuplicate, model.UserUnsynced, model.GroupMissing,
		}, f.Kind):
			a.tick.Seen = "it is " + string(f.Kind) + " now"
			return
		case a.remains(f):
			a.stays(c)
			return
		case f.Kind == a.kind && a.settings():
			seen = causeGone
		}
	}
	if why := w.unproven(a, c); why != "" {
		a.tick.Seen = "it cannot be told: " + why
		return
	}
	a.tick.Done, a.tick.Seen = true, seen
}

// stays says of a finding that it is still there.
func (a *awaited) stays(c *drift.Comparison) {
	a.tick.Seen = "still there"
	if login, told := c.Source.Logins[a.tick.Subject.SourceID]; told {
		a.tick.Seen = "OneLogin says: " + model.Visible(login.String())
	}
}

// about reports whether what has an id and a subject is the finding, or another of its subject.
func (a *awaited) about(id string, other model.Subject) bool {
	s := a.tick.Subject
	return id == a.tick.Finding || other.Type == s.Type &&
		(s.SourceID != "" && other.SourceID == s.SourceID || s.TargetID != "" && other.TargetID == s.TargetID ||
			s.Name != "" && model.SameName(other.Name, s.Name))
}

// remains reports whether a finding about the subject is still what the step should end. A step that reaches one user
// ends only their part of a finding about a group, and of a group that was missing they are to become a member;
// opening a page of settings ends the cause for which it was offered, and what follows from that cause needs a push of
// its own.
func (a *awaited) remains(f *model.Finding) bool {
	lists := (f.Kind == model.MembersMissing || f.Kind == model.MembersExtra) && f.MembersUnknown == ""
	switch {
	case a.names != nil && lists && (f.Kind == a.kind || a.kind == model.GroupMissing &&
		f.Kind == model.MembersMissing):
		return slices.ContainsFunc(f.Members, func(m string) bool { return slices.Contains(a.names, model.Fold(m)) })
	case f.Kind != a.kind:
		return false
	case a.settings():
		return slices.Contains(f.Repairs, model.Option{Repair: a.step.Repair, Channel: a.step.Channel})
	}
	return true
}

// settings reports whether the step opens a page of settings, which re-reading single records would not show.
func (a *awaited) settings() bool {
	return a.step.Repair == model.OpenApp || a.step.Repair == model.OpenRules ||
		a.tick.Subject.Type != model.SubjectUser && a.tick.Subject.Type != model.SubjectGroup
}

// unproven says why the absence of a finding does not show that it is gone; "" if it does. What was not known when the
// watch began need not be known now.
func (w *watch) unproven(a *awaited, c *drift.Comparison) string {
	for _, s := range drift.Shortfalls(w.before, c) {
		if s.Part != model.PartEvents {
			return s.Part.String() + " were not read: " + s.Coverage.String()
		}
	}
	if why := a.unsettled(c); a.unsettled(w.before) == "" {
		return why
	}
	return ""
}

// unsettled says why nothing is known of the subject, "" if something is.
func (a *awaited) unsettled(c *drift.Comparison) string {
	for _, open := range c.Open(a.tick.Subject.Type) {
		if a.about("", open.Subject) {
			return open.Why
		}
	}
	return ""
}

const (
	// rereads is how many subjects are read again in one round, which takes about three calls of OneLogin and four of
	// the target each, however many are waited for; at the deadline it is lastRereads.
	rereads, lastRereads = 4, 20
	// patience is how long a subject of which nothing was logged rests after a look.
	patience = 30 * time.Second
)

// reread looks again at what has not ended yet: first at that of which something was logged, then at what was not
// looked at for the longest time. last is for the look at the deadline, which takes in all that it can.
func (w *watch) reread(ctx context.Context, last bool) {
	if w.short() {
		return
	}
	most := rereads
	if last {
		most = lastRereads
	}
	var subjects []model.Subject
	for _, a := range w.due(last) {
		if len(subjects) == most {
			break
		}
		s := a.tick.Subject
		if a.settings() {
			s = model.Subject{Type: model.SubjectConnection}
		}
		if !slices.Contains(subjects, s) {
			subjects = append(subjects, s)
		}
	}
	for _, s := range subjects {
		if ctx.Err() != nil {
			return
		}
		c, err := w.o.Reader.Refresh(ctx, s)
		w.take(ctx, c, err, func(a *awaited) bool {
			return a.tick.Subject == s || s.Type == model.SubjectConnection && a.settings()
		})
	}
}

// due are the findings to look at in this round, the most promising first.
func (w *watch) due(last bool) (open []*awaited) {
	now := w.o.Now()
	for _, a := range w.awaited {
		if !a.tick.Done && a.tick.Subject != (model.Subject{}) &&
			(last || a.hasNews() || now.Sub(a.tried) >= patience) {
			open = append(open, a)
		}
	}
	slices.SortStableFunc(open, func(a, b *awaited) int {
		if a.hasNews() != b.hasNews() && a.hasNews() {
			return -1
		} else if a.hasNews() != b.hasNews() {
			return 1
		}
		return a.tried.Compare(b.tried)
	})
	return open
}

func (a *awaited) hasNews() bool { return a.newsAt.After(a.looked) }

// take holds the findings that were read again against the fresh comparison. A read that failed changes nothing: it
// is said, and tried again after the others have had their turn.
func (w *watch) take(ctx context.Context, c *drift.Comparison, err error, fresh func(*awaited) bool) {
	if err == nil {
		w.compared = c
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
			w.weigh(a, c)
			a.looked = w.o.Now()
		}
		a.tried = w.o.Now()
	}
}
