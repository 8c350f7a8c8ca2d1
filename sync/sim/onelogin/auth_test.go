package onelogin_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

const jsonGrant = `{"grant_type":"client_credentials"}`

func TestToken(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("id-manage_all:secret-manage_all"))
	r := tn.raw("POST", "/auth/oauth2/v2/token", jsonGrant,
		map[string]string{"Authorization": basic, "Content-Type": "application/json"})
	got := r.object(t)
	if r.status != 200 || got["access_token"] != tn.token || got["expires_in"] != 36000.0 ||
		got["token_type"] != "bearer" || got["account_id"] != 4242.0 {
		t.Errorf("%d %s; want the one token of this credential", r.status, r.body)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000Z", got["created_at"].(string)); err != nil {
		t.Errorf("created_at %v", got["created_at"])
	}
}

func TestTokenRefusals(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, c := range []struct {
		name, auth, body string
		status           int
	}{
		{"wrong secret", basic("id-manage_all:nope"), jsonGrant, 401},
		{"unknown id", basic("nobody:nope"), jsonGrant, 401},
		{"no grant type", basic("id-manage_all:secret-manage_all"), `{}`, 400},
		{"other grant type", basic("id-manage_all:secret-manage_all"), `{"grant_type":"password"}`, 400},
		{"no credentials", "", jsonGrant, 400},
		{"malformed header", "client_id=x", jsonGrant, 400},
		{"broken base64", "Basic %%%", jsonGrant, 400},
		{"broken body", basic("id-manage_all:secret-manage_all"), `{`, 400},
	} {
		r := tn.raw("POST", "/auth/oauth2/v2/token", c.body,
			map[string]string{"Authorization": c.auth, "Content-Type": "application/json"})
		status := r.object(t)["status"].(map[string]any)
		if r.status != c.status || status["error"] != true || int(status["code"].(float64)) != c.status {
			t.Errorf("%s: %d %s, want E1 with %d", c.name, r.status, r.body, c.status)
		}
		if c.status == 401 && status["message"] != "Authentication Failure" {
			t.Errorf("%s: message %v", c.name, status["message"])
		}
	}
	if r := tn.raw("GET", "/auth/oauth2/v2/token", "", nil); r.status != 404 {
		t.Errorf("wrong method: %d, want 404", r.status)
	}
}

func TestBearerSpellings(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	for header, want := range map[string]int{
		"Bearer " + tn.token: 200, "bearer " + tn.token: 200, "bearer:" + tn.token: 200, "Bearer:" + tn.token: 200,
		"BEARER: " + tn.token: 200,
		"Bearer nonsense":     401, "Token " + tn.token: 401, "": 401, tn.token: 401,
	} {
		if r := tn.raw("GET", "/api/2/roles", "", map[string]string{"Authorization": header}); r.status != want {
			t.Errorf("%q: %d, want %d", header, r.status, want)
		} else if want == 401 && r.object(t)["name"] != "UnauthorizedError" {
			t.Errorf("%q: %s, want an E2 body", header, r.body)
		}
	}
	if r := tn.raw("GET", "/api/1/events", "", nil); r.status != 401 ||
		r.object(t)["status"].(map[string]any)["message"] != "Authentication Failure" {
		t.Errorf("v1 without a token: %d %s, want an E1 body", r.status, r.body)
	}
}

func TestTokenEnds(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	first := tn.token
	tn.clock.advance(10*time.Hour - time.Second)
	tn.want(200, "GET", "/api/2/roles", "")
	tn.clock.advance(time.Second)
	tn.want(401, "GET", "/api/2/roles", "")
	if tn.token = tn.login("manage_all"); tn.token == first {
		t.Error("an expired token was handed out again")
	}
	tn.want(200, "GET", "/api/2/roles", "")

	tn.srv.ExpireTokens()
	tn.want(401, "GET", "/api/2/roles", "")
	tn.token = tn.login("manage_all")
}

func TestDeletedOwnerIsA500(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	tn.w.Lock()
	tn.w.Source.Credentials[0].OwnerDeleted = true
	tn.w.Unlock()
	tn.want(500, "GET", "/api/2/roles", "")
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("id-manage_all:secret-manage_all"))
	if r := tn.raw("POST", "/auth/oauth2/v2/token", jsonGrant,
		map[string]string{"Authorization": basic}); r.status != 500 {
		t.Errorf("token: %d, want 500", r.status)
	}
}

func TestScopes(t *testing.T) {
	calls := map[string]string{ // path: who may
		"GET /api/2/users":              "read_users manage_users read_all manage_all",
		"GET /api/2/users/101/apps":     "read_users manage_users read_all manage_all",
		"GET /api/1/events":             "read_users manage_users read_all manage_all",
		"GET /api/2/roles":              "read_users read_all manage_all",
		"GET /api/2/roles/700001/users": "read_users read_all manage_all",
		"GET /api/2/apps":               "read_all manage_all",
		"GET /api/2/apps/500001":        "read_all manage_all",
		"GET /api/2/apps/500001/users":  "read_all manage_all",
		"GET /api/2/apps/500001/rules":  "manage_all",
		"PUT /api/2/users/101":          "manage_users manage_all",
	}
	tn := newTenant(t, 1, onelogin.Knobs{})
	for _, scope := range []string{"auth", "read_users", "manage_users", "read_all", "manage_all"} {
		tn.token = tn.login(scope)
		for call, who := range calls {
			method, path, _ := strings.Cut(call, " ")
			body := ""
			if method != http.MethodGet {
				body = "{}"
			}
			r := tn.do(method, path, body)
			refused := r.status == 403 || r.status == 401
			if allowed := strings.Contains(" "+who+" ", " "+scope+" "); allowed == refused {
				t.Errorf("%s with %s: status %d, allowed should be %t", call, scope, r.status, allowed)
			}
			if refused && strings.HasPrefix(path, "/api/1/") != (r.status == 401) {
				t.Errorf("%s with %s: status %d; want 401 under v1 and 403 under v2", call, scope, r.status)
			}
		}
		if r := tn.get("/auth/rate_limit"); r.status != 200 {
			t.Errorf("rate limit with %s: %d", scope, r.status)
		}
	}
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.ScopeStatus = 401 })
	tn.token = tn.login("read_all")
	tn.want(401, "GET", "/api/2/apps/500001/rules", "")
}

func TestRateLimit(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{HourlyLimit: 3})
	for left := 2; left >= 0; left-- {
		r := tn.want(200, "GET", "/api/2/roles", "")
		if r.header.Get("X-RateLimit-Remaining") != string(rune('0'+left)) || r.header.Get("X-RateLimit-Limit") != "3" {
			t.Errorf("remaining %q of %q, want %d of 3", r.header.Get("X-RateLimit-Remaining"),
				r.header.Get("X-RateLimit-Limit"), left)
		}
	}
	tn.clock.advance(10 * time.Minute)
	over := tn.want(429, "GET", "/api/2/roles", "")
	if over.header.Get("Retry-After") != "" || over.header.Get("X-RateLimit-Reset") != "3000" {
		t.Errorf("headers %v, want 3000 seconds to the reset and no Retry-After", over.header)
	}
	limits := tn.want(200, "GET", "/auth/rate_limit", "").object(t)["data"].(map[string]any)
	if limits["X-RateLimit-Remaining"] != 0.0 || limits["X-RateLimit-Reset"] != 3000.0 {
		t.Errorf("GET /auth/rate_limit says %v", limits)
	}
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.OverLimitStatus, k.NoRateHeaders = 400, true })
	over = tn.want(400, "GET", "/api/2/roles", "")
	if status := over.object(t)["status"].(map[string]any); status["message"] != "rate_limit_exceeded" ||
		status["code"] != 400.0 {
		t.Errorf("body %s", over.body)
	}
	if over.header.Get("Retry-After") != "" || over.header.Get("X-RateLimit-Limit") != "" {
		t.Errorf("headers %v, want none", over.header)
	}
	tn.clock.advance(50 * time.Minute)
	tn.want(200, "GET", "/api/2/roles", "")
}

func TestEveryAnswerHasARequestID(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	seen := map[string]bool{}
	for _, path := range []string{"/api/2/users", "/api/2/nothing", "/auth/rate_limit", "/api/2/users/777"} {
		id := tn.get(path).header.Get("x-request-id")
		if id == "" || seen[id] {
			t.Errorf("%s: request id %q is empty or repeats", path, id)
		}
		seen[id] = true
	}
}
