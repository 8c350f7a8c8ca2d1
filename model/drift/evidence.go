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
	whereApp         = "the app in OneLogin"
	whereOthersUser  = "another user's own record in OneLogin"
	whereOthers      = "another record itself at the target"
)

// newEvidence is evidence that bears a finding out or speaks against it, and against such as speaks against it.
func newEvidence(bears bool, where, what, text string) model.Evidence {
	return model.Evidence{Against: !bears, Where: where, What: what, Text: text}
}

func evidenceAgainst(where, what, text string) model.Evidence {
	return newEvidence(false, where, what, text)
}

// listEvidence is evidence that explains a finding, from the lists.
func listEvidence(what, text string) model.Evidence { return model.Evidence{What: what, Text: text} }

// rolesListingUser gives the roles whose own list of users has the user, of those users about whom it matters.
func (c *Comparer) rolesListingUser(user string) []*model.Role {
	if c.rolesByUser == nil {
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
		all := len(c.rolesGoneSince(c.readTime(c.Source.At[model.PartUsers]))) > 0 // it matters about everybody then
		c.rolesByUser = make(map[string][]*model.Role, len(wanted))
		for i := range c.Source.Roles {
			r := &c.Source.Roles[i]
			for _, id := range r.Users.IDs {
				if all || wanted[id] {
					c.rolesByUser[id] = append(c.rolesByUser[id], r)
				}
			}
		}
	}
	return c.rolesByUser[user]
}

// rolesGrantingTo gives those of them that grant the app.
func (c *Comparer) rolesGrantingTo(user string) (out []*model.Role) {
	for _, r := range c.rolesListingUser(user) {
		if r.Grants {
			out = append(out, r)
		}
	}
	return out
}

// grantingRoleEvidence: a role that grants the app lists the user whom the app's own list lacks.
func (c *Comparer) grantingRoleEvidence(f *model.Finding) []model.Evidence {
	id := c.Target.Users[f.Target].ExternalID
	if f.Source != model.None {
		id = c.Source.Users[f.Source].ID
	}
	roles := c.rolesGrantingTo(id)
	if len(roles) == 0 {
		return nil
	}
	names := make([]string, 0, len(roles))
	for _, r := range roles {
		names = append(names, model.Visible(r.Name))
	}
	slices.SortFunc(names, model.ByFolded)
	what := "%s list this user, and grant the app"
	if len(names) == 1 {
		what = "%s lists this user, and grants the app"
	}
	return []model.Evidence{evidenceAgainst(whereRoles, fmt.Sprintf(what, model.Few(names)), "")}
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

func (c *Comparer) assignedReplyEvidence(_ *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	where := whereSourceNames
	if q.Kind == model.AskUser {
		where = whereOwnUser
	}
	switch {
	case !a.Found:
		return newEvidence(true, where, "there is no such user", "")
	case a.User.Assigned:
		return evidenceAgainst(whereOwnApps,
			"the app is among them; a removal may be waiting to be provisioned or approved", "")
	}
	for _, id := range slices.SortedFunc(slices.Values(a.User.RoleIDs), model.CompareIDs) {
		if r := c.roles[id]; r != nil && r.Grants {
			return evidenceAgainst(whereOwnUser, "it names a role that grants the app:", r.Name)
		}
	}
	return newEvidence(true, whereOwnApps, "the app is not among them", "")
}

func askStanding(c *Comparer, f *model.Finding) []model.Ask { return []model.Ask{c.askRoles(f.Source)} }

// standingReplyEvidence holds a user's own record against the list. Of whom the target lacks, it is what would be
// written there; of a pair, the claim that it is one looks at that.
func (c *Comparer) standingReplyEvidence(f *model.Finding, _ model.Ask, a *model.Reply) model.Evidence {
	listed, word := &c.Source.Users[f.Source], "active"
	if !a.Found {
		return evidenceAgainst(whereOwnUser, "there is no such user", "")
	}
	if f.Target == model.None {
		if e := c.differingAttribute(whereOwnUser, listed, &a.User, comparedAttributes()...); e.Against {
			return e
		}
	}
	if !a.User.Active {
		word = "not active"
	}
	named := func(r *model.Role) bool { return slices.Contains(a.User.RoleIDs, r.ID) }
	if grants := c.rolesGrantingTo(listed.ID); listed.Active && a.User.RoleIDs != nil && len(grants) > 0 &&
		!slices.ContainsFunc(grants, named) {
		return evidenceAgainst(whereOwnUser, "it names no role that grants the app, and a list of users has the user:",
			grants[0].Name)
	}
	return newEvidence(a.User.Active == listed.Active, whereOwnUser, "the user is "+word, "")
}

// askTargetUser asks by external id too where the target's users carry such: the user may be there under another name.
func askTargetUser(c *Comparer, f *model.Finding) []model.Ask {
	u := &c.Source.Users[f.Source]
	q := model.Ask{Kind: model.AskTargetUser, ID: u.UserName}
	if u.UserName == "" || c.targetHasExternalIDs {
		q.ExternalID = u.ExternalID
	}
	return []model.Ask{q}
}

// askTargetGroup asks by the role's id too where the target's groups carry such: it may have another name.
func askTargetGroup(c *Comparer, f *model.Finding) []model.Ask {
	q := model.Ask{Kind: model.AskTargetGroup, ID: f.Subject.Name}
	if c.targetHasRoleIDs {
		q.ExternalID = c.Source.Groups[f.Source].ExternalID
	}
	return []model.Ask{q}
}

// findExternalIDs finds out whether any user of the target has an external id, and any group a role's, by list or
// record. The keys of records that were asked for are kept: they count as claimed, whatever list lacks them.
func (c *Comparer) findExternalIDs() {
	carriesRole := func(g model.Group) bool { return c.roles[g.ExternalID] != nil }
	c.targetHasExternalIDs = slices.ContainsFunc(c.Target.Users, func(u model.User) bool { return u.ExternalID != "" })
	c.targetHasRoleIDs = slices.ContainsFunc(c.Target.Groups, carriesRole)
	c.answeredKeys = map[recordKey]string{}
	for q, reply := range c.Options.Replies {
		c.targetHasExternalIDs = c.targetHasExternalIDs || q.Kind == model.AskTargetRecord &&
			reply.User.ExternalID != ""
		c.targetHasRoleIDs = c.targetHasRoleIDs || q.Kind == model.AskGroupRecord && carriesRole(reply.Group)
		where := map[model.AskKind]string{model.AskRoles: whereOthersUser, model.AskTargetRecord: whereOthers}[q.Kind]
		if where == "" || !reply.Found {
			continue
		}
		for _, key := range recordKeys(where, &reply.User) {
			if name, twice := c.answeredKeys[key]; !twice || reply.User.Called() < name {
				c.answeredKeys[key] = reply.User.Called()
			}
		}
	}
}

// recordKey is a key of a user by their own record, which was asked for. Only of users of the app are the roles asked.
type recordKey struct {
	where string
	basis Basis
	key   string
}

func recordKeys(where string, u *model.User) (keys []recordKey) {
	of := userRecords([]model.User{*u})
	for _, basis := range []Basis{BasisExternalID, BasisUserName, BasisEmail} {
		if k := of.key(0, basis); k != "" {
			keys = append(keys, recordKey{where, basis, k})
		}
	}
	return keys
}

// sharedKeyEvidence: the own record of another user has a key of this one, whatever the lists say.
func (c *Comparer) sharedKeyEvidence(where string, u *model.User) []model.Evidence {
	for _, key := range recordKeys(where, u) {
		if name, ok := c.answeredKeys[key]; ok {
			return []model.Evidence{evidenceAgainst(where, "it has the same "+key.basis.String()+":", name)}
		}
	}
	return nil
}

func (c *Comparer) absentUserEvidence(f *model.Finding) []model.Evidence {
	return c.sharedKeyEvidence(whereOthers, &c.Source.Users[f.Source])
}

func (c *Comparer) absenceReplyEvidence(_ *model.Finding, _ model.Ask, a *model.Reply) model.Evidence {
	if a.Found {
		return evidenceAgainst(whereTargetName, "it is there", "")
	}
	return newEvidence(true, whereTargetName, "it is not there", "")
}

func askRecords(c *Comparer, f *model.Finding) []model.Ask {
	return append(askTargetRecord(c, f), askStanding(c, f)...)
}

func askTargetRecord(c *Comparer, f *model.Finding) []model.Ask {
	return []model.Ask{{Kind: model.AskTargetRecord, ID: c.Target.Users[f.Target].ID}}
}

func (c *Comparer) recordReplyEvidence(f *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	listed, where := &c.Target.Users[f.Target], whereOwnRecord
	if q.Kind == model.AskRoles {
		listed, where = &c.Source.Users[f.Source], whereOwnUser
	}
	if !a.Found {
		return evidenceAgainst(where, "it is not there", "")
	}
	own := a.User
	if listed.ExternalID == "" && f.Source >= 0 && own.ExternalID == c.Source.Users[f.Source].ExternalID {
		// A list may leave it out (RFC 7644 section 3.9), and it names the very user of the pair.
		own.ExternalID = ""
	}
	if e := c.differingAttribute(where, listed, &own, comparedAttributes()...); e.Against {
		return e
	}
	return newEvidence(true, where, "it says the same as the list", "")
}

// differingAttribute says which of some attributes is another one in a user's own record than in the list.
func (c *Comparer) differingAttribute(where string, listed, own *model.User, names ...string) model.Evidence {
	for _, name := range names {
		was, _ := listed.Attribute(name)
		is, _ := own.Attribute(name)
		if !c.Target.Unreadable.Names(name) && !model.SameName(was, is) {
			return evidenceAgainst(where, name+" is", is)
		}
	}
	return model.Evidence{}
}

// comparedAttributes are all that a list and a single record both say of a user.
func comparedAttributes() []string {
	return append([]string{model.FieldUserName, model.FieldExternalID}, model.FieldNames()...)
}

func keyAttributes() []string {
	return []string{model.FieldUserName, model.FieldExternalID, model.FieldEmails.String()}
}

func askGroupRecords(c *Comparer, f *model.Finding) []model.Ask {
	out := []model.Ask{{Kind: model.AskGroupRecord, ID: c.Target.Groups[f.Target].ID}}
	if g := &c.Source.Groups[f.Source]; len(g.RoleIDs) == 1 {
		out = append(out, model.Ask{Kind: model.AskRole, ID: g.RoleIDs[0]})
	}
	return out
}

func (c *Comparer) groupRecordReplyEvidence(f *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	g, own := &c.Target.Groups[f.Target], &a.Group
	switch {
	case q.Kind == model.AskRole && !a.Found:
		return evidenceAgainst(whereOwnRole, "there is no such role", "")
	case q.Kind == model.AskRole:
		listed := c.roles[a.Role.ID]
		return newEvidence(listed == nil || listed.Name == a.Role.Name, whereOwnRole, "it is called", a.Role.Name)
	case !a.Found:
		return evidenceAgainst(whereOwnRecord, "the group is not there", "")
	case own.Name == g.Name && own.ExternalID != g.ExternalID:
		return evidenceAgainst(whereOwnRecord, "its external id is", own.ExternalID)
	}
	return newEvidence(own.Name == g.Name, whereOwnRecord, "it is called", own.Name)
}
