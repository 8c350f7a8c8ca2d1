package scim

import (
	"slices"
	"sync"
)

// Request is one line of the request log.
type Request struct {
	Operation string // its name in the documentation, "Unsupported", or "" for a path that leads nowhere
	Method    string
	Path      string // as sent, percent-encoded
	Query     string // as sent, without the question mark
	Body      string
	Status    int
	Bytes     int // of the answer's body
}

// record keeps the latest requests and counts all.
type record struct {
	limit int

	mu     sync.Mutex
	latest []Request
	total  int
}

func (l *record) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	if l.latest = append(l.latest, r); len(l.latest) >= 2*l.limit {
		l.latest = slices.Clone(l.latest[len(l.latest)-l.limit:])
	}
}

// Requests returns the latest requests, oldest first, at most as many as Options.KeepRequests.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.latest[max(len(s.log.latest)-s.log.limit, 0):])
}

// RequestCount is the number of requests since the start or the last ResetRequests.
func (s *Server) RequestCount() int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.total
}

// ResetRequests empties the log and sets the count to zero.
func (s *Server) ResetRequests() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.latest, s.log.total = nil, 0
}
