package runbook

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// stepPane tells of the step at the cursor what was seen, why it matters, and what takes it further. Seen gives way,
// because it can be long and what to do must be there.
func (s *Screen) stepPane(c *screen.Context, width, height int) []string {
	step, v := s.Step(), s.CurrentVerdict()
	lines := []string{c.Rule(step.Title, width)}
	rest := c.Labelled(" ", "Next:", s.NextText(c), width)
	if len(v.Picks) == 0 || v.State != runbook.Open {
		if place, there := s.Place(); there && v.State != runbook.Done {
			rest = append(rest, c.Place("Menu:", place, " ", width)...)
		}
	}
	why := c.Labelled(" ", "Why:", step.Why, width)
	seen := c.Labelled(" ", "Seen:", v.Seen, width)
	seen = style.Clip(seen, max(height-1-len(rest)-len(why), 1), width-1)
	lines = slices.Concat(lines, seen, why, rest)
	if guide := s.guideLines(c, width); len(lines)+len(guide) <= height {
		lines = append(lines, guide...)
	}
	if s.Record != "" {
		lines = append(append(lines, ""), c.Labelled(" ", "The record:", s.Record, width)...)
	}
	if s.Finished() && len(s.Book.Advice) > 0 {
		lines = append(append(lines, ""), c.Labelled(" ", "For next time:", strings.Join(s.Book.Advice, " "), width)...)
	}
	return style.Clip(lines, height, width-1)
}

// guideLines are the sentences of the vendor's guide that the step at the cursor takes over.
func (s *Screen) guideLines(c *screen.Context, width int) []string {
	said := model.Map(runbook.LinesOf(s.Book.Name, s.Book.Steps[s.Cursor()].ID),
		func(l *runbook.Line) string { return l.Where + ": " + l.Asks + "." })
	return c.Labelled(" ", "Guide:", strings.Join(said, " "), width)
}

// NextText says what takes a step further, or that nothing has to. Raw.
func (s *Screen) NextText(c *screen.Context) string {
	v, enter := s.CurrentVerdict(), c.Key("take-step")
	switch {
	case len(v.Picks) > 0 && v.State.Settled():
		return enter + " plans " + string(v.Picks[0].Repair) + " once more, should it not have helped."
	case len(v.Picks) > 0:
		o := v.Picks[0].Option
		text := enter + " plans " + string(o.Repair) + ", and shows it before anything is sent."
		if o.Channel == model.Console {
			text = enter + " plans " + string(o.Repair) + ": you do it in the console, and it is watched."
		}
		if (o.Repair == model.OpenApp || o.Repair == model.OpenRules) &&
			v.Todo != "" { // it says more than that there is a page
			return v.Todo + " " + text
		}
		said := model.NonEmpty(v.First, text, v.Todo, explain.Repair(o), explain.ButtonAnswer(o.Repair))
		return strings.Join(said, " ")
	case s.NeedsProbe():
		return enter + " asks AWS for assignments whose group is gone, where the lens is configured; " +
			c.Key("console") + " leads to where they stand."
	case v.State == runbook.Done || v.State == runbook.Needless:
		return ""
	case v.Place != model.NoPlace:
		return strings.TrimSpace(v.Todo + " " + enter + " leads to where it is done by hand; " +
			c.Key("reload") + " reads both sides again afterwards.")
	case v.State == runbook.Unknown:
		return strings.TrimSpace(v.Todo + " " + c.Key("reload") + " reads both sides again; " + c.Key("coverage") +
			" says what was not read.")
	}
	return "It ticks itself when what comes before has worked; " + c.Key("reload") + " reads both sides again."
}
