package tui

import (
	"strings"
	"testing"
)

// Where a reload would take the last calls of the hour, R asks first, and anything but y leaves the board as it is.
func TestAReloadThatCostsTooMuchAsks(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 140, 30)
	outside, _ := a.outside.(*fakeOutside)
	outside.caution = "Reading both sides takes about 4,100 calls, and 900 are left"
	a.press("R")
	if a.fetch.active || !strings.Contains(strings.Join(a.screenLines(), "\n"), "about 4,100 calls, and 900 are left") {
		t.Fatalf("it reads without asking, or does not say what it takes: %v", a.fetch.active)
	}
	a.press("n")
	if a.fetch.active || a.question != nil || a.status != "Not read again." {
		t.Errorf("no is not heard: reads %v, says %q", a.fetch.active, a.status)
	}
	a.press("R", "y")
	if !a.fetch.active {
		t.Error("yes is not heard")
	}
	outside.caution = ""
	b := board(t, drifted().compare(), 140, 30)
	b.press("R")
	if !b.fetch.active || b.question != nil {
		t.Error("it asks though there is nothing to say")
	}
}
