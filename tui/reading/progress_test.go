package reading

import (
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// A target that cannot be reached makes a read wait too, and no rate limit is to blame for it.
func TestAWaitNamesNoReasonThatItMayNotHave(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	got := (&State{}).partStatus(&screen.Context{Now: now}, model.Progress{
		Part: model.PartUsers, State: model.PartReading,
		WaitingUntil: now.Add(2 * time.Second),
	})
	if want := "users: waits 2 s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
