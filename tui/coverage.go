package tui

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// gap is a part that was not read completely.
type gap struct {
	side     model.Side
	part     model.Part
	coverage model.Coverage
}

// gaps lists what was not read completely. While everything is being read, only parts that failed count: the rest is
// still to come, and shown as progress.
func (a *app) gaps() []gap {
	if a.set == nil {
		return nil
	}
	var out []gap
	for _, side := range model.Sides() {
		c := a.set.Directory(side).Coverage
		for _, part := range side.Parts() {
			pending := a.loading() && a.interim && !a.allRead() && a.fetch.parts[side][part].State != model.PartFailed
			if c[part].State != model.Complete && c[part].State != model.Skipped && !pending {
				out = append(out, gap{side, part, c[part]})
			}
		}
	}
	return out
}

// notices say above the grid that a run is in doubt, and what is not known, and why: each reason once, wrapped over a
// few lines.
func (a *app) notices() []string {
	lines := append(a.unsettledNotice(), a.lateNotice()...)
	gaps := a.gaps()
	for i, g := range gaps {
		if first(gaps, i) {
			lines = append(lines, a.warning("! "+a.gapText(gaps[i:], g))...)
		}
	}
	return lines
}

// gapText names the parts that a gap's reason stands for, how much of them is known, and why not all.
func (a *app) gapText(gaps []gap, g gap) string {
	text := style.Name(a.name(g.side).Short) + " " + a.parts(gaps) + " " + g.coverage.State.String()
	if g.coverage.Reason != "" {
		text += ": " + style.Name(g.coverage.Reason)
	}
	return text
}

// warning wraps a notice over a few lines.
func (a *app) warning(text string) []string {
	const most = 3
	wrapped := style.Wrap(text, a.width-4)
	lines := make([]string, 0, most)
	for j, line := range wrapped[:min(len(wrapped), most)] {
		if j > 0 {
			line = "  " + line
		}
		lines = append(lines, " "+a.theme.Bad.On(line))
	}
	return lines
}

// first: no gap before it has the same reason.
func first(gaps []gap, i int) bool { return !slices.ContainsFunc(gaps[:i], gaps[i].same) }

// same reports whether another part has the same reason: a side that is down says the same of each.
func (g gap) same(other gap) bool { return g.side == other.side && g.coverage == other.coverage }

// parts lists the parts that the first gap's reason stands for.
func (*app) parts(gaps []gap) string {
	out := []string{gaps[0].part.String()}
	for _, g := range gaps[1:] {
		if gaps[0].same(g) {
			out = append(out, g.part.String())
		}
	}
	return strings.Join(out, ", ")
}

// coverageScreen tells of every part what was read, and why not all.
type coverageScreen struct {
	screen.Text

	of *app
}

func (*coverageScreen) Title() string { return "What was read" }

func (s *coverageScreen) View(c *screen.Context, width, height int) []string {
	a := s.of
	if a.set == nil {
		return nil
	}
	if a.loading() {
		s.Stale() // the parts move on
	}
	return s.Lines(width, height, func(width int) []string {
		var lines []string
		if a.loading() {
			lines = append(lines, append(a.progressTable(), "  What shows was read before:")...)
		}
		if late := a.late; late != nil {
			lines = append(lines, a.coverageOfLate(late, width)...)
		}
		lines = append(lines, coverageOf(c, a.set, width)...)
		list := func(heading string, texts []string) {
			if len(texts) > 0 {
				lines = append(lines, "", c.Heading(heading, width))
			}
			for _, text := range texts {
				lines = append(lines, style.Indent("    ", style.Name(text), width-1)...)
			}
		}
		list("How the sizes add up", a.set.Sizes)
		list("Left out", a.set.Comparison.Notes)
		return lines
	})
}

// coverageOfLate tells of a read that did not take the place of what shows.
func (a *app) coverageOfLate(late *lateRead, width int) []string {
	said := "The read at " + a.context().Clock(late.at) + " " + late.why
	if late.set == nil {
		lines := append([]string{""}, style.Indent("  ", style.Name(said)+".", width-1)...)
		return append(lines, "", "  What shows was read before:")
	}
	said += " than what shows. enter shows it as it came."
	lines := append([]string{""}, style.Indent("  ", style.Name(said), width-1)...)
	lines = append(lines, coverageOf(a.context(), late.set, width)...)
	return append(lines, "", "  What shows was read before, and knows more:")
}

// coverageOf tells of every part of a comparison how much was read.
func coverageOf(c *screen.Context, set *rows.Set, width int) []string {
	var lines []string
	for _, side := range model.Sides() {
		d := set.Directory(side)
		head := style.Name(c.Sides[side].Title) + "  " + style.Count(d.Requests, "request")
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
			lines = append(lines, style.Indent("                 ", style.Name(read.Reason), width-1)...)
		}
	}
	return lines
}
