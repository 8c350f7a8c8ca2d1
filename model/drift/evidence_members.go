package drift

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// askExtraMembers asks, beside those who are too many, for one whom a role that gives the group lists, or any role that
// grants the app where none does: a record that names no such role proves nothing where this one does not either.
func askExtraMembers(c *Comparer, f *model.Finding) []model.Ask {
	asks := append(askGroupSources(c), askEach(f.People, c.askRoles)...)
	if id := c.userListedByRole(f); id != "" {
		asks = append(asks, model.Ask{Kind: model.AskRoles, ID: id})
	}
	return asks
}

// askRolesOfExtraMembers asks for the roles of those who are too many that would yield the group if they granted the
// app.
func askRolesOfExtraMembers(c *Comparer, f *model.Finding) (out []model.Ask) {
	for _, id := range c.roleIDsForGroup(c.Target.Groups[f.Target].Name) {
		has := func(s int32) bool {
			return slices.Contains(c.Options.Replies[c.askRoles(s)].User.RoleIDs, id)
		}
		if !c.roles[id].Grants && slices.ContainsFunc(f.People, has) {
			out = append(out, model.Ask{Kind: model.AskRole, ID: id})
		}
	}
	return out
}

// userListedByRole gives a user whom a role lists that gives the group, else one that grants the app; "" for neither.
func (c *Comparer) userListedByRole(f *model.Finding) string {
	gives := func(r *model.Role) bool { return slices.Contains(c.Source.Groups[f.Source].RoleIDs, r.ID) }
	for _, of := range []func(r *model.Role) bool{gives, func(*model.Role) bool { return true }} {
		least := ""
		for i := range c.Source.Roles {
			r := &c.Source.Roles[i]
			if !r.Grants || len(r.Users.IDs) == 0 || !of(r) {
				continue
			}
			if id := slices.MinFunc(r.Users.IDs, model.CompareIDs); least == "" || model.CompareIDs(id, least) < 0 {
				least = id
			}
		}
		if least != "" {
			return least
		}
	}
	return ""
}

// peopleSampleSize is how many of those who are missing from a group are asked for one by one before the group's
// finding is certain; the others are asked for as far as the budget goes. One wrong list is wrong for most of them.
const peopleSampleSize = 5

// samplePeople gives some of many, from all over, or the others.
func samplePeople(people []int32, others bool) (out []int32) {
	share := func(i int) int { return i * peopleSampleSize / len(people) }
	for i, p := range people {
		if in := i == 0 || share(i) != share(i-1); in != others {
			out = append(out, p)
		}
	}
	return out
}

func askEach(people []int32, ask func(s int32) model.Ask) []model.Ask {
	out := make([]model.Ask, 0, len(people))
	for _, s := range people {
		out = append(out, ask(s))
	}
	return out
}

func (c *Comparer) askRoles(s int32) model.Ask {
	return model.Ask{Kind: model.AskRoles, ID: c.Source.Users[s].ID}
}

func askMemberRoles(c *Comparer, f *model.Finding) []model.Ask {
	return append(askGroupSources(c), askEach(samplePeople(f.People, false), c.askRoles)...)
}

func askOtherMemberRoles(c *Comparer, f *model.Finding) []model.Ask {
	return askEach(samplePeople(f.People, true), c.askRoles)
}

// ownRolesReplyEvidence holds the roles in a user's own record against those that list the user, as far as they give
// the group.
func (c *Comparer) ownRolesReplyEvidence(f *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	switch {
	case !a.Found:
		return evidenceAgainst(whereOwnUser, "there is no such user", "")
	case a.User.RoleIDs == nil:
		return model.Evidence{}
	}
	asked := func(s int32) bool { return c.Source.Users[s].ID == q.ID }
	people := slices.Concat(f.People, c.Source.Members.Of(int(f.Source)))
	if i := slices.IndexFunc(people, asked); i >= 0 {
		if e := c.differingAttribute(whereOwnUser, &c.Source.Users[people[i]], &a.User, keyAttributes()...); e.Against {
			return e
		}
	}
	listing, name := c.rolesListingUser(q.ID), model.Visible(a.User.UserName)
	control := f.Kind == model.MembersExtra && !slices.ContainsFunc(f.People, asked)
	gives := func(id string) bool {
		return c.Source.Origin == rules.FromRules || slices.Contains(c.Source.Groups[f.Source].RoleIDs, id) || control
	}
	for _, id := range a.User.RoleIDs {
		if r := c.roles[id]; r != nil && r.Users.Unknown == "" && gives(id) && !slices.Contains(listing, r) {
			return evidenceAgainst(whereOwnUser, "it names a role whose list of users lacks "+name+":", r.Name)
		}
	}
	for _, r := range listing {
		if gives(r.ID) && !slices.Contains(a.User.RoleIDs, r.ID) {
			return evidenceAgainst(whereOwnUser, "it does not name a role whose list of users has "+name+":", r.Name)
		}
	}
	return newEvidence(true, whereOwnUser,
		"it names the roles whose lists have "+name+", as far as they give the group", "")
}

// askMembers asks for the group and its members, and for the groups of those in question: the list may be what the
// group's own answer is, and AWS finds nobody in a group that is gone.
func askMembers(c *Comparer, f *model.Finding) []model.Ask {
	return append(askGroupAndMembers(c, f), c.askGroupsOfPeople(samplePeople(f.People, false))...)
}

func askOtherMembers(c *Comparer, f *model.Finding) []model.Ask {
	return c.askGroupsOfPeople(samplePeople(f.People, true))
}

// askGroupsOfPeople asks for the groups of users, and for the records of those whose pair rests on one key alone.
func (c *Comparer) askGroupsOfPeople(people []int32) []model.Ask {
	out := askEach(people, func(s int32) model.Ask {
		return model.Ask{Kind: model.AskGroupsOf, ID: c.Target.Users[c.Users.ToTarget[s]].ID}
	})
	for _, s := range people {
		src, tgt := &c.Source.Users[s], &c.Target.Users[c.Users.ToTarget[s]]
		agree := 0
		for _, key := range keyAttributes() {
			a, _ := src.Attribute(key)
			if b, _ := tgt.Attribute(key); b != "" && model.SameName(a, b) {
				agree++
			}
		}
		if agree < 2 {
			out = append(out, model.Ask{Kind: model.AskTargetRecord, ID: tgt.ID})
		}
	}
	return out
}

// membersReplyEvidence holds the group's own record, and those of its users, against the list: those who are said to be
// missing must be missing there too, those who are too many be there too.
func (c *Comparer) membersReplyEvidence(f *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	extra, people := f.Kind == model.MembersExtra, make([]*model.User, 0, len(f.People))
	who := &model.User{}
	for _, s := range f.People {
		if t := c.Users.ToTarget[s]; t != model.None {
			people = append(people, &c.Target.Users[t])
			if c.Target.Users[t].ID == q.ID {
				who = &c.Target.Users[t]
			}
		}
	}
	switch {
	case q.Kind == model.AskGroupRecord:
		return c.groupRecordReplyEvidence(f, q, a)
	case q.Kind == model.AskTargetRecord && !a.Found:
		return evidenceAgainst(whereOwnRecord, "there is no such user:", who.Called())
	case q.Kind == model.AskTargetRecord:
		if e := c.differingAttribute(whereOwnRecord, who, &a.User, keyAttributes()...); e.Against {
			return e
		}
		return newEvidence(true, whereOwnRecord, "it says the same as the list:", who.Called())
	case q.Kind == model.AskGroupsOf && slices.Contains(a.Groups, c.Target.Groups[f.Target].ID):
		return newEvidence(extra, whereUserGroups, "the group is among those of", who.Called())
	case q.Kind == model.AskGroupsOf:
		return newEvidence(!extra, whereUserGroups, "the group is not among those of", who.Called())
	case a.Members.Unknown != "":
		return model.Evidence{}
	}
	for _, u := range people {
		switch in := slices.Contains(a.Members.IDs, u.ID); {
		case in && !extra:
			return evidenceAgainst(whereOwnRecord, "it lists", u.UserName)
		case !in && extra:
			return evidenceAgainst(whereOwnRecord, "it does not list", u.UserName)
		}
	}
	return newEvidence(true, whereOwnRecord, "its members are those of the list, as far as these users go", "")
}

func askGroupAndMembers(c *Comparer, f *model.Finding) []model.Ask {
	id := c.Target.Groups[f.Target].ID
	return []model.Ask{{Kind: model.AskGroupRecord, ID: id}, {Kind: model.AskMembers, ID: id}}
}

func (c *Comparer) groupMembersReplyEvidence(f *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	switch {
	case q.Kind == model.AskGroupRecord:
		return c.groupRecordReplyEvidence(f, q, a)
	case a.Members.Unknown != "" || c.Target.Groups[f.Target].MembersUnknown != "":
		return model.Evidence{}
	}
	for _, t := range c.Target.Members.Of(int(f.Target)) {
		if u := &c.Target.Users[t]; !slices.Contains(a.Members.IDs, u.ID) {
			return evidenceAgainst(whereOwnRecord, "it does not list", u.UserName)
		}
	}
	return newEvidence(true, whereOwnRecord, "its members are those of the list", "")
}

// membersOfOtherGroup: the group holds exactly those of another, which itself holds others. Two groups that have
// changed names look so where neither id nor log tells, and the accounts of one are not for the other's people.
func (c *Comparer) membersOfOtherGroup(f *model.Finding) []model.Evidence {
	held := c.Target.Members.Of(int(f.Target))
	if len(held) < 2 { // one person may be anywhere by chance
		return nil
	}
	for s := range c.Source.Groups {
		t := c.Groups.ToTarget[s]
		if int32(s) == f.Source || len(c.Source.Members.Of(s)) != len(held) {
			continue
		}
		wanted := c.membersAtTarget(s)
		if !slices.Equal(wanted, held) || slices.Equal(wanted, c.membersAtTarget(int(f.Source))) || t != model.None &&
			slices.Equal(wanted, c.Target.Members.Of(int(t))) {
			continue
		}
		return []model.Evidence{evidenceAgainst(whereMembers, "its members are exactly those who belong in",
			c.Source.Groups[s].Name)}
	}
	return nil
}

// membersAtTarget gives the members of a source group as users of the target, ascending.
func (c *Comparer) membersAtTarget(group int) []int32 {
	members := c.Source.Members.Of(group)
	out := make([]int32, 0, len(members))
	for _, u := range members {
		if t := c.Users.ToTarget[u]; t != model.None {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}
