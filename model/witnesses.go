package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Where evidence was read, in the words of an operator.
const (
	whereRoles       = "OneLogin's list of roles"
	whereMembers     = "the target's members of the group"
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

// rolesListing gives the roles whose own list of users has the user, of those users about whom it matters.
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
	asks := AsksFor(&c.Target.Users[f.Target])
	if first := slices.IndexFunc(asks, func(q Ask) bool { return q.Kind == AskEmail }); first >= 0 {
		return asks[:first+1]
	}
	return asks
}

// AsksFor are the questions for whoever at the source may be meant by a user of the target.
func AsksFor(u *User) (asks []Ask) {
	if n, err := strconv.ParseInt(u.ExternalID, 10, 64); err == nil && n > 0 && strconv.FormatInt(n, 10) == u.ExternalID { // a user's id
		asks = append(asks, Ask{Kind: AskUser, ID: u.ExternalID})
	}
	for _, address := range []string{u.Email, u.UserName} {
		if q, can := AskByEmail(address); can && !slices.Contains(asks, q) {
			asks = append(asks, q)
		}
	}
	return asks
}

// AskByEmail asks who has an address, as far as OneLogin can be searched by it: an asterisk would find others.
func AskByEmail(address string) (q Ask, can bool) {
	folded := Fold(address)
	return Ask{Kind: AskEmail, ID: folded}, folded != "" && !strings.Contains(folded, "*")
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
		return Evidence{
			Against: true, Where: whereOwnApps,
			What: "the app is among them; a removal may be waiting to be provisioned or approved",
		}
	}
	slices.SortFunc(a.User.RoleIDs, compareIDs)
	for _, id := range a.User.RoleIDs {
		if r := c.rolesByID()[id]; r != nil && r.Grants {
			return Evidence{
				Against: true, Where: whereOwnUser, What: "it names a role that grants the app:",
				Text: r.Name,
			}
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

// askTargetUser asks by external id too where the target's users carry such: the user may be there under another name.
func askTargetUser(c *comparer, f *Finding) []Ask {
	u := &c.Source.Users[f.Source]
	q := Ask{Kind: AskTargetUser, ID: u.UserName}
	if u.UserName == "" || c.carriesIDs() {
		q.Also = u.ExternalID
	}
	if q.ID == "" && q.Also == "" {
		return nil
	}
	return []Ask{q}
}

// carriesIDs reports whether any user of the target has an external id, in the list or by the user's own record.
func (c *comparer) carriesIDs() bool {
	if c.idsCarried == Unsaid {
		c.idsCarried = No
		if slices.ContainsFunc(c.Target.Users, func(u User) bool { return u.ExternalID != "" }) {
			c.idsCarried = Yes
		}
		for q, reply := range c.opts.Replies {
			if q.Kind == AskTargetRecord && reply.User.ExternalID != "" {
				c.idsCarried = Yes
			}
		}
	}
	return c.idsCarried == Yes
}

// askTargetGroup asks by the role's id too where the target's groups carry such ids: it may be there under another
// name.
func askTargetGroup(c *comparer, f *Finding) []Ask {
	q := Ask{Kind: AskTargetGroup, ID: f.Subject.Name}
	if c.carriesRoles() {
		q.Also = c.Source.Groups[f.Source].ExternalID
	}
	return []Ask{q}
}

// carriesRoles reports whether any group of the target has the id of a role as external id, in the list or by its own
// record.
func (c *comparer) carriesRoles() bool {
	roles := make(map[string]bool, len(c.Source.Roles))
	for i := range c.Source.Roles {
		roles[c.Source.Roles[i].ID] = true
	}
	for q, reply := range c.opts.Replies {
		if q.Kind == AskGroupRecord && roles[reply.Group.ExternalID] {
			return true
		}
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

// askShown asks for the target's own record of a user whom only the target has.
func askShown(c *comparer, f *Finding) []Ask {
	return []Ask{{Kind: AskTargetRecord, ID: c.Target.Users[f.Target].ID}}
}

// listedOtherwise reports whether the list of roles calls a role otherwise than its own record does.
func (c *comparer) listedOtherwise(r *Role) bool {
	listed := c.rolesByID()[r.ID]
	return listed != nil && listed.Name != r.Name
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
	if e := c.otherwise(where, listed, &a.User,
		append([]string{fieldUserName, fieldExternalID}, fieldNames()...)...); e.Against {
		return e
	}
	return Evidence{Where: where, What: "it says the same as the list"}
}

// otherwise says which of some attributes is another one in a user's own record than in the list.
func (c *comparer) otherwise(where string, listed, own *User, names ...string) Evidence {
	for _, name := range names {
		was, _ := listed.attribute(name)
		is, _ := own.attribute(name)
		if !c.unreadableField(name) && !SameName(was, is) {
			return Evidence{Against: true, Where: where, What: name + " is", Text: is}
		}
	}
	return Evidence{}
}

// keys are the attributes by which users pair.
func keys() []string { return []string{fieldUserName, fieldExternalID, FieldEmails.String()} }

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
	case q.Kind == AskRole && c.listedOtherwise(&a.Role):
		return Evidence{Against: true, Where: whereOwnRole, What: "it is called", Text: a.Role.Name}
	case q.Kind == AskRole:
		return Evidence{Where: whereOwnRole, What: "it is called", Text: a.Role.Name}
	case !a.Found:
		return Evidence{Against: true, Where: whereOwnRecord, What: "the group is not there"}
	case a.Group.Name != c.Target.Groups[f.Target].Name:
		return Evidence{Against: true, Where: whereOwnRecord, What: "it is called", Text: a.Group.Name}
	case a.Group.ExternalID != c.Target.Groups[f.Target].ExternalID:
		return Evidence{Against: true, Where: whereOwnRecord, What: "its external id is", Text: a.Group.ExternalID}
	}
	return Evidence{Where: whereOwnRecord, What: "it is called", Text: a.Group.Name}
}
