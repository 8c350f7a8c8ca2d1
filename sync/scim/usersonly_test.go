package scim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// A target has no groups where it announces users only, or where it announces nothing and says in SCIM's words that
// there is no such list. Anything else may be a gateway or a moment, and leaves its groups unknown.
func TestATargetWithoutGroups(t *testing.T) {
	t.Parallel()
	users := object{"id": "User", "name": "User", "endpoint": "/Users", "schema": userSchema}
	teams := object{"id": "Team", "name": "Team", "endpoint": "/Teams", "schema": groupSchema}
	for name, c := range map[string]struct {
		types      any // of /ResourceTypes; nil answers 404
		status     int // of /Groups
		body       string
		configured bool
		want       model.CoverageState
	}{
		"it announces users only": {
			types: types(users), status: 404, body: scimGone,
			want: model.Skipped,
		},
		"it announces users only, and lists groups": {
			types: types(users), status: 200,
			body: `{"totalResults":0,"Resources":[]}`, want: model.Skipped,
		},
		"it announces nothing, a 404 in SCIM's words": {status: 404, body: scimGone, want: model.Skipped},
		"it announces nothing, a gateway's 404": {
			status: 404, body: `{"detail":"Not Found"}`,
			want: model.Unknown,
		},
		"it announces nothing, and fails": {status: 500, body: scimGone, want: model.Unknown},
		"it announces groups, and answers 404": {
			types: types(users, teams), status: 404, body: scimGone,
			want: model.Unknown,
		},
		"it announces nobody": {
			types: types(), status: 404, body: scimGone,
			want: model.Unknown,
		},
		"the configuration says so": {status: 500, configured: true, want: model.Skipped},
	} {
		g := &generic{users: userRows(3)}
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/ResourceTypes" && c.types != nil:
				reply(rw, 200, c.types)
			case r.URL.Path == "/ResourceTypes":
				reply(rw, 404, scimGone)
			case strings.HasPrefix(r.URL.Path, "/Groups"), strings.HasPrefix(r.URL.Path, "/Teams"):
				reply(rw, c.status, c.body)
			default:
				g.ServeHTTP(rw, r)
			}
		})
		client := client(t, s.URL, Generic)
		client.noGroups = c.configured
		groups, coverage := client.Groups(t.Context(), nil)
		if coverage.State != c.want || len(groups) != 0 {
			t.Errorf("%s: %v, %v", name, groups, coverage)
		}
		// Nobody is in a group where there are none, so that a user's backup is whole.
		in, incomplete, err := client.GroupsOf(t.Context(), "u1")
		if whole := err == nil && incomplete == "" && len(in) == 0; whole != (c.want == model.Skipped) &&
			c.status != 200 {
			t.Errorf("%s: %v %q %v", name, in, incomplete, err)
		}
	}
	if _, coverage := client(t, serve(t,
		func(rw http.ResponseWriter, _ *http.Request) { reply(rw, 404, scimGone) }).URL, AWS).Groups(t.Context(),
		nil); coverage.State != model.Unknown {
		t.Errorf("AWS has groups: %v", coverage)
	}
}
