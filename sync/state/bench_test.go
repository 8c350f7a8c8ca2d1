package state_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/model/setup"
	"github.com/scimdrift/scimdrift/sync/state"
)

// large is a reading of a tenant in which one user in a thousand drifts.
func large(users, groups, memberships int) model.Reading {
	var r model.Reading
	r.Source.App = model.App{ID: "5", Provisioning: model.Yes, GroupsIncluded: model.Yes}
	r.Source.At, r.Target.At = model.AllAt(at), model.AllAt(at)
	r.Target.Kind = "aws"
	for _, p := range model.SourceParts() {
		r.Source.Coverage[p], r.Target.Coverage[p] = model.CompleteCoverage(), model.CompleteCoverage()
	}
	for i := range users {
		id := fmt.Sprint(100000 + i)
		name := "user" + id + "@corp.example"
		u := model.User{
			ID: id, ExternalID: id, UserName: name, Email: name, GivenName: "Given", FamilyName: "Family" + id,
			DisplayName: "Given Family" + id, Active: true, Assigned: true,
		}
		r.Source.Users = append(r.Source.Users, u)
		u.ID, u.Active = "7a1f0c44-0000-4000-8000-000000"+id, i%1000 != 0
		r.Target.Users = append(r.Target.Users, u)
	}
	for g := range groups {
		role := model.Role{ID: fmt.Sprint(700000 + g), Name: fmt.Sprintf("aws-team-%d", g), Grants: true}
		var list model.MemberList
		for m := range memberships / groups {
			at := (g*31 + m*17) % users
			role.Users.IDs = append(role.Users.IDs, r.Source.Users[at].ID)
			list.IDs = append(list.IDs, r.Target.Users[at].ID)
		}
		r.Source.Roles = append(r.Source.Roles, role)
		r.Target.Groups = append(r.Target.Groups, model.Group{ID: "g" + role.ID, Name: role.Name, ExternalID: role.ID})
		r.Target.Members = append(r.Target.Members, list)
	}
	return r
}

// BenchmarkOpenKept is what a board on a known connection waits for: reading the file, and comparing.
func BenchmarkOpenKept(b *testing.B) {
	opts := drift.Options{
		Groups: rules.GroupsConfig{From: "roles", Roles: regexp.MustCompile("^aws-")},
		Fields: model.FieldSetOf(model.Fields()...),
	}
	for _, size := range []struct{ users, groups, memberships int }{
		{10_000, 200, 100_000},
		{100_000, 2_000, 1_000_000},
	} {
		store := state.Open(state.OS(), b.TempDir(), "0123")
		r := large(size.users, size.groups, size.memberships)
		b.Run(fmt.Sprintf("keep %d users", size.users), func(b *testing.B) {
			for b.Loop() {
				if err := store.KeepReading(state.Kept{Reading: r}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("open %d users", size.users), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				k, err := store.Reading()
				if err != nil {
					b.Fatal(err)
				}
				if c := setup.CompareReading(&k.Reading, k.Rosters, opts); len(c.Findings) != size.users/1000 {
					b.Fatalf("%d findings", len(c.Findings))
				}
			}
		})
	}
}
