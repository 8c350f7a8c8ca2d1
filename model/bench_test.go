package model_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

// bigSides makes two directories of n users and g groups with memberships spread evenly, one user in a thousand
// drifting.
func bigSides(users, groups, memberships int) (rules.Source, model.Directory, drift.Options) {
	opts := testOptions()
	rng := rand.New(rand.NewPCG(1, 2))
	src := rules.Source{
		Directory: model.Directory{Coverage: allComplete()},
		App:       model.App{ID: "5", Provisioning: model.Yes, GroupsIncluded: model.Yes},
	}
	tgt := model.Directory{Kind: "aws", Coverage: allComplete()}
	for i := range users {
		id := fmt.Sprint(100000 + i)
		name := "user" + id + "@corp.example"
		u := model.User{
			ID: id, ExternalID: id, UserName: name, Email: name, GivenName: "Given", FamilyName: "Family" + id,
			DisplayName: "Given Family" + id, Active: true, Assigned: true,
		}
		src.Users = append(src.Users, u)
		u.ID = "7a1f0c44-0000-4000-8000-" + id
		if i%1000 == 0 {
			u.Active = false
		}
		tgt.Users = append(tgt.Users, u)
	}
	rng.Shuffle(users, func(i, j int) { tgt.Users[i], tgt.Users[j] = tgt.Users[j], tgt.Users[i] })
	byExternal := map[string]string{}
	for i := range tgt.Users {
		byExternal[tgt.Users[i].ExternalID] = tgt.Users[i].ID
	}
	lists := make([]model.MemberList, groups)
	for g := range groups {
		role := model.Role{ID: fmt.Sprint(700000 + g), Name: fmt.Sprintf("aws-team-%d", g), Grants: true}
		for m := range memberships / groups {
			u := &src.Users[(g*31+m*17)%users]
			role.Users.IDs = append(role.Users.IDs, u.ID)
			lists[g].IDs = append(lists[g].IDs, byExternal[u.ExternalID])
		}
		src.Roles = append(src.Roles, role)
		tgt.Groups = append(tgt.Groups, model.Group{ID: "g" + role.ID, Name: role.Name, ExternalID: role.ID})
	}
	tgt.SetMembers(lists)
	return rules.Expect(src, opts.Groups), tgt, opts
}

func BenchmarkCompare(b *testing.B) {
	for _, size := range []struct{ users, groups, memberships int }{
		{1_000, 20, 10_000}, {10_000, 200, 100_000}, {100_000, 2_000, 1_000_000},
	} {
		b.Run(fmt.Sprintf("%d users", size.users), func(b *testing.B) {
			src, tgt, opts := bigSides(size.users, size.groups, size.memberships)
			b.ReportAllocs()
			for b.Loop() {
				if c := drift.Compare(src, tgt, opts); len(c.Findings) != size.users/1000 {
					b.Fatalf("%d findings", len(c.Findings))
				}
			}
		})
	}
}

// BenchmarkAssemble is what comes before: roles to expected groups, and member ids to indices.
func BenchmarkAssemble(b *testing.B) {
	src, tgt, opts := bigSides(100_000, 2_000, 1_000_000)
	lists := make([]model.MemberList, len(tgt.Groups))
	for g := range tgt.Groups {
		for _, u := range tgt.Members.Of(g) {
			lists[g].IDs = append(lists[g].IDs, tgt.Users[u].ID)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		rules.Expect(src, opts.Groups)
		tgt.SetMembers(lists)
	}
}
