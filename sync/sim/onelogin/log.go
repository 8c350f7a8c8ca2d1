package onelogin

import (
	"strings"
	"sync"
)

// logCap is how many requests the log keeps; the count goes on beyond it.
const logCap = 20000

// Request is one request as the server saw it, for tests that count and compare.
type Request struct {
	Method, Path, Query string
	// Body is empty under /auth, where it may hold a secret.
	Body     string
	Status   int
	Bytes    int // of the answer's body
	ClientID string
}

type requestLog struct {
	mu    sync.Mutex
	count int
	kept  []Request
}

func (l *requestLog) add(c *call, a answer) {
	r := Request{Method: c.req.Method, Path: c.req.URL.Path, Query: c.req.URL.RawQuery, Status: a.status, Bytes: len(a.body)}
	if !strings.HasPrefix(r.Path, "/auth/") {
		r.Body = string(c.body)
	}
	if c.cred != nil {
		r.ClientID = c.cred.ClientID
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	if len(l.kept) >= logCap {
		l.kept = append(l.kept[:0], l.kept[logCap/2:]...)
	}
	l.kept = append(l.kept, r)
}

// Requests gives the requests served since the start or the last reset, oldest first; of very many, the newest.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return append([]Request(nil), s.log.kept...)
}

// RequestCount counts them all.
func (s *Server) RequestCount() int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.count
}

// ResetRequests forgets them.
func (s *Server) ResetRequests() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.count, s.log.kept = 0, nil
}
