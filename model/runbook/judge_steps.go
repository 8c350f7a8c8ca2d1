package runbook

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// problemFinder says what is wrong now that a step should end; empty if nothing is. unread says why it cannot be told.
type problemFinder func(c *Case) (wrong []*model.Finding, unread string)

func findMissingGroups(c *Case) ([]*model.Finding, string) {
	return c.matchingFindings(hasKind(model.GroupMissing, model.MembersMissing)),
		cmp.Or(c.unreadParts(memberParts(), memberParts()), c.unsettled(model.SubjectGroup, false))
}

func findUnsyncedUsers(c *Case) ([]*model.Finding, string) {
	return c.matchingFindings(hasKind(model.UserUnsynced, model.UserStillActive, model.UserInactive,
			model.UserRenamed)),
		cmp.Or(c.unreadParts(userParts(), userParts()), c.unsettled(model.SubjectUser, false))
}

func findGroupMissing(c *Case) ([]*model.Finding, string) {
	wrong := c.matchingFindings(func(f *model.Finding) bool {
		return hasKind(model.GroupMissing, model.MembersMissing)(f) && model.SameName(f.Subject.Name, c.Group)
	})
	return wrong, cmp.Or(c.unreadParts(memberParts(), memberParts()), c.unsettled(model.SubjectGroup, true))
}

func judgeSomebodyExpected(c *Case) Verdict {
	if unread := c.unreadParts(memberParts(), nil); unread != "" {
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

// manyPending is from how many on the guide's short way is shown first: to approve a few takes less than it changes.
const manyPending = 5

func judgeApprovals(c *Case) Verdict {
	wait := c.matchingFindings(func(f *model.Finding) bool { return f.Cause == model.CausePendingApproval })
	if len(wait) == 0 {
		return setupCheck(model.SetupPendingApprovals)(c)
	}
	who := slices.DeleteFunc(slices.Clone(wait),
		func(f *model.Finding) bool { return f.Subject.Type != model.SubjectUser })
	if len(who) == 0 {
		who = wait
	}
	v := Verdict{
		State: Open, Seen: fmt.Sprintf("waiting, %d: %s", len(who), subjectNames(who)), Place: model.PlaceApprovals,
		Picks: picksFor(wait, model.Console, model.ApprovePending),
		Todo: "To work hands-free, take the approval boxes off under Provisioning; what waits already still has to " +
			"be approved, or reapplied.",
	}
	if pushed := picksFor(who, model.Console, model.ReapplyMappings); len(who) >= manyPending && len(pushed) > 0 {
		v.Picks, v.Place = pushed, model.PlaceProvisioning
		v.First = "The short way for many, first: take Create user, Delete user and Update user off under Require " +
			"admin approval, and save. From then on " +
			"nobody is asked for any user of this app. Then one reapply pushes all who wait."
		v.Todo = "To approve each by hand instead, plan approve-pending on the board."
	}
	return v
}

// judgeNoneFound is a verification: done when nothing is wrong and everything that could disprove it was read.
func judgeNoneFound(of problemFinder, good string) func(*Case) Verdict {
	return func(c *Case) Verdict {
		wrong, unread := of(c)
		switch {
		case len(wrong) > 0:
			return Verdict{State: Open, Seen: "not right yet: " + subjectNames(wrong)}
		case unread != "":
			return Verdict{Seen: unread}
		}
		return Verdict{State: Done, Seen: good}
	}
}

// judgeNothingMissing is not so where nothing should be there yet: all of none is no success.
func judgeNothingMissing(c *Case) Verdict {
	if expected := judgeSomebodyExpected(c); expected.State != Done {
		return expected
	}
	return judgeNoneFound(withDuplicates(findMissingGroups, model.GroupDuplicate),
		"no group and no member is missing")(c)
}

func judgeNothingUnsynced(c *Case) Verdict {
	return judgeNoneFound(withDuplicates(findUnsyncedUsers, model.UserDuplicate),
		"every assigned user is there, in the right state")(c)
}

// withDuplicates counts as wrong, too, what no button mends: two records that claim one.
func withDuplicates(of problemFinder, kind model.Kind) problemFinder {
	return func(c *Case) ([]*model.Finding, string) {
		wrong, unread := of(c)
		return append(wrong, c.matchingFindings(hasKind(kind))...), unread
	}
}

func judgeNoLingering(c *Case) Verdict {
	linger := c.matchingFindings(hasKind(model.GroupLingering))
	if len(linger) > 0 {
		return Verdict{
			State: Open, Seen: "lingering: " + subjectNames(linger),
			Picks: picksFor(linger, model.Direct, model.RemoveAssignments, model.DeleteGroup),
		}
	}
	if unread := cmp.Or(c.unreadParts(groupParts(), groupParts()),
		c.unsettled(model.SubjectGroup, false)); unread != "" {
		return Verdict{Seen: unread}
	}
	return Verdict{State: Done, Seen: "no group lingers"}
}
