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
	a := s.w.Source.Apps[parseID(c.path("id"))]
	if a == nil {
		return answer{http.StatusNotFound, htmlHeader(), []byte("<!doctype html><title>404</title><p>No such app.</p>")}
	}
	rows, more := s.loginRows(a)
	rules := slices.Clone(a.Rules)
	slices.SortStableFunc(rules, func(x, y world.Rule) int { return x.Position - y.Position })
	var b bytes.Buffer
	err := consoleTemplate.Execute(&b, map[string]any{
		"App": a, "Rules": rules, "Logins": rows, "More": more,
		"Entitlements": slices.Sorted(maps.Keys(a.Entitlements)), "Roles": s.roleNames(a.ID),
		"Pressed": c.query.Get("pressed"), "SCIMBaseURL": a.SCIMBaseURL, "AsksApproval": asksApproval(a),
	})
	if err != nil {
		return answer{
			http.StatusInternalServerError, htmlHeader(),
			[]byte("<!doctype html><title>500</title><p>The page cannot be shown.</p>"),
		}
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
	for _, id := range world.SortedIDs(src.Assigned(a.ID)) {
		u := src.Users[id]
		row := loginRow{ID: id, Name: fullName(u), Email: u.Email}
		if login := src.Logins[world.LoginKey{App: a.ID, User: id}]; login != nil {
			row.State, row.Groups = login.State, strings.Join(login.Groups, ", ")
			row.Pending = login.AwaitsApproval()
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
	src, app, user := &s.w.Source, parseID(c.path("id")), parseID(c.query.Get("user"))
	button, users := engine.Kind(c.path("button")), []int64{user}
	there := src.Apps[app] != nil && s.engine != nil
	switch button {
	case engine.Refresh, engine.Reapply, engine.SyncLogins:
	case engine.Approve, engine.Retry:
		there = there && (src.Users[user] != nil || src.Logins[world.LoginKey{App: app, User: user}] != nil)
	case "approve-all": // as whoever goes down the whole list does
		button, users = engine.Approve, s.usersAwaitingApproval(app)
	default:
		there = false
	}
	if !there {
		return notFound()
	}
	for _, user := range users {
		s.engine.Press(button, app, user)
	}
	return redirectToApp(app, string(button))
}

func (s *Server) usersAwaitingApproval(app int64) []int64 {
	waits := map[int64]bool{}
	for key, login := range s.w.Source.Logins {
		if key.App == app && login.AwaitsApproval() {
			waits[key.User] = true
		}
	}
	return world.SortedIDs(waits)
}

func redirectToApp(app int64, pressed string) answer {
	header := http.Header{"Location": {"/apps/" + strconv.FormatInt(app, 10) + "/edit/?pressed=" + pressed}}
	return answer{http.StatusSeeOther, header, nil}
}

// toggleSetting serves the boxes of the console's app page: it turns one over and saves the page. Like every edit of an
// app it pushes nothing by itself; that takes a reapply.
func (s *Server) toggleSetting(c *call, a *world.App) answer {
	if !toggleBox(a, c.path("box"), c.query.Get("parameter")) {
		return notFound()
	}
	a.UpdatedAt = s.w.Now()
	s.w.Source.Changes++
	s.addEvent(world.Event{Type: world.EventAppUpdated, AppID: a.ID, AppName: a.Name})
	return redirectToApp(a.ID, "save")
}

func toggleBox(a *world.App, box, parameter string) bool {
	switch box {
	case "settings": // every box as provisioning needs it
		a.ProvisioningEnabled, a.Disconnected = true, false
		for i := range a.Parameters {
			if a.Parameters[i].Key == "groups" {
				a.Parameters[i].ProvisionedEntitlements = true
			}
		}
	case "rules": // away with those that publish a group again
		before := len(a.Rules)
		a.Rules = slices.DeleteFunc(a.Rules, func(r world.Rule) bool {
			return strings.HasPrefix(r.Name, world.RedundantRule)
		})
		return len(a.Rules) < before
	case "provisioning":
		a.ProvisioningEnabled = !a.ProvisioningEnabled
	case "connection":
		a.Disconnected = !a.Disconnected
	case "approval":
		on := !asksApproval(a)
		a.ApproveCreate, a.ApproveUpdate = on, on
	case "no-approval":
		a.ApproveCreate, a.ApproveUpdate = false, false
	case "include":
		i := slices.IndexFunc(a.Parameters, func(p world.Parameter) bool { return p.Key == parameter })
		if i < 0 {
			return false
		}
		a.Parameters[i].ProvisionedEntitlements = !a.Parameters[i].ProvisionedEntitlements
	default:
		return false
	}
	return true
}

func asksApproval(a *world.App) bool { return a.ApproveCreate || a.ApproveUpdate }
