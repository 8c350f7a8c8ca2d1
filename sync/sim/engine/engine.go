// Package engine simulates OneLogin's provisioner: it evaluates rules, keeps login states and pushes users and groups
// to the target over real HTTP, with the requests that OneLogin is known to send. How OneLogin works inside is not
// documented; this is the model that its documented effects allow.
package engine

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Knobs change the provisioner. The zero value is the default.
type Knobs struct {
	// SkipUnchanged sends nothing and logs USER_NOT_UPDATED_IN_APP when a login's groups and attributes are those of
	// the last push, even if the target has drifted. The default looks at the target's user and sends its memberships
	// again.
	SkipUnchanged bool
}

// Options are what an Engine is made with.
type Options struct {
	Knobs Knobs
	// Wait pauses after a 429; nil waits in real time. It returns the context's error when that ends first.
	Wait func(context.Context, time.Duration) error
}

// Engine runs provisioning jobs against the world's apps. It takes the world's lock for reading and writing state and
// never holds it during a request. Without Start it only runs jobs when RunPending is called.
type Engine struct {
	w      *world.World
	client *http.Client
	wait   func(context.Context, time.Duration) error

	running sync.Mutex // one job at a time

	mu     sync.Mutex
	knobs  Knobs
	queue  []Job
	frozen bool
	wake   chan struct{}
	stop   context.CancelFunc
	done   chan struct{}

	// What follows is used by the running job only.

	sent map[int64]string // the last push of each login, by login id
}

// New makes an engine without a goroutine.
func New(w *world.World, opts Options) *Engine {
	e := &Engine{
		w: w, wait: opts.Wait, knobs: opts.Knobs, wake: make(chan struct{}, 1), sent: map[int64]string{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: 30 * time.Second},
	}
	if e.wait == nil {
		e.wait = fault.Pause
	}
	return e
}

// Start runs due jobs in the background until Close, or until ctx ends.
func (e *Engine) Start(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stop != nil {
		stop()
		return
	}
	e.stop, e.done = stop, make(chan struct{})
	go e.loop(ctx, e.done)
}

// Close ends the running job, waits for the background goroutine and drops connections. Queued jobs stay queued.
func (e *Engine) Close() {
	e.mu.Lock()
	stop, done := e.stop, e.done
	e.stop = nil
	e.mu.Unlock()
	if stop != nil {
		stop()
		<-done
	}
	e.client.CloseIdleConnections()
}

// Freeze holds the queue, or lets it go on: a frozen engine runs nothing, RunPending included.
func (e *Engine) Freeze(frozen bool) {
	e.mu.Lock()
	e.frozen = frozen
	e.mu.Unlock()
	e.poke()
}

// SetKnobs changes the knobs for jobs that begin or are queued from now on.
func (e *Engine) SetKnobs(k Knobs) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.knobs = k
}

// RunPending runs every queued job now, due or not, and those that they queue, and tells how many. It stops early when
// ctx ends.
func (e *Engine) RunPending(ctx context.Context) (int, error) {
	n := 0
	for {
		if err := ctx.Err(); err != nil {
			return n, errors.Join(errors.New("the provisioning jobs were interrupted; run them again"), err)
		}
		ran, _ := e.runNext(ctx, true)
		if !ran {
			return n, nil
		}
		n++
	}
}

func (e *Engine) loop(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	for ctx.Err() == nil {
		ran, next := e.runNext(ctx, false)
		if ran {
			continue
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-e.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (e *Engine) poke() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}
