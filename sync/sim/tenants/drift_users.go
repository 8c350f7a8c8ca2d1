package tenants

import (
	"math/rand/v2"
	"strings"
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

func unsyncedDrift(
	status, state string, change func(*Tenant, *rand.Rand, *person) Finding,
) func(*Tenant, *rand.Rand) *Finding {
	return personDrift((*person).isUntouched, func(t *Tenant, r *rand.Rand, p *person) Finding {
		t.removeFromTarget(p)
		p.login.Status, p.login.State = status, state
		f := change(t, r, p)
		f.Confidence = certain
		return f
	})
}

func neverAttempted(*Tenant, *rand.Rand, *person) Finding {
	return Finding{StateCause: "never-attempted"}
}

func pendingApproval(t *Tenant, r *rand.Rand, p *person) Finding {
	p.login.Pending = "create"
	t.logAssignment(r, p)
	return Finding{StateCause: "pending-approval"}
}

func creationFailed(t *Tenant, r *rand.Rand, p *person) Finding {
	t.logPushFailure(p, world.EventCreateFailed, t.logAssignment(r, p), refusedSchema)
	return Finding{Cause: pushFailure}
}

// missingAttribute blanks the family name, which AWS requires
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html).
func missingAttribute(t *Tenant, r *rand.Rand, p *person) Finding {
	p.user.LastName = ""
	f := creationFailed(t, r, p)
	f.Cause = "missing-attribute"
	return f
}

// logAssignment logs that the person lately got a role with the app, and says when.
func (t *Tenant) logAssignment(r *rand.Rand, p *person) time.Time {
	at := t.daysAgo(r, 1+r.IntN(3))
	t.log(t.byAdmin(r, ofRole(t.portal, t.userEvent(world.EventUserAddedToRole, at, p.user))))
	return at
}

// addTargetOnlyUser adds a user that is only at the target, as somebody who once had the app, and puts it into a group.
func (t *Tenant) addTargetOnlyUser(r *rand.Rand, u *world.User) *world.TargetUser {
	target := t.push(r, u)
	target.ExternalID = decimal(u.ID)
	if m := pick(r, t.teams, func(m *team) bool { return m.group != nil }); m != nil {
		m.group.Members[target.ID] = true
	}
	return target
}

func targetUserFinding(cause string, u *world.TargetUser) *Finding {
	return &Finding{Subject: u.UserName, Cause: cause, TargetID: u.ID}
}

func lingeringUnassigned(t *Tenant, r *rand.Rand) *Finding {
	u := t.newUser(r, t.longAgo(r))
	target := t.addTargetOnlyUser(r, u)
	t.log(t.byAdmin(r, ofRole(t.portal, t.userEvent(world.EventUserRemovedFromRole, t.daysAgo(r, 3+r.IntN(5)), u))))
	return targetUserFinding("source-unassigned", target)
}

func lingeringDeleted(t *Tenant, r *rand.Rand) *Finding {
	return targetUserFinding("source-deleted", t.addLingeringUser(r))
}

func lingeringInactive(t *Tenant, r *rand.Rand) *Finding {
	target := t.addLingeringUser(r)
	target.Active = false
	return targetUserFinding("source-deleted", target)
}

// addLingeringUser adds one that is at the target still, while the source has only the event of the deletion.
func (t *Tenant) addLingeringUser(r *rand.Rand) *world.TargetUser {
	u := t.newUser(r, t.longAgo(r))
	target := t.addTargetOnlyUser(r, u)
	e := t.userEvent(world.EventUserDeleted, t.daysAgo(r, 2+r.IntN(12)), u)
	// An event names a user by full name or by e-mail; only the e-mail survives a namesake once the user is gone.
	e.UserName = u.Email
	t.log(t.byAdmin(r, e))
	delete(t.World.Source.Users, u.ID)
	return target
}

// lingeringHandMade was created at the target by somebody, without an external id and without a trace at the source.
func lingeringHandMade(t *Tenant, r *rand.Rand) *Finding {
	mail := t.uniqueMail(choose(r, []string{"breakglass", "ci-bot", "aws-root-delegate", "auditor.external"}))
	made := t.longAgo(r)
	target := &world.TargetUser{
		ID: t.World.NewUUID(), UserName: mail, DisplayName: "Managed by hand", GivenName: "Managed",
		FamilyName: "By hand", Email: mail, EmailType: "work", Active: true, CreatedBy: "identitystore",
		Created: made, Modified: made, Revision: 1,
	}
	t.World.Target.AddUser(target)
	return targetUserFinding("", target)
}

func stillActiveSuspended(t *Tenant, r *rand.Rand, p *person) Finding {
	at := t.daysAgo(r, 1+r.IntN(4))
	p.user.Status, p.user.UpdatedAt = statusSuspended, at
	t.log(t.byAdmin(r, t.userEvent(world.EventUserSuspended, at, p.user)))
	return Finding{Confidence: certain, Cause: "source-suspended"}
}

func stillActiveUnlicensed(_ *Tenant, _ *rand.Rand, p *person) Finding {
	p.user.State = stateUnlicensed
	return Finding{Confidence: certain}
}

func inactiveUnexplained(t *Tenant, r *rand.Rand, p *person) Finding {
	p.target.Active, p.target.Modified = false, t.daysAgo(r, 1+r.IntN(9))
	return Finding{Confidence: certain}
}

// inactiveFailed was suspended and came back, but the push of the second change failed.
func inactiveFailed(t *Tenant, r *rand.Rand, p *person) Finding {
	left, back := t.daysAgo(r, 20), t.daysAgo(r, 2)
	t.log(t.byAdmin(r, t.userEvent(world.EventUserSuspended, left, p.user)))
	t.logPush(p, world.EventSuspended, left)
	t.log(t.byAdmin(r, t.userEvent(world.EventUserReactivated, back, p.user)))
	t.logPushFailure(p, world.EventReactivateFailed, back, displayName(p.user)+" could not be reactivated in "+appName)
	p.user.UpdatedAt = back
	p.target.Active, p.target.Modified = false, left
	p.login.Status, p.login.State = "enabling_failed", modifyingFailed
	return Finding{Confidence: certain, Cause: pushFailure}
}

// pairedByExternalID is untouched and paired by external id, so that it stays paired whatever its names become.
func pairedByExternalID(p *person) bool { return p.isUntouched() && p.target.ExternalID != "" }

// hasPersonnelNumber is paired by a personnel number.
func hasPersonnelNumber(p *person) bool {
	return pairedByExternalID(p) && p.user.ExternalID == p.target.ExternalID
}

// renamedAtSource gives the person another e-mail, from which the userName comes; the target has not heard of it.
func renamedAtSource(t *Tenant, r *rand.Rand, p *person) Finding {
	p.user.Email = t.uniqueMail(p.user.Username + "-new")
	p.user.Username = strings.TrimSuffix(p.user.Email, "@"+domain)
	t.logUserUpdate(r, p)
	return Finding{Cause: "source-changed", Fields: []string{"userName", "emails"}}
}

func renamedAtTarget(t *Tenant, r *rand.Rand, p *person) Finding {
	p.target.UserName = p.user.Username + "@legacy." + domain
	p.target.Modified = t.daysAgo(r, 2+r.IntN(20))
	return Finding{Fields: []string{"userName"}}
}

func attributesAtSource(t *Tenant, r *rand.Rand, p *person) Finding {
	t.addFamilyName(r, p)
	t.logUserUpdate(r, p)
	return Finding{Confidence: certain, Cause: "source-changed", Fields: []string{"displayName", "name.familyName"}}
}

func attributesAtTarget(t *Tenant, r *rand.Rand, p *person) Finding {
	p.target.DisplayName += " (external)"
	p.target.Modified = t.daysAgo(r, 2+r.IntN(20))
	return Finding{Confidence: certain, Fields: []string{"displayName"}}
}

func attributesEmail(t *Tenant, r *rand.Rand, p *person) Finding {
	p.target.Email = p.user.Username + "@mail." + domain
	p.target.Modified = t.daysAgo(r, 2+r.IntN(20))
	return Finding{Confidence: certain, Fields: []string{"emails"}}
}

func attributesFailed(t *Tenant, r *rand.Rand, p *person) Finding {
	f := attributesAtSource(t, r, p)
	t.logPushFailure(p, world.EventUpdateFailed, p.user.UpdatedAt, internalError)
	p.login.State = modifyingFailed
	f.Cause = pushFailure
	return f
}

// addFamilyName adds a second family name, which differs from the first however names are compared.
func (t *Tenant) addFamilyName(r *rand.Rand, p *person) {
	family, _ := splitSpelling(choose(r, t.family))
	p.user.LastName += "-" + family
}

// logUserUpdate logs that an administrator edited the person lately.
func (t *Tenant) logUserUpdate(r *rand.Rand, p *person) {
	p.user.UpdatedAt = t.daysAgo(r, 1+r.IntN(4))
	t.log(t.byAdmin(r, t.userEvent(world.EventUserUpdated, p.user.UpdatedAt, p.user)))
}

// duplicateUser makes a second account with the first one's personnel number, as when somebody is hired again: two
// source users then claim one target user. The second is newer, matches by fewer keys and sorts after it, so that every
// sane way to choose lets the first one keep the pair.
func duplicateUser(t *Tenant, r *rand.Rand, p *person) Finding {
	second := t.newUser(r, t.daysAgo(r, 12))
	second.UpdatedAt = second.CreatedAt
	second.FirstName, second.LastName, second.ExternalID = p.user.FirstName, p.user.LastName, p.user.ExternalID
	second.Email = t.uniqueMail(p.user.Username + "_ext")
	second.Username = strings.TrimSuffix(second.Email, "@"+domain)
	t.app().Direct[second.ID] = true
	loser := &person{user: second}
	loser.login = t.addLogin(loser, &Scenario{})
	loser.login.Status, loser.login.State = "enabling_failed", "provisioning_failed"
	t.log(t.byAdmin(r, t.userEvent(world.EventUserCreated, second.CreatedAt, second)))
	t.logPushFailure(loser, world.EventCreateFailed, second.CreatedAt, refusedDuplicate)
	return Finding{Cause: "duplicate", Members: []string{second.Email}}
}
