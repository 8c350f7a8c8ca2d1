package model

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// ParameterGroups are the groups that the app's Groups parameter gives to everybody: its default values, and values of
// its own, of which it is not documented whom they reach. The key of that parameter in the AWS app is not documented
// either, so it is found by its words, as for "Include in User Provisioning".
func (a *App) ParameterGroups() (defaults, values []string) {
	var app struct {
		Parameters map[string]struct {
			Label    string          `json:"label"`
			Defaults json.RawMessage `json:"default_values"`
			Values   json.RawMessage `json:"values"`
		} `json:"parameters"`
	}
	if len(a.Raw) == 0 || json.Unmarshal(a.Raw, &app) != nil {
		return nil, nil // another shape; whether groups are included is then unsaid too
	}
	best := ""
	for key, p := range app.Parameters {
		exact := Fold(key) == "groups" || Fold(p.Label) == "groups"
		if !exact && !strings.Contains(Fold(key), "group") {
			continue
		}
		// Exactly "groups" counts before anything with "group" in it, and the first key in order before the others.
		rank := "1" + key
		if exact {
			rank = "0" + key
		}
		if best == "" || rank < best {
			best = rank
			defaults, values = listed(p.Defaults), listed(p.Values)
		}
	}
	return defaults, values
}

// listed reads a string, an array of strings or null; OneLogin answers exactly what was stored
// (https://github.com/onelogin/terraform-provider-onelogin/pull/253).
func listed(raw json.RawMessage) (out []string) {
	var many []string
	if json.Unmarshal(raw, &many) != nil {
		var one string
		if json.Unmarshal(raw, &one) != nil {
			return nil
		}
		many = []string{one}
	}
	for _, name := range many {
		if strings.TrimSpace(name) != "" {
			out = append(out, name)
		}
	}
	return out
}

// groupParameters is the app's JSON without all that parameterGroups does not read of it. Another shape gives
// nothing, as it does there.
func (a *App) groupParameters() json.RawMessage {
	type kept struct {
		Label    string          `json:"label"`
		Defaults json.RawMessage `json:"default_values,omitempty"`
		Values   json.RawMessage `json:"values,omitempty"`
	}
	var app struct {
		Parameters map[string]kept `json:"parameters"`
	}
	if len(a.Raw) == 0 || json.Unmarshal(a.Raw, &app) != nil {
		return nil
	}
	for key, p := range app.Parameters {
		if !strings.Contains(Fold(key), "group") && !strings.Contains(Fold(p.Label), "group") {
			delete(app.Parameters, key)
		}
	}
	out, err := json.Marshal(app)
	if err != nil {
		return nil // it has just been read as JSON
	}
	return out
}

// TextPlace is where in a rule a text stands: title, or the action of that index; noAction anywhere else.
type TextPlace struct {
	Title  bool
	Action int
}

const noAction = -1

// Separators part the names of a list that is one text. How OneLogin takes such a text apart is not documented.
const Separators = ";,|\n\r\v\f\u0085\u2028\u2029"

// IsSeparator reports whether a rune parts names in a text of a rule.
func IsSeparator(r rune) bool { return strings.ContainsRune(Separators, r) }

// Texts gives every text of a rule: those of its JSON, keys and numbers too, and what was made of its actions, which
// may hold the names that ids stand for.
func (r *Rule) Texts(see func(text string, at TextPlace)) {
	jsonTexts(r.Raw, see)
	for i := range r.Actions {
		for _, text := range r.Actions[i].texts() {
			see(text, TextPlace{Action: i})
		}
	}
	for _, c := range r.Conditions {
		for _, text := range c.Values {
			see(text, TextPlace{Action: noAction})
		}
	}
}

func (a *RuleAction) texts() []string {
	return append([]string{a.Name, a.Expression, a.Macro, a.Scriplet}, a.Values...)
}

// jsonTexts walks over the JSON of a rule and gives its strings, keys and numbers. It reads tokens, because a map
// would keep one of two equal keys only. What follows a fault is left out: OneLogin's answer was read as JSON before.
func jsonTexts(raw json.RawMessage, see func(text string, at TextPlace)) {
	w := jsonWalk{see: see, at: TextPlace{Action: noAction}}
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
	see func(text string, at TextPlace)
	// open has the objects (true) and arrays that are open; key: the next text of the innermost object is a key.
	open []bool
	key  bool
	at   TextPlace
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
			w.at, w.actions = TextPlace{Title: isTitle(t), Action: noAction}, Fold(t) == "actions"
			w.see(t, TextPlace{Action: noAction})
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
