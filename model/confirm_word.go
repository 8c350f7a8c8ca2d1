package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ConfirmWord is what an operator must type, to the letter, before the plan runs, and a phrase that says so. It is
// the raw name of the one subject that something is taken from or granted to, else how many and what is done to them.
// The code of the plan stands in for a name that cannot be typed, and for any word where a group may go that is not
// known to be OneLogin's: it can only be read off this very plan. Both are empty for a plan that neither takes nor
// grants.
func ConfirmWord(p *Plan) (word, hint string) {
	var subjects []Subject
	for i := range p.Steps {
		s := &p.Steps[i]
		if (s.TakesAnything() || s.GrantsAnything()) && (len(subjects) == 0 || subjects[len(subjects)-1] != s.Subject) {
			subjects = append(subjects, s.Subject)
		}
	}
	switch {
	case len(subjects) == 0:
		return "", ""
	case p.deletesUnclaimed() && p.Code() != "":
		return p.Code(), "nothing shows that OneLogin made what is deleted: type the code of the plan, " + p.Code()
	case len(subjects) == 1 && typable(subjects[0].Name):
		return subjects[0].Name, fmt.Sprintf("type the name of the %s, %s", subjects[0].Type, subjects[0].Name)
	case len(subjects) == 1 && p.Code() != "":
		return p.Code(), "the name cannot be typed safely: type the code of the plan, " + p.Code()
	}
	word = p.verbsAndCounts()
	return word, "type " + word
}

// deletesUnclaimed: the plan or the guard says that nothing shows who made a group that it deletes.
func (p *Plan) deletesUnclaimed() bool {
	said := slices.Concat(p.Guard.Refusals, p.Guard.Overridden)
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.DeletesUnclaimed() }) ||
		slices.ContainsFunc(said, func(r GuardRefusal) bool { return r.Rule == RuleUnclaimed })
}

// verbsAndCounts names each kind of thing that the plan takes or grants and how often, the gravest first: a word for
// one of them only would hide the others.
func (p *Plan) verbsAndCounts() string {
	verbs := []string{"delete", "deactivate", "remove", "rename", "grant"}
	n := make([]int, len(verbs))
	for i := range p.Steps {
		s := &p.Steps[i]
		count := s.Tally()
		switch {
		case s.Repair == DeleteUser || s.Repair == DeleteGroup:
			n[0] += count.Deletes
		case s.Repair == DeactivateUser:
			n[1] += count.Deletes
		case s.Repair == RemoveMembers || s.Repair == RemoveAssignments || s.Repair == ClearAssignments:
			n[2] += count.Removals
		case s.TakesAnything():
			n[3]++
		case s.GrantsAnything():
			n[4] += count.Grants
		}
	}
	var said []string
	for i, verb := range verbs {
		if n[i] > 0 {
			said = append(said, fmt.Sprintf("%s %d", verb, n[i]))
		}
	}
	if len(said) > 0 {
		return strings.Join(said, ", ")
	}
	return fmt.Sprintf("run %d", len(p.Steps)) // it takes or grants by its own word only
}

const longestTyped = 80

// typable reports whether a name can be typed as it is read: what stands on the screen is what it is, no space hides,
// and no letter looks like one of another script. Beside ASCII that leaves the accented letters of the Latin blocks;
// their decomposed forms and all other scripts are left to the code.
func typable(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= longestTyped && Visible(name) == name &&
		strings.TrimSpace(name) == name && !strings.Contains(name, "  ") &&
		!strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf && !accented(r) })
}

// accented: Latin-1 and Latin Extended-A, without the signs for times and divided and those letters that are taken for
// others, such as the dotless i and the long s.
func accented(r rune) bool {
	return r >= 'À' && r <= 'ž' && !strings.ContainsRune("×÷ıĸŀĿŉĲĳ", r)
}
