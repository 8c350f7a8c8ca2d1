package sim_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

// inSync tells whether the target's groups are exactly those that the roles yield, apart from groups without members.
func inSync(t *testing.T, tenant *tenants.Tenant) {
	t.Helper()
	want, _ := expected(tenant)
	got := memberships(tenant)
	maps.DeleteFunc(got, func(_ string, members []string) bool { return len(members) == 0 })
	if len(want) == 0 || !maps.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("groups at the target: %v\nwant %v", got, want)
	}
}

func TestNothingSyncsUntilEverybodyIsApproved(t *testing.T) {
	s, tenant := start(t, "nothing-syncs", nil)
	before := len(memberships(tenant))
	press(t, s, "/__sim/console/apps/"+itoa(tenant.AppID)+"/reapply")
	press(t, s, "/__sim/jobs/run")
	if got := len(memberships(tenant)); got != before {
		t.Errorf("a reapply got past the approvals: %d groups, before %d", got, before)
	}
	tenant.World.Lock()
	users := []int64{}
	for key, login := range tenant.World.Source.Logins {
		if login.Pending != "" {
			users = append(users, key.User)
		}
	}
	tenant.World.Unlock()
	for _, user := range users {
		press(t, s, fmt.Sprintf("/__sim/console/apps/%d/approve?user=%d", tenant.AppID, user))
	}
	press(t, s, "/__sim/jobs/run")
	inSync(t, tenant)
}

func TestDeletedInAWSFirstIsMendedByRefreshAndReapply(t *testing.T) {
	s, tenant := start(t, "deleted-in-aws-first", nil)
	want, _ := expected(tenant)
	missing := func() int {
		n := 0
		got := memberships(tenant)
		for name := range want {
			if _, has := got[name]; !has {
				n++
			}
		}
		return n
	}
	if missing() == 0 {
		t.Fatal("no group is missing at the start")
	}
	app := "/__sim/console/apps/" + itoa(tenant.AppID)
	press(t, s, app+"/reapply")
	press(t, s, "/__sim/jobs/run")
	if missing() == 0 {
		t.Error("a reapply alone mended it, although the cached id is stale")
	}
	press(t, s, app+"/refresh")
	press(t, s, app+"/reapply")
	press(t, s, "/__sim/jobs/run")
	if n := missing(); n != 0 {
		t.Errorf("%d groups are still missing", n)
	}
}

func TestGroupsComeOnceTheyAreIncluded(t *testing.T) {
	s, tenant := start(t, "groups-not-included", nil)
	app := "/__sim/console/apps/" + itoa(tenant.AppID)
	press(t, s, app+"/reapply")
	press(t, s, "/__sim/jobs/run")
	if got := memberships(tenant); len(got) != 0 {
		t.Errorf("groups came although they are not included: %v", got)
	}
	tenant.World.Lock()
	parameters := tenant.World.Source.Apps[tenant.AppID].Parameters
	for i := range parameters {
		if parameters[i].Key == "groups" {
			parameters[i].ProvisionedEntitlements = true
		}
	}
	tenant.World.Unlock()
	press(t, s, app+"/reapply")
	press(t, s, "/__sim/jobs/run")
	inSync(t, tenant)
}

func TestTheEngineNeverDeletesAGroup(t *testing.T) {
	for _, scenario := range []string{"drift", "lingering-groups"} {
		s, tenant := start(t, scenario, nil)
		before := memberships(tenant)
		app := "/__sim/console/apps/" + itoa(tenant.AppID)
		for _, button := range []string{"/sync-logins", "/refresh", "/reapply"} {
			press(t, s, app+button)
		}
		press(t, s, "/__sim/jobs/run")
		after := memberships(tenant)
		for name := range before {
			if _, has := after[name]; !has {
				t.Errorf("%s: group %s is gone", scenario, name)
			}
		}
	}
}
