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
	undecided
	Holds
)

func verdictOf(b bool) verdict {
	if b {
		return Holds
	}
	return Fails
}

// negate turns a verdict around; what is open stays open.
func (v verdict) negate() verdict { return Holds - v }

// userTest tells of one source user, by index, whether a condition holds.
type userTest func(u int32) verdict

func alwaysUndecided(int32) verdict { return undecided }

// allConditionsTest makes one test of all conditions of a rule. problems are why some of them can only be left open.
func (e *evaluation) allConditionsTest(r *model.Rule) (all userTest, problems []model.Evidence) {
	either := r.Match == "any"
	if r.Odd != "" {
		return alwaysUndecided, []model.Evidence{{What: r.Odd}}
	}
	if len(r.Conditions) > 1 && !either && r.Match != "all" {
		return alwaysUndecided,
			[]model.Evidence{{What: "whether all or any of its conditions must hold is not said", Text: r.Match}}
	}
	tests := make([]userTest, 0, len(r.Conditions))
	for _, c := range r.Conditions {
		t, problem := e.conditionTest(c)
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

func (e *evaluation) conditionTest(c model.RuleCondition) (userTest, *model.Evidence) {
	if len(c.Values) > 1 {
		return alwaysUndecided, &model.Evidence{
			What: "what a condition with several values means is not documented",
			Text: strings.Join(c.Values, ", "),
		}
	}
	want := strings.Join(c.Values, "")
	operator := strings.TrimSpace(c.Operator)
	if model.Fold(c.Source) == model.HasRole {
		switch operator {
		case "ri", "=":
			return e.roleTest(want)
		case "rin", "!=":
			in, problem := e.roleTest(want)
			return func(u int32) verdict { return in(u).negate() }, problem
		}
		return alwaysUndecided,
			&model.Evidence{What: "an operator of a condition on roles is not known", Text: c.Operator}
	}
	if !slices.Contains([]string{"=", "!=", "~", "!~", "bw", "ew", "<", ">"}, operator) {
		return alwaysUndecided, &model.Evidence{What: "an operator of a condition is not known", Text: c.Operator}
	}
	field := model.Fold(c.Source)
	if _, err := strconv.Atoi(want); err != nil && (field == "status" || field == "state") {
		return alwaysUndecided,
			&model.Evidence{What: "users carry status and state as numbers, and a condition asks for " +
				"another word", Text: want}
	}
	return func(u int32) verdict {
		values, read := e.src.Users[u].Attributes.Of(field)
		if !read {
			return undecided
		}
		return compareValues(values, operator, want)
	}, e.fieldUnread(field)
}

// fieldUnread says that a field was read of nobody who counts, and what it would cost to read it.
func (e *evaluation) fieldUnread(field string) *model.Evidence {
	if !e.src.Coverage[model.PartUsers].Complete() {
		return nil // which says so already
	}
	people := 0
	for u := range e.src.Users {
		if e.Provisions(int32(u)) == Fails {
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

// roleTest tests membership of a role by its id. A role that the list of roles lacks may be deleted, or the list may be
// cut: who is in it stays open, because taking it for empty would put everybody out of its groups.
func (e *evaluation) roleTest(id string) (userTest, *model.Evidence) {
	role := e.Roles[id]
	if role == nil {
		if !e.src.Coverage[model.PartGroups].Complete() {
			return alwaysUndecided, nil
		}
		return alwaysUndecided, &model.Evidence{
			What: "it asks for a role that OneLogin's list of roles lacks, and that may be deleted", Text: id,
		}
	}
	in := e.MemberTest(role)
	if role.Users.Unknown == "" {
		return func(u int32) verdict { return verdictOf(in(u)) }, nil
	}
	return func(u int32) verdict {
		if in(u) {
			return Holds
		}
		return undecided
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
		return compareValues(values, "=", want).negate()
	case "!~":
		return compareValues(values, "~", want).negate()
	}
	out := Fails
	for _, have := range values {
		exact, folded := compareText(have, operator, want), compareText(lowerNFC(have), operator, lowerNFC(want))
		if exact != folded {
			exact = undecided
		}
		out = max(out, exact)
	}
	return out
}

func lowerNFC(s string) string { return strings.ToLower(norm.NFC.String(s)) }

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
		return undecided // how OneLogin orders texts is not documented
	case operator == "<":
		return verdictOf(a < b)
	default:
		return verdictOf(a > b)
	}
}
