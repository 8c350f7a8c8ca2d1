package journal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// Runs gives the runs of a connection, the newest first; an empty fingerprint means those of all connections. It
// takes no lock that a run needs.
func (s *Store) Runs(fp string) ([]model.Run, error) {
	fps := []string{fp}
	if fp == "" {
		var err error
		if fps, err = s.fingerprints(); err != nil {
			return nil, err
		}
	}
	var runs []*parsedRun
	for _, fp := range fps {
		of, err := s.runsWithLive(fp)
		if err != nil {
			return nil, err
		}
		runs = append(runs, of...)
	}
	slices.SortFunc(runs, newestFirst)
	out := make([]model.Run, len(runs))
	for i, t := range runs {
		out[i] = t.Run
	}
	return out, nil
}

// runsWithLive is readAll, with the run that is under way marked. Only the newest without an end can be: none begins
// before the others have ended.
func (s *Store) runsWithLive(fp string) ([]*parsedRun, error) {
	runs, err := s.readAll(fp)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(runs, func(t *parsedRun) bool { return t.State == model.RunInterrupted })
	if i < 0 {
		return runs, nil
	}
	held, err := s.fs.Locked(s.path(fp, liveFile))
	if err != nil {
		return nil, s.unreadableError(err)
	}
	if held {
		runs[i].markLive()
		return runs, nil
	}
	// It may have ended between the reading of its file and the look at the lock.
	again, err := s.read(fp, runs[i].ID)
	if err != nil {
		return nil, err
	}
	if again != nil {
		again.UndoneBy = runs[i].UndoneBy
		runs[i] = again
	}
	return runs, nil
}

// Run gives the run whose id is that, or begins with that where no other does. ErrNoRun says that there is none.
func (s *Store) Run(id string) (model.Run, error) {
	fp, full, err := s.findRun(id)
	if err != nil {
		return model.Run{}, err
	}
	runs, err := s.runsWithLive(fp)
	if err != nil {
		return model.Run{}, err
	}
	for _, t := range runs {
		if t.ID == full {
			return t.Run, nil
		}
	}
	return model.Run{}, noRunError(id)
}

func noRunError(id string) error {
	return fmt.Errorf("%w as %s; scimdrift history lists them", ErrNoRun, model.Visible(id))
}

// findRun tells which run an id or the beginning of one means, and whose it is.
func (s *Store) findRun(id string) (fp, full string, err error) {
	fps, err := s.fingerprints()
	if err != nil {
		return "", "", err
	}
	var found []string
	for _, of := range fps {
		ids, err := s.runIDs(of)
		if err != nil {
			return "", "", err
		}
		for _, candidate := range ids {
			if candidate == id {
				return of, id, nil
			}
			if id != "" && strings.HasPrefix(candidate, id) {
				fp, found = of, append(found, candidate)
			}
		}
	}
	switch len(found) {
	case 0:
		return "", "", noRunError(id)
	case 1:
		return fp, found[0], nil
	}
	return "", "", fmt.Errorf("%d runs begin with %s, such as %s and %s; give more of the id", len(found), id,
		found[0], found[1])
}

// Unsettled finds a run of the connection that was interrupted or has steps in doubt, the newest if there are
// several. A run that is under way is not one.
func (s *Store) Unsettled(fp string) (id string, found bool, err error) {
	runs, err := s.runsWithLive(fp)
	if err != nil {
		return "", false, err
	}
	id, found = findUnsettled(runs)
	return id, found, nil
}

func findUnsettled(runs []*parsedRun) (id string, found bool) {
	for _, t := range runs {
		if t.InDoubt() {
			return t.ID, true
		}
	}
	return "", false
}

// Spent adds up what the connection's runs took and granted since then: the counts of all steps that happened or may
// have, without those that removed what their own run had made, and whatever their writes were seen to do beside
// that. Of a damaged journal every step counts that is not known to have done nothing; one whose plan is lost is an
// error, because nobody knows what it did.
func (s *Store) Spent(fp string, since time.Time) (model.Spent, error) {
	var sum model.Spent
	runs, err := s.runsWithLive(fp)
	if err != nil {
		return sum, err
	}
	for _, t := range runs {
		if t.Headless {
			if !t.StartedAt.Before(since) || !t.lastTime.Before(since) {
				return sum, fmt.Errorf("what run %s did is not known, because the head of its journal cannot be "+
					"read; wait until it is a day old, or put back %s",
					t.ID, s.path(fp, t.ID+journalSuffix))
			}
			continue
		}
		for i := range t.Steps {
			at := t.Steps[i].At
			if at.IsZero() {
				at = t.lastTime // its own lines are lost
			}
			if !mayHaveHappened(t.Steps[i].State) || at.Before(since) {
				continue
			}
			sum.Add(&t.Plan.Steps[i], t.Steps[i].Beyond.Counts)
		}
	}
	return sum, nil
}

// Purge removes the journals of runs that ended before then, of all connections, and gives their number. What is
// under way or not settled stays, however old.
func (s *Store) Purge(before time.Time) (n int, err error) {
	fps, err := s.fingerprints()
	if err != nil {
		return 0, err
	}
	for _, fp := range fps {
		removed, purgeErr := s.purgeConnection(fp, before)
		n += removed
		err = errors.Join(err, purgeErr)
	}
	return n, err
}

func (s *Store) purgeConnection(fp string, before time.Time) (n int, err error) {
	ids, err := s.runIDs(fp)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		t, err := s.read(fp, id)
		if err != nil {
			return n, err
		}
		if t == nil || !t.isFinished() || !startTime(id).Before(before) || !t.lastTime.Before(before) {
			continue
		}
		if err = s.fs.Remove(s.path(fp, id+journalSuffix)); err != nil {
			return n, fmt.Errorf("the journal of run %s cannot be removed (%w); remove it by hand, or run history "+
				"--purge again", id, err)
		}
		n++
	}
	if n == 0 {
		return 0, nil
	}
	return n, s.fs.SyncDir(s.path(fp, ""))
}

// isFinished reports whether nothing can come of the run any more. A file that was never begun may be about to be; its
// age decides.
func (t *parsedRun) isFinished() bool {
	return !t.hasLine || t.State != model.RunInterrupted && t.Settled()
}
