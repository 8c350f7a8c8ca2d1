package tui

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/paint"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// detail is the pane below the grid: what stands at the cursor, in a few lines. Enter shows all of it.
func (a *app) detail(height int) []string {
	line, ok := a.list().Current()
	if !ok {
		return []string{a.ruleWith("")}
	}
	if line.Heading != nil {
		return append([]string{a.ruleWith("")}, a.headingDetail(line)...)
	}
	lines := make([]string, 1, height)
	lines[0] = a.ruleWith(paint.Cut(paint.Name(a.set.Subject(line.Row).Name), a.width-8))
	findings := a.set.FindingsOf(line.Row)
	if len(findings) == 0 {
		return append(lines, a.settledDetail(line.Row)...)
	}
	for _, f := range findings {
		lines = append(lines, a.findingDetail(f, height)...)
	}
	return lines
}

func (a *app) headingDetail(line rows.Line) []string {
	hint := "enter folds, space marks all of them."
	if line.Folded {
		hint = "enter unfolds, space marks all of them."
	}
	return []string{" " + paint.Cut(headingText(line), a.width-2), " " + a.theme.Faint.On(hint)}
}

// findingDetail puts what is wrong first, then what to do, then what it rests on: a low pane shows at least that much.
func (a *app) findingDetail(f *model.Finding, height int) []string {
	const margin = " "
	summary := indent(margin, paint.Name(sentence(explain.Summary(*f, a.opts.Target.Short), f.Confidence)), a.width-1)
	lines := summary[:min(len(summary), max(height-3, 1))]
	if next := explain.Next(*f); next != "" {
		wrapped := paint.Wrap("Next: "+paint.Name(next), a.width-2)
		for i, text := range wrapped {
			if rest, first := strings.CutPrefix(text, "Next:"); first && i == 0 {
				text = a.theme.Title.On("Next:") + rest
			}
			lines = append(lines, " "+text)
		}
	}
	for _, e := range f.Evidence {
		lines = append(lines, a.labelled("Seen", a.evidence(e)))
	}
	for _, d := range f.Fields {
		lines = append(lines, a.labelled(d.Name, valueOr(d.Source)+" in "+a.opts.Source.Short+" ≠ "+valueOr(d.Target)+" in "+a.opts.Target.Short))
	}
	if len(f.Members) > 0 {
		lines = append(lines, a.labelled("Members", names(f.Members)))
	}
	return lines
}

// sentence makes a summary stand on its own, with a word where it is not certain.
func sentence(s string, c model.Confidence) string {
	s = strings.ToUpper(s[:1]) + s[1:] + "."
	switch c {
	case model.Likely:
		return "Likely: " + s
	case model.Unsure:
		return "Not certain: " + s
	case model.Certain:
	}
	return s
}

// labelled is a line with a label in front, cut to the width. The text is raw.
func (a *app) labelled(label, text string) string {
	label = " " + label + ": "
	return a.theme.Faint.On(label) + paint.Cut(paint.Name(text), a.width-paint.Width(label)-1)
}

// settledDetail tells of a row without a finding how it was matched and what it is on each side.
func (a *app) settledDetail(r rows.Row) []string {
	var lines []string
	switch r.Relation {
	case rows.Same:
		lines = append(lines, " "+a.theme.Good.On("In sync.")+" "+paint.Name(a.whatOfSettled(r)))
	case rows.Unsettled:
		lines = append(lines, " "+a.theme.Medium.On("Not settled: ")+paint.Cut(paint.Name(a.whyUnsettled(r)), a.width-15))
	case rows.Differs, rows.OnlySource, rows.OnlyTarget:
		lines = append(lines, " "+paint.Name(a.whatOfSettled(r)))
	}
	if basis := a.basis(r); basis != "" {
		lines = append(lines, a.labelled("Matched by", basis))
	}
	return append(lines, a.idLines(r)...)
}

// basis is what a pair was matched by.
func (a *app) basis(r rows.Row) string {
	c := a.set.Comparison
	switch {
	case r.Source == model.None || r.Target == model.None:
		return ""
	case r.User:
		return c.Users.Basis[r.Source].String()
	default:
		return c.Groups.Basis[r.Source].String()
	}
}

func (a *app) idLines(r rows.Row) []string {
	var lines []string
	s := a.set.Subject(r)
	if s.SourceID != "" {
		lines = append(lines, a.labelled("Id in "+paint.Name(a.opts.Source.Short), s.SourceID))
	}
	if s.TargetID != "" {
		lines = append(lines, a.labelled("Id in "+paint.Name(a.opts.Target.Short), s.TargetID))
	}
	return lines
}
