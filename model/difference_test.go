package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// differing is a comparison of a target with these users, groups and members, and of a source with nobody.
func differing(users []model.User, groups []model.Group, members ...[]string) *drift.Comparison {
	c := &drift.Comparison{}
	for p := range c.Source.Coverage {
		c.Source.Coverage[p], c.Target.Coverage[p] = model.Coverage{State: model.Complete},
			model.Coverage{State: model.Complete}
	}
	c.Target.Users, c.Target.Groups = users, groups
	lists := make([]model.MemberList, len(groups))
	for i, ids := range members {
		lists[i].IDs = ids
	}
	c.Target.SetMembers(lists)
	return c
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	ana, bo := model.User{ID: "1", UserName: "ana@corp.example", Active: true},
		model.User{ID: "2", UserName: "bo@corp.example", Active: true}
	off := ana
	off.Active = false
	admins, ops := model.Group{ID: "g1", Name: "aws-admins"}, model.Group{ID: "g2", Name: "aws-ops"}
	renamed := model.Group{ID: "g1", Name: "aws-owners"}
	for name, c := range map[string]struct {
		before, after *drift.Comparison
		want          []drift.Change
	}{
		"nothing": {
			differing([]model.User{ana, bo}, []model.Group{admins, ops}, []string{"1"}, nil),
			differing([]model.User{bo, ana}, []model.Group{ops, admins}, nil, []string{"1"}), nil,
		},
		"user added": {
			differing([]model.User{ana}, nil), differing([]model.User{ana, bo}, nil),
			[]drift.Change{{Side: model.AtTarget, Type: "user", What: drift.Added, Name: "bo@corp.example"}},
		},
		"user switched off": {
			differing([]model.User{ana}, nil), differing([]model.User{off}, nil),
			[]drift.Change{{
				Side: model.AtTarget, Type: "user", What: drift.Changed, Name: "ana@corp.example",
				Fields: []drift.ChangedField{{Name: "active", Before: "true", After: "false"}},
			}},
		},
		"group renamed, by its id": {
			differing(nil, []model.Group{admins}), differing(nil, []model.Group{renamed}),
			[]drift.Change{{
				Side: model.AtTarget, Type: "group", What: drift.Changed, Name: "aws-admins",
				Fields: []drift.ChangedField{{Name: "displayName", Before: "aws-admins", After: "aws-owners"}},
			}},
		},
		"group deleted, its members not one by one": {
			differing([]model.User{ana}, []model.Group{admins}, []string{"1"}), differing([]model.User{ana}, nil),
			[]drift.Change{{Side: model.AtTarget, Type: "group", What: drift.Removed, Name: "aws-admins"}},
		},
		"one member for another": {
			differing([]model.User{ana, bo}, []model.Group{admins}, []string{"1"}),
			differing([]model.User{ana, bo}, []model.Group{admins}, []string{"2"}),
			[]drift.Change{
				{
					Side: model.AtTarget, Type: "membership", What: drift.Removed, Name: "ana@corp.example",
					Of: "aws-admins",
				},
				{
					Side: model.AtTarget, Type: "membership", What: drift.Added, Name: "bo@corp.example",
					Of: "aws-admins",
				},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := drift.Differences(c.before, c.after)
			if diff := cmp.Diff(drift.Difference{Changes: c.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBadReadIsNoDifference: what a read did not show is not called removed.
func TestBadReadIsNoDifference(t *testing.T) {
	t.Parallel()
	full := differing([]model.User{{ID: "1", UserName: "ana@corp.example"}},
		[]model.Group{{ID: "g1", Name: "aws-admins"}, {ID: "g2", Name: "aws-ops"}}, []string{"1"}, []string{"1"})
	full.Findings = []model.Finding{{ID: "group-lingering/aws-ops"}}
	lost := differing(nil, nil)
	lost.Target.Coverage[model.PartUsers] = model.Coverage{State: model.Partial, Reason: "page 2 failed"}
	lost.Target.Coverage[model.PartGroups] = model.Coverage{State: model.Unknown, Reason: "403"}
	lost.Target.Coverage[model.PartMemberships] = model.Coverage{State: model.Unknown, Reason: "403"}
	want := drift.Difference{Open: []string{"target users", "target groups", "target memberships", "findings"}}
	for _, pair := range [][2]*drift.Comparison{{full, lost}, {lost, full}} {
		if diff := cmp.Diff(want, drift.Differences(pair[0], pair[1])); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	one := differing(full.Target.Users, []model.Group{{ID: "g1", Name: "aws-admins"}, {ID: "g2", Name: "aws-ops"}},
		[]string{"1"}, nil)
	one.Target.Groups[1].MembersUnknown = "more than a page"
	one.Findings = full.Findings
	if diff := cmp.Diff(drift.Difference{Unknown: []string{"target aws-ops"}},
		drift.Differences(full, one)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
