package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Set holds the faults in force. Its zero value is ready and has none; it is safe for concurrent use.
type Set struct {
	mu     sync.Mutex
	faults []*activeFault
}

type activeFault struct {
	Fault

	path *regexp.Regexp
}

// Add puts faults in force, behind those that are. If one of them is wrong none is added, and the error says what to
// write in its place.
func (s *Set) Add(faults ...Fault) error {
	fresh := make([]*activeFault, 0, len(faults))
	for _, f := range faults {
		path, err := f.check()
		if err != nil {
			return err
		}
		fresh = append(fresh, &activeFault{f, path})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, fresh...)
	return nil
}

// Clear takes all faults off.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// List returns the faults with their counts, in order.
func (s *Set) List() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		list = append(list, f.Fault)
	}
	return list
}

// dueFault counts the request at the faults that match it and returns the first one that is due, with the waits of the
// slow ones before it. A fault behind the one that strikes does not see the request.
func (s *Set) dueFault(service string, r *http.Request) (due *Fault, wait time.Duration) {
	uri := r.URL.RequestURI()
	if service == AWS {
		uri = "/" + r.Header.Get("X-Amz-Target") // all of its requests have one path
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Service != "" && f.Service != service || f.Method != "" && f.Method != r.Method ||
			!f.path.MatchString(uri) {
			continue
		}
		f.Seen++
		if f.Seen <= f.After || f.Times > 0 && f.Hits >= f.Times {
			continue
		}
		f.Hits++
		wait += time.Duration(f.DelayMS) * time.Millisecond
		if f.Kind != Slow {
			hit := f.Fault
			return &hit, wait
		}
	}
	return nil, wait
}

// Wrap puts the faults in front of a service's handler.
func (s *Set) Wrap(service string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		f, wait := s.dueFault(service, r)
		if Pause(r.Context(), wait) != nil {
			return // the client has gone, and with it the answer and, for a write, the write
		}
		if f == nil {
			next.ServeHTTP(rw, r)
			return
		}
		f.apply(rw, r, service, next)
	})
}

func (f *Fault) apply(rw http.ResponseWriter, r *http.Request, service string, next http.Handler) {
	if a, ok := f.reply(service, r.URL.RequestURI()); ok {
		header := http.Header{"Content-Type": {a.contentType}}
		if f.Kind == Redirect {
			header.Set("Location", f.Location+r.URL.RequestURI())
		}
		f.send(rw, header, a.status, len(a.body), []byte(a.body))
		return
	}
	if f.Kind == Reset {
		abort(rw)
		return
	}
	kept := httptest.NewRecorder()
	next.ServeHTTP(kept, r)
	body := kept.Body.Bytes()
	half := body[:len(body)/2]
	switch f.Kind { //nolint:exhaustive // the rest answer by themselves
	case ResetInBody:
		f.send(rw, kept.Header(), kept.Code, len(body), half)
		// What was written so far has to be on its way, or the client would see no answer at all.
		_ = http.NewResponseController(rw).Flush()
		abort(rw)
	case Truncate:
		f.send(rw, kept.Header(), http.StatusOK, len(half), half)
	case LoseAnswer:
		abort(rw)
	case DoubleRow:
		doubled := withDoubleRow(body)
		f.send(rw, kept.Header(), kept.Code, len(doubled), doubled)
	}
}

// withDoubleRow repeats the first row of an answer that is a list, or of the lists in an envelope. An answer of
// another kind stays.
func withDoubleRow(body []byte) []byte {
	var rows []json.RawMessage
	var envelope map[string]json.RawMessage
	switch {
	case json.Unmarshal(body, &rows) == nil && len(rows) > 0:
		body, _ = json.Marshal(append(rows[:1:1], rows...)) // JSON that was read can be written
	case json.Unmarshal(body, &envelope) == nil:
		for name, value := range envelope {
			if name != "schemas" && bytes.HasPrefix(value, []byte("[")) {
				envelope[name] = withDoubleRow(value)
			}
		}
		body, _ = json.Marshal(envelope)
	}
	return body
}

// send writes an answer that claims to be length bytes long.
func (f *Fault) send(rw http.ResponseWriter, header http.Header, status, length int, body []byte) {
	maps.Copy(rw.Header(), header)
	if f.RetryAfter > 0 {
		rw.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	for name, value := range f.Headers {
		rw.Header().Set(name, value)
	}
	if status != http.StatusNoContent && status != http.StatusNotModified {
		rw.Header().Set("Content-Length", strconv.Itoa(length))
	}
	rw.WriteHeader(status)
	// A client that has gone is no error here.
	_, _ = rw.Write(body)
}

// abort ends the connection with a TCP reset and no answer. Where the connection cannot be had it uses net/http's own
// way of aborting, which closes it.
func abort(rw http.ResponseWriter) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // recovered by net/http without a log line: it is made for this
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes Close send a reset; without it the client would see an ordinary end
	}
	_ = conn.Close() // the connection is meant to be broken
}

// Pause waits; its error is that of a context which ends before.
func Pause(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
