package snapshot_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/journal"
	"github.com/scimdrift/scimdrift/sync/journal/journaltest"
	"github.com/scimdrift/scimdrift/sync/snapshot"
)

func baseline(users int) *model.Baseline {
	return &model.Baseline{At: at, Source: map[string]int{"users": users}, Target: map[string]int{"groups": 0}, Groups: "digest"}
}

func TestBaseline(t *testing.T) {
	for name, files := range map[string]journal.FS{"memory": journaltest.New(1), "machine": journal.OS()} {
		dir := t.TempDir()
		if b, err := snapshot.LoadBaseline(files, dir, "0123"); b != nil || err != nil {
			t.Errorf("%s: before the first: %v, %v", name, b, err)
		}
		for users := range 3 {
			must(t, snapshot.SaveBaseline(files, dir, "0123", baseline(users)))
			b, err := snapshot.LoadBaseline(files, dir, "0123")
			must(t, err)
			if diff := cmp.Diff(baseline(users), b); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if b, err := snapshot.LoadBaseline(files, dir, "4567"); b != nil || err != nil {
			t.Errorf("%s: of another: %v, %v", name, b, err)
		}
	}
}

// TestBaselineThroughCrashes kills at every operation: what is found is the old one or the new one, and it can be replaced.
func TestBaselineThroughCrashes(t *testing.T) {
	for seed := range uint64(40) {
		for n := 1; ; n++ {
			disk := journaltest.New(seed)
			must(t, snapshot.SaveBaseline(disk, "/state", "0123", baseline(1)))
			disk.CrashAt(n)
			saved := snapshot.SaveBaseline(disk, "/state", "0123", baseline(2))
			if saved != nil && !errors.Is(saved, journaltest.ErrCrashed) {
				t.Fatal(saved)
			}
			disk = disk.Restart()
			b, err := snapshot.LoadBaseline(disk, "/state", "0123")
			if err != nil || b == nil || cmp.Diff(baseline(2), b) != "" && (saved == nil || cmp.Diff(baseline(1), b) != "") {
				t.Fatalf("seed %d, operation %d: %+v, %v", seed, n, b, err)
			}
			must(t, snapshot.SaveBaseline(disk, "/state", "0123", baseline(3)))
			if saved == nil {
				break
			}
		}
	}
}

func TestABaselineThatCannotBeBelieved(t *testing.T) {
	disk := journaltest.New(1)
	must(t, snapshot.SaveBaseline(disk, "/state", "0123", baseline(1)))
	good, err := disk.ReadFile("/state/0123/baseline.json")
	must(t, err)
	for name, content := range map[string]string{
		"empty": "", "cut short": string(good[:len(good)/2]), "another's": strings.Replace(string(good), "0123", "4567", 1),
		"newer": strings.Replace(string(good), `"schema":1`, `"schema":2`, 1), "nothing": `{"schema":1,"fingerprint":"0123"}`,
	} {
		disk.WriteFile("/state/0123/baseline.json", []byte(content))
		if b, err := snapshot.LoadBaseline(disk, "/state", "0123"); b != nil || err == nil || !strings.Contains(err.Error(), "the next complete read replaces") {
			t.Errorf("%s: %v, %v", name, b, err)
		}
	}
}

func TestABaselineThatCannotBeWritten(t *testing.T) {
	for _, op := range []journaltest.Op{
		journaltest.OpMkdir, journaltest.OpCreate, journaltest.OpWrite, journaltest.OpSync, journaltest.OpRename, journaltest.OpSyncDir,
	} {
		disk := journaltest.New(1)
		disk.Fail(func(o journaltest.Op, _ string) error {
			if o == op {
				return fmt.Errorf("%s: %w", o, syscall.EROFS)
			}
			return nil
		})
		if err := snapshot.SaveBaseline(disk, "/state", "0123", baseline(1)); !errors.Is(err, syscall.EROFS) || !strings.Contains(err.Error(), "make /state writable") {
			t.Errorf("%s: %v", op, err)
		}
	}
}
