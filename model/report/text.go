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

// Text writes the report for people: linear and labelled, so that a screen reader can follow it. With colour set,
// severities carry one of the terminal's own 16 colours beside their word.
func Text(w io.Writer, r Report, colour bool) error {
	t := &text{Writer: bufio.NewWriter(w), colour: colour}
	c := r.Comparison
	when := strings.ToLower(r.read()[:1]) + r.read()[1:]
	if r.Age == 0 {
		when += " in " + r.Duration.Round(10*time.Millisecond).String()
	}
	t.linef("%s   %s", t.bold("scimdrift  "+model.Visible(r.Connection)), when)
	t.linef("")
	t.side("OneLogin", c.Source.Name, c.Source.Totals(), c.Source.Coverage, model.SourceParts())
	t.side(sideName(c.Target.Kind), c.Target.Name, c.Target.Totals(), c.Target.Coverage, model.TargetParts())
	for _, text := range explain.Sizes(c, explain.Target(c.Target.Kind)) {
		t.linef("          %s", model.Visible(text))
	}
	t.linef("")
	findings := r.findings()
	t.linef("%s", t.bold(model.Visible(r.headline(findings))))
	t.findings(findings, explain.Target(c.Target.Kind))
	t.gaps(r.gaps(), c.Unsettled)
	t.notes(c.Notes)
	t.next(r)
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func sideName(kind string) string {
	if kind == "aws" {
		return "AWS"
	}
	return "Target"
}

type text struct {
	*bufio.Writer

	colour bool
}

// linef writes one line. Errors stay in the buffered writer until Flush.
func (t *text) linef(format string, args ...any) { _, _ = fmt.Fprintf(t, format+"\n", args...) }

func (t *text) paint(sgr, s string) string {
	if !t.colour {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

func (t *text) bold(s string) string { return t.paint("1", s) }

func (t *text) severity(s model.Severity) string {
	return t.paint(map[model.Severity]string{
		model.Critical: "1;31", model.High: "31", model.Medium: "33",
		model.Low: "36", model.Info: "2",
	}[s], s.String())
}

func (t *text) side(label, name string, n model.Totals, c model.Coverages, parts []model.Part) {
	state := "complete"
	switch {
	case lost(c):
		state = "could not be read"
	case !c.Complete(parts):
		state = "not read completely"
	}
	t.linef("%-9s %s", label, model.Visible(name))
	if c[model.PartGroups].State == model.Skipped {
		t.linef("          %d users: %s; groups skipped, there are none", n.Users, state)
		return
	}
	unread := ""
	if n.Unknown > 0 {
		unread = ", the members of " + model.Counted(n.Unknown, "group", "groups") + " not known"
	}
	t.linef("          %d users, %d groups, %d memberships%s: %s", n.Users, n.Groups, n.Memberships, unread, state)
}

// findings writes them by cause, in the order in which they should be repaired.
func (t *text) findings(findings []model.Finding, target string) {
	for _, group := range model.CauseGroups(findings) {
		of := group.Of(findings)
		t.linef("")
		heading := model.Visible(explain.GroupHeading(group.Key, of, target))
		t.linef("%s  %s", t.severity(group.Severity), t.bold(heading))
		next := explain.Next(*of[0])
		same := !slices.ContainsFunc(of, func(f *model.Finding) bool { return explain.Next(*f) != next })
		for _, f := range of {
			name := model.Visible(f.Subject.Called())
			if f.Severity != group.Severity {
				name += " (" + f.Severity.String() + ")"
			}
			t.linef("  %s", name)
			t.linef("      %s", model.Visible(said(*f, target)))
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

// said is the summary of a finding with what keeps it from being certain.
func said(f model.Finding, target string) string {
	out := explain.Summary(f, target)
	if word := explain.Confidence(f); word != "" && f.Confidence != model.Certain {
		out += " (" + word + ")"
	}
	if doubt := explain.Doubt(f); doubt != "" {
		out += "; " + doubt
	}
	return out
}

func (t *text) gaps(gaps []gap, open drift.UnsettledCounts) {
	if len(gaps) == 0 {
		return
	}
	t.linef("")
	t.linef("%s", t.bold("Not read completely"))
	for _, g := range gaps {
		t.linef("  %s %s: %s", g.side, g.part, model.Visible(g.coverage.String()))
	}
	if open != (drift.UnsettledCounts{}) {
		t.linef("  Left open because of it: %d users, %d groups, the members of %d groups.", open.Users,
			open.Groups, open.Memberships)
	}
}

// notes are what was left out beside the coverage.
func (t *text) notes(notes []string) {
	if len(notes) > 0 {
		t.linef("")
	}
	for _, note := range notes {
		t.linef("Note: %s.", model.Visible(note))
	}
}

func (t *text) next(r Report) {
	t.linef("")
	switch {
	case !r.Complete():
		t.linef("Where something above could rest on what was not read, it is marked. Mend the cause and run the " +
			"check again.")
	case r.Drift():
		t.linef("The worst comes first. Start at the top, and check again after each repair.")
	case !r.Filter.Empty():
		t.linef("No drift in what matches.")
	case r.open() > 0:
		t.linef("No drift in what is known; of %s nothing is known.", model.Counted(r.open(), "record", "records"))
	default:
		t.linef("In sync.")
	}
}
