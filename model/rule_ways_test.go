package model_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

func TestWaysExplainEveryMembershipAndNoOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, _ := drawRuled(t)
		c := w.compareBy(byRulesOptions())
		for g := range c.Source.Groups {
			members := c.Source.Members.Of(g)
			for u := range c.Source.Users {
				_, in := slices.BinarySearch(members, int32(u))
				if ways := c.WaysToGroup(int32(g), int32(u)); in != (len(ways) > 0) {
					t.Fatalf("%s in %s: %v, ways %+v", c.Source.Users[u].ID, c.Source.Groups[g].Name, in, ways)
				}
			}
		}
	})
}

func TestWaysNameRuleAndRole(t *testing.T) {
	t.Parallel()
	w := syncedByRules()
	w.app.Parameters = []model.Parameter{{Key: "groups", Defaults: []string{"aws-team"}}}
	beside := literal("901", "70", "aws-team")
	beside.Actions = append([]model.RuleAction{{Name: "set_role", Values: []string{"aws-team"}}}, beside.Actions...)
	w.rules = append(w.rules, beside)
	told := func(from string) (out []string) {
		opts := byRulesOptions()
		opts.Groups.From = from
		c := w.compareBy(opts)
		team := slices.IndexFunc(c.Source.Groups, func(g model.Group) bool { return g.Name == "aws-team" })
		for _, way := range c.WaysToGroup(int32(team), 0) {
			line := fmt.Sprint(way.ByDefault, " ", way.Certain)
			if way.Rule != nil {
				line += " " + way.Rule.ID
			}
			if way.Role != nil {
				line += " " + way.Role.Name
			}
			out = append(out, line)
		}
		return out
	}
	byRules := []string{"true true", "false true 900 aws-team", "false true 901"}
	if got := told("auto"); !slices.Equal(got, byRules) {
		t.Errorf("by rules %q", got)
	}
	if got := told("roles"); !slices.Equal(got, append([]string{"false true aws-team"}, byRules...)) {
		t.Errorf("by roles %q", got)
	}
}
