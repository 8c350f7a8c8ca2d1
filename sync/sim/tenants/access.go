package tenants

import (
	"encoding/json"
	"math/rand/v2"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// accessAttributes leaves provisioning in sync and gets everything else wrong that an app, its users and an instance
// can get wrong of attributes for access control, each once.
func accessAttributes(t *Tenant, r *rand.Rand) {
	const (
		longestKey   = 128
		longestValue = 256
	)
	sent := func(name string) world.Parameter {
		return world.Parameter{
			Key: name, ID: t.World.NextID(), Label: name[strings.LastIndexByte(name, ':')+1:],
			UserAttributeMappings: "department", IncludeInSAMLAssertion: true,
		}
	}
	fixed := func(key, value string) world.Parameter {
		p := sent(accessAttribute + key)
		text, _ := json.Marshal(value) // a string always has its JSON
		p.UserAttributeMappings, p.Values = "", text
		return p
	}
	apart, empty := sent(accessAttribute+"Apart"), sent(accessAttribute+"Empty")
	apart.IncludeInSAMLAssertion, empty.UserAttributeMappings = false, ""
	app := t.app()
	app.Parameters = append(app.Parameters,
		sent(accessAttribute+"COMPANY"), // beside Company
		sent(accessAttribute+"AttributeName"),
		sent("https://aws.amazon.com/SAML/Attributes/PrincipalTag:Team"),
		sent("https://aws.amazon.com/SAML/Attributes/AccesControl:Team"),
		sent(accessAttribute+"aws:Team"),
		sent(accessAttribute+"R&D"),
		sent(accessAttribute+strings.Repeat("k", longestKey+1)),
		fixed("Region", "aws:eu"), fixed("Office", strings.Repeat("v", longestValue+1)),
		fixed("Site", "Berlin"), // is right
		apart, empty,
		sent(accessAttribute+"CostCenter"), // AWS maps it as well
	)
	for _, value := range []string{"", "", "Research & Development", strings.Repeat("d", longestValue+1), "aws:ops"} {
		if p := t.claim(r, (*person).free); p != nil {
			p.user.Department = value
		}
	}
	t.World.Target.Policies[t.sets[4]] = world.Policies{Inline: `{"Version":"2012-10-17",` +
		`"Statement":{"Effect":"Allow","Action":"s3:GetObject",` +
		`"Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/Project":"${aws:PrincipalTag/Project}"}}}}`}
}
