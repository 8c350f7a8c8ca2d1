package state_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/state"
)

// TestHealthIsThereAgain for the connection that it is of, and for no other; a damaged file is said.
func TestHealthIsThereAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if h, err := state.Open(state.OS(), dir, "a").Health().Get(); h != nil || err != nil {
		t.Fatalf("before the first read there is %v, %v", h, err)
	}
	want := drift.Health{
		At: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), Complete: true,
		Findings: map[string]int{"high": 2},
	}
	if err := state.Open(state.OS(), dir, "a").Health().Keep(&want); err != nil {
		t.Fatal(err)
	}
	got, err := state.Open(state.OS(), dir, "a").Health().Get()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Error(diff)
	}
	if err := os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	if _, err := state.Open(state.OS(), dir, "b").Health().Get(); err == nil {
		t.Error("the health of one connection was taken for that of another")
	}
	if err := os.WriteFile(filepath.Join(dir, "b", "health.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := state.Open(state.OS(), dir, "b").Health().Get(); err == nil {
		t.Error("a damaged file was read")
	}
}
