package state_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

func baseline(users int) *model.Baseline {
	return &model.Baseline{
		At: at, Source: map[string]int{"users": users}, Target: map[string]int{"groups": 0},
		Groups: "digest",
	}
}

func TestBaseline(t *testing.T) {
	for name, files := range map[string]state.FS{"memory": statetest.New(1), "machine": state.OS()} {
		dir := t.TempDir()
		if b, err := state.Open(files, dir, "0123").Baseline().Get(); b != nil || err != nil {
			t.Errorf("%s: before the first: %v, %v", name, b, err)
		}
		for users := range 3 {
			must(t, state.Open(files, dir, "0123").Baseline().Keep(baseline(users)))
			b, err := state.Open(files, dir, "0123").Baseline().Get()
			must(t, err)
			if diff := cmp.Diff(baseline(users), b); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if b, err := state.Open(files, dir, "4567").Baseline().Get(); b != nil || err != nil {
			t.Errorf("%s: of another: %v, %v", name, b, err)
		}
	}
}

// TestBaselineThroughCrashes kills at every operation: what is found is the old one or the new one, and it can be
// replaced.
func TestBaselineThroughCrashes(t *testing.T) {
	for seed := range uint64(40) {
		for n := 1; ; n++ {
			disk := statetest.New(seed)
			must(t, state.Open(disk, "/state", "0123").Baseline().Keep(baseline(1)))
			disk.CrashAt(n)
			saved := state.Open(disk, "/state", "0123").Baseline().Keep(baseline(2))
			if saved != nil && !errors.Is(saved, statetest.ErrCrashed) {
				t.Fatal(saved)
			}
			disk = disk.Restart()
			b, err := state.Open(disk, "/state", "0123").Baseline().Get()
			if err != nil || b == nil || cmp.Diff(baseline(2), b) != "" &&
				(saved == nil || cmp.Diff(baseline(1), b) != "") {
				t.Fatalf("seed %d, operation %d: %+v, %v", seed, n, b, err)
			}
			must(t, state.Open(disk, "/state", "0123").Baseline().Keep(baseline(3)))
			if saved == nil {
				break
			}
		}
	}
}

func TestABaselineThatCannotBeBelieved(t *testing.T) {
	disk := statetest.New(1)
	must(t, state.Open(disk, "/state", "0123").Baseline().Keep(baseline(1)))
	good, err := disk.ReadFile("/state/0123/baseline.json")
	must(t, err)
	for name, content := range map[string]string{
		"empty": "", "cut short": string(good[:len(good)/2]), "another's": strings.Replace(string(good), "0123", "4567",
			1),
		"newer":   strings.Replace(string(good), `"schema":1`, `"schema":2`, 1),
		"nothing": `{"schema":1,"fingerprint":"0123"}`,
	} {
		disk.WriteFile("/state/0123/baseline.json", []byte(content))
		if b, err := state.Open(disk, "/state", "0123").Baseline().Get(); b != nil || err == nil ||
			!strings.Contains(err.Error(), "the next complete read replaces") {
			t.Errorf("%s: %v, %v", name, b, err)
		}
	}
}

func TestABaselineThatCannotBeWritten(t *testing.T) {
	for _, op := range []statetest.Op{
		statetest.OpMkdir, statetest.OpCreate, statetest.OpWrite, statetest.OpSync, statetest.OpRename,
		statetest.OpSyncDir,
	} {
		disk := statetest.New(1)
		disk.Fail(func(o statetest.Op, _ string) error {
			if o == op {
				return fmt.Errorf("%s: %w", o, syscall.EROFS)
			}
			return nil
		})
		if err := state.Open(disk, "/state", "0123").Baseline().Keep(baseline(1)); !errors.Is(err, syscall.EROFS) ||
			!strings.Contains(err.Error(), "make /state writable") {
			t.Errorf("%s: %v", op, err)
		}
	}
}
