package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// possibleYield is what a rule may yield beside the names that are known.
type possibleYield struct {
	rule *model.Rule
	// patterns fit the names in question; anyName: every name is.
	patterns []*regexp.Regexp
	anyName  bool
}

// matches takes a name as it is written and, where that is another, as it is compared.
func (d *possibleYield) matches(name, folded string) bool {
	return slices.ContainsFunc(d.patterns, func(p *regexp.Regexp) bool {
		return p.MatchString(name) || folded != "" && p.MatchString(folded)
	})
}

// possibleYields are those of all rules.
type possibleYields struct {
	list []possibleYield
	// UnknownActions are the actions that are not understood, by rule; byName has the rules with a folded text in one.
	UnknownActions map[*model.Rule][]string
	byName         map[string][]*model.Rule
}

// Matching finds a rule that may yield a group of that name, though nothing shows it; broad: or one of any name.
func (ds *possibleYields) Matching(name string) (rule *model.Rule, broad bool) {
	return ds.find(name, false)
}

func (ds *possibleYields) find(name string, enabled bool) (rule *model.Rule, broad bool) {
	folded := model.Fold(name)
	for _, r := range ds.byName[folded] {
		if r.Enabled || !enabled {
			return r, false
		}
	}
	if folded == name {
		folded = ""
	}
	for i := range ds.list {
		d := &ds.list[i]
		switch {
		case enabled && !d.rule.Enabled, d.anyName && rule != nil:
		case d.anyName:
			rule = d.rule // what fits better counts first
		case d.matches(name, folded):
			return d.rule, false
		}
	}
	return rule, rule != nil
}

// actionsWithoutGroups are the documented actions that give no groups.
var actionsWithoutGroups = map[string]bool{ //nolint:gochecknoglobals // a constant table

	"set_role": true, "set_role_from_existing": true, "set_status": true, "set_licenses": true, "set_usertype": true,
	"set_userprincipalname": true, "set_amazonusername": true,
}

// isUnknownAction reports whether an action is not understood: it is neither what sets groups, nor documented as
// something else, nor named after a parameter of the app that is about something else.
func (e *evaluation) isUnknownAction(a *model.RuleAction) bool {
	if a.Name == model.SetGroups {
		return false // evaluated, and its problems said, by actionYield
	}
	return a.Odd || !actionsWithoutGroups[a.Name] &&
		!slices.ContainsFunc(e.src.App.Parameters, func(p model.Parameter) bool {
			return a.Name == "set_"+p.Key && !mentionsGroups(p.Key) && !mentionsGroups(p.Label)
		})
}

// mentionsGroups: a word of OneLogin's says that something is about groups.
func mentionsGroups(word string) bool { return strings.Contains(model.Fold(word), "group") }

// indexNames takes in what the rules name, and what their strange actions may name: texts, and patterns.
func (b *bookkeeper) indexNames(rules []*model.Rule) {
	ds := &b.book.PossibleYields
	ds.UnknownActions, ds.byName = map[*model.Rule][]string{}, map[string][]*model.Rule{}
	type mention struct {
		rule *model.Rule
		text string
	}
	seen := map[mention]bool{}
	for _, r := range rules {
		for i := range r.Actions {
			if a := &r.Actions[i]; b.isUnknownAction(a) {
				ds.UnknownActions[r] = append(ds.UnknownActions[r], a.Name)
				b.opaqueAction(r, a)
			}
		}
	}
	b.book.Names.indexTexts(rules, func(r *model.Rule, text string, at textPlace) {
		if at.Action < 0 || at.Action >= len(r.Actions) || !b.isUnknownAction(&r.Actions[at.Action]) {
			return
		}
		for _, name := range namesIn(text) {
			if list := ds.byName[name]; name != "" && (len(list) == 0 || list[len(list)-1] != r) {
				ds.byName[name] = append(list, r)
			}
		}
		said := mention{r, text}
		if seen[said] {
			return
		}
		seen[said] = true
		if patterns := patternsIn(text); len(patterns) > 0 {
			ds.list = append(ds.list, possibleYield{rule: r, patterns: patterns})
		}
	})
}

// Opaque reports whether a rule with a strange action touches groups by what it looks like, whichever groups there are.
func (ds *possibleYields) Opaque(r *model.Rule) bool {
	return slices.ContainsFunc(ds.UnknownActions[r], mentionsGroups) ||
		len(ds.UnknownActions[r]) > 0 &&
			slices.ContainsFunc(ds.list, func(d possibleYield) bool { return d.anyName && d.rule == r })
}

// opaqueAction doubts any name where a strange action says what it gives in a way that nobody can follow.
func (b *bookkeeper) opaqueAction(r *model.Rule, a *model.RuleAction) {
	unexplained := mentionsGroups(a.Name) && slices.ContainsFunc(a.Values, func(v string) bool {
		return looksLikeID(v) && !b.entitled[model.Fold(v)]
	})
	expression, err := regexp.Compile("(?is)" + a.Expression)
	switch {
	case err != nil, strings.TrimSpace(a.Scriplet) != "", unexplained:
		b.book.PossibleYields.list = append(b.book.PossibleYields.list, possibleYield{rule: r, anyName: true})
	case a.Expression != "" && !strings.ContainsAny(a.Expression, patternSigns): // the others are found in the JSON
		b.book.PossibleYields.list = append(b.book.PossibleYields.list,
			possibleYield{rule: r, patterns: []*regexp.Regexp{expression}})
	}
}
