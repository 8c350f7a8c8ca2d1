// Package requests keeps what the simulated services were asked, for tests that count and compare.
package requests

import (
	"slices"
	"sync"
)

// Request is one request as a service saw it.
type Request struct {
	// Operation is its name in AWS's documentation, such as "ListUsers" or "AWSIdentityStore.ListUsers"; OneLogin has
	// none.
	Operation string
	Method    string
	// Path and Query are as sent, percent-encoded, the query without its question mark.
	Path, Query string
	// Body is empty under /auth, where it may hold a secret.
	Body   string
	Status int
	Bytes  int // of the answer's body
}

// requestsKept is how many of the latest requests a log keeps at least; the count goes on beyond it.
const requestsKept = 50_000

// Log keeps the latest requests and counts all. Its zero value is ready; it is safe for concurrent use.
type Log struct {
	mu     sync.Mutex
	latest []Request
	total  int
}

// Note adds a request.
func (l *Log) Note(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	if l.latest = append(l.latest, r); len(l.latest) >= 2*requestsKept {
		l.latest = slices.Clone(l.latest[requestsKept:])
	}
}

// Requests gives the requests since the start or the last reset, oldest first; of very many, the latest.
func (l *Log) Requests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.latest)
}

// RequestCount counts them all.
func (l *Log) RequestCount() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

// ResetRequests forgets them.
func (l *Log) ResetRequests() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.latest, l.total = nil, 0
}
