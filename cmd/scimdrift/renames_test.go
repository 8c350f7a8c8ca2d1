package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// served is a bench over a tenant in sync.
func served(t *testing.T, groups int) (*bench, *tenants.Tenant) {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Seed: 3, Groups: groups})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, state: filepath.Join(t.TempDir(), "state")}
	config := serve(t, tenant, &faulty{arrange: func(_ *testing.T, s *sim.Server) { b.rig = &rig{Server: s} }})
	b.config = config
	return b, tenant
}

// provisioned are the roles whose groups at the target carry their ids.
func provisioned(w *world.World) []*world.Role {
	var out []*world.Role
	for _, r := range w.Source.Roles {
		for _, g := range w.Target.Groups {
			if g.ExternalID == strconv.FormatInt(r.ID, 10) && g.DisplayName == r.Name && len(r.Users) > 0 {
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(a, b *world.Role) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// One role takes the name that another has just given up, in tenants of several sizes. The target still has the old
// names, and the ids say whose groups they are: it is a duplicate, and nothing is sent, not by a plan that was made a
// moment before either.
func TestAChainOfRenamedRolesMovesNobodysAccess(t *testing.T) {
	t.Parallel()
	for _, n := range []int{3, 4, 5, 8} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			b, tenant := served(t, n)
			roles := provisioned(tenant.World)
			if len(roles) < 2 {
				t.Fatalf("only %d roles have groups with their ids", len(roles))
			}
			first, second := roles[0], roles[1]
			passedOn := second.Name
			second.Name = "aws-renamed"
			earlier, file := (*model.Plan)(nil), ""
			if len(roles) > 3 { // enough to pair by ids
				earlier, file = b.plan("--finding", "group-renamed/aws-renamed", "--repair", "rename-group")
				if len(earlier.Steps) != 1 || !earlier.Guard.Allowed {
					t.Fatalf("before the chain: %+v, %+v", earlier.Steps, earlier.Guard)
				}
			}

			first.Name = passedOn
			c, _ := checkJSON(t, "--config", b.config, "--quiet")
			if len(c.Findings) != 1 || c.Findings[0].ID != "group-duplicate/"+passedOn ||
				len(c.Findings[0].Repairs) > 0 {
				t.Errorf("found %+v", c.Findings)
			}
			for _, repair := range []string{
				"delete-group", "rename-group", "create-group", "add-members",
				"remove-members",
			} {
				out, code := b.command(t.Context(), nil, "plan", "--repair", repair, "--allow",
					"not-certain,max-percent,unclaimed", "-o", "json")
				if code == exitDrift || strings.Contains(out, `"method"`) {
					t.Errorf("%s is planned, exit %d", repair, code)
				}
			}
			if earlier != nil {
				if _, code := b.apply(t.Context(), nil, earlier, file); code == exitOK {
					t.Error("the earlier plan went through")
				}
			}
			if sent := b.writes(); len(sent) > 0 {
				t.Errorf("sent %q", sent)
			}
		})
	}
}

// Three users whose names were passed on, paired by their ids: one plan writes all, the free name first.
func TestAChainOfRenamedUsersIsWrittenInTurn(t *testing.T) {
	t.Parallel()
	b, tenant := served(t, 0)
	w := tenant.World
	var chain []*world.User
	for _, u := range w.Source.Users {
		for _, at := range w.Target.Users {
			if at.UserName == u.Email && at.ExternalID == strconv.FormatInt(u.ID, 10) && at.Active &&
				at.Email == u.Email {
				chain = append(chain, u)
			}
		}
	}
	slices.SortFunc(chain, func(a, b *world.User) int { return cmp.Compare(a.ID, b.ID) })
	if len(chain) < 3 {
		t.Fatalf("only %d users are paired by id", len(chain))
	}
	// In the order of their names the first would come first: it gets the second's name.
	chain = chain[:3]
	names := []string{chain[0].Email, chain[1].Email, chain[2].Email}
	chain[0].Email, chain[1].Email, chain[2].Email = names[1], names[2], "zoe.new@corp.example"
	chain[0].Username, chain[1].Username, chain[2].Username = names[1], names[2], "zoe.new@corp.example"

	plan, file := b.plan("--kind", "user-renamed", "--repair", "update-user", "--allow", "max-percent")
	var order []string
	for _, s := range plan.Steps {
		order = append(order, s.Subject.Name)
	}
	if want := []string{"zoe.new@corp.example", names[2], names[1]}; !slices.Equal(order, want) {
		t.Fatalf("planned %q, want %q; left out %v", order, want, plan.LeftOut)
	}
	if _, code := b.apply(t.Context(), nil, plan, file, "--allow", "max-percent"); code != exitOK {
		t.Errorf("apply ended with %d", code)
	}
	if c, code := checkJSON(t, "--config", b.config, "--quiet"); code != exitOK || len(c.Findings) > 0 {
		t.Errorf("afterwards, exit %d: %+v", code, c.Findings)
	}
}
