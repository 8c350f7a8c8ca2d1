package rows

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/modeltest"
)

// TestEveryRowSaysWhatTheVerdictIs walks every row of every tab, and every membership of every row, over worlds of
// which parts were not read: each shows the sign of the verdict, and a row without a finding claims nothing but that it
// is in sync, or why not.
func TestEveryRowSaysWhatTheVerdictIs(t *testing.T) {
	t.Parallel()
	signs := map[model.Relation]string{
		model.Unsettled: "?", model.Same: "=", model.Differs: "≠", model.OnlySource: "▷", model.OnlyTarget: "◁",
		model.Aside: " ",
	}
	rapid.Check(t, func(t *rapid.T) {
		c := modeltest.Random(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "") })
		early := rapid.IntRange(0, 3).Draw(t, "provisional") == 0
		c.Provisional = early
		s := NewSet(c)
		for i := range s.Comparison.Findings {
			if f := &s.Comparison.Findings[i]; early && (len(f.Repairs) > 0 || f.Confidence != model.Unsure) {
				t.Fatalf("%s is %s before the read has ended, and offers %v", f.ID, f.Confidence, f.Repairs)
			}
		}
		for tab := range TabCount {
			for _, r := range s.tables[tab].rows {
				var want drift.Verdict
				switch {
				case r.Source == model.None && r.Target == model.None:
					want.Relation = model.Aside
				case r.User:
					want = c.UserVerdict(r.Source, r.Target)
				default:
					want = c.GroupVerdict(r.Source, r.Target)
				}
				if r.Own { // a record may have several findings, of which the worst decides
					f := &s.Comparison.Findings[r.Finding]
					want.Relation = f.Relation()
					worst := s.FindingsOf(Row{Finding: s.worstOf(r)})[0]
					if worst == f && r.Relation != model.Aside && s.Verdict(r).Relation != want.Relation {
						t.Fatalf("%s is %s, its record %s", f.ID, want.Relation, s.Verdict(r).Relation)
					}
				}
				if r.Relation != want.Relation || Sign(r.Relation) != signs[want.Relation] {
					t.Fatalf("%s of tab %d shows %q, the verdict is %s", s.Subject(r).Name, tab, Sign(r.Relation),
						want.Relation)
				}
				plain := []model.Relation{model.Same, model.Unsettled, model.Differs}
				if r.Finding == model.None && !slices.Contains(plain, r.Relation) {
					t.Fatalf("%s of tab %d is %s without a finding", s.Subject(r).Name, tab, r.Relation)
				}
				s.checkMemberships(t, r)
			}
		}
	})
}

// worstOf is the worst finding of the record of a row.
func (s *Set) worstOf(r Row) int32 {
	for _, tab := range []Tab{Groups, Users} {
		for _, other := range s.tables[tab].rows {
			if other.User == r.User && other.Source == r.Source && other.Target == r.Target &&
				other.Finding != model.None {
				return other.Finding
			}
		}
	}
	return r.Finding
}

// checkMemberships holds what is listed under a row against the verdicts, and what the verdicts claim against what was
// read.
func (s *Set) checkMemberships(t *rapid.T, r Row) {
	c := s.Comparison
	if r.Relation == model.Aside {
		return
	}
	for _, m := range s.Memberships(r) {
		group, user := m, Membership{Source: r.Source, Target: r.Target}
		if !r.User {
			group, user = user, m
			if user.Source == model.None {
				user.Source = c.Users.ToSource[user.Target]
			} else if user.Target == model.None {
				user.Target = c.Users.ToTarget[user.Source]
			}
		} else {
			if group.Source == model.None {
				group.Source = c.Groups.ToSource[group.Target]
			} else if group.Target == model.None {
				group.Target = c.Groups.ToTarget[group.Source]
			}
		}
		v := c.MembershipVerdict(group.Source, group.Target, user.Source, user.Target, m.Source != model.None,
			m.Target != model.None)
		if m.Relation != v.Relation || v.Relation == model.Unsettled && v.Why == "" {
			t.Fatalf("a membership of %s shows %q, the verdict is %+v", s.Subject(r).Name, Sign(m.Relation), v)
		}
		looks := func(p *drift.Pairing, s, t int32) bool {
			return s != model.None && t != model.None && p.Basis[s] == drift.BasisLookAlike
		}
		groupV, userV := c.GroupVerdict(group.Source, group.Target), c.UserVerdict(user.Source, user.Target)
		both := m.Source != model.None && m.Target != model.None
		switch known := v.Relation != model.Unsettled; {
		case known && (looks(&c.Groups, group.Source, group.Target) || looks(&c.Users, user.Source, user.Target)):
			t.Fatalf("a membership of %s is %s, and its pair only looks alike", s.Subject(r).Name, v.Relation)
		case known && (userV.Relation == model.Unsettled || !both && groupV.Relation == model.Unsettled):
			t.Fatalf("a membership of %s is %s, and the user is %s, the group %s", s.Subject(r).Name, v.Relation,
				userV.Relation, groupV.Relation)
		case v.Relation == model.OnlySource && group.Target != model.None &&
			c.MembersUnknown(model.None, group.Target) != "",
			v.Relation == model.OnlyTarget && group.Source != model.None &&
				c.MembersUnknown(group.Source, model.None) != "":
			t.Fatalf("a membership of %s is %s, and the other side was not read", s.Subject(r).Name, v.Relation)
		}
	}
}
