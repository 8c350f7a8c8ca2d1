package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// logged is a tenant with a log: a failed push with a long text, a role that was deleted, and a change of no
// consequence.
func logged() *world {
	w := drifted()
	w.source.Events = append(w.source.Events,
		model.Event{
			ID: "100", At: noon().Add(-time.Hour), Type: model.EventUpdateFailed, AppID: "500001",
			UserID:   w.source.Users[30].ID,
			UserName: "ana.dale30", Text: "AWS answered 400: " + strings.Repeat("the request was not well formed; ",
				8) + "and that is all.",
		},
		model.Event{
			ID: "101", At: noon().Add(-2 * time.Hour), Type: model.EventUpdatedUser, UserID: w.source.Users[31].ID,
			UserName: "old name",
			Actor:    "maya@corp.example",
		})
	return w
}

// hostileLog is a log whose every text tries to break the screen.
func hostileLog() *world {
	w := newWorld(3, 1)
	for i, name := range hostileNames() {
		w.source.Events = append(w.source.Events, model.Event{
			ID: fmt.Sprint(i), At: noon().Add(-time.Duration(i) * time.Hour), Type: model.EventUpdateFailed,
			AppID:  "500001",
			UserID: w.source.Users[0].ID, UserName: name, RoleName: name, Actor: name, Text: name,
		})
	}
	return w
}

// TestEventsNewestFirst, with what an operator needs of each, and the service's words whole in the pane below.
func TestEventsNewestFirst(t *testing.T) {
	t.Parallel()
	a := board(t, logged().compare(), 120, 36)
	a.press("5")
	got := frame(a)
	at := -1
	for _, want := range []string{
		"5 events", "23 Nov 11:00:00 ✗ USER_FAILED_UPDATING_IN_APP", "23 Nov 10:00:00   UPDATED_USER",
		"by maya@corp.example", "ROLE_DELETED",
	} {
		next := strings.Index(got[at+1:], want)
		if next < 0 {
			t.Fatalf("%q does not come next:\n%s", want, got)
		}
		at += next + 1
	}
	if !strings.Contains(got, "and that is all.") {
		t.Errorf("the text of the error is not whole:\n%s", got)
	}
	a.press("f")
	if got := frame(a); !strings.Contains(got, "2 problems") || strings.Contains(got, "ROLE_DELETED") {
		t.Errorf("f does not leave the problems only:\n%s", got)
	}
	a.press("f", "/")
	a.write("maya")
	a.press("enter")
	if got := frame(a); !strings.Contains(got, "/maya  1 match") || strings.Contains(got, "ROLE_DELETED") {
		t.Errorf("the filter does not find who did it:\n%s", got)
	}
}

// TestFromASubjectToItsEventsAndBack, from the board and from the inspector, and from an event to its subject.
func TestFromASubjectToItsEventsAndBack(t *testing.T) {
	t.Parallel()
	for back, inside := range map[string]bool{"esc": false, "q": true} {
		a := board(t, logged().compare(), 120, 36)
		a.press("/")
		a.write("legacy-admins")
		a.press("enter")
		if inside {
			a.press("enter")
		}
		before := frame(a)
		a.press("e")
		if got := frame(a); !strings.Contains(got, "1 event about aws-legacy-admins") ||
			!strings.Contains(got, "ROLE_DELETED") ||
			strings.Contains(got, "UPDATED_USER") {
			t.Fatalf("e does not show the events of the group:\n%s", got)
		}
		a.press("enter")
		if s := a.inspector(); s == nil || s.Title() != "aws-legacy-admins" {
			t.Fatalf("enter does not go to the subject:\n%s", frame(a))
		}
		a.press("q", back)
		if got := frame(a); got != before {
			t.Errorf("%s does not go back to where e was pressed (inspector %t):\n%s\n%s", back, inside, before, got)
		}
	}
}

// TestEventsOfOneEventsSubject: on the log itself, e leaves the events about the one at the cursor, and takes it back.
func TestEventsOfOneEventsSubject(t *testing.T) {
	t.Parallel()
	a := board(t, logged().compare(), 120, 36)
	a.press("5", "e")
	if got := frame(a); !strings.Contains(got, "1 event about ana.dale30@corp.example") {
		t.Errorf("e does not limit the log:\n%s", got)
	}
	a.press("e")
	if got := frame(a); !strings.Contains(got, "5 events") {
		t.Errorf("e does not show all again:\n%s", got)
	}
}

// TestEventOfNobody says so instead of doing nothing.
func TestEventOfNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(3, 1)
	w.source.Events = []model.Event{{ID: "1", At: noon(), Type: model.EventReapplied}}
	a := board(t, w.compare(), 120, 36)
	a.press("5", "enter")
	if got := frame(a); !strings.Contains(got, "names nobody and no group that is on the board") {
		t.Errorf("enter says nothing:\n%s", got)
	}
	a.press("e")
	sees(t, a, aboutNobody)
	a.press("/", "zzz", "enter")
	sees(t, a, `Nothing matches "zzz".`)
	a.press("esc", "f")
	sees(t, a, "No problem in what was read. f shows all events.")
	a.press("3", "e", "f")
	sees(t, a, "No problem about it. f shows its other events, esc goes back.")
}

// TestEventsThatWereNotRead say why, and what to do.
func TestEventsThatWereNotRead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		coverage        model.Coverage
		want, inspected string
	}{
		{
			model.UnknownCoverage("HTTP 403: the credential lacks the scope Read All"),
			"lacks the scope Read All. Press R to read again",
			"OneLogin's events were not read: HTTP 403: the credential",
		},
		{
			model.SkippedCoverage(), "The configuration says not to read events",
			"The configuration says not to read events.",
		},
		{
			model.CompleteCoverage(), "No event of provisioning in the window that was read.",
			"No event about it in what was read.",
		},
	} {
		w := newWorld(3, 1)
		w.source.Coverage[model.PartEvents] = test.coverage
		a := board(t, w.compare(), 160, 36)
		a.press("5")
		if got := frame(a); !strings.Contains(got, test.want) {
			t.Errorf("%q does not show:\n%s", test.want, got)
		}
		a.press("3", "enter", "G")
		sees(t, a, test.inspected)
	}
}

// TestNewEventsMoveNothing: what a reload brings in above leaves the operator on their event, and at the top of the
// list at the top.
func TestNewEventsMoveNothing(t *testing.T) {
	t.Parallel()
	w := logged()
	a := board(t, w.compare(), 120, 36)
	a.press("5", "j", "j")
	at, before := a.events.Chosen().ID, a.events.Unfiltered()
	news := func(id string) {
		w.source.Events = append([]model.Event{
			{ID: id, At: noon().Add(time.Minute), Type: model.EventUpdatedUser},
		}, w.source.Events...)
		a.press("R")
		a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(w.compare())})
	}
	news("200")
	if a.events.Chosen().ID != at || a.events.Unfiltered() != before+1 {
		t.Errorf("the cursor went from %s to %s of %d events", at, a.events.Chosen().ID, a.events.Unfiltered())
	}
	a.press("g")
	news("201")
	if got := a.events.Chosen().ID; got != "201" {
		t.Errorf("at the top the newest event is %s", got)
	}
}
