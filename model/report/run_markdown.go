package report

import (
	"io"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// RunMarkdown writes one run for a ticket.
func RunMarkdown(w io.Writer, r *model.Run) error {
	m := newMarkdown(w)
	m.linef("# scimdrift run: %s", escape(r.ID))
	m.run(r)
	m.list("If it turned out wrong", wayBack(r))
	m.list("Not taken back", r.NotTakenBack())
	m.list("Damage in the journal", r.Damage)
	if !r.Settled() {
		m.linef("")
		m.linef("Not settled: some of its steps may or may not have happened.")
	}
	return m.end("runs")
}

// run writes what became of a run, and who its steps were to hit: afterwards nobody can read that any more.
func (m *markdown) run(r *model.Run) {
	m.linef("")
	m.linef("- State: %s", escape(string(r.State)))
	for _, line := range runHead(r) {
		if line.Words != "" {
			m.linef("- %s: %s", line.Label, escape(line.Words))
		}
	}
	if len(r.Steps) > 0 {
		m.linef("")
		m.linef("| step | state | repair | subject | detail | blast radius | kept |")
		m.linef("|---|---|---|---|---|---|---|")
	}
	for i := range r.Steps {
		rec, s := &r.Steps[i], r.StepOf(i)
		hit := model.Map(explain.Losses(&s), func(l *explain.Loss) string { return l.Label + ": " + l.Words })
		m.linef("| %s | %s | %s | %s | %s | %s | %s |", escape(rec.ID), escape(string(rec.State)),
			escape(string(s.Repair)), escape(s.Subject.Called()), escape(rec.Detail),
			escape(strings.Join(hit, "; ")), escape(backups(rec)))
	}
}
