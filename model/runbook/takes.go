package runbook

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// BooksFor finds the books that fit a finding, the best first: by what keeps it from ending, and only then by what it
// is.
func BooksFor(f *model.Finding) []Name {
	switch f.Cause { //nolint:exhaustive // the others are of one kind each
	case model.CausePendingApproval, model.CauseProvisioningOff, model.CauseTokenRejected:
		return []Name{NothingSynchronised}
	case model.CauseGroupsNotIncluded:
		return []Name{GroupsNotProvisioned}
	case model.CauseDeletedAtTarget, model.CauseStaleEntitlement:
		return []Name{DeletedAtTarget, GroupsNotProvisioned}
	}
	switch f.Kind {
	case model.GroupLingering:
		return []Name{GroupLingers}
	case model.GroupMissing:
		return []Name{GroupsNotProvisioned, DeletedAtTarget}
	case model.MembersMissing, model.SetupNoGroupRule, model.SetupGroupsNotIncluded, model.SetupStaleEntitlements:
		return []Name{GroupsNotProvisioned}
	case model.UserUnsynced, model.UserStillActive, model.UserInactive, model.SetupProvisioningOff,
		model.SetupReapplyDue, model.SetupAppToken, model.SetupTargetToken, model.SetupTokenAge,
		model.SetupBrokenConnector, model.SetupJobsStuck, model.SetupPendingApprovals, model.SetupTargetURL,
		model.SetupUserLimit, model.SetupAppConfiguration:
		return []Name{NothingSynchronised}
	default:
		return nil
	}
}

// BooksForConnection finds the books that fit the connection as a whole: one cause keeps everything back. They come
// first.
func BooksForConnection(c *drift.Comparison) (out []Name) {
	add := func(name Name) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if neverPushed(c) {
		add(FirstSetup)
	}
	assigned := c.Source.Entitled()
	unsynced := 0
	for i := range c.Findings {
		f := &c.Findings[i]
		switch f.Kind {
		case model.SetupProvisioningOff, model.SetupAppToken, model.SetupBrokenConnector, model.SetupAppConfiguration,
			model.SetupUserLimit:
			add(NothingSynchronised)
		case model.SetupGroupsNotIncluded, model.SetupNoGroupRule:
			add(GroupsNotProvisioned)
		case model.UserUnsynced:
			unsynced++
		default:
		}
	}
	if unsynced > 0 && 2*unsynced >= assigned { // whatever holds them back, their groups wait for it too
		add(NothingSynchronised)
	}
	return out
}

// neverPushed: nothing shows that OneLogin ever pushed anybody here, and what could was read, or provisioning is off.
func neverPushed(c *drift.Comparison) bool {
	if c.Source.App.ID == "" || !c.Source.Coverage.Complete(userParts()) || !c.Target.Coverage.Complete(userParts()) ||
		slices.ContainsFunc(c.Users.ToTarget, func(t int32) bool { return t != model.None }) {
		return false
	}
	if _, pushed := c.Source.LastPush(); pushed {
		return false
	}
	for _, login := range c.Source.Logins {
		if login.Class() == model.LoginPending { // OneLogin has begun
			return false
		}
	}
	off := slices.ContainsFunc(c.Findings, func(f model.Finding) bool {
		return f.Kind == model.SetupProvisioningOff || f.Cause == model.CauseProvisioningOff
	})
	unasked := len(c.Source.Logins) == 0 && slices.ContainsFunc(c.Findings,
		func(f model.Finding) bool { return f.Kind == model.UserUnsynced })
	return off || c.Source.Coverage.Complete([]model.Part{model.PartEvents}) && !unasked
}
