package tenants

import (
	"encoding/json"
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
		ClientID: random(r, 64, hexDigits), ClientSecret: random(r, 64, hexDigits), Scope: "manage_all",
	}}
	t.World.Target.TenantID = t.World.NewUUID()
	// Real tokens have 500 to 620 characters; a short one would never find a truncating client.
	token := random(r, 540, tokenLetters)
	t.World.Target.Tokens = []world.Token{{Value: token, Expires: t.now.AddDate(0, 8, 0)}}

	t.AppID = t.World.NextID()
	s.Apps[t.AppID] = &world.App{
		ID: t.AppID, Name: appName, ConnectorID: 100_000, ProvisioningEnabled: !scenario.Fresh,
		Disconnected: scenario.Fresh,
		Parameters:   t.parameters(!scenario.GroupsOff), Rules: []world.Rule{t.roleRule()}, Direct: map[int64]bool{},
		SCIMToken:     token,
		ApproveCreate: scenario.Approval, Entitlements: map[string]string{},
		CreatedAt: t.now.AddDate(-3, 0, 0), UpdatedAt: t.now.AddDate(0, 0, -40),
	}
}

func random(r *rand.Rand, n int, letters string) string {
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
