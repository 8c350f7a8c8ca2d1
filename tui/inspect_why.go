package tui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/style"
)

// why says of each finding what is wrong and how it came about; of a row without one how it stands.
func (s *inspectScreen) why(a *app, width int) section {
	var lines []string
	for i, f := range s.set.FindingsOf(s.row) {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, s.finding(a, f, width)...)
	}
	if s.row.Finding == model.None {
		lines = append(lines, a.standingOf(s.row, width)...)
	}
	return text("Why", lines)
}

func (s *inspectScreen) finding(a *app, f *model.Finding, width int) []string {
	head := a.severity(f.Severity).On(severitySign(f.Severity)+" "+f.Severity.String()) + "  " + string(f.Kind)
	if word := explain.Confidence(*f); word != "" && f.Confidence != model.Certain {
		head += "  confidence: " + word
	}
	lines := []string{"  " + head}
	lines = append(lines, indent("  ", style.Name(sentence(f, a.opts.Target.Short)), width-1)...)
	if doubt := explain.Doubt(*f); doubt != "" {
		lines = append(lines, indent("  ", style.Name(capital(doubt)+"."), width-1)...)
	}
	if p := explain.Paragraph(*f, a.opts.Target.Short); p != "" {
		lines = append(lines, "")
		lines = append(lines, indent("  ", style.Name(p), width-1)...)
	}
	for _, e := range telling(f) {
		lines = append(lines, indent("  ", a.evidenceLine(e), width-1)...)
	}
	if f.Cause == model.CauseUnknown {
		for _, note := range s.set.Comparison.Notes {
			lines = append(lines, indent("  ", "Note: "+style.Name(note), width-1)...)
		}
	}
	return lines
}

// evidence lists what was read that speaks for and against the findings: where it was read, when, and what it says.
func (s *inspectScreen) evidence(a *app, width int) section {
	var lines []string
	for _, f := range s.set.FindingsOf(s.row) {
		if len(f.Witnesses) == 0 {
			continue
		}
		lines = append(lines, "  "+string(f.Kind))
		for _, e := range f.AllEvidence() {
			word := "for"
			if e.Against {
				word = "against"
			}
			line := style.Fit(word, len("against")) + "  " + style.Name(a.evidence(e)) + " (" + style.Name(e.From()) +
				")"
			lines = append(lines, indent("    ", line, width-1)...)
		}
	}
	return text("Evidence", lines)
}

// telling is the evidence that a short look needs: what speaks against the finding, then what explains it.
func telling(f *model.Finding) []model.Evidence {
	var out []model.Evidence
	for _, e := range f.Witnesses {
		if e.Against {
			out = append(out, e)
		}
	}
	return append(out, f.Evidence...)
}

// evidenceLine is one piece of evidence with the word for it. Where it was read goes without saying for what is in the
// log and the lists.
func (a *app) evidenceLine(e model.Evidence) string {
	line := "Seen: " + style.Name(a.evidence(e))
	if e.Against {
		line = "Against: " + style.Name(a.evidence(e)) + " (" + style.Name(e.From()) + ")"
	}
	return line
}

// repairs lists what would end the findings, best first, each once.
func (s *inspectScreen) repairs(_ *app, width int) section {
	var lines []string
	seen := map[model.Option]bool{}
	for _, f := range s.set.FindingsOf(s.row) {
		if len(f.Repairs) == 0 {
			if next := explain.Next(*f); next != "" {
				lines = append(lines, indent("  ", style.Name(next), width-1)...)
			}
		}
		for _, o := range f.Repairs {
			if seen[o] {
				continue
			}
			seen[o] = true
			number := fmt.Sprintf("%d. ", len(seen))
			head := "  " + number + string(o.Repair) + ", " + channelWord(o.Channel)
			lines = append(lines, style.Cut(head, width-1))
			lines = append(lines, indent("     ", style.Name(explain.Repair(o)), width-1)...)
		}
	}
	return text("What ends it", lines)
}

// ruleText is a rule as OneLogin gave it, for what cannot be understood of it.
func (s *inspectScreen) ruleText(_ *app, width int) section {
	subject := s.set.Subject(s.row)
	if s.row.Relation != model.Aside {
		return section{}
	}
	var lines []string
	for i := range s.set.Comparison.Source.Rules {
		if r := &s.set.Comparison.Source.Rules[i]; subject.SourceID != "" && r.ID == subject.SourceID {
			lines = append(lines, rawLines(r.Raw, width)...)
		}
	}
	return text("The rule", lines)
}

// rawLines is JSON laid out for reading and made harmless: it holds whatever somebody has typed into OneLogin.
func rawLines(raw json.RawMessage, width int) []string {
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, raw, "", "  "); err != nil {
		pretty.Reset()
		pretty.Write(raw) // what is no JSON is shown as it came
	}
	var lines []string
	for line := range strings.SplitSeq(pretty.String(), "\n") {
		body := strings.TrimLeft(line, " ")
		lines = append(lines, indent("  "+line[:len(line)-len(body)], style.Name(body), width-1)...)
	}
	return lines
}

func channelWord(c model.Channel) string {
	switch c {
	case model.Console:
		return "by hand in the console"
	case model.Nudge:
		return "by a small write to OneLogin"
	case model.Direct:
		return "by a write to the target"
	}
	return string(c)
}
