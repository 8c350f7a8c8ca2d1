package onelogin

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// parameters reads the rows of the Parameters tab in the order of their keys, from the map that the API documents
// (https://developers.onelogin.com/api-docs/2/apps/get-app); anything else gives none. Values come back as they were
// stored, a string or a list (https://github.com/onelogin/terraform-provider-onelogin/issues/239).
func parameters(raw json.RawMessage) []model.Parameter {
	var byKey map[string]struct {
		Label     text   `json:"label"`
		Mapping   text   `json:"user_attribute_mappings"`
		Macro     text   `json:"user_attribute_macros"`
		Values    text   `json:"values"`
		Defaults  text   `json:"default_values"`
		Included  toggle `json:"provisioned_entitlements"`
		Assertion toggle `json:"include_in_saml_assertion"`
		Safe      toggle `json:"safe_entitlements_enabled"`
	}
	if transport.Decode(raw, &byKey) != nil {
		return nil
	}
	out := make([]model.Parameter, 0, len(byKey))
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		p := byKey[key]
		out = append(out, model.Parameter{
			Key: key, Label: p.Label.value, Mapping: p.Mapping.value, Macro: p.Macro.value,
			Value:    firstOf(p.Values.value, p.Defaults.value),
			Included: model.Tri(p.Included), InAssertion: model.Tri(p.Assertion), Safe: model.Tri(p.Safe),
		})
	}
	return out
}
