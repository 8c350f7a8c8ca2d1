package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// done takes in the end of a read; the end of another read is dropped.
func (a *app) done(msg doneMsg) tea.Cmd {
	if !a.Fetch.Active || msg.id != a.Fetch.ID {
		return nil
	}
	a.budgets = msg.budgets
	a.Fetch.Cancel()
	a.Fetch.Active = false
	if a.recall(msg.known) || msg.set != nil {
		a.trend = msg.past
	}
	before := a.Fetch.EndedEarly()
	switch {
	case msg.set != nil && a.Fetch.Patch:
		return a.doneAgain(before.Patched(msg.set), msg.set)
	case msg.set != nil:
		next := before.Succeed(msg.set, a.now)
		cmd := tea.Batch(a.show(next), a.looked(before.Known()))
		if gone := a.marks.Retain(next.Set); gone > 0 {
			a.status = marksGone(gone)
		}
		if next.Late != nil {
			a.status = "This read knows less than the last one, which stays on the board; c shows what it lacks."
		}
		return cmd
	case a.Fetch.Patch:
		a.status = "Not read again: " + reason(msg.err)
	case before.Set != nil:
		if !a.Fetch.Look { // nobody waits for a look, and the notice says it
			a.status = "Reload failed, this is what was read before: " + reason(msg.err)
		}
		before = before.Fail(a.now, "failed", "failed: "+reason(msg.err))
	default:
		before.Failed = reason(msg.err)
	}
	return a.show(before)
}

// doneAgain takes in what was read with one record, or one question, patched.
func (a *app) doneAgain(next reading.Shown, set *rows.Set) tea.Cmd {
	subject := a.Fetch.Subject
	took := next.Set == set
	if took && subject != nil && next.Late != nil {
		next.Again(subject)
	}
	cmd := a.show(next)
	again := "Read again on both sides."
	if subject != nil && subject.Type == model.SubjectGroup {
		again += " E has OneLogin refresh its entitlements too."
	}
	switch gone := a.marks.Retain(next.Set); {
	case gone > 0:
		a.status = marksGone(gone)
	case !took:
		a.status = "Read again, and not shown: the last read of both sides knows less than what shows. R reads " +
			"them again."
	case subject != nil && a.status == "": // what was said meanwhile, such as what a settling found, is worth more
		a.status = again
	}
	return cmd
}

// cancelFetch goes back to what was shown before the read. Where every part was read, only details are given up.
func (a *app) cancelFetch() tea.Cmd {
	all, latest := a.AllRead(), a.Fetch.Latest
	a.Fetch.Cancel()
	a.Fetch.Active = false
	a.status = "Cancelled."
	before := a.Fetch.EndedEarly()
	switch {
	case a.Fetch.Patch, a.Fetch.Look:
	case all && before.Succeed(latest, a.now).Late == nil:
		shown := &reading.Shown{Set: latest}
		before = shown.Fail(a.now, "was cancelled", "was cancelled before its details were read")
	case before.Set != nil:
		before = before.Fail(a.now, "was cancelled", "was cancelled")
	case before.Failed == "":
		before.Failed = "Cancelled before anything was read. Press R to read both sides."
	}
	return a.show(before)
}

func reason(err error) string {
	if err == nil {
		return "nothing came back; press R to try again"
	}
	return err.Error()
}

// arrived shows what a run has read, or patched. What it patched before both sides were read again is not shown over
// that.
func (a *app) arrived(set *rows.Set) tea.Cmd {
	before := a.Known()
	if before == nil {
		return a.show(a.Succeed(set, a.now))
	}
	switch set.Comparison.Source.ReadAt.Compare(before.Comparison.Source.ReadAt) {
	case -1:
		return nil
	case 0:
		return a.show(a.Patched(set))
	}
	return a.show(a.Succeed(set, a.now))
}

// picked finds the findings of picks.
func (a *app) picked(picks []model.Pick) []*model.Finding {
	if a.Set == nil {
		return nil
	}
	wanted := map[string]bool{}
	for _, p := range picks {
		wanted[p.Finding] = true
	}
	var out []*model.Finding
	for i := range a.Set.Comparison.Findings {
		if f := &a.Set.Comparison.Findings[i]; wanted[f.ID] {
			out = append(out, f)
		}
	}
	return out
}

// asItCame shows what the later read gave, gaps and all: the operator wants to go on with what there is.
func (a *app) asItCame() tea.Cmd {
	a.pop()
	set := a.Late.Set
	cmd := a.show(reading.Shown{Set: set})
	a.status = "This is the last read as it came. What it did not get is unknown."
	if gone := a.marks.Retain(set); gone > 0 {
		a.status += " " + marksGone(gone)
	}
	return cmd
}

// hasLateSet: the coverage is looked at, and there is a later read to show.
func (a *app) hasLateSet() bool {
	return onTop[*reading.Screen](a) && a.Late != nil && a.Late.Set != nil
}
