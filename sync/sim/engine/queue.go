package engine

import (
	"context"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const (
	// delay is how long a job waits in the queue. OneLogin warns of up to 5 minutes.
	delay = 2 * time.Second
	// idle is how long the background goroutine sleeps when nothing is queued; a new job wakes it.
	idle = time.Minute
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
func (e *Engine) UserChanged(user int64, now bool) { e.add(Job{Kind: UserEvent, User: user}, now) }

// Press queues what a console button does to an app, or to one login of it. Call it with the world locked.
func (e *Engine) Press(button Kind, app, user int64) {
	e.add(Job{Kind: button, App: app, User: user}, false)
	e.event(world.Event{Type: world.EventJobInQueue, AppID: app, UserID: user, Notes: string(button)})
}

func (e *Engine) add(j Job, now bool) {
	e.mu.Lock()
	if j.Due = e.w.Now(); !now {
		j.Due = j.Due.Add(delay)
	}
	e.queue = append(e.queue, j)
	e.mu.Unlock()
	e.poke()
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
	j, ok, next := e.take(anyJob)
	if !ok {
		return false, next
	}
	e.run(ctx, j)
	return true, 0
}

func (e *Engine) take(anyJob bool) (Job, bool, time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.frozen {
		return Job{}, false, idle
	}
	next, now := idle, e.w.Now()
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

// event puts an event at the end of the log, with the names that belong to its ids. The world must be locked.
func (e *Engine) event(ev world.Event) {
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

// say is event for callers that do not hold the lock.
func (e *Engine) say(ev world.Event) {
	e.w.Lock()
	defer e.w.Unlock()
	e.event(ev)
}
