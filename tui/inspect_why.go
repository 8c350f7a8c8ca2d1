package tui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/paint"
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
		lines = append(lines, " "+a.settledDetail(s.row)[0])
	}
	return text("Why", lines)
}

func (s *inspectScreen) finding(a *app, f *model.Finding, width int) []string {
	head := a.severity(f.Severity).On(severitySign(f.Severity)+" "+f.Severity.String()) + "  " + string(f.Kind)
	if f.Confidence != model.Certain {
		head += "  confidence: " + f.Confidence.String()
	}
	lines := []string{"  " + head}
	lines = append(lines, indent("  ", paint.Name(sentence(explain.Summary(*f, a.opts.Target.Short), f.Confidence)), width-1)...)
	if p := explain.Paragraph(*f, a.opts.Target.Short); p != "" {
		lines = append(lines, "")
		lines = append(lines, indent("  ", paint.Name(p), width-1)...)
	}
	for _, e := range f.Evidence {
		lines = append(lines, indent("  ", "Seen: "+paint.Name(a.evidence(e)), width-1)...)
	}
	if f.Cause == model.CauseUnknown {
		for _, note := range s.set.Comparison.Notes {
			lines = append(lines, indent("  ", "Note: "+paint.Name(note), width-1)...)
		}
	}
	return lines
}

// repairs lists what would end the findings, best first, each once.
func (s *inspectScreen) repairs(_ *app, width int) section {
	var lines []string
	seen := map[model.Option]bool{}
	for _, f := range s.set.FindingsOf(s.row) {
		if len(f.Repairs) == 0 {
			if next := explain.Next(*f); next != "" {
				lines = append(lines, indent("  ", paint.Name(next), width-1)...)
			}
		}
		for _, o := range f.Repairs {
			if seen[o] {
				continue
			}
			seen[o] = true
			number := fmt.Sprintf("%d. ", len(seen))
			head := "  " + number + string(o.Repair) + ", " + channelWord(o.Channel)
			lines = append(lines, paint.Cut(head, width-1))
			lines = append(lines, indent("     ", paint.Name(explain.Repair(o)), width-1)...)
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
		lines = append(lines, indent("  "+line[:len(line)-len(body)], paint.Name(body), width-1)...)
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
