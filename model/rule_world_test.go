package model

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"pgregory.net/rapid"
)

// byRulesOptions takes the groups from the app's rules, wherever they were read.
func byRulesOptions() Options {
	o := testOptions()
	o.Groups = GroupsConfig{From: "auto"}
	return o
}

func (w *world) compareBy(opts Options) *Comparison {
	src, tgt := w.sides(opts)
	return asked(src, tgt, opts)
}

func forEachRole(id, expression string) Rule {
	return Rule{
		ID: id, Name: "for each role", Enabled: true, Position: 1, Match: "all",
		Actions: []Action{{Name: setGroups, Values: []string{"role"}, Expression: expression}},
	}
}

func literal(id string, role string, names ...string) Rule {
	return Rule{
		ID: id, Name: "literal " + id, Enabled: true, Position: 2, Match: "all",
		Conditions: []Condition{{Source: hasRole, Operator: "ri", Values: []string{role}}},
		Actions:    []Action{{Name: setGroups, Values: names}},
	}
}

var ruleFields = []string{"department", "member_of", "status"}

// drawRules gives the users values and the world random rules of every known shape.
func drawRules(t *rapid.T, w *world, rng *rand.Rand) {
	for i := range w.users {
		w.users[i].Attributes = &Attributes{Names: ruleFields, Values: []string{
			pickOf(rng, "", "sales", "research", "sales east"),
			JoinValues(slices.Repeat([]string{pickOf(rng, "cn-aws-x", "cn-aws-y", "other")}, 1)),
			pickOf(rng, "0", "1", "5"),
		}}
		if rng.IntN(4) == 0 {
			w.users[i].Attributes.Values[1] = JoinValues([]string{"cn-aws-x", "cn-aws-z"})
		}
	}
	for n := range rapid.IntRange(1, 6).Draw(t, "rules") {
		r := Rule{
			ID: fmt.Sprint(900 + n), Name: fmt.Sprint("rule ", n), Enabled: rng.IntN(4) > 0, Position: n + 1, Match: pickOf(rng, "all", "any"),
		}
		for range rng.IntN(3) {
			r.Conditions = append(r.Conditions, pickOf(rng,
				Condition{Source: hasRole, Operator: pickOf(rng, "ri", "rin"), Values: []string{w.roles[rng.IntN(len(w.roles))].ID}},
				Condition{Source: "department", Operator: pickOf(rng, "=", "!=", "~", "!~", "bw", "ew"), Values: []string{pickOf(rng, "sales", "east", "research")}},
				Condition{Source: "status", Operator: pickOf(rng, "<", ">", "="), Values: []string{"1"}},
			))
		}
		r.Actions = []Action{pickOf(rng,
			Action{Name: setGroups, Values: []string{pickOf(rng, "aws-fixed", "aws-team-0", "aws-team-1")}},
			Action{Name: setGroups, Values: []string{"role"}, Expression: pickOf(rng, "aws-team", "^aws-(team-[01])$", "[12]$")},
			Action{Name: setGroups, Values: []string{"member_of"}, Expression: pickOf(rng, "^cn-(aws-.*)$", "aws")},
			Action{Name: setGroups, Values: []string{"department"}, Expression: "^(sales|research)"},
			Action{Name: "set_role", Values: []string{"aws-team-0"}},
		)}
		r.Raw, _ = json.Marshal(r.Name)
		w.rules = append(w.rules, r)
	}
}

func pickOf[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }
