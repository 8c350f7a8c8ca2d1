// Package state keeps on disk what is known of a connection between two programs: what was last read of it and how
// large that was, the runbooks under way, snapshots, and with package journal the runs. Files can be read by their
// owner alone, are written in one go, and hold no secret.
package state

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Store is what is kept of one connection.
type Store struct {
	files            FS
	dir, fingerprint string
}

// Open gives the store of the connection with that fingerprint in the state folder. It touches nothing.
func Open(files FS, dir, fingerprint string) *Store {
	return &Store{files: files, dir: dir, fingerprint: fingerprint}
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, s.fingerprint, name) }

const recordSchema = 1

// Record is one value that is kept of a connection, in a file of its own.
type Record[T any] struct {
	store *Store
	// key names the value in the file, and the file.
	key string
	// description says what it is, remedy what to do where it cannot be read, consequence what it means that it cannot
	// be kept, as they stand in an error.
	description, remedy, consequence string
}

// recordOfRead is a record that a read makes, and the next such read again.
func recordOfRead[T any](s *Store, key, read, lost string) Record[T] {
	return Record[T]{s, key, "what is remembered of the last " + read, "the next " + read + " replaces", lost}
}

// Baseline is what is remembered of the last complete read.
func (s *Store) Baseline() Record[model.Baseline] {
	return recordOfRead[model.Baseline](s, "baseline", "complete read",
		"the sizes of this read cannot be remembered (%w), so that a source which shrinks is not noticed after the "+
			"next start")
}

// Health is how the connection stood when it was last read. It lies beside the baseline and not in it: that one holds
// complete parts only and judges plans, while this one is for a list and tells of the last read as it was.
func (s *Store) Health() Record[drift.Health] {
	return recordOfRead[drift.Health](s, "health", "read",
		"how this connection stands cannot be remembered for the list of connections (%w)")
}

// Cost is what the last full read cost.
func (s *Store) Cost() Record[model.ReadCost] {
	return recordOfRead[model.ReadCost](s, "cost", "read",
		"what this read cost cannot be remembered (%w), so that the next start "+
			"cannot say beforehand")
}

func (r Record[T]) file() string { return r.store.path(r.key + ".json") }

// Get gives the value; nil if none is kept. A file that is damaged or of another connection is an error that says what
// replaces it, for a caller to show before it goes on as if there were none.
func (r Record[T]) Get() (*T, error) {
	name := r.file()
	content, err := r.store.files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing is remembered before the first read
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (%w); make %s readable", r.description, err, name)
	}
	var head struct {
		Schema      int    `json:"schema"`
		Fingerprint string `json:"fingerprint"`
	}
	var values map[string]json.RawMessage
	var value *T
	err = cmp.Or(json.Unmarshal(content, &head), json.Unmarshal(content, &values))
	if kept, ok := values[r.key]; ok && err == nil {
		err = json.Unmarshal(kept, &value)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s is damaged (%w); %s %s", r.description, err, r.remedy, name)
	case head.Schema != recordSchema || head.Fingerprint != r.store.fingerprint || value == nil:
		return nil, fmt.Errorf("%s is of another connection, or of another version of scimdrift; %s %s",
			r.description, r.remedy, name)
	}
	return value, nil
}

// Keep keeps a value in the place of the one before. An error says what to do.
func (r Record[T]) Keep(value *T) error {
	s := r.store
	content, err := json.Marshal(map[string]any{"schema": recordSchema, "fingerprint": s.fingerprint, r.key: value})
	if err == nil {
		err = replace(s.files, r.file(), bytes.NewReader(append(content, '\n')))
	}
	if err != nil {
		return fmt.Errorf(r.consequence+"; make %s writable or make room there", err, s.dir)
	}
	return nil
}

// removeFiles removes files of the connection; one that is not there is forgotten already.
func (s *Store) removeFiles(names ...string) (removed bool, err error) {
	for _, name := range names {
		switch err := s.files.Remove(name); {
		case err == nil:
			removed = true
		case !errors.Is(err, fs.ErrNotExist):
			return removed, fmt.Errorf("%w; remove %s by hand", err, name)
		}
	}
	if !removed {
		return false, nil
	}
	return true, s.files.SyncDir(filepath.Dir(names[0]))
}

// Known is the little of the last known reading that can be shown before that itself is there, and when it was last
// used.
type Known struct {
	drift.Summary

	Used time.Time `json:"used"`
}

// Known is the summary of what was last known. It is kept before the reading, so that none is there whose use nobody
// knows.
func (s *Store) Known() Record[Known] {
	return recordOfRead[Known](s, "known", "read", "what was read cannot be kept for the next start (%w)")
}

// Provenance is what readings show of where groups are from. It is apart from them, because a read looks into it, and a
// reading of a large tenant is large.
type Provenance struct {
	// Config is the digest of the configuration of groups that it holds for.
	Config string             `json:"config"`
	Groups []model.Provenance `json:"groups"`
}

// Provenance is what is known of where groups are from.
func (s *Store) Provenance() Record[Provenance] {
	return recordOfRead[Provenance](s, "provenance", "read", "where groups are from cannot be remembered (%w)")
}

// Trend is how the findings came and went over the complete reads.
func (s *Store) Trend() Record[drift.Trend] {
	return recordOfRead[drift.Trend](s, "trend", "complete read",
		"how the findings came and went cannot be remembered (%w)")
}

// ForgetReading removes what was last known of the connection, its sizes and trend aside.
func (s *Store) ForgetReading() error {
	if _, err := s.removeFiles(s.path(readingFile), s.Known().file(), s.Provenance().file()); err != nil {
		return fmt.Errorf("what was last known cannot be removed: %w", err)
	}
	return nil
}

// ForgetReadings removes what was last known of every connection and not used since a time, and tells of how many.
func ForgetReadings(files FS, dir string, before time.Time) (forgotten int, err error) {
	names, err := files.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("what was last known of connections cannot be looked through (%w); make %s readable", err,
			dir)
	}
	var troubles []error
	for _, name := range names {
		s := Open(files, dir, name)
		if _, err := files.ReadDir(filepath.Join(dir, name)); err != nil {
			continue // a file
		}
		if k, err := s.Known().Get(); err == nil && k != nil && !k.Used.Before(before) {
			continue
		}
		switch removed, err := s.removeFiles(s.path(readingFile), s.Known().file()); {
		case err != nil:
			troubles = append(troubles, fmt.Errorf("what was last known cannot be removed: %w", err))
		case removed:
			forgotten++
		}
	}
	return forgotten, errors.Join(troubles...)
}
