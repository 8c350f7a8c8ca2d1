package model

import "strings"

// whyUnsynced explains an absent user: by the app's switch, by what the target requires and OneLogin does not have, then
// by the last attempt.
func (c *comparer) whyUnsynced(u *User) (Cause, []Evidence) {
	if c.Source.App.Provisioning == No {
		return CauseProvisioningOff, nil
	}
	cause, evidence := c.events.failure(u.ID, createFailed)
	if lacks := c.lacks(u); len(lacks) > 0 {
		return CauseMissingAttribute, append(lacks, evidence...)
	}
	return cause, evidence
}

// lacks lists what Identity Center requires of a new user and the source does not have
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html); other targets differ.
func (c *comparer) lacks(u *User) []Evidence {
	if c.Target.Kind != "aws" {
		return nil
	}
	var out []Evidence
	for _, f := range []Field{FieldGivenName, FieldFamilyName, FieldDisplayName} {
		if strings.TrimSpace(u.value(f)) == "" {
			out = append(out, Evidence{What: "required by the target, empty in OneLogin", Text: f.String()})
		}
	}
	return out
}

// whyMissing explains an absent group: by the app's settings, else by a push of one of its members that the target
// refused because the group is gone.
func (c *comparer) whyMissing(group string) (Cause, []Evidence) {
	if c.Source.App.GroupsIncluded == No {
		return CauseGroupsNotIncluded, nil
	}
	name := Fold(group)
	for _, e := range c.events.failedPushes {
		// How OneLogin words a stale entitlement id is not documented; what it must hold is the group and a 404.
		text := Fold(e.Text)
		if strings.Contains(text, "404") && containsWord(text, name) {
			return CauseDeletedAtTarget, []Evidence{e.evidence()}
		}
	}
	return CauseUnknown, nil
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

// whyMembersMissing explains missing members: by the app's settings, else by a push that failed for every one of them.
func (c *comparer) whyMembersMissing(missing []int32) (Cause, []Evidence) {
	switch {
	case c.Source.App.Provisioning == No:
		return CauseProvisioningOff, nil
	case c.Source.App.GroupsIncluded == No:
		return CauseGroupsNotIncluded, nil
	}
	return forAll(missing, func(s int32) (Cause, []Evidence) {
		return c.events.failure(c.Source.Users[s].ID, updateFailed)
	})
}

// whyMembersExtra explains members who should not be in a group: they were removed from its role, says the log.
func (c *comparer) whyMembersExtra(roles []string, extra []int32) (Cause, []Evidence) {
	return forAll(extra, func(t int32) (Cause, []Evidence) {
		return c.events.removed(roles, c.Source.Users[c.Users.ToSource[t]].ID)
	})
}

// forAll gives the cause that every member shares, with all its evidence; one exception leaves it unknown, because a
// wrong cause sends an operator the wrong way.
func forAll(members []int32, why func(int32) (Cause, []Evidence)) (Cause, []Evidence) {
	var shared Cause
	var evidence []Evidence
	for _, m := range members {
		cause, e := why(m)
		if cause == CauseUnknown || shared != "" && cause != shared {
			return CauseUnknown, nil
		}
		shared = cause
		evidence = append(evidence, e...)
	}
	return shared, evidence
}

// removed finds the event that took a user out of one of some roles.
func (x eventIndex) removed(roles []string, user string) (Cause, []Evidence) {
	for _, role := range roles {
		for _, e := range x.byRole[role] {
			switch e.Type {
			case EventRemovedFromRole, EventAutoRemoved, EventAPIRemoveRoles:
				if e.UserID == user {
					return CauseSourceRemoved, []Evidence{e.evidence()}
				}
			}
		}
	}
	return CauseUnknown, nil
}

// whyRenamed finds the event that changed a role. Without one it stays open which side was renamed.
func (x eventIndex) whyRenamed(roles []string) (Cause, []Evidence) {
	for _, role := range roles {
		for _, e := range x.byRole[role] {
			if e.Type == EventRoleUpdated {
				return CauseSourceRenamed, []Evidence{e.evidence()}
			}
		}
	}
	return CauseUnknown, nil
}
