package load

import (
	"context"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// lensLookUps is how many members, whom no listed user is, are asked for in one load.
const lensLookUps = 60

// resolveUnlistedMembers asks for those members of some lists that the lens read, by index, who are in no list of
// users. One who is there is extra, one who is not is a reference to nobody, and what cannot be told makes the members
// of that group unknown.
func (l *Lensed) resolveUnlistedMembers(
	ctx context.Context, users []model.User, lists []model.MemberList, at []int,
) (extra []model.User) {
	known := model.SetOf(users, userID)
	gone, open := map[string]bool{}, map[string]string{}
	asked := 0
	for _, i := range at {
		list := &lists[i]
		for _, id := range list.IDs {
			if known[id] || gone[id] || open[id] != "" {
				continue
			}
			if asked++; asked > lensLookUps {
				open[id] = "it has more members in no list of users than are asked for; look at the group at the target"
				continue
			}
			user, found, err := l.GetUser(ctx, id)
			switch {
			case err != nil:
				open[id] = "who one of its members is could not be found out: " + err.Error()
			case found:
				known[id] = true
				extra = append(extra, user)
			default:
				gone[id] = true
			}
		}
		for _, id := range list.IDs {
			if gone[id] {
				list.Dangling = append(list.Dangling, id)
			} else if open[id] != "" && list.Unknown == "" {
				list.Unknown = open[id]
			}
		}
		list.IDs = slices.DeleteFunc(list.IDs, func(id string) bool { return gone[id] || open[id] != "" })
	}
	return extra
}
