package model

import "slices"

func askExtras(c *comparer, f *Finding) []Ask {
	return append(askYielding(c), askEach(f.people, c.askRoles)...)
}

// sampleOfPeople is how many of those who are missing from a group are asked for one by one before the group's finding is certain; the
// others are asked for as far as the budget goes. One wrong list is wrong for most of them.
const sampleOfPeople = 5

// sampledPeople gives some of many, from all over, and the others.
func sampledPeople(people []int32) (some, others []int32) {
	for i, p := range people {
		if len(people) <= sampleOfPeople || i*sampleOfPeople/len(people) != (i-1)*sampleOfPeople/len(people) || i == 0 {
			some = append(some, p)
		} else {
			others = append(others, p)
		}
	}
	return some, others
}

func askEach(people []int32, ask func(s int32) Ask) []Ask {
	out := make([]Ask, 0, len(people))
	for _, s := range people {
		out = append(out, ask(s))
	}
	return out
}

func (c *comparer) askRoles(s int32) Ask { return Ask{Kind: AskRoles, ID: c.Source.Users[s].ID} }

func askRights(c *comparer, f *Finding) []Ask {
	some, _ := sampledPeople(f.people)
	return append(askYielding(c), askEach(some, c.askRoles)...)
}

func askOtherRights(c *comparer, f *Finding) []Ask {
	_, others := sampledPeople(f.people)
	return askEach(others, c.askRoles)
}

// hearOwnRoles holds the roles that a user's own record names against those whose lists show the user: of those roles that can give the
// group, both must name the same.
func (c *comparer) hearOwnRoles(f *Finding, q Ask, a *Reply) Evidence {
	switch {
	case !a.Found:
		return Evidence{Against: true, Where: whereOwnUser, What: "there is no such user"}
	case a.User.RoleIDs == nil:
		return Evidence{}
	}
	listing := c.rolesListing(q.ID)
	gives := func(id string) bool {
		return c.Source.Origin == FromRules || slices.Contains(c.Source.Groups[f.Source].RoleIDs, id)
	}
	for _, id := range a.User.RoleIDs {
		if r := c.roleByID(id); r != nil && r.Users.Unknown == "" && gives(id) && !slices.Contains(listing, r) {
			return Evidence{Against: true, Where: whereOwnUser, What: "it names a role whose list of users lacks " + Visible(a.User.UserName) + ":", Text: r.Name}
		}
	}
	for _, r := range listing {
		if gives(r.ID) && !slices.Contains(a.User.RoleIDs, r.ID) {
			return Evidence{Against: true, Where: whereOwnUser, What: "it does not name a role whose list of users has " + Visible(a.User.UserName) + ":", Text: r.Name}
		}
	}
	return Evidence{Where: whereOwnUser, What: "it names the roles whose lists have " + Visible(a.User.UserName) + ", as far as they give the group"}
}

// askMembers asks for the group's members, and for the groups of those in question: the list may be what the group's own answer is.
func askMembers(c *comparer, f *Finding) []Ask {
	some, _ := sampledPeople(f.people)
	return append([]Ask{{Kind: AskMembers, ID: c.Target.Groups[f.Target].ID}}, askEach(some, c.askGroups)...)
}

func askOtherMembers(c *comparer, f *Finding) []Ask {
	_, others := sampledPeople(f.people)
	return askEach(others, c.askGroups)
}

func (c *comparer) askGroups(s int32) Ask {
	return Ask{Kind: AskGroupsOf, ID: c.Target.Users[c.Users.ToTarget[s]].ID}
}

// hearMembers holds the group's own record, and those of its users, against the list: those who are said to be missing must be missing
// there too, those who are too many be there too.
func (c *comparer) hearMembers(f *Finding, q Ask, a *Reply) Evidence {
	if q.Kind == AskGroupsOf {
		in := slices.Contains(a.Groups, c.Target.Groups[f.Target].ID)
		against := in != (f.Kind == MembersExtra)
		return Evidence{
			Against: against, Where: whereUserGroups, What: map[bool]string{true: "the group is among those of", false: "the group is not among those of"}[in],
			Text: c.targetName(q.ID),
		}
	}
	if a.Members.Unknown != "" {
		return Evidence{}
	}
	for _, s := range f.people {
		t := c.Users.ToTarget[s]
		if t == None {
			continue
		}
		if in := slices.Contains(a.Members.IDs, c.Target.Users[t].ID); in != (f.Kind == MembersExtra) {
			return Evidence{Against: true, Where: whereOwnRecord, What: map[bool]string{true: "it lists", false: "it does not list"}[in], Text: c.Target.Users[t].UserName}
		}
	}
	return Evidence{Where: whereOwnRecord, What: "its members are those of the list, as far as these users go"}
}

func (c *comparer) targetName(id string) string {
	if t := slices.IndexFunc(c.Target.Users, func(u User) bool { return u.ID == id }); t >= 0 {
		return c.Target.Users[t].Called()
	}
	return id
}

// askHeld asks for the group's own record and its members.
func askHeld(c *comparer, f *Finding) []Ask {
	id := c.Target.Groups[f.Target].ID
	return []Ask{{Kind: AskGroupRecord, ID: id}, {Kind: AskMembers, ID: id}}
}

// hearHeld holds all members of the group's own record against the list.
func (c *comparer) hearHeld(f *Finding, q Ask, a *Reply) Evidence {
	switch {
	case q.Kind == AskGroupRecord:
		return c.hearGroupRecord(f, q, a)
	case a.Members.Unknown != "" || c.Target.Groups[f.Target].MembersUnknown != "":
		return Evidence{}
	}
	for _, t := range c.Target.Members.Of(int(f.Target)) {
		if !slices.Contains(a.Members.IDs, c.Target.Users[t].ID) {
			return Evidence{Against: true, Where: whereOwnRecord, What: "it does not list", Text: c.Target.Users[t].UserName}
		}
	}
	return Evidence{Where: whereOwnRecord, What: "its members are those of the list"}
}
