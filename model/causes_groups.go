package model

import (
	"fmt"
	"strings"
)

// atMost is how many changes of memberships AWS takes in one request
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/patchgroup.html); a push of more fails as a whole, with
// the same words as any broken request (https://github.com/slashdevops/idp-scim-sync/issues/62).
const atMost = 100

// switchedOff explains what the app's settings keep back: everything, or groups only.
func (c *comparer) switchedOff() (Cause, bool) {
	switch {
	case c.Source.App.Provisioning == No:
		return CauseProvisioningOff, true
	case c.Source.App.GroupsIncluded == No:
		return CauseGroupsNotIncluded, true
	}
	return "", false
}

// whyMissing explains an absent group: by the app's settings, by a push to its stale id or OneLogin's memory of it, by what
// keeps its members back, or by a role so new that no reapply has followed.
func (c *comparer) whyMissing(s int32) (Cause, []Evidence) {
	if cause, off := c.switchedOff(); off {
		return cause, nil
	}
	g := &c.Source.Groups[s]
	if e := c.staleID(g.Name); e != nil {
		return CauseDeletedAtTarget, []Evidence{e.evidence()}
	}
	for _, name := range c.Source.Entitlements {
		if SameName(name, g.Name) {
			return CauseDeletedAtTarget, []Evidence{{What: "OneLogin's entitlement cache still names it"}}
		}
	}
	if rejected, ok := c.outstanding(); ok {
		return CauseTokenRejected, []Evidence{rejected}
	}
	refused := c.nameRefusals(g.Name)
	members := c.Source.Members.Of(int(s))
	cause, evidence := forAll(members, c.whyNotIn)
	switch {
	case cause == CauseProvisioningFailed, cause == CauseTokenRejected:
		return cause, append(refused, evidence...)
	case cause == CausePendingApproval:
		// Approving is done for users; the group follows with the first of them.
		return cause, append(refused, Evidence{
			What: "every member waits for approval in OneLogin", Text: fmt.Sprintf("%d of %d", c.waiting(members), len(members)),
		})
	case c.waiting(members) > 0:
		return CauseUnknown, append(refused, Evidence{
			What: "members wait for approval in OneLogin", Text: fmt.Sprintf("%d of %d", c.waiting(members), len(members)),
		})
	}
	if fresh := c.sinceReapply(g.RoleIDs, members); len(fresh) > 0 {
		return CauseNeverAttempted, append(refused, fresh...)
	}
	return CauseUnknown, refused
}

// staleID finds the newest push that the target refused because the group is gone.
func (c *comparer) staleID(group string) *Event {
	for _, e := range c.events.failedPushes {
		if refusesStaleID(e.Text, group) {
			return e
		}
	}
	return nil
}

// whyNotIn explains why one user's membership, or the user, did not arrive.
func (c *comparer) whyNotIn(s int32) (Cause, []Evidence) {
	user := c.Source.Users[s].ID
	a := updateFailed
	if c.Users.ToTarget[s] == None {
		a = createFailed
	}
	return c.trouble(user, a)
}

// waiting counts the users who were asked about and wait for an approval.
func (c *comparer) waiting(users []int32) (n int) {
	for _, s := range users {
		if login, asked := c.Source.Logins[c.Source.Users[s].ID]; asked && login.Class() == LoginPending {
			n++
		}
	}
	return n
}

// sinceReapply gives the event that made the group expected, if neither a reapply nor a push of one of its members has
// followed: users who have the app already get a new group by a reapply only
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html,
// https://github.com/onelogin/terraform-provider-onelogin/issues/66).
func (c *comparer) sinceReapply(roles []string, members []int32) []Evidence {
	if !c.source(PartEvents) {
		return nil // the reapply may be in the part that was not read
	}
	var made *Event
	for _, role := range roles {
		for _, e := range c.events.byRole[role] {
			if e.Type == EventRoleCreated || e.Type == EventAppAddedToRole && e.AppID == c.Source.App.ID {
				if made == nil || made.before(e) {
					made = e
				}
			}
		}
	}
	if made == nil || c.events.reapplied != nil && made.before(c.events.reapplied) {
		return nil
	}
	for _, s := range members {
		if e := c.events.latest(c.Source.Users[s].ID, EventCreatedInApp, EventUpdatedInApp); e != nil && e.AppID == c.Source.App.ID && made.before(e) {
			return nil
		}
	}
	evidence := []Evidence{made.evidence()}
	if last := c.events.reapplied; last != nil {
		evidence = append(evidence, last.evidence())
	}
	return evidence
}

// whyMembersMissing explains missing members: by the app's settings, by what keeps every one of them back, by a stale id of
// the group, or by a push too large for the target.
func (c *comparer) whyMembersMissing(group string, missing []int32) (Cause, []Evidence) {
	if cause, off := c.switchedOff(); off {
		return cause, nil
	}
	if e := c.staleID(group); e != nil && c.isOf(e, missing) {
		return CauseStaleEntitlement, []Evidence{e.evidence()}
	}
	cause, evidence := forAll(missing, c.whyNotIn)
	rejected, outstanding := c.outstanding()
	switch {
	case cause == CausePendingApproval:
		return cause, evidence
	case outstanding:
		return CauseTokenRejected, append([]Evidence{rejected}, evidence...)
	case cause == CauseTokenRejected:
		return cause, evidence
	case len(missing) > atMost && c.Target.Kind == "aws":
		return CauseOver100, c.anyFailure(missing, evidence)
	case cause != CauseUnknown:
		return cause, evidence
	}
	never, evidence := forAll(missing, func(s int32) (Cause, []Evidence) {
		if !c.neverTried(c.Source.Users[s].ID) {
			return CauseUnknown, nil
		}
		return CauseNeverAttempted, []Evidence{c.Source.Logins[c.Source.Users[s].ID].evidence()}
	})
	if never == CauseNeverAttempted {
		return never, evidence
	}
	return CauseUnknown, c.states(missing)
}

// isOf reports whether an event is about one of some users.
func (c *comparer) isOf(e *Event, users []int32) bool {
	for _, s := range users {
		if c.Source.Users[s].ID == e.UserID {
			return true
		}
	}
	return false
}

// anyFailure gives the newest failed push of the first member that has one: a push for many is logged with one of them.
func (c *comparer) anyFailure(members []int32, evidence []Evidence) []Evidence {
	if len(evidence) > 0 {
		return evidence
	}
	for _, s := range members {
		if e := c.events.failed(c.Source.Users[s].ID, updateFailed); e != nil {
			return []Evidence{e.evidence()}
		}
	}
	return nil
}

// states quotes the provisioning states that were asked for, counted, where they do not agree on a cause.
func (c *comparer) states(users []int32) []Evidence {
	var order []Evidence
	counts := map[Evidence]int{}
	for _, s := range users {
		if login, asked := c.Source.Logins[c.Source.Users[s].ID]; asked {
			e := login.evidence()
			if counts[e] == 0 {
				order = append(order, e)
			}
			counts[e]++
		}
	}
	for i, e := range order {
		order[i].Text = fmt.Sprintf("%s (%d of %d)", e.Text, counts[e], len(users))
	}
	return order[:min(len(order), sharedEvidence)]
}

// whyMembersExtra explains members who should not be in a group: they were removed from its role, says the log, or OneLogin
// keeps what it did not grant itself. That somebody added them at the target is never certain: the API shows neither
// groups that were set by hand on one login nor what was granted before the log begins.
func (c *comparer) whyMembersExtra(roles []string, extra []int32) (Cause, []Evidence) {
	cause, evidence := forAll(extra, func(t int32) (Cause, []Evidence) {
		return c.events.removed(roles, c.Source.Users[c.Users.ToSource[t]].ID)
	})
	if cause == CauseUnknown && c.Source.App.safeEntitlements() == Yes {
		return CauseSafeEntitlements, []Evidence{{What: "Safe Entitlements is on for the app's Groups parameter"}}
	}
	return cause, evidence
}

// safeEntitlements is the box of that name of the Groups parameter, found by its words as "Include in User Provisioning" is.
func (a *App) safeEntitlements() Tri {
	for _, fits := range []func(string) bool{
		func(s string) bool { return s == "groups" },
		func(s string) bool { return strings.Contains(s, "group") },
	} {
		for i := range a.Parameters {
			if p := &a.Parameters[i]; fits(Fold(p.Key)) || fits(Fold(p.Label)) {
				return p.Safe
			}
		}
	}
	return Unsaid
}
