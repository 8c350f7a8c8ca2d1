package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// elsewhereFaults are the rows of the fault table that a target of the generic dialect can have. The habits of AWS's own paging
// are none of its; members are read with the list of groups.
func elsewhereFaults() (table []faulty) {
	for _, f := range faults() {
		if f.scim != nil {
			continue
		}
		switch f.name {
		case "SCIM 429 for ever on users":
			f.arrange = arm(fault.Fault{Service: fault.SCIM, Path: usersPath + `\?startIndex`, Kind: fault.Throttle})
		case "one group's members cannot be read":
			f.name = "groups are forbidden"
			f.arrange = arm(fault.Fault{Service: fault.SCIM, Path: groupsPath, Kind: fault.Forbidden})
			f.lost = []string{"target.groups", "target.memberships"}
		case "SCIM token expires mid-walk":
			f.arrange = arm(fault.Fault{Service: fault.SCIM, After: 3, Kind: fault.Answer, Status: http.StatusUnauthorized, Body: `{"message":"expired"}`})
			f.lost = []string{"target.users"}
		}
		table = append(table, f)
	}
	return append(table,
		faulty{
			name: "later pages are lost", lost: []string{"target.users"},
			arrange: arm(fault.Fault{Service: fault.SCIM, Path: usersPath + `\?startIndex=(26|51|76|101|126)`, Kind: fault.ServerError}),
		},
		faulty{
			name:    "the discovery document fails", // what it says is not needed to read
			arrange: arm(fault.Fault{Service: fault.SCIM, Path: `ServiceProviderConfig`, Kind: fault.ServerError}),
		},
		faulty{
			name:    "where the records are cannot be read", // the usual endpoints might hold other people
			lost:    []string{"target.users", "target.groups", "target.memberships"},
			arrange: arm(fault.Fault{Service: fault.SCIM, Path: `ResourceTypes`, Kind: fault.ServerError}),
		},
		faulty{
			name: "an empty list where a page was", may: true, lost: []string{"target.users"},
			arrange: arm(fault.Fault{
				Service: fault.SCIM, Path: usersPath + `\?startIndex=51`, Kind: fault.Answer, Status: http.StatusOK,
				Body: `{"totalResults":0,"Resources":[]}`,
			}),
		},
	)
}

// TestFaultsNeverBecomeDriftElsewhere holds the fault table against the generic dialect, with a server that nobody here wrote on
// the other side.
func TestFaultsNeverBecomeDriftElsewhere(t *testing.T) {
	t.Parallel()
	for _, f := range some(elsewhereFaults()) {
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
