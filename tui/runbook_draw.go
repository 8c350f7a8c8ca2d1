package tui

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/style"
)

const (
	// runbookHead is how many lines stand above the steps, runbookPane the least below them.
	runbookHead, runbookPane = 2, 7
	// heightForPane is from which height on the step at the cursor is told in full below the steps.
	heightForPane = 12
)

// room is how many lines the steps have.
func (s *runbookScreen) room(height int) int {
	if height < heightForPane {
		return max(height-1, 1)
	}
	return max(min(len(s.book.Steps), height-runbookHead-runbookPane), 1)
}

func (s *runbookScreen) body(a *app, width, height int) []string {
	s.fit(a, width, height)
	lines := make([]string, 0, height)
	lines = append(lines, s.head(a, width))
	if height >= heightForPane {
		lines = append(lines, "")
	}
	room := s.room(height)
	for at := s.Top(); at < min(s.Top()+room, s.Len()); at++ {
		lines = append(lines, s.stepLine(a, at, width))
	}
	if left := height - len(lines); height >= heightForPane && left > 0 {
		lines = append(lines, s.pane(a, width, left)...)
	}
	return lines
}

// head says how far the case is, and what comes next.
func (s *runbookScreen) head(a *app, width int) string {
	text, look := howFar(s.book, s.verdicts), a.theme.Title
	if begun := " · begun " + a.date(s.entry.Begun); style.Width(text+begun) < width-3 {
		text += begun
	}
	switch {
	case s.over:
		text, look = "✓ Finished and recorded: q leaves it.", a.theme.Good
	case s.finished():
		text, look = "✓ Every step is settled: w writes the record for the ticket, and ends it.", a.theme.Good
	case s.record != "":
		text += " · recorded"
	}
	return "  " + look.On(style.Cut(text, width-3))
}

// bookMark is sign and word of how a step stands.
func (a *app) bookMark(s runbook.State, next bool) (text string, look style.Style) {
	switch s {
	case runbook.Done:
		return "✓ done", a.theme.Good
	case runbook.Needless:
		return "– not needed", a.theme.Faint
	case runbook.ByHand:
		return "→ look by hand", a.theme.Medium
	case runbook.Blocked:
		return "✗ blocked", a.theme.Bad
	case runbook.Open:
		if next {
			return "▸ to do", a.theme.Title
		}
		return "· to do", a.theme.Low
	case runbook.Unknown:
	}
	return "? unknown", a.theme.Medium
}

// stepLine is one step: how it stands, what it is, and what was seen where there is room for more than a word of it.
func (s *runbookScreen) stepLine(a *app, at, width int) string {
	const mark, least = 16, 28
	v := &s.verdicts[at]
	text, look := a.bookMark(v.State, at == s.next)
	longest := 0
	for i := range s.book.Steps {
		longest = max(longest, style.Width(s.book.Steps[i].Title))
	}
	title := style.Cut(s.book.Steps[at].Title, width-mark-4)
	pad := style.Spaces(longest - style.Width(title))
	cursor := "   "
	if at == s.Cursor() {
		cursor, title = " › ", a.theme.Chosen.On(title)
	}
	line := cursor + look.On(text) + style.Spaces(mark-style.Width(text)) + title
	if left := width - mark - 3 - longest - 3; left >= least {
		line += pad + "  " + style.Cut(style.Name(v.Seen), left)
	}
	return line
}

// pane tells of the step at the cursor what was seen, why it matters, and what takes it further. Seen gives way,
// because it can be long and what to do must be there.
func (s *runbookScreen) pane(a *app, width, height int) []string {
	step, v := &s.book.Steps[s.Cursor()], s.here()
	lines := []string{a.ruleWith(step.Title)}
	var rest []string
	if text := s.further(v); text != "" {
		rest = a.wrapped(" ", "Next:", text, width)
	}
	if len(v.Picks) == 0 || v.State != runbook.Open {
		if place, there := s.stepPlace(a); there && v.State != runbook.Done {
			rest = append(rest, a.location(place, " ", width)...)
		}
	}
	why := a.wrapped(" ", "Why:", step.Why, width)
	var seen []string
	if v.Seen != "" {
		seen = a.wrapped(" ", "Seen:", v.Seen, width)
	}
	if most := max(height-1-len(rest)-len(why), 1); len(seen) > most {
		seen = append(seen[:most-1:most-1], style.Cut(seen[most-1], width-4)+" …")
	}
	lines = slices.Concat(lines, seen, why, rest)
	if guide := s.guideLines(a, width); len(lines)+len(guide) <= height {
		lines = append(lines, guide...)
	}
	if s.record != "" {
		lines = append(append(lines, ""), a.wrapped(" ", "The record:", s.record, width)...)
	}
	if s.finished() && len(s.book.Advice) > 0 {
		lines = append(append(lines, ""), a.wrapped(" ", "For next time:", strings.Join(s.book.Advice, " "), width)...)
	}
	if len(lines) > height {
		lines = lines[:height]
		lines[height-1] = style.Cut(lines[height-1], width-4) + " …"
	}
	return lines
}

// guideLines are the sentences of the vendor's guide that the step at the cursor takes over.
func (s *runbookScreen) guideLines(a *app, width int) []string {
	lines := runbook.LinesOf(s.book.Name, s.book.Steps[s.Cursor()].ID)
	said := make([]string, 0, len(lines))
	for _, l := range lines {
		said = append(said, l.Where+": "+l.Asks+".")
	}
	if len(said) == 0 {
		return nil
	}
	return a.wrapped(" ", "Guide:", strings.Join(said, " "), width)
}

// further says what takes a step further, or that nothing has to. Raw.
func (s *runbookScreen) further(v *runbook.Verdict) string {
	switch {
	case len(v.Picks) > 0 && v.State.Settled():
		return "enter plans " + string(v.Picks[0].Repair) + " once more, should it not have helped."
	case len(v.Picks) > 0:
		o := v.Picks[0].Option
		text := "enter plans " + string(o.Repair) + ", and shows it before anything is sent."
		if o.Channel == model.Console {
			text = "enter plans " + string(o.Repair) + ": you do it in the console, and it is watched."
		}
		if (o.Repair == model.OpenApp || o.Repair == model.OpenRules) &&
			v.Todo != "" { // it says more than that there is a page
			return v.Todo + " " + text
		}
		return sentences(v.First, text, v.Todo, explain.Repair(o), explain.Answer(o.Repair))
	case v.Ask && !s.probed:
		return "enter asks AWS for assignments whose group is gone, where the lens is configured; o leads to where " +
			"they stand."
	case v.State == runbook.Done || v.State == runbook.Needless:
		return ""
	case v.Place != model.NoPlace:
		return strings.TrimSpace(v.Todo + " enter leads to where it is done by hand; R reads both sides again " +
			"afterwards.")
	case v.State == runbook.Unknown:
		return strings.TrimSpace(v.Todo + " R reads both sides again; c says what was not read.")
	}
	return "It ticks itself when what comes before has worked; R reads both sides again."
}

// sentences joins those that are not empty.
func sentences(said ...string) string {
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " ")
}
