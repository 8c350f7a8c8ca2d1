package load_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
)

// walker is a target that lists nobody's groups, and knows users whom it does not list.
type walker struct {
	*fakeTarget

	asked int
}

func (w *walker) GroupsOf(context.Context, string) ([]model.GroupRef, string, error) {
	return nil, "", nil
}

func (w *walker) GetUser(_ context.Context, id string) (model.User, bool, error) {
	w.asked++
	switch id {
	case "hidden":
		return model.User{ID: id, UserName: "root@corp.example", Active: true}, true, nil
	case "lost":
		return model.User{}, false, errors.New("no answer")
	}
	return model.User{}, false, nil
}

func (w *walker) Memberships(
	_ context.Context, _ []model.User, groups []model.Group, _ []int, _ func(done, expected int),
) ([]model.MemberList, model.Coverage, []model.User) {
	lists := make([]model.MemberList, len(groups))
	for i := range lists {
		lists[i].Unknown = "no filter"
	}
	return lists, model.UnknownCoverage("no filter"), nil
}

// reader is a lens that reads members and nothing else.
type reader struct {
	load.Lens

	members map[string][]string
}

func (reader) Prove(context.Context, []string, []string) error { return nil }

func (r reader) Members(_ context.Context, groupIDs []string, _ func(done, expected int)) []model.MemberList {
	lists := make([]model.MemberList, len(groupIDs))
	for i, id := range groupIDs {
		lists[i].IDs = r.members[id]
	}
	return lists
}

// A member whom the lens names and no list of users has is asked for: who is there is shown, who is gone is a reference
// to nobody, and who cannot be told makes that group unknown, and no other.
func TestMembersOfTheLensInNoListAreAskedFor(t *testing.T) {
	t.Parallel()
	var crowd []string
	for i := range 200 {
		crowd = append(crowd, fmt.Sprint("gone", i))
	}
	groups := []model.Group{{ID: "known"}, {ID: "shown"}, {ID: "dangling"}, {ID: "open"}, {ID: "again"}, {ID: "crowd"}}
	w := &walker{fakeTarget: &fakeTarget{}}
	l := load.NewLensed(w, reader{members: map[string][]string{
		"known": {"u1"}, "shown": {"u1", "hidden"}, "dangling": {"u1", "dead"}, "open": {"u1", "lost"},
		"again": {"hidden", "dead"}, "crowd": crowd,
	}})
	lists, coverage, extra := l.Memberships(t.Context(), []model.User{{ID: "u1"}}, groups, nil, func(int, int) {})
	want := []model.MemberList{
		{IDs: []string{"u1"}},
		{IDs: []string{"u1", "hidden"}},
		{IDs: []string{"u1"}, Dangling: []string{"dead"}},
		{IDs: []string{"u1"}},
		{IDs: []string{"hidden"}, Dangling: []string{"dead"}},
	}
	for i := range want {
		said := lists[i].Unknown
		lists[i].Unknown = ""
		if diff := cmp.Diff(want[i], lists[i]); diff != "" || (said != "") != (groups[i].ID == "open") {
			t.Errorf("%s: %q\n%s", groups[i].ID, said, diff)
		}
	}
	if lists[5].Unknown == "" || w.asked != 60 {
		t.Errorf("beyond the look-ups nobody is known: %q after %d", lists[5].Unknown, w.asked)
	}
	if coverage.State != model.Partial || len(extra) != 1 || extra[0].UserName != "root@corp.example" {
		t.Errorf("%v %v", coverage, extra)
	}
}
