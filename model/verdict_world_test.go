package model_test

import (
	"cmp"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/modeltest"
)

// random draws a small world of which parts were not read and some questions were answered otherwise than the lists do.
func random(t *rapid.T) *drift.Comparison {
	return modeltest.Random(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "") })
}

// TestWhatWasNotReadIsNeitherEqualNorAbsent: a verdict claims that a record is the same, or is not on one side, only
// where every part that could say otherwise was read, and nothing is certain that is not known.
func TestWhatWasNotReadIsNeitherEqualNorAbsent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := random(t)
		whole := func(side model.Coverages, p model.Part) bool { return side[p].Complete() }
		source, target := c.Source.Coverage, c.Target.Coverage
		bothUsers := whole(source, model.PartUsers) && whole(target, model.PartUsers)
		bothGroups := whole(source, model.PartGroups) && whole(target, model.PartGroups)
		judge := func(what string, v drift.Verdict, may map[model.Relation]bool) {
			t.Helper()
			if !may[v.Relation] {
				t.Fatalf("%s is %s, %+v", what, v.Relation, v)
			}
			if v.Relation == model.Unsettled && (v.Why == "" || v.Confidence != model.Unsure) {
				t.Fatalf("%s is unknown without a reason, or with a confidence: %+v", what, v)
			}
		}
		for s := range c.Source.Users {
			u, at := &c.Source.Users[s], c.Users.ToTarget[s]
			if !u.Assigned && at == model.None {
				continue
			}
			judge("user "+u.UserName, c.UserVerdict(int32(s), at), map[model.Relation]bool{
				model.Unsettled: true, model.Differs: at != model.None && !u.RollOnly || at == model.None && bothUsers,
				model.Same: !u.RollOnly && (at != model.None && (bothUsers || !tied(&c.Users, int32(s))) ||
					at == model.None && !u.Active && whole(target, model.PartUsers)),
				model.OnlySource: at == model.None && whole(target, model.PartUsers),
				model.OnlyTarget: at != model.None && !u.Assigned && whole(source, model.PartUsers),
			})
		}
		for i := range c.Target.Users {
			if s := c.Users.ToSource[i]; s == model.None {
				judge("user "+c.Target.Users[i].UserName, c.UserVerdict(s, int32(i)), map[model.Relation]bool{
					model.Unsettled: true, model.Differs: bothUsers, model.OnlyTarget: whole(source, model.PartUsers),
				})
			}
		}
		judgeGroups(c, bothGroups, judge)
	})
}

// judgeGroups holds the verdicts on groups against what was read.
func judgeGroups(c *drift.Comparison, both bool, judge func(string, drift.Verdict, map[model.Relation]bool)) {
	source, target := c.Source.Coverage[model.PartGroups].Complete(), c.Target.Coverage[model.PartGroups].Complete()
	for s := range c.Source.Groups {
		g, at := &c.Source.Groups[s], c.Groups.ToTarget[s]
		known := at != model.None && c.MembersUnknown(int32(s), at) == "" && g.MembersOpen == ""
		judge("group "+g.Name, c.GroupVerdict(int32(s), at), map[model.Relation]bool{
			model.Unsettled: true, model.Differs: at != model.None || both,
			model.Same: known && !anyOpen(c, int32(s), at) ||
				at == model.None && g.Expectation == model.Allowed && target,
			model.OnlySource: at == model.None && g.Expectation == model.Expected && target,
		})
	}
	for i := range c.Target.Groups {
		if s := c.Groups.ToSource[i]; s == model.None {
			judge("group "+c.Target.Groups[i].Name, c.GroupVerdict(s, int32(i)), map[model.Relation]bool{
				model.Unsettled: true, model.Differs: both, model.OnlyTarget: source,
			})
		}
	}
}

// tied: only the order of ids chose the pair.
func tied(p *drift.Pairing, s int32) bool { return p.Contests[s] != nil && p.Contests[s].Tied }

// anyOpen: of somebody whom a side has in the group it is not known whether they are the same, or anybody, on the
// other.
func anyOpen(c *drift.Comparison, s, t int32) bool {
	for _, u := range c.Source.Members.Of(int(s)) {
		if c.UserVerdict(u, c.Users.ToTarget[u]).Relation == model.Unsettled {
			return true
		}
	}
	for _, u := range c.Target.Members.Of(int(t)) {
		if c.UserVerdict(c.Users.ToSource[u], u).Relation == model.Unsettled {
			return true
		}
	}
	return false
}

// TestFindingsAndVerdictsSayTheSame: a record with a finding has the verdict of its worst one; where sources
// contradict each other nothing is offered and nothing is sure; what is withheld is said. A provisional comparison
// offers nothing and is sure of nothing.
func TestFindingsAndVerdictsSayTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := random(t)
		seen := map[[3]int32]bool{}
		for i := range c.Findings {
			f := &c.Findings[i]
			if f.Contradicted != "" && (len(f.Repairs) > 0 || f.Confidence != model.Unsure) {
				t.Fatalf("%s is contradicted, %s, and offers %v", f.ID, f.Confidence, f.Repairs)
			}
			against := false
			for _, e := range f.AllEvidence() {
				against = against || e.Against
				if e.From() == "" || e.What == "" {
					t.Fatalf("%s rests on evidence from nowhere: %+v", f.ID, e)
				}
			}
			if against != (f.Contradicted != "") {
				t.Fatalf("%s: evidence against it %v, contradicted %q", f.ID, against, f.Contradicted)
			}
			if f.Relation() == model.Aside {
				continue
			}
			verdict, of := c.GroupVerdict(f.Source, f.Target), int32(0)
			if f.Subject.Type == model.SubjectUser {
				verdict, of = c.UserVerdict(f.Source, f.Target), 1
			}
			key := [3]int32{of, f.Source, f.Target}
			if !seen[key] && (verdict.Relation != f.Relation() || verdict.Kind != f.Kind ||
				verdict.Confidence != f.Confidence) {
				t.Fatalf("%s says %s, %s; its record is %+v", f.ID, f.Relation(), f.Confidence, verdict)
			}
			seen[key] = true
			notAllCounted(t, c, f)
		}
		early := c.AsProvisional()
		for i := range early.Findings {
			if f := &early.Findings[i]; len(f.Repairs) > 0 || f.Confidence != model.Unsure || !f.Provisional {
				t.Fatalf("before the load has ended %s is %s and offers %v", f.ID, f.Confidence, f.Repairs)
			}
		}
		if len(early.Findings) != len(c.Findings) || c.Provisional {
			t.Fatal("what is provisional loses findings, or changes the comparison that it is of")
		}
	})
}

// notAllCounted: a finding whose group has members that were not read says so, so that its number is not taken for all.
func notAllCounted(t *rapid.T, c *drift.Comparison, f *model.Finding) {
	t.Helper()
	open := ""
	switch f.Kind {
	case model.GroupMissing:
		if open = c.Source.Groups[f.Source].MembersOpen; !c.Source.Coverage[model.PartUsers].Complete() {
			open = "users"
		}
	case model.GroupLingering, model.GroupUnclaimed:
	default:
		return
	}
	if f.MembersUnknown == "" && cmp.Or(open, c.MembersUnknown(f.Source, f.Target)) != "" {
		t.Fatalf("%s counts %d members, and not all are known", f.ID, len(f.Members))
	}
}
