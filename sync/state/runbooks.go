package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

const (
	caseSchema = 1
	caseSuffix = ".json"
)

// Runbooks is where the runbooks of one connection are kept that are under way, one file a case, so that two programs
// do not undo each other's, and the records that they end with.
type Runbooks struct {
	files        FS
	dir, records string
}

// Runbooks gives that of the connection. It touches nothing.
func (s *Store) Runbooks() *Runbooks {
	return &Runbooks{files: s.files, dir: s.path("runbooks"), records: filepath.Join(s.dir, "records")}
}

// entry is the file of a runbook.Entry.
type entry struct {
	Schema  int          `json:"schema"`
	Book    runbook.Name `json:"book"`
	Group   string       `json:"group"`
	GroupID string       `json:"group_id"`
	Begun   time.Time    `json:"begun"`
}

// file names a case by what it is about, because there is one of each at a time. Names of groups are strangers' text,
// so that they stand in the file and not in its name.
func (s *Runbooks) file(e runbook.Entry) string {
	sum := sha256.Sum256([]byte(string(e.Book) + "\x00" + model.Fold(e.Group)))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:8])+caseSuffix)
}

// Entries are the cases under way, the one begun last first. A file that cannot be read is told in the error, beside
// the others.
func (s *Runbooks) Entries() ([]runbook.Entry, error) {
	names, err := s.files.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the runbooks under way cannot be read (%w); make %s readable", err, s.dir)
	}
	var out []runbook.Entry
	var damage []error
	for _, name := range names {
		if !strings.HasSuffix(name, caseSuffix) {
			continue
		}
		e, err := s.read(filepath.Join(s.dir, name))
		if err != nil {
			damage = append(damage, err)
			continue
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b runbook.Entry) int { return b.Begun.Compare(a.Begun) })
	return out, errors.Join(damage...)
}

func (s *Runbooks) read(name string) (runbook.Entry, error) {
	content, err := s.files.ReadFile(name)
	if err != nil {
		return runbook.Entry{}, fmt.Errorf("a runbook under way cannot be read (%w); make %s readable", err, name)
	}
	var e entry
	switch err := json.Unmarshal(content, &e); {
	case err != nil:
		return runbook.Entry{}, fmt.Errorf("a runbook under way is damaged (%w); remove %s, and begin it again", err,
			name)
	case e.Schema != caseSchema || e.Begun.IsZero():
		return runbook.Entry{}, fmt.Errorf("%s is of another version of scimdrift; remove it, and begin the "+
			"runbook again", name)
	}
	return runbook.Entry{Book: e.Book, Group: e.Group, GroupID: e.GroupID, Begun: e.Begun}, nil
}

// Keep keeps a case, in the place of an older one of the same book about the same group.
func (s *Runbooks) Keep(e runbook.Entry) error {
	content, err := json.Marshal(entry{
		Schema: caseSchema, Book: e.Book, Group: e.Group, GroupID: e.GroupID,
		Begun: e.Begun.UTC(),
	})
	if err == nil {
		err = replace(s.files, s.file(e), bytes.NewReader(append(content, '\n')))
	}
	if err != nil {
		return fmt.Errorf("this runbook cannot be kept for the next start (%w); make %s writable or make room there",
			err, s.dir)
	}
	return nil
}

// Drop forgets a case; one that is not there is forgotten already.
func (s *Runbooks) Drop(e runbook.Entry) error {
	err := s.files.Remove(s.file(e))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = s.files.SyncDir(s.dir)
	}
	if err != nil {
		return fmt.Errorf("this runbook will be listed as under way again after the next start (%w); make %s writable",
			err, s.dir)
	}
	return nil
}

// Record writes the record of a case to a new file and gives its path. An earlier record is never overwritten.
func (s *Runbooks) Record(book runbook.Name, at time.Time, text []byte) (string, error) {
	wrong := func(err error) error {
		return fmt.Errorf("the record cannot be written (%w); make %s writable or make room there", err, s.records)
	}
	if err := s.files.MkdirAll(s.records); err != nil {
		return "", wrong(err)
	}
	stem := filepath.Join(s.records, at.UTC().Format("20060102-1504")+"-"+string(book))
	name := stem + ".md"
	for n := 2; ; n++ {
		err := writeNew(s.files, name, text)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", wrong(err)
		}
		name = fmt.Sprintf("%s-%d.md", stem, n)
	}
	if err := s.files.SyncDir(s.records); err != nil {
		return "", wrong(err)
	}
	return name, nil
}
