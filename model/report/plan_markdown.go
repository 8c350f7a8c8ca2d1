package report

import (
	"bufio"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// PlanMarkdown writes a plan for a ticket, with every request as it will be sent.
func PlanMarkdown(w io.Writer, p *model.Plan) error {
	m := newMarkdown(w)
	m.linef("# scimdrift plan: %s", escape(p.Connection))
	m.linef("")
	for _, line := range planHead(p) {
		m.linef("- %s", escape(line))
	}
	m.list("Access", explain.Access(p))
	m.list("Findings afterwards", afterwards(p))
	for i := range p.Steps {
		m.step(&p.Steps[i])
	}
	m.list("If it turns out wrong", explain.WayBack(p))
	m.list("Mind", p.Warnings)
	m.list("Left out", model.LeftOutByReason(p.LeftOut))
	if len(p.Steps) > 0 {
		m.guard(p.Guard)
	}
	return m.end("plan")
}

type markdown struct{ lines }

func newMarkdown(w io.Writer) *markdown { return &markdown{lines{bufio.NewWriter(w)}} }

func (m *markdown) list(heading string, items []string) {
	if len(items) == 0 {
		return
	}
	m.linef("")
	m.linef("## %s", heading)
	m.linef("")
	for _, item := range items {
		m.linef("- %s", escape(item))
	}
}

func (m *markdown) step(s *model.Step) {
	m.linef("")
	m.linef("## %s: %s %s", escape(s.ID), escape(string(s.Repair)), escape(s.Subject.Called()))
	m.linef("")
	m.linef("- %s, %s, %s", escape(string(s.Channel)), effectOf(s), escape(s.Confidence))
	for _, item := range []explain.Loss{
		{Label: "Ends", Words: findingsOf(s)},
		{Label: "After", Words: strings.Join(s.After, ", ")},
	} {
		if item.Words != "" {
			m.linef("- %s: %s", item.Label, escape(item.Words))
		}
	}
	if h := s.Handoff; h != nil {
		m.linef("- Do: %s", escape(h.Menu))
		if h.URL != "" {
			m.linef("- Link: %s", code(h.URL))
		}
		m.linef("- Watched for %s", watched(h))
	}
	for _, l := range explain.Losses(s) {
		m.linef("- %s: %s", l.Label, escape(l.Words))
	}
	if r := s.Request; r != nil {
		lines := make([]string, 0, 1+len(r.Headers))
		lines = append(lines, model.Visible(r.Method+" "+r.Path))
		for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
			lines = append(lines, model.Visible(name+": "+r.Headers[name]))
		}
		m.linef("- To the service %s:", escape(r.Service))
		m.linef("")
		m.fenced(append(lines, bodyLines(r.Body)...))
	}
}

// code shows a stranger's text as code within a line.
func code(s string) string {
	s = model.Visible(s)
	fence := strings.Repeat("`", longestRun(s)+1)
	return fence + " " + s + " " + fence
}

// fenced shows lines as code; the fence is longer than any in them, so that they cannot end it.
func (m *markdown) fenced(lines []string) {
	const least = 3
	fence := strings.Repeat("`", max(least, longestRun(strings.Join(lines, "\n"))+1))
	m.linef("%s", fence)
	for _, line := range lines {
		m.linef("%s", line)
	}
	m.linef("%s", fence)
}

// longestRun is how many backticks stand together at most.
func longestRun(s string) (longest int) {
	n := 0
	for _, r := range s {
		if r != '`' {
			n = 0
			continue
		}
		n++
		longest = max(longest, n)
	}
	return longest
}

func (m *markdown) guard(v model.GuardVerdict) {
	m.linef("")
	m.linef("## Guard")
	m.linef("")
	if v.Allowed {
		m.linef("The guard lets it run.")
	} else {
		m.linef("The guard refuses it.")
	}
	if len(v.Refusals)+len(v.Overridden) > 0 {
		m.linef("")
	}
	for _, r := range v.Refusals {
		m.linef("- %s: %s. Way on: %s.%s", escape(string(r.Rule)), escape(r.Text), escape(r.Way), inSteps(r.Steps))
	}
	for _, r := range v.Overridden {
		m.linef("- %s, allowed: %s.%s", escape(string(r.Rule)), escape(r.Text), inSteps(r.Steps))
	}
}

func inSteps(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return " Steps: " + escape(strings.Join(ids, ", ")) + "."
}
