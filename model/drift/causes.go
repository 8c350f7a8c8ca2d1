package drift

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// sharedEvidence is how many lines a shared cause brings: the first few tell as much as a hundred of the same.
const sharedEvidence = 5

// pushFailureCause explains why a push of a user did not arrive: it waits for an approval, the token is refused, it
// failed, or it was never tried. The log says why and when; the provisioning state, where it was asked for, that it is
// so.
func (c *Comparer) pushFailureCause(user string, a attempt) (model.Cause, []model.Evidence) {
	login, asked := c.Source.Logins[user]
	failed := c.events.lastFailure(user, a)
	evidence := eventEvidence(failed)
	if asked {
		evidence = append(evidence, login.Evidence())
	}
	switch {
	case login.Class() == model.LoginPending:
		return model.CausePendingApproval, evidence
	case failed != nil && RefusesToken(failed):
		return model.CauseTokenRejected, evidence
	case failed != nil, login.Class() == model.LoginFailed:
		return model.CauseProvisioningFailed, evidence
	}
	return model.CauseUnknown, evidence
}

// tokenRejection gives the refusal of OneLogin's token after which nothing was pushed: no push arrives before a new
// one.
func (c *Comparer) tokenRejection() []model.Evidence { return eventEvidence(c.events.tokenRejected) }

// eventEvidence gives some events of the log as evidence; nil stands for none.
func eventEvidence(events ...*model.Event) (out []model.Evidence) {
	for _, e := range events {
		if e != nil {
			out = append(out, e.Evidence())
		}
	}
	return out
}

// RefusesToken recognises a refusal of OneLogin's token: by its type, or by a 401 in the text of a failed push. How
// OneLogin words it is not documented; AWS answers 401 to an expired, deleted or wrong token
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html).
func RefusesToken(e *model.Event) bool {
	if !e.PushFailed() {
		return e.Type == model.EventTokenRejected
	}
	folded := model.Fold(e.Text)
	return (containsWord(folded, "401") || containsWord(folded, "unauthorized") ||
		containsWord(folded, "unauthorizedexception")) && !otherStatus.MatchString(folded)
}

// otherStatus is a status of HTTP that says nothing of a token: beside it the words may be those of a name.
var otherStatus = regexp.MustCompile(`(?:^|[^-_.0-9a-z])(?:40[02-9]|4[1-9]\d|5\d\d)(?:$|[^-_0-9a-z])`)

// refusesDuplicate recognises a 409 ("Refused to create a new, duplicate resource.").
func refusesDuplicate(text string) bool {
	folded := model.Fold(text)
	return containsWord(folded, "409") || strings.Contains(folded, "duplicate")
}

// refusesStaleID recognises a 404 for a group: OneLogin pushes to the id that it remembers of a group that is gone.
// How it words that is not documented; what it must hold is the group and a 404.
func refusesStaleID(text, group string) bool {
	folded := model.Fold(text)
	return containsWord(folded, "404") && containsWord(folded, model.Fold(group))
}

// containsWord finds a name that is not merely a part of a longer one.
func containsWord(text, name string) bool {
	inName := func(b byte) bool {
		return b == '-' || b == '_' || b == '.' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || b >= 0x80
	}
	for from := 0; name != ""; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(name)
		if (at == 0 || !inName(text[at-1])) && (end == len(text) || !inName(text[end])) {
			return true
		}
		from = at + 1
	}
	return false
}

// sharedCause gives the cause that every member shares, with its first evidence; a wrong one sends operators the wrong
// way.
func sharedCause(members []int32, why func(int32) (model.Cause, []model.Evidence)) (model.Cause, []model.Evidence) {
	var shared model.Cause
	var evidence []model.Evidence
	for _, m := range members {
		cause, e := why(m)
		if cause == model.CauseUnknown || shared != "" && cause != shared {
			return model.CauseUnknown, nil
		}
		shared = cause
		for _, line := range e {
			if len(evidence) < sharedEvidence && !slices.Contains(evidence, line) {
				evidence = append(evidence, line)
			}
		}
	}
	return shared, evidence
}

// whyUnsynced explains an absent user: the app's switch, a push that waits, what the target requires, the last attempt.
func (c *Comparer) whyUnsynced(u *model.User) (model.Cause, []model.Evidence) {
	if c.Source.App.Provisioning == model.No {
		return model.CauseProvisioningOff, nil
	}
	cause, evidence := c.pushFailureCause(u.ID, createAttempt)
	refused, rejected := c.Refusals(u), c.tokenRejection()
	failed := c.events.lastFailure(u.ID, createAttempt)
	switch {
	case cause == model.CausePendingApproval:
		return cause, append(evidence, refused...) // once approved, the target would refuse it all the same
	case len(refused) > 0:
		return model.CauseMissingAttribute, append(refused, evidence...)
	case rejected != nil:
		return model.CauseTokenRejected, append(rejected, evidence...)
	case failed != nil && refusesDuplicate(failed.Text):
		// Whoever holds userName, e-mail or external id in what was read would have been paired or called a duplicate.
		return model.CauseNameConflict, append(evidence,
			model.Evidence{What: "who holds it is not among the records that were read; look by hand"})
	case cause == model.CauseUnknown && c.neverTried(u.ID):
		return model.CauseNeverAttempted, evidence
	}
	return cause, evidence
}

// neverTried reports whether the provisioning state was asked for and says that OneLogin never made an attempt.
func (c *Comparer) neverTried(user string) bool {
	login, asked := c.Source.Logins[user]
	return asked && login.Class() == model.LoginNever
}

// whyLingering explains a target user whom the app does not list; s may be None.
func (c *Comparer) whyLingering(s, t int32) (model.Cause, []model.Evidence) {
	deleted := c.events.deletionOf(&c.Target.Users[t])
	if s != model.None { // another one had the name before
		deleted = c.events.latestOfUser(c.Source.Users[s].ID, model.EventDeletedUser)
	}
	switch {
	case deleted != nil:
		return model.CauseSourceDeleted, eventEvidence(deleted)
	case s == model.None:
		return model.CauseUnknown, nil
	}
	user := c.Source.Users[s].ID
	evidence := eventEvidence(c.events.latestOfUser(user, model.EventRemovedFromRole, model.EventAutoRemoved,
		model.EventAPIRemoveRoles, model.EventLoginRemoved))
	if login := c.Source.Logins[user]; login.Class() == model.LoginPending {
		evidence = append(evidence, login.Evidence())
	}
	return model.CauseSourceUnassigned, evidence
}

func (c *Comparer) whyStillActive(u *model.User) (model.Cause, []model.Evidence) {
	cause, evidence := c.pushFailureCause(u.ID, suspendAttempt)
	suspended := u.Standing == model.StandingSuspended
	if suspended {
		evidence = append(eventEvidence(c.events.latestOfUser(u.ID, model.EventSuspendedUser,
			model.EventAPISuspendedUser, model.EventDeactivatedUser)), evidence...)
	}
	rejected := c.tokenRejection()
	switch {
	case cause != model.CauseUnknown:
		return cause, evidence
	case rejected != nil:
		return model.CauseTokenRejected, append(rejected, evidence...)
	case suspended:
		return model.CauseSourceSuspended, evidence
	}
	return model.CauseUnknown, evidence
}

// whyChanged explains an attribute that differs: a push that waits or failed, a value that the target keeps for
// somebody else, else a change at the source that was never pushed.
func (c *Comparer) whyChanged(f *model.Finding) (model.Cause, []model.Evidence) {
	u := &c.Source.Users[f.Source]
	cause, evidence := c.pushFailureCause(u.ID, updateAttempt)
	evidence = append(evidence, c.Refusals(u)...)
	pending := cause == model.CausePendingApproval
	if model.Trim(u.UserName) == "" && !pending {
		return model.CauseMissingAttribute, evidence
	}
	held, inTurn := c.heldByOther(f)
	if len(held) > 0 && !pending {
		return model.CauseNameConflict, append(held, evidence...)
	}
	evidence = append(evidence, inTurn...)
	e := c.events.unpushedChange(u.ID)
	if cause != model.CauseUnknown || e == nil {
		return cause, evidence
	}
	evidence = append(eventEvidence(e), evidence...)
	if rejected := c.tokenRejection(); rejected != nil {
		return model.CauseTokenRejected, append(rejected, evidence...)
	}
	return model.CauseSourceChanged, evidence
}
