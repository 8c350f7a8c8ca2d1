package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// elsewhereFaults are those of the rows that a target of the generic dialect can have, and one that only it has.
func elsewhereFaults() []faulty {
	table := slices.DeleteFunc(faults(), func(f faulty) bool { return f.scim != nil })
	return append(table, faulty{
		name: "later pages are lost", lost: []string{"target.users"},
		arrange: arm(fault.Fault{Service: fault.SCIM, Path: usersPath + `\?startIndex=(26|51|76|101|126)`, Kind: fault.ServerError}),
	})
}

// TestFaultsNeverBecomeDriftElsewhere holds these faults against the generic dialect, with a server that nobody here wrote on
// the other side.
func TestFaultsNeverBecomeDriftElsewhere(t *testing.T) {
	t.Parallel()
	for _, f := range elsewhereFaults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			tenant := paged(t, f.world)
			users, groups := rows(tenant.World)
			behind := elimityTarget(true)(t, users, groups)
			s, err := sim.Start(t.Context(), sim.Options{
				World: tenant.World, AppID: tenant.AppID, Manual: true,
				Connection: sim.Connection{From: "roles", Roles: tenant.RolesPattern, Token: behind.token},
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			if f.arrange != nil {
				f.arrange(t, s)
			}
			front := httptest.NewServer(s.Faults.Wrap(fault.SCIM, relay(behind)))
			t.Cleanup(front.Close)
			text := replaceLine("dialect", "dialect = \"generic\"\nrate_share = 100")(s.Config())
			text = strings.Replace(text, s.URL()+"/"+tenant.Connection.SCIMTenantID, front.URL+"/"+tenant.Connection.SCIMTenantID, 1)
			if f.config != nil {
				text = f.config(text)
			}
			path := filepath.Join(t.TempDir(), "config.toml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if f.dead {
				if out, errs, code := runCLI(t, "check", "--config", path); code != exitFailed || out != "" {
					t.Errorf("exit %d\n%s\n%s", code, out, errs)
				}
				return
			}
			c, code := checkJSON(t, "--config", path)
			f.judge(t, c, code, withoutAWS(tenant.Truth))
		})
	}
}

// relay passes on what is asked of TENANT/scim/v2, the address by which the fault table knows a target.
func relay(to location) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, path, _ := strings.Cut(r.URL.Path, "/scim/v2")
		q := r.Clone(r.Context())
		q.URL.Path = "/v2" + path
		to.handler.ServeHTTP(rw, q)
	})
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
