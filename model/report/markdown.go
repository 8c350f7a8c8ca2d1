package report

import (
	"io"
	"strings"
	"unicode"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
)

// Markdown writes the report for a ticket: GitHub's dialect, one table of findings.
func Markdown(w io.Writer, r Report) error {
	m := newMarkdown(w)
	c := r.Comparison
	m.linef("# scimdrift: %s", escapeMarkdown(r.Connection))
	m.linef("")
	findings := r.findings()
	m.linef("%s. %s.", r.readAtText(), escapeMarkdown(r.headline(findings)))
	m.linef("")
	m.linef("| side | users | groups | memberships |")
	m.linef("|---|---|---|---|")
	n := c.Source.Totals()
	m.linef("| OneLogin %s | %d | %d | %d |", escapeMarkdown(c.Source.Name), n.Users, n.Groups, n.Memberships)
	n = c.Target.Totals()
	m.linef("| %s %s | %d | %d | %d |", sideName(c.Target.Kind), escapeMarkdown(c.Target.Name), n.Users, n.Groups,
		n.Memberships)
	for _, text := range explain.Sizes(c, explain.Target(c.Target.Kind)) {
		m.linef("")
		m.linef("%s", escapeMarkdown(text))
	}
	if n.Unknown > 0 {
		m.linef("")
		m.linef("The members of %s at the target are not known.", model.Counted(n.Unknown, "group", "groups"))
	}
	if len(findings) > 0 {
		m.linef("")
		m.linef("| severity | kind | subject | what | cause |")
		m.linef("|---|---|---|---|---|")
	}
	for _, f := range findings {
		m.linef("| %s | %s | %s | %s | %s |", f.Severity, f.Kind, escapeMarkdown(f.Subject.Called()),
			escapeMarkdown(summaryWithDoubt(f, explain.Target(c.Target.Kind))), f.Cause)
	}
	if gaps := c.Gaps(); len(gaps) > 0 {
		m.linef("")
		m.linef("Not read completely:")
		m.linef("")
		for _, u := range drift.GapsByReason(gaps) {
			m.linef("- %s %s: %s", u.Side, u.Parts, escapeMarkdown(u.Coverage.String()))
		}
	}
	if open := unsettledLines(c); len(open) > 0 {
		m.linef("")
		m.linef("Not settled:")
		m.linef("")
		for _, line := range open {
			m.linef("- %s", escapeMarkdown(line))
		}
	}
	for _, note := range c.Notes {
		m.linef("")
		m.linef("Note: %s.", escapeMarkdown(note))
	}
	return m.flush("report")
}

// escapeMarkdown keeps a stranger's text from being taken for Markdown or HTML: a table cell, a link, an image, a
// mention.
func escapeMarkdown(s string) string {
	var b strings.Builder
	before := ' '
	for _, r := range model.Visible(s) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@' && !unicode.IsLetter(before) && !unicode.IsDigit(before):
			// GitHub looks for mentions in what it has rendered, where an escape or an entity is gone, and in one piece
			// of text (https://github.com/github/cmark-gfm/issues/181).
			b.WriteString("@<!-- -->")
		case strings.ContainsRune("\\`*_{}[]()#+!|~$", r), r == '/' && before == ':':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}
