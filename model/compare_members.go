package model

import (
	"cmp"
	"slices"
)

// members compares the memberships of paired groups, over users who are paired and active on both sides: an
// unsynced, lingering or suspended user is one finding, not one more for each of its groups.
func (c *comparer) members() {
	seen := make([]int32, len(c.Target.Users)) // the last group, plus one, in which the source wants this target user
	for s := range c.Source.Groups {
		s := int32(s)
		t := c.Groups.ToTarget[s]
		if t == None || c.Groups.Contests[s] != nil || c.Groups.onlyLooks(s) {
			continue
		}
		if why := c.membersOpen(s, t); why != "" {
			c.openMembers(s, t, why)
			continue
		}
		if open := c.roleOpen(s); open != "" {
			c.openMembers(s, t, "who should be in it is open: "+open)
		}
		c.membersOf(s, t, seen)
	}
}

// membersOpen says why the members of a pair cannot be compared; "" if they can.
func (c *comparer) membersOpen(s, t int32) string {
	if why := c.MembersUnknown(s, t); why != "" {
		return "memberships unknown: " + why
	}
	if c.Groups.Basis[s] != BasisName {
		return c.notAllGroups()
	}
	return ""
}

// roleOpen says why a group may have more members than those who are known, whoever is at the target; "" if it has not.
// By roles whose names are not mapped a group is one role's, and that one was read.
func (c *comparer) roleOpen(s int32) string {
	if open := c.Source.Groups[s].MembersOpen; open != "" {
		return open
	}
	if c.Source.Origin == FromRules || c.opts.Groups.Name != "" {
		return notAll(AtSource, c.Source.Coverage, PartGroups)
	}
	return ""
}

// openMembers leaves the members of a pair open, and counts it once.
func (c *comparer) openMembers(s, t int32, why string) {
	if c.verdicts.groups[0][s].Relation != Unsettled {
		c.Unsettled.Memberships++
		c.verdicts.set(&c.verdicts.groups, s, t, Verdict{Relation: Unsettled, Why: why, members: true})
	}
}

func (c *comparer) membersOf(s, t int32, seen []int32) {
	stamp := s + 1
	wanted := c.Source.Members.Of(int(s))
	for _, u := range wanted {
		if at := c.Users.ToTarget[u]; at != None {
			seen[at] = stamp
		}
	}
	var extra, missing []int32
	for _, at := range c.Target.Members.Of(int(t)) {
		if seen[at] == stamp {
			seen[at] = 0 // so that what is left marked below is missing
		} else if u := c.Users.ToSource[at]; u != None && c.comparable(u, at) {
			extra = append(extra, at)
		}
	}
	for _, u := range wanted {
		if at := c.Users.ToTarget[u]; at != None && seen[at] == stamp && c.comparable(u, at) {
			missing = append(missing, u)
		}
	}
	subject := c.GroupSubject(s, t)
	if len(missing) > 0 {
		f := Finding{Kind: MembersMissing, Confidence: c.sureOf(s), Subject: subject, Source: s, Target: t}
		f.Members, f.people = c.userNames(c.Source.Users, missing), c.byUserName(missing)
		f.Cause, f.Evidence = c.whyMembersMissing(subject.Name, missing)
		c.add(f)
	}
	// Another role that was not read could want them in the group.
	if why := c.wantedOpen(s); len(extra) > 0 && why != "" {
		c.openMembers(s, t, "who should be in it is open: "+why)
	} else if len(extra) > 0 {
		f := Finding{Kind: MembersExtra, Confidence: c.sureOf(s), Subject: subject, Source: s, Target: t}
		f.Members = c.userNames(c.Target.Users, extra)
		f.Cause, f.Evidence = c.whyMembersExtra(c.Source.Groups[s].RoleIDs, extra)
		for _, t := range extra {
			f.people = append(f.people, c.Users.ToSource[t])
		}
		f.people = c.byUserName(f.people)
		c.add(f)
	}
}

// byUserName puts source users into the order in which they are named.
func (c *comparer) byUserName(users []int32) []int32 {
	slices.SortFunc(users, c.userOrder)
	return users
}

func (c *comparer) userOrder(a, b int32) int {
	x, y := &c.Source.Users[a], &c.Source.Users[b]
	return cmp.Or(byFolded(x.UserName, y.UserName), compareIDs(x.ID, y.ID))
}

// comparable: paired, nobody else's claim, and active on both sides.
func (c *comparer) comparable(s, t int32) bool {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	return src.Assigned && !src.RollOnly && src.Active && tgt.Active && !c.Users.tied(s) &&
		c.firm(s, t)
}

// sureOf: members of a pair that rests on a role's earlier name are no surer than the pair.
func (c *comparer) sureOf(s int32) Confidence {
	if c.Groups.Basis[s] == BasisRename {
		return Likely
	}
	return Certain
}
