package snapshot

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/journal"
)

func baseline() remembered[model.Baseline] {
	return remembered[model.Baseline]{key: "baseline", read: "complete read"}
}

// LoadBaseline gives what is remembered of the last complete read of a connection; nil if nothing is. A file that is damaged
// or of another connection is an error that says so, for a caller to show before it goes on as if there were none.
func LoadBaseline(files journal.FS, dir, fingerprint string) (*model.Baseline, error) {
	return baseline().load(files, dir, fingerprint)
}

// SaveBaseline remembers a complete read. A kill at any moment leaves the old file or the new one.
func SaveBaseline(files journal.FS, dir, fingerprint string, b *model.Baseline) error {
	if err := baseline().save(files, dir, fingerprint, b); err != nil {
		return fmt.Errorf("the sizes of this read cannot be remembered (%w), so that a source which shrinks is not noticed after the next start; make %s writable or make room there", err, dir)
	}
	return nil
}
