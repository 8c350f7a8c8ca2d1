package tui

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/requests"
	"github.com/scimdrift/scimdrift/tui/style"
)

// surface is something that an operator can have on the screen.
type surface struct {
	name string
	open func(t *testing.T, change ...func(*Options)) *app
}

func surfaces() []surface {
	on := func(w func() *world, keys ...string) func(*testing.T, ...func(*Options)) *app {
		return func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			a := board(t, w().compare(), 80, 24, change...)
			a.press(keys...)
			return a
		}
	}
	onComparison := func(c *drift.Comparison, keys ...string) func(*testing.T, ...func(*Options)) *app {
		return func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			a := board(t, c, 80, 24, change...)
			a.press(keys...)
			return a
		}
	}
	return append(slices.Concat(repairSurfaces(), bookSurfaces(), connectionSurfaces()), []surface{
		{"drift", on(drifted)},
		{"drift, all rows", on(drifted, "f")},
		{"groups", on(drifted, "2")},
		{"users by name", on(drifted, "3", "s")},
		{"marks, range and filter", on(drifted, "3", "space", "v", "j", "j", "/", "a", "enter")},
		{"filter prompt", on(drifted, "/", "x", "q")},
		{"filter without match", on(drifted, "/", "x", "q", "x", "enter")},
		{"inspect a user", on(drifted, "enter")},
		{"inspect a group", on(drifted, "down", "down", "enter")},
		{"inspect a user's groups", on(drifted, "3", "enter", "tab", "tab", "tab")},
		{"inspect with a filter", on(logged, "enter", "/", "a", "enter")},
		{"inspect a hostile group", on(hostile, "2", "G", "enter")},
		{"inspect a hostile user", on(hostile, "3", "G", "enter")},
		{"inspect a long time line", on(hostileLog, "3", "f", "enter", "G")},
		{"inspect a rule", onComparison(opaque(), "/", "r", "u", "l", "e", "-", "o", "enter", "enter")},
		{"set-up", onComparison(checked(), "4")},
		{"set-up, one check", onComparison(checked(), "4", "enter")},
		{"set-up without checks", onComparison(unchecked(), "4")},
		{"where", onComparison(checked(), "4", "o")},
		{"where, hostile address", onComparison(checked(), "4", "j", "j", "j", "j", "o")},
		{"events", on(logged, "5")},
		{"events of a subject", on(logged, "e")},
		{"events, hostile", on(hostileLog, "5", "f")},
		{"no events", on(func() *world { return newWorld(3, 1) }, "5", "f")},
		{"help", on(drifted, "?")},
		{"palette", on(drifted, ":", "e")},
		{"coverage", on(failedTarget, "c")},
		{"no requests", on(drifted, "@")},
		{"failed target", on(failedTarget)},
		{"failed target, users", on(failedTarget, "3")},
		{"memberships unknown", on(blindMemberships, "2")},
		{"in sync", on(func() *world { return newWorld(3, 1) })},
		{"hostile", on(hostile)},
		{"hostile groups", on(hostile, "2")},
		{"hostile users", on(hostile, "3")},
		{"requests", func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			a := board(t, drifted().compare(), 80, 24, change...)
			a.press("@")
			a.logs(a.top().(*requests.Screen), exchanges())
			return a
		}},
		{"first load", func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			return loadingBoard(t, nil, change...)
		}},
		{"reload", func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			return loadingBoard(t, drifted().compare(), change...)
		}},
		{"nothing could be read", func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			a := loadingBoard(t, nil, change...)
			err := errors.New("the configuration names no app; run `scimdrift doctor`")
			a.Update(readDoneMsg{id: a.Fetch.ID, err: err})
			return a
		}},
	}...)
}

func exchanges() []model.Exchange {
	return []model.Exchange{
		{
			At: noon(), Service: "OneLogin", Method: "GET", Path: "/api/2/users?limit=1000", Status: 200,
			Duration: 120 * time.Millisecond,
		},
		{
			At: noon(), Service: "AWS", Method: "GET", Path: "/Users?cursor", Status: 429,
			Duration: 9 * time.Millisecond,
			Waited:   2 * time.Second,
		},
		{
			At: noon(), Service: "\x1b[2J", Method: "GET", Path: "/\n" + strings.Repeat("x", 400),
			Err: "connection reset\x07",
		},
	}
}

// loadingBoard is in the middle of a load: some parts read, one failed, one waiting.
func loadingBoard(t *testing.T, before *drift.Comparison, change ...func(*Options)) *app {
	t.Helper()
	var a *app
	if before != nil {
		a = board(t, before, 80, 24, change...)
		a.startRead(nil)
	} else {
		opts := testOptions()
		for _, f := range change {
			f(&opts)
		}
		a = newApp(t.Context(), &fakeOutside{}, opts)
		a.Init()
	}
	t.Cleanup(a.Fetch.Cancel)
	a.Update(readProgressMsg{id: a.Fetch.ID, parts: []model.Progress{
		{
			Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 400, Expected: 812,
			Requests: 4,
		},
		{Side: model.SourceSide, Part: model.PartGroups, State: model.PartRead, Done: 40, Requests: 1},
		{
			Side: model.TargetSide, Part: model.PartUsers, State: model.PartReading, Done: 100,
			WaitingUntil: noon().Add(9 * time.Second),
		},
		{
			Side: model.TargetSide, Part: model.PartGroups, State: model.PartFailed,
			Reason: "HTTP 403: \x1b[31m a network rule " + strings.Repeat("x", 300),
		},
	}})
	out, _ := a.outside.(*fakeOutside)
	out.budgets = Budgets{{Known: true, Limit: 5000, Remaining: 4812}}
	return a
}

// TestGeometry sweeps every surface over sizes from 1x1 on: exactly as many lines as the terminal has, each exactly as
// wide by wcwidth, and nothing in them that a terminal could take for a command except styles.
func TestGeometry(t *testing.T) {
	t.Parallel()
	sweep(t, []int{1, 2, 5, 15, 39, 63, 64, 80, 109, 110, 160, 250}, []int{1, 2, 3, 4, 7, 9, 10, 13, 14, 24, 36, 60})
}

// TestGeometryByCluster is the same on a terminal that has said that it counts what is drawn as one (mode 2027). How
// the terminal counts is known once in a program, so this test runs before the parallel ones.
func TestGeometryByCluster(t *testing.T) { //nolint:paralleltest // see above
	a := board(t, hostile().compare(), 80, 24)
	a.Update(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset})
	defer style.SetMethod(ansi.WcWidth)
	if style.Method() != ansi.GraphemeWidth {
		t.Fatal("the terminal's answer was not heard")
	}
	// waits for its parallel tests
	t.Run("sizes", func(t *testing.T) { sweep(t, []int{2, 15, 64, 80, 160}, []int{10, 36}) })
}

// longTable leaves a test out of a short run, which is one under the race detector.
func longTable(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a long table, in which nothing runs beside anything else; go test has it without -short")
	}
}

func sweep(t *testing.T, widths, heights []int) {
	t.Helper()
	longTable(t)
	for _, s := range surfaces() {
		for _, noColor := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, colour %t", s.name, !noColor), func(t *testing.T) {
				t.Parallel()
				a := s.open(t, func(o *Options) { o.NoColor = noColor })
				widths, heights := widths, heights
				if noColor { // how large the screen is makes no difference to that
					widths, heights = []int{15, 80, 160}, []int{10, 36}
				}
				for _, w := range widths {
					for _, h := range heights {
						a.Update(tea.WindowSizeMsg{Width: w, Height: h})
						checkFrame(t, a, w, h, noColor)
						a.press("j")
						checkFrame(t, a, w, h, noColor)
					}
				}
			})
		}
	}
}

var (
	// links are hyperlinks (OSC 8) to addresses of plain characters.
	links  = regexp.MustCompile(`\x1b\]8;;(https?://[!-~]+)?\x07`)
	styles = regexp.MustCompile(`\x1b\[([0-9;]*)m`)
	colour = regexp.MustCompile(`\b(3[0-9]|4[0-9]|9[0-7]|10[0-7])\b`)
)

func checkFrame(t *testing.T, a *app, w, h int, noColor bool) {
	t.Helper()
	v := a.View()
	lines := strings.Split(v.Content, "\n")
	if len(lines) != h {
		t.Fatalf("at %dx%d there are %d lines", w, h, len(lines))
	}
	for i, line := range lines {
		if got := style.Method().StringWidth(line); got != w {
			t.Fatalf("at %dx%d line %d is %d wide: %q", w, h, i, got, line)
		}
		if strings.Contains(line, "U+200E") {
			t.Fatalf("at %dx%d line %d spells out a mark of our own, so that a name was made harmless twice: %q", w, h,
				i, line)
		}
		if at := strings.IndexFunc(styles.ReplaceAllString(links.ReplaceAllString(line, ""), ""),
			unicode.IsControl); at >= 0 {
			t.Fatalf("at %dx%d line %d holds a control character: %q", w, h, i, line)
		}
		for _, sgr := range styles.FindAllStringSubmatch(line, -1) {
			if noColor && colour.MatchString(sgr[1]) {
				t.Fatalf("at %dx%d line %d has a colour in spite of NO_COLOR: %q", w, h, i, line)
			}
		}
	}
	if c := v.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
		t.Fatalf("at %dx%d the cursor is at %d,%d", w, h, c.X, c.Y)
	}
}

// TestNoColorLosesNothing: without colours the same words and signs are on the screen, and the row at the cursor is
// told from the others.
func TestNoColorLosesNothing(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	with := board(t, c, 120, 36)
	without := board(t, c, 120, 36, func(o *Options) { o.NoColor = true })
	bare := func(a *app) string { return strings.NewReplacer("[", " ", "]", " ").Replace(frame(a)) }
	if bare(with) != bare(without) {
		t.Errorf("the texts differ:\n%s\n%s", frame(with), frame(without))
	}
	if !strings.Contains(frame(without), "›") || !strings.Contains(without.View().Content, "\x1b[7m") {
		t.Error("the row at the cursor cannot be told from the others")
	}
}

// TestLayoutStandsStill: when a reload begins and ends, the rows stay on the lines where they were.
func TestLayoutStandsStill(t *testing.T) {
	t.Parallel()
	for _, h := range []int{8, 12, 24, 48} {
		a := board(t, drifted().compare(), 120, h)
		before := a.layout()
		a.press("R")
		if during := a.layout(); during != before {
			t.Errorf("at %d lines a load changed the layout from %+v to %+v", h, before, during)
		}
	}
}

// TestThePreviewPartsNamesFromValues, of whatever a user has that differs.
func TestThePreviewPartsNamesFromValues(t *testing.T) {
	t.Parallel()
	w := drifted()
	w.source.Users[30].FamilyName, w.target.Users[30].FamilyName = "Sooner", "Later"
	w.source.Users[30].GivenName, w.target.Users[30].GivenName = "Early", "Late"
	for _, size := range [][2]int{{120, 36}, {200, 60}} {
		a := board(t, w.compare(), size[0], size[1])
		a.to("kind:user-attributes")
		sees(t, a, "≠ familyName  Sooner", "≠ givenName   Early")
	}
}

// TestLongNamesGetTheRoomThatThereIs: a few names that are longer than nearly all are cut only where the reasons need
// the room.
func TestLongNamesGetTheRoomThatThereIs(t *testing.T) {
	t.Parallel()
	const long = "somebody.with-a-longer-name@corp.example"
	w := drifted()
	w.addUser(long, false)
	for width, whole := range map[int]bool{80: false, 120: false, 240: true} {
		a := board(t, w.compare(), width, 40)
		a.to(long)
		grid := strings.Split(frame(a), "\n")
		row := slices.IndexFunc(grid, func(line string) bool { return strings.HasPrefix(line, "›") })
		if got := strings.Contains(grid[row], long); got != whole {
			t.Errorf("at %d columns the whole name shows: %t\n%s", width, got, grid[row])
		}
	}
}
