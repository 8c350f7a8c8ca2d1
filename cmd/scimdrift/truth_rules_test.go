package main

import (
	"fmt"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// byRules turns a truth in roles mode into that in rules mode. One thing differs: a role that lost the app still has a
// name that the app's rule goes through, so its group stays allowed, and what is wrong is only who is in it.
func byRules(truth tenants.Truth) tenants.Truth {
	out := make(tenants.Truth, 0, len(truth))
	for _, f := range truth {
		if f.Kind == "group-lingering" && f.Cause == "source-unmapped" {
			f.Kind, f.Severity, f.Cause = "members-extra", "critical", ""
		}
		out = append(out, f)
	}
	return out
}

func TestEveryScenarioEqualsItsTruthByRules(t *testing.T) {
	t.Parallel()
	longTable(t)
	for _, s := range tenants.Scenarios() {
		for _, from := range []string{"auto", "rules"} {
			t.Run(s.Name+"/"+from, func(t *testing.T) {
				t.Parallel()
				tenant, err := tenants.Build(sized(s.Name, 1))
				if err != nil {
					t.Fatal(err)
				}
				path := serve(t, tenant, &faulty{config: replaceLine("from", fmt.Sprintf("from = %q", from))})
				c, code := checkJSON(t, "--config", path)
				wantTruth(t, c, byRules(tenant.Truth))
				wantCode := exitDrift
				if s.Name == "clean" {
					wantCode = exitOK
				}
				if code != wantCode || !c.Complete {
					t.Errorf("exit %d, complete %v; want %d, true\n%v", code, c.Complete, wantCode, c.Source.Coverage)
				}
			})
		}
	}
}
