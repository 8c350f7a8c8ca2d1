package runbook

import (
	"cmp"
	"fmt"
	"slices"

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
