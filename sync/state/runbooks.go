package state

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// The runbooks of a connection that are under way are kept one file a case, so that two programs do not undo each
// other's, and beside them the records that they end with.
const caseFolder = "runbooks"

func (s *Store) caseFile(name string) Record[runbook.Entry] {
	return Record[runbook.Entry]{
		s, caseFolder + "/" + name, "a runbook under way", "to begin it again, remove",
		"this runbook cannot be kept for the next start (%w)",
	}
}

// caseRecord names a case by what it is about, because there is one of each at a time. Names of groups are strangers'
// text, so that they stand in the file and not in its name.
func (s *Store) caseRecord(e runbook.Entry) Record[runbook.Entry] {
	sum := sha256.Sum256([]byte(string(e.Book) + "\x00" + model.Fold(e.Group)))
	return s.caseFile(hex.EncodeToString(sum[:8]))
}

// Cases are those under way, the one begun last first. A file that cannot be read is told in the error, beside
// the others.
func (s *Store) Cases() ([]runbook.Entry, error) {
	names, err := s.files.ReadDir(s.path(caseFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the runbooks under way cannot be read (%w); make %s readable", err, s.path(caseFolder))
	}
	var out []runbook.Entry
	var damage []error
	for _, name := range names {
		name, ours := strings.CutSuffix(name, ".json")
		if !ours {
			continue
		}
		if e, err := s.caseFile(name).Get(); err != nil {
			damage = append(damage, err)
		} else if e != nil { // else it was just dropped
			out = append(out, *e)
		}
	}
	slices.SortStableFunc(out, func(a, b runbook.Entry) int { return b.Begun.Compare(a.Begun) })
	return out, errors.Join(damage...)
}

// KeepCase keeps a case, in the place of an older one of the same book about the same group.
func (s *Store) KeepCase(e runbook.Entry) error { return s.caseRecord(e).Keep(&e) }

// DropCase forgets a case; one that is not there is forgotten already.
func (s *Store) DropCase(e runbook.Entry) error {
	if _, err := s.removeFiles(s.caseRecord(e).file()); err != nil {
		return fmt.Errorf("this runbook will be listed as under way again after the next start: %w", err)
	}
	return nil
}

// RecordCase writes the record of a case to a new file and gives its path. An earlier record is never overwritten.
func (s *Store) RecordCase(book runbook.Name, at time.Time, text []byte) (string, error) {
	dir := filepath.Join(s.dir, "records")
	stem := filepath.Join(dir, at.UTC().Format("20060102-1504")+"-"+string(book))
	name, err := stem+".md", s.files.MkdirAll(dir)
	if err == nil {
		err = writeNew(s.files, name, text)
	}
	for n := 2; errors.Is(err, fs.ErrExist); n++ {
		name = fmt.Sprintf("%s-%d.md", stem, n)
		err = writeNew(s.files, name, text)
	}
	if err == nil {
		err = s.files.SyncDir(dir)
	}
	if err != nil {
		return "", fmt.Errorf("the record cannot be written (%w); make %s writable or make room there", err, dir)
	}
	return name, nil
}
