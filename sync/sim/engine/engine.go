// Package engine simulates OneLogin's provisioner: it evaluates rules, keeps login states and pushes users and groups
// to the target over real HTTP, with the requests that OneLogin is known to send. How OneLogin works inside is not
// documented; this is the model that its documented effects allow.
package engine

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Engine runs provisioning jobs against the world's apps. It takes the world's lock for reading and writing state and
// never holds it during a request. Without Start it only runs jobs when RunPending is called.
type Engine struct {
	// SkipUnchanged sends nothing and logs USER_NOT_UPDATED_IN_APP when a login's groups and attributes are those of
	// the last push, even if the target has drifted. The default looks at the target's user and sends its memberships
	// again. The world's lock guards it.
	SkipUnchanged bool
	// Wait pauses after a 429. It returns the context's error when that ends first.
	Wait func(context.Context, time.Duration) error

	w      *world.World
	client *http.Client

	running sync.Mutex // one job at a time

	mu     sync.Mutex
	queue  []Job
	frozen bool
	wake   chan struct{}
	stop   context.CancelFunc
	done   chan struct{}

	// What follows is used by the running job only.

	sent map[int64]string // the last push of each login, by login id
}

// New makes an engine without a goroutine.
func New(w *world.World) *Engine {
	return &Engine{
		w: w, Wait: fault.Pause, wake: make(chan struct{}, 1), sent: map[int64]string{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: 30 * time.Second},
	}
}

// Start runs due jobs in the background until Close, or until ctx ends. It is called once.
func (e *Engine) Start(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	e.mu.Lock()
	defer e.mu.Unlock()
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

// RunPending runs every queued job now, due or not, and those that they queue. It stops early when ctx ends.
func (e *Engine) RunPending(ctx context.Context) error {
	for ctx.Err() == nil {
		if ran, _ := e.runNext(ctx, true); !ran {
			return nil
		}
	}
	return ctx.Err()
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
