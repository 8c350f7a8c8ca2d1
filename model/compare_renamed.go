package model

import "slices"

// joinRenamed pairs an expected group that the target lacks with a group under its role's earlier name: the role was
// renamed, says the log, and OneLogin took the new name for a new group. Without external ids at the target nothing else
// tells that from a deleted role and a new one, and deleting the old group would take its assignments with it.
func (c *comparer) joinRenamed() {
	if !c.bothGroupsRead() {
		return // the group under the new name, or who else yields the old one, may be in what was not read
	}
	strays := map[string][]int32{}
	for t := range c.Target.Groups {
		if t := int32(t); c.Groups.ToSource[t] == None && !c.Groups.lostTarget[t] {
			name := Fold(c.Target.Groups[t].Name)
			strays[name] = append(strays[name], t)
		}
	}
	if len(strays) == 0 {
		return
	}
	claims := map[int32][]int32{} // by target group
	for s := range c.Source.Groups {
		s := int32(s)
		if c.Groups.ToTarget[s] != None || c.Groups.lostSource[s] || c.Source.Groups[s].Expectation != Expected {
			continue
		}
		if t, one := c.earlierGroup(s, strays); one {
			claims[t] = append(claims[t], s)
		}
	}
	for t, sources := range claims {
		if len(sources) == 1 {
			c.Groups.join(sources[0], t, BasisRename)
		}
	}
}

// earlierGroup finds the one stray group that carries an earlier name of the group's only role, and no other role's id.
func (c *comparer) earlierGroup(s int32, strays map[string][]int32) (t int32, one bool) {
	g := &c.Source.Groups[s]
	if len(g.RoleIDs) != 1 || c.events.roleUpdated(g.RoleIDs) == nil {
		return None, false
	}
	var found []int32
	for _, e := range c.events.byRole[g.RoleIDs[0]] {
		for _, name := range c.namesOf(e.RoleName) {
			for _, t := range strays[name] {
				carried := c.Target.Groups[t].ExternalID
				if !slices.Contains(found, t) && (carried == "" || carried == g.RoleIDs[0]) {
					found = append(found, t)
				}
			}
		}
	}
	if len(found) != 1 {
		return None, false
	}
	return found[0], true
}

// whyRenamed finds the event that changed the role. Without one it stays open which side was renamed.
func (c *comparer) whyRenamed(s, t int32) (Cause, []Evidence) {
	src, tgt := &c.Source.Groups[s], &c.Target.Groups[t]
	cause, evidence := CauseUnknown, []Evidence(nil)
	if e := c.events.roleUpdated(src.RoleIDs); e != nil {
		cause, evidence = CauseSourceRenamed, append(evidence, e.evidence())
	}
	if c.Groups.Basis[s] == BasisExternalID {
		return cause, append(evidence, Evidence{What: "external id at the target is the role's id", Text: tgt.ExternalID})
	}
	for _, e := range c.events.byRole[src.RoleIDs[0]] {
		if slices.Contains(c.namesOf(e.RoleName), Fold(tgt.Name)) {
			return cause, append(evidence, Evidence{At: e.At, What: e.TypeName(), By: e.Actor, Text: "the role was called " + e.RoleName})
		}
	}
	return cause, evidence
}

// carried says whose role id the target group of a pair has, and which other group has one of the pair's own roles.
func (c *comparer) carried(s, t int32) []Evidence {
	var out []Evidence
	id := c.Target.Groups[t].ExternalID
	for _, other := range c.Groups.Contests[s].Sources {
		if slices.Contains(c.Source.Groups[other].RoleIDs, id) {
			out = append(out, Evidence{What: "external id at the target is the id of the role", Text: c.Source.Groups[other].Name})
		}
	}
	for _, other := range c.Groups.Contests[s].Targets {
		if slices.Contains(c.Source.Groups[s].RoleIDs, c.Target.Groups[other].ExternalID) {
			out = append(out, Evidence{What: "the role's id is the external id of the group", Text: c.Target.Groups[other].Name})
		}
	}
	return out
}
