package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/teatest/v2"
	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
)

func TestMain(m *testing.M) {
	// teatest waits for an interrupt of its own for good.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/charmbracelet/x/exp/teatest/v2.NewTestModel.func2"))
}

func TestFirstLoadShowsProgressThenRowsThenTheRest(t *testing.T) {
	t.Parallel()
	h := newHeld()
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){h.load}})
	watch := <-h.began
	p.see("not begun")
	watch.Part(model.Progress{
		Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 123,
		Expected: 812, Requests: 2,
	})
	p.see("123 of 812")
	w := drifted()
	early := blindMemberships().compare()
	watch.Interim(early)
	p.see("aws-legacy-admins")
	h.let <- w.compare()
	p.see("complete")
	p.see("+ eve.ebert44@corp")
}

func TestEscCancelsALoadAndGoesBack(t *testing.T) {
	t.Parallel()
	h := newHeld()
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(drifted().compare()), h.load}})
	p.see("aws-legacy-admins")
	p.press("R")
	watch := <-h.began
	p.see("esc cancels")
	watch.Interim(newWorld(3, 1).compare())
	watch.Part(model.Progress{
		Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 123,
		Expected: 812,
	})
	p.see("users 123 of 812") // what came with it was taken in
	p.see("14 findings")      // and nothing of it shows: no count dips while a reload streams in
	p.press("esc")
	p.see("Cancelled.")
	p.see("stale: read 30 s ago, the reload just now was cancelled")
	p.see("aws-legacy-admins")
}

// TestCancellingTheFirstLoadKeepsWhatCame: a read that is cancelled never empties a screen. What the first one has
// given stays, with its marks, as provisional as it was; the next read streams in over it.
func TestCancellingTheFirstLoadKeepsWhatCame(t *testing.T) {
	t.Parallel()
	a := loadingBoard(t, nil)
	a.Update(sized(100, 30))
	a.Update(readProgressMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
	a.press("space")
	sees(t, a, "1 marked")
	a.press("esc")
	sees(t, a, "stale: read 30 s ago", "was cancelled", "1 marked", "ana.castle20@corp.example")
	a.press("D")
	sees(t, a, "Not planned, because stale")
	a.press("R")
	a.Update(readProgressMsg{id: a.Fetch.ID, set: rows.NewSet(withoutLegacy())})
	sees(t, a, "13 findings")
}

// TestEscGoesBackBehindAllReloads: what an overtaken load had shown so far is nothing to go back to.
func TestEscGoesBackBehindAllReloads(t *testing.T) {
	t.Parallel()
	first, second := newHeld(), newHeld()
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){
		answer(drifted().compare()), first.load, second.load,
	}})
	p.see("aws-legacy-admins")
	p.press("R")
	watch := <-first.began
	watch.Interim(newWorld(3, 1).compare())
	watch.Part(model.Progress{
		Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 123,
		Expected: 812,
	})
	p.see("users 123 of 812")
	p.press("R")
	<-second.began
	p.press("esc")
	p.see("Cancelled.")
	p.see("aws-legacy-admins")
}

// TestStaleLoadIsDropped: a load that was overtaken answers after the one that overtook it.
func TestStaleLoadIsDropped(t *testing.T) {
	t.Parallel()
	old, renewed := newHeld(), newHeld()
	old.deaf = true
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){
		old.load,
		renewed.load,
	}})
	watch := <-old.began
	p.press("R")
	<-renewed.began
	renewed.let <- drifted().compare()
	p.see("aws-legacy-admins")
	watch.Interim(newWorld(3, 1).compare())
	watch.Part(model.Progress{Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 77})
	old.let <- newWorld(3, 1).compare()
	p.press("2")
	p.see("AWSControlTowerAdmi")
	p.press("q")
	p.WaitFinished(t)
	if got := len(p.app.Set.Comparison.Findings); got != 14 {
		t.Errorf("the late answer of the older load took the board: %d findings", got)
	}
}

func TestAFailedReloadKeepsWhatWasRead(t *testing.T) {
	t.Parallel()
	fails := func(context.Context, drift.Watch) (*drift.Comparison, error) {
		return nil, errors.New("no route to host; check the network")
	}
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(drifted().compare()), fails}})
	p.see("aws-legacy-admins")
	p.press("R")
	p.see("no route to host; check the network")
	p.press("2")
	p.see("AWSControlTowerAdmi")
}

// TestNothingIsLeftOfAFirstRead of which nothing was known when it failed: whatever covers the board outlives that.
func TestNothingIsLeftOfAFirstRead(t *testing.T) {
	t.Parallel()
	nothing := failedTarget()
	for _, part := range model.SourceParts() {
		nothing.source.Coverage[part] = model.UnknownCoverage("HTTP 500")
	}
	for _, key := range []string{"c", "?", "4", "5", "enter", ":"} {
		a := loadingBoard(t, nil)
		a.Update(sized(100, 30))
		a.Update(readProgressMsg{id: a.Fetch.ID, set: rows.NewSet(nothing.compare())})
		a.press("3", key)
		a.Update(readDoneMsg{id: a.Fetch.ID, err: errors.New("the configuration names no app")})
		if lines := a.screenLines(); a.Set != nil || len(lines) != 30 {
			t.Errorf("%s: %d lines", key, len(lines))
		}
		a.press("esc", "esc")
		sees(t, a, "the configuration names no app")
	}
}

func TestNothingReadableSaysWhy(t *testing.T) {
	t.Parallel()
	fails := func(context.Context, drift.Watch) (*drift.Comparison, error) {
		return nil, errors.New("neither side answers; run `scimdrift doctor`")
	}
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){fails}})
	p.see("neither side answers; run `scimdrift doctor`")
}

func TestRefreshReadsTheRowAgain(t *testing.T) {
	t.Parallel()
	w := drifted()
	var asked atomic.Value
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){answer(w.compare())}}
	out.refresh = func(_ context.Context, s model.Subject) (*drift.Comparison, error) {
		asked.Store(s)
		w.target.Users[20].Active = false
		return w.compare(), nil
	}
	p := start(t, out)
	p.see("still active")
	p.press("r")
	p.see("13 findings")
	if s, ok := asked.Load().(model.Subject); !ok || s.Type != model.SubjectUser ||
		s.TargetID != w.target.Users[20].ID {
		t.Errorf("the wrong record was read again: %+v", asked.Load())
	}
}

func TestRefreshThatFailsSaysSo(t *testing.T) {
	t.Parallel()
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(drifted().compare())}}
	out.refresh = func(context.Context, model.Subject) (*drift.Comparison, error) {
		return nil, errors.New("HTTP 429 for a minute; press r later")
	}
	p := start(t, out)
	p.see("still active")
	p.press("r")
	p.see("Not read again: HTTP 429 for a minute; press r later")
}

func TestPaletteDoesAnAction(t *testing.T) {
	t.Parallel()
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(drifted().compare())}})
	p.see("aws-legacy-admins")
	p.press("ctrl+p")
	p.see("Do anything by its name")
	p.Type("tab users")
	p.press("enter")
	p.see("ana.arden0@corp.example     =")
}

func TestCopyGoesToTheTerminalsClipboard(t *testing.T) {
	t.Parallel()
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(drifted().compare())}})
	p.see("aws-legacy-admins")
	p.press("y")
	p.see("Copied 1 name.")
	teatest.WaitFor(t, p.Output(), func(out []byte) bool {
		// ana.castle20@corp.example
		return bytes.Contains(out, []byte("\x1b]52;c;YW5hLmNhc3RsZTIwQGNvcnAuZXhhbXBsZQ=="))
	}, teatest.WithDuration(30*time.Second), teatest.WithCheckInterval(time.Millisecond))
}

// TestInspectorUnderTheLoop: its members, its events and the way back, as an operator goes.
func TestInspectorUnderTheLoop(t *testing.T) {
	t.Parallel()
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(drifted().compare())}})
	p.see("aws-legacy-admins")
	p.press("/")
	p.Type("legacy")
	p.see("1 of 14")
	p.press("enter", "enter")
	p.see("2 only in AWS")
	p.press("e")
	p.see("1 event about aws-legacy-admins")
	p.press("esc")
	p.see("── aws-legacy-admins ─")
}

func TestOpenUnderTheLoop(t *testing.T) {
	t.Parallel()
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison,
		error){answer(drifted().compare())}}
	out.browser = func(string) (bool, error) { return false, nil }
	p := start(t, out)
	p.see("aws-legacy-admins")
	p.press("o")
	p.see("No browser can be opened from here")
	p.press("y")
	p.see("Copied the address.")
}

// TestStatesStreamIn: what comes after the first comparison moves neither the cursor nor the lines, and cancelling it
// keeps what was read.
func TestStatesStreamIn(t *testing.T) {
	t.Parallel()
	h := newHeld()
	p := start(t, &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){h.load}})
	watch := <-h.began
	for _, part := range model.SourceParts() {
		watch.Part(model.Progress{Side: model.SourceSide, Part: part, State: model.PartRead})
	}
	for _, part := range model.TargetParts() {
		watch.Part(model.Progress{Side: model.TargetSide, Part: part, State: model.PartRead})
	}
	watch.Interim(drifted().compare())
	p.see("aws-legacy-admins")
	p.press("/")
	p.Type("zoe")
	p.press("enter")
	p.see("/zoe  1 match")
	p.see("reading details")
	w := drifted()
	w.source.Logins = map[string]model.Login{w.source.Users[812].ID: {ID: "1", State: "provisioning_pending_approval"}}
	watch.Interim(w.compare())
	p.see("waiting for approval")
	p.press("esc")
	p.see("Cancelled.")
	p.see("2 matches")
	p.press("q")
	p.WaitFinished(t)
	if got := p.app.Set.Subject(must(p.app.list().Current()).Row).Name; got != "zoe@corp.example" {
		t.Errorf("the cursor is on %q", got)
	}
	for _, f := range p.app.Set.Comparison.Findings {
		if f.Subject.Name == "zoe@corp.example" && f.Cause != model.CausePendingApproval {
			t.Errorf("cancelling threw away what had come: %s", f.Cause)
		}
	}
}

// TestEndWaitsForReads: a read in flight is cancelled and waited for, so that nothing goes on behind a closed board.
func TestEndWaitsForReads(t *testing.T) {
	t.Parallel()
	h := newHeld()
	var ended atomic.Bool
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){
		func(ctx context.Context, w drift.Watch) (*drift.Comparison, error) {
			defer ended.Store(true)
			return h.load(ctx, w)
		},
	}}
	in, keys := io.Pipe()
	result := make(chan error, 1)
	opts := testOptions()
	go func() {
		result <- Run(t.Context(), out, opts, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithWindowSize(80, 24))
	}()
	<-h.began
	if _, err := keys.Write([]byte("q")); err != nil {
		t.Fatal(err)
	}
	if err := <-result; err != nil {
		t.Errorf("quitting gave an error: %v", err)
	}
	if !ended.Load() {
		t.Error("the board ended before its read did")
	}
	_ = keys.Close()
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	h := newHeld()
	in, keys := io.Pipe()
	defer func() { _ = keys.Close() }()
	result := make(chan error, 1)
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){h.load}}
	opts := testOptions()
	go func() {
		result <- Run(ctx, out, opts, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithWindowSize(80, 24))
	}()
	<-h.began
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("the board ended with %v", err)
	}
}

func TestCtrlCInterrupts(t *testing.T) {
	t.Parallel()
	h := newHeld()
	in, keys := io.Pipe()
	defer func() { _ = keys.Close() }()
	result := make(chan error, 1)
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){h.load}}
	opts := testOptions()
	go func() {
		result <- Run(t.Context(), out, opts, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithWindowSize(80, 24))
	}()
	<-h.began
	if _, err := keys.Write([]byte{3}); err != nil {
		t.Fatal(err)
	}
	if err := <-result; !errors.Is(err, ErrInterrupted) {
		t.Errorf("ctrl-c gave %v", err)
	}
}

// TestPanicRestoresTheTerminal: whatever goes wrong, the operator gets the shell back.
func TestPanicRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	screen := &spyScreen{entered: make(chan struct{})}
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){
		func(context.Context, drift.Watch) (*drift.Comparison, error) {
			<-screen.entered
			panic("a bug in a reader")
		},
	}}
	in, keys := io.Pipe()
	defer func() { _ = keys.Close() }()
	err := Run(t.Context(), out, testOptions(), tea.WithInput(in), tea.WithOutput(screen), tea.WithWindowSize(80, 24))
	if !errors.Is(err, tea.ErrProgramPanic) {
		t.Fatalf("the panic was swallowed: %v", err)
	}
	if text := screen.text.String(); !strings.Contains(text, "\x1b[?1049l") || !strings.Contains(text, "\x1b[?25h") {
		t.Errorf("the terminal was left as it was: %q", text)
	}
}

// spyScreen is a terminal that tells when the program has taken it over.
type spyScreen struct {
	mu      sync.Mutex
	text    bytes.Buffer
	entered chan struct{}
	once    sync.Once
}

func (s *spyScreen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.text.Write(p)
	if bytes.Contains(s.text.Bytes(), []byte("\x1b[?1049h")) {
		s.once.Do(func() { close(s.entered) })
	}
	return n, err
}
