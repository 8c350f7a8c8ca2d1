package model_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Users whom a granting role lists and no list of users shows are asked for: where that cannot be told, the lists of
// users are not believed to be whole. Before, a user who had the app was called lingering, and deleted, because the
// target did not carry the id.
func TestUsersOfRolesWhomNoListShows(t *testing.T) {
	t.Parallel()
	ids := func(n int) (out []string) {
		for i := range n {
			out = append(out, strconv.Itoa(10+i))
		}
		return out
	}
	has := model.Reply{Found: true, User: model.User{Assigned: true}}
	for name, c := range map[string]struct {
		unlisted int
		carried  []string
		stray    bool
		answer   model.Reply
		asked    int
		want     model.CoverageState
	}{
		"all are listed": {want: model.Complete},
		// known by now, and contradicted by the role
		"one has the app": {unlisted: 1, answer: has, asked: 1, want: model.Complete},
		"one was given the role without the app": {
			unlisted: 1, answer: model.Reply{Found: true}, asked: 1,
			want: model.Complete,
		},
		"one is gone": {unlisted: 1, asked: 1, want: model.Complete},
		"one cannot be asked": {
			unlisted: 1, answer: model.Reply{Failed: "503"}, asked: 1,
			want: model.Partial,
		},
		"one cannot be asked, and the target names them": {
			unlisted: 1, carried: []string{"10"},
			answer: model.Reply{Failed: "503"}, want: model.Complete,
		},
		"more have the app than are asked": {unlisted: 9, answer: has, asked: 5, want: model.Partial},
		"more are gone than are asked":     {unlisted: 9, asked: 5, want: model.Complete},
		"the role does not grant the app": {
			unlisted: 1, stray: true, answer: model.Reply{Failed: "503"},
			want: model.Complete,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := drift.LoadedLists{
				Users: []model.User{{ID: "1", Assigned: true}}, Carried: c.carried,
				Roles: []model.Role{{
					ID: "70", Name: "aws-a", Grants: !c.stray,
					Users: model.MemberList{IDs: append([]string{"1"}, ids(c.unlisted)...)},
				}},
			}
			read.Source[model.PartUsers] = model.CompleteCoverage()
			unasked := read
			_, _, asks := drift.CheckCoverage(&unasked, nil)
			if len(asks) != c.asked {
				t.Errorf("asked %v, want %d questions", asks, c.asked)
			}
			replies := model.Replies{}
			for _, q := range asks {
				replies[q] = c.answer
			}
			if source, _, _ := drift.CheckCoverage(&read, replies); source[model.PartUsers].State != c.want {
				t.Errorf("users are %v, want %v", source[model.PartUsers], c.want)
			}
		})
	}
}

// Users have the app, and no role grants it by the lists. That they were all given it directly is honest; it is
// believed where their own records name their roles, and none of these has the app when it is asked itself.
func TestThatNoRoleGrantsTheAppIsBorneOutByItsUsers(t *testing.T) {
	t.Parallel()
	with := func(roles ...string) model.Reply {
		return model.Reply{Found: true, User: model.User{RoleIDs: append([]string{}, roles...)}}
	}
	role := func(grants bool) model.Reply {
		return model.Reply{Found: true, Role: model.Role{Name: "aws-a", Grants: grants}}
	}
	for name, c := range map[string]struct {
		listed     []string // the users of the role by its own list
		user, role model.Reply
		want       string
	}{
		"they have no role":               {user: with()},
		"their roles do not have the app": {user: with("70"), role: role(false)},
		"one of their roles has the app":  {user: with("70"), role: role(true), want: "the role aws-a does"},
		"a role that lists one has it":    {listed: []string{"1"}, user: with(), role: role(true), want: "aws-a does"},
		"they cannot be asked":            {user: model.Reply{Failed: "503"}, want: "could not be asked"},
		"their roles cannot be asked": {
			user: with("70"), role: model.Reply{Failed: "503"}, want: "could not be asked",
		},
		"their records say nothing of any": {user: model.Reply{Found: true}, want: "could not be asked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := drift.LoadedLists{
				Users: []model.User{{ID: "1", Assigned: true}},
				Roles: []model.Role{{ID: "70", Name: "aws-a", Users: model.MemberList{IDs: c.listed}}},
			}
			read.Source[model.PartGroups] = model.CompleteCoverage()
			read.Source[model.PartMemberships] = model.CompleteCoverage()
			source, _, _ := drift.CheckCoverage(&read, model.Replies{
				{Kind: model.AskRoles, ID: "1"}: c.user, {Kind: model.AskRole, ID: "70"}: c.role,
			})
			for _, part := range []model.Part{model.PartGroups, model.PartMemberships} {
				if got := source[part]; got.Complete() != (c.want == "") || !strings.Contains(got.String(), c.want) {
					t.Errorf("%s are %s, want %q", part, got, c.want)
				}
			}
		})
	}
}
