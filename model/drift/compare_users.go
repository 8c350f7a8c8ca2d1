package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

func (c *Comparer) users() {
	for s := range int32(len(c.Source.Users)) {
		if !c.Source.Users[s].Assigned {
			continue // only its target record, if any, is of interest
		}
		switch t := c.Users.ToTarget[s]; {
		case t != model.None:
			c.pairedUser(s, t)
		case !c.Users.LostSource[s]:
			c.absentUser(s)
		}
	}
	for t := range int32(len(c.Target.Users)) {
		if s := c.Users.ToSource[t]; !c.Users.LostTarget[t] && (s == model.None || !c.Source.Users[s].Assigned) {
			c.lingeringUser(s, t)
		}
	}
}

func (c *Comparer) absentUser(s int32) {
	u := &c.Source.Users[s]
	switch {
	case u.RollOnly:
		c.openUser(s, model.None, u.Unread())
		return
	case !c.TargetRead(model.PartUsers):
		c.openUser(s, model.None, c.TargetUnread(model.PartUsers))
		return
	case !u.Active: // absent is as good as inactive
		if since := c.overtaken(u); len(since) > 0 {
			c.openUser(s, model.None, since[0].Sentence())
		}
		return
	}
	f := c.of(model.UserUnsynced, s, model.None, model.Certain)
	f.Cause, f.Evidence = c.whyUnsynced(u)
	c.add(f)
}

func (c *Comparer) lingeringUser(s, t int32) {
	if !c.SourceRead(model.PartUsers) {
		c.openUser(s, t, c.SourceUnread(model.PartUsers))
		return
	}
	u := &c.Target.Users[t]
	f := c.of(model.UserLingering, s, t, model.Certain)
	if f.Severity = model.High; !u.Active {
		f.Severity = model.Info
	}
	f.Cause, f.Evidence = c.whyLingering(s, t)
	c.add(f)
}

func (c *Comparer) pairedUser(s, t int32) {
	basis := c.Users.Basis[s]
	switch {
	case c.Users.OnlyLooks(s):
		c.lookAlikeUser(s, t)
		return
	case c.Source.Users[s].RollOnly:
		c.openUser(s, t, c.Source.Users[s].Unread())
		return
	case !c.Firm(s, t), c.Users.Tied(s) && c.NotAllUsers() != "":
		c.openUser(s, t, c.NotAllUsers())
		return
	}
	c.userContest(s, t)
	if c.Users.Tied(s) {
		return
	}
	sure := model.Certain
	if basis == BasisEmail || c.NotAllUsers() != "" {
		sure = model.Likely
	}
	if since := c.overtaken(&c.Source.Users[s]); len(since) > 0 {
		c.openUser(s, t, since[0].Sentence())
	} else {
		c.verdicts.set(&c.verdicts.users, s, t, Verdict{Relation: model.Same, Confidence: sure})
	}
	c.userState(s, t, sure)
	c.userName(s, t, sure)
	c.userFields(s, t, sure)
}

// NotAllUsers says why the users of either side were not all read; "" if they were. A missing row could hold a stronger
// match for a pair.
func (c *Comparer) NotAllUsers() string {
	return cmp.Or(c.SourceUnread(model.PartUsers), c.TargetUnread(model.PartUsers))
}

// Firm reports whether no unread row could hold a stronger match for a pair: both lists are complete, or the external
// id matched, or the userName did and the target names nobody else. A look-alike is no match at all.
func (c *Comparer) Firm(s, t int32) bool {
	basis := c.Users.Basis[s]
	if c.Users.OnlyLooks(s) {
		return false
	}
	return basis == BasisExternalID || basis == BasisUserName && c.Target.Users[t].ExternalID == "" ||
		c.NotAllUsers() == ""
}

func (c *Comparer) userContest(s, t int32) {
	if c.Users.Contests[s] == nil || c.NotAllUsers() != "" {
		return // a row that was not read may be whom the claimants mean
	}
	c.duplicate(c.of(model.UserDuplicate, s, t, model.Certain), &c.Users,
		func(i int32) string { return c.Source.Users[i].Called() },
		func(i int32) string { return c.Target.Users[i].Called() }, c.collisions(s, t))
}

func (c *Comparer) userState(s, t int32, sure model.Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	if src.Active == tgt.Active || !c.Options.Fields.Has(model.FieldActive) ||
		c.Target.Unreadable.Has(model.FieldActive) {
		return
	}
	var f model.Finding
	if tgt.Active {
		f = c.of(model.UserStillActive, s, t, sure)
		f.Cause, f.Evidence = c.whyStillActive(src)
		if c.Users.Contests[s] != nil { // switching the record off may hit whoever else claims it
			f.Blocked = "another record claims to be this user too"
		}
	} else {
		f = c.of(model.UserInactive, s, t, sure)
		f.Cause, f.Evidence = c.trouble(src.ID, reactivateFailed)
	}
	c.add(f)
}

func (c *Comparer) userName(s, t int32, sure model.Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	if model.SameName(src.UserName, tgt.UserName) || c.heldByClaimant(s) {
		return
	}
	f := c.of(model.UserRenamed, s, t, sure)
	f.Fields = []model.FieldDiff{{Name: model.FieldUserName, Source: src.UserName, Target: tgt.UserName}}
	if differ := c.differing(src, tgt); slices.Contains(differ, model.FieldEmails) {
		f.Fields = append(f.Fields, model.FieldDiff{
			Name: model.FieldEmails.String(), Source: src.Email, Target: tgt.Email,
		})
	}
	f.Cause, f.Evidence = c.whyChanged(&f)
	// Of a name that only looks like the one to write, nothing short of the id says whose it is.
	if c.Users.Basis[f.Source] != BasisExternalID && model.LookAlike(src.UserName, tgt.UserName) {
		f.Blocked = onlyTheLook
	}
	c.add(f)
}

// heldByClaimant: the wanted userName belongs to another target record that claims the same user, or to one with whom
// the user swaps it. The duplicate says all there is to say; a rename would run into that record.
func (c *Comparer) heldByClaimant(s int32) bool {
	contest := c.Users.Contests[s]
	return contest != nil && slices.ContainsFunc(contest.Targets, func(t int32) bool {
		return model.SameName(c.Target.Users[t].UserName, c.Source.Users[s].UserName)
	})
}

func (c *Comparer) userFields(s, t int32, sure model.Confidence) {
	src, tgt := &c.Source.Users[s], &c.Target.Users[t]
	differ := c.differing(src, tgt)
	if !model.SameName(src.UserName, tgt.UserName) { // the address is part of the rename
		differ = slices.DeleteFunc(differ, func(field model.Field) bool { return field == model.FieldEmails })
	}
	if len(differ) == 0 {
		return
	}
	f := c.of(model.UserAttributes, s, t, sure)
	for _, field := range differ {
		f.Fields = append(f.Fields, model.FieldDiff{
			Name: field.String(), Source: src.Value(field), Target: tgt.Value(field),
		})
	}
	f.Cause, f.Evidence = c.whyChanged(&f)
	c.add(f)
}

// differing lists the compared text fields whose values differ beyond case and surrounding space.
func (c *Comparer) differing(src, tgt *model.User) []model.Field {
	var out []model.Field
	for field := range model.FieldActive {
		unsaid := c.Target.Unreadable.Has(field) || field == model.FieldEmails && tgt.EmailUnsure
		if c.Options.Fields.Has(field) && !unsaid && !model.SameName(src.Value(field), tgt.Value(field)) {
			out = append(out, field)
		}
	}
	return out
}
