package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// disguised bends the names of a tenant in sync. A name in another normal form is the same name. One that only looks
// the same may be a stranger's, so nothing is certain of it and nothing is sent.
func disguised(w *world.World) (groups map[string]string) {
	w.Lock()
	defer w.Unlock()
	groups = map[string]string{}
	bend := []func(string) string{
		func(s string) string { return s + "\u00a0" },
		func(s string) string { return strings.Replace(s, "a", "а", 1) }, // Cyrillic
		func(s string) string { return s + "\u3000" },
		func(s string) string { return s[:2] + "\u200b" + s[2:] },
		func(s string) string { return s + "\u0085" },
	}
	for n, id := range w.Target.GroupOrder {
		g := w.Target.Groups[id]
		g.ExternalID = ""
		if n < len(bend) && strings.HasPrefix(g.DisplayName, "aws-") {
			groups[g.DisplayName] = bend[n](g.DisplayName)
			g.DisplayName = groups[g.DisplayName]
		}
	}
	for n, id := range w.Target.UserOrder {
		if u := w.Target.Users[id]; n < len(bend) {
			u.ExternalID, u.Email = "", ""
			u.UserName = bend[n](u.UserName)
		}
	}
	// One of each in the other normal form, which is no finding.
	for _, r := range w.Source.Roles {
		for _, g := range w.Target.Groups {
			if r.Name == g.DisplayName {
				r.Name, g.DisplayName = r.Name+"-équipe", norm.NFD.String(g.DisplayName+"-équipe")
				return groups
			}
		}
	}
	return groups
}

func TestNamesThatOnlyLookAlikeAreNotTakenForOneAnother(t *testing.T) {
	longTable(t)
	t.Parallel()
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	groups := disguised(tenant.World)
	var server *sim.Server
	path := serve(t, tenant, &faulty{arrange: func(_ *testing.T, s *sim.Server) { server = s }})

	c, _ := checkJSON(t, "--config", path, "--quiet")
	want := map[string]int{"group-renamed": len(groups), "user-renamed": 5}
	if len(groups) == 0 || !maps.Equal(c.Totals, want) {
		t.Errorf("found %v, want %v", c.Totals, want)
	}
	for _, f := range c.Findings {
		if f.Confidence == "certain" || slices.ContainsFunc(f.Repairs,
			func(r struct{ ID, Channel string }) bool { return r.Channel == "direct" }) {
			t.Errorf("%s is %s and offers %v", f.ID, f.Confidence, f.Repairs)
		}
		if !strings.Contains(f.Summary, "<U+") ||
			f.Subject.Type == "group" && f.Details.Fields[0].Target != groups[f.Subject.Name] {
			t.Errorf("%s does not tell the names apart, or not raw: %q, %+q", f.ID, f.Summary, f.Details.Fields)
		}
	}
	for _, form := range []string{"text", "markdown", "csv"} {
		out, _, _ := runCLI(t, "check", "--config", path, "-o", form, "--quiet")
		for _, point := range []string{"U+00A0", "U+0430", "U+3000", "U+200B", "U+0085"} {
			if !strings.Contains(strings.ReplaceAll(out, "\\+", "+"), point) {
				t.Errorf("%s does not spell %s:\n%s", form, point, out)
			}
		}
	}

	for _, kind := range []string{
		"group-renamed", "group-lingering", "group-unclaimed", "user-renamed",
		"user-lingering",
	} {
		for _, repair := range []string{
			"delete-group", "rename-group", "delete-user", "deactivate-user",
			"update-user",
		} {
			file := filepath.Join(t.TempDir(), "plan.json")
			out, _, _ := runCLI(t, "plan", "--config", path, "--kind", kind, "--allow",
				"max-percent,max-deletes,max-removals,max-grants,not-certain", "--repair", repair, "-o", "json",
				"--out", file, "--quiet")
			var p struct {
				Steps    []json.RawMessage
				Checksum string
			}
			if _ = json.Unmarshal([]byte(out), &p); len(p.Steps) > 0 {
				t.Errorf("%s is planned for %s: %s", repair, kind, out)
			}
			runCLI(t, "apply", file, "--config", path, "--yes", "--checksum", p.Checksum, "--quiet")
		}
	}
	for _, q := range server.SCIM.Requests() {
		if q.Method != http.MethodGet {
			t.Errorf("%s %s was sent", q.Method, q.Path)
		}
	}
}
