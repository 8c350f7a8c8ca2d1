package journal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// Head is what is known of a run before its first step.
type Head struct {
	Connection, Fingerprint string
	// Plan is kept whole, as it is run.
	Plan               *model.Plan
	Who, Host, Version string
	// Reason is the operator's; Allow are the rules of the guard that were overridden.
	Reason string
	Allow  []model.GuardRule
	// StartedAt is the clock's time if it is zero.
	StartedAt time.Time
	// Admit has the last word, and may ask the store what earlier runs did: the connection is locked by then, so that
	// no other run can begin or end in between. Its error refuses the run, and Begin gives it back as it is. nil
	// admits.
	Admit func() error
}

// Begin starts the journal of a run. When it returns, the plan is on the disk, and nobody else on this machine can run
// on the connection until Close. It fails with a BusyError while somebody does, and with an UnsettledError while an
// earlier run is not settled. A folder that cannot be written fails here, before anything is sent.
func (s *Store) Begin(h Head) (w *Writer, err error) {
	if err := validateHead(&h); err != nil {
		return nil, err
	}
	if err := s.fs.MkdirAll(s.path(h.Fingerprint, "")); err != nil {
		return nil, s.unwritableError(err)
	}
	unlock, err := s.lockConnection(h.Fingerprint)
	if err != nil {
		return nil, err
	}
	release := unlock
	defer func() {
		if err != nil {
			release()
		}
	}()
	live, _, err := s.fs.Lock(s.path(h.Fingerprint, liveFile), true)
	if err != nil {
		return nil, s.unwritableError(err)
	}
	release = func() { live(); unlock() }
	runs, err := s.readAll(h.Fingerprint) // nobody but us can be at one of them
	if err != nil {
		return nil, err
	}
	if id, found := findUnsettled(runs); found {
		return nil, &UnsettledError{Run: id}
	}
	if h.Admit != nil {
		if err := h.Admit(); err != nil {
			return nil, err
		}
	}
	if w, err = s.create(&h); err == nil {
		w.release = release
	}
	return w, err
}

// validateHead refuses what must not be written down.
func validateHead(h *Head) error {
	if h.Plan == nil || len(h.Plan.Steps) == 0 {
		return errors.New("there is no step to run; make a plan first")
	}
	if !fingerprint.MatchString(h.Fingerprint) || h.Plan.Fingerprint != h.Fingerprint {
		return errors.New("the plan is not of this connection; make a new one")
	}
	if !h.Plan.Intact() { // nobody could believe it when it is read again
		return errors.New("the plan is not what its checksum says; make a new one")
	}
	return nil
}

func (s *Store) unwritableError(err error) error {
	return fmt.Errorf("no journal can be kept in %s (%w), and nothing is written without one; make the folder "+
		"writable or make room there, then run again", s.dir, err)
}

// lockConnection takes the connection for a run or a settling.
func (s *Store) lockConnection(fp string) (release func(), err error) {
	release, ok, err := s.fs.Lock(s.path(fp, lockFile), false)
	if err != nil {
		return nil, s.unwritableError(err)
	}
	if ok {
		return release, nil
	}
	busy := &BusyError{}
	if runs, err := s.runsWithLive(fp); err == nil { // without it the error says less
		if i := slices.IndexFunc(runs, func(t *parsedRun) bool { return t.State == model.RunRunning }); i >= 0 {
			busy.Run, busy.Who, busy.Host, busy.PID = runs[i].ID, runs[i].Who, runs[i].Host, runs[i].pid
		}
	}
	return nil, busy
}

// newID gives an id that no run of any connection has, so that an id alone names a run.
func (s *Store) newID(at time.Time) (string, error) {
	fps, err := s.fingerprints()
	if err != nil {
		return "", err
	}
	for range 100 {
		var random [2]byte
		_, _ = rand.Read(random[:]) // it never fails (crypto/rand)
		id := at.UTC().Format(idTime) + "-" + hex.EncodeToString(random[:])
		taken := false
		for _, fp := range fps {
			ids, err := s.runIDs(fp)
			if err != nil {
				return "", err
			}
			taken = taken || slices.Contains(ids, id)
		}
		if !taken {
			return id, nil
		}
	}
	return "", errors.New("no free id for the run; wait a second, then run again")
}

func (s *Store) create(h *Head) (*Writer, error) {
	if h.StartedAt.IsZero() {
		h.StartedAt = s.now()
	}
	id, err := s.newID(h.StartedAt)
	if err != nil {
		return nil, err
	}
	head, err := encode(line{
		Kind: lineHead, At: h.StartedAt, Run: id, Connection: h.Connection, Fingerprint: h.Fingerprint,
		Who: h.Who, Host: h.Host,
		PID: os.Getpid(), Version: h.Version, Reason: h.Reason, Allow: h.Allow, Plan: h.Plan,
	})
	if err != nil {
		return nil, err
	}
	name := s.path(h.Fingerprint, id+journalSuffix)
	f, err := s.fs.Create(name)
	if err != nil {
		return nil, s.unwritableError(err)
	}
	w := &Writer{id: id, file: f, now: s.now, intentTried: map[string]bool{}}
	for i := range h.Plan.Steps {
		w.intentTried[h.Plan.Steps[i].ID] = false
	}
	if err = w.writeRecord(head); err == nil {
		err = s.fs.SyncDir(filepath.Dir(name))
	}
	if err != nil {
		// Nothing was sent. If the file cannot be removed either, the next start asks to settle a run without steps.
		return nil, s.unwritableError(errors.Join(err, f.Close(), s.fs.Remove(name)))
	}
	return w, nil
}
