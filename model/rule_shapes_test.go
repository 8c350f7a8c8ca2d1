package model_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// shapes is a world of three active users in two roles, the second of which does not grant the app.
func shapes() *world {
	w := &world{cover: allComplete(), tcover: allComplete(), app: model.App{
		ID: "5", Provisioning: model.Yes,
		GroupsIncluded: model.Yes,
	}, members: map[string][]string{}}
	for i, department := range []string{"sales", "Sales", ""} {
		u := model.User{
			ID: fmt.Sprint(1 + i), UserName: fmt.Sprintf("u%d@corp.example", i+1), Active: true, Assigned: true,
			Attributes: &model.Attributes{Names: []string{"department", "member_of"}, Values: []string{department, ""}},
		}
		w.users = append(w.users, u)
	}
	w.users[0].Attributes.Values[1] = model.JoinValues([]string{"aws-m", "aws-n"})
	w.users[1].Attributes.Values[1] = "aws-m;aws-o"
	w.roles = []model.Role{
		{ID: "70", Name: "aws-team", Grants: true, Users: model.MemberList{IDs: []string{"1", "2"}}},
		{ID: "71", Name: "aws-other", Users: model.MemberList{IDs: []string{"3", "99"}}},
		{ID: "72", Name: "aws-empty", Grants: true},
	}
	return w
}

// show tells a source's groups in one line: name, what is expected of it, who is in it, and a sign where more may be.
func show(src *rules.Source) string {
	words := map[model.Expectation]string{
		model.Allowed: "allowed", model.Expected: "expected",
		model.Undecided: "undecided",
	}
	out := make([]string, 0, len(src.Groups))
	for g := range src.Groups {
		line := src.Groups[g].Name + " " + words[src.Groups[g].Expectation]
		for _, u := range src.Members.Of(g) {
			line += " " + src.Users[u].ID
		}
		if src.Groups[g].MembersOpen != "" {
			line += " ?"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

func TestShapesOfRules(t *testing.T) {
	t.Parallel()
	ruleOf := func(a model.RuleAction, c ...model.RuleCondition) []model.Rule {
		a.Name = model.SetGroups
		return []model.Rule{{
			ID: "1", Name: "r", Enabled: true, Position: 1, Match: "all", Conditions: c,
			Actions: []model.RuleAction{a},
		}}
	}
	lit := model.RuleAction{Values: []string{"aws-g"}}
	cond := func(source, operator string, values ...string) model.RuleCondition {
		return model.RuleCondition{Source: source, Operator: operator, Values: values}
	}
	for _, tt := range []struct {
		name   string
		rules  []model.Rule
		change func(*world)
		want   string
		opaque string // what the finding says
	}{
		{name: "for everybody", rules: ruleOf(lit), want: "aws-g expected 1 2 3"},
		{name: "role is in", rules: ruleOf(lit, cond(model.HasRole, "ri", "70")), want: "aws-g expected 1 2"},
		{name: "role is not in", rules: ruleOf(lit, cond(model.HasRole, "rin", "70")), want: "aws-g expected 3"},
		{
			name: "a role that does not grant the app", rules: ruleOf(lit, cond(model.HasRole, "ri", "71")),
			want: "aws-g expected 3",
		},
		{
			name: "a role that the list of roles lacks", rules: ruleOf(lit, cond(model.HasRole, "ri", "79")),
			want: "aws-g undecided ?", opaque: "a role that OneLogin's list of roles lacks",
		},
		{
			name: "a role that was not read", rules: ruleOf(lit, cond(model.HasRole, "ri", "79")),
			want:   "aws-g undecided ?",
			change: func(w *world) { w.cover[model.PartGroups] = model.PartialCoverage("cut") },
		},
		{
			name: "a granting role whose users were not read", rules: ruleOf(lit, cond(model.HasRole, "ri", "70")),
			want:   "aws-g expected 1 ?",
			change: func(w *world) { w.roles[0].Users = model.MemberList{IDs: []string{"1"}, Unknown: "HTTP 500"} },
		},
		{
			name: "another role whose users were not read", rules: ruleOf(lit, cond(model.HasRole, "ri", "71")),
			want: "aws-g expected 3 ?", opaque: "not all read",
			change: func(w *world) { w.roles[1].Users.Unknown = "HTTP 500" },
		},
		{
			name:  "going through a role whose users were not read",
			rules: ruleOf(model.RuleAction{Values: []string{"role"}, Expression: "other"}),
			want:  "aws-other expected 3 ?", opaque: "not all read",
			change: func(w *world) { w.roles[1].Users.Unknown = "HTTP 500" },
		},
		{name: "case that may count", rules: ruleOf(lit, cond("department", "=", "sales")), want: "aws-g expected 1 ?"},
		{name: "empty", rules: ruleOf(lit, cond("department", "=")), want: "aws-g expected 3"},
		{
			name: "several values, one does", rules: ruleOf(lit, cond("member_of", "=", "aws-n")),
			want: "aws-g expected 1",
		},
		{
			name: "an unread field", rules: ruleOf(lit, cond("title", "=", "x")), want: "aws-g undecided ?",
			opaque: "one call for each of 3 users",
		},
		{
			name:  "an unread field beside a role",
			rules: ruleOf(lit, cond("title", "=", "x"), cond(model.HasRole, "ri", "72")),
			want:  "aws-g allowed", opaque: "one call for each",
		},
		{
			name: "an unknown operator", rules: ruleOf(lit, cond("department", "like", "s")), want: "aws-g undecided ?",
			opaque: "operator",
		},
		{
			name: "an unknown operator on roles", rules: ruleOf(lit, cond(model.HasRole, "includes", "70")),
			want: "aws-g undecided ?", opaque: "operator",
		},
		{
			name: "several values to compare with", rules: ruleOf(lit, cond(model.HasRole, "ri", "70", "71")),
			want: "aws-g undecided ?", opaque: "several values",
		},
		{
			name: "a status by word", rules: ruleOf(lit, cond("status", "=", "Active")), want: "aws-g undecided ?",
			opaque: "numbers",
		},
		{
			name: "conditions that are joined in an unknown way", rules: []model.Rule{{
				ID: "1", Enabled: true, Conditions: []model.RuleCondition{
					cond(model.HasRole, "ri", "70"),
					cond(model.HasRole, "ri", "71"),
				},
				Actions: []model.RuleAction{{Name: model.SetGroups, Values: []string{"aws-g"}}},
			}}, want: "aws-g undecided ?", opaque: "all or any",
		},
		{
			name: "each role", rules: ruleOf(model.RuleAction{Values: []string{"role"}, Expression: "^aws-"}),
			want: "aws-empty allowed; aws-other expected 3; aws-team expected 1 2",
		},
		{
			name:  "each role, captured",
			rules: ruleOf(model.RuleAction{Values: []string{"role"}, Expression: "aws-(t.*)"}),
			want:  "t" + "eam expected 1 2",
		},
		{
			name:  "each role, an optional capture that stands for nothing",
			rules: ruleOf(model.RuleAction{Values: []string{"role"}, Expression: "^aws-(t.*)?"}),
			want:  "team expected 1 2",
		},
		{
			name:   "each role, a capture of a space",
			rules:  ruleOf(model.RuleAction{Values: []string{"role"}, Expression: "^aws-( |t.*)"}),
			want:   "team expected 1 2",
			change: func(w *world) { w.roles[2].Name = "aws- " },
		},
		{
			name: "an action beside that sets no group", rules: func() []model.Rule {
				r := ruleOf(lit)
				r[0].Actions = append([]model.RuleAction{{Name: "set_role", Values: []string{"71"}}}, r[0].Actions...)
				return r
			}(), want: "aws-g expected 1 2 3",
		},
		{
			name: "a group that is ignored", rules: ruleOf(model.RuleAction{Values: []string{"aws-g", "tmp-g"}}),
			want: "aws-g expected 1 2 3",
		},
		{
			name: "an order of texts", rules: ruleOf(lit, cond("department", ">", "5")), want: "aws-g undecided ?",
		},
		{
			name: "an unread field of nobody who counts", rules: ruleOf(lit, cond("title", "=", "x")),
			want: "aws-g allowed",
			change: func(w *world) {
				for i := range w.users {
					w.users[i].Active = false
				}
			},
		},
		{
			name: "a script in an action that nobody knows", rules: []model.Rule{{
				ID: "1", Name: "r", Enabled: true, Match: "all",
				Actions: []model.RuleAction{{Name: "set_other", Scriplet: "return 1"}},
			}}, want: "", opaque: "may give groups",
		},
		{
			name:  "each role, in another case",
			rules: ruleOf(model.RuleAction{Values: []string{"role"}, Expression: "^AWS-T"}),
			want:  "aws-team undecided ?",
		},
		{
			name:  "each value, in another case",
			rules: ruleOf(model.RuleAction{Values: []string{"department"}, Expression: "^sales$"}),
			want:  "sales expected 1 ?",
		},
		{
			name: "each role, disabled", rules: func() []model.Rule {
				r := ruleOf(model.RuleAction{Values: []string{"role"}, Expression: "^aws-t"})
				r[0].Enabled = false
				return r
			}(), want: "aws-team allowed",
		},
		{
			name: "each value", rules: ruleOf(model.RuleAction{Values: []string{"member_of"}, Expression: "aws-[mno]"}),
			want: "aws-m expected 1 ?; aws-m;aws-o undecided ?; aws-n expected 1; aws-o undecided ?",
		},
		{
			name:  "each value of an unread field",
			rules: ruleOf(model.RuleAction{Values: []string{"custom_attribute_x", "role"}, Expression: "^aws-t"}),
			want:  "aws-team expected 1 2 ?", opaque: "one call for each",
		},
		{
			name:  "each value of a field that nobody has",
			rules: ruleOf(model.RuleAction{Values: []string{"department", "role"}, Expression: "^aws-t"}),
			want:  "aws-team expected 1 2 ?", opaque: "a field that no user has",
			change: func(w *world) {
				for i := range w.users {
					w.users[i].Attributes.Values[0] = ""
				}
			},
		},
		{
			name: "a macro", rules: ruleOf(model.RuleAction{Values: []string{"aws-g"}, Macro: "{department}"}),
			want: "aws-g expected 1 2 3 ?", opaque: "macro",
		},
		{name: "a script", rules: ruleOf(model.RuleAction{Scriplet: "return 1"}), want: "", opaque: "script"},
		{
			name: "a bad expression", rules: ruleOf(model.RuleAction{Values: []string{"role"}, Expression: "(?<=a)b"}),
			want: "", opaque: "RE2",
		},
		{
			name: "a field without an expression", rules: ruleOf(model.RuleAction{Values: []string{"role"}}), want: "",
			opaque: "each value of the field",
		},
		{
			name: "an id", rules: ruleOf(model.RuleAction{Values: []string{"9067f2c1-1111-2222-3333-444455556666"}}),
			want: "", opaque: "by an id",
		},
		{
			name: "a year is a name", rules: ruleOf(model.RuleAction{Values: []string{"2024"}}),
			want: "2024 expected 1 2 3",
		},
		{
			name: "keys nobody knows", rules: ruleOf(model.RuleAction{Values: []string{"aws-g"}, Odd: true}),
			want: "aws-g expected 1 2 3 ?", opaque: "not documented",
		},
		{name: "no rule as documented", rules: []model.Rule{{ID: "1", Enabled: true, Odd: "its actions have an " +
			"unknown shape"}}, want: "", opaque: "unknown shape"},
		{
			name: "blank names", rules: ruleOf(model.RuleAction{Values: []string{" ", "aws-g"}}),
			want: "aws-g expected 1 2 3",
		},
		{
			name: "somebody inactive", rules: ruleOf(lit), want: "aws-g expected 1 3",
			change: func(w *world) { w.users[1].Active = false },
		},
		{
			name: "somebody without details", rules: ruleOf(lit, cond(model.HasRole, "ri", "70")),
			want: "aws-g expected 1 ?",
			change: func(w *world) {
				w.users[1] = model.User{ID: "2", UserName: "u2", Assigned: true, RollOnly: true}
				w.cover[model.PartUsers] = model.PartialCoverage("cut")
			},
		},
		{
			name: "the parameter's default", rules: ruleOf(model.RuleAction{Values: []string{"aws-h"}},
				cond(model.HasRole, "ri", "71")),
			want: "aws-d expected 1 2 3; aws-h expected 3",
			change: func(w *world) {
				w.app.Parameters = []model.Parameter{
					{Key: "another_group", Defaults: []string{"no"}},
					{Key: "groups", Label: "Groups", Defaults: []string{"aws-d"}},
				}
			},
		},
		{
			name: "the parameter's own value", rules: ruleOf(lit), want: "aws-d undecided ?; aws-g expected 1 2 3",
			change: func(w *world) {
				w.app.Parameters = []model.Parameter{{Key: "x", Label: "groups", Values: []string{"aws-d"}}}
			},
		},
		{
			name:  "a default that may be several",
			rules: ruleOf(lit), want: "aws-d undecided ?; aws-d, b undecided ?; aws-g expected 1 2 3; b undecided ?",
			change: func(w *world) {
				w.app.Parameters = []model.Parameter{{Key: "groups", Defaults: []string{"aws-d, b"}}}
			},
		},
		{
			name:  "a default with a comma that OneLogin knows",
			rules: ruleOf(lit), want: "aws-d, b expected 1 2 3; aws-g expected 1 2 3",
			change: func(w *world) {
				w.entitlements = []string{"aws-d, b", "aws-g"}
				w.app.Parameters = []model.Parameter{{Key: "groups", Defaults: []string{"aws-d, b"}}}
			},
		},
		{
			name: "a name that may be several", rules: ruleOf(model.RuleAction{Values: []string{"aws, g", "b; c"}}),
			want: "aws, g expected 1 2 3; b undecided ?; b; c undecided ?; c undecided ?", opaque: "may hold several",
		},
		{
			name: "some rules unread", rules: ruleOf(lit), want: "aws-g expected 1 2 3 ?",
			change: func(w *world) { w.cover[model.PartRules] = model.PartialCoverage("cut") },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := shapes()
			w.rules = tt.rules
			if tt.change != nil {
				tt.change(w)
			}
			opts := byRulesOptions()
			opts.Groups.Ignore = []string{"tmp-*"}
			c := w.compareBy(opts)
			if got := show(&c.Source); got != tt.want {
				t.Errorf("groups %q, want %q", got, tt.want)
			}
			var said []string
			for _, f := range c.Findings {
				if f.Kind == model.RuleOpaque {
					for _, e := range f.Evidence {
						said = append(said, e.What)
					}
				}
			}
			if all := strings.Join(said, "; "); (tt.opaque == "") != (all == "") || !strings.Contains(all, tt.opaque) {
				t.Errorf("rule-opaque says %q, want %q", all, tt.opaque)
			}
		})
	}
}

// A run asks whether the rules were edited since they were kept on disk, where their JSON has other spaces and escapes.
func TestAKeptRuleIsTheSame(t *testing.T) {
	t.Parallel()
	rules := []model.Rule{{ID: "1", Raw: json.RawMessage(`{"id": 1, "expression": "^<a>&"}`)}}
	kept, err := json.Marshal(rules)
	var back []model.Rule
	if err = cmp.Or(err, json.Unmarshal(kept, &back)); err != nil || !model.SameRules(rules, back) {
		t.Errorf("%v: %s is taken for another rule than %s", err, kept, rules[0].Raw)
	}
	back[0].Raw = json.RawMessage(`{"id":1,"expression":"^<b>&"}`)
	if model.SameRules(rules, back) {
		t.Error("an edited rule is taken for the same")
	}
}
