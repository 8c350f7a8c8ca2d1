package tui

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// gap is a part that was not read completely.
type gap struct {
	side     Side
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
	for side := range sideCount {
		c := a.directory(side).Coverage
		for _, part := range partsOf(side) {
			pending := a.loading() && a.interim && !a.allRead() && a.fetch.parts[side][part].State != PartFailed
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
type coverageScreen struct{ page }

func (*coverageScreen) title(*app) string { return "What was read" }

func (s *coverageScreen) body(a *app, width, height int) []string {
	if a.set == nil {
		return nil
	}
	if a.loading() {
		s.stale() // the parts move on
	}
	return s.window(width, height, func(width int) []string {
		var lines []string
		if a.loading() {
			lines = append(lines, append(a.progressTable(), "  What shows was read before:")...)
		}
		if late := a.late; late != nil {
			lines = append(lines, a.coverageOfLate(late, width)...)
		}
		lines = append(lines, a.coverageOf(a.set, width)...)
		if len(a.set.Sizes) > 0 {
			lines = append(lines, "", "  "+a.theme.Title.On("How the sizes add up"))
			for _, text := range a.set.Sizes {
				lines = append(lines, indent("    ", style.Name(text), width-1)...)
			}
		}
		if notes := a.set.Comparison.Notes; len(notes) > 0 {
			lines = append(lines, "", "  "+a.theme.Title.On("Left out"))
			for _, note := range notes {
				lines = append(lines, indent("    ", style.Name(note), width-1)...)
			}
		}
		return lines
	})
}

// coverageOfLate tells of a read that did not take the place of what shows.
func (a *app) coverageOfLate(late *lateRead, width int) []string {
	said := "The read at " + a.clockTime(late.at) + " " + late.why
	if late.set == nil {
		lines := append([]string{""}, indent("  ", style.Name(said)+".", width-1)...)
		return append(lines, "", "  What shows was read before:")
	}
	said += " than what shows. enter shows it as it came."
	lines := append([]string{""}, indent("  ", style.Name(said), width-1)...)
	lines = append(lines, a.coverageOf(late.set, width)...)
	return append(lines, "", "  What shows was read before, and knows more:")
}

// coverageOf tells of every part of a comparison how much was read.
func (a *app) coverageOf(set *rows.Set, width int) []string {
	var lines []string
	for side := range sideCount {
		d := a.as(set).directory(side)
		head := style.Name(a.name(side).Title) + "  " + style.Count(d.Requests, "request")
		if !d.ReadAt.IsZero() {
			head += ", read at " + d.ReadAt.In(a.now.Location()).Format("2 Jan 2006 15:04:05 MST")
		}
		lines = append(lines, "", "  "+a.theme.Title.On(style.Cut(head, width-3)))
		for _, part := range partsOf(side) {
			c := d.Coverage[part]
			look := style.Style{}
			if c.State == model.Unknown || c.State == model.Partial {
				look = a.theme.Bad
			}
			lines = append(lines, "    "+style.Fit(part.String(), 13)+look.On(c.State.String()))
			lines = append(lines, indent("                 ", style.Name(c.Reason), width-1)...)
		}
	}
	return lines
}
