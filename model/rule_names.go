package model

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// ruleNames says which rules hold which text, wherever in their JSON it stands. Which shapes of rules give groups is
// documented in part only (https://developers.onelogin.com/api-docs/2/app-rules), so that a rule which names a group
// may mean it, whatever its action is called and whether the rule is enabled or not.
type ruleNames struct {
	// rules are all rules, as OneLogin runs them.
	rules []*Rule
	// said has, by folded text, the rules whose JSON holds it; titled those that hold it as their name or as a
	// comment only. Both are places in rules, ascending.
	said, titled map[string][]int32
}

// place is where in a rule a text stands: title, or the action of that index; noAction anywhere else.
type place struct {
	title  bool
	action int
}

const noAction = -1

// index takes in every text of the rules, in one pass over their JSON. see is told of each with its place.
func (n *ruleNames) index(rules []*Rule, see func(r *Rule, text string, at place)) {
	n.rules, n.said, n.titled = rules, map[string][]int32{}, map[string][]int32{}
	for i, r := range rules {
		r.texts(func(text string, at place) {
			into := n.said
			if at.title {
				into = n.titled
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

// naming is the first rule that holds a name elsewhere than in its title, and the first that holds it there; nil for
// none.
func (n *ruleNames) naming(name string) (rule, title *Rule) {
	folded := Fold(name)
	if at := n.said[folded]; len(at) > 0 {
		rule = n.rules[at[0]]
	}
	if at := n.titled[folded]; len(at) > 0 {
		title = n.rules[at[0]]
	}
	return rule, title
}

// separators part the names of a list that is one text. How OneLogin takes such a text apart is not documented.
const separators = ";,|\n\r\v\f\u0085\u2028\u2029"

func isSeparator(r rune) bool { return strings.ContainsRune(separators, r) }

// namesIn gives the folded names that a text may stand for: the whole and its parts.
func namesIn(text string) []string {
	names := []string{Fold(text)}
	if strings.ContainsAny(text, separators) {
		for _, part := range strings.FieldsFunc(text, isSeparator) {
			names = append(names, Fold(part))
		}
	}
	return names
}

// texts gives every text of a rule: those of its JSON, keys and numbers too, and what was made of its actions, which
// may hold the names that ids stand for.
func (r *Rule) texts(see func(text string, at place)) {
	jsonTexts(r.Raw, see)
	for i := range r.Actions {
		for _, text := range r.Actions[i].texts() {
			see(text, place{action: i})
		}
	}
	for _, c := range r.Conditions {
		for _, text := range c.Values {
			see(text, place{action: noAction})
		}
	}
}

func (a *Action) texts() []string {
	return append([]string{a.Name, a.Expression, a.Macro, a.Scriplet}, a.Values...)
}

// jsonTexts walks over the JSON of a rule and gives its strings, keys and numbers. It reads tokens, because a map
// would keep one of two equal keys only. What follows a fault is left out: OneLogin's answer was read as JSON before.
func jsonTexts(raw json.RawMessage, see func(text string, at place)) {
	w := jsonWalk{see: see, at: place{action: noAction}}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		w.take(token)
	}
}

// jsonWalk is where a walk over the JSON of a rule stands.
type jsonWalk struct {
	see func(text string, at place)
	// open has the objects (true) and arrays that are open; key: the next text of the innermost object is a key.
	open []bool
	key  bool
	at   place
	// actions: the walk is in the list of actions.
	actions bool
}

func (w *jsonWalk) take(token json.Token) {
	const top, listed = 1, 2 // how many are open around a member of the rule, and around an action
	depth := len(w.open)
	switch t := token.(type) {
	case json.Delim:
		if t == '}' || t == ']' {
			w.open = w.open[:depth-1]
			break
		}
		if w.actions && depth == listed {
			w.at.action++
		}
		w.open = append(w.open, t == '{')
		w.key = t == '{'
		return
	case string:
		if depth == top && w.open[0] && w.key {
			w.at, w.actions = place{title: isTitle(t), action: noAction}, Fold(t) == "actions"
			w.see(t, place{action: noAction})
		} else {
			w.see(t, w.at)
		}
	case json.Number:
		w.number(t)
	}
	// A text at the place of a key is one, and what follows it the value, after which comes a key again.
	if depth = len(w.open); depth > 0 && w.open[depth-1] {
		_, text := token.(string)
		w.key = !w.key || !text
	}
}

// number gives a number as it is written and, for a whole one, in digits alone.
func (w *jsonWalk) number(n json.Number) {
	const exact = 1 << 53
	w.see(n.String(), w.at)
	f, err := n.Float64()
	if err == nil && strings.ContainsAny(n.String(), ".eE") && f > -exact && f < exact && f == float64(int64(f)) {
		w.see(strconv.FormatInt(int64(f), 10), w.at)
	}
}

// isTitle recognises the members of a rule that are for people.
func isTitle(key string) bool {
	titles := []string{"name", "title", "label", "description", "comment", "comments", "note", "notes"}
	return slices.Contains(titles, Fold(key))
}

// allowNamed adds the groups of the target that a rule names and nothing is known to yield. Who would be in them is
// not known, so that they are allowed and no more.
func (s *Source) allowNamed(target []Group, cfg GroupsConfig) Source {
	wider := *s
	if s.book == nil || s.Origin == FromNothing {
		return wider
	}
	known := make(map[string]bool, len(s.Groups))
	for i := range s.Groups {
		known[Fold(s.Groups[i].Name)] = true
	}
	book := *s.book
	wider.Groups, book.ways, book.given = slices.Clip(s.Groups), slices.Clip(book.ways), len(s.Groups)
	for i := range target {
		folded := Fold(target[i].Name)
		rules := book.names.meaning(&target[i])
		if len(rules) == 0 || folded == "" || known[folded] || cfg.Ignores(target[i].Name) {
			continue
		}
		known[folded] = true
		if s.Origin == FromRules {
			book.ways = append(book.ways, nil)
		}
		wider.Groups = append(wider.Groups, Group{
			Name: target[i].Name, Expectation: Allowed,
			MembersUnknown: "the rule " + Visible(rules[0].subject().Name) +
				" names it, and whom it means is not known",
		})
	}
	wider.book = &book
	return wider
}

// onlyNamed: the group is one of those that a rule names and nothing is known to yield.
func (s *Source) onlyNamed(group int32) bool { return s.book != nil && int(group) >= s.book.given }

// meaning are the rules that mean a group of the target, by its name or by the id that SCIM gave it.
func (n *ruleNames) meaning(g *Group) (rules []*Rule) {
	at := n.said[Fold(g.Name)]
	if idShape.MatchString(g.ID) {
		at = append(slices.Clip(at), n.said[Fold(g.ID)]...)
	}
	for _, i := range at {
		if !slices.Contains(rules, n.rules[i]) {
			rules = append(rules, n.rules[i])
		}
	}
	return rules
}
