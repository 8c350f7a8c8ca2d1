package model

import (
	"slices"
	"strings"
)

// sharedEvidence is how many lines a shared cause brings: the first few tell as much as a hundred of the same.
const sharedEvidence = 5

// trouble explains why a push of a user did not arrive: it waits for an approval, the token is refused, it failed, or it
// was never tried. The log says why and when; the provisioning state, where it was asked for, that it is so.
func (c *comparer) trouble(user string, a attempt) (Cause, []Evidence) {
	login, asked := c.Source.Logins[user]
	failed := c.events.failed(user, a)
	var evidence []Evidence
	if failed != nil {
		evidence = append(evidence, failed.evidence())
	}
	if asked {
		evidence = append(evidence, login.evidence())
	}
	switch {
	case asked && login.Class() == LoginPending:
		return CausePendingApproval, evidence
	case failed != nil && refusesToken(failed.Text):
		return CauseTokenRejected, evidence
	case failed != nil, asked && login.Class() == LoginFailed:
		return CauseProvisioningFailed, evidence
	}
	return CauseUnknown, evidence
}

// outstanding gives the refusal of OneLogin's token after which nothing was pushed: until the token is renewed, no push can
// arrive.
func (c *comparer) outstanding() (Evidence, bool) {
	if c.events.rejected == nil {
		return Evidence{}, false
	}
	return c.events.rejected.evidence(), true
}

// refusesToken recognises a 401 in the text of a failed push. How OneLogin words it is not documented; AWS answers 401 to
// an expired, deleted or wrong token (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html).
func refusesToken(text string) bool {
	folded := Fold(text)
	return containsWord(folded, "401") || containsWord(folded, "unauthorized") || containsWord(folded, "unauthorizedexception")
}

// refusesDuplicate recognises a 409 ("Refused to create a new, duplicate resource.").
func refusesDuplicate(text string) bool {
	folded := Fold(text)
	return containsWord(folded, "409") || strings.Contains(folded, "duplicate")
}

// refusesStaleID recognises a 404 for a group: OneLogin pushes to the id that it remembers of a group that is gone. How it
// words that is not documented; what it must hold is the group and a 404.
func refusesStaleID(text, group string) bool {
	folded := Fold(text)
	return containsWord(folded, "404") && containsWord(folded, Fold(group))
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

// forAll gives the cause that every member shares, with the first of its evidence; one exception leaves it unknown, because
// a wrong cause sends an operator the wrong way.
func forAll(members []int32, why func(int32) (Cause, []Evidence)) (Cause, []Evidence) {
	var shared Cause
	var evidence []Evidence
	for _, m := range members {
		cause, e := why(m)
		if cause == CauseUnknown || shared != "" && cause != shared {
			return CauseUnknown, nil
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
