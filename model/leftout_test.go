package model_test

import (
	"strconv"
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
