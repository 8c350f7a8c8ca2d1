package rules

import (
	"bytes"
	"encoding/json"
	"slices"
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

// textsOf gives every text of a rule: of its JSON, keys and numbers too, and of its actions, with names for ids.
func textsOf(r *model.Rule, see func(text string, at textPlace)) {
	d := json.NewDecoder(bytes.NewReader(r.Raw))
	d.UseNumber()
	_ = textsIn(d, textPlace{Action: noAction}, wholeRule, see)
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

// What of a rule a JSON value is.
const (
	wholeRule = iota
	listOfActions
	partOfRule
)

// textsIn gives the strings, keys and numbers of the next JSON value. It reads tokens, because a map would keep one of
// two equal keys only. What follows a fault is left out: OneLogin's answer was read as JSON before.
func textsIn(d *json.Decoder, at textPlace, what int, see func(text string, at textPlace)) error {
	token, err := d.Token()
	switch t := token.(type) {
	case string:
		see(t, at)
	case json.Number:
		see(t.String(), at)
		if id := model.RecordIDOf(t); id != "" && id != t.String() {
			see(id, at) // a whole number in digits alone
		}
	case json.Delim:
		for i := 0; err == nil && d.More(); i++ {
			inner := partOfRule
			if t == '{' {
				token, _ := d.Token()
				key, _ := token.(string)
				see(key, at)
				if what == wholeRule {
					at.Title = isTitle(key)
					if model.Fold(key) == "actions" {
						inner = listOfActions
					}
				}
			} else if what == listOfActions {
				at.Action = i
			}
			err = textsIn(d, at, inner, see)
			if what == wholeRule {
				at.Title = false // a key is no title itself
			}
		}
		if err == nil {
			_, err = d.Token() // the end of it
		}
	}
	return err
}

// isTitle recognises the members of a rule that are for people.
func isTitle(key string) bool {
	titles := []string{"name", "title", "label", "description", "comment", "comments", "note", "notes"}
	return slices.Contains(titles, model.Fold(key))
}
