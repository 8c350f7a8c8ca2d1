package onelogin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

// An app that nobody has is honest: that a user's own apps lack it counts where those of somebody else show any app at
// all, and not where everybody's are empty, which is what a credential sees that has lost its scope.
func TestTheAppsOfAUserWhereNobodyHasTheApp(t *testing.T) {
	for name, c := range map[string]struct {
		others string
		counts bool
	}{
		"others have other apps":  {`[{"id":499}]`, true},
		"nobody has any, or sees": {`[]`, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := account(0)
			f.HandleFunc("GET /api/2/users", rows(detail(1, 1, 1)))
			f.HandleFunc("GET /api/2/users/1/apps", says(200, c.others))
			f.HandleFunc("GET /api/2/users/2", says(200, `{"id":2,"email":"u2@corp.example","role_ids":[]}`))
			f.HandleFunc("GET /api/2/users/2/apps", says(200, `[]`))
			u, found, err := connect(t, f).GetUser(t.Context(), "2")
			if (err == nil) != c.counts || c.counts && (!found || u.Assigned) {
				t.Errorf("found %v, assigned %v, %v", found, u.Assigned, err)
			}
		})
	}
}

// A user without an e-mail is a control like any other.
func TestUsersWithoutAnEMailAreControls(t *testing.T) {
	s := startTenant(t, 3, sim.Knobs{}, "manage_all")
	s.world.Lock()
	now := s.world.Now()
	for _, u := range s.world.Source.Users {
		u.Email, u.UpdatedAt = "", now
	}
	s.world.Unlock()
	if ids, err := s.client.ChangedSince(t.Context(), now.Add(eventOverlap+1), 5); err != nil || len(ids) != 3 {
		t.Errorf("changed: %v, %v", ids, err)
	}
}

// An answer about who has changed counts only where the filter is seen to be heeded, and says all of them.
func TestChangesThatTheFilterDoesNotProveAreNotBelieved(t *testing.T) {
	const at = `"updated_at":"2026-03-01T10:00:00Z"`
	for says, all := range map[string]func(since string) string{
		"does not say when":            func(string) string { return `[{"id":1}]` },
		"a row has no id":              func(string) string { return `[{"id":1,` + at + `},{` + at + `}]` },
		"could not be read":            func(string) string { return `[{"id":1,` + at + `},7]` },
		"it ignores updated_since":     func(string) string { return `[{"id":1,` + at + `}]` },
		"so that its no proves":        func(string) string { return `[]` },
		"there are more than one page": func(string) string { return `[{"id":1,` + at + `}]` },
		"": func(since string) string { // heeded
			if since > "2026-03-01T10:00:00" {
				return `[]`
			}
			return `[{"id":1,` + at + `}]`
		},
	} {
		f := account(1)
		f.HandleFunc("GET /api/2/users", func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(says, "there are more") {
				w.Header().Set("After-Cursor", "x")
			}
			w.WriteHeader(http.StatusOK)
			_, _ = w.Write([]byte(all(r.URL.Query().Get("updated_since"))))
		})
		c := connect(t, f)
		c.Recall([]model.User{{ID: "1", Assigned: true}}, nil, nil)
		changed, err := c.ChangedSince(t.Context(), time.Date(2026, 3, 1, 10, 4, 0, 0, time.UTC), 5)
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("want %q: %v %v", says, changed, err)
		}
	}
}
