package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// doubt is what a rule may yield beside the names that are known.
type doubt struct {
	rule *model.Rule
	// patterns fit the names in question; any: every name is.
	patterns []*regexp.Regexp
	any      bool
}

// fits takes a name as it is written and, where that is another, as it is compared.
func (d *doubt) fits(name, folded string) bool {
	return slices.ContainsFunc(d.patterns, func(p *regexp.Regexp) bool {
		return p.MatchString(name) || folded != "" && p.MatchString(folded)
	})
}

// doubts are those of all rules.
type doubts struct {
	list []doubt
	// Strange are the actions that are not understood, by rule; named has the rules with a folded text in one.
	Strange map[*model.Rule][]string
	named   map[string][]*model.Rule
}

// Matching finds a rule that may yield a group of that name, though nothing shows it; broad: or one of any name.
func (ds *doubts) Matching(name string) (rule *model.Rule, broad bool) { return ds.find(name, false) }

func (ds *doubts) find(name string, enabled bool) (rule *model.Rule, broad bool) {
	folded := model.Fold(name)
	for _, r := range ds.named[folded] {
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
		case enabled && !d.rule.Enabled, d.any && rule != nil:
		case d.any:
			rule = d.rule // what fits better counts first
		case d.fits(name, folded):
			return d.rule, false
		}
	}
	return rule, rule != nil
}

// plainActions are the documented actions that give no groups.
var plainActions = map[string]bool{ //nolint:gochecknoglobals // a constant table

	"set_role": true, "set_role_from_existing": true, "set_status": true, "set_licenses": true, "set_usertype": true,
	"set_userprincipalname": true, "set_amazonusername": true,
}

// strange reports whether an action is not understood: it is neither what sets groups, nor documented as something
// else, nor named after a parameter of the app that is about something else.
func (e *evaluation) strange(a *model.RuleAction) bool {
	if a.Name == model.SetGroups {
		return false // evaluated, and its problems said, by yieldOf
	}
	return a.Odd || !plainActions[a.Name] && !slices.ContainsFunc(e.src.App.Parameters, func(p model.Parameter) bool {
		return a.Name == "set_"+p.Key && !ofGroups(p.Key) && !ofGroups(p.Label)
	})
}

// ofGroups: a word of OneLogin's says that something is about groups.
func ofGroups(word string) bool { return strings.Contains(model.Fold(word), "group") }

// names takes in what the rules name, and what their strange actions may name: texts, and patterns.
func (b *bookkeeper) names(rules []*model.Rule) {
	ds := &b.book.Doubts
	ds.Strange, ds.named = map[*model.Rule][]string{}, map[string][]*model.Rule{}
	type mention struct {
		rule *model.Rule
		text string
	}
	seen := map[mention]bool{}
	for _, r := range rules {
		for i := range r.Actions {
			if a := &r.Actions[i]; b.strange(a) {
				ds.Strange[r] = append(ds.Strange[r], a.Name)
				b.opaqueAction(r, a)
			}
		}
	}
	b.book.Names.index(rules, func(r *model.Rule, text string, at textPlace) {
		if at.Action < 0 || at.Action >= len(r.Actions) || !b.strange(&r.Actions[at.Action]) {
			return
		}
		for _, name := range namesIn(text) {
			if list := ds.named[name]; name != "" && (len(list) == 0 || list[len(list)-1] != r) {
				ds.named[name] = append(list, r)
			}
		}
		said := mention{r, text}
		if seen[said] {
			return
		}
		seen[said] = true
		if patterns := patternsIn(text); len(patterns) > 0 {
			ds.list = append(ds.list, doubt{rule: r, patterns: patterns})
		}
	})
}

// Opaque reports whether a rule with a strange action touches groups by what it looks like, whichever groups there are.
func (ds *doubts) Opaque(r *model.Rule) bool {
	return slices.ContainsFunc(ds.Strange[r], ofGroups) ||
		len(ds.Strange[r]) > 0 && slices.ContainsFunc(ds.list, func(d doubt) bool { return d.any && d.rule == r })
}

// opaqueAction doubts any name where a strange action says what it gives in a way that nobody can follow.
func (b *bookkeeper) opaqueAction(r *model.Rule, a *model.RuleAction) {
	unexplained := ofGroups(a.Name) && slices.ContainsFunc(a.Values, func(v string) bool {
		return looksLikeID(v) && !b.entitled[model.Fold(v)]
	})
	expression, err := regexp.Compile("(?is)" + a.Expression)
	switch {
	case err != nil, strings.TrimSpace(a.Scriplet) != "", unexplained:
		b.book.Doubts.list = append(b.book.Doubts.list, doubt{rule: r, any: true})
	case a.Expression != "" && !strings.ContainsAny(a.Expression, patternSigns): // the others are found in the JSON
		b.book.Doubts.list = append(b.book.Doubts.list, doubt{rule: r, patterns: []*regexp.Regexp{expression}})
	}
}
