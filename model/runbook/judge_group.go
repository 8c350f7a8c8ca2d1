package runbook

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

func judgeGroupExists(c *Case) Verdict {
	if g := c.targetGroup(); g != nil {
		return Verdict{State: Done, Seen: "at the target with the id " + g.ID}
	}
	if unread := c.unreadParts(nil, groupParts()); unread != "" {
		return Verdict{Seen: unread}
	}
	return Verdict{State: Open, Seen: "not at the target"}
}

func judgeMembers(c *Case) Verdict {
	if c.targetGroup() == nil {
		return Verdict{State: Open, Seen: "the group is not at the target"}
	}
	wrong := c.matchingFindings(func(f *model.Finding) bool {
		return hasKind(model.MembersMissing, model.MembersExtra)(f) && model.SameName(f.Subject.Name, c.Group)
	})
	if len(wrong) > 0 {
		return Verdict{
			State: Open, Seen: "missing or too many: " + model.Counted(memberCount(wrong), "member", "members"),
			Picks: picksFor(wrong, model.Direct, model.AddMembers, model.RemoveMembers),
		}
	}
	unread := cmp.Or(c.unreadParts(memberParts(), memberParts()), c.unsettled(model.SubjectGroup, true),
		c.targetGroup().MembersUnknown)
	if unread != "" {
		return Verdict{Seen: unread}
	}
	return Verdict{State: Done, Seen: "its members are as they should be"}
}

func memberCount(findings []*model.Finding) (n int) {
	for _, f := range findings {
		n += len(f.Members)
	}
	return n
}

func judgeNotYielded(c *Case) Verdict {
	if unread := c.unreadParts([]model.Part{model.PartGroups, model.PartMemberships, model.PartRules},
		nil); unread != "" {
		return Verdict{Seen: unread}
	}
	i := slices.IndexFunc(c.Comparison.Source.Groups,
		func(g model.Group) bool { return model.SameName(g.Name, c.Group) })
	if i >= 0 {
		what := "a rule or role still names it, though nobody is in it now"
		if c.Comparison.Source.Groups[i].Expectation == model.Expected {
			what = "a rule or role still yields it for somebody"
		}
		return Verdict{State: Blocked, Seen: what + "; end that first", Place: model.PlaceRules}
	}
	if open := c.unsettled(model.SubjectGroup, true); open != "" {
		return Verdict{Seen: open}
	}
	return Verdict{State: Done, Seen: "no rule and no role yields it"}
}

func judgeMembersKnown(c *Case) Verdict {
	g := c.targetGroup()
	if g == nil {
		v := judgeGroupGone(c)
		if step, _ := c.deletionStep(); v.State == Needless && step != nil && step.BlastRadius != nil {
			members := step.BlastRadius.Members
			seen := countedNames("lost by "+model.Counted(len(members), "member", "members"), members)
			if accounts := c.removedAssignments(); len(accounts) > 0 {
				seen += "; with it went " + countedNames(model.Counted(len(accounts), "account assignment",
					"account assignments"), accounts)
			}
			return Verdict{State: Done, Seen: seen}
		}
		return v
	}
	i := slices.IndexFunc(c.Comparison.Target.Groups, func(o model.Group) bool { return o.ID == g.ID })
	if why := c.Comparison.Target.MembersUnknown(int32(i)); why != "" {
		return Verdict{Seen: why}
	}
	members := c.Comparison.Target.Members.Of(i)
	who := make([]string, len(members))
	for m, user := range members {
		who[m] = c.Comparison.Target.Users[user].Called()
	}
	return Verdict{State: Done, Seen: countedNames(model.Counted(len(members), "member", "members"), who) +
		c.accountsNote(g.ID)}
}

// judgeGroupGone is the verdict on what needs the group when it is not at the target.
func judgeGroupGone(c *Case) Verdict {
	if unread := c.unreadParts(nil, groupParts()); unread != "" {
		return Verdict{Seen: unread}
	}
	return Verdict{State: Needless, Seen: "the group is not at the target"}
}

func judgeDeleted(c *Case) Verdict {
	g := c.targetGroup()
	if g == nil {
		v := judgeGroupGone(c)
		if _, s := c.deletionStep(); s != nil && v.State == Needless {
			return Verdict{State: Done, Seen: "deleted at " + model.ToTheMinute(s.At)}
		}
		return v
	}
	if v := judgeNotYielded(c); v.State != Done {
		return Verdict{State: Blocked, Seen: "not while this is open: " + v.Seen}
	}
	mine := c.matchingFindings(func(f *model.Finding) bool {
		return hasKind(model.GroupLingering, model.GroupUnclaimed)(f) && f.Subject.TargetID == g.ID
	})
	v := Verdict{
		State: Open, Seen: "still at the target",
		Picks: picksFor(mine, model.Direct, model.RemoveAssignments, model.DeleteGroup),
	}
	switch {
	case len(v.Picks) == 0:
		v.State, v.Seen = Blocked, "no finding offers to delete it; read both sides again"
	case v.Picks[0].Repair == model.RemoveAssignments:
		v.Seen += c.accountsNote(g.ID)
		v.Todo = "The account assignments go first, one by one, and then the group: a bare delete would leave them " +
			"to nobody."
	}
	return v
}

// deletionStep is the step that deleted the group since the case was begun, with its record; nil if none of ours did.
func (c *Case) deletionStep() (*model.Step, *model.StepRecord) {
	return c.confirmedStep(model.DeleteGroup, c.Begun,
		func(s *model.Step) bool { return model.SameName(s.Subject.Name, c.Group) })
}

func judgeForgotten(c *Case) Verdict {
	if c.targetGroup() != nil {
		return Verdict{State: Open, Seen: "after the group is deleted"}
	}
	since := c.Begun
	if _, s := c.deletionStep(); s != nil {
		since = s.At // a refresh before it has read the group once more
	}
	known := c.Comparison.Source.Entitlements
	remembered := slices.ContainsFunc(known, func(name string) bool { return model.SameName(name, c.Group) })
	at, seen, pressed := c.lastPressed(model.RefreshEntitlements, model.EventEntitlementsRefresh, c.logTime(since))
	v := Verdict{
		State: Open, Seen: "OneLogin may still remember it", Place: model.PlaceEntitlements,
		Picks: appButton(model.RefreshEntitlements),
	}
	switch {
	case pressed && remembered && c.Comparison.Source.ReadAt.Before(at):
		v.State, v.Seen = Unknown, seen+"; what OneLogin remembers was read before that"
	case remembered:
		v.Seen = "OneLogin still remembers it; a refresh is known to need a second try"
	case pressed:
		v = Verdict{State: Done, Seen: seen, Place: v.Place}
	case len(known) > 0:
		// Nobody documents that this list is the cache, so that it proves less than a refresh.
		v.Seen = "OneLogin's list of groups does not name it; a refresh makes sure"
	}
	return v
}

func judgeStaysGone(c *Case) Verdict {
	if unread := c.unreadParts(groupParts(), groupParts()); unread != "" {
		return Verdict{Seen: unread}
	}
	if g := c.targetGroup(); g != nil {
		return Verdict{State: Open, Seen: "at the target with the id " + g.ID}
	}
	return Verdict{State: Done, Seen: "no group of this name at the target"}
}
