package model

import (
	"fmt"
	"slices"
	"strings"
)

// rolesByID finds the roles of the list.
func (c *comparer) rolesByID() map[string]*Role {
	if c.roles == nil {
		c.roles = make(map[string]*Role, len(c.Source.Roles))
		for i := range c.Source.Roles {
			c.roles[c.Source.Roles[i].ID] = &c.Source.Roles[i]
		}
	}
	return c.roles
}

// yieldedElsewhere: the group carries the id of a role that lives, grants the app and yields a group, whatever that
// group pairs with. One such match protects, though it takes three to pair by ids. A role that lives and does neither
// says that the group lingers.
func (c *comparer) yieldedElsewhere(f *Finding) []Evidence {
	carried := c.Target.Groups[f.Target].ExternalID
	if carried == "" {
		return nil
	}
	for i := range c.Source.Groups {
		if g := &c.Source.Groups[i]; slices.Contains(g.RoleIDs, carried) {
			return []Evidence{{
				Against: true, Where: whereRoles,
				What: "the role whose id the group carries lives on as", Text: g.Name,
			}}
		}
	}
	return nil
}

// carriedElsewhere: a group of the target carries the id of the group's role, under another name. Where too few do to
// pair by ids, one is enough not to make a second group.
func (c *comparer) carriedElsewhere(f *Finding) []Evidence {
	for t := range c.Target.Groups {
		if g := &c.Target.Groups[t]; slices.Contains(c.Source.Groups[f.Source].RoleIDs, g.ExternalID) {
			return []Evidence{{
				Against: true, Where: whereTargetList,
				What: "the group that carries the id of its role is called", Text: g.Name,
			}}
		}
	}
	return nil
}

// askRolesAndRules asks once more for all roles by name, and for the rules: one answer for every group that nothing
// yields.
func askRolesAndRules(c *comparer, _ *Finding) []Ask {
	out := []Ask{{Kind: AskRoleList}}
	if c.source(PartRules) {
		out = append(out, Ask{Kind: AskRules})
	}
	return out
}

// askRole asks for the role that the group may come from: by the id that the group carries, else by name. Where the
// configuration makes group names out of role names, OneLogin's wildcard finds the roles whose names hold it.
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
			return Evidence{
				Against: true, Where: whereOwnRole,
				What: "the role whose id the group carries lives, and grants the app:", Text: a.Role.Name,
			}
		}
		return Evidence{Where: whereOwnRole, What: "the role does not yield a group any more:", Text: a.Role.Name}
	}
	if e := c.roleChanged(f, q, a); e.What != "" {
		return e
	}
	return Evidence{Where: whereAsked(q), What: "asked again, no role of that name or id grants the app"}
}

func whereAsked(q Ask) string {
	if q.Kind == AskRoleList {
		return whereRoles
	}
	return whereSourceNames
}

// changedRole is a role as the list shows it and as another answer does; either is nil where it is not shown.
type changedRole struct{ before, now *Role }

// changedRoles holds all roles, asked for once more, against the list. It is worked out once.
func (c *comparer) changedRoles(a *Reply) []changedRole {
	if c.changed == nil {
		c.changed = c.changes(a.Roles)
		shown := make(map[string]bool, len(a.Roles))
		for i := range a.Roles {
			shown[a.Roles[i].ID] = true
		}
		for i := range c.Source.Roles {
			if r := &c.Source.Roles[i]; !shown[r.ID] {
				c.changed = append(c.changed, changedRole{r, nil})
			}
		}
	}
	return c.changed
}

func (c *comparer) changes(again []Role) []changedRole {
	out := []changedRole{}
	for i := range again {
		now := &again[i]
		if before := c.rolesByID()[now.ID]; before == nil || before.Name != now.Name || before.Grants != now.Grants {
			out = append(out, changedRole{before, now})
		}
	}
	return out
}

// roleChanged gives the first role that may give the group of a finding and that an answer shows otherwise than the
// list; no evidence if there is none. Where rules make groups of roles, any role may.
func (c *comparer) roleChanged(f *Finding, q Ask, a *Reply) Evidence {
	changed := c.changes
	if q.Kind == AskRoleList {
		changed = func([]Role) []changedRole { return c.changedRoles(a) }
	}
	for _, r := range changed(a.Roles) {
		switch {
		case !c.concerns(f, r.before) && !c.concerns(f, r.now):
		case r.now != nil:
			return Evidence{
				Against: true, Where: whereAsked(q),
				What: "asked again, it shows a role that was not listed so before:", Text: r.now.Name,
			}
		case f.Source != None:
			return Evidence{
				Against: true, Where: whereAsked(q), What: "asked again, it does not show",
				Text: r.before.Name,
			}
		}
	}
	return Evidence{}
}

// concerns reports whether a role may give the group of a finding.
func (c *comparer) concerns(f *Finding, r *Role) bool {
	if r == nil || c.Source.Origin == FromRules {
		return r != nil
	}
	names := c.namesOf(r.Name)
	if f.Source != None {
		g := &c.Source.Groups[f.Source]
		if slices.Contains(g.RoleIDs, r.ID) || slices.Contains(names, Fold(g.Name)) {
			return true
		}
	}
	if f.Target == None {
		return false
	}
	g := &c.Target.Groups[f.Target]
	return r.ID == g.ExternalID || slices.Contains(names, Fold(g.Name))
}

// yieldsGroup reports whether a role that grants the app becomes a group.
func (c *comparer) yieldsGroup(r *Role) bool {
	if c.Source.Origin == FromRules {
		return true // which groups rules make of it is not known of a role that the list did not show
	}
	name, ok := c.opts.Groups.NameFor(r.Name)
	return ok && !c.opts.Groups.Ignores(name)
}

// hearRules holds a second reading of the rules against the first: a group that nothing yields must not be named, and
// what is read of the rules be the same.
func (c *comparer) hearRules(group string, a *Reply) Evidence {
	for i := range a.Rules {
		if slices.ContainsFunc(a.Rules[i].GroupNames(), func(n string) bool { return SameName(n, group) }) {
			return Evidence{
				Against: true, Where: whereRuleList, What: "asked again, they name the group:",
				Text: a.Rules[i].Name,
			}
		}
	}
	return c.hearSameRules(a)
}

func (c *comparer) hearSameRules(a *Reply) Evidence {
	if len(a.Rules) != len(c.Source.Rules) {
		return Evidence{
			Against: true, Where: whereRuleList,
			What: fmt.Sprintf("%d, and %d a moment later", len(c.Source.Rules), len(a.Rules)),
		}
	}
	for i := range a.Rules {
		if r := &a.Rules[i]; !slices.ContainsFunc(c.Source.Rules, r.same) {
			return Evidence{
				Against: true, Where: whereRuleList, What: "asked again, a rule says something else:",
				Text: r.subject().Name,
			}
		}
	}
	return Evidence{Where: whereRuleList, What: "asked again, they say the same"}
}

// askYielding asks once more for what gives the groups: all roles by name, and the rules where these decide.
func askYielding(c *comparer) []Ask {
	out := []Ask{{Kind: AskRoleList}}
	if c.Source.Origin == FromRules && c.source(PartRules) {
		out = append(out, Ask{Kind: AskRules})
	}
	return out
}

// askYielded asks, beside roles and rules, for one of those who are to be in the group: it is expected if anybody is.
func askYielded(c *comparer, f *Finding) []Ask {
	out := askYielding(c)
	if members := c.Source.Members.Of(int(f.Source)); len(members) > 0 {
		out = append(out, c.askRoles(slices.MinFunc(members, c.userOrder)))
	}
	return out
}

// hearYielded holds a second reading of roles and rules, and the roles of one who is to be in the group, against the
// first.
func (c *comparer) hearYielded(f *Finding, q Ask, a *Reply) Evidence {
	switch q.Kind { //nolint:exhaustive // the others are not asked for this claim
	case AskRules:
		return c.hearSameRules(a)
	case AskRoles:
		return c.hearOwnRoles(f, q, a)
	}
	if e := c.roleChanged(f, q, a); e.What != "" {
		return e
	}
	return Evidence{Where: whereRoles, What: "asked again, it shows the roles that give the group as before"}
}
