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
	m.linef("| connection | %s |", escapeMarkdown(h.Connection))
	if c.Group != "" {
		m.linef("| group | %s |", escapeMarkdown(c.Group))
	}
	m.linef("| begun | %s |", model.ToTheMinute(c.Begun))
	m.linef("| recorded | %s by %s on %s |", model.ToTheMinute(h.At), escapeMarkdown(h.Who), escapeMarkdown(h.Host))
	m.linef("")
	m.linef("## Steps")
	m.linef("")
	open := m.writeCaseSteps(b, c)
	m.linef("")
	m.linef("## Runs")
	m.writeCaseRuns(&c)
	m.linef("")
	m.linef("## Result")
	m.linef("")
	if len(open) == 0 {
		m.linef("Everything that can be read agrees.")
	} else {
		m.linef("Not finished: %s.", strings.Join(open, "; "))
	}
	m.writeList("For next time", b.Advice)
	m.linef("")
	m.linef("scimdrift %s", h.Version)
	return m.flush("record")
}

// writeCaseSteps writes how the steps stand, and names those that are not settled.
func (m *markdown) writeCaseSteps(b runbook.Book, c runbook.Case) (open []string) {
	for i, v := range b.Walk(c) {
		box, seen, todo := " ", "", ""
		if v.State == runbook.Done || v.State == runbook.Needless {
			box = "x"
		}
		if v.Seen != "" {
			seen = " (" + escapeMarkdown(v.Seen) + ")"
		}
		if !v.State.Settled() {
			open = append(open, b.Steps[i].Title)
			if v.Todo != "" {
				todo = ". " + escapeMarkdown(v.Todo)
			}
		}
		m.linef("- [%s] **%s**: %s%s%s", box, b.Steps[i].Title, v.State, seen, todo)
	}
	return open
}

func (m *markdown) writeCaseRuns(c *runbook.Case) {
	mine := slices.DeleteFunc(slices.Clone(c.Runs),
		func(r model.Run) bool { return r.StartedAt.Before(c.Begun) || r.Plan == nil })
	slices.SortStableFunc(mine, func(x, y model.Run) int { return x.StartedAt.Compare(y.StartedAt) })
	for i := range mine {
		m.linef("")
		m.linef("### %s, plan %.12s", escapeMarkdown(mine[i].ID), mine[i].Plan.Checksum)
		m.writeRun(&mine[i])
	}
	if len(mine) == 0 {
		m.linef("")
		m.linef("None.")
	}
}
