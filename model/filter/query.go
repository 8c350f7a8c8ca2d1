// Package filter is the language in which rows and findings are picked by what they show: words, words of a field such
// as sev:high, ! before what must not match, quotes around what holds spaces.
package filter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/scimdrift/scimdrift/model"
)

// Field is what a word of a filter is held against; the zero value is all that shows.
type Field uint8

// The fields.
const (
	Anything Field = iota
	Severity
	Kind
	Cause
	Side
	By
	Member
	Is
	fieldCount
)

// String is how a field is written, without its colon.
func (f Field) String() string {
	return [...]string{"", "sev", "kind", "cause", "side", "by", "member", "is"}[f]
}

func fields() []string {
	return model.Words([]Field{Severity, Kind, Cause, Side, By, Member, Is})
}

// The values of Side and Is.
const (
	sideSource, sideTarget, sideBoth, sideUnknown = "source", "target", "both", "unknown"
	isDrift, isRepairable, isContradicted         = "drift", "repairable", "contradicted"
	isSetup                                       = "setup"
)

// Values are those that a field can have, the worst or most basic first; nil where it takes any word.
func (f Field) Values() []string {
	switch f {
	case Severity:
		return model.Words(model.Severities())
	case Kind:
		return model.Texts(model.Kinds())
	case Cause:
		return model.Texts(model.Causes())
	case Side:
		return []string{sideSource, sideTarget, sideBoth, sideUnknown}
	case Is:
		relations := []model.Relation{model.Same, model.Differs, model.OnlySource, model.OnlyTarget, model.Unsettled}
		return slices.Concat([]string{isDrift}, model.Words(relations), []string{
			string(model.SubjectUser), string(model.SubjectGroup), string(model.SubjectRule), isSetup,
			model.Certain.String(), model.Likely.String(), isContradicted, isRepairable,
		})
	case Anything, By, Member, fieldCount:
	}
	return nil
}

// Query is a filter taken apart. All of its terms must hold.
type Query struct {
	text  string
	terms []term
}

type term struct {
	field Field
	// not: it must not match.
	not bool
	// text is folded; values are those that are meant of a field that has values.
	text   string
	values []string
}

// Text is the filter as it was typed.
func (q Query) Text() string { return q.text }

// Empty reports whether everything matches.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Parse takes a filter apart. The error says which word is none of the language and what was likely meant; the query
// holds the rest, so that a filter works while it is being typed.
func Parse(text string) (Query, error) {
	q := Query{text: text}
	var wrong error
	for rest := text; ; {
		var w word
		if w, rest = next(rest); w == (word{}) {
			return q, wrong
		}
		t, err := w.term()
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
	// before is the exclamation mark and the field with its colon, text what follows, without its quotes.
	before, text string
	quoted       bool
}

// next cuts the next word off; the zero word is the end.
func next(s string) (w word, rest string) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	at := len(s) - len(strings.TrimPrefix(s, "!"))
	for end := at; end < len(s) && (s[end] == ':' || letter(s[end])); end++ {
		if s[end] == ':' {
			if end > at {
				at = end + 1
			}
			break
		}
	}
	w.before, s = s[:at], s[at:]
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

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// field is the field that a word names, as it was typed.
func (w word) field() (name string, has bool) {
	return strings.CutSuffix(strings.TrimPrefix(w.before, "!"), ":")
}

func (w word) term() (term, error) {
	t := term{not: strings.HasPrefix(w.before, "!"), text: Fold(w.text)}
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
		return term{}, fmt.Errorf("%s: wants a value%s", t.field, among(known))
	case known == nil:
		return t, nil
	}
	for part := range strings.SplitSeq(strings.ToLower(w.text), ",") {
		meant := meant(part, known)
		if len(meant) == 0 {
			return term{}, fmt.Errorf("%s: has no value %s%s It takes %s",
				t.field, model.Visible(part), cmp.Or(model.DidYouMean(part, known), "."), strings.Join(known, ", "))
		}
		t.values = append(t.values, meant...)
	}
	return t, nil
}

// meant are the values that a part of one stands for: itself, else all of which a word begins so.
func meant(part string, known []string) []string {
	if part == "" {
		return nil
	}
	if slices.Contains(known, part) {
		return []string{part}
	}
	var out []string
	for _, v := range known {
		if wordBegins(v, part) {
			out = append(out, v)
		}
	}
	return out
}

// wordBegins reports whether a word of a value, of those between hyphens, begins so.
func wordBegins(value, part string) bool { return strings.Contains("-"+value, "-"+part) }

func among(known []string) string {
	if known == nil {
		return ""
	}
	return ": " + strings.Join(known, ", ")
}

// Narrows reports whether whatever matches q has matched old too, so that only old's matches need be searched.
func (q Query) Narrows(old Query) bool {
	for _, o := range old.terms {
		if !slices.ContainsFunc(q.terms, func(t term) bool { return t.implies(o) }) {
			return false
		}
	}
	return true
}

// implies: what matches t matches o too.
func (t term) implies(o term) bool {
	if t.field != o.field || t.not != o.not {
		return false
	}
	if o.values != nil {
		wide, narrow := o.values, t.values
		if t.not {
			wide, narrow = narrow, wide
		}
		return !slices.ContainsFunc(narrow, func(v string) bool { return !slices.Contains(wide, v) })
	}
	if t.not {
		return strings.Contains(o.text, t.text)
	}
	return strings.Contains(t.text, o.text)
}
