package state_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/state"
)

// TestATokenIsKnownAgain: each of several by its own first day, in another program too, and nothing on disk tells it.
func TestATokenIsKnownAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func() *state.Store { return state.Open(state.OS(), dir, "0123456789abcdef") }
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if first, err := open().TokenFirstSeen("one"); err != nil || !first.IsZero() {
		t.Fatalf("before anything was kept: %s, %v", first, err)
	}
	for i, token := range []string{"one", "two", "one", "three"} {
		if err := open().KeepToken(token, began.AddDate(0, i, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for token, want := range map[string]time.Time{
		"one": began, "two": began.AddDate(0, 1, 0),
		"three": began.AddDate(0, 3, 0), "four": {},
	} {
		if got, err := open().TokenFirstSeen(token); err != nil || !got.Equal(want) {
			t.Errorf("%s: %s, %v; want %s", token, got, err, want)
		}
	}
	name := filepath.Join(dir, "0123456789abcdef", "token.json")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"one", "two", "three"} {
		if strings.Contains(string(text), token) {
			t.Errorf("the token stands in the file: %s", text)
		}
	}
	// Another connection's salt is another, so that one token cannot be followed from one to the next.
	other := state.Open(state.OS(), dir, "fedcba9876543210")
	if err := other.KeepToken("one", began); err != nil {
		t.Fatal(err)
	}
	there, err := os.ReadFile(filepath.Join(dir, "fedcba9876543210", "token.json"))
	if err != nil || mark(t, there) == mark(t, text) {
		t.Errorf("two connections know a token by one mark: %v", err)
	}
	if err := os.WriteFile(name, []byte(`{"schema":1,"fingerprint":"0123456789abcdef","token":{"salt":5}}`),
		0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open().TokenFirstSeen("one"); err == nil || !strings.Contains(err.Error(), "replaces") {
		t.Errorf("a damaged file: %v", err)
	}
	if err := open().KeepToken("one", began); err != nil {
		t.Error(err)
	}
	if got, err := open().TokenFirstSeen("one"); err != nil || !got.Equal(began) {
		t.Errorf("after it was damaged: %s, %v", got, err)
	}
}

func mark(t *testing.T, text []byte) string {
	t.Helper()
	_, rest, found := strings.Cut(string(text), `"mark":"`)
	if !found || len(rest) < 16 {
		t.Fatalf("no mark: %s", text)
	}
	return rest[:16]
}
