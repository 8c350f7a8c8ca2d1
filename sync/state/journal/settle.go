package journal

import (
	"errors"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// Settle adds what was found out about the steps in doubt of a run, and how the run ended. It fails with a BusyError
// while somebody runs or settles on the connection. Steps that stay in doubt keep the run unsettled. What the journal
// knows already cannot be changed.
func (s *Store) Settle(id string, records []model.StepRecord, state model.RunState) error {
	fp, full, err := s.findRun(id)
	if err != nil {
		return err
	}
	release, err := s.lockConnection(fp)
	if err != nil {
		return err
	}
	defer release()
	t, err := s.read(fp, full)
	if err != nil {
		return err
	}
	if t == nil || !t.hasLine {
		return noRunError(id)
	}
	lines, err := s.settlementLines(t, records, state)
	if err != nil {
		return err
	}
	return s.append(fp, t, lines)
}

// settlementLines words what is added, or says why it must not be.
func (s *Store) settlementLines(t *parsedRun, records []model.StepRecord, state model.RunState) ([]line, error) {
	if err := isEnding(state); err != nil {
		return nil, err
	}
	if t.Settled() {
		return nil, fmt.Errorf("run %s is settled already; see it with scimdrift history %s", t.ID, t.ID)
	}
	now := s.now()
	lines := make([]line, 0, len(records)+1)
	for i := range records {
		at := slices.IndexFunc(t.Steps, func(r model.StepRecord) bool { return r.ID == records[i].ID })
		switch {
		case at < 0:
			return nil, fmt.Errorf("step %s is not in run %s; settle it again", model.Visible(records[i].ID), t.ID)
		case t.Steps[at].State != model.StepInDoubt:
			return nil, fmt.Errorf("step %s of run %s is not in doubt; settle it again",
				model.Visible(records[i].ID), t.ID)
		}
		if err := isOutcome(records[i].ID, records[i].State); err != nil {
			return nil, err
		}
		lines = append(lines, outcomeLine(&records[i], now))
	}
	return append(lines, line{Kind: lineEnd, At: now, Ended: state}), nil
}

// append writes lines at the end of a journal, after taking away what a kill left of its last one. If that is cut short
// again, whole lines count and the rest is settled again.
func (s *Store) append(fp string, t *parsedRun, lines []line) error {
	content, err := encode(lines...)
	if err != nil {
		return err
	}
	if t.noFinalNewline {
		content = append([]byte("\n"), content...)
	}
	f, err := s.fs.Append(s.path(fp, t.ID+journalSuffix))
	if err != nil {
		return s.unwritableError(err)
	}
	if err = f.Truncate(t.size); err == nil {
		err = f.Sync() // else a second kill could leave a mixture of both
	}
	if err == nil {
		_, err = f.Write(content)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return s.unwritableError(err)
	}
	return nil
}
