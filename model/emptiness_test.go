package model_test

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// What is empty is believed where nothing else that was read says that it cannot be, and a few records of the last
// complete read are gone by their ids; else the part is unknown, and says why.
func TestWhatIsEmptyIsJudgedByItsRelations(t *testing.T) {
	t.Parallel()
	type lists = drift.LoadedLists
	role := func(users ...string) []model.Role {
		return []model.Role{{ID: "70", Name: "aws-a", Grants: true, Users: model.MemberList{IDs: users}}}
	}
	people := []model.User{{ID: "1", UserName: "ana", Assigned: true}}
	roles, user := model.Ask{Kind: model.AskRoles, ID: "1"}, model.Ask{Kind: model.AskUser, ID: "9"}
	has := func(ids ...string) model.Reply {
		return model.Reply{Found: true, User: model.User{Assigned: true, RoleIDs: ids}}
	}
	held := func(side int, part model.Part) func(r *lists) {
		return func(r *lists) { r.Earlier[side][part] = drift.PartSize{N: 8, IDs: []string{"9"}} }
	}
	group := model.Ask{Kind: model.AskGroupRecord, ID: "9"}
	for name, c := range map[string]struct {
		read    func(r *lists)
		replies model.Replies
		want    string // the parts that are unknown, each with a reason that holds the words behind it
	}{
		"nothing at all": {read: func(*lists) {}},
		"no user of the app, and a role has some": {
			read: func(r *lists) { r.Roles = role("1") }, want: "source users: aws-a has users",
		},
		"no user of the app, and roles that were not read": {
			read: func(r *lists) { r.Source[model.PartGroups] = model.PartialCoverage("cut") },
			want: "source users: were not read in full",
		},
		"no user of the app, nor of a role": {read: func(r *lists) { r.Roles = role() }},
		"no role, and the app names one": {
			read: func(r *lists) { r.App.RoleIDs = []string{"70"} },
			want: "source groups: the app names 1; source memberships: the app names 1",
		},
		"roles without users, and a user names one": {
			read: func(r *lists) { r.Roles, r.Users = role(), people }, replies: model.Replies{roles: has("70")},
			want: "source memberships: ana has the role aws-a",
		},
		"roles without users, and a user names others": {
			read: func(r *lists) { r.Roles, r.Users = role(), people }, replies: model.Replies{roles: has("71")},
		},
		"roles without users, and a user's record leaves roles out": {
			read: func(r *lists) { r.Roles, r.Users = role(), people }, replies: model.Replies{roles: has()},
			want: "source memberships: do not say which roles",
		},
		"roles without users, and nobody can be asked": {
			read: func(r *lists) { r.Roles, r.Users = role(), people },
			want: "source memberships: do not say which roles",
		},
		"a role with users, and nobody can be asked": {read: func(r *lists) { r.Roles, r.Users = role("1"), people }},
		"no user at the target, and members": {
			read: func(r *lists) { r.Now[1][model.PartMemberships].N = 3 }, want: "target users: groups have members",
		},
		"no user at the target, and groups": {
			read: func(r *lists) { r.Now[1][model.PartGroups].N = 3 }, want: "target memberships: cannot be told",
		},
		"users were there, and are gone": {
			read: held(0, model.PartUsers), replies: model.Replies{user: {}},
		},
		"users were there, and have lost the app": {
			read: held(0, model.PartUsers), replies: model.Replies{user: {Found: true}},
		},
		"users were there, and are": {
			read: held(0, model.PartUsers), replies: model.Replies{user: has()},
			want: "source users: 8 were read last time",
		},
		"users were there, and cannot be asked": {
			read: held(0, model.PartUsers), want: "source users: 8 were read last time",
		},
		"groups of the target were there, and are gone": {
			read: held(1, model.PartGroups), replies: model.Replies{group: {}},
		},
		"groups of the target were there, and are": {
			read: held(1, model.PartGroups), replies: model.Replies{group: {Found: true}},
			want: "target groups: 8 were read last time",
		},
		"groups of the target had members, and are there without": {
			read: func(r *lists) {
				held(1, model.PartMemberships)(r)
				r.Now[1][model.PartUsers].N, r.Now[1][model.PartGroups].N = 3, 1
			},
			replies: model.Replies{group: {}}, want: "target memberships: 8 were read last time",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := lists{Source: allComplete(), Target: allComplete()}
			c.read(&read)
			wants := map[string]string{}
			for part := range strings.SplitSeq(c.want, "; ") {
				of, why, _ := strings.Cut(part, ": ")
				wants[of] = why
			}
			source, target, _ := drift.CheckCoverage(&read, c.replies)
			for side, coverages := range map[string]model.Coverages{"source": source, "target": target} {
				for _, p := range []model.Part{model.PartUsers, model.PartGroups, model.PartMemberships} {
					why, unknown := wants[side+" "+p.String()]
					got := coverages[p]
					if (got.State == model.Unknown) != unknown || !strings.Contains(got.Reason, why) {
						t.Errorf("%s %s: %s, want %q", side, p, got, why)
					}
				}
			}
		})
	}
}
