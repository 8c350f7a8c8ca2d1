package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// differing is a comparison of a target with these users, groups and members, and of a source with nobody.
func differing(users []User, groups []Group, members ...[]string) *Comparison {
	c := &Comparison{}
	for p := range c.Source.Coverage {
		c.Source.Coverage[p], c.Target.Coverage[p] = Coverage{State: Complete}, Coverage{State: Complete}
	}
	c.Target.Users, c.Target.Groups = users, groups
	lists := make([]MemberList, len(groups))
	for i, ids := range members {
		lists[i].IDs = ids
	}
	c.Target.SetMembers(lists)
	return c
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	ana, bo := User{ID: "1", UserName: "ana@corp.example", Active: true}, User{ID: "2", UserName: "bo@corp.example", Active: true}
	off := ana
	off.Active = false
	admins, ops := Group{ID: "g1", Name: "aws-admins"}, Group{ID: "g2", Name: "aws-ops"}
	renamed := Group{ID: "g1", Name: "aws-owners"}
	for name, c := range map[string]struct {
		before, after *Comparison
		want          []Change
	}{
		"nothing": {
			differing([]User{ana, bo}, []Group{admins, ops}, []string{"1"}, nil), differing([]User{bo, ana}, []Group{ops, admins}, nil, []string{"1"}), nil,
		},
		"user added": {
			differing([]User{ana}, nil), differing([]User{ana, bo}, nil),
			[]Change{{Side: AtTarget, Type: "user", What: Added, Name: "bo@corp.example"}},
		},
		"user switched off": {
			differing([]User{ana}, nil), differing([]User{off}, nil),
			[]Change{{Side: AtTarget, Type: "user", What: Changed, Name: "ana@corp.example", Fields: []FieldDiff{{"active", "true", "false"}}}},
		},
		"group renamed, by its id": {
			differing(nil, []Group{admins}), differing(nil, []Group{renamed}),
			[]Change{{Side: AtTarget, Type: "group", What: Changed, Name: "aws-admins", Fields: []FieldDiff{{"displayName", "aws-admins", "aws-owners"}}}},
		},
		"group deleted, its members not one by one": {
			differing([]User{ana}, []Group{admins}, []string{"1"}), differing([]User{ana}, nil),
			[]Change{{Side: AtTarget, Type: "group", What: Removed, Name: "aws-admins"}},
		},
		"one member for another": {
			differing([]User{ana, bo}, []Group{admins}, []string{"1"}), differing([]User{ana, bo}, []Group{admins}, []string{"2"}),
			[]Change{
				{Side: AtTarget, Type: "membership", What: Removed, Name: "ana@corp.example", Of: "aws-admins"},
				{Side: AtTarget, Type: "membership", What: Added, Name: "bo@corp.example", Of: "aws-admins"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Differences(c.before, c.after)
			if diff := cmp.Diff(Difference{Changes: c.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBadReadIsNoDifference: what a read did not show is not called removed.
func TestBadReadIsNoDifference(t *testing.T) {
	t.Parallel()
	full := differing([]User{{ID: "1", UserName: "ana@corp.example"}}, []Group{{ID: "g1", Name: "aws-admins"}, {ID: "g2", Name: "aws-ops"}}, []string{"1"}, []string{"1"})
	full.Findings = []Finding{{ID: "group-lingering/aws-ops"}}
	lost := differing(nil, nil)
	lost.Target.Coverage[PartUsers] = Coverage{State: Partial, Reason: "page 2 failed"}
	lost.Target.Coverage[PartGroups] = Coverage{State: Unknown, Reason: "403"}
	lost.Target.Coverage[PartMemberships] = Coverage{State: Unknown, Reason: "403"}
	want := Difference{Open: []string{"target users", "target groups", "target memberships", "findings"}}
	for _, pair := range [][2]*Comparison{{full, lost}, {lost, full}} {
		if diff := cmp.Diff(want, Differences(pair[0], pair[1])); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	one := differing(full.Target.Users, []Group{{ID: "g1", Name: "aws-admins"}, {ID: "g2", Name: "aws-ops"}}, []string{"1"}, nil)
	one.Target.Groups[1].MembersUnknown = "more than a page"
	one.Findings = full.Findings
	if diff := cmp.Diff(Difference{Unknown: []string{"target aws-ops"}}, Differences(full, one)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
