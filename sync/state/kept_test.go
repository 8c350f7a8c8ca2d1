package state_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/modeltest"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/model/setup"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// readingOf takes a comparison apart.
func readingOf(c *drift.Comparison) model.Reading {
	r := model.Reading{Replies: c.Replies, Notes: c.Notes}
	s, t := &c.Source, &c.Target
	r.Source = model.SourceReading{
		SideReading: model.SideReading{
			Kind: s.Kind, Name: s.Name, At: model.AllAt(s.ReadAt), Requests: s.Requests,
			Coverage: s.Coverage, Users: s.Users,
		},
		App: s.App, Roles: s.Roles, Rules: s.Rules, Events: s.Events, Logins: s.Logins,
		Entitlements: s.Entitlements,
	}
	r.Target = model.TargetReading{
		SideReading: model.SideReading{
			Kind: t.Kind, Name: t.Name, At: model.AllAt(t.ReadAt), Requests: t.Requests,
			Coverage: t.Coverage, Users: t.Users,
		},
		Groups: t.Groups, Ignored: t.Ignored, Unreadable: t.Unreadable, Assignments: t.Assignments,
	}
	for g := range t.Groups {
		list := model.MemberList{Unknown: t.Groups[g].MembersUnknown, Hidden: t.Groups[g].MembersHidden}
		for _, u := range t.Members.Of(g) {
			list.IDs = append(list.IDs, t.Users[u].ID)
		}
		r.Target.Members = append(r.Target.Members, list)
	}
	return r
}

// TestWhatIsKeptComparesTheSame whatever was read.
func TestWhatIsKeptComparesTheSame(t *testing.T) {
	t.Parallel()
	exported := cmp.Exporter(func(reflect.Type) bool { return true })
	rapid.Check(t, func(t *rapid.T) {
		r := readingOf(modeltest.Random(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") }))
		strange := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "names")
		for i := range r.Target.Users {
			r.Target.Users[i].DisplayName += strange[i%len(strange)]
		}
		opts := drift.Options{
			Groups: rules.GroupsConfig{From: rapid.SampledFrom([]string{"auto", "rules", "roles"}).Draw(t, "from")},
			Fields: model.FieldSetOf(model.Fields()...), Nudge: rapid.Bool().Draw(t, "nudge"),
		}
		store := state.Open(statetest.New(1), "/state", "0123")
		if err := store.KeepReading(state.Kept{Reading: r}); err != nil {
			t.Fatal(err)
		}
		got, err := store.Reading()
		if err != nil {
			t.Fatal(err)
		}
		want, again := setup.CompareReading(&r, nil, opts), setup.CompareReading(&got.Reading, got.Rosters, opts)
		if diff := cmp.Diff(want, again, exported, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func small(users int) state.Kept {
	r := model.Reading{Source: model.SourceReading{SideReading: model.SideReading{At: model.AllAt(at)}}}
	for i := range users {
		r.Source.Users = append(r.Source.Users, model.User{ID: fmt.Sprint(i), UserName: fmt.Sprint("user", i)})
	}
	r.Source.Roles = []model.Role{{ID: "7", Users: model.MemberList{IDs: []string{"0", "gone"}}}}
	return state.Kept{Reading: r, Groups: "digest"}
}

// TestKeepingThroughCrashes kills at every operation: what is found is the old reading or the new one, and it can be
// replaced.
func TestKeepingThroughCrashes(t *testing.T) {
	t.Parallel()
	summary := func(users int) *state.Known {
		return &state.Known{Summary: drift.Summary{Health: drift.Health{At: at}, Users: [2]int{users, 0}}, Used: at}
	}
	for seed := range uint64(20) {
		for n := 1; ; n++ {
			disk := statetest.New(seed)
			keep := func(users int) error {
				s := state.Open(disk, "/state", "0123")
				return errors.Join(s.Known().Keep(summary(users)), s.KeepReading(small(users)))
			}
			must(t, keep(1))
			disk.CrashAt(n)
			saved := keep(2)
			if saved != nil && !errors.Is(saved, statetest.ErrCrashed) {
				t.Fatal(saved)
			}
			disk = disk.Restart()
			s := state.Open(disk, "/state", "0123")
			got, err := s.Reading()
			as := func(n int) bool { return cmp.Equal(small(n), *got, cmpopts.IgnoreFields(state.Kept{}, "Rosters")) }
			if err != nil || got == nil || !as(2) && (saved == nil || !as(1)) {
				t.Fatalf("seed %d, operation %d: %+v, %v", seed, n, got, err)
			}
			if k, err := s.Known().Get(); err != nil || k == nil || saved == nil && k.Users[0] != 2 {
				t.Fatalf("seed %d, operation %d: %+v, %v", seed, n, k, err)
			}
			must(t, keep(3))
			if saved == nil {
				break
			}
		}
	}
}

// TestAReadingThatCannotBeBelieved: whatever byte of it is changed or lost, it is left aside with a word, and never
// read otherwise.
func TestAReadingThatCannotBeBelieved(t *testing.T) {
	t.Parallel()
	disk := statetest.New(1)
	s := state.Open(disk, "/state", "0123")
	must(t, s.KeepReading(small(2)))
	const file = "/state/0123/reading"
	good, err := disk.ReadFile(file)
	must(t, err)
	refused := func(what string, content []byte) {
		t.Helper()
		disk.WriteFile(file, content)
		if k, err := s.Reading(); k != nil || err == nil || !strings.Contains(err.Error(), "the next read replaces") {
			t.Fatalf("%s: %v, %v", what, k, err)
		}
	}
	for i := range good {
		bent := bytes.Clone(good)
		bent[i] ^= 1
		refused(fmt.Sprint("byte ", i, " changed"), bent)
		refused(fmt.Sprint("cut at ", i), good[:i])
	}
	refused("with more behind it", append(bytes.Clone(good), 0))
	for _, other := range []string{
		"0a1b2c3d\n" + `{"scimdrift_reading":2,"fingerprint":"0123"}` + "\n\x01" + `{"sizes":[1],"sum":7}`,
		`{"scimdrift_reading":5}` + "\n", // and its sum at the front, or of another kind
	} {
		disk.WriteFile(file, []byte(other))
		if _, err := s.Reading(); err == nil || !strings.Contains(err.Error(), "another version") {
			t.Errorf("%q: %v", other, err)
		}
	}
	disk.WriteFile("/state/4567/reading", good)
	if k, err := state.Open(disk, "/state", "4567").Reading(); k != nil || err == nil ||
		!strings.Contains(err.Error(), "another connection") {
		t.Errorf("another's: %v, %v", k, err)
	}
}

func TestAReadingThatCannotBeKept(t *testing.T) {
	t.Parallel()
	for _, op := range []statetest.Op{
		statetest.OpMkdir, statetest.OpCreate, statetest.OpWrite, statetest.OpSync,
		statetest.OpRename, statetest.OpSyncDir,
	} {
		disk := statetest.New(1)
		disk.Fail(func(o statetest.Op, _ string) error {
			if o == op {
				return syscall.ENOSPC
			}
			return nil
		})
		if err := state.Open(disk, "/state", "0123").KeepReading(small(1)); !errors.Is(err, syscall.ENOSPC) ||
			!strings.Contains(err.Error(), "make room") {
			t.Errorf("%s: %v", op, err)
		}
	}
}

// TestOnlyTheOwnerReads what is kept, also where the file was open to others before.
func TestOnlyTheOwnerReads(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	s := state.Open(state.OS(), dir, "0123")
	for range 2 {
		must(t, s.KeepReading(small(1)))
		for path, want := range map[string]os.FileMode{
			dir: 0o700, filepath.Join(dir, "0123"): 0o700,
			filepath.Join(dir, "0123", "reading"): 0o600,
		} {
			info, err := os.Stat(path)
			must(t, err)
			if info.Mode().Perm() != want {
				t.Errorf("%s is %v", path, info.Mode())
			}
		}
		must(t, os.Chmod(filepath.Join(dir, "0123", "reading"), 0o644))
	}
	entries, err := os.ReadDir(filepath.Join(dir, "0123"))
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("something was left beside it: %v", entries)
	}
}

// TestReadingsAreForgotten when they were not used for long, and with them their summaries; nothing else goes.
func TestReadingsAreForgotten(t *testing.T) {
	t.Parallel()
	disk := statetest.New(1)
	now := at.Add(30 * 24 * time.Hour)
	for fingerprint, used := range map[string]time.Time{
		"old": now.Add(-15 * 24 * time.Hour),
		"new": now.Add(-13 * 24 * time.Hour),
	} {
		s := state.Open(disk, "/state", fingerprint)
		must(t, s.Known().Keep(&state.Known{Used: used}))
		must(t, s.KeepReading(small(1)))
		must(t, s.Baseline().Keep(baseline(1)))
	}
	orphan := state.Open(disk, "/state", "orphan")
	must(t, orphan.KeepReading(small(1)))
	disk.WriteFile("/state/records/20261123-0800-lingers.md", nil)
	n, err := state.ForgetReadings(disk, "/state", now.Add(-state.ReadingKept))
	if n != 2 || err != nil {
		t.Errorf("%d forgotten, %v", n, err)
	}
	for fingerprint, stays := range map[string]bool{"old": false, "new": true, "orphan": false} {
		s := state.Open(disk, "/state", fingerprint)
		k, err := s.Reading()
		must(t, err)
		summary, err := s.Known().Get()
		must(t, err)
		if (k != nil) != stays || (summary != nil) != stays {
			t.Errorf("%s: %v, %v", fingerprint, k, summary)
		}
	}
	if b, err := state.Open(disk, "/state", "old").Baseline().Get(); b == nil || err != nil {
		t.Errorf("its sizes are gone: %v", err)
	}
	if n, err := state.ForgetReadings(disk, "/state", now); n != 1 || err != nil {
		t.Errorf("a purge forgets %d, %v", n, err)
	}
	if _, err := disk.ReadFile("/state/records/20261123-0800-lingers.md"); err != nil {
		t.Error(err)
	}
}
