package grid

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// unbroken is wider than any sentence: what is read aloud is broken by the terminal alone.
const unbroken = 2000

// Facts says what stands at the cursor in place of the list and its preview, one fact a line, for who has the board
// read to them.
func (g *Grid) Facts() []string {
	line, ok := g.List.Current()
	switch {
	case !ok:
		return nil
	case line.Heading != nil:
		return g.headingFacts(line)
	}
	r := line.Row
	subject := g.Set.Subject(r)
	facts := []string{cmp.Or(string(subject.Type), "set-up") + ": " + style.Label(subject.Name)}
	if g.Marks.Has(g.Set.ID(r)) {
		facts = append(facts, "marked")
	}
	findings := g.Set.FindingsOf(r)
	if len(findings) == 0 {
		return slices.Concat(facts, Standing(g.Context, g.Set, r, unbroken), g.valueFacts(r, nil))
	}
	for _, f := range findings {
		facts = append(append(facts, "severity: "+f.Severity.String()), g.said(f, unbroken)...)
		if changed := g.Changed(f.ID); changed != "" {
			facts = append(facts, changed)
		}
	}
	f := findings[0]
	return slices.Concat(facts, g.valueFacts(r, f), g.seen(Telling(f), unbroken), g.waysOut(f, unbroken))
}

func (g *Grid) headingFacts(line rows.Line) []string {
	fold := "open"
	if line.Folded {
		fold = "folded"
	}
	facts := []string{"cause, " + fold}
	if group := line.Heading.Group; group != nil {
		facts = append(facts, "severity: "+group.Severity.String())
	}
	return append(facts, g.headingPreview(line, unbroken, 0)...)
}

// valueFacts gives each value that matters at a glance, by its side.
func (g *Grid) valueFacts(r rows.Row, f *model.Finding) (facts []string) {
	if r.Relation == model.Aside {
		return nil
	}
	for _, v := range g.previewValues(r, f) {
		source, target := v.Distinct()
		if source == target {
			if source != "" {
				facts = append(facts, v.Name+" on both sides: "+style.Name(source))
			}
			continue
		}
		for side, value := range [2]string{source, target} {
			record := [2]int32{r.Source, r.Target}[side]
			if value == "" && (v.Words || record == model.None) {
				continue
			}
			facts = append(facts, v.Name+" in "+style.Name(g.Sides[side].Short)+": "+style.Name(style.OrEmpty(value)))
		}
		if r.Source != model.None && r.Target != model.None && v.Differs() {
			facts = append(facts, v.Name+" differs")
		}
	}
	return facts
}
