package rows

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/modeltest"
	"github.com/scimdrift/scimdrift/model/rules"
)

// blended is a small tenant with random memberships, users who are on one side only, and random gaps in what was read.
func blended(t *rapid.T) *drift.Comparison {
	var src rules.Source
	var tgt model.Directory
	gap := func(name string, p model.Part) model.Coverage {
		if rapid.IntRange(0, 5).Draw(t, fmt.Sprint(name, p)) == 0 {
			return model.UnknownCoverage("not read")
		}
		return model.CompleteCoverage()
	}
	for _, p := range model.SourceParts() {
		src.Coverage[p] = gap("source ", p)
	}
	for _, p := range model.TargetParts() {
		tgt.Coverage[p] = gap("target ", p)
	}
	for i := range rapid.IntRange(0, 7).Draw(t, "users") {
		u := model.User{
			ID: fmt.Sprint(i), UserName: fmt.Sprintf("u%d", 9-i), Email: fmt.Sprintf("u%d", 9-i),
			Active: true, Assigned: true,
		}
		side := rapid.IntRange(0, 3).Draw(t, "side of user")
		if side != 1 {
			src.Users = append(src.Users, u)
		}
		if side != 2 {
			u.ID = "t" + u.ID
			tgt.Users = append(tgt.Users, u)
		}
	}
	lists := func(d *model.Directory, name string) []model.MemberList {
		var out []model.MemberList
		for g := range d.Groups {
			var l model.MemberList
			for i := range d.Users {
				if rapid.Bool().Draw(t, fmt.Sprint(name, g, i)) {
					l.IDs = append(l.IDs, d.Users[i].ID)
				}
			}
			if rapid.IntRange(0, 7).Draw(t, fmt.Sprint(name, g, "unknown")) == 0 {
				l.Unknown = "cut short"
			}
			out = append(out, l)
		}
		return out
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "groups") {
		side := rapid.IntRange(0, 3).Draw(t, "side of group")
		if side != 1 {
			src.Groups = append(src.Groups, model.Group{
				ID: fmt.Sprint("r", i), Name: fmt.Sprint("g", i),
				Expectation: model.Expected,
			})
		}
		if side != 2 {
			tgt.Groups = append(tgt.Groups, model.Group{ID: fmt.Sprint("tg", i), Name: fmt.Sprint("g", i)})
		}
	}
	src.SetMembers(lists(&src.Directory, "source"))
	tgt.SetMembers(lists(&tgt, "target"))
	return modeltest.Compare(src, tgt, drift.Options{})
}

// TestBothWaysAgree: a user is listed in a group exactly where the group is listed for the user, with the same
// relation; nothing is listed twice or left out, and what was not read is never said to be on one side only.
func TestBothWaysAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := blended(t)
		s := NewSet(c)
		type pair struct{ user, group string }
		byGroup, byUser := map[pair]model.Relation{}, map[pair]model.Relation{}
		sourceSeen, targetSeen := 0, 0
		for _, g := range s.tables[Groups].rows {
			for _, m := range s.Memberships(g) {
				key := pair{s.Subject(s.userRow(m)).Name, s.Subject(g).Name}
				if _, twice := byGroup[key]; twice {
					t.Fatalf("%v is listed twice", key)
				}
				byGroup[key] = m.Relation
				if m.Source != model.None {
					sourceSeen++
				}
				if m.Target != model.None {
					targetSeen++
				}
				if m.Relation == model.OnlySource && g.Target != model.None &&
					c.MembersUnknown(model.None, g.Target) != "" ||
					m.Relation == model.OnlyTarget && g.Source != model.None &&
						c.MembersUnknown(g.Source, model.None) != "" {
					t.Fatalf("%v is %s although the other side was not read", key, Sign(m.Relation))
				}
			}
		}
		if sourceSeen != c.Source.Members.Total() || targetSeen != c.Target.Members.Total() {
			t.Fatalf("%d and %d memberships are listed, not %d and %d", sourceSeen, targetSeen,
				c.Source.Members.Total(), c.Target.Members.Total())
		}
		for _, u := range s.tables[Users].rows {
			for _, m := range s.Memberships(u) {
				group := Row{Source: m.Source, Target: m.Target, Finding: model.None}
				byUser[pair{
					s.Subject(Row{Source: u.Source, Target: u.Target, Finding: model.None, User: true}).Name,
					s.Subject(group).Name,
				}] = m.Relation
			}
		}
		for key, relation := range byGroup {
			if byUser[key] != relation {
				t.Fatalf("%v is %s in the group and %s at the user", key, Sign(relation), Sign(byUser[key]))
			}
		}
		if len(byUser) != len(byGroup) {
			t.Fatalf("%d memberships are listed by user, %d by group", len(byUser), len(byGroup))
		}
	})
}

// userRow is the row of a member, without a finding.
func (s *Set) userRow(m Membership) Row {
	return Row{Source: m.Source, Target: m.Target, Finding: model.None, User: true}
}

// TestMembersStandInOrder: what is on one side only first, then what is open, then the rest, each by name.
func TestMembersStandInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := NewSet(blended(t))
		rank := map[model.Relation]int{model.OnlySource: 0, model.OnlyTarget: 0, model.Unsettled: 1, model.Same: 2}
		for _, g := range s.tables[Groups].rows {
			var order []string
			for _, m := range s.Memberships(g) {
				order = append(order, fmt.Sprint(rank[m.Relation], model.Fold(s.Subject(s.userRow(m)).Name)))
			}
			if !slices.IsSorted(order) {
				t.Fatalf("the members stand as %v", order)
			}
		}
	})
}
