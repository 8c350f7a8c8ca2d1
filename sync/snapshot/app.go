package snapshot

import (
	"encoding/json"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

type app struct {
	ID             string      `json:"id"`
	Name           string      `json:"name"`
	RoleIDs        []string    `json:"role_ids"` // null: not said
	Provisioning   *bool       `json:"provisioning"`
	GroupsIncluded *bool       `json:"groups_included"`
	UserNameField  string      `json:"user_name_field"`
	Parameters     []parameter `json:"parameters"`
	// GroupParameters is what is kept of the app as OneLogin answered it.
	GroupParameters json.RawMessage `json:"group_parameters,omitempty"`
}

type parameter struct {
	Key         string `json:"key"`
	Label       string `json:"label,omitempty"`
	Mapping     string `json:"mapping,omitempty"`
	Macro       string `json:"macro,omitempty"`
	Value       string `json:"value,omitempty"`
	Included    *bool  `json:"included"`
	InAssertion *bool  `json:"in_assertion"`
	Safe        *bool  `json:"safe"`
}

// notKept stands for the fixed value of a parameter: that it has one counts, and it may be a credential.
const notKept = "(not kept)"

func appOut(a *model.App) app {
	out := app{
		ID: a.ID, Name: a.Name, RoleIDs: a.RoleIDs, Provisioning: triOut(a.Provisioning), GroupsIncluded: triOut(a.GroupsIncluded),
		UserNameField: a.UserNameField, GroupParameters: groupParameters(a.Raw),
	}
	for _, p := range a.Parameters {
		if p.Value != "" {
			p.Value = notKept
		}
		out.Parameters = append(out.Parameters, parameter{
			p.Key, p.Label, p.Mapping, p.Macro, p.Value, triOut(p.Included), triOut(p.InAssertion), triOut(p.Safe),
		})
	}
	return out
}

func (a *app) in() model.App {
	out := model.App{
		ID: a.ID, Name: a.Name, RoleIDs: a.RoleIDs, Provisioning: triIn(a.Provisioning), GroupsIncluded: triIn(a.GroupsIncluded),
		UserNameField: a.UserNameField, Raw: a.GroupParameters,
	}
	for _, p := range a.Parameters {
		out.Parameters = append(out.Parameters, model.Parameter{
			Key: p.Key, Label: p.Label, Mapping: p.Mapping, Macro: p.Macro, Value: p.Value,
			Included: triIn(p.Included), InAssertion: triIn(p.InAssertion), Safe: triIn(p.Safe),
		})
	}
	return out
}

// groupParameters is the app's JSON without all that model.Expect does not read of it: the default values of the parameters
// about groups. Another shape gives nothing, as it does there.
func groupParameters(raw json.RawMessage) json.RawMessage {
	type kept struct {
		Label    string          `json:"label"`
		Defaults json.RawMessage `json:"default_values,omitempty"`
		Values   json.RawMessage `json:"values,omitempty"`
	}
	var app struct {
		Parameters map[string]kept `json:"parameters"`
	}
	if len(raw) == 0 || json.Unmarshal(raw, &app) != nil {
		return nil
	}
	for key, p := range app.Parameters {
		if !strings.Contains(model.Fold(key), "group") && !strings.Contains(model.Fold(p.Label), "group") {
			delete(app.Parameters, key)
		}
	}
	out, err := json.Marshal(app)
	if err != nil {
		return nil // it has just been read as JSON
	}
	return out
}

// triOut and triIn word a setting that may be unreadable as true, false or null.
func triOut(t model.Tri) *bool {
	if t == model.Unsaid {
		return nil
	}
	yes := t == model.Yes
	return &yes
}

func triIn(b *bool) model.Tri {
	if b == nil {
		return model.Unsaid
	}
	return model.TriOf(*b)
}
