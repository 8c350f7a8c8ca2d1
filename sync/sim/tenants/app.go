package tenants

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const (
	appName         = "AWS IAM Identity Center"
	hexDigits       = "0123456789abcdef"
	tokenLetters    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	accessAttribute = "https://aws.amazon.com/SAML/Attributes/AccessControl:"
)

func (t *Tenant) app() *world.App { return t.World.Source.Apps[t.AppID] }

// addApp sets the app up as AWS's OneLogin tutorial says
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html), with working credentials on both ends.
func (t *Tenant) addApp(r *rand.Rand, scenario *Scenario) {
	s := &t.World.Source
	s.AccountID = 100_000 + int64(r.IntN(900_000))
	s.CustomAttributes = []string{"cost_center", NudgeAttribute}

	s.Credentials = []world.Credential{{
		ClientID: randomText(r, 64, hexDigits), ClientSecret: randomText(r, 64, hexDigits), Scope: "manage_all",
	}}
	t.World.Target.TenantID = t.World.NewUUID()
	// Real tokens have 500 to 620 characters; a short one would never find a truncating client.
	token := randomText(r, 540, tokenLetters)
	t.World.Target.Tokens = []world.Token{{Value: token, Expires: t.now.AddDate(0, 8, 0)}}

	t.AppID = t.World.NextID()
	s.Apps[t.AppID] = &world.App{
		ID: t.AppID, Name: appName, ConnectorID: 100_000, ProvisioningEnabled: !scenario.Fresh,
		Disconnected: scenario.Fresh, Hidden: true,
		Parameters: t.parameters(!scenario.GroupsOff), Rules: []world.Rule{t.roleRule()}, Direct: map[int64]bool{},
		SCIMToken:     token,
		ApproveCreate: scenario.Approval, Entitlements: map[string]string{},
		CreatedAt: t.now.AddDate(-3, 0, 0), UpdatedAt: t.now.AddDate(0, 0, -40),
	}
}

func randomText(r *rand.Rand, n int, letters string) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = letters[r.IntN(len(letters))]
	}
	return string(text)
}

func (t *Tenant) parameters(groupsIncluded bool) []world.Parameter {
	null, blank := json.RawMessage("null"), json.RawMessage(`""`)
	mapped := func(key, label, attribute string) world.Parameter {
		return world.Parameter{
			Key: key, ID: t.World.NextID(), Label: label, UserAttributeMappings: attribute, Values: null,
			DefaultValues: null,
		}
	}
	company := mapped(accessAttribute+"Company", "Company", "company")
	department := mapped(accessAttribute+"Department", "Department", "department")
	company.IncludeInSAMLAssertion, department.IncludeInSAMLAssertion = true, true
	return []world.Parameter{
		mapped("saml_username", "Subject NameID", "email"),
		mapped("scimusername", "SCIM Username", "email"),
		{
			Key: "groups", ID: t.World.NextID(), Label: "Groups", Values: blank, DefaultValues: blank,
			ProvisionedEntitlements: groupsIncluded,
		},
		company, department,
	}
}

// roleRule is the console's "Set Groups in <app> > Map from OneLogin > For each role with value that matches". Its JSON
// for roles is not documented; this shape is the reference's best reading.
func (t *Tenant) roleRule() world.Rule {
	return world.Rule{
		ID: t.World.NextID(), Name: "AWS groups from roles", Match: "all", Enabled: true, Position: 1,
		Conditions: []world.Condition{},
		Actions:    []world.Action{{Action: "set_groups", Value: []string{"role"}, Expression: ruleExpression}},
	}
}

func (t *Tenant) literalRule(name, group string, role int64) world.Rule {
	return world.Rule{
		ID: t.World.NextID(), Name: name, Match: "all",
		Conditions: []world.Condition{{Source: "has_role", Operator: "ri", Value: decimal(role)}},
		Actions:    []world.Action{{Action: "set_groups", Value: []string{group}}},
	}
}

// addCloud makes the instance, the accounts and the permission sets that groups are assigned to.
func (t *Tenant) addCloud(r *rand.Rand) {
	target := &t.World.Target
	target.Region = "us-east-1"
	target.IdentityStoreID = "d-" + randomText(r, 10, hexDigits)
	instance := randomText(r, 16, hexDigits)
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
		arn := "arn:aws:sso:::permissionSet/ssoins-" + instance + "/ps-" + randomText(r, 16, hexDigits)
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
