package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/scimdrift/scimdrift/sync/journal"
)

const rememberedSchema = 1

// remembered is one thing that is remembered of a connection between two programs, in a file of its own.
type remembered[T any] struct {
	// key names the value in the file, and the file.
	key string
	// read is the read that it tells of, as it stands in an error.
	read string
}

func (r remembered[T]) file(dir, fingerprint string) string {
	return filepath.Join(dir, fingerprint, r.key+".json")
}

// load gives what is remembered; nil if nothing is. A file that is damaged or of another connection is an error that says what
// replaces it.
func (r remembered[T]) load(files journal.FS, dir, fingerprint string) (*T, error) {
	name := r.file(dir, fingerprint)
	content, err := files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing is remembered before the first read
	}
	if err != nil {
		return nil, fmt.Errorf("what is remembered of the last %s cannot be read (%w); make %s readable", r.read, err, name)
	}
	var head struct {
		Schema      int    `json:"schema"`
		Fingerprint string `json:"fingerprint"`
	}
	var values map[string]json.RawMessage
	var value *T
	err = errors.Join(json.Unmarshal(content, &head), json.Unmarshal(content, &values))
	if kept, ok := values[r.key]; ok && err == nil {
		err = json.Unmarshal(kept, &value)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("what is remembered of the last %s is damaged (%w); the next %s replaces %s", r.read, err, r.read, name)
	case head.Schema != rememberedSchema:
		return nil, fmt.Errorf("%s is of another version of scimdrift; the next %s replaces it", name, r.read)
	case head.Fingerprint != fingerprint || value == nil:
		return nil, fmt.Errorf("%s is not of this connection; the next %s replaces it", name, r.read)
	}
	return value, nil
}

// save keeps a value. A kill at any moment leaves the old file or the new one.
func (r remembered[T]) save(files journal.FS, dir, fingerprint string, value *T) error {
	content, err := json.Marshal(map[string]any{"schema": rememberedSchema, "fingerprint": fingerprint, r.key: value})
	if err != nil {
		return err
	}
	return journal.Replace(files, r.file(dir, fingerprint), append(content, '\n'))
}
