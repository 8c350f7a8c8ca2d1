package load

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// A reading is large, and the one before stays on the screen until the next has replaced it. What reads as it did
// then is kept once: these take the texts and lists of the earlier reading where they are the same.

func shareUsers(users, before []model.User) {
	known := model.By(before, userID)
	for i := range users {
		u := &users[i]
		was := known[u.ID]
		if was == nil {
			continue
		}
		earlier := textFields(was)
		for n, now := range textFields(u) {
			if *now == *earlier[n] {
				*now = *earlier[n]
			}
		}
		if a, b := u.Attributes, was.Attributes; a != nil && b != nil && slices.Equal(a.Names, b.Names) &&
			slices.Equal(a.Values, b.Values) {
			u.Attributes = b
		}
	}
}

func textFields(u *model.User) [7]*string {
	return [...]*string{&u.ID, &u.ExternalID, &u.UserName, &u.DisplayName, &u.GivenName, &u.FamilyName, &u.Email}
}

func shareRoles(roles, before []model.Role) {
	known := model.By(before, roleID)
	for i := range roles {
		if was := known[roles[i].ID]; was != nil {
			roles[i].Users.IDs = reuseIfEqual(roles[i].Users.IDs, was.Users.IDs)
		}
	}
}

func shareMembers(groups []model.Group, members []model.MemberList, before *reading) {
	known := make(map[string][]string, len(before.Target.Groups))
	for i := range min(len(before.Target.Groups), len(before.Target.Members)) {
		known[before.Target.Groups[i].ID] = before.Target.Members[i].IDs
	}
	for i := range min(len(groups), len(members)) {
		members[i].IDs = reuseIfEqual(members[i].IDs, known[groups[i].ID])
	}
}

// reuseIfEqual is the earlier list if both hold the same; a list of nobody is none that was not read.
func reuseIfEqual(now, before []string) []string {
	if len(now) > 0 && slices.Equal(now, before) {
		return before
	}
	return now
}
