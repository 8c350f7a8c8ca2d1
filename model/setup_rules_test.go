package model_test

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func TestSetupOfTheRules(t *testing.T) {
	t.Parallel()
	groupRule := func(name string, enabled bool, group string) model.Rule {
		return model.Rule{
			ID: name, Name: name, Enabled: enabled, Match: "all",
			Actions: []model.RuleAction{{Name: model.SetGroups, Values: []string{group}}},
		}
	}
	with := func(from string, rules ...model.Rule) func(*world, *drift.Options) {
		return func(w *world, o *drift.Options) {
			w.rules = rules
			o.Groups.From = from
		}
	}
	other := model.Rule{
		ID: "9", Name: "other", Enabled: true, Match: "all",
		Actions: []model.RuleAction{{Name: "set_licenses", Values: []string{"x"}}},
	}
	unread := func(w *world, _ *drift.Options) { w.cover[model.PartRules] = model.UnknownCoverage("needs Manage All") }
	runSetupCases(t, []setupCase{
		{
			name: "one", id: model.SetupNoGroupRule, change: with("auto", groupRule("1", true, "aws-team-0"), other),
			want: model.CheckFine, seen: "1 enabled rule sets groups",
		},
		{
			name: "none, from auto", id: model.SetupNoGroupRule, change: with("auto", other), want: model.CheckMend,
			seen: "no rule sets groups, so OneLogin pushes none; the app has 1 rule", todo: "Set Groups",
			severity: model.High,
		},
		{
			name: "none, from roles", id: model.SetupNoGroupRule, change: with("roles", other), want: model.CheckLook,
			seen: "from roles",
		},
		{
			name: "one that cannot be worked out", id: model.SetupNoGroupRule,
			change: with("auto", model.Rule{
				ID: "1", Name: "odd", Enabled: true, Match: "all",
				Odd: "an action that is no list",
			}),
			want: model.CheckLook, seen: "what cannot be worked out: odd",
			todo: "A rule that everybody understands: Rules > Add Rule: ",
		},
		{
			name: "disabled, from roles", id: model.SetupNoGroupRule,
			change: with("roles", groupRule("1", false, "aws-team-0")), want: model.CheckLook, seen: "disabled",
			todo: "Enable",
		},
		{
			name: "not read", id: model.SetupNoGroupRule, change: unread, want: model.CheckUnknown,
			seen: "needs Manage All",
		},

		{
			name: "not read", id: model.SetupStaleEntitlements, change: unread, want: model.CheckUnknown,
			seen: "needs Manage All",
		},

		{
			name: "once", id: model.SetupRuleRedundant, change: with("rules", groupRule("1", true, "aws-team-0")),
			want: model.CheckFine,
		},
		{
			name: "twice", id: model.SetupRuleRedundant, change: with("rules", groupRule("1", true, "aws-team-0"),
				groupRule("2", true, "aws-team-0")),
			want: model.CheckMend, seen: "gives aws-team-0 to users who have it already by the rule",
			todo: "Remove one", severity: model.Info,
		},
		{
			name: "not read", id: model.SetupRuleRedundant, change: unread, want: model.CheckUnknown,
			seen: "needs Manage All",
		},
	})
}
