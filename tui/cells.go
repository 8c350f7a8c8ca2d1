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

// label is a name made harmless, with the spaces around it spelled; one of nothing but spaces is quoted, so that it can be seen.
func label(name string) string {
	if strings.TrimSpace(name) == "" {
		return `"` + style.Name(name) + `"`
	}
	return style.Name(model.SpellEdges(name))
}

// what says in the last column, which is so wide, what differs. Under a heading, which says what is wrong, it adds the particulars.
func (a *app) what(r rows.Row, width int) string {
	if r.Finding == model.None {
		return a.whatOfSettled(r)
	}
	f := &a.set.Comparison.Findings[r.Finding]
	if a.list().Grouped() {
		if text := a.particulars(r, f, width); text != "" {
			return text
		}
	}
	text := explain.Summary(*f, a.opts.Target.Short)
	if n := len(a.set.FindingsOf(r)) - 1; n > 0 {
		text = "+" + style.Number(n) + " more: " + text
	}
	return text
}

// particulars are what one finding has beside its kind and cause. The texts are raw.
func (a *app) particulars(r rows.Row, f *model.Finding, width int) string {
	if f.Contradicted != "" {
		return "contradicted: " + f.Contradicted
	}
	switch f.Kind {
	case model.MembersMissing, model.MembersExtra, model.UserDuplicate, model.GroupDuplicate:
		return names(f.Members)
	case model.GroupLingering, model.GroupUnclaimed, model.GroupMissing, model.AssignmentsStranded:
		return population(len(f.Members), a.set.Comparison.MembersUnknown(r.Source, r.Target),
			explain.AccountAssignments(f), width)
	case model.UserRenamed, model.GroupRenamed, model.UserAttributes:
		return fields(f.Fields)
	default: // users by their evidence, rules and set-up by what was seen
	}
	switch {
	case f.Check != nil:
		return f.Check.Seen
	case len(f.Evidence) > 0:
		return a.evidence(f.Evidence[0])
	case r.Relation == model.Aside:
		return ""
	}
	return a.displayName(r)
}

// population says who and what hangs on a group. What it opens tells more than who is in it, and is what is left where there is no room
// for both.
func population(members int, unknown string, assignments, width int) string {
	in := style.Count(members, "member")
	if unknown != "" {
		in = "members unknown: " + unknown
	}
	if assignments == 0 {
		return in
	}
	full, short := style.Count(assignments, "account assignment"), style.Count(assignments, "assignment")
	switch {
	case unknown != "":
		return short + ", " + in
	case len(in)+len(", ")+len(full) <= width:
		return in + ", " + full
	case len(in)+len(", ")+len(short) <= width:
		return in + ", " + short
	}
	return short
}

// displayName says who a user is, where the userName does not.
func (a *app) displayName(r rows.Row) string {
	src, tgt := a.set.UsersOf(r)
	if src != nil && src.DisplayName != "" {
		return src.DisplayName
	}
	if tgt != nil {
		return tgt.DisplayName
	}
	return ""
}

// names lists a few names with their number in front, so that the number shows even where the names are cut.
func names(all []string) string {
	const most = 20 // more never fit into a cell
	text := strings.Join(all[:min(len(all), most)], ", ")
	if len(all) == 1 {
		return text
	}
	return style.Number(len(all)) + ": " + text
}

func fields(diffs []model.FieldDiff) string {
	parts := make([]string, 0, len(diffs))
	for _, d := range diffs {
		source, target := model.Distinct(d.Source, d.Target)
		parts = append(parts, d.Name+" "+valueOr(source)+" ≠ "+valueOr(target))
	}
	return strings.Join(parts, ", ")
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
