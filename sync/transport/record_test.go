package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// A server that echoes every credential it is given, as debugging proxies do, must not bring one into what we keep.
func TestSecretsAreKeptNowhere(t *testing.T) {
	secrets := []string{"cl1ent-id-0001", "s3cret+value/0002", "t0ken-0003-abcdefgh", "fresh-token-0004-abcdefgh"}
	rec := NewRecorder(10)
	var mu sync.Mutex
	var seen strings.Builder
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusTeapot)
		_, _ = fmt.Fprintf(w, `{"message":"got %s %s","access_token":"%s","x":"%s %s","proxy":"http://u:pw-0005@host"}`,
			r.Header.Get("Authorization"), r.RequestURI, secrets[3], secrets[0], secrets[1])
	}, Options{
		Secrets: secrets[:2], Recorder: rec,
		Authorize: func(context.Context, string, string) (string, error) { return "Bearer " + secrets[2], nil },
		Observe: func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			_, _ = fmt.Fprintf(&seen, "%+v %s\n", e, e.Line())
		},
	})
	_, err := c.Do(t.Context(), Request{
		Method: "GET", Path: "/x",
		RawQuery: "email=jo%40corp.example&limit=5&api_key=k-0006&name=s3cret%2Bvalue%2F0002",
	})
	var s *StatusError
	if !errors.As(err, &s) {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%s %s %s %+v %s", err, s.Body, seen.String(), rec.Exchanges(),
		maskEncoded(maxLayers, "Authorization: client_id:abc-0007, client_secret:def-0008", nil))
	for _, secret := range append(secrets, "pw-0005", "k-0006", "s3cret%2Bvalue%2F0002", "abc-0007", "def-0008") {
		if strings.Contains(all, secret) {
			t.Errorf("%q is in:\n%s", secret, all)
		}
	}
	if !strings.Contains(string(s.Body), "got") {
		t.Errorf("the body %q lost what was no secret", s.Body)
	}
	if e := rec.Exchanges()[0]; !strings.Contains(e.Query, "jo%40corp.example") ||
		strings.Contains(e.Line(), "jo%40") || !strings.Contains(e.Line(), "limit=5") {
		t.Errorf("record %q, log line %q: the e-mail belongs into the first only", e.Query, e.Line())
	}
}

func TestErrorsKeepTheirKindWhenMasked(t *testing.T) {
	c, _ := client(t, Options{BaseURL: "https://h.example", Secrets: []string{"hunter22"}})
	cause := errors.New("no route")
	err := c.redactError(fmt.Errorf("proxy http://u:pw@p and hunter22: %w", cause), "")
	if !errors.Is(err, cause) || strings.Contains(err.Error(), "hunter22") || strings.Contains(err.Error(), "u:pw") {
		t.Errorf("got %v", err)
	}
	if got := c.redact("credit Bearer ", "Bearer "); got != "credit Bearer " {
		t.Errorf("an empty token masked %q", got)
	}
}

// Servers quote the beginning of a token that they refuse; a gateway makes a request id of one.
func TestPartsOfASecretAreMasked(t *testing.T) {
	const token, secret = "kSR1al8pKEL7W29brVmVNGSmW871yBu3EiZA", "f44f17552748240ecbae6c580f5755ae"
	c, _ := client(t, Options{BaseURL: "https://h.example", Secrets: []string{secret}})
	got := c.redact("no token "+token[:20]+"…, no secret ..."+secret[8:], "Bearer "+token) +
		c.redact(token[:30], "Bearer "+token)
	if want := "no token ***…, no secret ...******"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if plain := "answered 500 to GET /scim/v2/Users (request id 7a45bab6-0233-4640-b5d2-10532e6a841d)"; c.redact(plain,
		"Bearer "+token) != plain {
		t.Error("what is no secret is masked")
	}
}

func TestRecorderKeepsTheLast(t *testing.T) {
	rec := NewRecorder(3)
	c, _ := serve(t, answer(200, "{}"), Options{Recorder: rec})
	for i := range 5 {
		if _, err := c.Do(t.Context(), Request{Method: "GET", Path: fmt.Sprint("/", i)}); err != nil {
			t.Fatal(err)
		}
	}
	paths := make([]string, 0, 3)
	for _, e := range rec.Exchanges() {
		paths = append(paths, e.Path)
		if e.Kind != EventAnswer || e.Status != http.StatusOK || e.Bytes != 2 {
			t.Errorf("kept %+v", e)
		}
	}
	if fmt.Sprint(paths) != "[/2 /3 /4]" {
		t.Errorf("kept %v", paths)
	}
}

func TestLinesOfEveryKind(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	c, _ := serve(t, script(cut, answer(200, "{"), answer(404, "")), Options{Observe: func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, e.Line())
	}})
	if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x", JSON: true}); err == nil {
		t.Fatal("no error")
	}
	for i, want := range []string{
		"try 1 failed after", "waits until", "1 bytes: the answer of ", "waits until", "try 3 -> 404",
	} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Fatalf("lines %q, want %q at %d", lines, want, i)
		}
	}
}
