package tui

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/teatest/v2"

	"github.com/scimdrift/scimdrift/model/drift"
)

// live is the real program under the framework's loop, on a terminal in memory. It remembers every frame, so that a
// test can wait for what an operator would see, however the renderer sends it.
type live struct {
	*teatest.TestModel

	t      *testing.T
	app    *app
	frames *frames
}

// frames are all frames drawn so far, without styles.
type frames struct {
	mu    sync.Mutex
	fresh *sync.Cond
	drawn []string
	next  int
	late  bool
}

// watched is the app with every frame noted.
type watched struct {
	*app

	frames *frames
}

func (w watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := w.app.Update(msg)
	return w, cmd
}

func (w watched) View() tea.View {
	v := w.app.View()
	w.frames.mu.Lock()
	w.frames.drawn = append(w.frames.drawn, ansi.Strip(v.Content))
	w.frames.mu.Unlock()
	w.frames.fresh.Broadcast()
	return v
}

func start(t *testing.T, outside Outside, change ...func(*Options)) *live {
	t.Helper()
	opts := testOptions()
	for _, f := range change {
		f(&opts)
	}
	ctx, cancel := context.WithCancel(context.Background())
	a := newApp(ctx, outside, opts)
	a.progressInterval = 0
	f := &frames{}
	f.fresh = sync.NewCond(&f.mu)
	p := &live{teatest.NewTestModel(t, watched{a, f}, teatest.WithInitialTermSize(120, 36)), t, a, f}
	t.Cleanup(func() {
		_ = p.Quit()
		p.WaitFinished(t)
		cancel()
		a.backgroundWork.Lock()
	})
	return p
}

// see waits for a frame with that text, from the last one seen on.
func (p *live) see(text string) {
	p.t.Helper()
	f := p.frames
	timer := time.AfterFunc(30*time.Second, func() {
		f.mu.Lock()
		f.late = true
		f.mu.Unlock()
		f.fresh.Broadcast()
	})
	defer timer.Stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		for ; f.next < len(f.drawn); f.next++ {
			if strings.Contains(f.drawn[f.next], text) {
				return
			}
		}
		if f.late {
			p.t.Fatalf("%q never showed; at last there was:\n%s", text, f.drawn[len(f.drawn)-1])
		}
		f.fresh.Wait()
	}
}

// drawn is every frame so far.
func (p *live) drawn() []string {
	p.frames.mu.Lock()
	defer p.frames.mu.Unlock()
	return slices.Clone(p.frames.drawn)
}

func (p *live) press(keys ...string) {
	for _, k := range keys {
		p.Send(keyOf(k))
	}
}

// held is a load that waits for the test to let it go. It gives up when it is cancelled, like a real one.
type held struct {
	began chan drift.Watch
	let   chan *drift.Comparison
	// deaf makes it ignore the cancellation and answer late.
	deaf bool
}

func newHeld() *held {
	return &held{began: make(chan drift.Watch, 1), let: make(chan *drift.Comparison, 1)}
}

func (h *held) load(ctx context.Context, watch drift.Watch) (*drift.Comparison, error) {
	h.began <- watch
	done := ctx.Done()
	if h.deaf {
		done = nil
	}
	select {
	case c := <-h.let:
		return c, nil
	case <-done:
		return nil, ctx.Err()
	}
}
