package load_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
)

// reply is one answer to a GET, as a service gave it.
type reply struct {
	key    string
	status int
	header http.Header
	body   []byte
}

// liar stands between the clients and both services. It takes down every answer to a GET and bends one of them.
type liar struct {
	source, target http.Handler

	mu    sync.Mutex
	seen  map[string]int
	taken []reply
	// key and nth are the answer to bend, always every later one to the same question too. bend is given a copy.
	key    string
	nth    int
	always bool
	bend   func(*reply)
	bent   int
}

// keyOf names a question by what stays the same from one load to the next: cursors and times do not.
func keyOf(r *http.Request) string {
	q := r.URL.Query()
	for _, name := range []string{"cursor", "after_cursor", "since", "until"} {
		if q.Has(name) {
			q.Set(name, "…")
		}
	}
	query, _ := url.QueryUnescape(q.Encode())
	return r.URL.Path + "?" + query
}

// ServeHTTP gives each question to its service, and bends the answer that was drawn.
func (l *liar) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	service := l.target
	if strings.HasPrefix(r.URL.Path, "/auth/") || strings.HasPrefix(r.URL.Path, "/api/") {
		service = l.source
	}
	if r.Method != http.MethodGet {
		service.ServeHTTP(rw, r)
		return
	}
	kept := httptest.NewRecorder()
	service.ServeHTTP(kept, r)
	a := reply{key: keyOf(r), status: kept.Code, header: kept.Header(), body: kept.Body.Bytes()}
	l.mu.Lock()
	at := l.seen[a.key]
	l.seen[a.key]++
	if l.bend == nil {
		l.taken = append(l.taken, a)
	} else if a.key == l.key && (at == l.nth || at > l.nth && l.always) {
		l.bent++
		a.header, a.body = a.header.Clone(), bytes.Clone(a.body)
		l.bend(&a)
	}
	l.mu.Unlock()
	a.header.Del("Content-Length")
	maps.Copy(rw.Header(), a.header)
	rw.WriteHeader(a.status)
	_, _ = rw.Write(a.body) // a client that has gone does not mind
}

// begin makes the liar honest, or has it bend one answer.
func (l *liar) begin(at *choice) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen, l.taken, l.bent, l.bend = map[string]int{}, nil, 0, nil
	if at != nil {
		l.key, l.nth, l.always, l.bend = at.key, at.nth, at.always, at.apply
	}
}

// answers are those of the honest load: the nth to each question.
func (l *liar) answers() []reply {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.taken
}
