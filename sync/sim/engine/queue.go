package engine

import (
	"context"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const (
	defaultDelay = 2 * time.Second
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

// job waits in the queue until it is due.
type job struct {
	kind      Kind
	app, user int64
	due       time.Time
}

// Job is a queued job as others see it.
type Job struct {
	Kind Kind      `json:"kind"`
	App  int64     `json:"app"`
	User int64     `json:"user"`
	Due  time.Time `json:"due"`
}

// UserChanged queues what a change to a user starts: user mappings, then the rules of the user's apps. now leaves out
// the delay. Call it with the world locked.
func (e *Engine) UserChanged(user int64, now bool) { e.add(job{kind: UserEvent, user: user}, now) }

// Press queues what a console button does to an app, or to one login of it. Call it with the world locked.
func (e *Engine) Press(button Kind, app, user int64) {
	e.add(job{kind: button, app: app, user: user}, false)
	e.event(world.Event{Type: eventJobInQueue, AppID: app, UserID: user, Notes: string(button)})
}

func (e *Engine) add(j job, now bool) {
	e.mu.Lock()
	delay := e.knobs.Delay
	if delay == 0 {
		delay = defaultDelay
	}
	if now {
		delay = 0
	}
	j.due = e.w.Now().Add(delay)
	e.queue = append(e.queue, j)
	e.mu.Unlock()
	e.poke()
}

// Pending lists the queued jobs in the order in which they came.
func (e *Engine) Pending() []Job {
	e.mu.Lock()
	defer e.mu.Unlock()
	jobs := make([]Job, 0, len(e.queue))
	for _, j := range e.queue {
		jobs = append(jobs, Job{Kind: j.kind, App: j.app, User: j.user, Due: j.due})
	}
	return jobs
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

func (e *Engine) take(anyJob bool) (job, bool, time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.frozen {
		return job{}, false, idle
	}
	next, now := idle, e.w.Now()
	for i, j := range e.queue {
		wait := j.due.Sub(now)
		if anyJob || wait <= 0 {
			e.queue = append(e.queue[:i:i], e.queue[i+1:]...)
			return j, true, 0
		}
		next = min(next, wait)
	}
	return job{}, false, next
}
