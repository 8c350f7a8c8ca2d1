package model

// Parameter is one row of the OneLogin app's Parameters tab, as its API shows it
// (https://developers.onelogin.com/api-docs/2/apps/get-app). Texts are raw.
type Parameter struct {
	// Key is what the service is sent it as; Label what the console shows.
	Key, Label string
	// Mapping is the user's field that it takes, "_macro_" where Macro says it; Value the fixed or default values.
	Mapping, Macro, Value string
	// Included is "Include in User Provisioning", InAssertion "Include in SAML assertion", Safe "Safe Entitlements".
	Included, InAssertion, Safe Tri
}

// valued reports whether the parameter sends anything at all.
func (p *Parameter) valued() bool {
	switch p.Mapping {
	case "":
		return p.Value != ""
	case "_macro_":
		return p.Macro != ""
	}
	return true
}
