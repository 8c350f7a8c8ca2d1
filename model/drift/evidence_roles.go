package drift

import (
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// liveRoleEvidence: the group carries the id of a role that lives, grants the app and yields a group, whatever that
// pairs with. One such match protects, though it takes three to pair by ids.
func (c *Comparer) liveRoleEvidence(f *model.Finding) []model.Evidence {
	carried := c.Target.Groups[f.Target].ExternalID
	for i := range c.Source.Groups {
		if g := &c.Source.Groups[i]; carried != "" && slices.Contains(g.RoleIDs, carried) {
			return []model.Evidence{evidenceAgainst(whereRoles, "the role whose id the group carries lives on as",
				g.Name)}
		}
	}
	return nil
}

// otherCarrierEvidence: another group of the target carries the id of the group's role. One is enough not to make a
// second.
func (c *Comparer) otherCarrierEvidence(f *model.Finding) []model.Evidence {
	for t := range c.Target.Groups {
		if g := &c.Target.Groups[t]; slices.Contains(c.Source.Groups[f.Source].RoleIDs, g.ExternalID) {
			return []model.Evidence{evidenceAgainst(whereTargetList,
				"the group that carries the id of its role is called", g.Name)}
		}
	}
	return nil
}

// askRolesAndRules asks once more for all roles by name, and for the rules: one answer for all groups.
func askRolesAndRules(c *Comparer, _ *model.Finding) []model.Ask {
	out := []model.Ask{{Kind: model.AskRoleList}}
	if c.SourceRead(model.PartRules) {
		out = append(out, model.Ask{Kind: model.AskRules})
	}
	return out
}

// askGroupSources asks for what gives the groups: as askRolesAndRules, but for the rules only where these decide.
func askGroupSources(c *Comparer) []model.Ask {
	if c.Source.Origin != rules.FromRules {
		return []model.Ask{{Kind: model.AskRoleList}}
	}
	return askRolesAndRules(c, nil)
}

// askRole asks for the role whose id the group carries, and for those that would yield it by their names if they
// granted the app: what a role grants its own list of apps tells, where both the app and the list of roles lost it.
func askRole(c *Comparer, f *model.Finding) (out []model.Ask) {
	g := &c.Target.Groups[f.Target]
	if model.IsNumber(g.ExternalID) {
		out = append(out, model.Ask{Kind: model.AskRole, ID: g.ExternalID})
	}
	for _, id := range c.roleIDsForGroup(g.Name) {
		if id != g.ExternalID {
			out = append(out, model.Ask{Kind: model.AskRole, ID: id})
		}
	}
	return out
}

// roleIDsForGroup gives the ids of the roles whose names make a group of that name; none where rules make the groups.
func (c *Comparer) roleIDsForGroup(group string) []string {
	if c.roleIDsByGroup == nil {
		c.roleIDsByGroup = map[string][]string{}
		for i := range c.Source.Roles {
			r := &c.Source.Roles[i]
			if name, ok := c.Options.Groups.NameFor(r.Name); ok && c.Source.Origin != rules.FromRules {
				c.roleIDsByGroup[model.Fold(name)] = append(c.roleIDsByGroup[model.Fold(name)], r.ID)
			}
		}
	}
	return c.roleIDsByGroup[model.Fold(group)]
}

// roleReplyEvidence holds a second reading of roles and rules, one role, or one user's roles, against the first.
func (c *Comparer) roleReplyEvidence(f *model.Finding, q model.Ask, a *model.Reply) model.Evidence {
	unyielded := f.Source == model.None
	switch q.Kind { //nolint:exhaustive // the others are not asked for such claims
	case model.AskRules:
		if e := c.ruleNamingGroup(f, a); unyielded && e.What != "" {
			return e
		}
		return c.rulesReplyEvidence(a)
	case model.AskRole:
		return c.ownRoleReplyEvidence(a)
	case model.AskRoles:
		return c.ownRolesReplyEvidence(f, q, a)
	}
	if e := c.roleChanged(f, a); e.What != "" {
		return e
	}
	if unyielded {
		return newEvidence(true, whereRoles, "asked again, no role of that name or id grants the app", "")
	}
	return newEvidence(true, whereRoles, "asked again, it shows the roles that give the group as before", "")
}

// ownRoleReplyEvidence: a role that does not grant the app, as far as the lists go, may do so by its own list of apps.
func (c *Comparer) ownRoleReplyEvidence(a *model.Reply) model.Evidence {
	switch {
	case !a.Found:
		return newEvidence(true, whereOwnRole, "there is no such role", "")
	case a.Role.Grants && c.yieldsGroup(&a.Role):
		return evidenceAgainst(whereOwnRole, "it lives, and grants the app:", a.Role.Name)
	}
	return newEvidence(true, whereOwnRole, "the role does not yield a group any more:", a.Role.Name)
}

// changedRole is a role as the list shows it and as another answer does; either is nil where it is not shown.
type changedRole struct{ before, now *model.Role }

// changedRoles holds all roles, asked for once more, against the list; worked out once.
func (c *Comparer) changedRoles(again []model.Role) []changedRole {
	if c.roleChanges != nil {
		return c.roleChanges
	}
	c.roleChanges = []changedRole{}
	shown := map[string]bool{}
	for i := range again {
		now := &again[i]
		shown[now.ID] = true
		if before := c.roles[now.ID]; before == nil || before.Name != now.Name || before.Grants != now.Grants {
			c.roleChanges = append(c.roleChanges, changedRole{before, now})
		}
	}
	for i := range c.Source.Roles {
		if r := &c.Source.Roles[i]; !shown[r.ID] {
			c.roleChanges = append(c.roleChanges, changedRole{r, nil})
		}
	}
	return c.roleChanges
}

// roleChanged gives the first role that may give the group of a finding and that an answer shows otherwise than the
// list; no evidence if there is none. Where rules make groups of roles, any role may.
func (c *Comparer) roleChanged(f *model.Finding, a *model.Reply) model.Evidence {
	for _, r := range c.changedRoles(a.Roles) {
		switch {
		case !c.mayGiveGroup(f, r.before) && !c.mayGiveGroup(f, r.now):
		case r.now != nil:
			return evidenceAgainst(whereRoles, "asked again, it shows a role that was not listed so before:",
				r.now.Name)
		case f.Source != model.None:
			return evidenceAgainst(whereRoles, "asked again, it does not show", r.before.Name)
		}
	}
	return model.Evidence{}
}

func (c *Comparer) mayGiveGroup(f *model.Finding, r *model.Role) bool {
	if r == nil || c.Source.Origin == rules.FromRules {
		return r != nil
	}
	names := c.namesOf(r.Name)
	called := func(name string) bool { return slices.Contains(names, model.Fold(name)) }
	if f.Source != model.None {
		if g := &c.Source.Groups[f.Source]; slices.Contains(g.RoleIDs, r.ID) || called(g.Name) {
			return true
		}
	}
	return f.Target != model.None &&
		(r.ID == c.Target.Groups[f.Target].ExternalID || called(c.Target.Groups[f.Target].Name))
}

func (c *Comparer) yieldsGroup(r *model.Role) bool {
	if c.Source.Origin == rules.FromRules {
		return true // which groups rules make of it is not known of a role that the list did not show
	}
	name, ok := c.Options.Groups.NameFor(r.Name)
	return ok && !c.Options.Groups.Ignores(name)
}

// ruleNamingGroup gives the first rule of a second reading that names the group of a finding; no evidence if none does.
func (c *Comparer) ruleNamingGroup(f *model.Finding, a *model.Reply) (none model.Evidence) {
	named := func(n string) bool { return model.SameName(n, f.Subject.Name) }
	for i := range a.Rules {
		if slices.ContainsFunc(a.Rules[i].GroupNames(), named) {
			return evidenceAgainst(whereRuleList, "asked again, they name the group:", a.Rules[i].Name)
		}
	}
	return none
}

func (c *Comparer) rulesReplyEvidence(a *model.Reply) model.Evidence {
	if before, now := len(c.Source.Rules), len(a.Rules); before != now {
		return evidenceAgainst(whereRuleList, fmt.Sprintf("%d, and %d a moment later", before, now), "")
	}
	for i := range a.Rules {
		if r := &a.Rules[i]; !slices.ContainsFunc(c.Source.Rules, r.Same) {
			return evidenceAgainst(whereRuleList, "asked again, a rule says something else:", r.Subject().Name)
		}
	}
	return newEvidence(true, whereRuleList, "asked again, they say the same", "")
}

// askExpectedGroup asks, beside roles and rules, for one of those who are to be in the group: it is expected if anybody
// is.
func askExpectedGroup(c *Comparer, f *model.Finding) []model.Ask {
	out := askGroupSources(c)
	if members := c.Source.Members.Of(int(f.Source)); len(members) > 0 {
		out = append(out, c.askRoles(slices.MinFunc(members, c.compareByUserName)))
	}
	return out
}
