package tenants

import (
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// evidence is what an operator would look up to believe a cause.
func evidence(tenant *Tenant, f Finding) bool {
	logged := func(fits func(world.Event) bool, types ...int) bool {
		return slices.ContainsFunc(tenant.World.Source.Events, func(e world.Event) bool {
			return slices.Contains(types, e.Type) && fits(e)
		})
	}
	role := func(e world.Event) bool { return e.RoleName == f.Subject }
	user := func(e world.Event) bool { return decimal(e.UserID) == f.SourceID }
	gone := func(e world.Event) bool { return e.UserName == f.Subject }
	member := func(e world.Event) bool {
		u := tenant.World.Source.Users[e.UserID]
		return u != nil && slices.Contains(f.Members, u.Email)
	}
	switch f.Kind + " " + f.Cause {
	case "group-lingering source-deleted":
		return logged(role, 1802)
	case "group-lingering source-unmapped":
		return logged(role, 2)
	case "group-renamed source-renamed":
		return logged(role, 9052)
	case "group-missing deleted-at-target":
		return tenant.app().Entitlements[f.Subject] != "" && logged(func(e world.Event) bool {
			return strings.Contains(e.ErrorDescription, "404") && strings.Contains(e.ErrorDescription, f.Subject)
		}, 65)
	case "user-unsynced provisioning-off", "group-missing provisioning-off":
		return !tenant.app().ProvisioningEnabled
	case "group-missing groups-not-included":
		return !tenant.app().Parameters[2].ProvisionedEntitlements
	case "user-lingering source-deleted":
		return logged(gone, 17)
	case "user-lingering source-unassigned":
		for _, u := range tenant.World.Source.Users {
			if u.Email == f.Subject {
				return true
			}
		}
		return false
	case "user-still-active source-suspended":
		return logged(user, 21)
	case "user-renamed source-changed", "user-attributes source-changed":
		return logged(user, 14) && !logged(user, 52, 65)
	case "user-attributes provisioning-failed":
		return logged(user, 65)
	case "user-inactive provisioning-failed":
		return logged(user, 62)
	case "user-unsynced provisioning-failed":
		return logged(user, 64)
	case "user-unsynced missing-attribute":
		return logged(func(e world.Event) bool { return user(e) && tenant.World.Source.Users[e.UserID].LastName == "" },
			64)
	case "members-missing provisioning-failed":
		return logged(member, 65)
	case "members-extra source-removed":
		return logged(func(e world.Event) bool { return role(e) && member(e) }, 148)
	case "user-duplicate duplicate", "group-duplicate duplicate":
		return len(f.Members) == 1
	case "group-unclaimed no-proof":
		return !logged(role, 1802, 2)
	default:
		return f.Cause == ""
	}
}

func TestCausesHaveTheirEvidence(t *testing.T) {
	for _, s := range Scenarios() {
		for seed := range uint64(20) {
			tenant := made(t, Options{
				Scenario: s.Name, Seed: seed, Users: min(s.Users, 300),
				Groups: min(s.Groups, 40),
			})
			for _, f := range tenant.Truth {
				if f.SubjectType != "rule" && !evidence(tenant, f) {
					t.Errorf("%s, seed %d: nothing shows the cause of %+v", s.Name, seed, f)
				}
			}
		}
	}
}

func TestProvisioningStatesFitTheStory(t *testing.T) {
	tenant := made(t, Options{Scenario: "nothing-syncs"})
	if !tenant.app().ApproveCreate {
		t.Error("nobody has to approve anything")
	}
	for key, login := range tenant.World.Source.Logins {
		if key.App == tenant.AppID && (login.State != "provisioning_pending_approval" || login.Pending != "create" ||
			login.RemoteID != "") {
			t.Errorf("user %d does not wait for approval: %+v", key.User, login)
		}
	}
	tenant = made(t, Options{})
	pending := 0
	for _, f := range tenant.Truth {
		if f.StateCause == "pending-approval" {
			pending++
		}
	}
	for key, login := range tenant.World.Source.Logins {
		if login.Pending != "" {
			pending--
		}
		if key.App == tenant.AppID && login.RemoteID != "" && tenant.World.Target.Users[login.RemoteID] == nil {
			t.Errorf("user %d is linked to a target user who is gone", key.User)
		}
	}
	if pending != 0 {
		t.Errorf("%d findings more than logins wait for approval", pending)
	}
}

func TestGroupsDeletedFirstLeaveDanglingAssignments(t *testing.T) {
	tenant := made(t, Options{Scenario: "deleted-in-aws-first"})
	dangling := map[string]bool{}
	for _, a := range tenant.World.Target.Assignments {
		if tenant.World.Target.Groups[a.PrincipalID] == nil {
			dangling[a.PrincipalID] = true
		}
	}
	for _, f := range tenant.Truth {
		if f.Kind == "group-missing" && !dangling[tenant.app().Entitlements[f.Subject]] {
			t.Errorf("no assignment of %s dangles", f.Subject)
		}
	}
	if len(dangling) != tenant.Truth.totals()["rule-redundant"] {
		t.Errorf("%d groups dangle, %d have a redundant rule", len(dangling), tenant.Truth.totals()["rule-redundant"])
	}
}
