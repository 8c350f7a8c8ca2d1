package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// compareMembers compares the memberships of paired groups, over users who are paired and active on both sides: an
// unsynced, lingering or suspended user is one finding, not one more for each of its groups.
func (c *Comparer) compareMembers() {
	seen := make([]int32, len(c.Target.Users)) // the last group, plus one, in which the source wants this target user
	for s := range int32(len(c.Source.Groups)) {
		t := c.Groups.ToTarget[s]
		if t == model.None || c.Groups.Contests[s] != nil || c.Groups.IsLookAlike(s) {
			continue
		}
		if why := c.whyMembersUnsettled(s, t); why != "" {
			c.markMembersUnsettled(s, t, why)
			continue
		}
		if open := c.whyMembersIncomplete(s); open != "" {
			c.markMembersUnsettled(s, t, "who should be in it is open: "+open)
		}
		c.compareMembersOf(s, t, seen)
	}
}

// whyMembersUnsettled says why the members of a pair cannot be compared; "" if they can.
func (c *Comparer) whyMembersUnsettled(s, t int32) string {
	if why := c.MembersUnknown(s, t); why != "" {
		return "memberships unknown: " + why
	}
	if c.Groups.Basis[s] != BasisName {
		return c.NotAllGroups()
	}
	return ""
}

// whyMembersIncomplete says why a group may have more members than those who are known, whoever is at the target; "" if
// it has not. By roles whose names are not mapped a group is one role's, and that one was read.
func (c *Comparer) whyMembersIncomplete(s int32) string {
	if open := c.Source.Groups[s].MembersOpen; open != "" {
		return open
	}
	if c.Source.Origin == rules.FromRules || c.Options.Groups.Name != "" {
		return c.SourceUnread(model.PartGroups)
	}
	return ""
}

func (c *Comparer) markMembersUnsettled(s, t int32, why string) {
	if c.verdicts.groups[0][s].Relation != model.Unsettled {
		c.verdicts.set(&c.verdicts.groups, s, t, Verdict{Relation: model.Unsettled, Why: why, membersOpen: why})
	}
}

func (c *Comparer) compareMembersOf(s, t int32, seen []int32) {
	stamp := s + 1
	wanted := c.Source.Members.Of(int(s))
	for _, u := range wanted {
		if at := c.Users.ToTarget[u]; at != model.None {
			seen[at] = stamp
		}
	}
	var extra, missing []int32
	var open string // why those who seem too many may belong in it: by another role, say, that was not read
	for _, at := range c.Target.Members.Of(int(t)) {
		if seen[at] == stamp {
			seen[at] = 0 // so that what is left marked below is missing
		} else if u := c.Users.ToSource[at]; u != model.None && c.Comparable(u, at) {
			if why := c.whyMayBelong(s, u); why != "" {
				open = why
				continue
			}
			extra = append(extra, at)
		}
	}
	for _, u := range wanted {
		if at := c.Users.ToTarget[u]; at != model.None && seen[at] == stamp && c.Comparable(u, at) {
			missing = append(missing, u)
		}
	}
	if len(missing) > 0 {
		f := c.newFinding(model.MembersMissing, s, t, c.MembershipConfidence(s))
		f.Members, f.People = c.UserNames(c.Source.Users, missing), c.sortByUserName(missing)
		f.Cause, f.Evidence = c.whyMembersMissing(f.Subject.Name, missing)
		c.addFinding(f)
	}
	if open != "" {
		c.markMembersUnsettled(s, t, "who should be in it is open: "+open)
	}
	if len(extra) > 0 {
		f := c.newFinding(model.MembersExtra, s, t, c.MembershipConfidence(s))
		f.Members = c.UserNames(c.Target.Users, extra)
		f.Cause, f.Evidence = c.whyMembersExtra(c.Source.Groups[s].RoleIDs, extra)
		for _, t := range extra {
			f.People = append(f.People, c.Users.ToSource[t])
		}
		f.People = c.sortByUserName(f.People)
		c.addFinding(f)
	}
}

func (c *Comparer) sortByUserName(users []int32) []int32 {
	slices.SortFunc(users, c.compareByUserName)
	return users
}

func (c *Comparer) compareByUserName(a, b int32) int {
	x, y := &c.Source.Users[a], &c.Source.Users[b]
	return cmp.Or(model.ByFolded(x.UserName, y.UserName), model.CompareIDs(x.ID, y.ID))
}

// Comparable reports whether memberships of a pair count: paired, nobody else's claim, and active on both sides.
func (c *Comparer) Comparable(s, t int32) bool {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	return src.Assigned && !src.RollOnly && src.Active && tgt.Active && !c.Users.IsTied(s) &&
		c.IsFirm(s, t)
}

// MembershipConfidence is how sure a membership can be: no surer than a pair that rests on a role's earlier name.
func (c *Comparer) MembershipConfidence(s int32) model.Confidence {
	if c.Groups.Basis[s] == BasisRename {
		return model.Likely
	}
	return model.Certain
}
