package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// Verdict is the verdict on one record or membership: what it is, how sure that is, and why it is not known where it is
// not. Kind is that of the finding that says so; empty where none does.
type Verdict struct {
	Relation   model.Relation
	Confidence model.Confidence
	Kind       model.Kind
	Why        string
	// membersOpen is why it is open who is in a group, beside what is known of it; else empty.
	membersOpen string
}

// onlyMembersOpen: nothing but who is in the group is open, and those whom both sides show are in it.
func (v *Verdict) onlyMembersOpen() bool {
	return v.Relation == model.Unsettled && v.membersOpen != "" && v.Why == v.membersOpen
}

func unsettled(why string) Verdict { return Verdict{Relation: model.Unsettled, Why: why} }

// verdicts holds the verdict on every record, by its index on each side. Most agree, and share one.
type verdicts struct {
	users, groups [2][]*Verdict // of source and target
}

// set gives the verdict on a record or a pair; s or t may be None.
func (v *verdicts) set(of *[2][]*Verdict, s, t int32, p Verdict) {
	for side, at := range [2]int32{s, t} {
		if at != model.None && *of[side][at] != p {
			other := p
			of[side][at] = &other
		}
	}
}

// initVerdicts takes every record for one that agrees; what follows says otherwise.
func (c *Comparer) initVerdicts() {
	same := func(n int, sure model.Confidence) []*Verdict {
		return slices.Repeat([]*Verdict{{Relation: model.Same, Confidence: sure}}, n)
	}
	groups := model.Certain
	if c.Source.Origin == rules.FromRolesInstead {
		groups = model.Likely // a rule could say otherwise of every group
	}
	c.verdicts.users = [2][]*Verdict{same(len(c.Source.Users), model.Certain), same(len(c.Target.Users), model.Certain)}
	c.verdicts.groups = [2][]*Verdict{same(len(c.Source.Groups), groups), same(len(c.Target.Groups), groups)}
}

func (c *Comparer) markUserUnsettled(s, t int32, why string) {
	c.verdicts.set(&c.verdicts.users, s, t, unsettled(why))
}

func (c *Comparer) markGroupUnsettled(s, t int32, why string) {
	c.verdicts.set(&c.verdicts.groups, s, t, unsettled(why))
}

// settleVerdicts gives every record with a finding the verdict of its worst one, and the losers of pairs theirs.
func (c *Comparer) settleVerdicts() {
	c.weakenDeniedClaims()
	for i := len(c.Findings) - 1; i >= 0; i-- { // from the mildest on, so that the worst stays
		c.recordVerdict(&c.Findings[i])
	}
	c.settleLosers(&c.verdicts.users, model.UserDuplicate, &c.Users, c.NotAllUsers())
	c.unsettleByMembers()
	c.settleLosers(&c.verdicts.groups, model.GroupDuplicate, &c.Groups, c.NotAllGroups())
}

// unsettleByMembers leaves an agreeing pair of groups open where who somebody in it is on the other side is not known.
func (c *Comparer) unsettleByMembers() {
	for s, t := range c.Groups.ToTarget {
		if t == model.None || c.verdicts.groups[0][s].Relation != model.Same {
			continue
		}
		for side, list := range [2][]int32{c.Source.Members.Of(s), c.Target.Members.Of(int(t))} {
			for _, u := range list {
				if v := c.verdicts.users[side][u]; v.Relation == model.Unsettled {
					c.markMembersUnsettled(int32(s), t, "who is in it is open: "+v.Why)
					break
				}
			}
		}
	}
}

// recordVerdict gives the record of a finding its verdict. A lingering user is only at the target, though the source
// knows it.
func (c *Comparer) recordVerdict(f *model.Finding) {
	v := Verdict{Relation: f.Relation(), Confidence: f.Confidence, Kind: f.Kind, Why: f.Contradicted}
	switch {
	case v.Relation == model.Aside:
	case f.Subject.Type == model.SubjectUser:
		c.verdicts.set(&c.verdicts.users, f.Source, f.Target, v)
	default:
		if f.Source != model.None {
			v.membersOpen = c.verdicts.groups[0][f.Source].membersOpen
		}
		c.verdicts.set(&c.verdicts.groups, f.Source, f.Target, v)
	}
}

// settleLosers: who loses a pair claims a record that another one has. Whether that is so is not known while it is not
// known of the pair, nor while a record that was not read may be the one that is meant.
func (c *Comparer) settleLosers(of *[2][]*Verdict, kind model.Kind, pairing *Pairing, unread string) {
	for winner, contest := range pairing.Contests {
		v := Verdict{Relation: model.Differs, Confidence: model.Certain, Kind: kind}
		if won := of[0][winner]; won.Relation == model.Unsettled {
			v = *won
		} else if unread != "" {
			v = unsettled(unread)
		}
		for _, s := range contest.Sources {
			if pairing.LostSource[s] {
				c.verdicts.set(of, s, model.None, v)
			}
		}
		for _, t := range contest.Targets {
			if pairing.LostTarget[t] {
				c.verdicts.set(of, model.None, t, v)
			}
		}
	}
}

// UserVerdict and GroupVerdict give the verdict on a record or a pair, by its indices; one of the two may be None.
func (c *Comparison) UserVerdict(s, t int32) Verdict { return c.verdictAt(c.verdicts.users, s, t) }

// GroupVerdict is UserVerdict for groups.
func (c *Comparison) GroupVerdict(s, t int32) Verdict { return c.verdictAt(c.verdicts.groups, s, t) }

func (c *Comparison) verdictAt(of [2][]*Verdict, s, t int32) Verdict {
	for side, at := range [2]int32{s, t} {
		if at == model.None || int(at) >= len(of[side]) {
			continue
		}
		v := *of[side][at]
		if c.Provisional {
			v.Confidence = model.Unsure
		}
		return v
	}
	return Verdict{Why: "not compared yet"}
}

// MembershipVerdict is the verdict on one user in one group. Each is given by its indices, one of the two may be None;
// in says on which sides the user was read to be in it.
func (c *Comparison) MembershipVerdict(gs, gt, us, ut int32, inSource, inTarget bool) Verdict {
	if !inSource && !inTarget {
		return Verdict{Relation: model.Aside}
	}
	group := c.GroupVerdict(gs, gt)
	if group.onlyMembersOpen() && inSource && inTarget {
		group = Verdict{Relation: model.Same}
	}
	why, sure := c.whyPairUnsettled(group, &c.Groups, gs, gt)
	user, sureOfUser := c.whyPairUnsettled(c.UserVerdict(us, ut), &c.Users, us, ut)
	why, sure = cmp.Or(why, user), min(sure, sureOfUser)
	switch {
	case why != "" || inSource && inTarget:
	case inSource:
		why = c.MembersUnknown(model.None, gt)
	default:
		why = cmp.Or(c.MembersUnknown(gs, model.None), c.whyMayBelong(gs, us))
	}
	switch {
	case why != "":
		return unsettled(why)
	case inSource && inTarget:
		return Verdict{Relation: model.Same, Confidence: sure}
	case inSource:
		return Verdict{Relation: model.OnlySource, Confidence: sure}
	}
	return Verdict{Relation: model.OnlyTarget, Confidence: sure}
}

// whyPairUnsettled says why nothing is said of the memberships of a record, because of the verdict on it or because the
// look of the names alone makes a pair of it; and how sure it is that its two records are one.
func (c *Comparison) whyPairUnsettled(v Verdict, pairing *Pairing, s, t int32) (why string, sure model.Confidence) {
	switch {
	case v.Relation == model.Unsettled:
		return cmp.Or(v.Why, "not known"), model.Unsure
	case s == model.None || t == model.None:
		return "", model.Certain
	case pairing.IsLookAlike(s):
		return lookAlikeReason, model.Unsure
	case pairing.Basis[s] == BasisRename || pairing.Basis[s] == BasisEmail:
		return "", model.Likely
	}
	return "", model.Certain
}

// whyMayBelong says why a user who is not known to belong in a source group may; "" if they do not, or there is none.
func (c *Comparison) whyMayBelong(s, user int32) string {
	switch {
	case s == model.None:
		return ""
	case c.Source.Groups[s].Expectation == model.Undecided:
		return "whether anybody is in it could not be read"
	}
	return cmp.Or(c.Source.WhyMayBelong(s, user), c.SourceUnread(model.PartGroups))
}

// MembersUnknown says why the members of a group or of a pair of groups could not be compared; "" if they were.
func (c *Comparison) MembersUnknown(s, t int32) string {
	why := ""
	if s != model.None {
		why = c.Source.MembersUnknown(s)
	}
	if t != model.None {
		why = cmp.Or(why, c.Target.MembersUnknown(t))
	}
	return why
}
