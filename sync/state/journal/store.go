// Package journal keeps runs on disk: one file a run, one JSON line a record, each intent synced before the write
// that it announces. After a kill at any moment it says which steps were done, which were not and which are in doubt.
package journal

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/state"
)

// Kept is how long journals are kept: `scimdrift history --purge` removes what is older.
const Kept = 90 * 24 * time.Hour

const (
	journalSuffix = ".jsonl"
	// lockFile is held by whoever runs or settles on a connection, liveFile by a run alone. Who only reads looks at
	// the second one for a moment and so never makes a run that starts just then believe that another is under way.
	lockFile, liveFile = "run.lock", "live.lock"
)

// Store is a folder of journals, with a folder for each connection. Its methods may be called at the same time.
type Store struct {
	fs  state.FS
	dir string
	now func() time.Time
}

// Open gives the store in a folder. It touches nothing: what is not there is made by Begin.
func Open(files state.FS, dir string, now func() time.Time) *Store {
	return &Store{fs: files, dir: dir, now: now}
}

// ErrNoRun is what Run says of an id that nobody has.
var ErrNoRun = errors.New("there is no such run")

// BusyError says that somebody runs or settles on the connection.
type BusyError struct {
	// Run is the id of the run that is under way; empty if somebody settles one, or the run has only just begun.
	Run, Who, Host string
	PID            int
}

func (e *BusyError) Error() string {
	if e.Run == "" {
		return "another scimdrift has just begun a run on this connection, or settles one; wait for it, then try again"
	}
	return fmt.Sprintf("run %s of %s on %s (process %d) is under way on this connection; wait for it or cancel it "+
		"there, then try again",
		e.Run, model.Visible(cmp.Or(e.Who, "somebody")), model.Visible(cmp.Or(e.Host, "this machine")), e.PID)
}

// UnsettledError names a run that was interrupted or has steps in doubt.
type UnsettledError struct{ Run string }

func (e *UnsettledError) Error() string {
	return fmt.Sprintf("run %s was interrupted or has steps in doubt, and nothing new is run before it is settled; "+
		"settle it: scimdrift history %s --settle", e.Run, e.Run)
}

var (
	runID       = regexp.MustCompile(`^\d{8}T\d{6}Z-[0-9a-f]{4}$`)
	fingerprint = regexp.MustCompile(`^[0-9A-Za-z_-]{1,128}$`)
)

const idTime = "20060102T150405Z"

func startTime(id string) time.Time {
	at, err := time.Parse(idTime, id[:min(len(id), len(idTime))])
	if err != nil {
		return time.Time{}
	}
	return at
}

func (s *Store) path(fp, name string) string { return filepath.Join(s.dir, fp, name) }

// fingerprints are the fingerprints that have a folder.
func (s *Store) fingerprints() ([]string, error) {
	names, err := s.fs.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.unreadableError(err)
	}
	return slices.DeleteFunc(names, func(n string) bool { return !fingerprint.MatchString(n) }), nil
}

func (s *Store) unreadableError(err error) error {
	return fmt.Errorf("the journals in %s cannot be read (%w); make the folder readable, then try again", s.dir, err)
}

// runIDs are the runs of a connection, the oldest first.
func (s *Store) runIDs(fp string) ([]string, error) {
	names, err := s.fs.ReadDir(filepath.Join(s.dir, fp))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, s.unreadableError(err)
	}
	var ids []string
	for _, n := range names {
		if id, ok := strings.CutSuffix(n, journalSuffix); ok && runID.MatchString(id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// read reads one journal; nil if it was removed in the meantime.
func (s *Store) read(fp, id string) (*parsedRun, error) {
	content, err := s.fs.ReadFile(s.path(fp, id+journalSuffix))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // somebody purged it: there is no such run any more
	}
	if err != nil {
		return nil, s.unreadableError(err)
	}
	return parse(id, fp, content), nil
}

// readAll reads the runs of a connection, the newest first, as their files tell them, whoever may be at one of them.
// Files that were never begun are left out.
func (s *Store) readAll(fp string) ([]*parsedRun, error) {
	ids, err := s.runIDs(fp)
	if err != nil {
		return nil, err
	}
	runs := make([]*parsedRun, 0, len(ids))
	for _, id := range ids {
		t, err := s.read(fp, id)
		if err != nil {
			return nil, err
		}
		if t != nil && t.hasLine {
			runs = append(runs, t)
		}
	}
	slices.SortFunc(runs, newestFirst)
	for _, t := range runs {
		if t.Plan.Undoes == "" || !t.mayHaveChanged() {
			continue
		}
		for _, other := range runs {
			if other.ID == t.Plan.Undoes {
				other.UndoneBy = append(other.UndoneBy, t.ID)
			}
		}
	}
	return runs, nil
}

func newestFirst(a, b *parsedRun) int {
	return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(b.ID, a.ID))
}

// mayHaveChanged reports whether any step may have changed something.
func (t *parsedRun) mayHaveChanged() bool {
	return slices.ContainsFunc(t.Steps, func(r model.StepRecord) bool { return mayHaveHappened(r.State) })
}

// mayHaveHappened reports whether a step in that state has changed something, or may have.
func mayHaveHappened(s model.StepState) bool {
	return slices.Contains([]model.StepState{
		model.StepConfirmed, model.StepUnconfirmed, model.StepInDoubt, model.StepRunning,
	}, s)
}
