package inspect

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/grid"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// whySection says of each finding what is wrong and how it came about; of a row without one how it stands.
func (s *Screen) whySection(c *screen.Context, width int) section {
	var lines []string
	for i, f := range s.set.FindingsOf(s.row) {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, s.findingLines(c, f, width)...)
	}
	if s.row.Finding == model.None {
		for _, line := range grid.NoFindingLines(c, s.set, s.row, width-1) {
			lines = append(lines, " "+line)
		}
	}
	return textSection("Why", lines)
}

func (s *Screen) findingLines(c *screen.Context, f *model.Finding, width int) []string {
	severity := screen.SeveritySign(f.Severity) + " " + f.Severity.String()
	head := c.Theme.Severity(f.Severity).On(severity) + "  " + string(f.Kind)
	if word := explain.Confidence(*f); word != "" && f.Confidence != model.Certain {
		head += "  confidence: " + word
	}
	lines := []string{"  " + head}
	lines = append(lines, style.Paragraphs("  ", width, grid.Sentence(f, c.Sides[model.TargetSide].Short))...)
	lines = append(lines, style.Paragraphs("  ", width, style.Clause(explain.Doubt(*f)))...)
	if p := explain.Paragraph(*f, c.Sides[model.TargetSide].Short); p != "" {
		lines = append(lines, "")
		lines = append(lines, style.Paragraphs("  ", width, p)...)
	}
	for _, e := range grid.KeyEvidence(f) {
		lines = append(lines, style.Indent("  ", c.EvidenceLine(e), width-1)...)
	}
	if f.Cause == model.CauseUnknown {
		for _, note := range s.set.Comparison.Notes {
			lines = append(lines, style.Paragraphs("  ", width, "Note: "+note)...)
		}
	}
	return lines
}

// evidenceSection lists what was read that speaks for and against the findings: where it was read, when, and what it
// says.
func (s *Screen) evidenceSection(c *screen.Context, width int) section {
	var lines []string
	for _, f := range s.set.FindingsOf(s.row) {
		if len(f.FurtherEvidence) == 0 {
			continue
		}
		lines = append(lines, "  "+string(f.Kind))
		for _, e := range f.AllEvidence() {
			word := "for"
			if e.Against {
				word = "against"
			}
			line := style.Fit(word, len("against")) + "  " + style.Name(c.Evidence(e)) + " (" + style.Name(e.From()) +
				")"
			lines = append(lines, style.Indent("    ", line, width-1)...)
		}
	}
	return textSection("Evidence", lines)
}

// repairsSection lists what would end the findings, best first, each once, the first with its key.
func (s *Screen) repairsSection(c *screen.Context, width int) section {
	var lines []string
	seen := map[model.Option]bool{}
	for _, f := range s.set.FindingsOf(s.row) {
		if len(f.Repairs) == 0 {
			lines = append(lines, style.Paragraphs("  ", width, explain.Next(*f))...)
		}
		for _, o := range f.Repairs {
			if seen[o] {
				continue
			}
			seen[o] = true
			number := fmt.Sprintf("%d. ", len(seen))
			head := "  " + number + string(o.Repair) + ", " + ChannelWord(o.Channel)
			key := ""
			if len(seen) == 1 {
				key = "  " + c.Theme.Key.On(c.RepairKey(o.Repair))
			}
			lines = append(lines, style.Cut(head, width-1-style.Width(key))+key)
			lines = append(lines, style.Paragraphs("     ", width, explain.Repair(o))...)
		}
	}
	return textSection("What ends it", lines)
}

// ruleSection is a rule as OneLogin gave it, for what cannot be understood of it.
func (s *Screen) ruleSection(_ *screen.Context, width int) section {
	subject := s.set.Subject(s.row)
	if s.row.Relation != model.Aside {
		return section{}
	}
	var lines []string
	for i := range s.set.Comparison.Source.Rules {
		if r := &s.set.Comparison.Source.Rules[i]; subject.SourceID != "" && r.ID == subject.SourceID {
			lines = append(lines, screen.JSON("  ", r.Raw, width)...)
		}
	}
	return textSection("The rule", lines)
}

// ChannelWord says how a repair is done.
func ChannelWord(c model.Channel) string {
	return map[model.Channel]string{
		model.Console: "by hand in the console", model.Nudge: "by a small write to OneLogin",
		model.Direct: "by a write to the target",
	}[c]
}
