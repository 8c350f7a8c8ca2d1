package drift

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
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
func (c *Comparer) rolesListing(user string) []*model.Role {
	if c.listing == nil {
		wanted := map[string]bool{}
		for t := range c.Target.Users {
			if s := c.Users.ToSource[t]; s == model.None || !c.Source.Users[s].Assigned {
				wanted[c.Target.Users[t].ExternalID] = true
				if s != model.None {
					wanted[c.Source.Users[s].ID] = true
				}
			}
		}
		for q := range c.Options.Replies {
			if q.Kind == model.AskUser || q.Kind == model.AskRoles {
				wanted[q.ID] = true
			}
		}
		delete(wanted, "")
		c.listing = make(map[string][]*model.Role, len(wanted))
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
func (c *Comparer) assignedElsewhere(f *model.Finding) []model.Evidence {
	ids := []string{c.Target.Users[f.Target].ExternalID}
	if f.Source != model.None {
		ids = []string{c.Source.Users[f.Source].ID}
	}
	var names []string
	for _, id := range ids {
		for _, r := range c.rolesListing(id) {
			if r.Grants {
				names = append(names, model.Visible(r.Name))
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.SortFunc(names, model.ByFolded)
	return []model.Evidence{{Against: true, Where: whereRoles, What: fmt.Sprintf("%s %s this user, and %s the app",
		model.Few(names), either(len(names), "lists", "list"), either(len(names), "grants", "grant"))}}
}

func either(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func askWhetherAssigned(c *Comparer, f *model.Finding) []model.Ask {
	if f.Source != model.None {
		return []model.Ask{{Kind: model.AskUser, ID: c.Source.Users[f.Source].ID}}
	}
	asks := AsksFor(&c.Target.Users[f.Target])
	if first := slices.IndexFunc(asks, func(q model.Ask) bool { return q.Kind == model.AskEmail }); first >= 0 {
		return asks[:first+1]
	}
	return asks
}

// AsksFor are the questions for whoever at the source may be meant by a user of the target.
func AsksFor(u *model.User) (asks []model.Ask) {
	if n, err := strconv.ParseInt(u.ExternalID, 10, 64); err == nil && n > 0 &&
		strconv.FormatInt(n, 10) == u.ExternalID { // a user's id
		asks = append(asks, model.Ask{Kind: model.AskUser, ID: u.ExternalID})
	}
	for _, address := range []string{u.Email, u.UserName} {
		if q, can := AskByEmail(address); can && !slices.Contains(asks, q) {
			asks = append(asks, q)
		}
	}
	return asks
}

// AskByEmail asks who has an address, as far as OneLogin can be searched by it: an asterisk would find others.
func AskByEmail(address string) (q model.Ask, can bool) {
	folded := model.Fold(address)
	return model.Ask{Kind: model.AskEmail, ID: folded}, folded != "" && !strings.Contains(folded, "*")
}

func (c *Comparer) hearAssigned(_ *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	where := whereSourceNames
	if q.Kind == model.AskUser {
		where = whereOwnUser
	}
	switch {
	case !a.Found:
		return model.Evidence{Where: where, What: "there is no such user"}
	case a.User.Assigned:
		return model.Evidence{
			Against: true, Where: whereOwnApps,
			What: "the app is among them; a removal may be waiting to be provisioned or approved",
		}
	}
	slices.SortFunc(a.User.RoleIDs, model.CompareIDs)
	for _, id := range a.User.RoleIDs {
		if r := c.rolesByID()[id]; r != nil && r.Grants {
			return model.Evidence{
				Against: true, Where: whereOwnUser, What: "it names a role that grants the app:", Text: r.Name,
			}
		}
	}
	return model.Evidence{Where: whereOwnApps, What: "the app is not among them"}
}

func askStanding(c *Comparer, f *model.Finding) []model.Ask {
	return []model.Ask{{Kind: model.AskRoles, ID: c.Source.Users[f.Source].ID}}
}

func (c *Comparer) hearStanding(f *model.Finding, _ model.Ask, a *model.Reply) model.Evidence {
	word := map[bool]string{true: "active", false: "not active"}
	switch {
	case !a.Found:
		return model.Evidence{Against: true, Where: whereOwnUser, What: "there is no such user"}
	case a.User.Active != c.Source.Users[f.Source].Active:
		return model.Evidence{Against: true, Where: whereOwnUser, What: "the user is " + word[a.User.Active]}
	}
	return model.Evidence{Where: whereOwnUser, What: "the user is " + word[a.User.Active]}
}

// askTargetUser asks by external id too where the target's users carry such: the user may be there under another name.
func askTargetUser(c *Comparer, f *model.Finding) []model.Ask {
	u := &c.Source.Users[f.Source]
	q := model.Ask{Kind: model.AskTargetUser, ID: u.UserName}
	if u.UserName == "" || c.carriesIDs() {
		q.Also = u.ExternalID
	}
	if q.ID == "" && q.Also == "" {
		return nil
	}
	return []model.Ask{q}
}

// carriesIDs reports whether any user of the target has an external id, in the list or by the user's own record.
func (c *Comparer) carriesIDs() bool {
	if c.idsCarried == model.Unsaid {
		c.idsCarried = model.No
		if slices.ContainsFunc(c.Target.Users, func(u model.User) bool { return u.ExternalID != "" }) {
			c.idsCarried = model.Yes
		}
		for q, reply := range c.Options.Replies {
			if q.Kind == model.AskTargetRecord && reply.User.ExternalID != "" {
				c.idsCarried = model.Yes
			}
		}
	}
	return c.idsCarried == model.Yes
}

// askTargetGroup asks by the role's id too where the target's groups carry such ids: it may be there under another
// name.
func askTargetGroup(c *Comparer, f *model.Finding) []model.Ask {
	q := model.Ask{Kind: model.AskTargetGroup, ID: f.Subject.Name}
	if c.carriesRoles() {
		q.Also = c.Source.Groups[f.Source].ExternalID
	}
	return []model.Ask{q}
}

// carriesRoles reports whether any group of the target has the id of a role as external id, in the list or by its own
// record.
func (c *Comparer) carriesRoles() bool {
	roles := make(map[string]bool, len(c.Source.Roles))
	for i := range c.Source.Roles {
		roles[c.Source.Roles[i].ID] = true
	}
	for q, reply := range c.Options.Replies {
		if q.Kind == model.AskGroupRecord && roles[reply.Group.ExternalID] {
			return true
		}
	}
	return slices.ContainsFunc(c.Target.Groups, func(g model.Group) bool { return roles[g.ExternalID] })
}

func (c *Comparer) hearAbsent(_ *model.Finding, _ model.Ask, a *model.Reply) model.Evidence {
	if a.Found {
		return model.Evidence{Against: true, Where: whereTargetName, What: "it is there"}
	}
	return model.Evidence{Where: whereTargetName, What: "it is not there"}
}

func askRecords(c *Comparer, f *model.Finding) []model.Ask {
	return []model.Ask{
		{Kind: model.AskTargetRecord, ID: c.Target.Users[f.Target].ID},
		{Kind: model.AskRoles, ID: c.Source.Users[f.Source].ID},
	}
}

// askShown asks for the target's own record of a user whom only the target has.
func askShown(c *Comparer, f *model.Finding) []model.Ask {
	return []model.Ask{{Kind: model.AskTargetRecord, ID: c.Target.Users[f.Target].ID}}
}

// listedOtherwise reports whether the list of roles calls a role otherwise than its own record does.
func (c *Comparer) listedOtherwise(r *model.Role) bool {
	listed := c.rolesByID()[r.ID]
	return listed != nil && listed.Name != r.Name
}

// hearRecord holds a single record against the row of the list.
func (c *Comparer) hearRecord(f *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	listed, where := &c.Target.Users[f.Target], whereOwnRecord
	if q.Kind == model.AskRoles {
		listed, where = &c.Source.Users[f.Source], whereOwnUser
	}
	if !a.Found {
		return model.Evidence{Against: true, Where: where, What: "it is not there"}
	}
	if e := c.otherwise(where, listed, &a.User,
		append([]string{model.FieldUserName, model.FieldExternalID}, model.FieldNames()...)...); e.Against {
		return e
	}
	return model.Evidence{Where: where, What: "it says the same as the list"}
}

// otherwise says which of some attributes is another one in a user's own record than in the list.
func (c *Comparer) otherwise(where string, listed, own *model.User, names ...string) model.Evidence {
	for _, name := range names {
		was, _ := listed.Attribute(name)
		is, _ := own.Attribute(name)
		if !c.unreadableField(name) && !model.SameName(was, is) {
			return model.Evidence{Against: true, Where: where, What: name + " is", Text: is}
		}
	}
	return model.Evidence{}
}

// keys are the attributes by which users pair.
func keys() []string {
	return []string{model.FieldUserName, model.FieldExternalID, model.FieldEmails.String()}
}

func (c *Comparer) unreadableField(name string) bool {
	i := slices.Index(model.FieldNames(), name)
	return i >= 0 && c.Target.Unreadable.Has(model.Field(i))
}

func askGroupRecords(c *Comparer, f *model.Finding) []model.Ask {
	out := []model.Ask{{Kind: model.AskGroupRecord, ID: c.Target.Groups[f.Target].ID}}
	if g := &c.Source.Groups[f.Source]; len(g.RoleIDs) == 1 {
		out = append(out, model.Ask{Kind: model.AskRole, ID: g.RoleIDs[0]})
	}
	return out
}

func (c *Comparer) hearGroupRecord(f *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	switch {
	case q.Kind == model.AskRole && !a.Found:
		return model.Evidence{Against: true, Where: whereOwnRole, What: "there is no such role"}
	case q.Kind == model.AskRole && c.listedOtherwise(&a.Role):
		return model.Evidence{Against: true, Where: whereOwnRole, What: "it is called", Text: a.Role.Name}
	case q.Kind == model.AskRole:
		return model.Evidence{Where: whereOwnRole, What: "it is called", Text: a.Role.Name}
	case !a.Found:
		return model.Evidence{Against: true, Where: whereOwnRecord, What: "the group is not there"}
	case a.Group.Name != c.Target.Groups[f.Target].Name:
		return model.Evidence{Against: true, Where: whereOwnRecord, What: "it is called", Text: a.Group.Name}
	case a.Group.ExternalID != c.Target.Groups[f.Target].ExternalID:
		return model.Evidence{
			Against: true, Where: whereOwnRecord, What: "its external id is", Text: a.Group.ExternalID,
		}
	}
	return model.Evidence{Where: whereOwnRecord, What: "it is called", Text: a.Group.Name}
}
