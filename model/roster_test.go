package model_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

// Whatever becomes of users and lists between comparisons, what a roster has kept says the same as one that is made
// anew.
func TestARosterHandedOnSaysWhatANewOneSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, 7).Draw(t, "id")) })
		ids := rapid.SliceOfN(id, 0, 6)
		var kept model.Roster
		var users []model.User
		lists := make([][]string, 3)
		for range rapid.IntRange(1, 8).Draw(t, "comparisons") {
			switch at := rapid.IntRange(0, 7).Draw(t, "user"); rapid.SampledFrom([]string{
				"add", "remove", "replace",
				"reorder", "all", "none",
			}).Draw(t, "users") {
			case "add":
				users = append(slices.Clip(users), model.User{ID: id.Draw(t, "new")})
			case "remove":
				users = slices.DeleteFunc(slices.Clone(users),
					func(u model.User) bool { return u.ID == fmt.Sprint(at) })
			case "replace":
				if users = slices.Clone(users); at < len(users) {
					users[at] = model.User{ID: id.Draw(t, "other")}
				}
			case "reorder":
				users = rapid.Permutation(users).Draw(t, "order")
			case "all":
				users = nil
				for _, one := range ids.Draw(t, "afresh") {
					users = append(users, model.User{ID: one})
				}
			}
			lists[rapid.IntRange(0, 2).Draw(t, "list")] = ids.Draw(t, "members")
			known, anew := kept.SetUsers(users), (&model.Roster{}).SetUsers(users)
			if !maps.Equal(known.Index, anew.Index) {
				t.Fatalf("%v: %v, and %v anew", users, known.Index, anew.Index)
			}
			for _, list := range lists {
				want, got := anew.Resolve(list), known.Resolve(list)
				if !slices.Equal(got.Users, want.Users) || got.Strangers != want.Strangers {
					t.Fatalf("%v of %v: %+v, and %+v anew", list, users, got, want)
				}
			}
		}
	})
}
