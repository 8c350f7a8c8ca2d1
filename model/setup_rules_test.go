package model

import "testing"

func TestSetupOfTheRules(t *testing.T) {
	t.Parallel()
	groupRule := func(name string, enabled bool, group string) Rule {
		return Rule{ID: name, Name: name, Enabled: enabled, Match: "all", Actions: []Action{{Name: setGroups, Values: []string{group}}}}
	}
	with := func(from string, rules ...Rule) func(*world, *Options) {
		return func(w *world, o *Options) {
			w.rules = rules
			o.Groups.From = from
		}
	}
	other := Rule{ID: "9", Name: "other", Enabled: true, Match: "all", Actions: []Action{{Name: "set_licenses", Values: []string{"x"}}}}
	unread := func(w *world, _ *Options) { w.cover[PartRules] = UnknownCoverage("needs Manage All") }
	runSetupCases(t, []setupCase{
		{name: "one", id: SetupNoGroupRule, change: with("auto", groupRule("1", true, "aws-team-0"), other), want: CheckFine, seen: "1 enabled rule sets groups"},
		{name: "none, from auto", id: SetupNoGroupRule, change: with("auto", other), want: CheckMend, seen: "none of the app's 1 rules", todo: "Set Groups", severity: High},
		{name: "none, from roles", id: SetupNoGroupRule, change: with("roles", other), want: CheckLook, seen: "from roles"},
		{name: "disabled, from roles", id: SetupNoGroupRule, change: with("roles", groupRule("1", false, "aws-team-0")), want: CheckLook, seen: "disabled", todo: "Enable"},
		{name: "not read", id: SetupNoGroupRule, change: unread, want: CheckUnknown, seen: "needs Manage All"},

		{name: "not read", id: SetupStaleEntitlements, change: unread, want: CheckUnknown, seen: "needs Manage All"},

		{name: "once", id: SetupRuleRedundant, change: with("rules", groupRule("1", true, "aws-team-0")), want: CheckFine},
		{
			name: "twice", id: SetupRuleRedundant, change: with("rules", groupRule("1", true, "aws-team-0"), groupRule("2", true, "aws-team-0")),
			want: CheckMend, seen: "gives aws-team-0 to users who have it already by the rule", todo: "Remove one", severity: Info,
		},
		{name: "not read", id: SetupRuleRedundant, change: unread, want: CheckUnknown, seen: "needs Manage All"},
	})
}
