package snapshot

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/journal"
)

// health lies beside the baseline and not in it: that one holds complete parts only and judges plans, while this one is for a
// list and tells of the last read as it was.
func health() remembered[model.Health] {
	return remembered[model.Health]{key: "health", read: "read"}
}

// LoadHealth gives how the connection stood when it was last read; nil if it never was. An error says what to do; the next read
// replaces the file in any case.
func LoadHealth(files journal.FS, dir, fingerprint string) (*model.Health, error) {
	return health().load(files, dir, fingerprint)
}

// SaveHealth keeps how the connection stands. An error says what to do.
func SaveHealth(files journal.FS, dir, fingerprint string, h *model.Health) error {
	if err := health().save(files, dir, fingerprint, h); err != nil {
		return fmt.Errorf("how this connection stands cannot be remembered for the list of connections (%w); make %s writable or make room there", err, dir)
	}
	return nil
}
