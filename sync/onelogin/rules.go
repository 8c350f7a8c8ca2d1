package onelogin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
)

// rule is an app rule with its JSON kept whole: OneLogin adds keys, and a rule built from known keys only would lose them.
type rule struct {
	raw  json.RawMessage
	wire struct {
		ID      id     `json:"id"`
		Name    text   `json:"name"`
		Enabled toggle `json:"enabled"`
		Actions lax[[]struct {
			Action     text            `json:"action"`
			Value      json.RawMessage `json:"value"`
			Expression text            `json:"expression"`
			Macro      text            `json:"macro"`
			Scriplet   text            `json:"scriplet"` // their spelling
		}] `json:"actions"`
	}
}

func (r *rule) UnmarshalJSON(b []byte) error {
	r.raw = append(json.RawMessage(nil), b...)
	return json.Unmarshal(b, &r.wire)
}

// Rules reads the app's rules, those that are disabled too: the list holds enabled ones only unless it is asked for the
// others (https://developers.onelogin.com/api-docs/2/app-rules). Reading rules needs the scope Manage All.
func (c *Client) Rules(ctx context.Context) ([]model.Rule, model.Coverage) {
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	var rules []model.Rule
	seen := map[string]bool{}
	reason := ""
	for _, enabled := range []bool{true, false} {
		got := walk(ctx, c, list[rule]{
			path:  "/api/2/apps/" + url.PathEscape(appID) + "/rules",
			query: url.Values{"enabled": {strconv.FormatBool(enabled)}}, scope: manageAll,
			id: func(r rule) string { return string(r.wire.ID) },
		}, nil)
		if got.err != nil && len(got.rows) == 0 && enabled {
			return nil, model.UnknownCoverage("the rules could not be read: " + got.reason)
		}
		if got.reason != "" {
			which := map[bool]string{true: "enabled", false: "disabled"}[enabled]
			reason = fmt.Sprintf("of the %s rules %s", which, got.reason)
		}
		for _, r := range got.rows {
			if key := string(r.wire.ID); !seen[key] {
				seen[key] = true
				rules = append(rules, r.normal(enabled))
			}
		}
	}
	if reason != "" {
		return rules, model.PartialCoverage(reason)
	}
	return rules, model.CompleteCoverage()
}

// normal makes the model's rule. asked is whether enabled rules were asked for; the rule's own word counts first.
func (r *rule) normal(asked bool) model.Rule {
	out := model.Rule{ID: string(r.wire.ID), Name: r.wire.Name.value, Enabled: asked, Raw: r.raw}
	if said := model.Tri(r.wire.Enabled); said != model.Unsaid {
		out.Enabled = said == model.Yes
	}
	for _, a := range r.wire.Actions.value {
		if a.Action.value != "set_groups" || a.Expression.value != "" || a.Macro.value != "" || a.Scriplet.value != "" {
			continue // with an expression the values name where groups come from, not groups
		}
		out.GroupNames = append(out.GroupNames, names(a.Value)...)
	}
	return out
}

// names takes the value of an action, a list or a single name.
func names(raw json.RawMessage) (out []string) {
	var many []text
	if json.Unmarshal(raw, &many) != nil {
		many = []text{{value: scalar(raw)}}
	}
	for _, t := range many {
		if t.value != "" {
			out = append(out, t.value)
		}
	}
	return out
}
