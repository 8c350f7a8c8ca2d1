package model

// whyUnsynced explains an absent user: by the app's switch, by a push that waits, by what the target requires and OneLogin
// does not have, then by the last attempt.
func (c *comparer) whyUnsynced(u *User) (Cause, []Evidence) {
	if c.Source.App.Provisioning == No {
		return CauseProvisioningOff, nil
	}
	cause, evidence := c.trouble(u.ID, createFailed)
	refused := c.refusals(u)
	rejected, outstanding := c.outstanding()
	failed := c.events.failed(u.ID, createFailed)
	switch {
	case cause == CausePendingApproval:
		return cause, append(evidence, refused...) // once approved, the target would refuse it all the same
	case len(refused) > 0:
		return CauseMissingAttribute, append(refused, evidence...)
	case outstanding:
		return CauseTokenRejected, append([]Evidence{rejected}, evidence...)
	case failed != nil && refusesDuplicate(failed.Text):
		// Whoever holds userName, e-mail or external id in what was read would have been paired or called a duplicate.
		return CauseNameConflict, append(evidence, Evidence{What: "who holds it is not among the records that were read; look by hand"})
	case cause == CauseUnknown && c.neverTried(u.ID):
		return CauseNeverAttempted, evidence
	}
	return cause, evidence
}

// neverTried reports whether the provisioning state was asked for and says that OneLogin never made an attempt.
func (c *comparer) neverTried(user string) bool {
	login, asked := c.Source.Logins[user]
	return asked && login.Class() == LoginNever
}

// whyLingering explains a target user whom the app does not list; s may be None.
func (c *comparer) whyLingering(s, t int32) (Cause, []Evidence) {
	if deleted, ok := c.events.userDeleted(&c.Target.Users[t]); ok {
		return CauseSourceDeleted, []Evidence{deleted}
	}
	if s != None {
		return CauseSourceUnassigned, c.events.unassigned(c.Source.Users[s].ID)
	}
	return CauseUnknown, nil
}

// whyStillActive explains a user whom the target lets in and OneLogin does not.
func (c *comparer) whyStillActive(u *User) (Cause, []Evidence) {
	cause, evidence := c.trouble(u.ID, suspendFailed)
	if e := c.events.latest(u.ID, EventSuspendedUser, EventAPISuspendedUser, EventDeactivatedUser); e != nil && u.Standing == StandingSuspended {
		evidence = append([]Evidence{e.evidence()}, evidence...)
	}
	if cause != CauseUnknown {
		return cause, evidence
	}
	if rejected, ok := c.outstanding(); ok {
		return CauseTokenRejected, append([]Evidence{rejected}, evidence...)
	}
	if u.Standing == StandingSuspended {
		return CauseSourceSuspended, evidence
	}
	return CauseUnknown, evidence
}

// whyChanged explains an attribute that differs: a push that waits or failed, a value that the target keeps for somebody
// else, else a change at the source that was never pushed.
func (c *comparer) whyChanged(f *Finding) (Cause, []Evidence) {
	u := &c.Source.Users[f.Source]
	cause, evidence := c.trouble(u.ID, updateFailed)
	evidence = append(evidence, c.refusals(u)...)
	if Trim(u.UserName) == "" && cause != CausePendingApproval {
		return CauseMissingAttribute, evidence
	}
	held, inTurn := c.heldByOther(f)
	if len(held) > 0 && cause != CausePendingApproval {
		return CauseNameConflict, append(held, evidence...)
	}
	evidence = append(evidence, inTurn...)
	if cause != CauseUnknown {
		return cause, evidence
	}
	e := c.events.changed(u.ID)
	if e == nil {
		return CauseUnknown, evidence
	}
	evidence = append([]Evidence{e.evidence()}, evidence...)
	if rejected, ok := c.outstanding(); ok {
		return CauseTokenRejected, append([]Evidence{rejected}, evidence...)
	}
	return CauseSourceChanged, evidence
}
