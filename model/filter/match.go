package filter

import (
	"slices"
	"strings"
)

// Class is what many items share, as lines of text: the values of their fields, and words that stand beside each.
type Class struct{ values, text string }

// mark is the first character of a line that belongs to a field; Fold lets no stranger write it.
func (f Field) mark() byte { return byte(f) }

// Matcher is a query held against the classes of a list, so that of each item only its own text is left to be searched.
type Matcher struct {
	// undecidedTerms are the terms that decide for the items of a class; excluded are classes of which none can match.
	undecidedTerms [][]term
	excluded       []bool
	// Member reports whether an item holds a member called so, besides those whom its text names; nil where none does.
	Member func(item int32, word string) bool
}

// ForClasses prepares a query for items of these classes.
func (q Query) ForClasses(classes []Class) Matcher {
	m := Matcher{undecidedTerms: make([][]term, len(classes)), excluded: make([]bool, len(classes))}
	for i := range classes {
		m.undecidedTerms[i], m.excluded[i] = q.matchClass(&classes[i])
	}
	return m
}

func (q Query) matchClass(c *Class) (left []term, out bool) {
	for _, t := range q.terms {
		switch holds, known := t.matchClass(c); {
		case !known:
			left = append(left, t)
		case holds == t.negated:
			return nil, true
		}
	}
	return left, false
}

// matchClass says what a class tells of a term; known is false where an item's own text decides.
func (t term) matchClass(c *Class) (holds, known bool) {
	if t.values != nil {
		return slices.ContainsFunc(t.values, func(v string) bool {
			return strings.Contains(c.values, string(t.field.mark())+v+"\n")
		}), true
	}
	return true, t.field == Anything && strings.Contains(c.text, t.text)
}

// Matches reports whether an item matches, by its class and its own text.
func (m Matcher) Matches(item, class int32, text string) bool {
	return !m.excluded[class] && !slices.ContainsFunc(m.undecidedTerms[class], func(t term) bool {
		holds := t.matchesText(text) || t.field == Member && m.Member != nil && m.Member(item, t.text)
		return holds == t.negated
	})
}

// MatchesText reports whether an item matches that has no class, only a text.
func (q Query) MatchesText(text string) bool {
	return q.ForClasses(make([]Class, 1)).Matches(0, 0, text)
}

func (t term) matchesText(text string) bool {
	if t.field == Anything {
		return strings.Contains(text, t.text)
	}
	return lineContains(text, t.field.mark(), t.text)
}

func lineContains(text string, mark byte, word string) bool {
	for {
		at := strings.IndexByte(text, mark)
		if at < 0 {
			return false
		}
		var line string
		line, text, _ = strings.Cut(text[at+1:], "\n")
		if strings.Contains(line, word) {
			return true
		}
	}
}
