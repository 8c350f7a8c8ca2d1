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
	m.linef("# scimdrift run: %s", escapeMarkdown(r.ID))
	m.writeRun(r)
	m.writeList("If it turned out wrong", wayBack(r))
	m.writeList("Not taken back", r.NotTakenBack())
	m.writeList("Damage in the journal", r.Damage)
	if !r.Settled() {
		m.linef("")
		m.linef("Not settled: some of its steps may or may not have happened.")
	}
	return m.flush("runs")
}

// writeRun writes what became of a run, and who its steps were to hit: afterwards nobody can read that any more.
func (m *markdown) writeRun(r *model.Run) {
	m.linef("")
	m.linef("- State: %s", escapeMarkdown(string(r.State)))
	for _, line := range runHead(r) {
		if line.Words != "" {
			m.linef("- %s: %s", line.Label, escapeMarkdown(line.Words))
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
		m.linef("| %s | %s | %s | %s | %s | %s | %s |", escapeMarkdown(rec.ID), escapeMarkdown(r.StateWord(rec.State)),
			escapeMarkdown(string(s.Repair)), escapeMarkdown(s.Subject.Called()), escapeMarkdown(rec.Detail),
			escapeMarkdown(strings.Join(hit, "; ")), escapeMarkdown(backupText(rec)))
	}
}
