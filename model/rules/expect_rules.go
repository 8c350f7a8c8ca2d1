package rules

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// groupsFromRules makes the groups that rules yield, in an order that depends on nothing but roles and names.
func groupsFromRules(src *Source, book *rulebook, drafts map[string]*ruleDraft) {
	sorted := make([]*ruleDraft, 0, len(drafts))
	yields := map[*model.Role]int{} // how many groups a role's name becomes
	for _, d := range drafts {
		sorted = append(sorted, d)
		for _, r := range d.roles {
			yields[r]++
		}
	}
	slices.SortFunc(sorted, compareDrafts)
	src.Groups = make([]model.Group, 0, len(sorted))
	book.Ways = make([][]int32, 0, len(sorted))
	src.Members = make(model.Lists, 0, len(sorted))
	src.MayBelong = make([][]int32, 0, len(sorted))
	for _, d := range sorted {
		g := d.newGroup(yields)
		ways, all := make([]int32, 0, len(d.ways)), audience{}
		for _, w := range d.ways {
			ways = append(ways, w.rule)
			all.add(w.audience)
		}
		all.add(audience{whyOpen: book.whyMembersOpen(src, g.Name)})
		g.MembersOpen = all.whyOpen
		g.Expectation = expectationOf(len(all.users) > 0, g.MembersOpen != "" ||
			!src.Coverage[model.PartUsers].Complete())
		if len(d.ways) == 0 {
			g.Expectation = model.Allowed // whatever else is not known: nobody says that it should be there
			g.MembersUnknown = model.NamedByDisabledRule
		}
		src.Groups = append(src.Groups, g)
		src.Members = append(src.Members, slices.Clone(all.users)) // without the room that was made for it
		src.MayBelong = append(src.MayBelong, all.open)
		book.Ways = append(book.Ways, ways)
	}
}

func compareDrafts(a, b *ruleDraft) int {
	switch {
	case a.nameRole != nil && b.nameRole != nil:
		return cmp.Or(model.CompareIDs(a.nameRole.ID, b.nameRole.ID), model.ByFolded(a.name, b.name))
	case a.nameRole != nil:
		return -1
	case b.nameRole != nil:
		return 1
	default:
		return model.ByFolded(a.name, b.name)
	}
}

// newGroup begins the group of a draft. A role that makes several groups stands for none: an id could not tell which.
func (d *ruleDraft) newGroup(yields map[*model.Role]int) model.Group {
	g := model.Group{Name: d.name}
	if d.nameRole != nil {
		g.ID, g.ExternalID = d.nameRole.ID, d.nameRole.ID
	}
	for _, r := range d.roles {
		if yields[r] == 1 {
			g.RoleIDs = append(g.RoleIDs, r.ID)
		}
	}
	slices.SortFunc(g.RoleIDs, model.CompareIDs)
	return g
}

func (b *rulebook) hasEnabledRule() bool {
	return slices.ContainsFunc(b.Rules, func(r judgedRule) bool { return r.Enabled })
}

// Empty: neither a rule that is enabled nor the Groups parameter gives groups.
func (b *rulebook) Empty() bool { return !b.hasEnabledRule() && !b.hasParameterValues }

// whyMembersOpen says why more users than those who are known may belong in a group; empty if no more do.
func (b *rulebook) whyMembersOpen(src *Source, name string) string {
	if c := src.Coverage[model.PartRules]; !c.Complete() {
		return "the rules were not all read, and others may name it: " + c.Reason
	}
	if r, _ := b.PossibleYields.find(name, true); r != nil {
		return "the rule " + model.Visible(r.Subject().Name) + " cannot be evaluated, and may name it"
	}
	return ""
}
