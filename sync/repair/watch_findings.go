package repair

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// awaitedFinding is one finding that a watch waits to see gone.
type awaitedFinding struct {
	tick plan.Tick
	kind model.Kind
	step *model.Step
	// names are folded userNames, where a step reaches these users only and ends their part; nil is all of it.
	names map[string]bool
	// lastEventAt is when something was logged that may have ended it, lastReadAt when it was last read again, and
	// lastTriedAt when that was last tried.
	lastEventAt, lastReadAt, lastTriedAt time.Time
}

// addFindings adds the findings of a step, with their subjects of when the run began. What is gone already is done.
func (w *watch) addFindings(step *model.Step, subjects map[string]model.Subject) {
	var names map[string]bool
	if step.Channel == model.Nudge || step.Repair == model.ApprovePending {
		names = userNames(w.knownBefore, step.Members)
	}
	for _, id := range step.Findings {
		a := &awaitedFinding{tick: plan.Tick{Finding: id}, kind: model.KindOf(id), step: step, names: names}
		a.tick.Subject = subjects[id]
		at := slices.IndexFunc(w.knownBefore.findingsAbout(a),
			func(f *model.Finding) bool { return f.ID == id && a.isStillOpen(f) })
		if at >= 0 {
			a.markStillThere(w.knownBefore)
		} else {
			w.checkFinding(a, w.knownBefore)
		}
		w.awaited = append(w.awaited, a)
	}
}

// userNames are what users are called on both sides, under which a finding about members may list them.
func userNames(c *indexedComparison, members []model.Member) map[string]bool {
	names, ids := map[string]bool{}, map[string]bool{}
	for _, m := range members {
		names[model.Fold(m.UserName)] = true
		ids[m.ID] = m.ID != ""
	}
	for t := range c.Target.Users {
		if u := &c.Target.Users[t]; ids[u.ID] {
			names[model.Fold(u.Called())] = true
		}
	}
	return names
}

func (a *awaitedFinding) name() string {
	name := string(a.kind)
	if a.tick.Subject.Name != "" {
		name += " of " + model.Visible(a.tick.Called())
	}
	return name + " (" + a.tick.Seen + ")"
}

// causeGone is said of a finding that is still there, after the setting that held it up was mended.
const causeGone = "its cause is gone, not pushed yet"

// checkFinding holds a finding against a comparison in which its subject is fresh.
func (w *watch) checkFinding(a *awaitedFinding, c *indexedComparison) {
	a.tick.Done = false
	seen := "ended"
	for _, f := range c.findingsAbout(a) {
		switch {
		case f.Kind != a.kind && replacesFinding(f) && !w.knownBefore.hasAll(a, a.tick.Finding, f.ID):
			a.tick.Seen = "it is " + string(f.Kind) + " now"
			return
		case a.isStillOpen(f):
			a.markStillThere(c)
			return
		case f.Kind == a.kind && a.opensSettings():
			seen = causeGone
		}
	}
	if why := w.whyAbsenceUnproven(a, c); why != "" {
		a.tick.Seen = "it cannot be told: " + why
		return
	}
	a.tick.Done, a.tick.Seen = true, seen
}

// replacesFinding reports whether a finding is about the record as a whole, so that another one of the record that is
// gone has only turned into it: who was deleted in OneLogin meanwhile is not suspended any more, and can sign in as
// before.
func replacesFinding(f *model.Finding) bool {
	if f.Kind == model.UserLingering {
		return f.Severity > model.Info // else they are switched off at the target
	}
	return slices.Contains([]model.Kind{
		model.UserDuplicate, model.GroupDuplicate, model.UserUnsynced, model.GroupMissing, model.UserStillActive,
		model.UserInactive, model.GroupLingering, model.GroupUnclaimed,
	}, f.Kind)
}

func (a *awaitedFinding) markStillThere(c *indexedComparison) {
	a.tick.Seen = "not ended yet"
	if login, told := c.Source.Logins[a.tick.Subject.SourceID]; told {
		a.tick.Seen = "OneLogin says: " + model.Visible(login.String())
	}
}

// isStillOpen reports whether a finding about the subject is still what the step should end. A step that reaches one
// user ends only their part of a finding about a group, and of a group that was missing they are to become a member;
// opening a page of settings ends the cause for which it was offered, and what follows from that cause needs a push of
// its own.
func (a *awaitedFinding) isStillOpen(f *model.Finding) bool {
	lists := (f.Kind == model.MembersMissing || f.Kind == model.MembersExtra) && f.MembersUnknown == ""
	switch {
	case a.names != nil && lists && (f.Kind == a.kind || a.kind == model.GroupMissing &&
		f.Kind == model.MembersMissing):
		return slices.ContainsFunc(f.Members, func(m string) bool { return a.names[model.Fold(m)] })
	case f.Kind != a.kind:
		return false
	case a.opensSettings():
		return slices.Contains(f.Repairs, model.Option{Repair: a.step.Repair, Channel: a.step.Channel})
	}
	return true
}

// opensSettings reports whether the step opens a page of settings, which re-reading single records would not show.
func (a *awaitedFinding) opensSettings() bool {
	return a.step.Repair == model.OpenApp || a.step.Repair == model.OpenRules ||
		a.tick.Subject.Type != model.SubjectUser && a.tick.Subject.Type != model.SubjectGroup
}

// whyAbsenceUnproven says why the absence of a finding does not show that it is gone. What was unknown before may be
// now.
func (w *watch) whyAbsenceUnproven(a *awaitedFinding, c *indexedComparison) string {
	for _, s := range drift.Shortfalls(w.knownBefore.Comparison, c.Comparison) {
		if s.Part != model.PartEvents {
			return s.Part.String() + " were not read: " + s.Coverage.String()
		}
	}
	if w.knownBefore.whyOpen(a) == "" {
		return c.whyOpen(a)
	}
	return ""
}
