package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/journal"
)

const baselineSchema = 1

// baseline is the file of a model.Baseline.
type baseline struct {
	Schema      int             `json:"schema"`
	Fingerprint string          `json:"fingerprint"`
	Baseline    *model.Baseline `json:"baseline"`
}

func baselineFile(dir, fingerprint string) string {
	return filepath.Join(dir, fingerprint, "baseline.json")
}

// LoadBaseline gives what is remembered of the last complete read of a connection; nil if nothing is. A file that is damaged
// or of another connection is an error that says so, for a caller to show before it goes on as if there were none.
func LoadBaseline(files journal.FS, dir, fingerprint string) (*model.Baseline, error) {
	name := baselineFile(dir, fingerprint)
	content, err := files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing is remembered before the first complete read
	}
	if err != nil {
		return nil, fmt.Errorf("what is remembered of the last complete read cannot be read (%w); make %s readable", err, name)
	}
	var b baseline
	switch err := json.Unmarshal(content, &b); {
	case err != nil:
		return nil, fmt.Errorf("what is remembered of the last complete read is damaged (%w); the next complete read replaces %s", err, name)
	case b.Schema != baselineSchema:
		return nil, fmt.Errorf("%s is of another version of scimdrift; the next complete read replaces it", name)
	case b.Fingerprint != fingerprint || b.Baseline == nil:
		return nil, fmt.Errorf("%s is not of this connection; the next complete read replaces it", name)
	}
	return b.Baseline, nil
}

// SaveBaseline remembers a complete read. A kill at any moment leaves the old file or the new one.
func SaveBaseline(files journal.FS, dir, fingerprint string, b *model.Baseline) error {
	content, err := json.Marshal(baseline{Schema: baselineSchema, Fingerprint: fingerprint, Baseline: b})
	if err == nil {
		err = journal.Replace(files, baselineFile(dir, fingerprint), append(content, '\n'))
	}
	if err != nil {
		return fmt.Errorf("the sizes of this read cannot be remembered (%w), so that a source which shrinks is not noticed after the next start; make %s writable or make room there", err, dir)
	}
	return nil
}
