package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// row is a SCIM record as it goes over the wire.
type row = map[string]any

// location is where a target answers.
type location struct {
	url, token string
	// users and groups are its endpoints, where they are not the usual ones.
	users, groups string
	// handler is the server itself, where it runs in this process.
	handler http.Handler
}

// kind makes a target of some kind that holds these records, under the ids that they have.
type kind func(t *testing.T, users, groups []row) location

// rows are the target's side of a tenant as records.
func rows(w *world.World) (users, groups []row) {
	w.Lock()
	defer w.Unlock()
	for _, id := range w.Target.UserOrder {
		u := w.Target.Users[id]
		r := row{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "id": u.ID, "userName": u.UserName,
			"active":      u.Active,
			"displayName": u.DisplayName, "name": row{"givenName": u.GivenName, "familyName": u.FamilyName},
			"title": "Keeper of what nobody else changes", // a repair of something else must leave it
		}
		if u.ExternalID != "" {
			r["externalId"] = u.ExternalID
		}
		if u.Email != "" {
			r["emails"] = []row{
				{"value": u.Email, "type": cmp.Or(u.EmailType, "work"), "primary": true},
				{"value": "home." + u.Email, "type": "home"},
			}
		}
		users = append(users, r)
	}
	for _, id := range w.Target.GroupOrder {
		g := w.Target.Groups[id]
		r := row{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "id": g.ID,
			"displayName": g.DisplayName,
		}
		if g.ExternalID != "" {
			r["externalId"] = g.ExternalID
		}
		members := []row{}
		for _, member := range slices.Sorted(maps.Keys(g.Members)) {
			members = append(members, row{"value": member})
		}
		r["members"] = members
		groups = append(groups, r)
	}
	return users, groups
}

// sighting is what a target holds, read by the test itself: users by userName, and the members' userNames by group.
type sighting struct {
	Users  map[string]person
	Groups map[string][]string
}

type person struct {
	DisplayName, Given, Family, Title, External string
	Emails                                      []string
	Active                                      bool
}

// see reads a target page by page, with nothing of the product's.
func see(t *testing.T, p location) sighting {
	t.Helper()
	s := sighting{map[string]person{}, map[string][]string{}}
	names := map[string]string{}
	for _, raw := range list(t, p, cmp.Or(p.users, "/Users")) {
		var u struct {
			ID, UserName, DisplayName, Title, ExternalID string
			Name                                         struct{ GivenName, FamilyName string }
			Emails                                       []struct{ Value, Type string }
			Active                                       bool
		}
		decodeInto(t, raw, &u)
		one := person{u.DisplayName, u.Name.GivenName, u.Name.FamilyName, u.Title, u.ExternalID, nil, u.Active}
		for _, e := range u.Emails {
			one.Emails = append(one.Emails, e.Type+" "+e.Value)
		}
		names[u.ID], s.Users[u.UserName] = u.UserName, one
	}
	for _, raw := range list(t, p, cmp.Or(p.groups, "/Groups")) {
		var g struct {
			DisplayName string
			Members     []struct{ Value string }
		}
		decodeInto(t, raw, &g)
		members := []string{}
		for _, m := range g.Members {
			members = append(members, cmp.Or(names[m.Value], m.Value))
		}
		slices.Sort(members)
		s.Groups[g.DisplayName] = members
	}
	return s
}

func decodeInto(t *testing.T, raw json.RawMessage, v any) {
	t.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, p location, path string) (all []json.RawMessage) {
	t.Helper()
	for {
		var page struct {
			TotalResults int
			Resources    []json.RawMessage
		}
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			fmt.Sprintf("%s%s?count=50&startIndex=%d", p.url, path, len(all)+1), nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+p.token)
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(answer.Body).Decode(&page)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", path, answer.Status, err)
		}
		if all = append(all, page.Resources...); len(all) >= page.TotalResults || len(page.Resources) == 0 {
			return all
		}
	}
}

// elsewhere is a bench whose target is somebody else's server.
type elsewhere struct {
	*bench
	location

	tenant *tenants.Tenant
	truth  tenants.Truth
}

func newElsewhere(t *testing.T, at kind, seed uint64) *elsewhere {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: "drift", Users: 70, Groups: 14, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	users, groups := rows(tenant.World)
	p := at(t, users, groups)
	// OneLogin's own provisioner knows nothing of the other server, and rests.
	s, err := sim.Start(t.Context(), sim.Options{World: tenant.World, AppID: tenant.AppID, Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	dir := t.TempDir()
	config := fmt.Sprintf(`default_connection = "elsewhere"
[connections.elsewhere.onelogin]
url = %q
client_id = %q
client_secret = %q
app_id = %d
rate_share = 1
[connections.elsewhere.target]
dialect = "generic"
url = %q
token = %q
rate_share = 1000
[connections.elsewhere.groups]
from = "roles"
roles = %q
`, s.URL(), tenant.World.Source.Credentials[0].ClientID, tenant.World.Source.Credentials[0].ClientSecret,
		tenant.AppID, p.url, p.token, tenants.RolesPattern)
	file := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return &elsewhere{
		&bench{rig: &rig{Server: s, config: file}, t: t, state: filepath.Join(dir, "state")}, p, tenant,
		tenant.Truth,
	}
}

// undo takes the last run back, agreeing to exactly what it was shown.
func (b *bench) undo(more ...string) (stdout string, code int) {
	b.t.Helper()
	return b.command(b.t.Context(), nil, append([]string{"undo", "last", "--yes", "--checksum", b.wayBack(more...)},
		more...)...)
}

// wayBack gives the checksum of the way back from the last run.
func (b *bench) wayBack(more ...string) string {
	b.t.Helper()
	asked := &trigger{}
	b.command(b.t.Context(), asked, append([]string{"undo", "last", "--yes"}, more...)...)
	sum := regexp.MustCompile(`add --checksum ([0-9a-f]+)`).FindStringSubmatch(asked.text())
	if sum == nil {
		b.t.Fatalf("no checksum was asked for:\n%s", asked.text())
	}
	return sum[1]
}

// update makes the changes of a step to a user, and gives the name that he has then.
func (s sighting) update(step *model.Step, name string, one *person) string {
	for _, fact := range step.Afterwards {
		switch {
		case fact.Fact == model.UserIs:
			for group, members := range s.Groups {
				for i, m := range members {
					if m == name {
						members[i] = fact.Name
					}
				}
				slices.Sort(s.Groups[group])
			}
			name = fact.Name
		case fact.Fact != model.FieldIs:
		case fact.Field == "displayName":
			one.DisplayName = fact.Value
		case fact.Field == "name.givenName":
			one.Given = fact.Value
		case fact.Field == "name.familyName":
			one.Family = fact.Value
		case fact.Field == "emails":
			kind, _, _ := strings.Cut(one.Emails[0], " ")
			one.Emails = append([]string{kind + " " + fact.Value}, one.Emails[1:]...)
		}
	}
	return name
}

// wantAfter is what a target holds after a plan, by what its steps say that they do.
func wantAfter(t *testing.T, before, after sighting, plan *model.Plan) sighting {
	t.Helper()
	want := sighting{maps.Clone(before.Users), map[string][]string{}}
	for name, members := range before.Groups {
		want.Groups[name] = slices.Clone(members)
	}
	for i := range plan.Steps {
		s := &plan.Steps[i]
		name := s.Subject.Name
		for _, fact := range s.Precondition {
			if fact.Fact == model.UserIs && fact.ID == s.Subject.TargetID {
				name = fact.Name // by which the target knows him
			}
		}
		one := want.Users[name]
		switch s.Repair {
		case model.CreateUser:
			one = after.Users[name]
			if _, was := before.Users[name]; was || !one.Active || one.DisplayName == "" || len(one.Emails) != 1 {
				t.Errorf("%s was not created as a user who can sign in: %+v", name, one)
			}
			want.Users[name] = one
		case model.ActivateUser, model.DeactivateUser:
			one.Active = s.Repair == model.ActivateUser
			want.Users[name] = one
		case model.UpdateUser:
			delete(want.Users, name)
			name = want.update(s, name, &one)
			want.Users[name] = one
		case model.DeleteUser:
			delete(want.Users, name)
			for group, members := range want.Groups {
				want.Groups[group] = slices.DeleteFunc(members, func(m string) bool { return m == name })
			}
		case model.CreateGroup:
			want.Groups[s.Group.Name] = []string{}
		case model.RenameGroup:
			members := want.Groups[s.Group.Name]
			delete(want.Groups, s.Group.Name)
			want.Groups[name] = members
		case model.DeleteGroup:
			delete(want.Groups, s.Group.Name)
		case model.AddMembers:
			for _, m := range s.Members {
				want.Groups[s.Group.Name] = append(want.Groups[s.Group.Name], m.UserName)
			}
			slices.Sort(want.Groups[s.Group.Name])
		case model.RemoveMembers:
			want.Groups[s.Group.Name] = slices.DeleteFunc(want.Groups[s.Group.Name], func(m string) bool {
				return slices.ContainsFunc(s.Members, func(out model.Member) bool { return out.UserName == m })
			})
		default:
			t.Errorf("%s writes nothing to a target", s.Repair)
		}
	}
	return want
}

// tally counts what was exercised.
type tally struct {
	mu    sync.Mutex
	steps map[string]int
}

func (c *tally) count(what string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.steps[what] += n
}

// repairElsewhere proves the generic dialect against a server that nobody here wrote, through the command line: what is
// read equals the truth, each direct repair does what it says and nothing else, and its undo brings back what was
// there.
func repairElsewhere(t *testing.T, at kind, repairs ...model.RepairName) {
	t.Helper()
	done := &tally{steps: map[string]int{}}
	t.Run("read", func(t *testing.T) {
		t.Parallel()
		e := newElsewhere(t, at, 1)
		c, code := checkJSON(t, "--config", e.config)
		if code != exitDrift || !c.Complete {
			t.Errorf("exit code %d, source %v, target %v", code, c.Source.Coverage, c.Target.Coverage)
		}
		wantTruth(t, c, withoutAWS(e.truth))
		done.count("findings read", len(c.Findings))
	})
	for _, repair := range repairs {
		t.Run(string(repair), func(t *testing.T) {
			t.Parallel()
			repairAndUndo(t, at, repair, done)
		})
	}
	t.Cleanup(func() {
		var lines []string
		for _, what := range slices.Sorted(maps.Keys(done.steps)) {
			lines = append(lines, fmt.Sprintf("%s %d", what, done.steps[what]))
		}
		t.Logf("exercised: %s", strings.Join(lines, ", "))
	})
}

// directRepairs are those that write over SCIM.
func directRepairs() []model.RepairName {
	return []model.RepairName{
		model.CreateUser, model.ActivateUser, model.UpdateUser, model.DeactivateUser, model.DeleteUser,
		model.CreateGroup,
		model.RenameGroup, model.AddMembers, model.RemoveMembers, model.DeleteGroup,
	}
}

// repairAndUndo makes one kind of repair at a target of its own, and takes it back.
func repairAndUndo(t *testing.T, at kind, repair model.RepairName, done *tally) {
	t.Helper()
	e := newElsewhere(t, at, 3)
	allow := []string{"--allow", "max-percent,max-deletes,max-removals,max-grants,not-certain"}
	before := see(t, e.location)
	plan, file := e.plan(append([]string{"--repair", string(repair)}, allow...)...)
	if !slices.ContainsFunc(plan.Steps, func(s model.Step) bool { return s.Repair == repair }) {
		t.Fatalf("the plan has no %s", repair)
	}
	if out, code := e.apply(t.Context(), nil, plan, file, allow...); code != exitOK {
		t.Errorf("exit code %d\n%s", code, out)
	}
	after := see(t, e.location)
	if diff := gocmp.Diff(wantAfter(t, before, after, plan), after); diff != "" {
		t.Errorf("the target holds something else than the plan said (-want +got):\n%s", diff)
	}
	for _, s := range plan.Steps {
		done.count(string(s.Repair), 1)
	}
	if repair == model.DeleteUser || repair == model.DeactivateUser {
		e.readmit(plan, before)
	}
	if out, code := e.undo(allow...); code != exitOK {
		t.Errorf("undo: exit code %d\n%s", code, out)
	}
	if diff := gocmp.Diff(before, see(t, e.location)); diff != "" {
		t.Errorf("undo did not bring back what was there (-before +after):\n%s", diff)
	}
	done.count("steps undone", len(e.runs()[0].Steps))
}

// readmit has OneLogin assign the app again to those from whom a plan took it, with the roles of the groups that they
// were in: undo lets nobody in again whom the source does not want there.
func (e *elsewhere) readmit(plan *model.Plan, before sighting) {
	e.t.Helper()
	w := e.tenant.World
	w.Lock()
	defer w.Unlock()
	for i := range plan.Steps {
		name := plan.Steps[i].Subject.Name
		var user *world.User
		for _, u := range w.Source.Users {
			if strings.EqualFold(u.Email, name) {
				user = u
			}
		}
		if user == nil {
			user = &world.User{
				ID: int64(900_000 + i), Username: name, Email: name, FirstName: before.Users[name].Given,
				LastName: before.Users[name].Family,
			}
			w.Source.Users[user.ID] = user
		}
		user.State, user.Status = 1, 1
		w.Source.Apps[e.tenant.AppID].Direct[user.ID] = true
		for group, members := range before.Groups {
			for _, role := range w.Source.Roles {
				if slices.Contains(members, name) && role.Name == strings.TrimSuffix(group, "-renamed") {
					role.Users[user.ID] = true
				}
			}
		}
	}
}

// withoutAWS is the truth at a target that may do without what AWS must have.
func withoutAWS(truth tenants.Truth) tenants.Truth {
	for i := range truth {
		if truth[i].Cause == "missing-attribute" {
			truth[i].Cause, truth[i].StateCause = "provisioning-failed", ""
		}
	}
	return truth
}
