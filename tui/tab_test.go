package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// checked is a tenant with a check of each result, and names that try to break the screen in what was seen.
func checked() *drift.Comparison {
	c := drifted().compare()
	c.Checks = []model.Check{
		{ID: model.SetupTargetURL, Result: model.CheckFine, Seen: "the base URL has the right form"},
		{
			ID: model.SetupPendingApprovals, Result: model.CheckMend, Seen: "2 tasks wait for approval: " +
				strings.Join(hostileNames(), ", "),
			Todo: "Open the app's users, click Pending, and approve.",
			Link: "https://acme.onelogin.com/apps/500001/edit/",
			Menu: "OneLogin > Applications > the app > Users > Pending > Approve",
		},
		{
			ID: model.SetupDeleteMode, Result: model.CheckLook, Seen: "the API does not show it",
			Todo: "Look under Provisioning.", Menu: "OneLogin > the app",
		},
		{
			ID: model.SetupClockSkew, Result: model.CheckUnknown, Seen: "not asked", Todo: "Run doctor.",
			Link: "https://evil\x1b]8;;\x07.example/",
		},
	}
	return c
}

func TestSetupTabListsWhatIsToMendFirst(t *testing.T) {
	t.Parallel()
	a := board(t, checked(), 120, 36)
	a.press("4")
	got := frame(a)
	at := -1
	for _, want := range []string{
		"Setup 1", "✗ mend", "→ look", "? unknown", "= fine",
		"Next: Open the app's users, click Pending, and approve.", "Menu: OneLogin > Applications",
		"https://acme.onelogin.com/apps/500001/edit/",
	} {
		next := strings.Index(got[at+1:], want)
		if next < 0 {
			t.Fatalf("%q does not come next:\n%s", want, got)
		}
		at += next + 1
	}
	a.press("f")
	if got := frame(a); strings.Contains(got, "= fine") || !strings.Contains(got, "✗ mend") {
		t.Errorf("f does not leave out what is fine:\n%s", got)
	}
	a.press("f", "/")
	a.write("clocks")
	a.press("enter")
	if got := frame(a); !strings.Contains(got, "Clocks") || strings.Contains(got, "Pending approvals") ||
		!strings.Contains(got, "/clocks  1 match") {
		t.Errorf("the filter does not find the check:\n%s", got)
	}
}

func TestCheckInFullFollowsAReload(t *testing.T) {
	t.Parallel()
	a := board(t, checked(), 80, 24)
	a.press("4", "enter")
	if got := frame(a); !strings.Contains(got, "── Pending approvals ─") ||
		!strings.Contains(got, "setup-pending-approvals") {
		t.Fatalf("enter does not open the check:\n%s", got)
	}
	c := checked()
	c.Checks[1].Result, c.Checks[1].Seen = model.CheckFine, "nobody waits for approval"
	a.press("R")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(c)})
	if got := frame(a); !strings.Contains(got, "= fine") || !strings.Contains(got, "nobody waits for approval") {
		t.Errorf("the check is not shown as it is now:\n%s", got)
	}
	a.press("q")
	if got := a.setup.Chosen().ID; got != model.SetupPendingApprovals {
		t.Errorf("the cursor went from its check to %q", got)
	}
	a.press("enter")
	a.reads(unchecked(), nil)
	sees(t, a, "This was not checked in the last read. q goes back.")
	a.press("q")
	for i := range c.Checks {
		c.Checks[i].Result = model.CheckFine
	}
	a.reads(c, nil)
	a.press("f")
	sees(t, a, "Every check is fine. Press f to see them all.")
	a.press("f", "/", "zzz", "enter")
	sees(t, a, `Nothing matches "zzz".`)
}

// TestOpenShowsTheWay: whether a browser comes up or not, address and menu path show.
func TestOpenShowsTheWay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		opened bool
		err    error
		want   string
	}{
		{"opened", true, nil, "Opened in your browser."},
		{"over SSH", false, nil, "No browser can be opened from here"},
		{
			"failed", false, fmt.Errorf("no xdg-open; follow the link by hand"),
			"No browser was opened: no xdg-open; follow the link by hand",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := board(t, checked(), 120, 36)
			asked := ""
			a.outside.(*fakeOutside).browser = func(address string) (bool, error) {
				asked = address
				return test.opened, test.err
			}
			a.press("4")
			_, cmd := a.Update(keyOf("o"))
			a.Update(cmd())
			got := frame(a)
			for _, want := range []string{
				test.want, "Menu: OneLogin > Applications > the app",
				"https://acme.onelogin.com/apps/500001/edit/",
			} {
				if !strings.Contains(got, want) {
					t.Errorf("%q does not show:\n%s", want, got)
				}
			}
			if asked != "https://acme.onelogin.com/apps/500001/edit/" {
				t.Errorf("%q was opened", asked)
			}
			if !strings.Contains(a.View().Content, "\x1b]8;;"+asked+"\x07") {
				t.Error("the address is no hyperlink")
			}
		})
	}
}

// TestOpenFromARow leads to the button of the best repair in the console.
func TestOpenFromARow(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	place, ok := a.focusedLocation()
	if !ok || !strings.HasSuffix(place.Menu, fmt.Sprintf("place %d", model.PlaceReapply)) {
		t.Errorf("o leads to %+v", place)
	}
	a.press("enter", "G")
	if inside, _ := a.focusedLocation(); inside != place || !strings.Contains(frame(a), "Menu: "+place.Menu) {
		t.Errorf("the inspector leads to %+v:\n%s", inside, frame(a))
	}
}

// TestTabsAreSix in their order, by number and by turning.
func TestTabsAreSix(t *testing.T) {
	t.Parallel()
	a := board(t, checked(), 120, 36)
	for i, name := range []string{"Drift", "Groups", "Users", "Setup", "Events", "History"} {
		a.press(fmt.Sprint(i + 1))
		if a.tab != tab(i) || a.tabName(a.tab) != name {
			t.Errorf("%d opens %s", i+1, a.tabName(a.tab))
		}
	}
	a.press("tab")
	if a.tab != tabDrift {
		t.Errorf("after the last tab comes %d", a.tab)
	}
	a.press("left")
	if a.tab != tabHistory {
		t.Errorf("before the first tab comes %d", a.tab)
	}
}

// TestLowPaneShowsWhatToDo: however much a check has seen, at 80x24 the pane shows the beginning of it, and what to do.
func TestLowPaneShowsWhatToDo(t *testing.T) {
	t.Parallel()
	a := board(t, checked(), 80, 24)
	a.press("4")
	_, pane, _ := strings.Cut(frame(a), "── Pending approvals ─")
	for _, want := range []string{
		"2 tasks wait for approval", "Next: Open the app's users", "Menu: OneLogin",
		"https://acme.onelogin.com/",
	} {
		if !strings.Contains(pane, want) {
			t.Errorf("the pane does not show %q:\n%s", want, pane)
		}
	}
}

// TestTheTableOfAttributesStandsInSetup: below the list and in full, with whom it leaves without a tag.
func TestTheTableOfAttributesStandsInSetup(t *testing.T) {
	t.Parallel()
	c := checked()
	c.Checks = []model.Check{{
		ID: model.SetupAccessAttributes, Result: model.CheckLook, Seen: "no value for 2 users", Todo: "Fill the field.",
		Attributes: []model.AccessAttribute{
			{
				Name: "https://aws.amazon.com/SAML/Attributes/AccessControl:Team", Key: "Team", Behind: "department",
				InAssertion: model.Yes,
				Without:     []string{"ana@corp.example", "\x1b[2Jben"},
			},
			{Name: "AccessControl:Cost\nforged", InAssertion: model.No, Wrong: []string{"does not begin right"}},
		},
	}}
	for _, size := range []struct{ width, height int }{{120, 36}, {80, 24}} {
		a := board(t, c, size.width, size.height)
		a.press("4", "enter")
		got := frame(a)
		for _, want := range []string{
			"Field name", "Tag key", "Taken from", "Flag", "Sent", "No value",
			"…AccessControl:Team", "does not begin right", "department has no value for 2 users: ana@corp.example",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%d×%d: %q does not show:\n%s", size.width, size.height, want, got)
			}
		}
		if strings.Contains(got, "\x1b[2J") || strings.Contains(got, "\nforged") {
			t.Errorf("a name got through:\n%s", got)
		}
	}
}

// TestTheHeaderWarnsOfATokenThatEnds, from seven days before on and on every tab.
func TestTheHeaderWarnsOfATokenThatEnds(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]string{
		8 * 24 * time.Hour:         "",
		5*24*time.Hour + time.Hour: "SCIM token ends in 5 days", -time.Hour: "SCIM token has ended",
	} {
		c := checked()
		a := board(t, c, 80, 24)
		c.TokenEnd = model.TokenEnd{At: a.now.Add(left), By: model.TokenConfigured}
		a = board(t, c, 80, 24)
		for _, tab := range []string{"1", "4"} {
			a.press(tab)
			first, _, _ := strings.Cut(frame(a), "\n")
			if got := strings.Contains(first, "SCIM token"); got != (want != "") || !strings.Contains(first, want) {
				t.Errorf("%s left: %q", left, first)
			}
		}
	}
}

// TestTheBoardBeginsOnAFinding, also where its heading is folded; else it says what is in the way, once all is read.
func TestTheBoardBeginsOnAFinding(t *testing.T) {
	t.Parallel()
	const id, ids = "group-lingering/aws-legacy-admins", "scimdrift check -o json prints the ids."
	for _, c := range []struct {
		id, filter, said string
		on               bool
	}{
		{id: id, on: true},
		{id, "kind:user-unsynced", "The filter hides the finding " + id + ": esc clears it.", false},
		{id + "s", "", "There is no finding " + id + "s; did you mean " + id + "? " + ids, false},
		{"nonsense", "", "There is no finding nonsense. " + ids, false},
	} {
		a := newApp(t.Context(), &fakeOutside{}, testOptions())
		a.startFinding = c.id
		_ = a.list().SetFilter(c.filter)
		a.Update(sized(160, 36))
		a.Init()
		t.Cleanup(a.Fetch.Cancel)
		a.list().Use(rows.NewSet(drifted().compare()))
		a.list().FoldAll()
		known := yesterdays()
		known.target.Groups, known.targetIDs = known.target.Groups[:40], known.targetIDs[:40] // as yet without it
		a.Update(readProgressMsg{id: a.Fetch.ID, known: rows.NewSet(known.compare())})
		if a.startFinding == "" {
			t.Errorf("%s: what was known is enough to say %q", c.id, a.status)
		}
		a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
		on := a.list().CurrentID() == rows.FindingID(c.id)
		if on != c.on || a.status != c.said || a.startFinding != "" {
			t.Errorf("%s: the cursor is on it: %t, and it says %q, want %q", c.id, on, a.status, c.said)
		}
	}
}

// TestWhatIsSaidGoesAway after a while, what did not work after a longer one; where the screen is read aloud nothing
// does.
func TestWhatIsSaidGoesAway(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		say   func(a *app)
		plain bool
		after []int
		stays []bool
	}{
		{say: func(a *app) { a.press("s") }, after: []int{5, 15}, stays: []bool{true, false}},
		{
			say:   func(a *app) { a.tell(func() { a.buttonPressed("", errors.New("no")) }) },
			after: []int{15, 45}, stays: []bool{true, false},
		},
		{say: func(a *app) { a.press("s") }, plain: true, after: []int{60}, stays: []bool{true}},
		{
			say: func(a *app) { // pressed again it is said anew
				a.press("[")
				later := noon().Add(8 * time.Second)
				a.opts.Now = func() time.Time { return later }
				a.press("[")
			},
			after: []int{15, 20}, stays: []bool{true, false},
		},
	} {
		a := board(t, drifted().compare(), 120, 36, func(o *Options) { o.Plain = c.plain })
		c.say(a)
		for i, after := range c.after {
			a.opts.Now = func() time.Time { return noon().Add(time.Duration(after) * time.Second) }
			a.Update(minuteMsg{})
			if (a.status != "") != c.stays[i] {
				t.Errorf("after %d s it says %q", after, a.status)
			}
		}
	}
}
