package transport

import (
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// EventKind says what an Event tells of.
type EventKind uint8

// The kinds of events.
const (
	// EventAnswer: an attempt has ended, with a status or with an error.
	EventAnswer EventKind = iota
	// EventWait: the client waits before the next attempt.
	EventWait
)

// Event is one step of a request. Query, Err and Why hold no secrets.
type Event struct {
	Kind EventKind
	At   time.Time

	Method, Host, Path string
	// Query is as sent, with secrets masked; it may hold personal data, such as an e-mail filter.
	Query string
	// Attempt counts from 1.
	Attempt int

	// Status, Duration, Bytes and Err belong to an answer; Status is 0 if none arrived. Bytes are those of the
	// decompressed body.
	Status   int
	Duration time.Duration
	Bytes    int
	Err      string
	// Waited is how long this attempt had been held back before it was sent.
	Waited time.Duration
	// Date is the service's clock as the answer told it, in whole seconds, zero if it did not; Budget what it told of
	// its rate limit, if anything.
	Date   time.Time
	Budget model.Budget

	// Until and Why belong to a wait.
	Until time.Time
	Why   string
}

// emailPattern finds addresses, which some servers use as ids too, wherever they stand in a line.
var emailPattern = regexp.MustCompile(`(?i)[^\s/?&=:;,"'<>()]+(?:@|%40)[^\s/?&=:;,"'<>()]+`)

// Line is the event for a log: every query value that could name a person is masked, and every address.
func (e Event) Line() string { return emailPattern.ReplaceAllString(e.line(), mask) }

func (e Event) line() string {
	target := e.Path
	if e.Query != "" {
		target += "?" + maskQuery(e.Query, func(key, value string) string {
			if plainKeys.MatchString(key) {
				return value
			}
			return mask
		})
	}
	head := fmt.Sprintf("%s %s %s%s", e.At.UTC().Format(time.RFC3339Nano), e.Method, e.Host, target)
	switch {
	case e.Kind == EventWait:
		return fmt.Sprintf("%s waits until %s: %s", head, e.Until.UTC().Format(time.RFC3339), e.Why)
	case e.Err != "" && e.Status == 0:
		return fmt.Sprintf("%s try %d failed after %s: %s", head, e.Attempt, e.Duration, e.Err)
	}
	line := fmt.Sprintf("%s try %d -> %d in %s (waited %s), %d bytes", head, e.Attempt, e.Status, e.Duration, e.Waited,
		e.Bytes)
	if e.Err != "" {
		line += ": " + e.Err
	}
	return line
}

// Recorder keeps the last answers for the request log. It is safe for many goroutines.
type Recorder struct {
	mu   sync.Mutex
	ring []Event
	next int
}

// NewRecorder makes a recorder of the last n exchanges (at least 1).
func NewRecorder(n int) *Recorder { return &Recorder{ring: make([]Event, 0, max(n, 1))} }

func (r *Recorder) add(e Event) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ring) < cap(r.ring) {
		r.ring = append(r.ring, e)
		return
	}
	r.ring[r.next] = e
	r.next = (r.next + 1) % len(r.ring)
}

// Exchanges gives a copy of what is kept, oldest first. All are of kind EventAnswer.
func (r *Recorder) Exchanges() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(append(make([]Event, 0, len(r.ring)), r.ring[r.next:]...), r.ring[:r.next]...)
}
