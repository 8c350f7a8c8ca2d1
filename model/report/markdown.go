package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// Markdown writes the report for a ticket: GitHub's dialect, one table of findings.
func Markdown(w io.Writer, r Report) error {
	b := bufio.NewWriter(w)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(b, format+"\n", args...) }
	c := r.Comparison
	line("# scimdrift: %s", escape(r.Connection))
	line("")
	findings := r.findings()
	line("%s. %s.", r.read(), escape(r.headline(findings)))
	line("")
	line("| side | users | groups | memberships |")
	line("|---|---|---|---|")
	n := c.Source.Totals()
	line("| OneLogin %s | %d | %d | %d |", escape(c.Source.Name), n.Users, n.Groups, n.Memberships)
	n = c.Target.Totals()
	line("| %s %s | %d | %d | %d |", sideName(c.Target.Kind), escape(c.Target.Name), n.Users, n.Groups, n.Memberships)
	for _, text := range explain.Sizes(c, explain.Target(c.Target.Kind)) {
		line("")
		line("%s", escape(text))
	}
	if n.Unknown > 0 {
		line("")
		line("The members of %s at the target are not known.", model.Counted(n.Unknown, "group", "groups"))
	}
	if len(findings) > 0 {
		line("")
		line("| severity | kind | subject | what | cause |")
		line("|---|---|---|---|---|")
	}
	for _, f := range findings {
		line("| %s | %s | %s | %s | %s |", f.Severity, f.Kind, escape(f.Subject.Called()),
			escape(said(f, explain.Target(c.Target.Kind))), f.Cause)
	}
	if gaps := r.gaps(); len(gaps) > 0 {
		line("")
		line("Not read completely:")
		line("")
		for _, g := range gaps {
			line("- %s %s: %s", g.side, g.part, escape(g.coverage.String()))
		}
	}
	for _, note := range c.Notes {
		line("")
		line("Note: %s.", escape(note))
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// escape keeps a stranger's text from being taken for Markdown or HTML: a table cell, a link, an image, a mention.
func escape(s string) string {
	var b strings.Builder
	for _, r := range model.Visible(s) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]()#+!|~$:", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
