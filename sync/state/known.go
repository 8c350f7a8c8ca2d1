package state

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Known is the little of the last known reading that can be shown before that itself is there, and when it was last
// used.
type Known struct {
	drift.Summary

	Used time.Time `json:"used"`
}

// Known is the summary of what was last known. It is kept before the reading, so that none is there whose use nobody
// knows.
func (s *Store) Known() Record[Known] {
	return ofRead[Known](s, "known", "read", "what was read cannot be kept for the next start (%w)")
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
	return ofRead[Provenance](s, "provenance", "read", "where groups are from cannot be remembered (%w)")
}

// Trend is how the findings came and went over the complete reads.
func (s *Store) Trend() Record[drift.Trend] {
	return ofRead[drift.Trend](s, "trend", "complete read",
		"how the findings came and went cannot be remembered (%w)")
}

// ForgetReading removes what was last known of the connection, its sizes and trend aside.
func (s *Store) ForgetReading() error {
	if _, err := s.forget(s.path(readingFile), s.Known().file(), s.Provenance().file()); err != nil {
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
		switch removed, err := s.forget(s.path(readingFile), s.Known().file()); {
		case err != nil:
			troubles = append(troubles, fmt.Errorf("what was last known cannot be removed: %w", err))
		case removed:
			forgotten++
		}
	}
	return forgotten, errors.Join(troubles...)
}
