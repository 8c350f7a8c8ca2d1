package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// lensBench runs commands against a simulation that is read through the AWS lens too.
type lensBench struct {
	*bench

	world *world.World
	truth tenants.Truth
}

// newLensBench serves a tenant, over a SCIM endpoint of today unless knobs say otherwise. bend changes the
// configuration.
func newLensBench(t *testing.T, o tenants.Options, knobs *scim.Knobs, bend func(config string) string) *lensBench {
	t.Helper()
	tenant, err := tenants.Build(o)
	if err != nil {
		t.Fatal(err)
	}
	if knobs == nil {
		now := scim.Current().Unlimited()
		knobs = &now
	}
	server, err := sim.Start(t.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, SCIM: knobs, Manual: true,
		Connection: sim.Connection{From: "roles", Roles: tenants.RolesPattern, Lens: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	text := strings.NewReplacer("[connections.sim.onelogin]\n", "[connections.sim.onelogin]\nrate_share = 1\n",
		"[connections.sim.target]\n", "[connections.sim.target]\nrate_share = 1000\n").Replace(server.Config())
	if bend != nil {
		text = bend(text)
	}
	dir := t.TempDir()
	r := &rig{Server: server, config: filepath.Join(dir, "sim.toml")}
	if err := os.WriteFile(r.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &lensBench{&bench{rig: r, t: t, state: filepath.Join(dir, "state")}, tenant.World, tenant.Truth}
}

// drifted is the tenant of most of these tests.
func drifted() tenants.Options { return tenants.Options{Scenario: "drift", Seed: 3} }

// without takes a line out of a configuration.
func without(key string) func(string) string {
	return func(text string) string {
		lines := strings.Split(text, "\n")
		return strings.Join(slices.DeleteFunc(lines,
			func(line string) bool { return strings.HasPrefix(line, key+" ") }), "\n")
	}
}

// withoutLens takes the lens out of a configuration.
func withoutLens(text string) string {
	head, rest, _ := strings.Cut(text, "[connections.sim.aws]")
	_, groups, _ := strings.Cut(rest, "[connections.sim.groups]")
	return head + "[connections.sim.groups]" + groups
}

// byProfile lets the lens take its credentials from a profile of this machine, as on a real tenant.
func byProfile(text string) string {
	return strings.Replace(text, "[connections.sim.aws]\n", "[connections.sim.aws]\nprofile = \"identity\"\n", 1)
}

// opens is what a group opens in the simulation, as "account permission-set", and its members.
func (b *lensBench) opens(name string) (there bool, members, assignments []string) {
	b.world.Lock()
	defer b.world.Unlock()
	target := &b.world.Target
	for _, g := range target.Groups {
		if g.DisplayName != name {
			continue
		}
		there = true
		for id := range g.Members {
			members = append(members, target.Users[id].UserName)
		}
		for _, a := range target.Assignments {
			if a.PrincipalID == g.ID {
				assignments = append(assignments, a.AccountID+" "+a.PermissionSetARN)
			}
		}
	}
	slices.Sort(members)
	slices.Sort(assignments)
	return there, members, assignments
}

// dangling is how many account assignments nobody has.
func (b *lensBench) dangling() (n int) {
	b.world.Lock()
	defer b.world.Unlock()
	for _, a := range b.world.Target.Assignments {
		if b.world.Target.Groups[a.PrincipalID] == nil && b.world.Target.Users[a.PrincipalID] == nil {
			n++
		}
	}
	return n
}

// critical is a lingering group that opens an account.
func (b *lensBench) critical() found {
	b.t.Helper()
	c, _ := checkJSON(b.t, "--config", b.config, "--quiet")
	at := slices.IndexFunc(c.Findings, func(f found) bool {
		return f.Kind == "group-lingering" &&
			f.Severity == "critical"
	})
	if at < 0 {
		b.t.Fatalf("no lingering group is critical: %+v", c.Findings)
	}
	return c.Findings[at]
}

// orphaned is the finding of a group that opens an account and was deleted behind its assignments' back.
func (b *lensBench) orphaned() found {
	b.t.Helper()
	f := b.critical()
	b.world.Lock()
	defer b.world.Unlock()
	b.world.Target.RemoveGroup(f.Subject.TargetID)
	return f
}

// assigned is a lingering group that opens an account in the simulation, whether the program can tell or not.
func (b *lensBench) assigned() tenants.Finding {
	b.t.Helper()
	var out []tenants.Finding
	for _, f := range b.truth {
		if _, members, assignments := b.opens(f.Subject); f.Kind == "group-lingering" && len(members) > 0 &&
			len(assignments) > 0 {
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		b.t.Fatal("no lingering group opens an account")
	}
	slices.SortFunc(out, func(a, b tenants.Finding) int { return cmp.Compare(a.Subject, b.Subject) })
	return out[0]
}
