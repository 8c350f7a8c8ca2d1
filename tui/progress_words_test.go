package tui

import (
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// A target that cannot be reached makes a read wait too, and no rate limit is to blame for it.
func TestAWaitNamesNoReasonThatItMayNotHave(t *testing.T) {
	t.Parallel()
	a := &app{now: noon()}
	got := a.partNow(model.Progress{Part: model.PartUsers, State: model.PartReading, WaitingUntil: noon().Add(2 * time.Second)})
	if want := "users: waits 2 s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
