package tui

import (
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// absent stands in the cell of a side that has no such record.
const absent = "–"

// cells gives the names of both sides, harmless. A source user that the app does not list is no record of the source's.
func (a *app) cells(r rows.Row) (source, target string) {
	source, target = absent, absent
	if r.Relation == model.Aside {
		return label(a.set.Subject(r).Name), ""
	}
	if r.User {
		src, tgt := a.set.UsersOf(r)
		switch {
		case src != nil && src.Assigned && tgt != nil:
			return labels(src.Called(), tgt.Called())
		case src != nil && src.Assigned:
			source = label(src.Called())
		case tgt != nil:
			target = label(tgt.Called())
		}
		return source, target
	}
	switch src, tgt := a.set.GroupsOf(r); {
	case src != nil && tgt != nil:
		return labels(src.Called(), tgt.Called())
	case src != nil:
		source = label(src.Called())
	case tgt != nil:
		target = label(tgt.Called())
	}
	return source, target
}

// labels are two names beside each other, told apart where they would look the same.
func labels(source, target string) (string, string) {
	source, target = model.Distinct(source, target)
	return label(source), label(target)
}

// label is a name made harmless, with the spaces around it spelled; one of nothing but spaces is quoted, so that it
// can be seen.
func label(name string) string {
	if strings.TrimSpace(name) == "" {
		return `"` + style.Name(name) + `"`
	}
	return style.Name(model.SpellEdges(name))
}

// what says in the last column why the row is there and what hangs on it, raw.
func (a *app) what(r rows.Row) string {
	if r.Finding == model.None {
		return a.whatOfSettled(r)
	}
	text := explain.Why(&a.set.Comparison.Findings[r.Finding])
	if n := len(a.set.FindingsOf(r)) - 1; n > 0 {
		text = "+" + style.Number(n) + " more: " + text
	}
	return text
}

func valueOr(v string) string {
	if v == "" {
		return "(empty)"
	}
	return v
}

// evidence is one fact on one line, raw.
func (a *app) evidence(e model.Evidence) string {
	text := e.What
	if !e.At.IsZero() {
		text = a.date(e.At) + " " + text
	}
	if e.By != "" {
		text += " by " + e.By
	}
	if e.Text != "" {
		text += ": " + e.Text
	}
	return text
}

// date is short for this year's, in the operator's time zone.
func (a *app) date(t time.Time) string {
	t = t.In(a.now.Location())
	if t.Year() != a.now.Year() {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan 15:04")
}

// whatOfSettled is the last column of a row without a finding.
func (a *app) whatOfSettled(r rows.Row) string {
	switch r.Relation {
	case model.Unsettled:
		return a.whyUnsettled(r)
	case model.Differs:
		return "claims a record that another one has"
	case model.OnlySource, model.OnlyTarget, model.Aside:
		return ""
	case model.Same:
	}
	if r.User {
		return a.whatOfUser(r)
	}
	src, tgt := a.set.GroupsOf(r)
	if tgt == nil {
		return "nobody is in it now"
	}
	n := len(a.set.Comparison.Target.Members.Of(int(r.Target)))
	if src != nil && src.Expectation == model.Allowed && n == 0 {
		return "nobody is in it now"
	}
	return style.Count(n, "member")
}

func (a *app) whatOfUser(r rows.Row) string {
	src, tgt := a.set.UsersOf(r)
	if src == nil || src.Active {
		return ""
	}
	word := src.Standing
	if word == "" {
		word = "not active"
	}
	if tgt == nil {
		return word + ", rightly absent"
	}
	return word + ", rightly inactive"
}

// whyUnsettled says why nothing is said of a row.
func (a *app) whyUnsettled(r rows.Row) string { return a.set.Verdict(r).Why }
