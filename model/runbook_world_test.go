package model_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// What steps of the guide's cases say of aws-team-0 and its members, from a comparison of both sides.
func TestStepsOfTheCasesOverAComparison(t *testing.T) {
	t.Parallel()
	twice := func(w *world) { w.rules = append(w.rules, literal("901", "70", "aws-team-0")) }
	role := func(w *world, ids ...string) {
		w.roles = append(w.roles, model.Role{ID: "80", Name: "beside", Users: model.MemberList{IDs: ids}})
		w.rules = append(w.rules, literal("901", "80", "aws-team-0"))
	}
	refused := func(w *world) {
		w.failed(model.EventUpdateFailed, "1005", refusal("aws-team-0", "old"))
	}
	const lingers, deleted = runbook.GroupLingers, runbook.DeletedAtTarget
	for name, c := range map[string]struct {
		book  runbook.Name
		step  string
		bend  func(w *world)
		state runbook.State
		says  string // part of what is seen, or is to do
		picks int
		place model.Place
	}{
		"one way": {
			book: deleted, step: "redundant", bend: func(*world) {}, state: runbook.Done,
			says: "no two ways publish it",
		},
		"two rules": {
			book: deleted, step: "redundant", bend: twice, state: runbook.Open, picks: 1, place: model.PlaceRules,
			says: "given by the rule literal 901 to 3 users and by the rule for each role to 3 users, 3 of them the " +
				"same Take the rule literal 901 away: the rule for each role gives it to everybody whom that one " +
				"gives it to.",
		},
		"two rules of which neither covers the other": {
			book: deleted, step: "redundant", bend: func(w *world) { role(w, "1000", "1005") },
			state: runbook.Open, picks: 1, place: model.PlaceRules,
			says: "Neither covers the other: let the rule literal 901 or the rule for each role give it to all of them",
		},
		"the parameter's default, and a rule for all": {
			book: deleted, step: "redundant", state: runbook.Open, picks: 1, place: model.PlaceRules,
			bend: func(w *world) {
				w.app.Parameters = []model.Parameter{{Key: "groups", Defaults: []string{"aws-team-0"}}}
				w.roles[0].Users.IDs = []string{"1000", "1001", "1002", "1003", "1004", "1005"}
			},
			says: "Take the rule for each role away: the default value of the Groups parameter gives it to everybody",
		},
		"two rules, one of a shape that nothing bears out": {
			book: deleted, step: "redundant", bend: func(w *world) { twice(w); w.tgroups = nil },
			state: runbook.Open, picks: 1, place: model.PlaceRules, says: "likely given by the rule literal 901",
		},
		"by hand on a login": {
			book: deleted, step: "redundant", bend: refused, state: runbook.Open, place: model.PlaceLogins,
			says: "given by hand on the login of user5@corp.example",
		},
		"two rules, and by hand on a login": {
			book: deleted, step: "redundant", bend: func(w *world) { twice(w); refused(w) },
			state: runbook.Open, picks: 1, place: model.PlaceRules, says: "Take it off: OneLogin",
		},
		"rules that are not to be read": {
			book: deleted, step: "redundant", state: runbook.ByHand, place: model.PlaceRules,
			bend: func(w *world) { w.cover[model.PartRules] = model.SkippedCoverage() },
			says: "says not to read the rules",
		},
		"rules that were not read": {
			book: deleted, step: "redundant", state: runbook.Unknown, says: "403", place: model.PlaceRules,
			bend: func(w *world) { w.cover[model.PartRules] = model.UnknownCoverage("403") },
		},
		"members are missing": {
			book: deleted, step: "memberships", bend: func(w *world) { w.members["g-70"] = w.members["g-70"][1:] },
			state: runbook.Open, says: "missing or too many: 1 member", picks: 1,
		},
		"it is expected": {
			book: lingers, step: "unyielded", bend: func(*world) {}, state: runbook.Blocked,
			says: "still yields it for somebody", place: model.PlaceRules,
		},
		"nobody is in its role": {
			book: lingers, step: "unyielded", bend: func(w *world) { w.roles[0].Users.IDs = nil },
			state: runbook.Blocked, says: "though nobody is in it now", place: model.PlaceRules,
		},
		"a rule that cannot be evaluated may name it": {
			book: lingers, step: "unyielded", state: runbook.Unknown, says: "not known of aws-team-0: ",
			bend: func(w *world) {
				w.roles = w.roles[1:]
				w.rules = append(w.rules, model.Rule{ID: "901", Enabled: true, Actions: []model.RuleAction{
					{Name: model.SetGroups, Macro: "x"},
				}})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(6, 2, false, rand.New(rand.NewPCG(3, 3)))
			w.roles[0].Users.IDs = []string{"1000", "1001", "1002"}
			w.members["g-70"] = []string{"t-1000", "t-1001", "t-1002"}
			w.rules = []model.Rule{forEachRole("900", "aws-.*")}
			c.bend(w)
			book, _ := runbook.Find(c.book)
			at := slices.IndexFunc(book.Steps, func(s runbook.Step) bool { return s.ID == c.step })
			v := book.Walk(runbook.Case{
				Comparison: w.compareBy(byRulesOptions()), Group: "AWS-team-0", Begun: planTime,
			})[at]
			if v.State != c.state || len(v.Picks) != c.picks || v.Place != c.place ||
				!strings.Contains(v.Seen+" "+v.Todo, c.says) {
				t.Errorf("%s, at %v, %d picks: %q, %q; want %s, at %v, %d picks: %q", v.State, v.Place, len(v.Picks),
					v.Seen, v.Todo, c.state, c.place, c.picks, c.says)
			}
		})
	}
}
