package rule_test

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/engine/rule"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func source() (*world.Source, *world.User) {
	w := world.New(1, nil)
	u := &world.User{
		ID: 7, Email: "Ana@Corp.example", Department: "Finance", Status: 1,
		Custom: map[string]string{"level": "12"},
	}
	w.Source.Users[7] = u
	for id, name := range map[int64]string{1: "aws-admins", 2: "AWS-Readers", 3: "Lunch club", 4: "aws-nobody"} {
		w.Source.Roles[id] = &world.Role{ID: id, Name: name, Users: map[int64]bool{7: id != 4}}
	}
	return &w.Source, u
}

func TestConditions(t *testing.T) {
	src, u := source()
	for _, c := range []struct {
		source, operator, value string
		want                    bool
	}{
		{"has_role", "ri", "1", true},
		{"has_role", "ri", "4", false},
		{"has_role", "rin", "4", true},
		{"has_role", "rin", "1", false},
		{"has_role", "ri", "99", false},
		{"has_role", "rin", "99", true},
		{"has_role", "ri", "aws-admins", false},
		{"has_role", "~", "1", false},
		{"email", "=", "ana@corp.example", true},
		{"email", "=", "ana", false},
		{"email", "~", "CORP", true},
		{"email", "!~", "corp", false},
		{"email", "bw", "ana@", true},
		{"email", "ew", "@corp.example", true},
		{"email", "ew", "@corp", false},
		{"custom_attribute_level", ">", "9", true},
		{"custom_attribute_level", "<", "9", false},
		{"department", ">", "eng", true},
		{"status", "=", "1", true},
		{"department", "!=", "Finance", false},
		{"shoe_size", "=", "", false},
		{"email", "like", "ana", false},
	} {
		r := &world.Rule{
			Match:      "all",
			Conditions: []world.Condition{{Source: c.source, Operator: c.operator, Value: c.value}},
		}
		if got := rule.Matches(src, r, u); got != c.want {
			t.Errorf("%s %s %q: %t, want %t", c.source, c.operator, c.value, got, c.want)
		}
	}
}

func TestMatchAllOrAny(t *testing.T) {
	src, u := source()
	yes, no := world.Condition{Source: "has_role", Operator: "ri", Value: "1"},
		world.Condition{Source: "has_role", Operator: "ri", Value: "4"}
	for _, c := range []struct {
		match string
		list  []world.Condition
		want  bool
	}{
		{"all", nil, true},
		{"any", nil, true},
		{"all", []world.Condition{yes, no}, false},
		{"any", []world.Condition{no, yes}, true},
		{"any", []world.Condition{no, no}, false},
		{"all", []world.Condition{yes, yes}, true},
	} {
		if got := rule.Matches(src, &world.Rule{Match: c.match, Conditions: c.list}, u); got != c.want {
			t.Errorf("%s of %v: %t", c.match, c.list, got)
		}
	}
}

func TestGroups(t *testing.T) {
	for _, c := range []struct {
		name   string
		action world.Action
		want   []string
	}{
		{"literal", world.Action{Action: "set_groups", Value: []string{"b", "a", "a"}}, []string{"a", "b"}},
		{
			"roles by expression",
			world.Action{Action: "set_groups", Value: []string{"role"}, Expression: "aws-.*"},
			[]string{"aws-admins"},
		},
		{"without regard to case", world.Action{
			Action: "set_groups", Value: []string{"role"},
			Expression: "(?i)^aws-.*",
		}, []string{"AWS-Readers", "aws-admins"}},
		{
			"capture",
			world.Action{Action: "set_groups", Value: []string{"role"}, Expression: "^aws-(.*)$"},
			[]string{"admins"},
		},
		{
			"a field",
			world.Action{Action: "set_groups", Value: []string{"department"}, Expression: ".+"},
			[]string{"Finance"},
		},
		{
			"a field that nobody has",
			world.Action{Action: "set_groups", Value: []string{"member_of"}, Expression: ".*"},
			nil,
		},
		{"another action", world.Action{Action: "set_role", Value: []string{"1"}}, nil},
	} {
		src, u := source()
		a := &world.App{ID: 5, Rules: []world.Rule{
			{Enabled: true, Match: "all", Actions: []world.Action{c.action}},
			{Enabled: false, Match: "all", Actions: []world.Action{{Action: "set_groups", Value: []string{"off"}}}},
		}}
		if got := rule.Groups(src, a, u); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestGroupsOfAllRulesAreAUnion(t *testing.T) {
	src, u := source()
	literal := func(name, expression string) world.Rule {
		return world.Rule{
			Enabled: true, Match: "all",
			Actions: []world.Action{{Action: "set_groups", Value: []string{name}, Expression: expression}},
		}
	}
	a := &world.App{ID: 5, Rules: []world.Rule{
		literal("x", ""), literal("x", ""), literal("y", ""), literal("role", "("), // the last is no expression
	}}
	if got := rule.Groups(src, a, u); !slices.Equal(got, []string{"x", "y"}) {
		t.Errorf("%v", got)
	}
}
