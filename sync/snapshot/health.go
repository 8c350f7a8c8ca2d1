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

const healthSchema = 1

// health is how a connection stood, as a file. It lies beside the baseline and not in it: that one holds complete parts only and
// judges plans, while this one is for a list and tells of the last read as it was.
type health struct {
	Schema      int           `json:"schema"`
	Fingerprint string        `json:"fingerprint"`
	Health      *model.Health `json:"health"`
}

func healthFile(dir, fingerprint string) string {
	return filepath.Join(dir, fingerprint, "health.json")
}

// LoadHealth gives how the connection stood when it was last read; nil if it never was. An error says what to do; the next read
// replaces the file in any case.
func LoadHealth(files journal.FS, dir, fingerprint string) (*model.Health, error) {
	name := healthFile(dir, fingerprint)
	content, err := files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing is remembered before the first read
	}
	if err != nil {
		return nil, fmt.Errorf("what is remembered of the last read cannot be read (%w); make %s readable", err, name)
	}
	var h health
	if err := json.Unmarshal(content, &h); err != nil {
		return nil, fmt.Errorf("what is remembered of the last read is damaged (%w); the next read replaces %s", err, name)
	}
	if h.Schema != healthSchema || h.Fingerprint != fingerprint || h.Health == nil {
		return nil, fmt.Errorf("%s is not of this connection or this version of scimdrift; the next read replaces it", name)
	}
	return h.Health, nil
}

// SaveHealth keeps how the connection stands. An error says what to do.
func SaveHealth(files journal.FS, dir, fingerprint string, h *model.Health) error {
	content, err := json.Marshal(health{Schema: healthSchema, Fingerprint: fingerprint, Health: h})
	if err == nil {
		err = journal.Replace(files, healthFile(dir, fingerprint), append(content, '\n'))
	}
	if err != nil {
		return fmt.Errorf("how this connection stands cannot be remembered for the list of connections (%w); make %s writable or make room there", err, dir)
	}
	return nil
}
