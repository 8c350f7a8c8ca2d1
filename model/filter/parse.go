package filter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/scimdrift/scimdrift/model"
)

// Parse takes a filter apart. The error says which word is none of the language and what was likely meant; the query
// holds the rest, so that a filter works while it is being typed.
func Parse(text string) (Query, error) {
	q := Query{text: text}
	var wrong error
	for rest := text; ; {
		var w word
		if w, rest = nextWord(rest); w == (word{}) {
			return q, wrong
		}
		t, err := w.parse()
		switch {
		case err != nil && wrong == nil:
			wrong = err
		case err == nil && (t.text != "" || t.values != nil):
			q.terms = append(q.terms, t)
		}
	}
}

// word is one word of a filter as it was typed.
type word struct {
	// prefix is the exclamation mark and the field with its colon, text what follows, without its quotes.
	prefix, text string
	quoted       bool
}

// nextWord cuts the next word off; the zero word is the end.
func nextWord(s string) (w word, rest string) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	at := len(s) - len(strings.TrimPrefix(s, "!"))
	for end := at; end < len(s) && (s[end] == ':' || isLetter(s[end])); end++ {
		if s[end] == ':' {
			if end > at {
				at = end + 1
			}
			break
		}
	}
	w.prefix, s = s[:at], s[at:]
	if rest, w.quoted = strings.CutPrefix(s, `"`); w.quoted {
		w.text, rest, _ = strings.Cut(rest, `"`)
		return w, rest
	}
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		end = len(s)
	}
	w.text = s[:end]
	return w, s[end:]
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// field is the field that a word names, as it was typed.
func (w word) field() (name string, has bool) {
	return strings.CutSuffix(strings.TrimPrefix(w.prefix, "!"), ":")
}

func (w word) parse() (term, error) {
	t := term{negated: strings.HasPrefix(w.prefix, "!"), text: Fold(w.text)}
	name, has := w.field()
	if !has {
		return t, nil
	}
	at := slices.Index(fields(), strings.ToLower(name))
	if at < 0 {
		return term{}, fmt.Errorf(`no field is called %s%s The fields are %s; quotes search for the text itself`,
			name, cmp.Or(model.DidYouMean(name, fields()), "."), strings.Join(fields(), ", "))
	}
	t.field = Severity + Field(at)
	known := t.field.Values()
	switch {
	case w.text == "":
		return term{}, fmt.Errorf("%s: wants a value%s", t.field, valuesHint(known))
	case known == nil:
		return t, nil
	}
	for part := range strings.SplitSeq(strings.ToLower(w.text), ",") {
		meant := matchingValues(part, known)
		if len(meant) == 0 {
			return term{}, fmt.Errorf("%s: has no value %s%s It takes %s",
				t.field, model.Visible(part), cmp.Or(model.DidYouMean(part, known), "."), strings.Join(known, ", "))
		}
		t.values = append(t.values, meant...)
	}
	return t, nil
}

// matchingValues are the values that a part of one stands for: itself, else all of which a word begins so.
func matchingValues(part string, known []string) []string {
	if part == "" {
		return nil
	}
	if slices.Contains(known, part) {
		return []string{part}
	}
	var out []string
	for _, v := range known {
		if anyWordHasPrefix(v, part) {
			out = append(out, v)
		}
	}
	return out
}

// anyWordHasPrefix reports whether a word of a value, of those between hyphens, begins so.
func anyWordHasPrefix(value, part string) bool { return strings.Contains("-"+value, "-"+part) }

func valuesHint(known []string) string {
	if known == nil {
		return ""
	}
	return ": " + strings.Join(known, ", ")
}
