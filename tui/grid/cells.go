package grid

import (
	"cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// sideNames gives the names of both sides, harmless. A source user that the app does not list is no record of the
// source's.
func sideNames(set *rows.Set, r rows.Row) (source, target string) {
	switch {
	case r.Relation == model.Aside:
		return style.Label(set.Subject(r).Name), ""
	case r.User && r.Source != model.None && !set.Comparison.Source.Users[r.Source].Assigned:
		r.Source = model.None
	}
	return Names(set, r.User, r.Source, r.Target)
}

// Names are those of a user or a group on both sides, harmless, told apart where they would look the same.
func Names(set *rows.Set, user bool, source, target int32) (string, string) {
	switch {
	case source == model.None && target == model.None:
		return style.Absent, style.Absent
	case source == model.None:
		return style.Absent, style.Label(set.RecordName(user, model.TargetSide, target))
	case target == model.None:
		return style.Label(set.RecordName(user, model.SourceSide, source)), style.Absent
	}
	return style.Labels(set.RecordName(user, model.SourceSide, source), set.RecordName(user, model.TargetSide, target))
}

// whyText says in the last column why the row is there and what hangs on it, raw.
func (g *Grid) whyText(r rows.Row) string {
	if r.Finding == model.None {
		return NoFindingText(g.Set, r)
	}
	text := explain.ShortReason(&g.Set.Comparison.Findings[r.Finding])
	if n := len(g.Set.FindingsOf(r)) - 1; n > 0 {
		text = "+" + style.Number(n) + " more: " + text
	}
	return text
}

// NoFindingText is the last column of a row without a finding.
func NoFindingText(set *rows.Set, r rows.Row) string {
	switch r.Relation {
	case model.Unsettled:
		return set.Verdict(r).Why
	case model.Differs:
		return "claims a record that another one has"
	case model.OnlySource, model.OnlyTarget, model.Aside:
		return ""
	case model.Same:
	}
	if r.User {
		return inactiveUserText(set, r)
	}
	src, tgt := set.GroupsOf(r)
	if tgt == nil {
		return "nobody is in it now"
	}
	n := len(set.Comparison.Target.Members.Of(int(r.Target)))
	if src != nil && src.Expectation == model.Allowed && n == 0 {
		return "nobody is in it now"
	}
	return style.Count(n, "member")
}

func inactiveUserText(set *rows.Set, r rows.Row) string {
	src, tgt := set.UsersOf(r)
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

// unwrappedWidth is wider than any sentence: what is read aloud is broken by the terminal alone.
const unwrappedWidth = 2000

// Facts says what stands at the cursor in place of the list and its preview, for who has the board read to them.
func (g *Grid) Facts() []string {
	line, ok := g.List.Current()
	if !ok {
		return nil
	}
	facts, severity := []string{"cause, open"}, ""
	if line.Heading != nil {
		if line.Folded {
			facts[0] = "cause, folded"
		}
		if line.Group != nil {
			severity = line.Group.Severity.String()
		}
	} else {
		r := line.Row
		subject, findings := g.Set.Subject(r), g.Set.FindingsOf(r)
		facts[0] = cmp.Or(string(subject.Type), "set-up") + ": " + style.Label(subject.Name)
		facts = append(facts, g.relationText(r))
		if g.Marks[g.Set.ID(r)] {
			facts = append(facts, "marked")
		}
		if len(findings) > 0 {
			severity = findings[0].Severity.String()
			facts = append(facts, g.Changed[findings[0].ID])
		}
	}
	if severity != "" {
		facts = append(facts, "severity: "+severity)
	}
	return append(facts, g.Preview(unwrappedWidth, 0)...)
}
