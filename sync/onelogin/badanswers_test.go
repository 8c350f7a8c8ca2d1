package onelogin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// An answer of 200 that holds nothing is not an app without roles.
func TestAppsThatAreNotBelieved(t *testing.T) {
	for _, body := range []string{
		`null`, `{}`, `{"name":"AWS","role_ids":[]}`, `{"id":null}`,
		`{"id":501,"role_ids":[7]}`,
	} {
		f := newFake()
		f.HandleFunc("GET /api/2/apps/500", says(200, body))
		f.HandleFunc("GET /api/2/roles", rows(object{"id": 7, "name": "aws-dev", "users": []int{1}}))
		c := connect(t, f)
		if app, err := c.App(t.Context()); err == nil || !strings.Contains(err.Error(), "not believed") {
			t.Errorf("%s: %+v, %v", body, app, err)
		} else if strings.Contains(err.Error(), "no id") == strings.Contains(body, "501") {
			t.Errorf("%s: %v", body, err)
		}
		if _, groups, memberships := c.Roles(t.Context(), nil); groups.State != model.Unknown ||
			memberships.State != model.Unknown {
			t.Errorf("%s: %v %v", body, groups, memberships)
		}
	}
}

func TestGrantsWithoutTheAppsWord(t *testing.T) {
	said := object{"id": 7, "name": "aws-dev", "apps": []int{500}, "users": []int{1}}
	other := object{"id": 8, "name": "wiki", "apps": []int{}, "users": []int{2}}
	unsaid := object{"id": 9, "name": "aws-ops", "users": []int{3}}
	for name, c := range map[string]struct {
		app   string
		roles http.HandlerFunc
		want  model.CoverageState
	}{
		"the roles say it":        {`{"id":500}`, rows(said, other), model.Complete},
		"null, the roles say it":  {`{"id":500,"role_ids":null}`, rows(said, other), model.Complete},
		"one role does not":       {`{"id":500}`, rows(said, other, unsaid), model.Partial},
		"nobody says it":          {`{"id":500}`, rows(unsaid), model.Unknown},
		"nothing is there at all": {`{"id":500}`, rows(), model.Unknown},
		"the app says: none":      {`{"id":500,"role_ids":[]}`, rows(unsaid), model.Complete},
	} {
		f := newFake()
		f.HandleFunc("GET /api/2/apps/500", says(200, c.app))
		f.HandleFunc("GET /api/2/roles", c.roles)
		roles, groups, memberships := connect(t, f).Roles(t.Context(), nil)
		if groups.State != c.want || memberships.State != c.want {
			t.Errorf("%s: %v %v", name, groups, memberships)
		}
		if c.want == model.Complete && strings.Contains(name, "the roles") && !roles[0].Grants {
			t.Errorf("%s: %+v", name, roles)
		}
	}
}

// JSON null in the place of a list says nothing, least of all that nobody is there.
func TestNullIsNoList(t *testing.T) {
	for path, read := range map[string]func(*Client) model.Coverage{
		"/api/2/apps/500/users": func(c *Client) model.Coverage { _, cov := c.Users(t.Context(), nil); return cov },
		"/api/2/roles":          func(c *Client) model.Coverage { _, cov, _ := c.Roles(t.Context(), nil); return cov },
		"/api/2/apps/500/rules": func(c *Client) model.Coverage { _, _, cov := c.Rules(t.Context()); return cov },
		"/api/1/events": func(c *Client) model.Coverage {
			_, cov := c.Events(t.Context(), time.Time{},
				nil)
			return cov
		},
	} {
		for _, body := range []string{`null`, `{}`, `{"data":null}`} {
			f := newFake()
			f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", "")))
			f.HandleFunc("GET "+path, says(200, body))
			if path != "/api/2/roles" {
				f.HandleFunc("GET /api/2/users", rows())
			}
			if cov := read(connect(t, f)); cov.State != model.Unknown {
				t.Errorf("%s of %s: %v", body, path, cov)
			}
		}
	}
	f := account(1)
	f.HandleFunc("GET /api/2/users", says(200, `null`))
	f.HandleFunc("GET /api/2/users/1/apps", says(200, `null`))
	c := connect(t, f)
	if users, cov := c.Users(t.Context(), nil); cov.State != model.Partial || !users[0].RollOnly {
		t.Errorf("users: %v %+v", cov, users)
	}
	if logins, err := c.UserApps(t.Context(), "1"); err == nil {
		t.Errorf("apps of a user: %v", logins)
	}
	if _, found, err := c.FindUser(t.Context(), "u1@corp.example"); err == nil {
		t.Errorf("found %v", found)
	}
}

func TestRefusedEventsNameTheLeastScope(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/1/events", says(403, `{}`))
	if _, cov := connect(t, f).Events(t.Context(), time.Time{}, nil); !strings.Contains(cov.Reason, "Read Users") {
		t.Errorf("got %v", cov)
	}
}
