package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Where evidence was read, in the words of an operator.
const (
	whereRoles       = "OneLogin's list of roles"
	whereTargetList  = "the target's list of groups"
	whereOwnUser     = "the user's own record in OneLogin"
	whereOwnApps     = "the user's own apps in OneLogin"
	whereOwnRole     = "the role's own record in OneLogin"
	whereRuleList    = "the app's rules"
	whereSourceNames = "OneLogin, asked by name"
	whereTargetName  = "the target, asked by name"
	whereOwnRecord   = "the record itself at the target"
	whereUserGroups  = "the user's groups at the target"
)

// rolesListing gives the names of the roles whose own list of users has the user; granting ones only, or all.
func (c *comparer) rolesListing(user string) []*Role {
	if c.listing == nil {
		wanted := map[string]bool{}
		for t := range c.Target.Users {
			if s := c.Users.ToSource[t]; s == None || !c.Source.Users[s].Assigned {
				wanted[c.Target.Users[t].ExternalID] = true
				if s != None {
					wanted[c.Source.Users[s].ID] = true
				}
			}
		}
		for q := range c.opts.Replies {
			if q.Kind == AskUser || q.Kind == AskRoles {
				wanted[q.ID] = true
			}
		}
		delete(wanted, "")
		c.listing = make(map[string][]*Role, len(wanted))
		for i := range c.Source.Roles {
			r := &c.Source.Roles[i]
			for _, id := range r.Users.IDs {
				if wanted[id] {
					c.listing[id] = append(c.listing[id], r)
				}
			}
		}
	}
	return c.listing[user]
}

// assignedElsewhere: a role that grants the app lists the user whom the app's own list lacks.
func (c *comparer) assignedElsewhere(f *Finding) []Evidence {
	ids := []string{c.Target.Users[f.Target].ExternalID}
	if f.Source != None {
		ids = []string{c.Source.Users[f.Source].ID}
	}
	var names []string
	for _, id := range ids {
		for _, r := range c.rolesListing(id) {
			if r.Grants {
				names = append(names, Visible(r.Name))
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.SortFunc(names, byFolded)
	return []Evidence{{Against: true, Where: whereRoles, What: fmt.Sprintf("%s %s this user, and %s the app",
		few(names), either(len(names), "lists", "list"), either(len(names), "grants", "grant"))}}
}

func either(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func askWhetherAssigned(c *comparer, f *Finding) []Ask {
	if f.Source != None {
		return []Ask{{Kind: AskUser, ID: c.Source.Users[f.Source].ID}}
	}
	var out []Ask
	u := &c.Target.Users[f.Target]
	if isNumber(u.ExternalID) {
		out = append(out, Ask{Kind: AskUser, ID: u.ExternalID})
	}
	for _, address := range []string{u.Email, u.UserName} {
		if folded := Fold(address); folded != "" && !strings.Contains(folded, "*") { // an asterisk would find others
			return append(out, Ask{Kind: AskEmail, ID: folded})
		}
	}
	return out
}

func (c *comparer) hearAssigned(_ *Finding, q Ask, a *Reply) Evidence {
	where := whereSourceNames
	if q.Kind == AskUser {
		where = whereOwnUser
	}
	switch {
	case !a.Found:
		return Evidence{Where: where, What: "there is no such user"}
	case a.User.Assigned:
		return Evidence{Against: true, Where: whereOwnApps, What: "the app is among them; a removal may be waiting to be provisioned or approved"}
	}
	slices.SortFunc(a.User.RoleIDs, compareIDs)
	for _, id := range a.User.RoleIDs {
		if r := c.roleByID(id); r != nil && r.Grants {
			return Evidence{Against: true, Where: whereOwnUser, What: "it names a role that grants the app:", Text: r.Name}
		}
	}
	return Evidence{Where: whereOwnApps, What: "the app is not among them"}
}

func askStanding(c *comparer, f *Finding) []Ask {
	return []Ask{{Kind: AskRoles, ID: c.Source.Users[f.Source].ID}}
}

func (c *comparer) hearStanding(f *Finding, _ Ask, a *Reply) Evidence {
	word := map[bool]string{true: "active", false: "not active"}
	switch {
	case !a.Found:
		return Evidence{Against: true, Where: whereOwnUser, What: "there is no such user"}
	case a.User.Active != c.Source.Users[f.Source].Active:
		return Evidence{Against: true, Where: whereOwnUser, What: "the user is " + word[a.User.Active]}
	}
	return Evidence{Where: whereOwnUser, What: "the user is " + word[a.User.Active]}
}

func (c *comparer) roleByID(id string) *Role {
	for i := range c.Source.Roles {
		if r := &c.Source.Roles[i]; r.ID == id {
			return r
		}
	}
	return nil
}

// yieldedElsewhere: the group carries the id of a role that lives, grants the app and yields a group, whatever that group pairs
// with. One such match protects, though it takes three to pair by ids. A role that lives and does neither says that the group lingers.
func (c *comparer) yieldedElsewhere(f *Finding) []Evidence {
	carried := c.Target.Groups[f.Target].ExternalID
	if carried == "" {
		return nil
	}
	for i := range c.Source.Groups {
		if g := &c.Source.Groups[i]; slices.Contains(g.RoleIDs, carried) {
			return []Evidence{{Against: true, Where: whereRoles, What: "the role whose id the group carries lives on as", Text: g.Name}}
		}
	}
	return nil
}

// carriedElsewhere: a group of the target carries the id of the group's role, under another name. Where too few do to pair by ids,
// one is enough not to make a second group.
func (c *comparer) carriedElsewhere(f *Finding) []Evidence {
	for t := range c.Target.Groups {
		if g := &c.Target.Groups[t]; slices.Contains(c.Source.Groups[f.Source].RoleIDs, g.ExternalID) {
			return []Evidence{{Against: true, Where: whereTargetList, What: "the group that carries the id of its role is called", Text: g.Name}}
		}
	}
	return nil
}

// askRolesAndRules asks once more for all roles by name, and for the rules: one answer for every group that nothing yields.
func askRolesAndRules(c *comparer, _ *Finding) []Ask {
	out := []Ask{{Kind: AskRoleList}}
	if c.source(PartRules) {
		out = append(out, Ask{Kind: AskRules})
	}
	return out
}

// askRole asks for the role that the group may come from: by the id that the group carries, else by name. Where the configuration
// makes group names out of role names, OneLogin's wildcard finds the roles whose names hold it.
func askRole(c *comparer, f *Finding) []Ask {
	g := &c.Target.Groups[f.Target]
	switch {
	case isNumber(g.ExternalID):
		return []Ask{{Kind: AskRole, ID: g.ExternalID}}
	case Fold(g.Name) == "" || strings.Contains(g.Name, "*"):
		return nil
	case c.opts.Groups.Name != "":
		return []Ask{{Kind: AskRoleName, ID: "*" + g.Name + "*"}}
	}
	return []Ask{{Kind: AskRoleName, ID: g.Name}}
}

func (c *comparer) hearRole(f *Finding, q Ask, a *Reply) Evidence {
	name := c.Target.Groups[f.Target].Name
	switch q.Kind { //nolint:exhaustive // the others are not asked for this claim
	case AskRules:
		return c.hearRules(name, a)
	case AskRole:
		switch {
		case !a.Found:
			return Evidence{Where: whereOwnRole, What: "there is no such role"}
		case a.Role.Grants && c.yieldsGroup(&a.Role):
			return Evidence{Against: true, Where: whereOwnRole, What: "the role whose id the group carries lives, and grants the app:", Text: a.Role.Name}
		}
		return Evidence{Where: whereOwnRole, What: "the role does not yield a group any more:", Text: a.Role.Name}
	}
	where := whereSourceNames
	if q.Kind == AskRoleList {
		where = whereRoles
	}
	for i := range a.Roles {
		r := &a.Roles[i]
		if r.ID != c.Target.Groups[f.Target].ExternalID && !slices.Contains(c.namesOf(r.Name), Fold(name)) {
			continue
		}
		if listed := c.roleByID(r.ID); listed == nil || r.Grants && !listed.Grants {
			return Evidence{Against: true, Where: where, What: "asked again, it shows a role that was not listed so before:", Text: r.Name}
		}
	}
	return Evidence{Where: where, What: "asked again, no role of that name or id grants the app"}
}

// yieldsGroup reports whether a role that grants the app becomes a group.
func (c *comparer) yieldsGroup(r *Role) bool {
	if c.Source.Origin == FromRules {
		return true // which groups rules make of it is not known of a role that the list did not show
	}
	name, ok := c.opts.Groups.NameFor(r.Name)
	return ok && !c.opts.Groups.Ignores(name)
}

// hearRules holds a second reading of the rules against the first: a group that nothing yields must not be named, and what is read of
// the rules be the same.
func (c *comparer) hearRules(group string, a *Reply) Evidence {
	for i := range a.Rules {
		if slices.ContainsFunc(a.Rules[i].GroupNames(), func(n string) bool { return SameName(n, group) }) {
			return Evidence{Against: true, Where: whereRuleList, What: "asked again, they name the group:", Text: a.Rules[i].Name}
		}
	}
	return c.hearSameRules(a)
}

func (c *comparer) hearSameRules(a *Reply) Evidence {
	if len(a.Rules) != len(c.Source.Rules) {
		return Evidence{Against: true, Where: whereRuleList, What: fmt.Sprintf("%d, and %d a moment later", len(c.Source.Rules), len(a.Rules))}
	}
	for i := range a.Rules {
		if r := &a.Rules[i]; !slices.ContainsFunc(c.Source.Rules, r.same) {
			return Evidence{Against: true, Where: whereRuleList, What: "asked again, a rule says something else:", Text: r.subject().Name}
		}
	}
	return Evidence{Where: whereRuleList, What: "asked again, they say the same"}
}

// askYielded asks, beside roles and rules, for one of those who are to be in the group: it is expected if anybody is.
func askYielded(c *comparer, f *Finding) []Ask {
	out := askRolesAndRules(c, f)
	if members := c.Source.Members.Of(int(f.Source)); len(members) > 0 {
		first := slices.MinFunc(members, func(a, b int32) int { return compareIDs(c.Source.Users[a].ID, c.Source.Users[b].ID) })
		out = append(out, c.askRoles(first))
	}
	return out
}

// hearYielded holds a second reading of roles and rules against the first: a role that gives the group must be there, and still grant.
func (c *comparer) hearYielded(f *Finding, q Ask, a *Reply) Evidence {
	switch q.Kind { //nolint:exhaustive // the others are not asked for this claim
	case AskRules:
		return c.hearSameRules(a)
	case AskRoles:
		return c.hearRight(f, q, a)
	}
	for _, id := range c.Source.Groups[f.Source].RoleIDs {
		i := slices.IndexFunc(a.Roles, func(r Role) bool { return r.ID == id })
		switch listed := c.roleByID(id); {
		case listed == nil:
		case i < 0:
			return Evidence{Against: true, Where: whereRoles, What: "asked again, it does not show", Text: listed.Name}
		case a.Roles[i].Name != listed.Name:
			return Evidence{Against: true, Where: whereRoles, What: "asked again, it calls a role that gives the group", Text: a.Roles[i].Name}
		case !a.Roles[i].Grants && listed.Grants:
			return Evidence{Against: true, Where: whereRoles, What: "asked again, this role does not grant the app:", Text: listed.Name}
		}
	}
	return Evidence{Where: whereRoles, What: "asked again, it shows the roles that give the group"}
}

// askExtras asks, beside those who are too many, for one whom a role that gives the group lists, or any role that grants the app where
// none does: a record that names no such role proves nothing where this one does not either.
func askExtras(c *comparer, f *Finding) []Ask {
	asks := askEach(f.people, c.askRoles)
	if id := c.listedByRole(f); id != "" {
		asks = append(asks, Ask{Kind: AskRoles, ID: id})
	}
	return rulesToo(c, asks)
}

// listedByRole gives a user whom a role lists that gives the group, if there is one, else one that grants the app; "" if there is neither.
func (c *comparer) listedByRole(f *Finding) (other string) {
	for i := range c.Source.Roles {
		r := &c.Source.Roles[i]
		if len(r.Users.IDs) == 0 || !r.Grants {
			continue
		}
		first := slices.MinFunc(r.Users.IDs, compareIDs)
		if slices.Contains(c.Source.Groups[f.Source].RoleIDs, r.ID) {
			return first
		}
		other = cmp.Or(other, first)
	}
	return other
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
	out := make([]Ask, 0, len(people)+1)
	for _, s := range people {
		out = append(out, ask(s))
	}
	return out
}

func (c *comparer) askRoles(s int32) Ask { return Ask{Kind: AskRoles, ID: c.Source.Users[s].ID} }

// rulesToo adds the rules where these decide who is in a group.
func rulesToo(c *comparer, asks []Ask) []Ask {
	if c.Source.Origin == FromRules && c.source(PartRules) {
		asks = append(asks, Ask{Kind: AskRules})
	}
	return asks
}

func askRights(c *comparer, f *Finding) []Ask {
	some, _ := sampledPeople(f.people)
	return rulesToo(c, askEach(some, c.askRoles))
}

func askOtherRights(c *comparer, f *Finding) []Ask {
	_, others := sampledPeople(f.people)
	return askEach(others, c.askRoles)
}

// hearRight holds the roles that a user's own record names against those whose lists show the user: of those roles that can give the
// group, both must name the same.
func (c *comparer) hearRight(f *Finding, q Ask, a *Reply) Evidence {
	switch {
	case q.Kind == AskRules:
		return c.hearSameRules(a)
	case !a.Found:
		return Evidence{Against: true, Where: whereOwnUser, What: "there is no such user"}
	case a.User.RoleIDs == nil:
		return Evidence{}
	}
	listing := c.rolesListing(q.ID)
	control := f.Kind == MembersExtra && !slices.ContainsFunc(f.people, func(s int32) bool { return c.Source.Users[s].ID == q.ID })
	gives := func(id string) bool {
		return c.Source.Origin == FromRules || slices.Contains(c.Source.Groups[f.Source].RoleIDs, id) || control
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

func askTargetUser(c *comparer, f *Finding) []Ask {
	if name := c.Source.Users[f.Source].UserName; name != "" {
		return []Ask{{Kind: AskTargetUser, ID: name}}
	}
	return askTargetID(c, f)
}

// askTargetID asks by external id: the user may be there under another name.
func askTargetID(c *comparer, f *Finding) []Ask {
	if id := c.Source.Users[f.Source].ExternalID; id != "" {
		return []Ask{{Kind: AskTargetUser, Also: id}}
	}
	return nil
}

// askTargetGroup asks by the role's id too where the target's groups carry such ids: it may be there under another name.
func askTargetGroup(c *comparer, f *Finding) []Ask {
	q := Ask{Kind: AskTargetGroup, ID: f.Subject.Name}
	if c.carriesRoles() {
		q.Also = c.Source.Groups[f.Source].ExternalID
	}
	return []Ask{q}
}

// carriesRoles reports whether any group of the target has the id of a role as external id.
func (c *comparer) carriesRoles() bool {
	roles := make(map[string]bool, len(c.Source.Roles))
	for i := range c.Source.Roles {
		roles[c.Source.Roles[i].ID] = true
	}
	return slices.ContainsFunc(c.Target.Groups, func(g Group) bool { return roles[g.ExternalID] })
}

func (c *comparer) hearAbsent(_ *Finding, _ Ask, a *Reply) Evidence {
	if a.Found {
		return Evidence{Against: true, Where: whereTargetName, What: "it is there"}
	}
	return Evidence{Where: whereTargetName, What: "it is not there"}
}

func askRecords(c *comparer, f *Finding) []Ask {
	return []Ask{
		{Kind: AskTargetRecord, ID: c.Target.Users[f.Target].ID},
		{Kind: AskRoles, ID: c.Source.Users[f.Source].ID},
	}
}

// hearRecord holds a single record against the row of the list.
func (c *comparer) hearRecord(f *Finding, q Ask, a *Reply) Evidence {
	listed, where := &c.Target.Users[f.Target], whereOwnRecord
	if q.Kind == AskRoles {
		listed, where = &c.Source.Users[f.Source], whereOwnUser
	}
	if !a.Found {
		return Evidence{Against: true, Where: where, What: "it is not there"}
	}
	for _, name := range append([]string{fieldUserName}, fieldNames()...) {
		was, _ := listed.attribute(name)
		is, _ := a.User.attribute(name)
		if !c.unreadableField(name) && !SameName(was, is) {
			return Evidence{Against: true, Where: where, What: name + " is", Text: is}
		}
	}
	return Evidence{Where: where, What: "it says the same as the list"}
}

func (c *comparer) unreadableField(name string) bool {
	i := slices.Index(fieldNames(), name)
	return i >= 0 && c.Target.Unreadable.Has(Field(i))
}

func askGroupRecords(c *comparer, f *Finding) []Ask {
	out := []Ask{{Kind: AskGroupRecord, ID: c.Target.Groups[f.Target].ID}}
	if g := &c.Source.Groups[f.Source]; len(g.RoleIDs) == 1 {
		out = append(out, Ask{Kind: AskRole, ID: g.RoleIDs[0]})
	}
	return out
}

func (c *comparer) hearGroupRecord(f *Finding, q Ask, a *Reply) Evidence {
	switch {
	case q.Kind == AskRole && !a.Found:
		return Evidence{Against: true, Where: whereOwnRole, What: "there is no such role"}
	case q.Kind == AskRole && !slices.Contains(c.namesOf(a.Role.Name), Fold(c.Source.Groups[f.Source].Name)) && c.Source.Origin != FromRules:
		return Evidence{Against: true, Where: whereOwnRole, What: "it is called", Text: a.Role.Name}
	case q.Kind == AskRole:
		return Evidence{Where: whereOwnRole, What: "it is called", Text: a.Role.Name}
	case !a.Found:
		return Evidence{Against: true, Where: whereOwnRecord, What: "the group is not there"}
	case a.Group.Name != c.Target.Groups[f.Target].Name:
		return Evidence{Against: true, Where: whereOwnRecord, What: "it is called", Text: a.Group.Name}
	}
	return Evidence{Where: whereOwnRecord, What: "it is called", Text: a.Group.Name}
}
