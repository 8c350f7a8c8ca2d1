package rules

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// groupsFromRoles makes the groups of the granting roles, and the names that rules give as allowed ones.
func groupsFromRoles(src *Source, cfg GroupsConfig, roster *model.Roster) {
	drafts := rolesToDrafts(src.Roles, cfg)
	src.Groups = make([]model.Group, 0, len(drafts))
	src.Members = make(model.Lists, 0, len(drafts))
	for _, d := range drafts {
		most := 0
		for _, r := range d.roles {
			most += len(r.Users.IDs)
		}
		members := make([]int32, 0, most)
		for _, r := range d.roles {
			for _, u := range roster.Of(r.Users.IDs) {
				switch {
				case src.Users[u].RollOnly:
					d.group.MembersUnknown = "the details of a member could not be read"
				case src.Users[u].Active && src.Users[u].Assigned:
					members = append(members, u)
				}
			}
			if r.Users.Unknown != "" {
				d.group.MembersUnknown = r.Users.Unknown
			}
		}
		d.group.Expectation = expectationOf(len(members) > 0, d.group.MembersUnknown != "" ||
			!src.Coverage[model.PartUsers].Complete())
		src.Groups = append(src.Groups, d.group)
		src.Members = append(src.Members, model.Ascending(members))
	}
	src.Groups = appendRuleNames(src.Groups, src.Rules, cfg)
}

// roleDraft is a source group in the making: the roles that yield it, in the order of their ids.
type roleDraft struct {
	group model.Group
	roles []*model.Role
}

// sortRolesByID gives the roles in the order of their ids.
func sortRolesByID(roles []model.Role) []*model.Role {
	sorted := model.Map(roles, func(r *model.Role) *model.Role { return r })
	slices.SortFunc(sorted, func(a, b *model.Role) int { return model.CompareIDs(a.ID, b.ID) })
	return sorted
}

func rolesToDrafts(roles []model.Role, cfg GroupsConfig) []roleDraft {
	var drafts []roleDraft
	byName := make(map[string]int, len(roles))
	for _, r := range sortRolesByID(roles) {
		name, ok := cfg.NameFor(r.Name)
		if !r.Grants || !ok || cfg.Ignores(name) {
			continue
		}
		at, seen := byName[model.Fold(name)]
		if !seen {
			at = len(drafts)
			byName[model.Fold(name)] = at
			drafts = append(drafts, roleDraft{group: model.Group{ID: r.ID, ExternalID: r.ID, Name: name}})
		}
		drafts[at].roles = append(drafts[at].roles, r)
		drafts[at].group.RoleIDs = append(drafts[at].group.RoleIDs, r.ID)
	}
	return drafts
}

// appendRuleNames adds the groups that rules name and no role yields. Their members are not known here.
func appendRuleNames(groups []model.Group, rules []model.Rule, cfg GroupsConfig) []model.Group {
	known := model.SetOf(groups, (*model.Group).Folded)
	for _, rule := range model.InOrder(rules) {
		for _, name := range rule.GroupNames() {
			if folded := model.Fold(name); folded != "" && !known[folded] && !cfg.Ignores(name) {
				known[folded] = true
				groups = append(groups, model.Group{
					Name: name, Expectation: model.Allowed, MembersUnknown: model.NamedByRule,
				})
			}
		}
	}
	return groups
}
