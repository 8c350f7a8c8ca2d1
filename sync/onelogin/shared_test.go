package onelogin

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

// count is how often a tenant was posted something.
func (s *tenant) count(post string) (n int) {
	for _, r := range s.server.Requests() {
		if r.Method == http.MethodPost && r.Path == post {
			n++
		}
	}
	return n
}

// interrupted runs change once, before the nth request under a path.
func interrupted(h http.Handler, path string, nth int, change func()) http.Handler {
	var mu sync.Mutex
	seen := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, path) {
			mu.Lock()
			if seen++; seen == nth {
				change()
			}
			mu.Unlock()
		}
		h.ServeHTTP(w, r)
	})
}

// Two processes have one credential, and so one token, that one of them got hours ago.
func TestATokenIsSharedBetweenProcesses(t *testing.T) {
	s := startTenant(t, 130, sim.Knobs{}, "manage_all")
	read := func(c *Client, what string) {
		t.Helper()
		if users, cov := c.Users(t.Context(), nil); !cov.Complete() || len(users) != 130 {
			t.Errorf("%s: %d users, %v", what, len(users), cov)
		}
	}
	other := connect(t, s.faults.Wrap(fault.OneLogin, s.server))
	read(s.client, "the first process")
	read(other, "the second, with the same token")
	if n := s.count("/auth/oauth2/v2/token"); n != 2 {
		t.Errorf("%d logins of two processes", n)
	}
	other.Close()
	read(s.client, "after the second has ended")
	if n := s.count("/auth/oauth2/v2/token"); n != 2 {
		t.Errorf("the end of one process cost another its token: %d logins", n)
	}
	// A third revokes it while the first is reading: everybody's token is gone in the middle of the walk.
	reading := connect(t, interrupted(s.server, "/api/2/users", 2, s.server.ExpireTokens))
	read(reading, "revoked or expired in the middle of a list")
	if n := s.count("/auth/oauth2/v2/token"); n != 4 {
		t.Errorf("%d logins after the token was lost once, want one more than its own first", n)
	}
	read(s.client, "and the first finds the new one")
	if n := s.count("/auth/oauth2/revoke"); n != 0 {
		t.Errorf("a token was revoked %d times, which breaks every other process", n)
	}
}

// A credential that may not read rules gets a 401 for them, by which OneLogin says "expired" too. That it is given the
// same token again must not keep it from a new one when that token really ends a moment later.
func TestAMissingScopeDoesNotHideALostToken(t *testing.T) {
	s := startTenant(t, 30, sim.Knobs{ScopeStatus: http.StatusUnauthorized}, "read_all")
	for range 3 {
		if _, _, cov := s.client.Rules(t.Context()); cov.State != model.Unknown ||
			!strings.Contains(cov.Reason, manageAll) {
			t.Errorf("rules: %v", cov)
		}
	}
	if n := s.count("/auth/oauth2/v2/token"); n != 2 {
		t.Errorf("%d logins for a scope that is missing, want the first and one more", n)
	}
	s.server.ExpireTokens()
	if users, cov := s.client.Users(t.Context(), nil); !cov.Complete() || len(users) != 30 {
		t.Errorf("%d users, %v", len(users), cov)
	}
}
