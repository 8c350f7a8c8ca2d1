package tui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// lateRead is a read that ended after what is shown was read and did not take its place: it was cancelled, it failed,
// or it knows less of some part. What was known stays whole, because half of one read beside half of another would be
// true at no moment. What the later one said stands in the notices, in the coverage and on the Setup tab.
type lateRead struct {
	at time.Time
	// word and why say shortly and at length what became of it; both follow "the read at 12:03:20". Raw.
	word, why string
	lost      []drift.Shortfall
	// set is what it gave; nil if it gave nothing.
	set *rows.Set
	// reread are the records that were read again since, on both sides.
	reread map[string]bool
}

// known is the last state that is worth keeping while another is read: nil before anything was read, while that is
// still going on, and where nothing of either side is known.
func (s *shown) known() *rows.Set {
	if s.set == nil || s.interim || !s.set.Comparison.KnowsSomething() {
		return nil
	}
	return s.set
}

// succeed gives what is to be shown after a whole read: what it gave, unless that knows less than what is known
// already.
func (s *shown) succeed(set *rows.Set, at time.Time) shown {
	before := s.known()
	if before == nil {
		return shown{set: set}
	}
	lost := drift.Shortfalls(before.Comparison, set.Comparison)
	if len(lost) == 0 {
		return shown{set: set}
	}
	return shown{set: before, late: &lateRead{at: at, word: "failed", why: "knows less", lost: lost, set: set}}
}

// fail is what is to be shown after a read that gave nothing.
func (s *shown) fail(at time.Time, word, why string) shown {
	failed := *s
	failed.late = &lateRead{at: at, word: word, why: why}
	return failed
}

// patched gives what is to be shown with something of the loader's last read patched. Where that read is not the one
// that shows, the patch is of another board, and only what it answered counts.
func (s *shown) patched(set *rows.Set) shown {
	patched := *s
	switch before := s.known(); {
	case s.late == nil || before == nil:
		return shown{set: set}
	case len(drift.Shortfalls(before.Comparison, set.Comparison)) > 0:
		late := *s.late
		late.set = set
		patched.late = &late
	default:
		patched.set = set
	}
	return patched
}

// again notes that a record was read again on both sides.
func (s *shown) again(subject *model.Subject) {
	late := *s.late
	late.reread = map[string]bool{}
	for key := range s.late.reread {
		late.reread[key] = true
	}
	for _, key := range recordKeys(subject) {
		late.reread[key] = true
	}
	s.late = &late
}

// recordKeys name the records of a subject for good.
func recordKeys(s *model.Subject) []string {
	var keys []string
	for side, id := range []string{s.SourceID, s.TargetID} {
		if id != "" {
			keys = append(keys, strings.Join([]string{string(s.Type), model.Side(side).String(), id}, "/"))
		}
	}
	if keys == nil {
		keys = []string{strings.Join([]string{string(s.Type), "named", model.Fold(s.Name)}, "/")}
	}
	return keys
}

// arrived shows what a run has read, or patched. What it patched before both sides were read again is not shown over
// that.
func (a *app) arrived(set *rows.Set) tea.Cmd {
	before := a.known()
	if before == nil {
		return a.show(a.succeed(set, a.now))
	}
	switch set.Comparison.Source.ReadAt.Compare(before.Comparison.Source.ReadAt) {
	case -1:
		return nil
	case 0:
		return a.show(a.patched(set))
	}
	return a.show(a.succeed(set, a.now))
}

// whyStale says why nothing can be planned on what was found: it is as it was before a read that did not take its
// place, and was not read again on its own since. Empty where it can.
func (a *app) whyStale(findings []*model.Finding) string {
	if a.late == nil {
		return ""
	}
	fresh := len(findings) > 0
	for _, f := range findings {
		read := false
		for _, key := range recordKeys(&f.Subject) {
			read = read || a.late.reread[key]
		}
		fresh = fresh && read
	}
	if fresh {
		return ""
	}
	way := "R reads both sides again"
	if len(a.late.lost) == 0 && len(findings) > 0 {
		way += ", r this row"
	}
	return "Not planned, because stale: " + way + ". Read " + a.age() +
		"; the read at " + a.context().Clock(a.late.at) + " " + a.late.word + "."
}

// picked finds the findings of picks.
func (a *app) picked(picks []model.Pick) []*model.Finding {
	if a.set == nil {
		return nil
	}
	wanted := map[string]bool{}
	for _, p := range picks {
		wanted[p.Finding] = true
	}
	var out []*model.Finding
	for i := range a.set.Comparison.Findings {
		if f := &a.set.Comparison.Findings[i]; wanted[f.ID] {
			out = append(out, f)
		}
	}
	return out
}

// checks are those of the set-up as far as they were answered last: of the later read where it gave any.
func (a *app) checks() []model.Check {
	switch {
	case a.set == nil:
		return nil
	case a.late == nil:
		return a.set.Comparison.Checks
	case a.late.set != nil:
		return a.late.set.Comparison.Checks
	}
	return model.Unanswered(a.set.Comparison.Checks, "the read at "+a.context().Clock(a.late.at)+" "+a.late.why)
}

// lateGaps are the parts that the later read lacks.
func (a *app) lateGaps() []gap {
	var out []gap
	if a.late == nil {
		return nil
	}
	for _, s := range a.late.lost {
		side := model.SourceSide
		if s.Target {
			side = model.TargetSide
		}
		out = append(out, gap{side, s.Part, s.Coverage})
	}
	return out
}

// stalePart: the later read did not get that part.
func (a *app) stalePart(side model.Side, part model.Part) bool {
	for _, g := range a.lateGaps() {
		if g.side == side && g.part == part {
			return true
		}
	}
	return false
}

// lateNotice says above the grid of when it is, and why it is not of now.
func (a *app) lateNotice() []string {
	if a.late == nil {
		return nil
	}
	text := "! Stale: read at " + a.context().Clock(a.readAt()) + "; the read at " + a.context().Clock(a.late.at) + " "
	gaps := a.lateGaps()
	if len(gaps) == 0 {
		return a.warning(text + style.Name(a.late.why) + ".")
	}
	var lines []string
	for i, g := range gaps {
		if first(gaps, i) {
			got := style.Name(a.name(g.side).Short) + " " + a.parts(gaps[i:])
			if g.coverage.State == model.Partial {
				got += " in full"
			}
			lines = append(lines, a.warning(text+"did not get "+got+": "+style.Name(style.OrEmpty(g.coverage.Reason)))...)
			text = "! It "
		}
	}
	return lines
}

// asItCame shows what the later read gave, gaps and all: the operator wants to go on with what there is.
func (a *app) asItCame() tea.Cmd {
	a.pop()
	set := a.late.set
	cmd := a.show(shown{set: set})
	a.status = "This is the last read as it came. What it did not get is unknown."
	if gone := a.marks.Retain(set); gone > 0 {
		a.status += " " + marksGone(gone)
	}
	return cmd
}

// hasLateSet: the coverage is looked at, and there is a later read to show.
func (a *app) hasLateSet() bool {
	return onTop[*coverageScreen](a) && a.late != nil && a.late.set != nil
}
