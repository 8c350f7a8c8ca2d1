package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// done takes in the end of a read; the end of another read is dropped.
func (a *app) done(msg doneMsg) tea.Cmd {
	if !a.fetch.active || msg.id != a.fetch.id {
		return nil
	}
	a.budgets = msg.budgets
	a.fetch.cancel()
	a.fetch.active = false
	if a.recall(msg.known) || msg.set != nil {
		a.trend = msg.past
	}
	before := a.fetch.endedEarly()
	switch {
	case msg.set != nil && a.fetch.patch:
		return a.doneAgain(before.patched(msg.set), msg.set)
	case msg.set != nil:
		next := before.succeed(msg.set, a.now)
		cmd := tea.Batch(a.show(next), a.looked(before.known()))
		if gone := a.marks.Retain(next.set); gone > 0 {
			a.status = marksGone(gone)
		}
		if next.late != nil {
			a.status = "This read knows less than the last one, which stays on the board; c shows what it lacks."
		}
		return cmd
	case a.fetch.patch:
		a.status = "Not read again: " + reason(msg.err)
	case before.set != nil:
		if !a.fetch.look { // nobody waits for a look, and the notice says it
			a.status = "Reload failed, this is what was read before: " + reason(msg.err)
		}
		before = before.fail(a.now, "failed", "failed: "+reason(msg.err))
	default:
		before.failed = reason(msg.err)
	}
	return a.show(before)
}

// doneAgain takes in what was read with one record, or one question, patched.
func (a *app) doneAgain(next shown, set *rows.Set) tea.Cmd {
	subject := a.fetch.subject
	took := next.set == set
	if took && subject != nil && next.late != nil {
		next.again(subject)
	}
	cmd := a.show(next)
	again := "Read again on both sides."
	if subject != nil && subject.Type == model.SubjectGroup {
		again += " E has OneLogin refresh its entitlements too."
	}
	switch gone := a.marks.Retain(next.set); {
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

// endedEarly is what there is to go back to: what was shown before, or where there was nothing, what the read has
// given so far.
func (f *fetch) endedEarly() shown {
	if f.before.known() == nil && f.latest != nil && f.latest.Comparison.KnowsSomething() {
		return shown{set: f.latest, interim: true}
	}
	return f.before
}

// cancelFetch goes back to what was shown before the read. Where every part was read, only details are given up.
func (a *app) cancelFetch() tea.Cmd {
	all, latest := a.allRead(), a.fetch.latest
	a.fetch.cancel()
	a.fetch.active = false
	a.status = "Cancelled."
	before := a.fetch.endedEarly()
	switch {
	case a.fetch.patch, a.fetch.look:
	case all && before.succeed(latest, a.now).late == nil:
		before = (&shown{set: latest}).fail(a.now, "was cancelled", "was cancelled before its details were read")
	case before.set != nil:
		before = before.fail(a.now, "was cancelled", "was cancelled")
	case before.failed == "":
		before.failed = "Cancelled before anything was read. Press R to read both sides."
	}
	return a.show(before)
}

func reason(err error) string {
	if err == nil {
		return "nothing came back; press R to try again"
	}
	return err.Error()
}
