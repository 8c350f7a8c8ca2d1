package model

import (
	"encoding/json"
	"strings"
)

// parameterGroups are the groups that the app's Groups parameter gives to everybody: its default values, and values of
// its own, of which it is not documented whom they reach. The key of that parameter in the AWS app is not documented
// either, so it is found by its words, as for "Include in User Provisioning".
func (a *App) parameterGroups() (defaults, values []string) {
	var app struct {
		Parameters map[string]struct {
			Label    string          `json:"label"`
			Defaults json.RawMessage `json:"default_values"`
			Values   json.RawMessage `json:"values"`
		} `json:"parameters"`
	}
	if len(a.Raw) == 0 || json.Unmarshal(a.Raw, &app) != nil {
		return nil, nil // another shape; whether groups are included is then unsaid too
	}
	best := ""
	for key, p := range app.Parameters {
		exact := Fold(key) == "groups" || Fold(p.Label) == "groups"
		if !exact && !strings.Contains(Fold(key), "group") {
			continue
		}
		// Exactly "groups" counts before anything with "group" in it, and the first key in order before the others.
		rank := "1" + key
		if exact {
			rank = "0" + key
		}
		if best == "" || rank < best {
			best = rank
			defaults, values = listed(p.Defaults), listed(p.Values)
		}
	}
	return defaults, values
}

// listed reads a string, an array of strings or null; OneLogin answers exactly what was stored
// (https://github.com/onelogin/terraform-provider-onelogin/pull/253).
func listed(raw json.RawMessage) (out []string) {
	var many []string
	if json.Unmarshal(raw, &many) != nil {
		var one string
		if json.Unmarshal(raw, &one) != nil {
			return nil
		}
		many = []string{one}
	}
	for _, name := range many {
		if strings.TrimSpace(name) != "" {
			out = append(out, name)
		}
	}
	return out
}

// groupParameters is the app's JSON without all that parameterGroups does not read of it. Another shape gives nothing, as it
// does there.
func (a *App) groupParameters() json.RawMessage {
	type kept struct {
		Label    string          `json:"label"`
		Defaults json.RawMessage `json:"default_values,omitempty"`
		Values   json.RawMessage `json:"values,omitempty"`
	}
	var app struct {
		Parameters map[string]kept `json:"parameters"`
	}
	if len(a.Raw) == 0 || json.Unmarshal(a.Raw, &app) != nil {
		return nil
	}
	for key, p := range app.Parameters {
		if !strings.Contains(Fold(key), "group") && !strings.Contains(Fold(p.Label), "group") {
			delete(app.Parameters, key)
		}
	}
	out, err := json.Marshal(app)
	if err != nil {
		return nil // it has just been read as JSON
	}
	return out
}
