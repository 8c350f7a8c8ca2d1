package transport

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/sync/transport/transporttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server and a client for it with a clock that does not wait and no randomness.
func serve(t *testing.T, h http.HandlerFunc, o Options) (*Client, *transporttest.Clock) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	o.BaseURL = srv.URL
	return client(t, o)
}

func client(t *testing.T, o Options) (*Client, *transporttest.Clock) {
	t.Helper()
	clock := transporttest.NewClock(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	o.Clock = clock
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.jitter = func() float64 { return 0 }
	return c, clock
}

// script answers with one step after the other, and with the last one for ever after.
func script(steps ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	i := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		step := steps[min(i, len(steps)-1)]
		i++
		mu.Unlock()
		step(w, r)
	}
}

func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// cut closes the connection without an answer, after the request has been read.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// half promises more bytes than it sends.
func half(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`[{"id":1},`))
	panic(http.ErrAbortHandler)
}
