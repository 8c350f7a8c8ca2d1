package onelogin

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

type ruleSet struct {
	rules        []model.Rule
	coverage     model.Coverage
	entitlements []string
}

// Rules reads the app's rules, those that are disabled too: the list holds enabled ones only unless it is asked for the
// others (https://developers.onelogin.com/api-docs/2/app-rules). Reading rules needs the scope Manage All. Which fields
// of users and which roles' users are read depends on them, so that a load reads them before these. entitlements are
// the group names in OneLogin's entitlement cache; nil if it does not show them.
func (c *Client) Rules(ctx context.Context) (rules []model.Rule, entitlements []string, coverage model.Coverage) {
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return nil, nil, model.UnknownCoverage(err.Error())
	}
	got := c.readRules(transport.BeginPart(ctx), appID)
	if got.coverage.State != model.Unknown { // else what was known of them is better than nothing
		c.rules.Store(&got)
	}
	return slices.Clone(got.rules), slices.Clone(got.entitlements), got.coverage
}

// lastRules are those of the last Rules.
func (c *Client) lastRules() []model.Rule {
	if last := c.rules.Load(); last != nil {
		return last.rules
	}
	return nil
}

func (c *Client) readRules(ctx context.Context, appID string) ruleSet {
	path := "/api/2/apps/" + url.PathEscape(appID) + "/rules"
	got := ruleSet{coverage: model.CompleteCoverage()}
	seen := map[string]bool{}
	for _, enabled := range []bool{true, false} {
		listed := walk(ctx, c, list[rule]{
			path: path, query: url.Values{"enabled": {strconv.FormatBool(enabled)}}, scope: manageAll,
			id: func(r rule) string { return string(r.ID) },
		}, nil)
		if of := listed.coverage("the rules"); of.State == model.Unknown && enabled {
			return ruleSet{coverage: of}
		}
		if listed.reason != "" {
			which := map[bool]string{true: "enabled", false: "disabled"}[enabled]
			got.coverage = model.PartialCoverage(fmt.Sprintf("of the %s rules %s", which, listed.reason))
		}
		for _, r := range listed.rows {
			if key := string(r.ID); !seen[key] {
				seen[key] = true
				if !enabled && model.Tri(r.Enabled) == model.Yes {
					got.coverage = model.PartialCoverage("the enabled rules lack one that is shown as enabled among " +
						"the disabled ones")
				}
				got.rules = append(got.rules, r.toModel(enabled))
			}
		}
	}
	if c.opts.WithRules && slices.ContainsFunc(got.rules, func(r model.Rule) bool { return setsGroups(r.Actions) }) {
		got.entitlements = c.readEntitlements(ctx, path, got.rules)
	}
	return got
}

// readEntitlements asks what set_groups can be set to: plausibly the entitlement cache, which is not documented, so
// that it is a hint, and an account that does not show it is none the worse. Rules that name groups by the ids of that
// list get their names.
func (c *Client) readEntitlements(ctx context.Context, rules string, named []model.Rule) (names []string) {
	var options lenient[[]struct {
		Name  text `json:"name"`
		Value text `json:"value"`
	}]
	if _, err := c.api.GetJSON(ctx, rules+"/actions/set_groups/values", "", &options); err != nil {
		return nil // the rules themselves were read
	}
	byID := map[string]string{}
	for _, o := range options.value {
		if name := cmp.Or(o.Name.value, o.Value.value); name != "" {
			names = append(names, name)
			byID[o.Value.value] = name
		}
	}
	for i := range named {
		for j := range named[i].Actions {
			a := &named[i].Actions[j]
			if a.Name != setGroups || a.Expression != "" {
				continue
			}
			for k, v := range a.Values {
				if name := byID[v]; name != "" && !slices.Contains(names, v) {
					a.Values[k] = name
				}
			}
		}
	}
	return names
}
