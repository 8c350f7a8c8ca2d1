// Package filter is the language in which rows and findings are picked by what they show: words, words of a field such
// as sev:high, ! before what must not match, quotes around what holds spaces.
package filter

import (
	"slices"
	"strings"

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
	field   Field
	negated bool
	// text is folded; values are those that are meant of a field that has values.
	text   string
	values []string
}

// Text is the filter as it was typed.
func (q Query) Text() string { return q.text }

// Empty reports whether everything matches.
func (q Query) Empty() bool { return len(q.terms) == 0 }

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
	if t.field != o.field || t.negated != o.negated {
		return false
	}
	if o.values != nil {
		wide, narrow := o.values, t.values
		if t.negated {
			wide, narrow = narrow, wide
		}
		return !slices.ContainsFunc(narrow, func(v string) bool { return !slices.Contains(wide, v) })
	}
	if t.negated {
		return strings.Contains(o.text, t.text)
	}
	return strings.Contains(t.text, o.text)
}
