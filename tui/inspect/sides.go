package inspect

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/grid"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// sides lays the values of both records beside each other. A value that is too long for its cell goes on below, because
// the end of two long names is often what differs.
func (s *Screen) sides(c *screen.Context, width int) section {
	const label, word = 16, 9
	cell := max((width-label-word-8)/2, 1)
	var lines []string
	add := func(look style.Style, name, sign, source, target, word string) {
		left, right := style.Wrap(style.Name(source), cell), style.Wrap(style.Name(target), cell)
		for i := range max(len(left), len(right), 1) {
			at := func(all []string) string {
				if i < len(all) {
					return style.Fit(all[i], cell)
				}
				return style.Spaces(cell)
			}
			line := "  " + style.Fit(name, label) + at(left) + " " + look.On(sign) + " " + at(right) +
				"  " + look.On(word)
			lines = append(lines, line)
			name, sign, word = "", " ", ""
		}
	}
	head := func(n model.SideName, record int32) string {
		if record == model.None {
			return n.Short + ": none"
		}
		return n.Short
	}
	source, target := head(c.Sides[model.SourceSide], s.row.Source), head(c.Sides[model.TargetSide], s.row.Target)
	add(style.Style{}, "", " ", source, target, "")
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
		case v.Exact && v.Source != v.Target:
			add(c.Theme.Medium, v.Name, rows.Sign(model.Same), source, target, but)
		default:
			add(c.Theme.Good, v.Name, rows.Sign(model.Same), source, target, "same")
		}
	}
	if basis := grid.Basis(s.set, s.row); basis != "" {
		lines = append(lines, "  "+style.Fit("matched by", label)+basis)
	}
	if s.row.User && s.differsInForm() {
		const note = "SAML sign-in needs the userName in exactly the same form on both sides."
		lines = append(lines, style.Indent("  ", note, width-1)...)
	}
	return text("Both sides", lines)
}

// differsInForm: the userNames are the same but for case, normal form or space around them.
func (s *Screen) differsInForm() bool {
	src, tgt := s.set.UsersOf(s.row)
	return src != nil && tgt != nil && src.UserName != tgt.UserName && model.SameName(src.UserName, tgt.UserName)
}
