package onelogin

import (
	"bytes"
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

//go:embed console.html
var consoleHTML string

// consoleTemplate shows one app. Names are strangers' text; html/template makes them harmless.
var consoleTemplate = template.Must(template.New("console").Parse(consoleHTML))

// consoleUsers is how many users the page lists: those that need somebody first. The real console pages its list.
const consoleUsers = 200

func (s *Server) consoleRoutes() {
	for _, path := range []string{"GET /apps/{id}/edit", "GET /apps/{id}/edit/{$}"} {
		s.route(path, s.appPage)
	}
	s.route("POST /__sim/console/apps/{id}/{button}", s.press)
	s.route("POST /__sim/console/apps/{id}/boxes/{box}", s.tick)
}

// loginRow is one line of the page's Users section.
type loginRow struct {
	ID                 int64
	Name, Email, State string
	Pending, Failed    bool
	Groups             string
}

// appPage serves the app editor at the console's real deep link; its tabs are sections, so that #provisioning,
// #mappings and the like work. It needs no sign-in: the simulation listens on loopback only.
func (s *Server) appPage(c *call) answer {
	a := s.w.Source.Apps[number(c.path("id"))]
	if a == nil {
		return answer{http.StatusNotFound, htmlHeader(), []byte("<!doctype html><title>404</title><p>No such app.</p>")}
	}
	rows, more := s.loginRows(a)
	rules := slices.Clone(a.Rules)
	slices.SortStableFunc(rules, func(x, y world.Rule) int { return x.Position - y.Position })
	var b bytes.Buffer
	err := consoleTemplate.Execute(&b, map[string]any{
		"App": a, "Rules": rules, "Logins": rows, "More": more,
		"Entitlements": slices.Sorted(maps.Keys(a.Entitlements)), "Roles": s.roleNames(a.ID), "Pressed": c.query.Get("pressed"),
		"SCIMBaseURL": a.SCIMBaseURL, "AsksApproval": asksApproval(a),
	})
	if err != nil {
		return answer{http.StatusInternalServerError, htmlHeader(), []byte("<!doctype html><title>500</title><p>The page cannot be shown.</p>")}
	}
	return answer{http.StatusOK, htmlHeader(), b.Bytes()}
}

func htmlHeader() http.Header { return http.Header{"Content-Type": {"text/html; charset=utf-8"}} }

func (s *Server) roleNames(app int64) []string {
	list := []string{}
	for _, id := range s.w.Source.GrantingRoles(app) {
		list = append(list, s.w.Source.Roles[id].Name)
	}
	slices.Sort(list)
	return list
}

// loginRows lists the app's users, those that wait or failed first, and how many it leaves out.
func (s *Server) loginRows(a *world.App) ([]loginRow, int) {
	src := &s.w.Source
	rows := []loginRow{}
	listed := src.Assigned(a.ID)
	for key, login := range src.Logins { // a removal that waits for approval is no longer assigned
		listed[key.User] = listed[key.User] || key.App == a.ID && login.Pending != ""
	}
	for _, id := range world.SortedIDs(listed) {
		row := loginRow{ID: id, Name: "user " + decimal(id)}
		if u := src.Users[id]; u != nil {
			row.Name, row.Email = fullName(u), u.Email
		}
		if login := src.Logins[world.LoginKey{App: a.ID, User: id}]; login != nil {
			row.State, row.Groups = login.State, strings.Join(login.Groups, ", ")
			row.Pending = login.Pending != "" || strings.Contains(login.State, "pending_approval")
			row.Failed = strings.HasSuffix(login.State, "_failed")
		}
		rows = append(rows, row)
	}
	rank := func(r loginRow) int {
		switch {
		case r.Pending:
			return 0
		case r.Failed:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(rows, func(x, y loginRow) int { return rank(x) - rank(y) })
	shown := min(len(rows), consoleUsers)
	return rows[:shown], len(rows) - shown
}

// press serves the console's buttons. No path under /api does what they do.
func (s *Server) press(c *call) answer {
	app, user := number(c.path("id")), number(c.query.Get("user"))
	button := engine.Kind(c.path("button"))
	known := slices.Contains([]engine.Kind{engine.Refresh, engine.Reapply, engine.SyncLogins}, button)
	perUser := button == engine.Approve || button == engine.Retry
	src := &s.w.Source
	nobody := src.Users[user] == nil && src.Logins[world.LoginKey{App: app, User: user}] == nil
	if src.Apps[app] == nil || (!known && !perUser) || (perUser && nobody) || s.engine == nil {
		return notFound()
	}
	s.engine.Press(button, app, user)
	header := http.Header{"Location": {"/apps/" + strconv.FormatInt(app, 10) + "/edit/?pressed=" + string(button)}}
	return answer{http.StatusSeeOther, header, nil}
}
