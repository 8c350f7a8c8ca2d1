package rules

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// ruleNames says which rules hold which text, wherever in their JSON it stands. Which shapes of rules give groups is
// documented in part only (https://developers.onelogin.com/api-docs/2/app-rules), so that a rule which names a group
// may mean it, whatever its action is called and whether the rule is enabled or not.
type ruleNames struct {
	// Rules are all rules, as OneLogin runs them.
	Rules []*model.Rule
	// textRules has, by folded text, the places of rules whose JSON holds it; titleRules of those in whose title it is.
	textRules, titleRules map[string][]int32
}

// indexTexts takes in every text of the rules, in one pass over their JSON. see is told of each with its place.
func (n *ruleNames) indexTexts(rules []*model.Rule, see func(r *model.Rule, text string, at textPlace)) {
	n.Rules, n.textRules, n.titleRules = rules, map[string][]int32{}, map[string][]int32{}
	for i, r := range rules {
		textsOf(r, func(text string, at textPlace) {
			into := n.textRules
			if at.Title {
				into = n.titleRules
			}
			for _, name := range namesIn(text) {
				if list := into[name]; name != "" && (len(list) == 0 || list[len(list)-1] != int32(i)) {
					into[name] = append(list, int32(i))
				}
			}
			see(r, text, at)
		})
	}
}

// FirstNaming is the first rule that holds a name elsewhere than in its title, and the first that holds it there.
func (n *ruleNames) FirstNaming(name string) (rule, title *model.Rule) {
	folded := model.Fold(name)
	if at := n.textRules[folded]; len(at) > 0 {
		rule = n.Rules[at[0]]
	}
	if at := n.titleRules[folded]; len(at) > 0 {
		title = n.Rules[at[0]]
	}
	return rule, title
}

// namesIn gives the folded names that a text may stand for: the whole and its parts.
func namesIn(text string) []string {
	names := []string{model.Fold(text)}
	if strings.ContainsAny(text, separators) {
		for _, part := range strings.FieldsFunc(text, isSeparator) {
			names = append(names, model.Fold(part))
		}
	}
	return names
}

// AllowNamed adds, as allowed and no more, the groups of the target that a rule names and nothing is known to yield.
func (s *Source) AllowNamed(target []model.Group, cfg GroupsConfig) Source {
	wider := *s
	if s.Book == nil || s.Origin == FromNothing {
		return wider
	}
	known := model.SetOf(s.Groups, (*model.Group).Folded)
	book := *s.Book
	wider.Groups, book.Ways, book.yieldedCount = slices.Clip(s.Groups), slices.Clip(book.Ways), len(s.Groups)
	for i := range target {
		folded := model.Fold(target[i].Name)
		rules := book.Names.RulesMeaning(&target[i])
		if len(rules) == 0 || folded == "" || known[folded] || cfg.Ignores(target[i].Name) {
			continue
		}
		known[folded] = true
		if s.Origin == FromRules {
			book.Ways = append(book.Ways, nil)
		}
		wider.Groups = append(wider.Groups, model.Group{
			Name: target[i].Name, Expectation: model.Allowed,
			MembersUnknown: "the rule " + model.Visible(rules[0].Subject().Name) +
				" names it, and whom it means is not known",
		})
	}
	wider.Book = &book
	return wider
}

// OnlyNamed reports whether the group is one of those that a rule names and nothing is known to yield.
func (s *Source) OnlyNamed(group int32) bool {
	return s.Book != nil && int(group) >= s.Book.yieldedCount
}

// RulesMeaning are the rules that mean a group of the target, by its name or by the id that SCIM gave it.
func (n *ruleNames) RulesMeaning(g *model.Group) (rules []*model.Rule) {
	at := n.textRules[model.Fold(g.Name)]
	if idShape.MatchString(g.ID) {
		at = append(slices.Clip(at), n.textRules[model.Fold(g.ID)]...)
	}
	for _, i := range at {
		if !slices.Contains(rules, n.Rules[i]) {
			rules = append(rules, n.Rules[i])
		}
	}
	return rules
}
