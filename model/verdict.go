package model

import "slices"

// Relation is what a record or a membership is, seen from both sides.
type Relation uint8

// The relations. The zero value is Unsettled, so that what nobody judged is never taken for equal.
const (
	// Unsettled: what was read does not tell, or contradicts itself.
	Unsettled Relation = iota
	Same
	Differs
	OnlySource
	OnlyTarget
	// Aside: there are no records to compare, as with a finding about a rule or the connection.
	Aside
)

func (r Relation) String() string {
	return [...]string{"unknown", "in-sync", "differs", "source-only", "target-only", ""}[r]
}

// Standpoint is the verdict on one record or membership: what it is, and why that is not known where it is not.
type Standpoint struct {
	Relation Relation
	Why      string
}

// verdicts holds the verdict on every record, by its index on each side; a pair's is the same on both.
type verdicts struct {
	users, groups [2][]Standpoint // of source and target
}

// open says that nothing is said of a record, and why; s or t may be None.
func (v *verdicts) open(of *[2][]Standpoint, s, t int32, why string) {
	v.set(of, s, t, Standpoint{Unsettled, why})
}

func (v *verdicts) set(of *[2][]Standpoint, s, t int32, p Standpoint) {
	for side, at := range [2]int32{s, t} {
		if at != None {
			of[side][at] = p
		}
	}
}

// begin takes every record for one that agrees; what follows says otherwise.
func (c *comparer) begin() {
	same := func(n int) []Standpoint { return slices.Repeat([]Standpoint{{Relation: Same}}, n) }
	c.verdicts.users = [2][]Standpoint{same(len(c.Source.Users)), same(len(c.Target.Users))}
	c.verdicts.groups = [2][]Standpoint{same(len(c.Source.Groups)), same(len(c.Target.Groups))}
}

// openUser and openGroup leave a record unsettled.
func (c *comparer) openUser(s, t int32, why string) {
	c.Unsettled.Users++
	c.verdicts.open(&c.verdicts.users, s, t, why)
}

func (c *comparer) openGroup(s, t int32, why string) {
	c.Unsettled.Groups++
	c.verdicts.open(&c.verdicts.groups, s, t, why)
}

// conclude gives every record with a finding the verdict of its worst one, and the losers of pairs theirs.
func (c *comparer) conclude() {
	for i := len(c.Findings) - 1; i >= 0; i-- { // from the mildest on, so that the worst stays
		f := &c.Findings[i]
		if f.Source == None && f.Target == None {
			continue
		}
		of := &c.verdicts.groups
		if f.Subject.Type == SubjectUser {
			of = &c.verdicts.users
		}
		c.verdicts.set(of, f.Source, f.Target, f.standpoint())
	}
	c.lost(&c.verdicts.users, &c.Users, c.notAllUsers())
	c.lost(&c.verdicts.groups, &c.Groups, c.notAllGroups())
}

// lost gives the losers of pairs their verdict: a duplicate, as far as all claimants were read.
func (c *comparer) lost(of *[2][]Standpoint, p *Pairing, unread string) {
	v := Standpoint{Relation: Differs}
	if unread != "" {
		v = Standpoint{Unsettled, unread}
	}
	for s := range p.lostSource {
		c.verdicts.set(of, s, None, v)
	}
	for t := range p.lostTarget {
		c.verdicts.set(of, None, t, v)
	}
}

// standpoint is what a finding makes of its record. A lingering user is only at the target even where the source still knows it,
// because the app no longer lists it.
func (f *Finding) standpoint() Standpoint {
	if f.Contradicted != "" {
		return Standpoint{Unsettled, f.Contradicted}
	}
	return Standpoint{Relation: f.Relation()}
}

// Relation is what the kind of a finding says of its record.
func (f *Finding) Relation() Relation {
	switch {
	case f.Source == None && f.Target == None:
		return Aside
	case f.Contradicted != "":
		return Unsettled
	}
	switch f.Kind { //nolint:exhaustive // all others are of pairs
	case UserUnsynced, GroupMissing:
		return OnlySource
	case UserLingering, GroupLingering, GroupUnclaimed:
		return OnlyTarget
	}
	return Differs
}

// UserVerdict and GroupVerdict give the verdict on a record or a pair, by its indices; one of the two may be None.
func (c *Comparison) UserVerdict(s, t int32) Standpoint { return standpointOf(c.verdicts.users, s, t) }

// GroupVerdict is UserVerdict for groups.
func (c *Comparison) GroupVerdict(s, t int32) Standpoint {
	return standpointOf(c.verdicts.groups, s, t)
}

func standpointOf(of [2][]Standpoint, s, t int32) Standpoint {
	for side, at := range [2]int32{s, t} {
		if at != None && int(at) < len(of[side]) {
			return of[side][at]
		}
	}
	return Standpoint{Why: "not compared yet"}
}

// MembershipVerdict is the verdict on one user in one group. Each is given by its indices, one of the two may be None; in says on
// which sides the user was read to be in it.
func (c *Comparison) MembershipVerdict(gs, gt, us, ut int32, inSource, inTarget bool) Standpoint {
	switch {
	case inSource && inTarget:
		return Standpoint{Relation: Same}
	case inSource:
		if why := c.unknownAt(&c.Target, gt, ut); why != "" {
			return Standpoint{Unsettled, why}
		}
		return Standpoint{Relation: OnlySource}
	case !inTarget:
		return Standpoint{Relation: Aside}
	}
	why := c.unknownAt(&c.Source.Directory, gs, us)
	if gs != None && why == "" {
		if g := &c.Source.Groups[gs]; g.Expectation == Undecided {
			why = "whether anybody is in it could not be read"
		} else {
			why = g.MembersOpen
		}
	}
	if why != "" {
		return Standpoint{Unsettled, why}
	}
	return Standpoint{Relation: OnlyTarget}
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
	return unreadMembers(d.Groups[group].MembersUnknown, d.Coverage[PartMemberships])
}

// MembersUnknown says why the members of a group or of a pair of groups could not be compared; "" if they were.
func (c *Comparison) MembersUnknown(s, t int32) string {
	if s != None {
		if why := unreadMembers(c.Source.Groups[s].MembersUnknown, c.Source.Coverage[PartMemberships]); why != "" {
			return why
		}
	}
	if t != None {
		return unreadMembers(c.Target.Groups[t].MembersUnknown, c.Target.Coverage[PartMemberships])
	}
	return ""
}
