package state_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

func minuteOf(minute int) time.Time { return time.Date(2026, 11, 25, 9, minute, 0, 0, time.UTC) }

func lingers(group string, minute int) runbook.Entry {
	return runbook.Entry{Book: runbook.GroupLingers, Group: group, GroupID: "g-" + group, Begun: minuteOf(minute)}
}

func TestCasesOutliveTheProgram(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]state.FS{"memory": statetest.New(1), "machine": state.OS()} {
		dir := t.TempDir()
		s := state.Open(files, dir, "f00")
		if got, err := s.Cases(); len(got) > 0 || err != nil {
			t.Errorf("%s: before the first there are %v, %v", name, got, err)
		}
		odd, plain := lingers("../\x1b[2J|\n", 1), lingers("aws-a", 2)
		general := runbook.Entry{Book: runbook.NothingSynchronised, Begun: minuteOf(3)}
		for _, e := range []runbook.Entry{odd, plain, general} {
			if err := s.KeepCase(e); err != nil {
				t.Fatal(err)
			}
		}
		again := lingers("AWS-a", 4)
		if err := s.KeepCase(again); err != nil { // the same group, with another id
			t.Fatal(err)
		}
		got, err := state.Open(files, dir, "f00").Cases()
		if diff := cmp.Diff([]runbook.Entry{again, general, odd}, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		if got, _ := state.Open(files, dir, "f01").Cases(); len(got) > 0 {
			t.Errorf("%s: another connection has %v", name, got)
		}
		for range 2 {
			if err := s.DropCase(odd); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Cases(); len(got) != 2 || err != nil {
			t.Errorf("%s: after dropping one there are %v, %v", name, got, err)
		}
	}
}

func TestADamagedCaseIsToldBesideTheOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := state.Open(state.OS(), dir, "f00")
	if err := s.KeepCase(lingers("aws-a", 1)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"torn.json": `{"schema":1,"bo`, "later.json": `{"schema":2}`,
		"kept.json.new": "{",
	} {
		if err := os.WriteFile(filepath.Join(dir, "f00", "runbooks", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Cases()
	if len(got) != 1 || err == nil || !strings.Contains(err.Error(), "torn.json") ||
		!strings.Contains(err.Error(), "later.json") {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestARecordIsForItsOwnerAndOverwritesNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := state.Open(state.OS(), dir, "f00")
	seen := map[string]bool{}
	for i := range 3 {
		text := strings.Repeat("x", i+1)
		path, err := s.RecordCase(runbook.GroupLingers, minuteOf(1), []byte(text))
		if err != nil || seen[path] {
			t.Fatalf("%s again, %v", path, err)
		}
		seen[path] = true
		info, err := os.Stat(path)
		got, _ := os.ReadFile(path)
		if err != nil || info.Mode().Perm() != 0o600 || string(got) != text {
			t.Errorf("%s holds %q with mode %v, %v", path, got, info.Mode(), err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := state.Open(state.OS(), filepath.Join(dir, "file"), "fp")
	if _, err := blocked.RecordCase(runbook.GroupLingers, minuteOf(1), nil); err == nil ||
		!strings.Contains(err.Error(), "make ") {
		t.Errorf("a record that cannot be written: %v", err)
	}
	if err := blocked.KeepCase(lingers("aws-a", 1)); err == nil || errors.Unwrap(err) == nil {
		t.Errorf("a case that cannot be kept: %v", err)
	}
}
