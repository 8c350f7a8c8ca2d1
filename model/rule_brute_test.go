package model_test

import (
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// brute works out who gets which group, user by user and rule by rule, in the plainest way.
func brute(w *world) (groups map[string]map[string]bool, named map[string]bool) {
	groups, named = map[string]map[string]bool{}, map[string]bool{}
	for _, r := range w.rules {
		for _, a := range r.Actions {
			if a.Name != "set_groups" {
				continue
			}
			if a.Expression == "" {
				for _, n := range a.Values {
					named[n] = true
				}
			}
			for _, role := range w.roles {
				for _, n := range bruteNames(a, "role", role.Name) {
					named[n] = true
				}
			}
			for _, u := range w.users {
				for _, n := range bruteValues(a, u) {
					named[n] = true
				}
			}
			if !r.Enabled {
				continue
			}
			for _, u := range w.users {
				if !u.Assigned || !u.Active || !bruteHolds(w, r, u) {
					continue
				}
				var got []string
				if a.Expression == "" {
					got = append(got, a.Values...)
				}
				for _, role := range w.roles {
					if slices.Contains(role.Users.IDs, u.ID) {
						got = append(got, bruteNames(a, "role", role.Name)...)
					}
				}
				for _, n := range append(got, bruteValues(a, u)...) {
					if groups[n] == nil {
						groups[n] = map[string]bool{}
					}
					groups[n][u.ID] = true
				}
			}
		}
	}
	return groups, named
}

func bruteValues(a model.RuleAction, u model.User) (out []string) {
	for i, field := range u.Attributes.Names {
		for v := range strings.SplitSeq(u.Attributes.Values[i], "\x00") {
			out = append(out, bruteNames(a, field, v)...)
		}
	}
	return out
}

func bruteNames(a model.RuleAction, field, value string) []string {
	if a.Expression == "" || a.Values[0] != field {
		return nil
	}
	m := regexp.MustCompile(a.Expression).FindStringSubmatch(value)
	switch {
	case m == nil:
		return nil
	case len(m) > 1:
		return m[1:2]
	default:
		return []string{value}
	}
}

func bruteHolds(w *world, r model.Rule, u model.User) bool {
	yes := 0
	for _, c := range r.Conditions {
		want := c.Values[0]
		ok := false
		if c.Source == "has_role" {
			for _, role := range w.roles {
				ok = ok || role.ID == want && slices.Contains(role.Users.IDs, u.ID)
			}
			ok = ok == (c.Operator == "ri")
		} else {
			have := u.Attributes.Values[slices.Index(u.Attributes.Names, c.Source)]
			a, _ := strconv.Atoi(have)
			b, _ := strconv.Atoi(want)
			switch c.Operator {
			case "=":
				ok = have == want
			case "!=":
				ok = have != want
			case "~":
				ok = strings.Contains(have, want)
			case "!~":
				ok = !strings.Contains(have, want)
			case "bw":
				ok = strings.HasPrefix(have, want)
			case "ew":
				ok = strings.HasSuffix(have, want)
			case "<":
				ok = a < b
			case ">":
				ok = a > b
			}
		}
		if ok {
			yes++
		}
	}
	return len(r.Conditions) == 0 || yes == len(r.Conditions) || r.Match == "any" && yes > 0
}

// evaluated is what Expect makes of the same world.
func evaluated(w *world) (groups map[string]map[string]bool, named map[string]bool) {
	src, _ := w.sides(byRulesOptions())
	groups, named = map[string]map[string]bool{}, map[string]bool{}
	for g := range src.Groups {
		name := src.Groups[g].Name
		named[name] = true
		if src.Groups[g].Expectation == model.Expected {
			groups[name] = map[string]bool{}
		}
		for _, u := range src.Members.Of(g) {
			groups[name][src.Users[u].ID] = true
		}
	}
	return groups, named
}

func drawRuled(t *rapid.T) (*world, *rand.Rand) {
	w, rng := drawWorld(t)
	drawRules(t, w, rng)
	for i := range w.users {
		switch rng.IntN(8) {
		case 0:
			w.users[i].Active = false
		case 1:
			w.users[i].Assigned = false
		}
	}
	return w, rng
}

func same(t *rapid.T, w *world) {
	t.Helper()
	groups, named := evaluated(w)
	wantGroups, wantNamed := brute(w)
	if !maps.EqualFunc(groups, wantGroups, maps.Equal[map[string]bool, map[string]bool]) ||
		!maps.Equal(named, wantNamed) {
		t.Fatalf("rules %+v\ngot  %v %v\nwant %v %v", w.rules, groups, named, wantGroups, wantNamed)
	}
}

func TestRulesEqualBruteForce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawRuled(t)
		if !hasGroupRule(w) {
			w.rules = append(w.rules, forEachRole("999", "aws"))
		}
		same(t, w)
		// What is enabled counts, and in which order rules stand only where it changes what OneLogin does: it does not.
		i := rng.IntN(len(w.rules))
		w.rules[i].Enabled = !w.rules[i].Enabled
		same(t, w)
		before, _ := evaluated(w)
		shuffle(rng, w.rules)
		for i := range w.rules {
			w.rules[i].Position = 1 + i
		}
		after, _ := evaluated(w)
		if !maps.EqualFunc(before, after, maps.Equal[map[string]bool, map[string]bool]) {
			t.Fatalf("the order of the rules changed who gets what")
		}
	})
}

func hasGroupRule(w *world) bool {
	return slices.ContainsFunc(w.rules, func(r model.Rule) bool { return r.SetsGroups() })
}

func TestDeletingARuleNeverDoomsWhatAnotherNames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawRuled(t)
		// all of which OneLogin has made
		for n, g := range []string{"aws-fixed", "sales", "aws-x", "cn-aws-x", "cn-aws-y"} {
			w.tgroups = append(w.tgroups, model.Group{ID: "made" + g, Name: g, ExternalID: string(rune('a' + n))})
		}
		i := rng.IntN(len(w.rules))
		w.rules = slices.Delete(w.rules, i, i+1)
		_, named := brute(w)
		for _, f := range w.compareBy(byRulesOptions()).Findings {
			if (f.Kind == model.GroupLingering || f.Kind == model.GroupUnclaimed) &&
				(named[f.Subject.Name] || !hasGroupRule(w)) {
				t.Fatalf("%s is %s while a rule names it: %+v", f.Subject.Name, f.Kind, w.rules)
			}
		}
	})
}

func TestRemovingRuleCoverageNeverAddsATakingRepair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawRuled(t)
		before := takings(w.compareBy(byRulesOptions()))
		w.cover[model.PartRules] = rapid.SampledFrom([]model.Coverage{
			model.PartialCoverage("cut"),
			model.UnknownCoverage("lost"), model.SkippedCoverage(),
		}).Draw(t, "coverage")
		if w.cover[model.PartRules].State != model.Partial {
			w.rules = nil
		} else {
			w.rules = slices.DeleteFunc(w.rules, func(model.Rule) bool { return rng.IntN(2) == 0 })
		}
		for id := range takings(w.compareBy(byRulesOptions())) {
			if !before[id] {
				t.Fatalf("%s came with %v", id, w.cover[model.PartRules])
			}
		}
	})
}

func takings(c *drift.Comparison) map[string]bool {
	out := map[string]bool{}
	for _, f := range c.Findings {
		for _, r := range f.Repairs {
			switch r.Repair { //nolint:exhaustive // the rest take nothing from groups
			case model.DeleteGroup, model.RemoveMembers, model.RenameGroup:
				out[string(r.Repair)+" "+string(f.Kind)+" "+f.Subject.TargetID] = true
			}
		}
	}
	return out
}

// TestNobodyWhoBelongsIsRuledOut: what was not read of users, roles and rules takes nobody out of a group for certain
// whom all of it puts there, and puts nobody in.
func TestNobodyWhoBelongsIsRuledOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawRuled(t)
		truth, _ := brute(w)
		for i := range w.users {
			switch u := &w.users[i]; rng.IntN(8) {
			case 0:
				u.Attributes = &model.Attributes{Names: u.Attributes.Names[:1], Values: u.Attributes.Values[:1]}
			case 1:
				u.Attributes, u.Active, u.RollOnly = nil, true, u.Assigned
			}
		}
		for i := range w.roles {
			if users := &w.roles[i].Users; rng.IntN(4) == 0 {
				users.IDs, users.Unknown = users.IDs[:rng.IntN(len(users.IDs)+1)], "cut"
			}
		}
		for _, r := range w.rules {
			if len(r.Conditions) > 0 && rng.IntN(6) == 0 {
				r.Conditions[0].Operator = "??"
			}
		}
		src, _ := w.sides(byRulesOptions())
		at := map[string]int32{}
		for g := range int32(len(src.Groups)) {
			at[src.Groups[g].Name] = g
			for _, u := range src.Members.Of(int(g)) {
				if !truth[src.Groups[g].Name][src.Users[u].ID] {
					t.Fatalf("%s is in %s: %+v", src.Users[u].ID, src.Groups[g].Name, w.rules)
				}
			}
		}
		for name, users := range truth {
			g, listed := at[name]
			if r, _ := src.Book.PossibleYields.Matching(name); !listed && r == nil {
				t.Fatalf("nothing yields %s: %+v", name, w.rules)
			}
			for u := range int32(len(src.Users)) {
				if listed && users[src.Users[u].ID] && !src.Members.Has(g, u) && src.WhyMayBelong(g, u) == "" {
					t.Fatalf("%s is ruled out of %s: %+v", src.Users[u].ID, name, w.rules)
				}
			}
		}
	})
}
