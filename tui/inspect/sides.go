package inspect

import (
	"charm.land/lipgloss/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/grid"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// sidesSection lays the values of both records beside each other. A value that is too long for its cell goes on below,
// because the end of two long names is often what differs.
func (s *Screen) sidesSection(c *screen.Context, width int) section {
	const label, word = 16, 9
	var cells [][]string
	var looks []style.Style
	add := func(look style.Style, name, sign, source, target, word string) {
		cells = append(cells, []string{name, style.Name(source), sign, style.Name(target), word})
		looks = append(looks, look)
	}
	heads := []string{"", "", "", "", ""}
	for side, record := range []int32{s.row.Source, s.row.Target} {
		heads[1+2*side] = style.Name(c.Sides[side].Short)
		if record == model.None {
			heads[1+2*side] += ": none"
		}
	}
	onlyInForm := false
	for _, v := range grid.Values(s.set, s.row) {
		but := "by case"
		source, target := v.Distinct()
		if source != v.Source || target != v.Target {
			but = "by form"
		}
		switch {
		case v.Source == "" && v.Target == "":
		case !v.Compared:
			add(style.Style{}, v.Name, " ", source, target, "")
		case s.row.Source == model.None || s.row.Target == model.None:
			add(style.Style{}, v.Name, rows.Sign(s.row.Relation), source, target, "")
		case v.Differs():
			add(c.Theme.Medium, v.Name, rows.Sign(model.Differs), source, target, "differs")
		case v.Exact && v.Source != v.Target: // but for case, normal form or space around it the same
			onlyInForm = true
			add(c.Theme.Medium, v.Name, rows.Sign(model.Same), source, target, but)
		default:
			add(c.Theme.Good, v.Name, rows.Sign(model.Same), source, target, "same")
		}
	}
	if basis := grid.MatchBasis(s.set, s.row); basis != "" {
		add(style.Style{}, "matched by", "", basis, "", "")
	}
	lines := screen.Columns("  ", width, heads, cells, func(row, col int) lipgloss.Style {
		look := style.Style{}
		if row >= 0 {
			look = looks[row]
		}
		switch col {
		case 0:
			return lipgloss.NewStyle().Width(label)
		case 2:
			return look.Lipgloss().Width(1)
		case 4:
			return look.Lipgloss().Width(word)
		}
		return lipgloss.NewStyle()
	})
	if onlyInForm {
		const note = "SAML sign-in needs the userName in exactly the same form on both sides."
		lines = append(lines, style.Indent("  ", note, width-1)...)
	}
	return textSection("Both sides", lines)
}
