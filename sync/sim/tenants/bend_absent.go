package tenants

import (
	"math/rand/v2"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// What AWS answers, and OneLogin writes into its event. How OneLogin renders it is not documented, so the sentence
// around it is ours; the quoted detail is AWS's
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html, seen in
// https://github.com/slashdevops/idp-scim-sync/issues/30).
const (
	refusedSchema    = appName + ` answered 400: "Request is unparsable, syntactically incorrect, or violates schema."`
	refusedDuplicate = appName + ` answered 409: "Refused to create a new, duplicate resource."`
	internalError    = "Internal provisioning error"
)

// unsynced takes a synchronised user away from the target.
func (t *Tenant) unsynced(r *rand.Rand, status, state string) *person {
	p := t.pick(r, (*person).free)
	if p == nil {
		return nil
	}
	p.claimed = true
	t.removeFromTarget(p)
	p.login.Status, p.login.State = status, state
	return p
}

func unsyncedNeverAttempted(t *Tenant, r *rand.Rand) bool {
	p := t.unsynced(r, "enabling", "nonexistent")
	if p == nil {
		return false
	}
	f := onUser("user-unsynced", "high", p)
	f.Confidence, f.StateCause = certain, "never-attempted"
	t.found(f)
	return true
}

func unsyncedPending(t *Tenant, r *rand.Rand) bool {
	p := t.unsynced(r, "enabling_pending_approval", "provisioning_pending_approval")
	if p == nil {
		return false
	}
	p.login.Pending = "create"
	t.assigned(r, p)
	f := onUser("user-unsynced", "high", p)
	f.Confidence, f.StateCause = certain, "pending-approval"
	t.found(f)
	return true
}

func unsyncedFailed(t *Tenant, r *rand.Rand) bool {
	p := t.unsynced(r, "enabling_failed", "provisioning_failed")
	if p == nil {
		return false
	}
	t.pushFailed(p, evUserCreateFailed, t.assigned(r, p), refusedSchema)
	f := onUser("user-unsynced", "high", p)
	f.Confidence, f.Cause = certain, pushFailure
	t.found(f)
	return true
}

// unsyncedMissingAttribute blanks the family name, which AWS requires
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html).
func unsyncedMissingAttribute(t *Tenant, r *rand.Rand) bool {
	p := t.unsynced(r, "enabling_failed", "provisioning_failed")
	if p == nil {
		return false
	}
	p.user.LastName = ""
	t.pushFailed(p, evUserCreateFailed, t.assigned(r, p), refusedSchema)
	f := onUser("user-unsynced", "high", p)
	f.Confidence, f.Cause = certain, "missing-attribute"
	t.found(f)
	return true
}

// assigned logs that the person lately got a role with the app, and says when.
func (t *Tenant) assigned(r *rand.Rand, p *person) time.Time {
	at := t.daysAgo(r, 1+r.IntN(3))
	e := t.about(evUserAddedToRole, at, p.user)
	e.RoleID, e.RoleName = t.portal.ID, t.portal.Name
	t.log(t.by(r, e))
	return at
}

// stranger adds a user that is only at the target, as somebody who once had the app, and puts it into a group.
func (t *Tenant) stranger(r *rand.Rand, u *world.User) *world.TargetUser {
	target := t.push(r, u)
	target.ExternalID = decimal(u.ID)
	if m := t.pickTeam(r, func(m *team) bool { return m.group != nil }); m != nil {
		m.group.Members[target.ID] = true
	}
	return target
}

func onStranger(severity, cause string, u *world.TargetUser) Finding {
	return Finding{
		Kind: "user-lingering", SubjectType: "user", Subject: u.UserName, Severity: severity, Cause: cause, TargetID: u.ID,
	}
}

func lingeringUnassigned(t *Tenant, r *rand.Rand) bool {
	u := t.newUser(r, t.longAgo(r))
	target := t.stranger(r, u)
	e := t.about(evUserRemovedFromRole, t.daysAgo(r, 3+r.IntN(5)), u)
	e.RoleID, e.RoleName = t.portal.ID, t.portal.Name
	t.log(t.by(r, e))
	t.found(onStranger("high", "source-unassigned", target))
	return true
}

func lingeringDeleted(t *Tenant, r *rand.Rand) bool {
	t.found(onStranger("high", "source-deleted", t.leaver(r)))
	return true
}

func lingeringInactive(t *Tenant, r *rand.Rand) bool {
	target := t.leaver(r)
	target.Active = false
	t.found(onStranger("info", "source-deleted", target))
	return true
}

// leaver is at the target still, while the source has only the event of the deletion.
func (t *Tenant) leaver(r *rand.Rand) *world.TargetUser {
	u := t.newUser(r, t.longAgo(r))
	target := t.stranger(r, u)
	e := t.about(evUserDeleted, t.daysAgo(r, 2+r.IntN(12)), u)
	// An event names a user by full name or by e-mail; only the e-mail survives a namesake once the user is gone.
	e.UserName = u.Email
	t.log(t.by(r, e))
	delete(t.World.Source.Users, u.ID)
	return target
}

// lingeringHandMade was created at the target by somebody, without an external id and without a trace at the source.
func lingeringHandMade(t *Tenant, r *rand.Rand) bool {
	mail := t.mail(choose(r, []string{"breakglass", "ci-bot", "aws-root-delegate", "auditor.external"}))
	made := t.longAgo(r)
	target := &world.TargetUser{
		ID: t.World.NewUUID(), UserName: mail, DisplayName: "Managed by hand", GivenName: "Managed", FamilyName: "By hand",
		Email: mail, EmailType: "work", Active: true, CreatedBy: "identitystore", Created: made, Modified: made, Revision: 1,
	}
	t.World.Target.AddUser(target)
	t.found(onStranger("high", "", target))
	return true
}
