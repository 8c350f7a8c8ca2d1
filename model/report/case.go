package report

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// CaseHeader is what the record of a case says above its steps. Strings are raw.
type CaseHeader struct {
	Connection, Who, Host, Version string
	// At is when the record is made.
	At time.Time
}

// CaseMarkdown writes the use of a runbook for a ticket: its steps, its runs, how it stands, and advice.
func CaseMarkdown(w io.Writer, b runbook.Book, c runbook.Case, h CaseHeader) error {
	m := newMarkdown(w)
	m.linef("# %s", b.Title)
	m.linef("")
	m.linef("| | |")
	m.linef("|---|---|")
	m.linef("| connection | %s |", escape(h.Connection))
	if c.Group != "" {
		m.linef("| group | %s |", escape(c.Group))
	}
	m.linef("| begun | %s |", model.ToTheMinute(c.Begun))
	m.linef("| recorded | %s by %s on %s |", model.ToTheMinute(h.At), escape(h.Who), escape(h.Host))
	m.linef("")
	m.linef("## Steps")
	m.linef("")
	open := m.caseSteps(b, c)
	m.linef("")
	m.linef("## Runs")
	m.caseRuns(&c)
	m.linef("")
	m.linef("## Result")
	m.linef("")
	if len(open) == 0 {
		m.linef("Everything that can be read agrees.")
	} else {
		m.linef("Not finished: %s.", strings.Join(open, "; "))
	}
	m.list("For next time", b.Advice)
	m.linef("")
	m.linef("scimdrift %s", h.Version)
	return m.end("record")
}

// caseSteps writes how the steps stand, and names those that are not settled.
func (m *markdown) caseSteps(b runbook.Book, c runbook.Case) (open []string) {
	for i, v := range b.Walk(c) {
		box, seen, todo := " ", "", ""
		if v.State == runbook.Done || v.State == runbook.Needless {
			box = "x"
		}
		if v.Seen != "" {
			seen = " (" + escape(v.Seen) + ")"
		}
		if !v.State.Settled() {
			open = append(open, b.Steps[i].Title)
			if v.Todo != "" {
				todo = ". " + escape(v.Todo)
			}
		}
		m.linef("- [%s] **%s**: %s%s%s", box, b.Steps[i].Title, v.State, seen, todo)
	}
	return open
}

func (m *markdown) caseRuns(c *runbook.Case) {
	mine := slices.DeleteFunc(slices.Clone(c.Runs),
		func(r model.Run) bool { return r.StartedAt.Before(c.Begun) || r.Plan == nil })
	slices.SortStableFunc(mine, func(x, y model.Run) int { return x.StartedAt.Compare(y.StartedAt) })
	for i := range mine {
		m.linef("")
		m.linef("### %s, plan %.12s", escape(mine[i].ID), mine[i].Plan.Checksum)
		m.run(&mine[i])
	}
	if len(mine) == 0 {
		m.linef("")
		m.linef("None.")
	}
}
