package load_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/scim"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// A world in which both sides agree goes on to agree, by rules as by roles, whatever is pressed in the console: what
// the comparison calls the same, OneLogin's provisioner takes for the same.
func TestASoundWorldStaysSoundUnderEveryConsoleButton(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tenant, err := tenants.Build(tenants.Options{
			Scenario: "clean", Seed: rapid.Uint64Range(0, 1000).Draw(r, "seed"), Users: 30,
			Groups: rapid.IntRange(8, 24).Draw(r, "groups"),
		})
		if err != nil {
			r.Fatal(err)
		}
		b := lay(t, r, tenant, simscim.Current().Unlimited())
		defer b.close()
		for range rapid.IntRange(1, 8).Draw(r, "presses") {
			b.press(t, r, drawButton(r, tenant))
			if rapid.Bool().Draw(r, "and waits") {
				b.settle(t, r)
			}
		}
		b.settle(t, r)
		for _, from := range []string{"roles", "rules", "auto"} {
			c := b.by(t, r, from)
			if !complete(c) {
				r.Errorf("by %s: %s, %s", from, c.Source.Coverage, c.Target.Coverage)
			}
			for i := range c.Findings {
				if f := &c.Findings[i]; f.Subject.Type == model.SubjectUser || f.Subject.Type == model.SubjectGroup {
					r.Errorf("by %s: %s %q, because of %s", from, f.Kind, f.Subject.Name, f.Cause)
				}
			}
		}
	})
}

// drawButton draws one of the console's buttons and boxes, with its user or parameter.
func drawButton(r *rapid.T, tenant *tenants.Tenant) string {
	app := tenant.World.Source.Apps[tenant.AppID]
	buttons := []string{
		"refresh", "reapply", "reapply", "sync-logins", "approve-all",
		"boxes/provisioning", "boxes/approval", "boxes/connection", "boxes/settings",
	}
	for _, p := range app.Parameters {
		buttons = append(buttons, "boxes/include?parameter="+p.Key)
	}
	for _, user := range world.SortedIDs(tenant.World.Source.Assigned(app.ID)) {
		buttons = append(buttons, fmt.Sprintf("approve?user=%d", user), fmt.Sprintf("retry?user=%d", user))
	}
	return rapid.SampledFrom(buttons).Draw(r, "button")
}

func (b *bed) press(t *testing.T, f tester, button string) {
	f.Helper()
	path := fmt.Sprintf("%s/__sim/console/apps/%d/%s", b.server.URL(), b.tenant.AppID, button)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, http.NoBody)
	if err != nil {
		f.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		f.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		f.Fatal(button, resp.Status)
	}
}

// settle runs what was pressed for.
func (b *bed) settle(t *testing.T, f tester) {
	f.Helper()
	if err := b.server.Engine.RunPending(t.Context()); err != nil {
		f.Fatal(err)
	}
}

// by reads the tenant anew, with the groups from roles or rules.
func (b *bed) by(t *testing.T, f tester, from string) *drift.Comparison {
	f.Helper()
	c := b.tenant.World.Source.Credentials[0]
	source, err := onelogin.New(onelogin.Options{
		URL: b.server.URL(), ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppID: b.tenant.AppID, RateShare: 1,
		WithRules: from != "roles",
	})
	if err != nil {
		f.Fatal(err)
	}
	defer source.Close()
	options := load.Options{
		Options: drift.Options{
			Groups: rules.GroupsConfig{From: from, Roles: regexp.MustCompile(tenants.RolesPattern)},
			Fields: model.FieldSetOf(model.Fields()...),
		},
		TargetKind: scim.AWS, Window: 14 * 24 * time.Hour, Now: time.Now,
	}
	got, err := load.New(source, b.target, options).Load(t.Context(), drift.Watch{})
	if err != nil {
		f.Fatal(err)
	}
	return got
}
