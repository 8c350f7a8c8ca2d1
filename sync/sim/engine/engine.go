// Package engine simulates OneLogin's provisioner: it evaluates rules, keeps login states and pushes users and groups
// to the target over real HTTP, with the requests that OneLogin is known to send. How OneLogin works inside is not
// documented; this is the model that its documented effects allow.
package engine

import (
	"context"
	"net/http"
	"slices"
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
	e.wakeLoop()
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

func (e *Engine) wakeLoop() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

const (
	// jobDelay is how long a job waits in the queue. OneLogin warns of up to 5 minutes.
	jobDelay = 2 * time.Second
	// idleWait is how long the background goroutine sleeps when nothing is queued; a new job wakes it.
	idleWait = time.Minute
)

// Kind says what a job does.
type Kind string

// The kinds of job. All but UserEvent are buttons of the console.
const (
	UserEvent  Kind = "user-event"
	Refresh    Kind = "refresh"
	Reapply    Kind = "reapply"
	SyncLogins Kind = "sync-logins"
	Approve    Kind = "approve"
	Retry      Kind = "retry"
)

// Job waits in the queue until it is due.
type Job struct {
	Kind      Kind
	App, User int64
	Due       time.Time
}

// UserChanged queues what a change to a user starts: user mappings, then the rules of the user's apps. now leaves out
// the delay. Call it with the world locked.
func (e *Engine) UserChanged(user int64, now bool) { e.enqueue(Job{Kind: UserEvent, User: user}, now) }

// Press queues what a console button does to an app, or to one login of it. Call it with the world locked.
func (e *Engine) Press(button Kind, app, user int64) {
	e.enqueue(Job{Kind: button, App: app, User: user}, false)
	e.appendEvent(world.Event{Type: world.EventJobInQueue, AppID: app, UserID: user, Notes: string(button)})
}

func (e *Engine) enqueue(j Job, now bool) {
	e.mu.Lock()
	if j.Due = e.w.Now(); !now {
		j.Due = j.Due.Add(jobDelay)
	}
	e.queue = append(e.queue, j)
	e.mu.Unlock()
	e.wakeLoop()
}

// Pending lists the queued jobs in the order in which they came.
func (e *Engine) Pending() []Job {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.queue)
}

// runNext runs the first job that is due (any counts as all being due). When none is, it tells how long until the next
// may be.
func (e *Engine) runNext(ctx context.Context, anyJob bool) (ran bool, next time.Duration) {
	e.running.Lock()
	defer e.running.Unlock()
	j, ok, next := e.takeDueJob(anyJob)
	if !ok {
		return false, next
	}
	e.run(ctx, j)
	return true, 0
}

func (e *Engine) takeDueJob(anyJob bool) (Job, bool, time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.frozen {
		return Job{}, false, idleWait
	}
	next, now := idleWait, e.w.Now()
	for i, j := range e.queue {
		wait := j.Due.Sub(now)
		if anyJob || wait <= 0 {
			e.queue = append(e.queue[:i:i], e.queue[i+1:]...)
			return j, true, 0
		}
		next = min(next, wait)
	}
	return Job{}, false, next
}

// appendEvent puts an event at the end of the log, with the names that belong to its ids. The world must be locked.
func (e *Engine) appendEvent(ev world.Event) {
	src := &e.w.Source
	ev.ID, ev.At = e.w.NextID(), e.w.Now()
	if a := src.Apps[ev.AppID]; a != nil {
		ev.AppName = a.Name
	}
	if u := src.Users[ev.UserID]; u != nil && ev.UserName == "" {
		ev.UserName = u.FirstName + " " + u.LastName
	}
	src.Events = append(src.Events, ev)
}

// logEvent is appendEvent for callers that do not hold the lock.
func (e *Engine) logEvent(ev world.Event) {
	e.w.Lock()
	defer e.w.Unlock()
	e.appendEvent(ev)
}
