package drift

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// pairRenamedRoles pairs an expected group that the target lacks with a group under its role's earlier name: the role
// was renamed, says the log or an earlier reading. Without external ids nothing else tells that from a deleted role and
// a new one, and deleting the old group would take its assignments with it.
func (c *Comparer) pairRenamedRoles() {
	if c.NotAllGroups() != "" {
		return // the group under the new name, or who else yields the old one, may be in what was not read
	}
	strays := c.targetsByName(func(t int32) bool {
		return c.Groups.ToSource[t] == model.None && !c.Groups.LostTarget[t]
	})
	claims := map[int32][]int32{} // by target group
	for s := range int32(len(c.Source.Groups)) {
		if c.Groups.ToTarget[s] != model.None || c.Groups.LostSource[s] ||
			c.Source.Groups[s].Expectation != model.Expected {
			continue
		}
		mayBe := func(t int32) bool { // it carries no other role's id
			carried := c.Target.Groups[t].ExternalID
			return carried == "" || carried == c.Source.Groups[s].RoleIDs[0]
		}
		if t := c.formerGroup(s, strays, mayBe); t != model.None {
			claims[t] = append(claims[t], s)
		}
	}
	for t, sources := range claims {
		if len(sources) == 1 {
			c.Groups.join(sources[0], t, BasisRename)
		}
	}
}

// targetsByName finds some of the target's groups by their folded names.
func (c *Comparer) targetsByName(are func(t int32) bool) map[string][]int32 {
	named := map[string][]int32{}
	for t := range int32(len(c.Target.Groups)) {
		if are(t) {
			name := c.Target.Groups[t].Folded()
			named[name] = append(named[name], t)
		}
	}
	return named
}

// formerGroup finds the one target group of those that may be it that has a former name of the only role of a source
// group; else None.
func (c *Comparer) formerGroup(s int32, named map[string][]int32, mayBe func(t int32) bool) int32 {
	found := model.None
	for _, name := range c.formerNames(s) {
		for _, t := range named[name] {
			if t == found || !mayBe(t) {
				continue
			}
			if found != model.None {
				return model.None
			}
			found = t
		}
	}
	return found
}

// whyRenamed finds the event that changed the role. Without one it stays open which side was renamed.
func (c *Comparer) whyRenamed(s, t int32) (model.Cause, []model.Evidence) {
	src, tgt := &c.Source.Groups[s], &c.Target.Groups[t]
	cause, evidence := model.CauseUnknown, []model.Evidence(nil)
	if e := c.events.latestRoleUpdate(src.RoleIDs); e != nil {
		cause, evidence = model.CauseSourceRenamed, append(evidence, e.Evidence())
	}
	if c.Groups.Basis[s] == BasisExternalID {
		return cause, append(evidence, listEvidence("external id at the target is the role's id", tgt.ExternalID))
	}
	if e := c.formerNameEvidence(s, tgt.Name); e != nil {
		cause, evidence = model.CauseSourceRenamed, append(evidence, *e)
	}
	return cause, evidence
}

// formerNameEvidence gives what shows that the only role of a source group had another group's name; nil if nothing
// does.
func (c *Comparer) formerNameEvidence(s int32, name string) *model.Evidence {
	if roles := c.Source.Groups[s].RoleIDs; len(roles) == 1 {
		for _, e := range c.events.byRole[roles[0]] {
			if slices.Contains(c.namesOf(e.RoleName), model.Fold(name)) {
				return &model.Evidence{
					At: e.At, What: e.TypeName(), By: e.Actor, Text: "the role was called " + e.RoleName,
				}
			}
		}
		for _, p := range c.provenanceOfRole(roles[0]) {
			if model.SameName(p.Name, name) {
				e := p.Evidence()
				return &e
			}
		}
	}
	return nil
}

// provenanceOfRole is what earlier readings say of groups that the role alone yielded, and that still have the name
// from then.
func (c *Comparer) provenanceOfRole(role string) []*model.Provenance {
	if c.provenanceByRole == nil {
		c.provenanceByRole = map[string][]*model.Provenance{}
		earlier := provenanceOfReadings(c.Target.Provenance)
		for t := range c.Target.Groups {
			g := &c.Target.Groups[t]
			if p := earlier[g.ID]; p != nil && len(p.RoleIDs) == 1 && model.SameName(p.Name, g.Name) {
				c.provenanceByRole[p.RoleIDs[0]] = append(c.provenanceByRole[p.RoleIDs[0]], p)
			}
		}
	}
	return c.provenanceByRole[role]
}

// contestRenamedRoles contests pairs by name where the log or an earlier reading shows that two renamed roles passed a
// name on: the target's group may still be that of the role which gave the name up. So it is in a ring, and where a
// group is missing under the new name of that role; if it is there, or all in the ring hold those whom their names ask
// for, OneLogin has made up for the renaming. Groups that carry external ids speak for themselves.
func (c *Comparer) contestRenamedRoles() {
	if c.NotAllGroups() != "" {
		return
	}
	named := c.targetsByName(func(int32) bool { return true })
	had := map[int32]int32{} // by source group: the target group whose name its role had
	for s := range int32(len(c.Source.Groups)) {
		mayBe := func(t int32) bool {
			g := &c.Target.Groups[t]
			return g.ExternalID == "" && len(named[g.Folded()]) == 1 && t != c.Groups.ToTarget[s]
		}
		if t := c.formerGroup(s, named, mayBe); t != model.None {
			had[s] = t
		}
	}
	for s, t := range had {
		_, ring := c.Groups.followClaims(had, s)
		switch {
		case c.Groups.ToTarget[s] == model.None && c.Source.Groups[s].Expectation == model.Expected:
			c.contestChain(had, s)
		case c.Groups.ToTarget[s] != model.None && ring && !c.ringMembersMatch(had, s):
			c.Groups.contestEach(s, t, false)
		}
	}
	c.Groups.sortContests(groupRecords(c.Source.Groups), groupRecords(c.Target.Groups))
}

// ringMembersMatch reports whether all groups of the ring that a source group is in hold exactly those who belong in
// them.
func (c *Comparer) ringMembersMatch(had map[int32]int32, s int32) bool {
	for at := s; ; {
		t, wanted := c.Groups.ToTarget[at], c.membersAtTarget(int(at))
		if t == model.None || len(wanted) == 0 || c.Source.MembersUnknown(at) != "" ||
			c.whyMembersIncomplete(at) != "" || c.Target.MembersUnknown(t) != "" ||
			!slices.Equal(wanted, c.Target.Members.Of(int(t))) {
			return false
		}
		if at = c.Groups.ToSource[had[at]]; at == s {
			return true
		}
	}
}

// contestChain contests the pairs along a chain that begins with a missing group, but for new roles.
func (c *Comparer) contestChain(had map[int32]int32, s int32) {
	p, seen := &c.Groups, map[int32]bool{}
	for at := s; !seen[at]; {
		seen[at] = true
		t, had := had[at]
		if !had {
			return
		}
		holder := p.ToSource[t]
		if at != s && (holder == model.None || c.hasFormerName(holder)) {
			p.claimTarget(at, t)
		}
		if holder == model.None || !c.hasFormerName(holder) {
			return
		}
		p.claimSource(holder, at)
		at = holder
	}
}

// hasFormerName reports whether something shows that the only role of a source group had another name.
func (c *Comparer) hasFormerName(s int32) bool { return len(c.formerNames(s)) > 0 }

// formerNames gives the other group names that earlier readings, and the log, have for the only role of a group.
func (c *Comparer) formerNames(s int32) (out []string) {
	g := &c.Source.Groups[s]
	if len(g.RoleIDs) != 1 {
		return nil
	}
	for _, p := range c.provenanceOfRole(g.RoleIDs[0]) {
		if !model.SameName(p.Name, g.Name) {
			out = append(out, model.Fold(p.Name))
		}
	}
	if c.events.latestRoleUpdate(g.RoleIDs) == nil {
		return out
	}
	for _, e := range c.events.byRole[g.RoleIDs[0]] {
		names := c.namesOf(e.RoleName)
		if slices.Contains(names, model.Fold(g.Name)) {
			continue
		}
		out = append(out, names...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// roleIDEvidence says whose role id the target group of a pair has, and which other group has one of the pair's own
// roles.
func (c *Comparer) roleIDEvidence(s, t int32) (out []model.Evidence) {
	src, tgt := &c.Source.Groups[s], &c.Target.Groups[t]
	for _, i := range c.Groups.Contests[s].Sources {
		other := &c.Source.Groups[i]
		if slices.Contains(other.RoleIDs, tgt.ExternalID) {
			out = append(out, listEvidence("external id at the target is the id of the role", other.Name))
		} else if e := c.formerNameEvidence(i, tgt.Name); e != nil && !model.SameName(other.Name, tgt.Name) {
			out = append(out, *e)
		}
	}
	for _, i := range c.Groups.Contests[s].Targets {
		if other := &c.Target.Groups[i]; slices.Contains(src.RoleIDs, other.ExternalID) {
			out = append(out, listEvidence("the role's id is the external id of the group", other.Name))
		}
	}
	return out
}
