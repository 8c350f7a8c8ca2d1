package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

func (c *Comparer) compareUsers() {
	for s := range int32(len(c.Source.Users)) {
		if !c.Source.Users[s].Assigned {
			continue // only its target record, if any, is of interest
		}
		switch t := c.Users.ToTarget[s]; {
		case t != model.None:
			c.comparePairedUser(s, t)
		case !c.Users.LostSource[s]:
			c.compareAbsentUser(s)
		}
	}
	for t := range int32(len(c.Target.Users)) {
		if s := c.Users.ToSource[t]; !c.Users.LostTarget[t] && (s == model.None || !c.Source.Users[s].Assigned) {
			c.compareLingeringUser(s, t)
		}
	}
}

func (c *Comparer) compareAbsentUser(s int32) {
	u := &c.Source.Users[s]
	switch {
	case u.RollOnly:
		c.markUserUnsettled(s, model.None, u.Unread())
		return
	case !c.TargetRead(model.PartUsers):
		c.markUserUnsettled(s, model.None, c.TargetUnread(model.PartUsers))
		return
	case !u.Active: // absent is as good as inactive
		if since := c.loggedChanges(u); len(since) > 0 {
			c.markUserUnsettled(s, model.None, since[0].Sentence())
		}
		return
	}
	f := c.newFinding(model.UserUnsynced, s, model.None, model.Certain)
	f.Cause, f.Evidence = c.whyUnsynced(u)
	c.addFinding(f)
}

func (c *Comparer) compareLingeringUser(s, t int32) {
	if !c.SourceRead(model.PartUsers) {
		c.markUserUnsettled(s, t, c.SourceUnread(model.PartUsers))
		return
	}
	u := &c.Target.Users[t]
	f := c.newFinding(model.UserLingering, s, t, model.Certain)
	if f.Severity = model.High; !u.Active {
		f.Severity = model.Info
	}
	f.Cause, f.Evidence = c.whyLingering(s, t)
	c.addFinding(f)
}

func (c *Comparer) comparePairedUser(s, t int32) {
	basis := c.Users.Basis[s]
	switch {
	case c.Users.IsLookAlike(s):
		c.compareLookAlikeUser(s, t)
		return
	case c.Source.Users[s].RollOnly:
		c.markUserUnsettled(s, t, c.Source.Users[s].Unread())
		return
	case !c.IsFirm(s, t), c.Users.IsTied(s) && c.NotAllUsers() != "":
		c.markUserUnsettled(s, t, c.NotAllUsers())
		return
	}
	c.addUserDuplicate(s, t)
	if c.Users.IsTied(s) {
		return
	}
	sure := model.Certain
	if basis == BasisEmail || c.NotAllUsers() != "" {
		sure = model.Likely
	}
	if since := c.loggedChanges(&c.Source.Users[s]); len(since) > 0 {
		c.markUserUnsettled(s, t, since[0].Sentence())
	} else {
		c.verdicts.set(&c.verdicts.users, s, t, Verdict{Relation: model.Same, Confidence: sure})
	}
	c.compareActive(s, t, sure)
	c.compareUserName(s, t, sure)
	c.compareUserFields(s, t, sure)
}

// NotAllUsers says why the users of either side were not all read; "" if they were. A missing row could hold a stronger
// match for a pair.
func (c *Comparer) NotAllUsers() string {
	return cmp.Or(c.SourceUnread(model.PartUsers), c.TargetUnread(model.PartUsers))
}

// IsFirm reports whether no unread row could hold a stronger match for a pair: both lists are complete, or the external
// id matched, or the userName did and the target names nobody else. A look-alike is no match at all.
func (c *Comparer) IsFirm(s, t int32) bool {
	basis := c.Users.Basis[s]
	if c.Users.IsLookAlike(s) {
		return false
	}
	return basis == BasisExternalID || basis == BasisUserName && c.Target.Users[t].ExternalID == "" ||
		c.NotAllUsers() == ""
}

func (c *Comparer) addUserDuplicate(s, t int32) {
	if c.Users.Contests[s] == nil || c.NotAllUsers() != "" {
		return // a row that was not read may be whom the claimants mean
	}
	c.addDuplicate(c.newFinding(model.UserDuplicate, s, t, model.Certain), &c.Users,
		func(i int32) string { return c.Source.Users[i].Called() },
		func(i int32) string { return c.Target.Users[i].Called() }, c.collisionEvidence(s, t))
}

func (c *Comparer) compareActive(s, t int32, sure model.Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	if src.Active == tgt.Active || !c.Options.Fields.Has(model.FieldActive) ||
		c.Target.Unreadable.Has(model.FieldActive) {
		return
	}
	var f model.Finding
	if tgt.Active {
		f = c.newFinding(model.UserStillActive, s, t, sure)
		f.Cause, f.Evidence = c.whyStillActive(src)
		if c.Users.Contests[s] != nil { // switching the record off may hit whoever else claims it
			f.Blocked = "another record claims to be this user too"
		}
	} else {
		f = c.newFinding(model.UserInactive, s, t, sure)
		f.Cause, f.Evidence = c.pushFailureCause(src.ID, reactivateAttempt)
	}
	c.addFinding(f)
}

func (c *Comparer) compareUserName(s, t int32, sure model.Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	if model.SameName(src.UserName, tgt.UserName) || c.userNameHeldByClaimant(s) {
		return
	}
	f := c.newFinding(model.UserRenamed, s, t, sure)
	f.Fields = []model.FieldDiff{{Name: model.FieldUserName, Source: src.UserName, Target: tgt.UserName}}
	if differ := c.differingFields(src, tgt); slices.Contains(differ, model.FieldEmails) {
		f.Fields = append(f.Fields, model.FieldDiff{
			Name: model.FieldEmails.String(), Source: src.Email, Target: tgt.Email,
		})
	}
	f.Cause, f.Evidence = c.whyChanged(&f)
	// Of a name that only looks like the one to write, nothing short of the id says whose it is.
	if c.Users.Basis[f.Source] != BasisExternalID && model.LookAlike(src.UserName, tgt.UserName) {
		f.Blocked = lookAlikeReason
	}
	c.addFinding(f)
}

// userNameHeldByClaimant: the wanted userName belongs to another target record that claims the same user, or to one
// with whom the user swaps it. The duplicate says all there is to say; a rename would run into that record.
func (c *Comparer) userNameHeldByClaimant(s int32) bool {
	contest := c.Users.Contests[s]
	return contest != nil && slices.ContainsFunc(contest.Targets, func(t int32) bool {
		return model.SameName(c.Target.Users[t].UserName, c.Source.Users[s].UserName)
	})
}

func (c *Comparer) compareUserFields(s, t int32, sure model.Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	differ := c.differingFields(src, tgt)
	if !model.SameName(src.UserName, tgt.UserName) { // the address is part of the rename
		differ = slices.DeleteFunc(differ, func(field model.Field) bool { return field == model.FieldEmails })
	}
	if len(differ) == 0 {
		return
	}
	f := c.newFinding(model.UserAttributes, s, t, sure)
	for _, field := range differ {
		f.Fields = append(f.Fields, model.FieldDiff{
			Name: field.String(), Source: src.Value(field), Target: tgt.Value(field),
		})
	}
	f.Cause, f.Evidence = c.whyChanged(&f)
	c.addFinding(f)
}

// differingFields lists the compared text fields whose values differ beyond case and surrounding space.
func (c *Comparer) differingFields(src, tgt *model.User) []model.Field {
	var out []model.Field
	for field := range model.FieldActive {
		unsaid := c.Target.Unreadable.Has(field) || field == model.FieldEmails && tgt.EmailUnsure
		if c.Options.Fields.Has(field) && !unsaid && !model.SameName(src.Value(field), tgt.Value(field)) {
			out = append(out, field)
		}
	}
	return out
}
