package onelogin

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// tokens is a login that gives tokens "token-000000000000001", …, and accepts only the one in force.
type tokens struct {
	logins  atomic.Int32
	current atomic.Int32
	valid   atomic.Int32 // the accepted token; 0: none
}

func (s *tokens) handler(t *testing.T) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/oauth2/v2/token", func(w http.ResponseWriter, r *http.Request) {
		s.logins.Add(1)
		if id, secret, ok := r.BasicAuth(); !ok || id != "client-id-0001" || secret != "client-secret-0002" ||
			r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("logged in with %q %q", id, r.Header.Get("Content-Type"))
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%015d","expires_in":36000}`, s.current.Load())
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer token-%015d", s.valid.Load()) {
			says(401, `{"statusCode":401,"name":"UnauthorizedError","message":"bad token"}`)(w, r)
			return
		}
		says(200, `[]`)(w, r)
	})
	return mux
}

func TestOneLoginServesEverybody(t *testing.T) {
	s := &tokens{}
	s.current.Store(1)
	s.valid.Store(1)
	c := connect(t, s.handler(t))
	all := func() {
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if _, err := c.UserApps(t.Context(), "7"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	all()
	if n := s.logins.Load(); n != 1 {
		t.Errorf("%d logins for the first token", n)
	}
	s.current.Store(2) // revoked by another process: a new one has to be asked for, once
	s.valid.Store(2)
	all()
	if n := s.logins.Load(); n != 2 {
		t.Errorf("%d logins after the token was revoked", n)
	}
}

func TestTheSameTokenAgainIsNotAskedForAgainAndAgain(t *testing.T) {
	s := &tokens{}
	s.current.Store(1) // never valid: the scope is missing
	c := connect(t, s.handler(t))
	for range 5 {
		_, err := c.UserApps(t.Context(), "7")
		if err == nil || !strings.Contains(err.Error(), "token rejected or scope missing") ||
			!strings.Contains(err.Error(), readAll) {
			t.Fatalf("got %v", err)
		}
	}
	if logins, requests := s.logins.Load(), c.Requests(); logins != 2 || requests != 7 {
		t.Errorf("%d logins and %d requests in all", logins, requests)
	}
}

func TestTokensEnd(t *testing.T) {
	s := &tokens{}
	s.current.Store(1)
	c := connect(t, s.handler(t))
	l := newLogin(c.auth, "client-id-0001", "client-secret-0002")
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	l.now = func() time.Time { return now }
	ask := func(stale string) string {
		got, err := l.authorize(t.Context(), "/api/2/roles", stale)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := ask("")
	s.current.Store(2)
	if again := ask(""); again != first || s.logins.Load() != 1 {
		t.Errorf("a token that was not refused was dropped")
	}
	second := ask(first)
	if second == first {
		t.Errorf("a refused token was kept")
	}
	if got := ask(second); got != second {
		t.Errorf("got %s for a token that the login gives again", got)
	}
	before := s.logins.Load()
	if ask(second); s.logins.Load() != before {
		t.Error("logged in again at once")
	}
	now = now.Add(loginPause)
	if ask(second); s.logins.Load() != before+1 {
		t.Error("did not log in again after the pause")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.mu.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.authorize(ctx, "/api/2/roles", ""); err == nil {
		t.Error("a cancelled login went on")
	}
}

func TestLoginAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		h    http.HandlerFunc
		want string // part of the error; "": none
	}{
		"as documented": {says(200, `{"access_token":"token-0123456789","expires_in":"60"}`), ""},
		"wrong secret": {
			says(401,
				`{"status":{"error":true,"code":401,"type":"Unauthorized","message":"Authentication Failure"}}`),
			"client_secret",
		},
		"owner deleted": {says(500, `{}`), "administrator who made the API credential"},
		"no such host":  {says(404, `{"status":{"message":"No Route Exists"}}`), "SUBDOMAIN"},
		"login page":    {says(200, `<html>`), "SUBDOMAIN"},
		"no token":      {says(200, `{"data":[]}`), "no token"},
	} {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /auth/oauth2/v2/token", tt.h)
		mux.HandleFunc("/api/", says(200, `[]`))
		_, err := connect(t, mux).UserApps(t.Context(), "7")
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// The server echoes everything it is given; nothing of it may come back in a reason, an error or the request log.
func TestSecretsStayInside(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		body := fmt.Sprintf(`{"message":"you sent %s"}`, r.Header.Get("Authorization"))
		if r.Method == http.MethodPost {
			body = `{"access_token":"token-3333333333333333"}`
		}
		says(map[bool]int{true: 200, false: 403}[r.Method == http.MethodPost], body)(w, r)
	}
	var mu sync.Mutex
	var events []transport.Event
	c := connect(t, http.HandlerFunc(echo), func(o *Options) {
		o.HTTP.Observe = func(e transport.Event) {
			mu.Lock()
			defer mu.Unlock()
			events = append(events, e)
		}
	})
	_, users := c.Users(t.Context(), nil)
	_, _, rules := c.Rules(t.Context())
	_, _, findErr := c.FindUser(t.Context(), "jo@corp.example")
	refusing := connect(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		says(401, fmt.Sprintf(`{"message":"%s is wrong"}`, r.Header.Get("Authorization")))(w, r)
	}))
	_, loginErr := refusing.App(t.Context())
	all := fmt.Sprintf("%v %v %v %v %+v %+v %+v", users, rules, findErr, loginErr, c.opts.HTTP.Recorder.Exchanges(),
		refusing.opts.HTTP.Recorder.Exchanges(), events)
	for _, secret := range []string{
		"client-id-0001", "client-secret-0002", "token-3333",
		basicHeader("client-id-0001", "client-secret-0002")[6:],
	} {
		if strings.Contains(all, secret) {
			t.Errorf("%q is in %s", secret, all)
		}
	}
	if users.State != model.Unknown || loginErr == nil || len(events) == 0 {
		t.Errorf("%v %v, %d events", users, loginErr, len(events))
	}
}

func TestAWrongSecretIsTriedOnce(t *testing.T) {
	var asked atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/oauth2/v2/token", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		says(401, `{}`)(w, r)
	})
	if _, err := connect(t, mux).UserApps(t.Context(), "7"); err == nil || asked.Load() != 1 {
		t.Errorf("a wrong secret was tried %d times: %v", asked.Load(), err)
	}
}
