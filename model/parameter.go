package model

import "strings"

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
	return p.behind() != ""
}

// macro is the mapping of a parameter that a macro makes.
const macro = "_macro_"

// behind is what the parameter is filled with: the user's field, the macro, or the fixed value.
func (p *Parameter) behind() string {
	switch p.Mapping {
	case "":
		return p.Value
	case macro:
		return p.Macro
	}
	return p.Mapping
}

// field is the user's field that the parameter takes, folded; empty if it takes none, or a macro makes more of it than that.
func (p *Parameter) field() string {
	switch only, whole := strings.CutPrefix(p.Macro, "{"); {
	case p.Mapping != macro:
		return Fold(strings.TrimSpace(p.Mapping))
	case whole && strings.IndexFunc(only, func(r rune) bool { return r == '{' || r == '.' || r == '}' }) == len(only)-1 && strings.HasSuffix(only, "}"):
		return Fold(only[:len(only)-1])
	}
	return ""
}
