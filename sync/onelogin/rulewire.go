package onelogin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const setGroups = "set_groups"

// rule is an app rule with its JSON kept whole, for OneLogin adds keys.
type rule struct {
	ID         id              `json:"id"`
	Name       text            `json:"name"`
	Enabled    triValue        `json:"enabled"`
	Position   intValue        `json:"position"`
	Match      text            `json:"match"`
	Conditions json.RawMessage `json:"conditions"`
	Actions    json.RawMessage `json:"actions"`

	raw json.RawMessage
}

func (r *rule) UnmarshalJSON(b []byte) error {
	type plain rule
	*r = rule{}
	r.raw = append(r.raw, b...)
	return transport.Decode(b, (*plain)(r))
}

// toModel makes the model's rule. asked is whether enabled rules were asked for; the rule's own word counts first.
func (r *rule) toModel(asked bool) model.Rule {
	out := model.Rule{
		ID: string(r.ID), Name: r.Name.value, Enabled: asked, Position: r.Position.value,
		Match: model.Fold(r.Match.value),
		Raw:   r.raw,
	}
	if said := model.Tri(r.Enabled); said != model.Unsaid {
		out.Enabled = said == model.Yes
	}
	var ok bool
	if out.Actions, ok = parseActions(r.Actions); !ok {
		out.Odd = "its actions have an unknown shape"
	}
	// A rule whose conditions are left out is not one for everybody.
	if out.Conditions, ok = parseConditions(r.Conditions); !ok && out.Odd == "" && setsGroups(out.Actions) {
		out.Odd = "its conditions have an unknown shape"
	}
	return out
}

func setsGroups(actions []model.RuleAction) bool {
	return slices.ContainsFunc(actions, func(a model.RuleAction) bool { return a.Name == setGroups })
}

// parseObjects reads a list of objects; ok is false for anything else.
func parseObjects(raw json.RawMessage) (list []map[string]json.RawMessage, ok bool) {
	isNone := func(o map[string]json.RawMessage) bool { return o == nil }
	if transport.Decode(raw, &list) != nil || list == nil || slices.ContainsFunc(list, isNone) {
		return nil, false
	}
	return list, true
}

func parseConditions(raw json.RawMessage) (out []model.RuleCondition, ok bool) {
	list, ok := parseObjects(raw)
	for _, o := range list {
		values, plain := parseValues(o["value"])
		out = append(out, model.RuleCondition{
			Source: scalarText(o["source"]), Operator: scalarText(o["operator"]), Values: values,
			Odd: !plain || hasUnknownKeys(o, "source", "operator", "value"),
		})
	}
	return out, ok
}

// parseActions reads a rule's actions. Null is no list: a rule whose actions were lost must not look like one that has
// none.
func parseActions(raw json.RawMessage) (out []model.RuleAction, ok bool) {
	list, ok := parseObjects(raw)
	for _, o := range list {
		values, plain := parseValues(o["value"])
		name := scalarText(o["action"])
		ok = ok && name != ""                         // it may be one that sets groups
		lost := name == setGroups && len(values) == 0 // an action that sets groups sets some
		out = append(out, model.RuleAction{
			Name: name, Values: values,
			Expression: scalarText(o["expression"]), Macro: scalarText(o["macro"]), Scriplet: scalarText(o["scriplet"]),
			Odd: lost || !plain || hasUnknownKeys(o, "action", "value", "expression", "macro", "scriplet"),
		})
	}
	return out, ok
}

// hasUnknownKeys reports whether an object says something under a key that is not documented.
func hasUnknownKeys(o map[string]json.RawMessage, known ...string) bool {
	for key, value := range o {
		if !slices.Contains([]string{"", "[]", "{}"}, scalarText(value)) && !slices.Contains(known, key) {
			return true
		}
	}
	return false
}

// parseValues takes a value that is a list or a single one; plain is false if there is more in it than texts and
// numbers. A number may be an id.
func parseValues(raw json.RawMessage) (out []string, plain bool) {
	var many []json.RawMessage
	if transport.Decode(raw, &many) != nil {
		many = []json.RawMessage{raw}
	}
	plain = true
	for _, item := range many {
		if len(item) > 0 && (item[0] == '{' || item[0] == '[') {
			plain = false
		} else if s := scalarText(item); s != "" {
			if !bytes.HasPrefix(item, []byte{'"'}) {
				s = cmp.Or(model.RecordID(item), s)
			}
			out = append(out, s)
		}
	}
	return out, plain
}
