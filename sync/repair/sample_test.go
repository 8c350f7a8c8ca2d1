package repair_test

import (
	"os"
	"runtime/debug"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/sample"
)

func TestMain(m *testing.M) {
	if err := sample.Worlds(); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	debug.SetGCPercent(400) // many small worlds
	os.Exit(m.Run())
}
