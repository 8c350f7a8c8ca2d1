package drift

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// maxMembersPerPatch is how many changes of memberships AWS takes in one request
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/patchgroup.html); a push of more fails as a whole,
// with the same words as any broken request (https://github.com/slashdevops/idp-scim-sync/issues/62).
const maxMembersPerPatch = 100

// provisioningOffCause explains what the app's settings keep back: everything, or groups only.
func (c *Comparer) provisioningOffCause() (model.Cause, bool) {
	switch {
	case c.Source.App.Provisioning == model.No:
		return model.CauseProvisioningOff, true
	case c.Source.App.GroupsIncluded == model.No:
		return model.CauseGroupsNotIncluded, true
	}
	return "", false
}

// whyMissing explains an absent group: by the app's settings, by a push to its stale id or OneLogin's memory of it,
// by what keeps its members back, or by a role so new that no reapply has followed.
func (c *Comparer) whyMissing(s int32) (model.Cause, []model.Evidence) {
	if cause, off := c.provisioningOffCause(); off {
		return cause, nil
	}
	g := &c.Source.Groups[s]
	if stale := c.events.staleIDFailures(g.Name); len(stale) > 0 {
		return model.CauseDeletedAtTarget, eventEvidence(stale[0])
	}
	if slices.ContainsFunc(c.Source.Entitlements, func(name string) bool { return model.SameName(name, g.Name) }) {
		return model.CauseDeletedAtTarget, []model.Evidence{{What: "OneLogin's entitlement cache still names it"}}
	}
	if rejected := c.tokenRejection(); rejected != nil {
		return model.CauseTokenRejected, rejected
	}
	refused := c.NameRefusals(g.Name)
	members := c.Source.Members.Of(int(s))
	cause, evidence := sharedCause(members, c.whyNotMember)
	if cause == model.CauseProvisioningFailed || cause == model.CauseTokenRejected {
		return cause, append(refused, evidence...)
	}
	waits := func(s int32) bool { return c.Source.Logins[c.Source.Users[s].ID].Class() == model.LoginPending }
	if n := model.CountIf(members, waits); n > 0 {
		wait := model.Evidence{
			What: "members wait for approval in OneLogin", Text: fmt.Sprintf("%d of %d", n, len(members)),
		}
		if cause != model.CausePendingApproval {
			return model.CauseUnknown, append(refused, wait)
		}
		wait.What = "every member waits for approval in OneLogin" // the group follows with the first who is approved
		return cause, append(refused, wait)
	}
	if fresh := c.expectedSinceReapply(g.RoleIDs, members); len(fresh) > 0 {
		return model.CauseNeverAttempted, append(refused, fresh...)
	}
	return model.CauseUnknown, refused
}

func (c *Comparer) whyNotMember(s int32) (model.Cause, []model.Evidence) {
	user := c.Source.Users[s].ID
	a := updateAttempt
	if c.Users.ToTarget[s] == model.None {
		a = createAttempt
	}
	return c.pushFailureCause(user, a)
}

// expectedSinceReapply gives the event that made the group expected, if neither a reapply nor a push of one of its
// members has followed: users who have the app already get a new group by a reapply only
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html,
// https://github.com/onelogin/terraform-provider-onelogin/issues/66).
func (c *Comparer) expectedSinceReapply(roles []string, members []int32) []model.Evidence {
	if !c.SourceRead(model.PartEvents) {
		return nil // the reapply may be in the part that was not read
	}
	var made *model.Event
	for _, role := range roles {
		for _, e := range c.events.byRole[role] {
			if e.Type == model.EventRoleCreated || e.Type == model.EventAppAddedToRole && e.AppID == c.Source.App.ID {
				if made == nil || made.Before(e) {
					made = e
				}
			}
		}
	}
	if made == nil || c.events.lastReapply != nil && made.Before(c.events.lastReapply) {
		return nil
	}
	for _, s := range members {
		if e := c.events.latestOfUser(c.Source.Users[s].ID, model.EventCreatedInApp,
			model.EventUpdatedInApp); e != nil && e.AppID == c.Source.App.ID && made.Before(e) {
			return nil
		}
	}
	return eventEvidence(made, c.events.lastReapply)
}

// whyMembersMissing explains them by the app's settings, by what all have in common, a stale id, or too large a push.
func (c *Comparer) whyMembersMissing(group string, missing []int32) (model.Cause, []model.Evidence) {
	if cause, off := c.provisioningOffCause(); off {
		return cause, nil
	}
	if stale := c.events.staleIDFailures(group); len(stale) > 0 &&
		slices.ContainsFunc(missing, func(s int32) bool { return c.Source.Users[s].ID == stale[0].UserID }) {
		return model.CauseStaleEntitlement, eventEvidence(stale[0])
	}
	cause, evidence := sharedCause(missing, c.whyNotMember)
	rejected := c.tokenRejection()
	switch {
	case cause == model.CausePendingApproval:
		return cause, evidence
	case rejected != nil:
		return model.CauseTokenRejected, append(rejected, evidence...)
	case len(missing) > maxMembersPerPatch && c.Target.Kind == "aws":
		return model.CauseOver100, c.firstFailedPush(missing, evidence)
	case cause != model.CauseUnknown:
		return cause, evidence
	}
	never, evidence := sharedCause(missing, func(s int32) (model.Cause, []model.Evidence) {
		if !c.neverTried(c.Source.Users[s].ID) {
			return model.CauseUnknown, nil
		}
		return model.CauseNeverAttempted, []model.Evidence{c.Source.Logins[c.Source.Users[s].ID].Evidence()}
	})
	if never == model.CauseNeverAttempted {
		return never, evidence
	}
	return model.CauseUnknown, c.loginStates(missing)
}

// firstFailedPush gives the newest failed push of the first member that has one: a push for many is logged with one of
// them.
func (c *Comparer) firstFailedPush(members []int32, evidence []model.Evidence) []model.Evidence {
	if len(evidence) > 0 {
		return evidence
	}
	for _, s := range members {
		if e := c.events.lastFailure(c.Source.Users[s].ID, updateAttempt); e != nil {
			return eventEvidence(e)
		}
	}
	return nil
}

// loginStates quotes the provisioning states that were asked for, counted, where they do not agree on a cause.
func (c *Comparer) loginStates(users []int32) []model.Evidence {
	var order []model.Evidence
	counts := map[model.Evidence]int{}
	for _, s := range users {
		if login, asked := c.Source.Logins[c.Source.Users[s].ID]; asked {
			e := login.Evidence()
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

// whyMembersExtra explains members who should not be in a group: they were removed from its role, says the log, or
// OneLogin keeps what it did not grant itself. That somebody added them at the target is never certain: the API shows
// neither groups that were set by hand on one login nor what was granted before the log begins.
func (c *Comparer) whyMembersExtra(roles []string, extra []int32) (model.Cause, []model.Evidence) {
	cause, evidence := sharedCause(extra, func(t int32) (model.Cause, []model.Evidence) {
		if e := c.events.latestRemoval(roles, c.Source.Users[c.Users.ToSource[t]].ID); e != nil {
			return model.CauseSourceRemoved, eventEvidence(e)
		}
		return model.CauseUnknown, nil
	})
	if cause == model.CauseUnknown && c.Source.App.GroupsParameter().Safe == model.Yes {
		return model.CauseSafeEntitlements, []model.Evidence{{What: "Safe Entitlements is on for the app's Groups " +
			"parameter"}}
	}
	return cause, evidence
}

// What Identity Center takes (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html; lengths
// and alphabets are those of the Identity Store API, which stands behind it:
// https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html). Lengths are in
// characters.
const (
	longestUserName   = 128
	longestExternalID = 256
	longestText       = 1024
)

// EvidenceEmpty and EvidenceRefused mark the evidence that names, as its Text, a field to mend in OneLogin: the target
// requires it and it is empty, or its form is one that the target refuses.
const (
	EvidenceEmpty   = "required by the target, empty in OneLogin"
	EvidenceRefused = "refused by the target"
)

// Refusals lists what the target would refuse of a user before OneLogin tries again: a user without userName anywhere
// (RFC 7643 section 4.1.1), and what Identity Center refuses; other targets differ. A second e-mail or phone number is
// refused too, but OneLogin's list of users does not show any.
func (c *Comparer) Refusals(u *model.User) (out []model.Evidence) {
	aws, name := c.Target.Kind == "aws", model.Trim(u.UserName)
	for _, f := range []model.Field{model.FieldGivenName, model.FieldFamilyName, model.FieldDisplayName} {
		switch value := u.Value(f); {
		case !aws:
		case strings.TrimSpace(value) == "":
			out = append(out, listEvidence(EvidenceEmpty, f.String()))
		case utf8.RuneCountInString(value) > longestText:
			out = append(out, refusedEvidence(f.String()+" has more than 1,024 characters"))
		}
	}
	switch {
	case name == "":
		out = append(out, listEvidence(EvidenceEmpty, model.FieldUserName))
	case !aws:
	case utf8.RuneCountInString(name) > longestUserName:
		out = append(out, refusedEvidence("userName has more than 128 characters"))
	case hasWhitespace(name):
		out = append(out, refusedEvidence("userName has white space in it"))
	}
	// Which value OneLogin sends as external id is the connector's affair, so an id of its own making is not judged.
	if id := u.ExternalID; aws && id != u.ID && (utf8.RuneCountInString(id) > longestExternalID || hasWhitespace(id)) {
		out = append(out, refusedEvidence("externalId has white space or more than 256 characters"))
	}
	return out
}

// NameRefusals says what Identity Center would refuse of a group.
func (c *Comparer) NameRefusals(name string) []model.Evidence {
	if c.Target.Kind == "aws" && utf8.RuneCountInString(name) > longestText {
		return []model.Evidence{refusedEvidence("the group's name has more than 1,024 characters")}
	}
	return nil
}

func refusedEvidence(why string) model.Evidence {
	return model.Evidence{What: EvidenceRefused, Text: why}
}

func hasWhitespace(s string) bool { return strings.ContainsFunc(s, unicode.IsSpace) }

// collisionEvidence says which key each other claimant of a pair of users has in common with the pair.
func (c *Comparer) collisionEvidence(s, t int32) (out []model.Evidence) {
	src, tgt := userRecords(c.Source.Users), userRecords(c.Target.Users)
	shared := func(a, b int32, what, text string) {
		for _, basis := range []Basis{BasisExternalID, BasisUserName, BasisEmail, BasisName} {
			if k := src.key(a, basis); k != "" && k == tgt.key(b, basis) {
				word := basis.String()
				if basis == BasisName {
					word = "given and family name"
				}
				out = append(out, listEvidence("its "+word+what, text))
				return
			}
		}
	}
	for _, other := range c.Users.Contests[s].Sources {
		shared(other, t, " is held by this target user", c.Source.Users[other].Called())
	}
	for _, other := range c.Users.Contests[s].Targets {
		shared(s, other, " is held by another target user", c.Target.Users[other].Called())
	}
	return out
}
