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

// Verdict is the verdict on one record or membership: what it is, how sure that is, and why it is not known where it is
// not. Kind is that of the finding that says so; empty where none does.
type Verdict struct {
	Relation   Relation
	Confidence Confidence
	Kind       Kind
	Why        string
	// members: nothing but who is in the group is open, and those whom both sides show are in it.
	members bool
}

// unsettled is the verdict on what is not known, with the reason.
func unsettled(why string) Verdict { return Verdict{Relation: Unsettled, Why: why} }

// verdicts holds the verdict on every record, by its index on each side; a pair's is the same on both.
type verdicts struct {
	users, groups [2][]Verdict // of source and target
}

// open says that nothing is said of a record, and why; s or t may be None.
func (v *verdicts) open(of *[2][]Verdict, s, t int32, why string) {
	v.set(of, s, t, unsettled(why))
}

func (v *verdicts) set(of *[2][]Verdict, s, t int32, p Verdict) {
	for side, at := range [2]int32{s, t} {
		if at != None {
			of[side][at] = p
		}
	}
}

// begin takes every record for one that agrees; what follows says otherwise.
func (c *comparer) begin() {
	same := func(n int, sure Confidence) []Verdict {
		return slices.Repeat([]Verdict{{Relation: Same, Confidence: sure}}, n)
	}
	groups := Certain
	if c.Source.Origin == FromRolesInstead {
		groups = Likely // a rule could say otherwise of every group
	}
	c.verdicts.users = [2][]Verdict{same(len(c.Source.Users), Certain), same(len(c.Target.Users), Certain)}
	c.verdicts.groups = [2][]Verdict{same(len(c.Source.Groups), groups), same(len(c.Target.Groups), groups)}
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
		c.rule(&c.Findings[i])
	}
	c.lost(&c.verdicts.users, UserDuplicate, &c.Users, c.notAllUsers(), &c.Unsettled.Users)
	c.openByMembers()
	c.lost(&c.verdicts.groups, GroupDuplicate, &c.Groups, c.notAllGroups(), &c.Unsettled.Groups)
}

// openByMembers leaves a pair of groups open that agrees but for somebody of whom it is not known who they are on the
// other side.
func (c *comparer) openByMembers() {
	for s, t := range c.Groups.ToTarget {
		if t == None || c.verdicts.groups[0][s].Relation != Same {
			continue
		}
		for side, list := range [2][]int32{c.Source.Members.Of(s), c.Target.Members.Of(int(t))} {
			for _, u := range list {
				if v := &c.verdicts.users[side][u]; v.Relation == Unsettled {
					c.openMembers(int32(s), t, "who is in it is open: "+v.Why)
					break
				}
			}
		}
	}
}

// rule gives the record of a finding its verdict. A lingering user is only at the target even where the source still
// knows it, because the app no longer lists it.
func (c *comparer) rule(f *Finding) {
	v := Verdict{Relation: f.Relation(), Confidence: f.Confidence, Kind: f.Kind, Why: f.Contradicted}
	switch {
	case v.Relation == Aside:
	case f.Subject.Type == SubjectUser:
		c.verdicts.set(&c.verdicts.users, f.Source, f.Target, v)
	default:
		c.verdicts.set(&c.verdicts.groups, f.Source, f.Target, v)
	}
}

// lost: who loses a pair claims a record that another one has. Whether that is so is not known while it is not known of
// the pair, nor while a record that was not read may be the one that is meant.
func (c *comparer) lost(of *[2][]Verdict, kind Kind, pairing *Pairing, unread string, open *int) {
	for winner, contest := range pairing.Contests {
		v := Verdict{Relation: Differs, Confidence: Certain, Kind: kind}
		if won := of[0][winner]; won.Relation == Unsettled {
			v = won
		} else if unread != "" {
			v = unsettled(unread)
		}
		give := func(s, t int32) {
			c.verdicts.set(of, s, t, v)
			if v.Relation == Unsettled {
				*open++
			}
		}
		for _, s := range contest.Sources {
			if pairing.lostSource[s] {
				give(s, None)
			}
		}
		for _, t := range contest.Targets {
			if pairing.lostTarget[t] {
				give(None, t)
			}
		}
	}
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
func (c *Comparison) UserVerdict(s, t int32) Verdict { return verdictAt(c.verdicts.users, s, t) }

// GroupVerdict is UserVerdict for groups.
func (c *Comparison) GroupVerdict(s, t int32) Verdict {
	return verdictAt(c.verdicts.groups, s, t)
}

func verdictAt(of [2][]Verdict, s, t int32) Verdict {
	for side, at := range [2]int32{s, t} {
		if at != None && int(at) < len(of[side]) {
			return of[side][at]
		}
	}
	return Verdict{Why: "not compared yet"}
}
