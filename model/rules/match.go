package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/scimdrift/scimdrift/model"
)

// verdict is whether something holds: where that could not be read or is not documented, it is open.
type verdict uint8

// The verdicts on a condition, the worst first: what several come to is the least of them.
const (
	Fails verdict = iota
	open
	Holds
)

func verdictOf(b bool) verdict {
	if b {
		return Holds
	}
	return Fails
}

// not turns a verdict around; what is open stays open.
func (v verdict) not() verdict { return Holds - v }

// test tells of one source user, by index, whether a condition holds.
type test func(u int32) verdict

func alwaysOpen(int32) verdict { return open }

// conditions makes one test of all conditions of a rule. problems are why some of them can only be left open.
func (e *evaluation) conditions(r *model.Rule) (all test, problems []model.Evidence) {
	either := r.Match == "any"
	if r.Odd != "" {
		return alwaysOpen, []model.Evidence{{What: r.Odd}}
	}
	if len(r.Conditions) > 1 && !either && r.Match != "all" {
		return alwaysOpen,
			[]model.Evidence{{What: "whether all or any of its conditions must hold is not said", Text: r.Match}}
	}
	tests := make([]test, 0, len(r.Conditions))
	for _, c := range r.Conditions {
		t, problem := e.condition(c)
		if problem != nil {
			problems = append(problems, *problem)
		}
		tests = append(tests, t)
	}
	return func(u int32) verdict {
		if len(tests) == 0 {
			return Holds // a rule without conditions is for everybody
		}
		out := tests[0](u)
		for _, t := range tests[1:] {
			if either {
				out = max(out, t(u))
			} else {
				out = min(out, t(u))
			}
		}
		return out
	}, problems
}

func (e *evaluation) condition(c model.RuleCondition) (test, *model.Evidence) {
	if len(c.Values) > 1 {
		return alwaysOpen, &model.Evidence{
			What: "what a condition with several values means is not documented",
			Text: strings.Join(c.Values, ", "),
		}
	}
	want := strings.Join(c.Values, "")
	operator := strings.TrimSpace(c.Operator)
	if model.Fold(c.Source) == model.HasRole {
		switch operator {
		case "ri", "=":
			return e.inRole(want)
		case "rin", "!=":
			in, problem := e.inRole(want)
			return func(u int32) verdict { return in(u).not() }, problem
		}
		return alwaysOpen, &model.Evidence{What: "an operator of a condition on roles is not known", Text: c.Operator}
	}
	if !slices.Contains([]string{"=", "!=", "~", "!~", "bw", "ew", "<", ">"}, operator) {
		return alwaysOpen, &model.Evidence{What: "an operator of a condition is not known", Text: c.Operator}
	}
	field := model.Fold(c.Source)
	if _, err := strconv.Atoi(want); err != nil && (field == "status" || field == "state") {
		return alwaysOpen, &model.Evidence{What: "users carry status and state as numbers, and a condition asks for " +
			"another word", Text: want}
	}
	return func(u int32) verdict {
		values, read := e.src.Users[u].Attributes.Of(field)
		if !read {
			return open
		}
		return compareValues(values, operator, want)
	}, e.unread(field)
}

// unread says that a field was read of nobody who counts, and what it would cost to read it.
func (e *evaluation) unread(field string) *model.Evidence {
	if !e.src.Coverage[model.PartUsers].Complete() {
		return nil // which says so already
	}
	people := 0
	for u := range e.src.Users {
		if e.People(int32(u)) == Fails {
			continue
		}
		if _, read := e.src.Users[u].Attributes.Of(field); read {
			return nil
		}
		people++
	}
	if people == 0 {
		return nil
	}
	return &model.Evidence{
		What: fmt.Sprintf("a field that it asks for is not in OneLogin's list of users; reading it would take one "+
			"call for each of %d users", people),
		Text: field,
	}
}

// inRole tests membership of a role by its id. A role that the list of roles lacks may be deleted, or the list may be
// cut: who is in it stays open, because taking it for empty would put everybody out of its groups.
func (e *evaluation) inRole(id string) (test, *model.Evidence) {
	role := e.Roles[id]
	if role == nil {
		if !e.src.Coverage[model.PartGroups].Complete() {
			return alwaysOpen, nil
		}
		return alwaysOpen, &model.Evidence{
			What: "it asks for a role that OneLogin's list of roles lacks, and that may be deleted", Text: id,
		}
	}
	in := e.Member(role)
	if role.Users.Unknown == "" {
		return func(u int32) verdict { return verdictOf(in(u)) }, nil
	}
	return func(u int32) verdict {
		if in(u) {
			return Holds
		}
		return open
	}, role.Unread("the users of a role that it asks for were not all read")
}

// compareValues tests the values of a field: one of them must do, and with a negative operator all of them. What
// depends on whether OneLogin minds the case or the normal form, which is not documented, is left open.
func compareValues(values []string, operator, want string) verdict {
	if len(values) == 0 {
		values = []string{""}
	}
	switch operator {
	case "!=":
		return compareValues(values, "=", want).not()
	case "!~":
		return compareValues(values, "~", want).not()
	}
	out := Fails
	for _, have := range values {
		exact, folded := compareText(have, operator, want), compareText(small(have), operator, small(want))
		if exact != folded {
			exact = open
		}
		out = max(out, exact)
	}
	return out
}

func small(s string) string { return strings.ToLower(norm.NFC.String(s)) }

func compareText(have, operator, want string) verdict {
	switch operator {
	case "=":
		return verdictOf(have == want)
	case "~":
		return verdictOf(strings.Contains(have, want))
	case "bw":
		return verdictOf(strings.HasPrefix(have, want))
	case "ew":
		return verdictOf(strings.HasSuffix(have, want))
	}
	a, errA := strconv.ParseFloat(have, 64)
	b, errB := strconv.ParseFloat(want, 64)
	switch {
	case errA != nil || errB != nil:
		return open // how OneLogin orders texts is not documented
	case operator == "<":
		return verdictOf(a < b)
	default:
		return verdictOf(a > b)
	}
}
