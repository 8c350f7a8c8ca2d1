package rules

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// PublishingAdvice tells which rule would publish the roles as groups, as the fields of OneLogin's console: Rules > Add
// Rule. Where the group has the role's name one rule does for all roles of a pattern, the configured one or the
// roles' common beginning; else each role takes a rule of its own.
func PublishingAdvice(src *Source, cfg GroupsConfig) string {
	const add = "Rules > Add Rule"
	app := cmp.Or(src.App.Name, "the app")
	drafts := rolesToDrafts(src.Roles, cfg)
	if len(drafts) == 0 {
		return add + ": Conditions: none. Actions: Set Groups in " + app +
			", Map from OneLogin, for each role with value that matches the roles that should become groups. No " +
			"role grants the app and fits the configuration now."
	}
	if pattern := rolePattern(drafts, cfg); pattern != "" {
		names := model.Map(drafts, func(d *roleDraft) string { return d.group.Name })
		slices.Sort(names)
		return fmt.Sprintf("%s: Conditions: none. Actions: Set Groups in %s, Map from OneLogin, for each role with "+
			"value that matches %s. It publishes %s: %s.",
			add, app, pattern, model.Counted(len(names), "role", "roles"), model.Few(names))
	}
	rules := model.Map(drafts, func(d *roleDraft) string {
		return fmt.Sprintf("Conditions: Roles includes %s; Actions: Set Groups in %s to %s", d.roles[0].Name, app,
			d.group.Name)
	})
	return fmt.Sprintf("%s, one for each role. %s.", add, model.Few(rules))
}

// rolePattern is an expression that fits the whole names of the roles, so that it means the same whether OneLogin
// searches or matches; "" where the roles have no pattern, or where their groups have other names.
func rolePattern(drafts []roleDraft, cfg GroupsConfig) string {
	switch {
	case cfg.Name != "":
		return ""
	case cfg.Roles != nil:
		pattern := cfg.Roles.String()
		if !strings.HasSuffix(pattern, ".*") && !strings.HasSuffix(pattern, "$") {
			pattern += ".*"
		}
		return pattern
	}
	prefix := drafts[0].group.Name
	for i := range drafts {
		for !strings.HasPrefix(drafts[i].group.Name, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	prefix = strings.ToValidUTF8(prefix, "")
	if end := strings.LastIndexAny(prefix, "-_. :/"); end > 0 && len(drafts) > 1 {
		return regexp.QuoteMeta(prefix[:end+1]) + ".*"
	}
	return ""
}
