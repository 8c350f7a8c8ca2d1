package tenants

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Scenario is a kind of tenant that Build knows.
type Scenario struct {
	Name string
	// About is one sentence for people who choose.
	About string
	// Users and Groups are the scenario's own size.
	Users, Groups int

	base base
	// drift changes the tenant after that.
	drift func(*Tenant, *rand.Rand)
}

// base is how the tenant looks before it drifts.
type base struct {
	// users and groups say whether OneLogin has pushed them to the target.
	users, groups bool
	// roleIDs is how many of every three target groups carry the role's id as external id.
	roleIDs int
	// groupsOff leaves the Groups parameter without "Include in User Provisioning".
	groupsOff bool
	// approval makes every creation at the target wait for somebody to approve it.
	approval bool
	// fresh: the app was made and nothing of its provisioning is set up yet.
	fresh bool
}

const defaultScenario = "drift"

// Scenarios lists what Build can make, the default first.
func Scenarios() []Scenario {
	return []Scenario{
		{
			Name:  defaultScenario,
			About: "A company after a bad month: every kind of user, group and membership finding at once.",
			Users: 60, Groups: 20, base: base{users: true, groups: true, roleIDs: 2}, drift: afterABadMonth,
		},
		{
			Name: "clean", About: "Both sides agree, with all the harmless oddities of a real tenant.",
			Users: 60, Groups: 20, base: base{users: true, groups: true, roleIDs: 3}, drift: harmless,
		},
		{
			Name: "lingering-groups", About: "Roles were deleted in OneLogin and their groups still grant access at " +
				"the target.",
			Users: 60, Groups: 20, base: base{users: true, groups: true}, drift: lingeringGroups,
		},
		{
			Name:  "deleted-in-aws-first",
			About: "Groups were deleted at the target first, so OneLogin pushes to stale ids, over redundant rules.",
			Users: 60, Groups: 20, base: base{users: true, groups: true}, drift: deletedInAWSFirst,
		},
		{
			Name: "nothing-syncs", About: "Everybody is assigned and waits for an approval, and the target is " +
				"nearly empty.",
			Users: 40, Groups: 12, base: base{approval: true}, drift: nothingSyncs,
		},
		{
			Name:  "first-setup",
			About: "The app is new: not connected, provisioning off, groups not included, and nobody pushed yet.",
			Users: 40, Groups: 12, base: base{fresh: true, groupsOff: true}, drift: firstSetup,
		},
		{
			Name:  "groups-not-included",
			About: "Users arrive but no group does, because the Groups parameter is not included in provisioning.",
			Users: 40, Groups: 12, base: base{users: true, groupsOff: true}, drift: groupsNotIncluded,
		},
		{
			Name: "access-attributes",
			About: "Users and groups agree, and the attributes for access control have every fault that they can " +
				"have.",
			Users: 20, Groups: 6, base: base{users: true, groups: true}, drift: accessAttributes,
		},
		{
			Name: "large", About: "10,000 users and 200 groups with a little of every drift.",
			Users: 10_000, Groups: 200, base: base{users: true, groups: true, roleIDs: 2}, drift: large,
		},
	}
}

func find(name string) (Scenario, error) {
	all := Scenarios()
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == cmp.Or(name, defaultScenario) })
	if i < 0 {
		return Scenario{}, fmt.Errorf("no scenario is named %q", name)
	}
	return all[i], nil
}
