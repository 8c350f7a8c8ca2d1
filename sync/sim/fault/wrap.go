package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

// Wrap puts the faults in front of a service's handler.
func (s *Set) Wrap(service string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		f, wait := s.strike(service, r)
		if Pause(r.Context(), wait) != nil {
			return // the client has gone, and with it the answer and, for a write, the write
		}
		if f == nil {
			next.ServeHTTP(rw, r)
			return
		}
		f.strike(rw, r, service, next)
	})
}

func (f *Fault) strike(rw http.ResponseWriter, r *http.Request, service string, next http.Handler) {
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
	if json.Unmarshal(body, &rows) == nil && len(rows) > 0 {
		return marshalled(append(rows[:1:1], rows...), body)
	}
	var envelope map[string]json.RawMessage
	if json.Unmarshal(body, &envelope) != nil {
		return body
	}
	for name, value := range envelope {
		if name != "schemas" && bytes.HasPrefix(value, []byte("[")) {
			envelope[name] = withDoubleRow(value)
		}
	}
	return marshalled(envelope, body)
}

func marshalled(v any, otherwise []byte) []byte {
	if out, err := json.Marshal(v); err == nil {
		return out
	}
	return otherwise
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
