package onelogin_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

func TestWildcardsMatchAsTheirExpressionDoes(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{HourlyLimit: -1})
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.StringMatching(`[ab]{1,6}`).Draw(rt, "name")
		pattern := rapid.StringMatching(`[abA*]{1,6}`).Draw(rt, "pattern")
		tn.w.Lock()
		tn.w.Source.Roles[admins].Name = name
		tn.w.Unlock()
		want := regexp.MustCompile("(?i)^" + strings.ReplaceAll(pattern, "*", ".*") + "$").MatchString(name)
		got := rowIDs(tn.want(200, "GET", "/api/2/roles?name="+url.QueryEscape(pattern), "").rows(t))
		if slices.Contains(got, admins) != want {
			rt.Fatalf("%q against %q: want %t", pattern, name, want)
		}
	})
}

func TestABodyBeyondReasonIsRefused(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	rec := httptest.NewRecorder()
	body := strings.NewReader(`{"title":"` + strings.Repeat("x", 5<<20) + `"}`)
	tn.srv.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/api/2/users/101", body))
	if rec.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", rec.Code)
	}
}
