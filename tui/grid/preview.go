package grid

import (
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// AtCursor names what stands at the cursor, which is what a key acts on.
func (g *Grid) AtCursor() string {
	line, ok := g.List.Current()
	switch {
	case !ok:
		return ""
	case line.Group != nil && line.Shown > 1:
		return "all " + style.Count(line.Shown, "finding")
	case line.Heading != nil:
		return "all of these"
	}
	return style.Label(g.Set.Subject(line.Row).Name)
}

// Preview tells in a few lines what is wrong with what stands at the cursor, what it is on both sides, who says so and
// which keys end it. Enter shows all of it.
func (g *Grid) Preview(width, height int) []string {
	line, ok := g.List.Current()
	if !ok {
		return nil
	}
	if line.Heading != nil {
		return g.withFootNote(g.headingPreview(line, width, height), width, height)
	}
	findings := g.Set.FindingsOf(line.Row)
	if len(findings) == 0 {
		lines := append(NoFindingLines(g.Context, g.Set, line.Row, width), "")
		return append(lines, g.sideBySide(line.Row, nil, width)...)
	}
	var lines []string
	for i, f := range findings {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, g.findingLines(f, width)...)
	}
	f := findings[0]
	return g.withFootNote(stackParts(height, lines, g.repairLines(f, width), g.sideBySide(line.Row, f, width),
		g.evidenceLines(f, width)), width, height)
}

// withFootNote says at the foot of a preview, where there is room, what no key does at once.
func (g *Grid) withFootNote(lines []string, width, height int) []string {
	if len(lines) > height-2 {
		return lines
	}
	lines = append(lines, make([]string, height-1-len(lines))...)
	return append(lines, " "+style.Cut("Nothing changes before you confirm.", width-2))
}

// stackParts puts the parts below each other, what is wrong and what ends it first, each at its place where there is
// room: a move from row to row writes anew what differs and not all that stands below it.
func stackParts(height int, parts ...[]string) []string {
	keeps := [...]int{5, 5, 6, 0}
	var lines []string
	for i, part := range parts {
		lines = append(lines, part...)
		for range max(keeps[i]-len(part), 0) + 1 {
			lines = append(lines, "")
		}
	}
	if len(lines) > height {
		return slices.Concat(parts...)
	}
	return lines
}

// findingLines is what is wrong in a sentence, with how sure that is.
func (g *Grid) findingLines(f *model.Finding, width int) []string {
	lines := style.Paragraphs(" ", width, Sentence(f, g.Sides[model.TargetSide].Short))
	lines = append(lines, g.sinceLine(f, width))
	lines = append(lines, style.Paragraphs(" ", width, style.Clause(explain.Doubt(*f)))...)
	if f.Cause == model.CauseUnknown {
		for _, note := range g.Set.Comparison.Notes {
			lines = append(lines, style.Paragraphs(" ", width, "Note: "+note+".")...)
		}
	}
	return lines
}

func (g *Grid) headingPreview(line rows.Line, width, height int) []string {
	lines := style.Paragraphs(" ", width, headingText(line)+".")
	group := line.Group
	if group == nil {
		return lines
	}
	first := &g.Set.Comparison.Findings[group.Findings[0]]
	if first.Check != nil {
		lines = append(lines, "")
		lines = append(lines, style.Paragraphs(" ", width, style.Capital(first.Check.Seen)+".")...)
	}
	lines = append(lines, g.sinceLine(g.oldestFinding(group), width))
	return stackParts(height, lines, g.nextStep(first, group.Action, width))
}

// sinceLine says since when a finding is there, exactly where that is known.
func (g *Grid) sinceLine(f *model.Finding, width int) string {
	text := "Since when: not known."
	if at, dated := g.foundAt(f); !at.IsZero() {
		text = map[bool]string{true: "Since ", false: "First seen "}[dated] + g.Date(at) + ", " +
			style.Span(g.Now.Sub(at)) + " ago."
	}
	return " " + style.Cut(text, width-2)
}

// nextStep says what to do next, behind its key where one does it.
func (g *Grid) nextStep(f *model.Finding, action model.Option, width int) []string {
	next := explain.Next(*f)
	if next == "" {
		return nil
	}
	key, margin := g.NextKey(f, action), " "
	if key != "" {
		margin = style.Spaces(style.Width(key) + 3)
	}
	lines := style.Indent(margin, "Next: "+style.Name(next), width-1)
	if len(lines) > 0 && key != "" {
		lines[0] = " " + g.Theme.Key.On(key) + "  " + strings.TrimPrefix(lines[0], margin)
	}
	return lines
}

// repairLines says what to do next behind its key, and then each other key that would end a finding, with what it
// costs.
func (g *Grid) repairLines(f *model.Finding, width int) []string {
	action, ok := f.Action()
	lines := g.nextStep(f, action, width)
	if !ok {
		return lines
	}
	const most = 3
	told := []string{g.RepairKey(action.Repair)}
	for _, o := range f.Repairs {
		key := g.RepairKey(o.Repair)
		if slices.Contains(told, key) || len(told) > most {
			continue // the key asks which of its ways is meant
		}
		told = append(told, key)
		takes, grants := f.Effect(o)
		effect := explain.Effect(takes, grants)
		look := g.Theme.Faint
		if takes {
			look = style.Style{}
		}
		left := " " + g.Theme.Key.On(key) + "  " + explain.ShortRepair(o)
		lines = append(lines, style.Between(style.Cut(left, max(width-style.Width(effect)-2, 0)),
			look.On(effect)+" ", width))
	}
	return lines
}

// evidenceLines gives the first piece of evidence: every byte of the preview crosses the line at every move, and enter
// shows all.
func (g *Grid) evidenceLines(f *model.Finding, width int) []string {
	evidence := KeyEvidence(f)
	if len(evidence) == 0 {
		return nil
	}
	first := evidence[0]
	if first.At.Equal(f.Since()) {
		first.At = time.Time{} // the line above says when
	}
	const most = 3
	return style.Clip(style.Indent(" ", g.EvidenceLine(first), width-1), most, width-1)
}

// Sentence makes a summary stand on its own, with a word where it is not certain.
func Sentence(f *model.Finding, target string) string {
	s := style.Capital(explain.Summary(*f, target)) + "."
	switch {
	case f.Provisional || f.Confidence == model.Certain:
		return s
	case f.Confidence == model.Likely:
		return "Likely: " + s
	}
	return "Not certain: " + s
}

// NoFindingLines says that a row has no finding, or why nothing is said of it.
func NoFindingLines(c *screen.Context, set *rows.Set, r rows.Row, width int) []string {
	why := style.Name(NoFindingText(set, r))
	switch r.Relation {
	case model.Same:
		word := inSyncText(set, r)
		return []string{" " + c.Theme.Good.On(word) + " " + style.Cut(why, width-style.Width(word)-3)}
	case model.Unsettled:
		return style.Indent(" ", "Not settled: "+style.Name(set.Verdict(r).Why), width-1)
	case model.Differs, model.OnlySource, model.OnlyTarget, model.Aside:
	}
	return []string{" " + style.Cut(why, width-2)}
}

// inSyncText says how sure it is that a row is in sync.
func inSyncText(set *rows.Set, r rows.Row) string {
	switch v := set.Verdict(r); {
	case set.Comparison.Provisional:
		return "In sync so far."
	case v.Confidence < model.Certain:
		return "Likely in sync."
	}
	return "In sync."
}

// KeyEvidence is the evidence that a short look needs: what speaks against the finding, then what explains it.
func KeyEvidence(f *model.Finding) []model.Evidence {
	var out []model.Evidence
	for _, e := range f.FurtherEvidence {
		if e.Against {
			out = append(out, e)
		}
	}
	return append(out, f.Evidence...)
}
