package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
)

// Role is what a piece of a text is for. Nothing is said by it alone: the word stands there too.
type Role uint8

// The roles; the severities are in their order.
const (
	Info Role = iota
	Low
	Medium
	High
	Critical
	Good
	Title
)

// Paint gives a text the look of its role; nil leaves it plain.
type Paint func(of Role, text string) string

// Text writes the report for people: linear and labelled, so that a screen reader can follow it.
func Text(w io.Writer, r Report, paint Paint) error {
	t := newText(w, paint)
	c := r.Comparison
	when := strings.ToLower(r.readAtText()[:1]) + r.readAtText()[1:]
	if r.Age == 0 {
		when += " in " + r.Duration.Round(10*time.Millisecond).String()
	}
	t.linef("%s   %s", t.bold("scimdrift  "+model.Visible(r.Connection)), when)
	t.linef("")
	t.writeSide("OneLogin", c.Source.Name, c.Source.Totals(), c.Source.Coverage, model.SourceParts())
	t.writeSide(sideName(c.Target.Kind), c.Target.Name, c.Target.Totals(), c.Target.Coverage, model.TargetParts())
	for _, text := range explain.Sizes(c, explain.Target(c.Target.Kind)) {
		t.linef("          %s", model.Visible(text))
	}
	t.linef("")
	findings := r.findings()
	t.linef("%s", t.bold(model.Visible(r.headline(findings))))
	scale := explain.ScaleOf(c)
	if outage := explain.Outage(drift.CauseGroups(c.Findings), c.Findings, scale); outage != "" {
		t.linef("%s", t.paint(Critical, "Outage: "+outage))
	}
	t.writeFindings(findings, scale)
	t.writeGaps(c.Gaps())
	t.writeUnsettled(c)
	for i, note := range c.Notes { // what was left out beside the coverage
		if i == 0 {
			t.linef("")
		}
		t.linef("Note: %s.", model.Visible(note))
	}
	t.writeNextAction(r)
	return t.flush("report")
}

func sideName(kind string) string {
	if kind == "aws" {
		return "AWS"
	}
	return "Target"
}

type lines struct{ *bufio.Writer }

// linef writes one line. Errors stay in the buffered writer until the end.
func (l lines) linef(format string, args ...any) { _, _ = fmt.Fprintf(l, format+"\n", args...) }

// flush writes what is still buffered; what names all of it.
func (l lines) flush(what string) error {
	if err := l.Flush(); err != nil {
		return fmt.Errorf("write the %s: %w", what, err)
	}
	return nil
}

type text struct {
	lines

	paintFunc Paint
}

func newText(w io.Writer, look Paint) *text { return &text{lines{bufio.NewWriter(w)}, look} }

func (t *text) paint(of Role, s string) string {
	if t.paintFunc == nil {
		return s
	}
	return t.paintFunc(of, s)
}

func (t *text) bold(s string) string { return t.paint(Title, s) }

func (t *text) writeSide(label, name string, n model.Totals, c model.Coverages, parts []model.Part) {
	state := "complete"
	switch {
	case neitherRead(c):
		state = "could not be read"
	case !c.Complete(parts):
		state = "not read completely"
	}
	t.linef("%-9s %s", label, model.Visible(name))
	counted := func(p model.Part, count int) string {
		if c[p].State == model.Unknown { // what was not read is not none
			return p.String() + " unknown"
		}
		return model.Counted(count, strings.TrimSuffix(p.String(), "s"), p.String())
	}
	users := counted(model.PartUsers, n.Users)
	if c[model.PartGroups].State == model.Skipped {
		t.linef("          %s: %s; groups skipped, there are none", users, state)
		return
	}
	unread := ""
	if n.Unknown > 0 {
		unread = ", the members of " + model.Counted(n.Unknown, "group", "groups") + " not known"
	}
	t.linef("          %s, %s, %s%s: %s", users, counted(model.PartGroups, n.Groups),
		counted(model.PartMemberships, n.Memberships), unread, state)
}

// writeFindings writes them by cause, in the order in which they should be repaired.
func (t *text) writeFindings(findings []model.Finding, scale explain.Scale) {
	for _, group := range drift.CauseGroups(findings) {
		of := group.Of(findings)
		t.linef("")
		heading := model.Visible(explain.GroupHeading(group.Key, of, scale))
		t.linef("%s  %s", t.paint(Role(group.Severity), group.Severity.String()), t.bold(heading))
		next := explain.Next(*of[0])
		same := !slices.ContainsFunc(of, func(f *model.Finding) bool { return explain.Next(*f) != next })
		for _, f := range of {
			name := model.Visible(f.Subject.Called())
			if f.Severity != group.Severity {
				name += " (" + f.Severity.String() + ")"
			}
			t.linef("  %s", name)
			t.linef("      %s", model.Visible(summaryWithDoubt(*f, scale.Target)))
			for _, e := range f.Evidence {
				if e.Text != "" {
					t.linef("      %s: %s", model.Visible(e.What), model.Visible(e.Text))
				}
			}
			if own := explain.Next(*f); !same && own != "" {
				t.linef("      Next: %s", model.Visible(own))
			}
		}
		if same && next != "" {
			t.linef("  Next: %s", model.Visible(next))
		}
	}
}

// summaryWithDoubt is the summary of a finding with what keeps it from being certain.
func summaryWithDoubt(f model.Finding, target string) string {
	out := explain.Summary(f, target)
	if word := explain.Confidence(f); word != "" && f.Confidence != model.Certain {
		out += " (" + word + ")"
	}
	if doubt := explain.Doubt(f); doubt != "" {
		out += "; " + doubt
	}
	return out
}

func (t *text) writeGaps(gaps []drift.Gap) {
	if len(gaps) == 0 {
		return
	}
	t.linef("")
	t.linef("%s", t.bold("Not read completely"))
	for _, u := range drift.GapsByReason(gaps) {
		t.linef("  %s %s: %s", u.Side, u.Parts, model.Visible(u.Coverage.String()))
	}
}

func (t *text) writeUnsettled(c *drift.Comparison) {
	open := unsettledLines(c)
	if len(open) == 0 {
		return
	}
	t.linef("")
	t.linef("%s", t.bold("Not settled"))
	for _, line := range open {
		t.linef("  %s", model.Visible(line))
	}
}

func (t *text) writeNextAction(r Report) {
	t.linef("")
	switch {
	case !r.Complete():
		t.linef("Where something above could rest on what was not read, it is marked. Mend the cause and run the " +
			"check again.")
	case r.Drift():
		t.linef("The worst comes first. Start at the top, and check again after each repair.")
	case !r.Filter.Empty():
		t.linef("No drift in what matches.")
	case r.unsettledRecords() > 0:
		t.linef("No drift in what is known; of %s nothing is known.",
			model.Counted(r.unsettledRecords(), "record", "records"))
	default:
		t.linef("In sync.")
	}
}
