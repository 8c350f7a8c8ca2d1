package model

import (
	"cmp"
	"slices"
)

func (c *comparer) users() {
	for s := range c.Source.Users {
		s := int32(s)
		if !c.Source.Users[s].Assigned {
			continue // only its target record, if any, is of interest
		}
		switch t := c.Users.ToTarget[s]; {
		case t != None:
			c.pairedUser(s, t)
		case !c.Users.lostSource[s]:
			c.absentUser(s)
		}
	}
	for t := range c.Target.Users {
		t := int32(t)
		if s := c.Users.ToSource[t]; !c.Users.lostTarget[t] && (s == None || !c.Source.Users[s].Assigned) {
			c.lingeringUser(s, t)
		}
	}
}

// bothUsersRead: a missing row on either side could hold a stronger match and so disprove a pair.
func (c *comparer) bothUsersRead() bool { return c.source(PartUsers) && c.target(PartUsers) }

func (c *comparer) absentUser(s int32) {
	u := &c.Source.Users[s]
	switch {
	case u.RollOnly:
		c.openUser(s, None, u.unread())
		return
	case !c.target(PartUsers):
		c.openUser(s, None, notAll(AtTarget, c.Target.Coverage, PartUsers))
		return
	case !u.Active:
		return // absent is as good as inactive
	}
	f := Finding{Kind: UserUnsynced, Confidence: Certain, Subject: c.UserSubject(s, None), Source: s, Target: None}
	f.Cause, f.Evidence = c.whyUnsynced(u)
	c.add(f)
}

func (c *comparer) lingeringUser(s, t int32) {
	if !c.source(PartUsers) {
		c.openUser(s, t, notAll(AtSource, c.Source.Coverage, PartUsers))
		return
	}
	u := &c.Target.Users[t]
	f := Finding{
		Kind: UserLingering, Severity: High, Confidence: Certain, Subject: c.UserSubject(s, t), Source: s,
		Target: t,
	}
	if !u.Active {
		f.Severity = Info
	}
	f.Cause, f.Evidence = c.whyLingering(s, t)
	c.add(f)
}

func (c *comparer) pairedUser(s, t int32) {
	basis := c.Users.Basis[s]
	switch {
	case c.Users.onlyLooks(s):
		c.lookAlikeUser(s, t)
		return
	case c.Source.Users[s].RollOnly:
		c.openUser(s, t, c.Source.Users[s].unread())
		return
	case !c.firm(s, t), c.Users.tied(s) && !c.bothUsersRead():
		c.openUser(s, t, c.notAllUsers())
		return
	}
	c.userContest(s, t)
	if c.Users.tied(s) {
		return
	}
	sure := Certain
	if basis == BasisEmail || !c.bothUsersRead() {
		sure = Likely
	}
	c.verdicts.set(&c.verdicts.users, s, t, Verdict{Relation: Same, Confidence: sure})
	c.userState(s, t, sure)
	c.userName(s, t, sure)
	c.userFields(s, t, sure)
}

// ofPair begins a finding about a pair of users.
func (c *comparer) ofPair(kind Kind, s, t int32, sure Confidence) Finding {
	return Finding{Kind: kind, Confidence: sure, Subject: c.UserSubject(s, t), Source: s, Target: t}
}

// unread says what is not known of a user of whom only the app's list speaks.
func (u *User) unread() string {
	if u.Standing != "" {
		return "OneLogin says " + u.Standing + ", documented nowhere"
	}
	return "the details of the user could not be read at the source"
}

func (c *comparer) notAllUsers() string {
	return cmp.Or(notAll(AtSource, c.Source.Coverage, PartUsers), notAll(AtTarget, c.Target.Coverage, PartUsers))
}

// firm reports whether no row that was not read could hold a stronger match for either record of a pair: both lists are
// complete, or the external id itself matched, or the userName did and the target names nobody else. A name that only
// looks alike is no match at all.
func (c *comparer) firm(s, t int32) bool {
	basis := c.Users.Basis[s]
	if c.Users.onlyLooks(s) {
		return false
	}
	return c.bothUsersRead() || basis == BasisExternalID || basis == BasisUserName && c.Target.Users[t].ExternalID == ""
}

func (c *comparer) userContest(s, t int32) {
	contest := c.Users.Contests[s]
	if contest == nil || !c.bothUsersRead() {
		return // a row that was not read may be whom the claimants mean
	}
	f := Finding{
		Kind: UserDuplicate, Confidence: Certain, Cause: CauseDuplicate, Subject: c.UserSubject(s, t), Source: s,
		Target: t,
	}
	for _, other := range contest.Sources {
		f.Members = append(f.Members, c.Source.Users[other].Called())
	}
	for _, other := range contest.Targets {
		f.Members = append(f.Members, c.Target.Users[other].Called())
	}
	slices.Sort(f.Members)
	f.Members = slices.Compact(f.Members)
	f.Evidence = append([]Evidence{{What: "matched by " + c.Users.Basis[s].String()}}, c.collisions(s, t)...)
	c.add(f)
}

func (c *comparer) userState(s, t int32, sure Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	if src.Active == tgt.Active || !c.opts.Fields.Has(FieldActive) || c.Target.Unreadable.Has(FieldActive) {
		return
	}
	var f Finding
	if tgt.Active {
		f = c.ofPair(UserStillActive, s, t, sure)
		f.Cause, f.Evidence = c.whyStillActive(src)
	} else {
		f = c.ofPair(UserInactive, s, t, sure)
		f.Cause, f.Evidence = c.trouble(src.ID, reactivateFailed)
	}
	c.add(f)
}

func (c *comparer) userName(s, t int32, sure Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	if SameName(src.UserName, tgt.UserName) || c.heldByClaimant(s) {
		return
	}
	f := c.ofPair(UserRenamed, s, t, sure)
	f.Fields = []FieldDiff{{Name: fieldUserName, Source: src.UserName, Target: tgt.UserName}}
	if differ := c.differing(src, tgt); slices.Contains(differ, FieldEmails) {
		f.Fields = append(f.Fields, FieldDiff{Name: FieldEmails.String(), Source: src.Email, Target: tgt.Email})
	}
	f.Cause, f.Evidence = c.whyChanged(&f)
	// Of a name that only looks like the one to write, nothing short of the id says whose it is.
	if c.Users.Basis[f.Source] != BasisExternalID && LookAlike(src.UserName, tgt.UserName) {
		f.Blocked = onlyTheLook
	}
	c.add(f)
}

// heldByClaimant: the wanted userName belongs to another target record that claims the same user, or to one with whom
// the user swaps it. The duplicate says all there is to say; a rename would run into that record.
func (c *comparer) heldByClaimant(s int32) bool {
	contest := c.Users.Contests[s]
	return contest != nil && slices.ContainsFunc(contest.Targets, func(t int32) bool {
		return SameName(c.Target.Users[t].UserName, c.Source.Users[s].UserName)
	})
}

func (c *comparer) userFields(s, t int32, sure Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	differ := c.differing(src, tgt)
	if !SameName(src.UserName, tgt.UserName) { // the address is part of the rename
		differ = slices.DeleteFunc(differ, func(field Field) bool { return field == FieldEmails })
	}
	if len(differ) == 0 {
		return
	}
	f := c.ofPair(UserAttributes, s, t, sure)
	for _, field := range differ {
		f.Fields = append(f.Fields, FieldDiff{Name: field.String(), Source: src.value(field), Target: tgt.value(field)})
	}
	f.Cause, f.Evidence = c.whyChanged(&f)
	c.add(f)
}

// differing lists the compared text fields whose values differ beyond case and surrounding space.
func (c *comparer) differing(src, tgt *User) []Field {
	var out []Field
	for field := range FieldActive {
		unsaid := c.Target.Unreadable.Has(field) || field == FieldEmails && tgt.EmailUnsure
		if c.opts.Fields.Has(field) && !unsaid && !SameName(src.value(field), tgt.value(field)) {
			out = append(out, field)
		}
	}
	return out
}

// byFolded orders raw names the way people look for them, and names that fold alike by their bytes.
func byFolded(a, b string) int { return cmp.Or(cmp.Compare(Fold(a), Fold(b)), cmp.Compare(a, b)) }
