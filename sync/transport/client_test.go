package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestBaseURL(t *testing.T) {
	good := map[string]string{
		"https://acme.onelogin.com":             "https://acme.onelogin.com/api/1",
		"https://acme.onelogin.com/":            "https://acme.onelogin.com/api/1",
		"https://scim.example.com/t%2Fx/scim//": "https://scim.example.com/t%2Fx/scim/api/1",
		"http://127.0.0.1:8080/p":               "http://127.0.0.1:8080/p/api/1",
		"http://[::1]:8080":                     "http://[::1]:8080/api/1",
		"http://localhost":                      "http://localhost/api/1",
	}
	for base, want := range good {
		c, err := New(Options{BaseURL: base})
		if err != nil {
			t.Errorf("%s refused: %v", base, err)
			continue
		}
		if got, err := c.requestURL(Request{Path: "/api/1"}); err != nil || got != want {
			t.Errorf("%s gives %s, %v; want %s", base, got, err, want)
		}
		c.Close()
	}
	for _, base := range []string{
		"", "acme.onelogin.com", "http://acme.onelogin.com", "http://127.0.0.1.example.com", "ftp://localhost",
		"https://user:hunter2@host", "https://host?x=1", "https://host#f", "https://", "https://:443", "https://h\x00",
	} {
		_, err := New(Options{BaseURL: base})
		if err == nil {
			t.Errorf("%q accepted", base)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q shows the password", err)
		}
	}
}

func TestPathCannotLeaveTheHost(t *testing.T) {
	c, err := New(Options{BaseURL: "https://good.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"//evil.example/x", "@evil.example/x", ".evil.example/x", ":99@evil.example"} {
		if got, err := c.requestURL(Request{Path: path}); err == nil &&
			!strings.HasPrefix(got, "https://good.example/") {
			t.Errorf("%q leads to %s", path, got)
		}
	}
	for _, path := range []string{"/x?y", "/x#y", "/%zz"} {
		if got, err := c.requestURL(Request{Path: path}); err == nil {
			t.Errorf("%q was sent as %s", path, got)
		}
	}
}

func TestRequestIsSentAsGiven(t *testing.T) {
	var got string
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := new(bytes.Buffer)
		_, _ = body.ReadFrom(r.Body)
		got = fmt.Sprint(r.Method, " ", r.RequestURI, " ", body, " ", r.Header.Get("Content-Type"), " ",
			r.Header.Get("Authorization"), " ", r.UserAgent())
		w.WriteHeader(http.StatusNoContent)
	}, Options{UserAgent: "scimdrift/1", Authorize: func(context.Context, string, string) (string,
		error,
	) {
		return "Bearer t", nil
	}})
	for _, tt := range []struct {
		r    Request
		want string
	}{
		{
			Request{Method: "GET", Path: "/a%2Fb", RawQuery: "filter=a+eq+%22b%22&x={y}"},
			`GET /a%2Fb?filter=a+eq+%22b%22&x={y}   Bearer t scimdrift/1`,
		},
		{
			Request{Method: "DELETE", Path: "/r/1/users", Body: []byte("[1,2]")},
			`DELETE /r/1/users [1,2] application/json Bearer t scimdrift/1`,
		},
		{
			Request{
				Method: "POST", Path: "/U", Body: []byte("{}"),
				Header: http.Header{"content-type": {"application/scim+json"}},
			},
			`POST /U {} application/scim+json Bearer t scimdrift/1`,
		},
	} {
		if _, err := c.Do(t.Context(), tt.r); err != nil || got != tt.want {
			t.Errorf("sent %q, %v; want %q", got, err, tt.want)
		}
	}
}

func TestStaleCredential(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer fresh" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
	for _, method := range []string{"GET", "PUT"} {
		asked := []string{}
		c, _ := serve(t, handler, Options{Authorize: func(_ context.Context, _, stale string) (string, error) {
			asked = append(asked, stale)
			if stale == "" {
				return "Bearer old", nil
			}
			return "Bearer fresh", nil
		}})
		if _, err := c.Do(t.Context(), Request{Method: method, Path: "/x"}); err != nil || c.Requests() != 2 {
			t.Errorf("%s: %v after %d requests", method, err, c.Requests())
		}
		if fmt.Sprint(asked) != "[ Bearer old]" {
			t.Errorf("%s: asked for %q", method, asked)
		}
	}
}

func TestRejectedCredentialIsRenewedOnlyOnce(t *testing.T) {
	n := 0
	c, _ := serve(t, answer(401, ""), Options{Authorize: func(context.Context, string, string) (string, error) {
		n++
		return fmt.Sprint("Bearer ", n), nil
	}})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	var s *StatusError
	if !errors.As(err, &s) || s.Status != 401 || c.Requests() != 2 || n != 2 {
		t.Errorf("%v after %d requests and %d credentials", err, c.Requests(), n)
	}
	same, _ := serve(t, answer(401, ""),
		Options{Authorize: func(context.Context, string, string) (string, error) { return "Bearer same", nil }})
	if _, err := same.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err == nil || same.Requests() != 1 {
		t.Errorf("the refused credential was sent again: %v, %d requests", err, same.Requests())
	}
}

func TestRedirects(t *testing.T) {
	var leaked atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		leaked.Store(true)
	}))
	defer other.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/here", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/there",
			http.StatusFound)
	})
	mux.HandleFunc("/there", answer(200, `"`+"arrived"+`"`))
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/x?token=y", http.StatusFound)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/loop",
			http.StatusFound)
	})
	c, _ := serve(t, mux.ServeHTTP,
		Options{Authorize: func(context.Context, string, string) (string, error) { return "Bearer t", nil }})

	var got string
	if _, err := c.GetJSON(t.Context(), "/here", "", &got); err != nil || got != "arrived" {
		t.Errorf("a redirect within the host gave %q, %v", got, err)
	}
	for _, path := range []string{"/away", "/loop"} {
		_, err := c.Do(t.Context(), Request{Method: "GET", Path: path})
		var r *RedirectError
		if !errors.As(err, &r) || strings.Contains(err.Error(), "token") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if leaked.Load() {
		t.Error("the other host was called")
	}
}

func TestSizeLimitCountsDecompressedBytes(t *testing.T) {
	bomb := new(bytes.Buffer)
	z := gzip.NewWriter(bomb)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
	_ = z.Close()
	c, _ := serve(t, answer(200, bomb.String(), "Content-Encoding", "gzip"), Options{MaxBody: 1 << 16})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	var large *DecodeError
	if !errors.As(err, &large) || c.Requests() != 1 {
		t.Fatalf("got %v after %d requests", err, c.Requests())
	}
	fits, _ := serve(t, answer(200, strings.Repeat("x", 1<<16)), Options{MaxBody: 1 << 16})
	if resp, err := fits.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err != nil || len(resp.Body) != 1<<16 {
		t.Errorf("an answer of exactly the limit gave %v", err)
	}
}

func TestUnreadableJSON(t *testing.T) {
	c, _ := serve(t, answer(200, "<html>sign in</html>", "Content-Type", "text/html"), Options{})
	_, err := c.GetJSON(t.Context(), "/x", "", new([]int))
	var d *DecodeError
	if !errors.As(err, &d) || c.Requests() != 5 || !strings.Contains(err.Error(), "text/html") {
		t.Errorf("got %v after %d requests", err, c.Requests())
	}
	shape, _ := serve(t, answer(200, `{"email":"jo@corp.example"}`), Options{})
	_, err = shape.GetJSON(t.Context(), "/x", "", &struct{ Email int }{})
	if !errors.As(err, &d) || shape.Requests() != 1 || strings.Contains(err.Error(), "jo@corp") {
		t.Errorf("got %v after %d requests", err, shape.Requests())
	}
}

func TestNothingListens(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + l.Addr().String()
	_ = l.Close()
	c, _ := client(t, Options{BaseURL: base})
	_, err = c.Do(t.Context(), Request{
		Method: "POST", Path: "/x", RawQuery: "email=jo@corp.example",
		Body: []byte("{}"),
	})
	var conn *ConnError
	if !errors.As(err, &conn) || conn.Sent || strings.Contains(err.Error(), "jo@corp") {
		t.Errorf("got %v, Sent %v", err, conn != nil && conn.Sent)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	var now, most atomic.Int32
	full := make(chan struct{})
	c, _ := serve(t, func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		if n > most.Load() {
			most.Store(n)
		}
		if n == 3 {
			close(full)
		}
		<-full
	}, Options{Concurrency: 3})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { _, _ = c.Do(t.Context(), Request{Method: "GET", Path: "/x"}) })
	}
	<-full
	for range 20 {
		wg.Go(func() { _, _ = c.Do(t.Context(), Request{Method: "GET", Path: "/y"}) })
	}
	wg.Wait()
	if most.Load() > 3 {
		t.Errorf("%d requests at once", most.Load())
	}
}

func TestBudgetReadsEpochsToo(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for v, want := range map[string]time.Duration{"832": 832 * time.Second, "1800000060": time.Minute, "0": 0} {
		if got, ok := parseReset(v, now); !ok || got != want {
			t.Errorf("%s: %v, want %v", v, got, want)
		}
	}
	for _, v := range []string{"", "soon", "-4"} {
		if _, ok := parseReset(v, now); ok {
			t.Errorf("%q was understood", v)
		}
	}
}
