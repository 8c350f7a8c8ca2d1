package tenants

import (
	"strconv"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// sound checks what the services themselves would never allow, and that the truth names what exists.
func sound(t failer, tenant *Tenant) {
	t.Helper()
	target, source := &tenant.World.Target, &tenant.World.Source
	unique := map[string]bool{}
	once := func(what, key string) {
		if key != "" && unique[what+foldName(key)] {
			t.Errorf("two target records have the %s %q", what, key)
		}
		unique[what+foldName(key)] = true
	}
	for id, u := range target.Users {
		once("userName ", u.UserName)
		once("e-mail ", u.Email)
		once("external id ", u.ExternalID)
		if id != u.ID || u.DisplayName == "" || u.GivenName == "" || u.FamilyName == "" ||
			strings.ContainsAny(u.UserName, " \t") {
			t.Errorf("AWS would refuse the user %+v", u)
		}
	}
	for id, g := range target.Groups {
		once("display name ", g.DisplayName)
		once("group external id ", g.ExternalID)
		if id != g.ID || g.DisplayName == "" {
			t.Errorf("AWS would refuse the group %+v", g)
		}
		for member := range g.Members {
			if target.Users[member] == nil {
				t.Errorf("%s has a member %s who does not exist", g.DisplayName, member)
			}
		}
	}
	if len(target.UserOrder) != len(target.Users) || len(target.GroupOrder) != len(target.Groups) {
		t.Errorf("the list orders do not list everything once")
	}
	for _, role := range source.Roles {
		for id := range role.Users {
			if source.Users[id] == nil {
				t.Errorf("role %q has a user %d who does not exist", role.Name, id)
			}
		}
		if i := strings.LastIndex(role.Name, "aws-"); i > 0 {
			t.Errorf("%q would match the rule and not the pattern", role.Name)
		}
	}
	soundEvents(t, tenant)
	for _, f := range tenant.Truth {
		soundFinding(t, source, target, f)
		soundExpectation(t, source, f)
	}
}

func soundEvents(t failer, tenant *Tenant) {
	events, ids := tenant.World.Source.Events, map[int64]bool{}
	for i, e := range events {
		if e.ID == 0 || ids[e.ID] || e.At.After(tenant.now) || (i > 0 && e.At.Before(events[i-1].At)) {
			t.Errorf("event out of order or without an id of its own: %+v", e)
		}
		ids[e.ID] = true
	}
}

func soundFinding(t failer, source *world.Source, target *world.Target, f Finding) {
	if f.Kind == "" || f.Severity == "" || f.Subject == "" {
		t.Errorf("incomplete: %+v", f)
	}
	if f.SourceID == "" && f.TargetID == "" {
		t.Errorf("about nothing: %+v", f)
	}
	id, err := strconv.ParseInt(f.SourceID, 10, 64)
	if f.SourceID != "" && err != nil {
		t.Errorf("source id of %+v: %v", f, err)
	}
	there, name := "", ""
	switch f.SubjectType {
	case "user":
		if u := source.Users[id]; u != nil {
			name = u.Email
		}
		if u := target.Users[f.TargetID]; u != nil {
			there = u.UserName
		}
	case "group":
		if role := source.Roles[id]; role != nil {
			name = role.Name
		}
		if g := target.Groups[f.TargetID]; g != nil {
			there = g.DisplayName
		}
	default:
		name = ruleName(source, id)
	}
	if f.SourceID == "" {
		name = there
	}
	if name != f.Subject || (f.TargetID != "" && there == "") {
		t.Errorf("%+v names %q at the source and %q at the target", f, name, there)
	}
}

// soundExpectation: what is missing, renamed or has the wrong members must be a group that somebody active is owed;
// whether an allowed group's memberships count is a question that no truth should hang on.
func soundExpectation(t failer, source *world.Source, f Finding) {
	switch f.Kind {
	case "group-missing", "group-renamed", "members-missing", "members-extra":
	default:
		return
	}
	for _, role := range source.Roles {
		if decimal(role.ID) != f.SourceID {
			continue
		}
		for id := range role.Users {
			if works(source.Users[id]) {
				return
			}
		}
	}
	t.Errorf("nobody active is owed the group of %+v", f)
}

func ruleName(source *world.Source, id int64) string {
	for _, app := range source.Apps {
		for _, rule := range app.Rules {
			if rule.ID == id {
				return rule.Name
			}
		}
	}
	return ""
}

func TestTenantsAreSound(t *testing.T) {
	for _, s := range Scenarios() {
		for seed := range uint64(4) {
			sound(t, made(t, Options{
				Scenario: s.Name, Seed: seed, Users: min(s.Users, 400),
				Groups: min(s.Groups, 50),
			}))
		}
	}
}

func TestPeopleAndGroupsReadLikeACompany(t *testing.T) {
	tenant := made(t, Options{})
	foreign := 0
	for _, u := range tenant.World.Source.Users {
		local, host, _ := strings.Cut(u.Email, "@")
		if host != domain || !strings.Contains(local, ".") ||
			strings.ContainsFunc(local, func(r rune) bool { return r > 'z' || r == '\'' || r == ' ' }) {
			t.Errorf("nobody has the e-mail %q", u.Email)
		}
		if strings.ContainsFunc(u.FirstName+u.LastName, func(r rune) bool { return r > 127 }) {
			foreign++
		}
	}
	if foreign < 3 {
		t.Errorf("only %d names need more than ASCII", foreign)
	}
	named := 0
	for _, g := range tenant.World.Target.Groups {
		if strings.HasPrefix(g.DisplayName, "aws-münchen") {
			named++
		}
	}
	if named != 1 {
		t.Errorf("%d groups have a name beyond ASCII", named)
	}
}

func TestRolesCarryTheirIDsWhereTheScenarioSaysSo(t *testing.T) {
	for name, want := range map[string][2]int{"clean": {18, 21}, "drift": {9, 15}, "lingering-groups": {0, 0}} {
		n := 0
		tenant := made(t, Options{Scenario: name})
		for _, g := range tenant.World.Target.Groups {
			for _, role := range tenant.World.Source.Roles {
				if g.ExternalID == decimal(role.ID) {
					n++
				}
			}
		}
		if n < want[0] || n > want[1] {
			t.Errorf("%s: %d groups carry a role's id, want %d to %d", name, n, want[0], want[1])
		}
	}
}

func TestSizesScale(t *testing.T) {
	tenant := made(t, Options{Scenario: "large", Users: 10_000, Groups: 200})
	members, granting := 0, 0
	for _, role := range tenant.World.Source.Roles {
		if role.Apps[tenant.AppID] && strings.HasPrefix(role.Name, "aws-") {
			granting++
			members += len(role.Users)
		}
	}
	if users := len(tenant.people); users != 10_000 || granting < 200 || granting > 210 {
		t.Errorf("%d users and %d groups", users, granting)
	}
	if mean := members / granting; mean < 430 || mean > 570 {
		t.Errorf("%d members a group, want about 500", mean)
	}
	if n := len(tenant.World.Source.Events); n > 2000 {
		t.Errorf("%d events would eat the call budget of whoever reads them", n)
	}
	kinds := tenant.Truth.totals()
	for kind := range made(t, Options{}).Truth.totals() {
		if kinds[kind] == 0 {
			t.Errorf("large has no %s", kind)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	for range b.N {
		made(b, Options{Scenario: "large", Users: 100_000, Groups: 2_000})
	}
}
