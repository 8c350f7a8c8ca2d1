package filter

import (
	"slices"
	"strings"
	"unicode"
)

// Complete gives what the last word of a filter could become: before is the filter up to there, words are what could
// follow. more gives the values of a field that takes any word; it may be nil.
func Complete(text string, more func(Field) []string) (before string, words []string) {
	w, at := lastWord(text)
	name, has := w.field()
	if w.quoted || !has && w.text == "" && strings.HasPrefix(w.prefix, "!") {
		return text, nil
	}
	before = text[:at] + w.prefix
	if !has {
		for _, f := range fields() {
			if strings.HasPrefix(f, strings.ToLower(w.text)) {
				words = append(words, f+":")
			}
		}
		return before, words
	}
	i := slices.Index(fields(), strings.ToLower(name))
	if i < 0 {
		return text, nil
	}
	f := Severity + Field(i)
	values := f.Values()
	if values == nil && more != nil {
		values = more(f)
	}
	part := w.text
	if comma := strings.LastIndexByte(part, ','); comma >= 0 && f.Values() != nil {
		before, part = before+part[:comma+1], part[comma+1:]
	}
	return before, completions(Fold(part), values)
}

// completions are the values that begin with a part, then those of which a later word does.
func completions(part string, values []string) []string {
	var begin, later []string
	for _, v := range values {
		folded := Fold(v)
		if strings.ContainsFunc(v, unicode.IsSpace) {
			v = `"` + v + `"`
		}
		switch {
		case folded == part: // nothing is left to complete
		case strings.HasPrefix(folded, part):
			begin = append(begin, v)
		case anyWordHasPrefix(strings.NewReplacer(" ", "-", ".", "-", "@", "-").Replace(folded), part):
			later = append(later, v)
		}
	}
	return append(begin, later...)
}

// lastWord is the word at the end of a filter and where it begins; the zero word after a space.
func lastWord(text string) (w word, at int) {
	for rest := text; ; {
		began := len(text) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
		n, after := nextWord(rest)
		if n == (word{}) {
			return word{}, len(text)
		}
		if after == "" {
			return n, began
		}
		rest = after
	}
}
