package model

import (
	"cmp"
	"slices"
)

func (c *comparer) groups() {
	for s := range c.Source.Groups {
		s := int32(s)
		switch t := c.Groups.ToTarget[s]; {
		case t != None:
			c.pairedGroup(s, t)
		case !c.Groups.lostSource[s]:
			c.absentGroup(s)
		}
	}
	c.proofs = c.indexProofs()
	for t := range c.Target.Groups {
		t := int32(t)
		if c.Groups.ToSource[t] == None && !c.Groups.lostTarget[t] {
			c.strayGroup(t)
		}
	}
}

func (c *comparer) pairedGroup(s, t int32) {
	contest := c.Groups.Contests[s]
	src, tgt := &c.Source.Groups[s], &c.Target.Groups[t]
	switch {
	case contest == nil && SameName(src.Name, tgt.Name):
		return
	case !c.bothGroupsRead(): // a row that was not read may bear the name, and then the external id means another group
		c.openGroup(s, t, c.notAllGroups())
		return
	case contest != nil:
		c.groupContest(s, t, contest)
		return // which of the claimants is meant is for the operator to say
	case c.Groups.onlyLooks(s):
		c.lookAlikeGroup(s, t)
		return
	}
	f := Finding{
		Kind: GroupRenamed, Confidence: Certain, Subject: c.GroupSubject(s, t), Source: s, Target: t,
		Fields: []FieldDiff{{Name: "displayName", Source: src.Name, Target: tgt.Name}},
	}
	f.Cause, f.Evidence = c.whyRenamed(s, t)
	if c.Groups.Basis[s] == BasisRename {
		f.Confidence = Likely
	}
	if c.Groups.Basis[s] != BasisExternalID && LookAlike(src.Name, tgt.Name) {
		f.Blocked = onlyTheLook
	}
	c.add(f)
}

// bothGroupsRead: a missing row on either side could hold a stronger match and so disprove a pair that is not by name.
func (c *comparer) bothGroupsRead() bool { return c.source(PartGroups) && c.target(PartGroups) }

func (c *comparer) notAllGroups() string {
	return cmp.Or(notAll(AtSource, c.Source.Coverage, PartGroups), notAll(AtTarget, c.Target.Coverage, PartGroups))
}

func (c *comparer) groupContest(s, t int32, contest *Contest) {
	f := Finding{
		Kind: GroupDuplicate, Confidence: Certain, Cause: CauseDuplicate, Subject: c.GroupSubject(s, t), Source: s,
		Target: t,
	}
	for _, other := range contest.Sources {
		f.Members = append(f.Members, c.Source.Groups[other].Name)
	}
	for _, other := range contest.Targets {
		f.Members = append(f.Members, c.Target.Groups[other].Name)
	}
	slices.Sort(f.Members)
	f.Members = slices.Compact(f.Members) // of two that swap names each is on both sides
	f.Evidence = append([]Evidence{{What: "matched by " + c.Groups.Basis[s].String()}}, c.carried(s, t)...)
	c.add(f)
}

func (c *comparer) absentGroup(s int32) {
	switch {
	case c.Target.Coverage[PartGroups].State == Skipped:
		c.verdicts.open(&c.verdicts.groups, s, None,
			"the groups of the target are left out: it has none, or none are to be read")
	case !c.target(PartGroups):
		c.openGroup(s, None, notAll(AtTarget, c.Target.Coverage, PartGroups))
	case c.Source.Groups[s].Expectation == Allowed:
	case c.Source.Groups[s].Expectation != Expected:
		c.openGroup(s, None, "whether anybody is in it could not be read")
	default:
		f := Finding{Kind: GroupMissing, Confidence: Certain, Subject: c.GroupSubject(s, None), Source: s, Target: None}
		f.Members = c.userNames(c.Source.Users, c.Source.Members.Of(int(s)))
		f.Cause, f.Evidence = c.whyMissing(s)
		c.add(f)
	}
}

// strayGroup is a target group that nothing at the source yields: lingering with proof that it was provisioned, else
// unclaimed.
func (c *comparer) strayGroup(t int32) {
	g, proofs := &c.Target.Groups[t], c.proofs
	_, carriesRole := proofs.roleByID[g.ExternalID]
	if !c.source(PartGroups) || carriesRole && !c.target(PartGroups) {
		// A role not read could yield it, or a group not read could prove that its external id pairs it.
		c.openGroup(None, t, c.notAllGroups())
		return
	}
	f := Finding{
		Kind: GroupLingering, Confidence: Certain, Subject: c.GroupSubject(None, t), Source: None, Target: t,
		Members: c.userNames(c.Target.Users, c.Target.Members.Of(int(t))), MembersUnknown: g.MembersUnknown,
	}
	if !c.settled(PartRules) {
		f.Confidence = Likely // a rule that could not be read may name it
	}
	var proven bool
	f.Cause, f.Evidence, proven = proofs.of(g)
	if f.Cause == CauseUnknown && proofs.made(g) && proofs.roleByName[Fold(g.Name)] == nil {
		f.Confidence = min(f.Confidence, Likely)
	}
	if !proven {
		f.Kind, f.Cause = GroupUnclaimed, CauseNoProof
		if !c.source(PartEvents) {
			f.Confidence = Unsure
		}
	}
	assigned := c.Target.Assignments[g.ID].List
	if len(assigned) > 0 && f.Kind == GroupLingering {
		f.Severity = Critical // it opens accounts
	}
	for _, name := range AssignmentNames(assigned) {
		f.Evidence = append(f.Evidence, Evidence{What: EvidenceAssignment, Text: name})
	}
	c.add(f)
}

// EvidenceAssignment is what a finding says of an account assignment; its text names permission set and account.
const EvidenceAssignment = "account assignment"

// assigned: account assignments hang on the finding's group.
func (f *Finding) assigned() bool {
	return slices.ContainsFunc(f.Evidence, func(e Evidence) bool { return e.What == EvidenceAssignment })
}

// userNames gives the names of some users, in the order in which people look for them.
func (c *comparer) userNames(users []User, indices []int32) []string {
	if len(indices) == 0 {
		return nil
	}
	names := make([]string, 0, len(indices))
	for _, i := range indices {
		names = append(names, users[i].Called())
	}
	slices.SortFunc(names, byFolded)
	return names
}
