package model

// Parameter is one row of the OneLogin app's Parameters tab, as its API shows it
// (https://developers.onelogin.com/api-docs/2/apps/get-app). Texts are raw.
type Parameter struct {
	// Key is what the service is sent it as; Label what the console shows.
	Key   string `json:"key"`
	Label string `json:"label,omitempty"`
	// Mapping is the user's field that it takes, "_macro_" where Macro says it; Value the fixed or default values.
	Mapping string `json:"mapping,omitempty"`
	Macro   string `json:"macro,omitempty"`
	Value   string `json:"value,omitempty"`
	// Included is "Include in User Provisioning", InAssertion "Include in SAML assertion", Safe "Safe Entitlements".
	Included    Tri `json:"included"`
	InAssertion Tri `json:"in_assertion"`
	Safe        Tri `json:"safe"`
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
