package runbook

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// trouble says what is wrong now that a step should end; empty if nothing is. unread says why it cannot be told.
type trouble func(c *Case) (wrong []*model.Finding, unread string)

func missingGroups(c *Case) ([]*model.Finding, string) {
	return c.findings(ofKind(model.GroupMissing, model.MembersMissing)),
		cmp.Or(c.read(memberParts(), memberParts()), c.unsettled(model.SubjectGroup, false))
}

func unsyncedUsers(c *Case) ([]*model.Finding, string) {
	return c.findings(ofKind(model.UserUnsynced, model.UserStillActive, model.UserInactive, model.UserRenamed)),
		cmp.Or(c.read(userParts(), userParts()), c.unsettled(model.SubjectUser, false))
}

func theGroupMissing(c *Case) ([]*model.Finding, string) {
	wrong := c.findings(func(f *model.Finding) bool {
		return ofKind(model.GroupMissing, model.MembersMissing)(f) && model.SameName(f.Subject.Name, c.Group)
	})
	return wrong, cmp.Or(c.read(memberParts(), memberParts()), c.unsettled(model.SubjectGroup, true))
}

func somebodyExpected(c *Case) Verdict {
	if unread := c.read(memberParts(), nil); unread != "" {
		return Verdict{Seen: unread}
	}
	expected := c.Comparison.Source.Expected()
	if expected == 0 {
		return Verdict{
			State: Open, Seen: "no rule or role yields a group for an active assigned user", Place: model.PlaceRules,
		}
	}
	return Verdict{State: Done, Seen: "to be there for somebody: " + model.Counted(expected, "group", "groups")}
}

// manyWaiting is from how many on the guide's short way is shown first: to approve a few takes less than it changes.
const manyWaiting = 5

func approvals(c *Case) Verdict {
	wait := c.findings(func(f *model.Finding) bool { return f.Cause == model.CausePendingApproval })
	if len(wait) == 0 {
		return check(model.SetupPendingApprovals)(c)
	}
	who := slices.DeleteFunc(slices.Clone(wait),
		func(f *model.Finding) bool { return f.Subject.Type != model.SubjectUser })
	if len(who) == 0 {
		who = wait
	}
	v := Verdict{
		State: Open, Seen: fmt.Sprintf("waiting, %d: %s", len(who), names(who)), Place: model.PlaceApprovals,
		Picks: picks(wait, model.Console, model.ApprovePending),
		Todo: "To work hands-free, take the approval boxes off under Provisioning; what waits already still has to " +
			"be approved, or reapplied.",
	}
	if pushed := picks(who, model.Console, model.ReapplyMappings); len(who) >= manyWaiting && len(pushed) > 0 {
		v.Picks, v.Place = pushed, model.PlaceProvisioning
		v.First = "The short way for many, first: take Create user, Delete user and Update user off under Require " +
			"admin approval, and save. From then on " +
			"nobody is asked for any user of this app. Then one reapply pushes all who wait."
		v.Todo = "To approve each by hand instead, plan approve-pending on the board."
	}
	return v
}

// button is a handoff that is needed only while something is wrong, and done when OneLogin's log or a run of ours shows
// it. It can be pressed again: OneLogin takes its time, and a refresh may need a second try.
type button struct {
	repair    model.RepairName
	eventType int
	place     model.Place
	// since is from when on a press counts.
	since func(*Case) time.Time
}

func sinceBegun(c *Case) time.Time { return c.inLog(c.Begun) }
func anyTime(*Case) time.Time      { return time.Time{} }

func refresh(of trouble) func(*Case) Verdict {
	return button{
		model.RefreshEntitlements, model.EventEntitlementsRefresh, model.PlaceEntitlements, sinceBegun,
	}.judge(of)
}

// reapply has to follow the last edit of the app, whatever else it follows: a press before it applied something else.
func reapply(of trouble, since func(*Case) time.Time) func(*Case) Verdict {
	edited := func(c *Case) time.Time {
		at := since(c)
		if edits := c.Comparison.Source.EditsSince(); len(edits) > 0 && edits[0].At.After(at) {
			at = edits[0].At
		}
		return at
	}
	return button{model.ReapplyMappings, model.EventReapplied, model.PlaceReapply, edited}.judge(of)
}

// reapplyRefreshed is a reapply that has to follow the refresh: before it OneLogin pushes by wrong memory.
func reapplyRefreshed(of trouble) func(*Case) Verdict {
	return func(c *Case) Verdict {
		v := reapply(of, (*Case).refreshed)(c)
		if v.State == Done && refresh(of)(c).State == Open {
			v.State, v.Seen = Open, v.Seen+"; that was before the refresh"
		}
		return v
	}
}

func (b button) judge(of trouble) func(*Case) Verdict {
	return func(c *Case) Verdict {
		wrong, unread := of(c)
		at, seen, pressed := c.pressed(b.repair, b.eventType, b.since(c))
		v := Verdict{Place: b.place}
		if len(wrong) > 0 {
			if v.Picks = picks(wrong, model.Console, b.repair); len(v.Picks) == 0 {
				v.Picks = wholeApp(b.repair)
			}
		}
		refresh := b.repair == model.RefreshEntitlements
		switch remembered := c.remembered(wrong); {
		case pressed && refresh && len(remembered) > 0 && !c.Comparison.Source.ReadAt.Before(at):
			v.State, v.Seen = Open, seen+"; OneLogin still remembers "+few(remembered)+", and a refresh is known to "+
				"need a second try"
		case pressed && refresh: // what it should mend takes a reapply as well
			v.State, v.Seen = Done, seen
		case pressed && len(wrong) > 0:
			v.State, v.Seen = Done, seen+"; still wrong: "+names(wrong)+"; it may take a while, or have to be "+
				"pressed again"
		case pressed:
			v.State, v.Seen = Done, seen
		case len(wrong) > 0:
			v.State, v.Seen = Open, "not right yet: "+names(wrong)
		case unread != "":
			v.Seen = unread
		default:
			v = Verdict{State: Needless, Seen: "nothing is missing"}
		}
		return v
	}
}

// remembered are the groups at fault that OneLogin's list of groups names, though they are not at the target. Nobody
// documents that this list is the cache: it can call for a second refresh, and proves none.
func (c *Case) remembered(wrong []*model.Finding) (out []string) {
	for _, f := range wrong {
		same := func(name string) bool { return model.SameName(name, f.Subject.Name) }
		if f.Kind == model.GroupMissing && slices.ContainsFunc(c.Comparison.Source.Entitlements, same) {
			out = append(out, f.Subject.Name)
		}
	}
	return out
}

// wholeApp is a button that is pressed though no finding asks for it.
func wholeApp(repair model.RepairName) []model.Pick {
	return []model.Pick{{Option: model.Option{Repair: repair, Channel: model.Console}}}
}

// agreed is a verification: done when nothing is wrong and everything that could disprove it was read.
func agreed(of trouble, good string) func(*Case) Verdict {
	return func(c *Case) Verdict {
		wrong, unread := of(c)
		switch {
		case len(wrong) > 0:
			return Verdict{State: Open, Seen: "not right yet: " + names(wrong)}
		case unread != "":
			return Verdict{Seen: unread}
		}
		return Verdict{State: Done, Seen: good}
	}
}

// nothingMissing is not so where nothing should be there yet: all of none is no success.
func nothingMissing(c *Case) Verdict {
	if expected := somebodyExpected(c); expected.State != Done {
		return expected
	}
	return agreed(withDuplicates(missingGroups, model.GroupDuplicate), "no group and no member is missing")(c)
}

func nothingUnsynced(c *Case) Verdict {
	return agreed(withDuplicates(unsyncedUsers, model.UserDuplicate),
		"every assigned user is there, in the right state")(c)
}

// withDuplicates counts as wrong, too, what no button mends: two records that claim one.
func withDuplicates(of trouble, kind model.Kind) trouble {
	return func(c *Case) ([]*model.Finding, string) {
		wrong, unread := of(c)
		return append(wrong, c.findings(ofKind(kind))...), unread
	}
}

func noLingering(c *Case) Verdict {
	linger := c.findings(ofKind(model.GroupLingering))
	if len(linger) > 0 {
		return Verdict{
			State: Open, Seen: "lingering: " + names(linger),
			Picks: picks(linger, model.Direct, model.RemoveAssignments, model.DeleteGroup),
		}
	}
	if unread := cmp.Or(c.read(groupParts(), groupParts()), c.unsettled(model.SubjectGroup, false)); unread != "" {
		return Verdict{Seen: unread}
	}
	return Verdict{State: Done, Seen: "no group lingers"}
}

func theGroupIsBack(c *Case) Verdict {
	if g := c.group(); g != nil {
		return Verdict{State: Done, Seen: "at the target with the id " + g.ID}
	}
	if unread := c.read(nil, groupParts()); unread != "" {
		return Verdict{Seen: unread}
	}
	return Verdict{State: Open, Seen: "not at the target"}
}

func theMembersAreRight(c *Case) Verdict {
	if c.group() == nil {
		return Verdict{State: Open, Seen: "the group is not at the target"}
	}
	wrong := c.findings(func(f *model.Finding) bool {
		return ofKind(model.MembersMissing, model.MembersExtra)(f) && model.SameName(f.Subject.Name, c.Group)
	})
	if len(wrong) > 0 {
		return Verdict{
			State: Open, Seen: "missing or too many: " + model.Counted(members(wrong), "member", "members"),
			Picks: picks(wrong, model.Direct, model.AddMembers, model.RemoveMembers),
		}
	}
	unread := cmp.Or(c.read(memberParts(), memberParts()), c.unsettled(model.SubjectGroup, true),
		c.group().MembersUnknown)
	if unread != "" {
		return Verdict{Seen: unread}
	}
	return Verdict{State: Done, Seen: "its members are as they should be"}
}

func members(findings []*model.Finding) (n int) {
	for _, f := range findings {
		n += len(f.Members)
	}
	return n
}

func unyielded(c *Case) Verdict {
	if unread := c.read([]model.Part{model.PartGroups, model.PartMemberships, model.PartRules}, nil); unread != "" {
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

func membersKnown(c *Case) Verdict {
	g := c.group()
	if g == nil {
		v := gone(c)
		if step, _ := c.deletion(); v.State == Needless && step != nil && step.BlastRadius != nil {
			members := step.BlastRadius.Members
			seen := withNames("lost by "+model.Counted(len(members), "member", "members"), members)
			if accounts := c.accountsLost(); len(accounts) > 0 {
				seen += "; with it went " + withNames(model.Counted(len(accounts), "account assignment",
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
	return Verdict{State: Done, Seen: withNames(model.Counted(len(members), "member", "members"), who) + c.opens(g.ID)}
}

// gone is the verdict on what needs the group when it is not at the target.
func gone(c *Case) Verdict {
	if unread := c.read(nil, groupParts()); unread != "" {
		return Verdict{Seen: unread}
	}
	return Verdict{State: Needless, Seen: "the group is not at the target"}
}

func deleted(c *Case) Verdict {
	g := c.group()
	if g == nil {
		v := gone(c)
		if _, s := c.deletion(); s != nil && v.State == Needless {
			return Verdict{State: Done, Seen: "deleted at " + model.ToTheMinute(s.At)}
		}
		return v
	}
	if v := unyielded(c); v.State != Done {
		return Verdict{State: Blocked, Seen: "not while this is open: " + v.Seen}
	}
	mine := c.findings(func(f *model.Finding) bool {
		return ofKind(model.GroupLingering, model.GroupUnclaimed)(f) && f.Subject.TargetID == g.ID
	})
	v := Verdict{
		State: Open, Seen: "still at the target",
		Picks: picks(mine, model.Direct, model.RemoveAssignments, model.DeleteGroup),
	}
	switch {
	case len(v.Picks) == 0:
		v.State, v.Seen = Blocked, "no finding offers to delete it; read both sides again"
	case v.Picks[0].Repair == model.RemoveAssignments:
		v.Seen += c.opens(g.ID)
		v.Todo = "The account assignments go first, one by one, and then the group: a bare delete would leave them " +
			"to nobody."
	}
	return v
}

// deletion is the step that deleted the group since the case was begun, with its record; nil if none of ours did.
func (c *Case) deletion() (*model.Step, *model.StepRecord) {
	return c.confirmed(model.DeleteGroup, c.Begun,
		func(s *model.Step) bool { return model.SameName(s.Subject.Name, c.Group) })
}

func forgotten(c *Case) Verdict {
	if c.group() != nil {
		return Verdict{State: Open, Seen: "after the group is deleted"}
	}
	since := c.Begun
	if _, s := c.deletion(); s != nil {
		since = s.At // a refresh before it has read the group once more
	}
	known := c.Comparison.Source.Entitlements
	remembered := slices.ContainsFunc(known, func(name string) bool { return model.SameName(name, c.Group) })
	at, seen, pressed := c.pressed(model.RefreshEntitlements, model.EventEntitlementsRefresh, c.inLog(since))
	v := Verdict{
		State: Open, Seen: "OneLogin may still remember it", Place: model.PlaceEntitlements,
		Picks: wholeApp(model.RefreshEntitlements),
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

func goneForGood(c *Case) Verdict {
	if unread := c.read(groupParts(), groupParts()); unread != "" {
		return Verdict{Seen: unread}
	}
	if g := c.group(); g != nil {
		return Verdict{State: Open, Seen: "at the target with the id " + g.ID}
	}
	return Verdict{State: Done, Seen: "no group of this name at the target"}
}
