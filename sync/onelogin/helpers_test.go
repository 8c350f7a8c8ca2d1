package onelogin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/sync/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a OneLogin that answers what a test says and remembers what it was asked.
type fake struct {
	*http.ServeMux

	mu    sync.Mutex
	asked []string
}

// newFake serves logins; tests add the rest.
func newFake() *fake {
	f := &fake{ServeMux: http.NewServeMux()}
	f.HandleFunc("POST /auth/oauth2/v2/token",
		says(200, `{"access_token":"token-0123456789abcdef","expires_in":36000}`))
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, r.Method+" "+r.URL.RequestURI())
	f.mu.Unlock()
	f.ServeMux.ServeHTTP(w, r)
}

func (f *fake) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.asked...)
}

func says(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// rows answers everything on one page, as a list with its total.
func rows(items ...any) http.HandlerFunc {
	body, err := json.Marshal(items)
	if err != nil || items == nil {
		body = []byte("[]")
	}
	return says(200, string(body), "Total-Count", fmt.Sprint(len(items)), "Total-Pages", "1", "Current-Page", "1")
}

type object = map[string]any

// connect makes a client of app 500 whose retries wait a millisecond at most.
func connect(t *testing.T, h http.Handler, change ...func(*Options)) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	o := Options{
		URL: srv.URL, ClientID: "client-id-0001", ClientSecret: "client-secret-0002", AppID: 500,
		HTTP: transport.Options{
			Backoff: time.Microsecond, MaxBackoff: time.Millisecond, MaxWait: time.Millisecond,
			Recorder: transport.NewRecorder(200),
		},
	}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
