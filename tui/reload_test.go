package tui

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/run"
)

// Where a reload would take the last calls of the hour, R asks first, and anything but y leaves the board as it is.
func TestAReloadThatCostsTooMuchAsks(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 140, 30)
	outside, _ := a.outside.(*fakeOutside)
	outside.caution = Caution{Text: "Reading both sides takes about 4,100 calls, and 900 are left"}
	a.press("R")
	if a.Fetch.Active || !strings.Contains(strings.Join(a.screenLines(), "\n"), "about 4,100 calls, and 900 are left") {
		t.Fatalf("it reads without asking, or does not say what it takes: %v", a.Fetch.Active)
	}
	a.press("n")
	if a.Fetch.Active || a.openQuestion() != nil || a.status != "Not read again." {
		t.Errorf("no is not heard: reads %v, says %q", a.Fetch.Active, a.status)
	}
	a.press("R", "y")
	if !a.Fetch.Active {
		t.Error("yes is not heard")
	}
	outside.caution = Caution{}
	b := board(t, drifted().compare(), 140, 30)
	b.press("R")
	if !b.Fetch.Active || b.openQuestion() != nil {
		t.Error("it asks though there is nothing to say")
	}
}

// arrived is a board that was just opened on a connection whose calls are as cautioned.
func arrived(t *testing.T, caution Caution) *app {
	t.Helper()
	outside := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(drifted().compare())}, caution: caution}
	a := newApp(t.Context(), outside, testOptions())
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	a.Init()
	t.Cleanup(func() {
		if a.Fetch.Cancel != nil {
			a.Fetch.Cancel()
		}
	})
	return a
}

func (a *app) shows(text string) bool {
	return strings.Contains(strings.Join(a.screenLines(), "\n"), text)
}

// The first read of a connection that will not get through is asked for, and no leaves a board that says how to read;
// one that will get through is read, and said to be dear.
func TestAFirstReadThatWillNotGetThroughAsks(t *testing.T) {
	t.Parallel()
	const text = "Reading both sides takes about 4,100 calls, and 900 are left"
	a := arrived(t, Caution{Text: text, Short: true})
	if a.Fetch.Active || !a.shows("y reads all the same.") || !a.shows(text) {
		t.Fatalf("it reads without asking, or does not say why it asks: %v", a.Fetch.Active)
	}
	a.press("n")
	if a.Fetch.Active || a.openQuestion() != nil || !a.shows("R reads all the same") || !a.shows("Not read.") {
		t.Errorf("after no it reads %v, or does not say how to", a.Fetch.Active)
	}
	a.press("R", "y")
	if !a.Fetch.Active || a.shows(text) || !a.shows("not begun") {
		t.Error("R and y do not read, or the progress is not shown")
	}
	a.press("esc")
	if a.Fetch.Active || !a.shows("R reads all the same") {
		t.Error("after esc it is not said how to read")
	}
	b := arrived(t, Caution{Text: text, Short: true})
	if b.press("y"); !b.Fetch.Active {
		t.Error("yes is not heard")
	}
	if b := arrived(t, Caution{Text: text}); !b.Fetch.Active || !b.shows(text) {
		t.Error("a read that is dear and possible is not begun at once, or not said to be dear")
	}
	if b := arrived(t, Caution{}); !b.Fetch.Active || b.status != "" {
		t.Error("it does not read, or says something, though there is nothing to say")
	}
}

// The same where the operator comes over from another connection.
func TestComingToAConnectionWithoutCallsAsks(t *testing.T) {
	t.Parallel()
	const text = "Reading both sides takes about 4,100 calls, and 900 are left"
	a := board(t, drifted().compare(), 120, 30)
	there := newWorkspace(&fakeOutside{caution: Caution{Text: text, Short: true}},
		Options{Face: model.Face{Connection: "staging"}, Now: a.opts.Now})
	a.switchWorkspace(there)
	if a.Fetch.Active || a.openQuestion() == nil || !a.shows(text) || !a.shows("staging") {
		t.Errorf("it reads %v, or does not ask where the operator is now", a.Fetch.Active)
	}
	a.press("n")
	if a.Fetch.Active || !a.shows("R reads all the same") {
		t.Error("after no it is not said how to read")
	}
}

// esc is named for the end of a read only where it ends that: on a job's screen it would stop the job.
func TestEscIsNamedForTheReadWhereItEndsThat(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 160, 48)
	a.startRead(nil)
	sees(t, a, "esc cancels")
	a.job = &run.Job{Connection: a.opts.Connection, Plan: &model.Plan{}, Cancel: func() {}, Began: noon()}
	for name, cover := range map[string]func(){
		"a job": a.openJob, "a range": func() { a.press("v") }, "the palette": func() { a.press(":") },
	} {
		cover()
		if strings.Contains(frame(a), "esc cancels") {
			t.Errorf("%s: esc does something else:\n%s", name, frame(a))
		}
		if a.jobOnTop() != nil {
			a.pop()
		} else {
			a.press("esc")
		}
		sees(t, a, "esc cancels")
	}
	a.press("esc")
	sees(t, a, "Cancelled.")
	a.startRead(nil)
	a.press(":")
	a.write("close, dismiss")
	a.press("enter")
	if sees(t, a, "Cancelled."); a.Fetch.Active {
		t.Error("the palette names what esc does, and does something else")
	}
}
