package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

func (c *Comparer) compareGroups() {
	for s := range int32(len(c.Source.Groups)) {
		switch t := c.Groups.ToTarget[s]; {
		case t != model.None:
			c.comparePairedGroup(s, t)
		case !c.Groups.LostSource[s]:
			c.compareAbsentGroup(s)
		}
	}
	c.proofs = c.indexProofs()
	for t := range int32(len(c.Target.Groups)) {
		if c.Groups.ToSource[t] == model.None && !c.Groups.LostTarget[t] {
			c.compareTargetOnlyGroup(t)
		}
	}
}

func (c *Comparer) comparePairedGroup(s, t int32) {
	contest := c.Groups.Contests[s]
	src, tgt := &c.Source.Groups[s], &c.Target.Groups[t]
	switch {
	case contest == nil && model.SameName(src.Name, tgt.Name):
		return
	case c.NotAllGroups() != "":
		// A row that was not read may bear the name, and then the external id means another group.
		c.markGroupUnsettled(s, t, c.NotAllGroups())
		return
	case contest != nil: // which of the claimants is meant is for the operator to say
		c.addDuplicate(c.newFinding(model.GroupDuplicate, s, t, model.Certain), &c.Groups,
			func(i int32) string { return c.Source.Groups[i].Name },
			func(i int32) string { return c.Target.Groups[i].Name }, c.roleIDEvidence(s, t))
		return
	}
	f := c.newFinding(model.GroupRenamed, s, t, model.Certain)
	f.Fields = []model.FieldDiff{{Name: "displayName", Source: src.Name, Target: tgt.Name}}
	if c.Groups.IsLookAlike(s) {
		c.addLookAlike(f)
		return
	}
	f.Cause, f.Evidence = c.whyRenamed(s, t)
	if c.Groups.Basis[s] == BasisRename {
		f.Confidence = model.Likely
	}
	if c.Groups.Basis[s] != BasisExternalID && model.LookAlike(src.Name, tgt.Name) {
		f.Blocked = lookAlikeReason
	}
	c.addFinding(f)
}

// NotAllGroups says why the groups of either side were not all read; "" if they were. A missing row may hold a match
// stronger than an id.
func (c *Comparer) NotAllGroups() string {
	return cmp.Or(c.SourceUnread(model.PartGroups), c.TargetUnread(model.PartGroups))
}

func (c *Comparer) compareAbsentGroup(s int32) {
	switch {
	case c.Target.Coverage[model.PartGroups].State == model.Skipped:
		c.verdicts.set(&c.verdicts.groups, s, model.None,
			unsettled("the groups of the target are left out: it has none, or none are to be read"))
	case !c.TargetRead(model.PartGroups):
		c.markGroupUnsettled(s, model.None, c.TargetUnread(model.PartGroups))
	case c.Source.Groups[s].Expectation == model.Allowed:
	case c.Source.Groups[s].Expectation != model.Expected:
		c.markGroupUnsettled(s, model.None, "whether anybody is in it could not be read")
	default:
		f := c.newFinding(model.GroupMissing, s, model.None, model.Certain)
		f.Members = c.UserNames(c.Source.Users, c.Source.Members.Of(int(s)))
		f.MembersUnknown = cmp.Or(c.Source.MembersUnknown(s), c.whyMembersIncomplete(s),
			c.SourceUnread(model.PartUsers))
		f.Cause, f.Evidence = c.whyMissing(s)
		c.addFinding(f)
	}
}

// compareTargetOnlyGroup is a target group that nothing at the source yields: lingering if it was proven provisioned,
// or unclaimed.
func (c *Comparer) compareTargetOnlyGroup(t int32) {
	g, proofs := &c.Target.Groups[t], c.proofs
	_, carriesRole := proofs.roleByID[g.ExternalID]
	if !c.SourceRead(model.PartGroups) || carriesRole && !c.TargetRead(model.PartGroups) {
		// A role not read could yield it, or a group not read could prove that its external id pairs it.
		c.markGroupUnsettled(model.None, t, c.NotAllGroups())
		return
	}
	f := c.newFinding(model.GroupLingering, model.None, t, model.Certain)
	f.Members, f.MembersUnknown = c.UserNames(c.Target.Users, c.Target.Members.Of(int(t))), c.Target.MembersUnknown(t)
	if !c.Source.Coverage[model.PartRules].Settled() {
		f.Confidence = model.Likely // a rule that could not be read may name it
	}
	var proven bool
	f.Cause, f.Evidence, proven = proofs.bestProof(g)
	if f.Cause == model.CauseUnknown && proofs.isWeak(g) && proofs.roleByName[model.Fold(g.Name)] == nil {
		f.Confidence = min(f.Confidence, model.Likely)
	}
	if f.Cause == model.CauseUnknown && slices.Contains(c.Source.App.RoleIDs, g.ExternalID) {
		// The app may go on naming a deleted role, but no event says that this one was.
		f.Confidence = min(f.Confidence, model.Likely)
		f.Evidence = append(f.Evidence, evidenceAgainst(whereApp, "it still names the role whose id the group carries:",
			g.ExternalID))
	}
	if !proven {
		f.Kind, f.Cause = model.GroupUnclaimed, model.CauseNoProof
		if !c.SourceRead(model.PartEvents) {
			f.Confidence = model.Unsure
		}
	}
	assigned := c.Target.Assignments[g.ID].List
	if len(assigned) > 0 && f.Kind == model.GroupLingering {
		f.Severity = model.Critical // it opens accounts
	}
	for _, name := range model.AssignmentNames(assigned) {
		f.Evidence = append(f.Evidence, listEvidence(model.EvidenceAssignment, name))
	}
	c.addFinding(f)
}

// UserNames gives the names of some users, in the order in which people look for them.
func (c *Comparer) UserNames(users []model.User, indices []int32) []string {
	if len(indices) == 0 {
		return nil
	}
	names := make([]string, 0, len(indices))
	for _, i := range indices {
		names = append(names, users[i].Called())
	}
	slices.SortFunc(names, model.ByFolded)
	return names
}
