package model

import "cmp"

// MembershipVerdict is the verdict on one user in one group. Each is given by its indices, one of the two may be None;
// in says on which sides the user was read to be in it.
func (c *Comparison) MembershipVerdict(gs, gt, us, ut int32, inSource, inTarget bool) Verdict {
	if !inSource && !inTarget {
		return Verdict{Relation: Aside}
	}
	group := c.GroupVerdict(gs, gt)
	if group.members && inSource && inTarget {
		group = Verdict{Relation: Same}
	}
	why, sure := c.pairOpen(group, &c.Groups, gs, gt)
	user, sureOfUser := c.pairOpen(c.UserVerdict(us, ut), &c.Users, us, ut)
	why, sure = cmp.Or(why, user), min(sure, sureOfUser)
	switch {
	case why != "" || inSource && inTarget:
	case inSource:
		why = c.unknownAt(&c.Target, gt, ut)
	default:
		why = cmp.Or(c.unknownAt(&c.Source.Directory, gs, us), c.wantedOpen(gs))
	}
	switch {
	case why != "":
		return unsettled(why)
	case inSource && inTarget:
		return Verdict{Relation: Same, Confidence: sure}
	case inSource:
		return Verdict{Relation: OnlySource, Confidence: sure}
	}
	return Verdict{Relation: OnlyTarget, Confidence: sure}
}

// pairOpen says why nothing is said of the memberships of a record, because of the verdict on it or because the look of
// the names alone makes a pair of it; and how sure it is that its two records are one.
func (c *Comparison) pairOpen(v Verdict, pairing *Pairing, s, t int32) (why string, sure Confidence) {
	switch {
	case v.Relation == Unsettled:
		return cmp.Or(v.Why, "not known"), Unsure
	case s == None || t == None:
		return "", Certain
	case pairing.onlyLooks(s):
		return onlyTheLook, Unsure
	case pairing.Basis[s] == BasisRename || pairing.Basis[s] == BasisEmail:
		return "", Likely
	}
	return "", Certain
}

// wantedOpen says why more users than those who are known may belong in a source group; "" if no more do, or if there
// is none.
func (c *Comparison) wantedOpen(s int32) string {
	switch {
	case s == None:
		return ""
	case c.Source.Groups[s].Expectation == Undecided:
		return "whether anybody is in it could not be read"
	}
	return cmp.Or(c.Source.Groups[s].MembersOpen, notAll(AtSource, c.Source.Coverage, PartGroups))
}

// unknownAt says why it is not known at a side whether a user is in a group; "" if it is known.
func (c *Comparison) unknownAt(d *Directory, group, user int32) string {
	switch {
	case group == None && !d.Coverage[PartGroups].Complete():
		return "not all groups were read: " + d.Coverage[PartGroups].String()
	case user == None && !d.Coverage[PartUsers].Complete():
		return "not all users were read: " + d.Coverage[PartUsers].String()
	case group == None:
		return ""
	}
	return d.MembersUnknown(group)
}

// MembersUnknown says why the members of a group are not known; "" if they are.
func (d *Directory) MembersUnknown(group int32) string {
	return unreadMembers(d.Groups[group].MembersUnknown, d.Coverage[PartMemberships])
}

// MembersUnknown says why the members of a group or of a pair of groups could not be compared; "" if they were.
func (c *Comparison) MembersUnknown(s, t int32) string {
	why := ""
	if s != None {
		why = c.Source.MembersUnknown(s)
	}
	if t != None {
		why = cmp.Or(why, c.Target.MembersUnknown(t))
	}
	return why
}
