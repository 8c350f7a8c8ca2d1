package tenants

import (
	"fmt"
	"math/rand/v2"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// addCloud makes the instance, the accounts and the permission sets that groups are assigned to.
func (t *Tenant) addCloud(r *rand.Rand) {
	target := &t.World.Target
	target.Region = "us-east-1"
	target.IdentityStoreID = "d-" + random(r, 10, hexDigits)
	instance := random(r, 16, hexDigits)
	target.InstanceARN = "arn:aws:sso:::instance/ssoins-" + instance
	for _, name := range []string{
		"Management", "Log archive", "Audit", "Shared services", "Production", "Staging", "Development", "Sandbox",
	} {
		id := fmt.Sprintf("%012d", 100_000_000_000+r.Int64N(899_999_999_999))
		target.Accounts[id] = name
		t.accounts = append(t.accounts, id)
	}
	for _, name := range []string{
		"AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "Billing", "SecurityAudit",
	} {
		arn := "arn:aws:sso:::permissionSet/ssoins-" + instance + "/ps-" + random(r, 16, hexDigits)
		target.PermissionSets[arn] = name
		t.sets = append(t.sets, arn)
	}
	// The app sends Department and Company; AWS maps the one that a billing policy asks for beside them.
	target.AccessControl = &world.AccessControl{
		Status:     "ENABLED",
		Attributes: []world.AccessAttribute{{Key: "CostCenter", Sources: []string{"${path:enterprise.costCenter}"}}},
	}
	target.Policies[t.sets[1]] = world.Policies{Inline: `{"Version":"2012-10-17",` +
		`"Statement":{"Effect":"Allow","Action":"ec2:StartInstances",` +
		`"Resource":"*","Condition":{"StringEquals":{"ec2:ResourceTag/Department":"${aws:PrincipalTag/Department}"}}}}`}
	target.Policies[t.sets[3]] = world.Policies{Inline: `{"Version":"2012-10-17",` +
		`"Statement":[{"Effect":"Allow","Action":"ce:*",` +
		`"Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/CostCenter":"*"}}}]}`}
}

// assign gives the group of that id one permission set in n different accounts.
func (t *Tenant) assign(r *rand.Rand, group string, n int) {
	start, set := r.IntN(len(t.accounts)), choose(r, t.sets)
	for i := range min(n, len(t.accounts)) {
		t.World.Target.Assign(world.Assignment{
			AccountID: t.accounts[(start+i)%len(t.accounts)], PermissionSetARN: set, PrincipalType: "GROUP",
			PrincipalID: group,
		})
	}
}

func (t *Tenant) assignSome(r *rand.Rand) {
	for i, m := range t.teams {
		if i%5 == 0 && m.group != nil {
			t.assign(r, m.group.ID, 1)
		}
	}
}
