package load_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// drawTenant draws a tenant: clean, with all its harmless oddities, and then changed a few times. More than 50 users
// make every list of users longer than a page.
func drawTenant(t *rapid.T) *tenants.Tenant {
	seed := rapid.Uint64().Draw(t, "seed")
	tenant, err := tenants.Build(tenants.Options{
		Scenario: "clean", Seed: seed, Users: rapid.IntRange(55, 75).Draw(t, "users"),
		// With more groups than users, members are asked for by user.
		Groups: rapid.SampledFrom([]int{6, 8, 10, 14, 95}).Draw(t, "groups"),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(seed, 1))
	for _, bend := range rapid.SliceOfN(rapid.SampledFrom(tenants.Drifts()), 0, 8).Draw(t, "bends") {
		bend.Apply(tenant, r) // false bends nothing and adds nothing to the truth
	}
	return tenant
}

// drawTarget draws how the target pages, with nothing lost.
func drawTarget(t *rapid.T) scim.Knobs {
	k := scim.Current().Unlimited()
	k.PageSize = rapid.IntRange(20, 100).Draw(t, "page")
	k.SingleUseCursors, k.PrefixedIDs = rapid.Bool().Draw(t, "once"), rapid.Bool().Draw(t, "prefixed")
	pages := fault.Paging{Duplicates: rapid.IntRange(0, 3).Draw(t, "duplicates")}
	if pages.Sizes = rapid.SliceOfN(rapid.IntRange(0, 40), 0, 4).Draw(t, "sizes"); len(pages.Sizes) > 0 {
		pages.Sizes[0] = 30 // a cycle of nothing but zeros would never end
	}
	if k.SingleUseCursors {
		// nothing wrong with both, but a page that is asked for again after a lost answer is then refused
		pages.Duplicates = 0
	}
	k.Paging = []fault.Paging{pages}
	return k
}

// drawSource draws how OneLogin pages, with nothing lost.
func drawSource(t *rapid.T) func(*onelogin.Knobs) {
	var paging []fault.Paging
	for _, list := range []string{"users", "app_users", "roles", "events"} {
		sizes := rapid.SampledFrom([][]int{nil, {1000, 0}, {25}}).Draw(t, list) // right, every second page empty, short
		paging = append(paging, fault.Paging{List: list, Sizes: sizes})
	}
	odd := rapid.SliceOfN(rapid.Bool(), 3, 3).Draw(t, "odd")
	page := rapid.SampledFrom([]int{0, 100, 30}).Draw(t, "users page")
	return func(k *onelogin.Knobs) {
		k.Paging, k.UsersPageMax = paging, page
		k.NullCursorString, k.IgnoreRoleFields, k.NoRateHeaders = odd[0], odd[1], odd[2]
	}
}

// drawFaults draws failures that pass by themselves: at most four in a row, which is how often a read is tried again.
func drawFaults(t *rapid.T, single bool) (faults []fault.Fault) {
	kinds := []fault.Kind{
		fault.Throttle, fault.ServerError, fault.BadGateway, fault.Reset, fault.ResetInBody,
		fault.Truncate,
	}
	if single { // a cursor that is good for one use is used up where the answer is lost
		kinds = kinds[:4]
	}
	some := func(service string, most int, kinds []fault.Kind) {
		for range rapid.IntRange(0, most).Draw(t, service+" faults") {
			f := fault.Fault{
				Service: service, Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				After: rapid.IntRange(0, 25).Draw(t, "after"), Times: rapid.IntRange(1, 2).Draw(t, "times"),
			}
			if service == fault.OneLogin {
				f.Path = "^/api/" // a login that fails is the adapter's own story
			}
			faults = append(faults, f)
		}
	}
	some(fault.SCIM, 2, kinds)
	some(fault.OneLogin, 2, append([]fault.Kind{fault.ThrottleAs400}, kinds...))
	return faults
}

// Whatever has drifted, and however both services page and stumble as long as nothing is lost, the findings are the
// truth.
func TestFindingsEqualTheTruth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		tenant, knobs, source := drawTenant(r), drawTarget(r), drawSource(r)
		faults := drawFaults(r, knobs.SingleUseCursors)
		b := lay(t, r, tenant, knobs)
		defer b.close()
		b.server.OneLogin.SetKnobs(source)
		if err := b.server.Faults.Add(faults...); err != nil {
			r.Fatal(err)
		}
		wantTruth(r, b.load(t, r), tenant.Truth, false)
	})
}

// loss is a way in which rows get lost. Where it cannot be overlooked, the load must say that it is not complete.
type loss struct {
	name    string
	scim    func(*scim.Knobs, *rapid.T)
	source  fault.Paging
	fault   fault.Fault
	certain bool
	// hides: a row may go that nothing else mentions, so that not even the most careful reader can know of it.
	hides bool
}

func losses() []loss {
	forbid := func(service, path string) fault.Fault {
		return fault.Fault{Service: service, Path: path, Kind: fault.Forbidden}
	}
	all := []loss{
		{name: "target list ends", certain: true, scim: func(k *scim.Knobs, _ *rapid.T) {
			*k = scim.Legacy().Unlimited()
		}},
		{name: "target cursor repeats", certain: true, scim: func(k *scim.Knobs, _ *rapid.T) {
			k.Paging = []fault.Paging{{Sizes: []int{20}, LoopAt: 2}}
		}},
		{name: "target row vanishes", hides: true, scim: func(k *scim.Knobs, t *rapid.T) {
			k.Paging = []fault.Paging{{
				List: "users", Sizes: []int{rapid.IntRange(1, 75).Draw(t, "page")},
				Vanish: true,
			}}
		}},
		{name: "target users forbidden", certain: true, fault: forbid(fault.SCIM, `/scim/v2/Users\?cursor`)},
		{name: "target groups forbidden", certain: true, fault: forbid(fault.SCIM, `/scim/v2/Groups`)},
		{name: "target token ends", certain: true, fault: fault.Fault{
			Service: fault.SCIM, After: 4, Kind: fault.Answer, Status: 401, Body: `{"message":"expired"}`,
		}},
		{name: "app forbidden", certain: true, fault: forbid(fault.OneLogin, `/api/2/apps/\d+$`)},
		{name: "roll forbidden", certain: true, fault: forbid(fault.OneLogin, `/api/2/apps/\d+/users`)},
		{name: "roles forbidden", certain: true, fault: forbid(fault.OneLogin, `/api/2/roles`)},
		{name: "rules forbidden", certain: true, fault: forbid(fault.OneLogin, `/rules`)},
		{name: "events forbidden", certain: true, fault: forbid(fault.OneLogin, `/api/1/events`)},
		{name: "details forbidden", certain: true, fault: forbid(fault.OneLogin, `/api/2/users`)},
		{name: "roll empty", certain: true, source: fault.Paging{List: "app_users", Empty: true}},
		{name: "roles empty", certain: true, source: fault.Paging{List: "roles", Empty: true}},
	}
	for _, list := range []string{"users", "app_users", "roles", "role_users"} {
		for _, p := range []fault.Paging{{Duplicates: 1}, {Total: true}, {LoopAt: 1}, {Vanish: true}, {EndAt: 2}} {
			p.List = list
			all = append(all, loss{name: fmt.Sprintf("%+v", p), source: p})
		}
	}
	return all
}

// However rows get lost, nothing is found that is not so; and a load that calls itself complete has found everything.
func TestLossesNeverBecomeFindings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		tenant, knobs := drawTenant(r), drawTarget(r)
		knobs.Paging = nil
		lost := rapid.SampledFrom(losses()).Draw(r, "loss")
		if lost.scim != nil {
			lost.scim(&knobs, r)
		}
		b := lay(t, r, tenant, knobs)
		defer b.close()
		byRole := rapid.Bool().Draw(r, "users by role")
		b.server.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.IgnoreRoleFields = byRole })
		if lost.source.List != "" {
			b.server.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.Paging = []fault.Paging{lost.source} })
		}
		if lost.fault.Kind != "" {
			if err := b.server.Faults.Add(lost.fault); err != nil {
				r.Fatal(err)
			}
		}
		c := b.load(t, r)
		wantNothingFalse(r, c, tenant.Truth)
		want := wanted(tenant.Truth)
		switch {
		case !complete(c):
		case lost.certain:
			r.Errorf("%s, and the load calls itself complete", lost.name)
		case !lost.hides && len(given(c, want)) != len(want):
			r.Errorf("%s: complete with %d findings of %d", lost.name, len(given(c, want)), len(want))
		}
	})
}
