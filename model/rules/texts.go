package rules

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// textPlace is where in a rule a text stands: title, or the action of that index; noAction anywhere else.
type textPlace struct {
	Title  bool
	Action int
}

const noAction = -1

// separators part the names of a list that is one text. How OneLogin takes such a text apart is not documented.
const separators = ";,|\n\r\v\f\u0085\u2028\u2029"

// isSeparator reports whether a rune parts names in a text of a rule.
func isSeparator(r rune) bool { return strings.ContainsRune(separators, r) }

// textsOf gives every text of a rule: those of its JSON, keys and numbers too, and what was made of its actions, which
// may hold the names that ids stand for.
func textsOf(r *model.Rule, see func(text string, at textPlace)) {
	jsonTexts(r.Raw, see)
	for i, a := range r.Actions {
		for _, text := range append([]string{a.Name, a.Expression, a.Macro, a.Scriplet}, a.Values...) {
			see(text, textPlace{Action: i})
		}
	}
	for _, c := range r.Conditions {
		for _, text := range c.Values {
			see(text, textPlace{Action: noAction})
		}
	}
}

// jsonTexts walks over the JSON of a rule and gives its strings, keys and numbers. It reads tokens, because a map
// would keep one of two equal keys only. What follows a fault is left out: OneLogin's answer was read as JSON before.
func jsonTexts(raw json.RawMessage, see func(text string, at textPlace)) {
	w := jsonWalk{see: see, at: textPlace{Action: noAction}}
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
	see func(text string, at textPlace)
	// open has the objects (true) and arrays that are open; key: the next text of the innermost object is a key.
	open []bool
	key  bool
	at   textPlace
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
			w.at.Action++
		}
		w.open = append(w.open, t == '{')
		w.key = t == '{'
		return
	case string:
		if depth == top && w.open[0] && w.key {
			w.at, w.actions = textPlace{Title: isTitle(t), Action: noAction}, model.Fold(t) == "actions"
			w.see(t, textPlace{Action: noAction})
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
	return slices.Contains(titles, model.Fold(key))
}
