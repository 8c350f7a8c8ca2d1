package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// TestNothingIsDeletedThatARuleNames, in whatever shape it says it: nothing is certain of the group, no plan has a
// step for it, and a plan that was made before the rule was there sends nothing.
func TestNothingIsDeletedThatARuleNames(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]func(group string) world.Rule{
		"another spelling": func(group string) world.Rule {
			return world.Rule{Enabled: true, Actions: []world.Action{{Action: "Set_Groups", Value: []string{group}}}}
		},
		"another action, disabled": func(group string) world.Rule {
			return world.Rule{Actions: []world.Action{{Action: "set_aws_groups", Value: []string{"other; " + group}}}}
		},
		"a pattern": func(group string) world.Rule {
			return world.Rule{
				Enabled: true,
				Actions: []world.Action{{Action: "add_groups", Value: []string{"role"}, Expression: "^" + group[:6]}},
			}
		},
		"another key": func(group string) world.Rule {
			said, _ := json.Marshal(map[string]any{"give": []string{group}})
			return world.Rule{Enabled: true, Extra: map[string]json.RawMessage{"entitlements": said}}
		},
	} {
		for _, from := range []string{"roles", "auto"} {
			t.Run(name+", from "+from, func(t *testing.T) {
				t.Parallel()
				tenant, err := tenants.Build(sized("lingering-groups"))
				if err != nil {
					t.Fatal(err)
				}
				b := &bench{t: t, state: filepath.Join(t.TempDir(), "state")}
				config := serve(t, tenant, &faulty{
					config:  replaceLine("from", fmt.Sprintf("from = %q", from)),
					arrange: func(_ *testing.T, s *sim.Server) { b.rig = &rig{Server: s} },
				})
				b.config = config
				group := deletedRole(t, tenant)
				id := "group-lingering/" + group
				plan, file := b.plan("--finding", id, "--repair", "delete-group", "--allow", "max-percent")
				if !plan.Guard.Allowed {
					t.Fatalf("before the rule: %+v", plan.Guard)
				}

				r := rule(group)
				r.ID, r.Name, r.Match, r.Position = 990001, "more", "all", 9
				app := tenant.World.Source.Apps[tenant.AppID]
				app.Rules = append(app.Rules, r)

				out, _ := b.command(t.Context(), nil, "check", "-o", "json")
				if strings.Contains(out, id) || !strings.Contains(out, "rule-opaque/more") {
					t.Errorf("check says %s, or not which rule", id)
				}
				out, _ = b.command(t.Context(), nil, "plan", "--kind", "group-lingering", "--repair", "delete-group",
					"-o", "json")
				if strings.Contains(out, group) {
					t.Errorf("the plan is about %s", group)
				}
				if _, code := b.apply(t.Context(), nil, plan, file, "--allow",
					"max-percent,still-yielded,not-certain"); code == exitOK {
					t.Error("apply went through")
				}
				if sent := b.writes(); len(sent) > 0 {
					t.Errorf("sent %q", sent)
				}
			})
		}
	}
}

// deletedRole is a group that lingers because its role was deleted.
func deletedRole(t *testing.T, tenant *tenants.Tenant) string {
	t.Helper()
	for _, f := range tenant.Truth {
		if f.Kind == "group-lingering" && f.Cause == "source-deleted" {
			return f.Subject
		}
	}
	t.Fatal("no role was deleted")
	return ""
}
