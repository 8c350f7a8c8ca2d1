package snapshot

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/journal"
)

func cost() remembered[model.ReadCost] {
	return remembered[model.ReadCost]{key: "cost", read: "read"}
}

// LoadCost gives what the last full read of a connection cost; nil if there was none. An error says what replaces the file.
func LoadCost(files journal.FS, dir, fingerprint string) (*model.ReadCost, error) {
	return cost().load(files, dir, fingerprint)
}

// SaveCost keeps what a read cost. An error says what to do.
func SaveCost(files journal.FS, dir, fingerprint string, c *model.ReadCost) error {
	if err := cost().save(files, dir, fingerprint, c); err != nil {
		return fmt.Errorf("what this read cost cannot be remembered (%w), so that the next start cannot say beforehand; make %s writable or make room there", err, dir)
	}
	return nil
}
