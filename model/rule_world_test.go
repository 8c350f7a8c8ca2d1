package model_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

// byRulesOptions takes the groups from the app's rules, wherever they were read.
func byRulesOptions() drift.Options {
	o := testOptions()
	o.Groups = rules.GroupsConfig{From: "auto"}
	return o
}

func (w *world) compareBy(opts drift.Options) *drift.Comparison {
	src, tgt := w.sides(opts)
	return asked(src, tgt, opts)
}

func forEachRole(id, expression string) model.Rule {
	return model.Rule{
		ID: id, Name: "for each role", Enabled: true, Position: 1, Match: "all",
		Actions: []model.RuleAction{{Name: model.SetGroups, Values: []string{"role"}, Expression: expression}},
	}
}

func literal(id string, role string, names ...string) model.Rule {
	return model.Rule{
		ID: id, Name: "literal " + id, Enabled: true, Position: 2, Match: "all",
		Conditions: []model.RuleCondition{{Source: model.HasRole, Operator: "ri", Values: []string{role}}},
		Actions:    []model.RuleAction{{Name: model.SetGroups, Values: names}},
	}
}

var ruleFields = []string{"department", "member_of", "status"}

// drawRules gives the users values and the world random rules of every known shape.
func drawRules(t *rapid.T, w *world, rng *rand.Rand) {
	for i := range w.users {
		w.users[i].Attributes = &model.Attributes{Names: ruleFields, Values: []string{
			pickOf(rng, "", "sales", "research", "sales east"),
			model.JoinValues(slices.Repeat([]string{pickOf(rng, "cn-aws-x", "cn-aws-y", "other")}, 1)),
			pickOf(rng, "0", "1", "5"),
		}}
		if rng.IntN(4) == 0 {
			w.users[i].Attributes.Values[1] = model.JoinValues([]string{"cn-aws-x", "cn-aws-z"})
		}
	}
	for n := range rapid.IntRange(1, 6).Draw(t, "rules") {
		r := model.Rule{
			ID: fmt.Sprint(900 + n), Name: fmt.Sprint("rule ", n), Enabled: rng.IntN(4) > 0, Position: n + 1,
			Match: pickOf(rng, "all", "any"),
		}
		for range rng.IntN(3) {
			r.Conditions = append(r.Conditions, pickOf(rng,
				model.RuleCondition{
					Source: model.HasRole, Operator: pickOf(rng, "ri", "rin"),
					Values: []string{w.roles[rng.IntN(len(w.roles))].ID},
				},
				model.RuleCondition{
					Source: "department", Operator: pickOf(rng, "=", "!=", "~", "!~", "bw", "ew"),
					Values: []string{pickOf(rng, "sales", "east", "research")},
				},
				model.RuleCondition{Source: "status", Operator: pickOf(rng, "<", ">", "="), Values: []string{"1"}},
			))
		}
		r.Actions = []model.RuleAction{pickOf(rng,
			model.RuleAction{
				Name:   model.SetGroups,
				Values: []string{pickOf(rng, "aws-fixed", "aws-team-0", "aws-team-1")},
			},
			model.RuleAction{
				Name: model.SetGroups, Values: []string{"role"},
				Expression: pickOf(rng, "aws-team", "^aws-(team-[01])$", "[12]$"),
			},
			model.RuleAction{
				Name: model.SetGroups, Values: []string{"member_of"},
				Expression: pickOf(rng, "^cn-(aws-.*)$", "aws"),
			},
			model.RuleAction{Name: model.SetGroups, Values: []string{"department"}, Expression: "^(sales|research)"},
			model.RuleAction{Name: "set_role", Values: []string{"aws-team-0"}},
		)}
		r.Raw, _ = json.Marshal(r.Name)
		w.rules = append(w.rules, r)
	}
}

func pickOf[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }
