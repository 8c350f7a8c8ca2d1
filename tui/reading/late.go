package reading

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Late is a read that ended after what is shown was read and did not take its place: it was cancelled, it failed,
// or it knows less of some part. What was known stays whole, because half of one read beside half of another would be
// true at no moment. What the later one said stands in the notices, in the coverage and on the Setup tab.
type Late struct {
	At time.Time
	// Word and Why say shortly and at length what became of it; both follow "the read at 12:03:20". Raw.
	Word, Why string
	// missing are the parts that it lacks.
	missing []drift.Gap
	// Set is what it gave; nil if it gave nothing.
	Set *rows.Set
	// reread are the records that were read again since, on both sides.
	reread map[string]bool
}

// Known is the last state that is worth keeping while another is read: nil before anything was read, while that is
// still going on, and where nothing of either side is known.
func (s *Shown) Known() *rows.Set {
	if s.Set == nil || s.Interim || !s.Set.Comparison.KnowsSomething() {
		return nil
	}
	return s.Set
}

// Succeed gives what is to be shown after a whole read: what it gave, unless that knows less than what is known
// already.
func (s *Shown) Succeed(set *rows.Set, at time.Time) Shown {
	before := s.Known()
	if before == nil {
		return Shown{Set: set}
	}
	lost := drift.Shortfalls(before.Comparison, set.Comparison)
	if len(lost) == 0 {
		return Shown{Set: set}
	}
	return Shown{Set: before, Late: &Late{At: at, Word: "failed", Why: "knows less", missing: lost, Set: set}}
}

// Fail is what is to be shown after a read that gave nothing.
func (s *Shown) Fail(at time.Time, word, why string) Shown {
	failed := *s
	failed.Late = &Late{At: at, Word: word, Why: why}
	return failed
}

// Patched gives what is to be shown with something of the loader's last read patched. Where that read is not the one
// that shows, the patch is of another board, and only what it answered counts.
func (s *Shown) Patched(set *rows.Set) Shown {
	patched := *s
	switch before := s.Known(); {
	case s.Late == nil || before == nil:
		return Shown{Set: set}
	case len(drift.Shortfalls(before.Comparison, set.Comparison)) > 0:
		late := *s.Late
		late.Set = set
		patched.Late = &late
	default:
		patched.Set = set
	}
	return patched
}

// MarkReread notes that a record was read again on both sides.
func (s *Shown) MarkReread(subject *model.Subject) {
	late := *s.Late
	late.reread = map[string]bool{}
	maps.Copy(late.reread, s.Late.reread)
	for _, key := range recordKeys(subject) {
		late.reread[key] = true
	}
	s.Late = &late
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

// Checks are those of the set-up as far as they were answered last: of the later read where it gave any.
func (s *State) Checks(c *screen.Context) []model.Check {
	switch {
	case s.Set == nil:
		return nil
	case s.Late == nil:
		return s.Set.Comparison.Checks
	case s.Late.Set != nil:
		return s.Late.Set.Comparison.Checks
	}
	return model.Unanswered(s.Set.Comparison.Checks, "the read at "+c.Clock(s.Late.At)+" "+s.Late.Why)
}

// StalePart reports whether the later read did not get that part.
func (s *State) StalePart(side model.Side, part model.Part) bool {
	return s.Late != nil && slices.ContainsFunc(s.Late.missing, func(g drift.Gap) bool {
		return g.Side == side && g.Part == part
	})
}

// lateNotice says above the grid of when it is, and why it is not of now.
func (s *State) lateNotice(c *screen.Context, width int) []string {
	if s.Late == nil {
		return nil
	}
	text := "! Stale: read at " + c.Clock(s.ReadAt()) + "; the read at " + c.Clock(s.Late.At) + " "
	if len(s.Late.missing) == 0 {
		return warningLines(c, width, text+style.Name(s.Late.Why)+".")
	}
	var lines []string
	for _, u := range drift.GapsByReason(s.Late.missing) {
		got := style.Name(c.Sides[u.Side].Short) + " " + u.Parts
		if u.Coverage.State == model.Partial {
			got += " in full"
		}
		text += "did not get " + got + ": " + style.Name(style.OrEmpty(u.Coverage.Reason))
		lines = append(lines, warningLines(c, width, text)...)
		text = "! It "
	}
	return lines
}

// WhyStale says why nothing can be planned on what was found: it is as it was before a read that did not take its
// place, and was not read again on its own since. Empty where it can.
func (s *State) WhyStale(c *screen.Context, findings []*model.Finding) string {
	if s.Late == nil {
		return ""
	}
	old := slices.ContainsFunc(findings, func(f *model.Finding) bool {
		return !slices.ContainsFunc(recordKeys(&f.Subject), func(key string) bool { return s.Late.reread[key] })
	})
	if len(findings) > 0 && !old {
		return ""
	}
	way := c.Key("reload") + " reads both sides again"
	if len(s.Late.missing) == 0 && len(findings) > 0 {
		way += ", " + c.Key("refresh") + " this row"
	}
	return "Not planned, because stale: " + way + ". Read " + c.Ago(s.ReadAt()) +
		"; the read at " + c.Clock(s.Late.At) + " " + s.Late.Word + "."
}
