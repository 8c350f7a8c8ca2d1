package reading

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Gaps lists what was not read completely. While everything is being read, only parts that failed count: the rest is
// still to come, and shown as progress.
func (s *State) Gaps() []drift.Gap {
	if s.Set == nil {
		return nil
	}
	gaps := s.Set.Comparison.Gaps()
	if !s.Loading() || !s.Interim || s.AllRead() {
		return gaps
	}
	return slices.DeleteFunc(gaps, func(g drift.Gap) bool {
		return s.Fetch.Parts[g.Side][g.Part].State != model.PartFailed
	})
}

// Notices say above the grid what is not known, and why: each reason once, wrapped over a few lines.
func (s *State) Notices(c *screen.Context, width int) []string {
	lines := s.lateNotice(c, width)
	for _, u := range drift.GapsByReason(s.Gaps()) {
		text := "! " + c.Sides[u.Side].Short + " " + u.Parts + " " + u.Coverage.String()
		lines = append(lines, warningLines(c, width, style.Name(text))...)
	}
	return lines
}

func warningLines(c *screen.Context, width int, text string) []string {
	const most = 3
	wrapped := style.Wrap(text, width-4)
	lines := make([]string, 0, most)
	for j, line := range wrapped[:min(len(wrapped), most)] {
		if j > 0 {
			line = "  " + line
		}
		lines = append(lines, " "+c.Theme.Bad.On(line))
	}
	return lines
}

// Screen tells of every part what was read, and why not all.
type Screen struct {
	screen.Text

	Of *State
}

// Keys are those of the choice.
func (*Screen) Keys() keymap.Table { return keys }

const keys keymap.Table = `screen/coverage | What was read | on what was read, which {coverage} shows
as-it-came | enter | 1 as it came | show the last read, though it knows less | a later read that knows less`

// Title names the screen.
func (*Screen) Title() string { return "What was read" }

// View draws it.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	of := s.Of
	if of.Set == nil { // a first read has failed of which nothing was known
		return nil
	}
	if of.Loading() {
		s.Stale() // the parts move on
	}
	return s.Lines(width, height, func(width int) []string {
		var lines []string
		if of.Loading() {
			lines = append(lines, append(of.Table(c, width), "  What shows was read before:")...)
		}
		if late := of.Late; late != nil {
			lines = append(lines, lateCoverageLines(c, late, width)...)
		}
		lines = append(lines, coverageLines(c, of.Set, width)...)
		list := func(heading string, texts []string) {
			if len(texts) > 0 {
				lines = append(lines, "", c.Heading(heading, width))
			}
			lines = append(lines, style.Paragraphs("    ", width, texts...)...)
		}
		list("How the sizes add up", of.Set.Sizes)
		list("Left out", of.Set.Comparison.Notes)
		return lines
	})
}

// lateCoverageLines tells of a read that did not take the place of what shows.
func lateCoverageLines(c *screen.Context, late *Late, width int) []string {
	said := "The read at " + c.Clock(late.At) + " " + late.Why
	if late.Set == nil {
		lines := append([]string{""}, style.Indent("  ", style.Name(said)+".", width-1)...)
		return append(lines, "", "  What shows was read before:")
	}
	said += " than what shows. " + c.Key("as-it-came") + " shows it as it came."
	lines := append([]string{""}, style.Paragraphs("  ", width, said)...)
	lines = append(lines, coverageLines(c, late.Set, width)...)
	return append(lines, "", "  What shows was read before, and knows more:")
}

func coverageLines(c *screen.Context, set *rows.Set, width int) []string {
	var lines []string
	for _, side := range model.Sides() {
		d := set.Directory(side)
		head := style.Name(c.Sides[side].Title)
		if d.Requests > 0 { // a read that was stopped has counted none
			head += "  " + style.Count(d.Requests, "request")
		}
		if !d.ReadAt.IsZero() {
			head += ", read at " + c.Exact(d.ReadAt)
		}
		lines = append(lines, "", c.Heading(head, width))
		for _, part := range side.Parts() {
			read := d.Coverage[part]
			look := style.Style{}
			if read.State == model.Unknown || read.State == model.Partial {
				look = c.Theme.Bad
			}
			lines = append(lines, "    "+style.Fit(part.String(), 13)+look.On(read.State.String()))
			lines = append(lines, style.Paragraphs("                 ", width, read.Reason)...)
		}
	}
	return lines
}
