package model

import (
	"cmp"
	"slices"
	"strings"
)

// claim is one thing that a finding rests on and that something else which was read could deny.
type claim uint8

const (
	// In the order in which a load asks: what one answer settles for many first, what takes most requests last.
	claimNotYielded claim = iota
	claimNoRight
	claimAbsentGroup
	claimAbsentUser
	claimMembers
	claimUnassigned
	claimInactive
	claimEntitled
	claimYielded
	claimRight
	claimPair
	claimGroupPair
	claimHeld
	claimShown
	claimRules
	claimSettings
)

// claimRule is one row of the evidence table (DESIGN section 4): who could say otherwise of a claim, and how to ask.
type claimRule struct {
	// parts says what of the lists that the claim rests on was not read in full; "" if all was.
	parts func(*comparer, *Finding) string
	// witnesses gives what was read in the same load and speaks for or against the claim; nil where the lists
	// themselves are all there is.
	witnesses func(*comparer, *Finding) []Evidence
	// asks are the direct questions that make it certain, more those that are asked beside them of what somebody
	// picked, and as far as the budget goes. hear says what an answer says: no evidence where it says nothing of the
	// claim.
	asks, more func(*comparer, *Finding) []Ask
	hear       func(*comparer, *Finding, Ask, *Reply) Evidence
	// asked: the claim is certain only if every direct question bears it out.
	asked bool
}

// claimTable is the evidence table. Whatever decides how sure a finding is, what is asked, what is offered and what a
// plan rests on goes by it.
func claimTable() [claimSettings + 1]claimRule {
	return [...]claimRule{
		claimNotYielded: {
			parts: (*comparer).groupsUnread, witnesses: (*comparer).yieldedElsewhere, asks: askRolesAndRules,
			more: askRole,
			hear: (*comparer).hearRole, asked: true,
		},
		claimYielded: {parts: nothing, asks: askYielded, hear: (*comparer).hearYielded, asked: true},
		claimNoRight: {parts: whoseGroup, witnesses: (*comparer).membersOfAnother, asks: askExtras, hear: (*comparer).hearYielded, asked: true},
		claimRight: {
			parts: nothing, witnesses: (*comparer).membersOfAnother, asks: askRights, more: askOtherRights, hear: (*comparer).hearYielded,
			asked: true,
		},
		claimMembers: {
			parts: nothing, asks: askMembers, more: askOtherMembers, hear: (*comparer).hearMembers,
			asked: true,
		},
		claimAbsentGroup: {
			parts: nothing, witnesses: (*comparer).carriedElsewhere, asks: askTargetGroup, hear: (*comparer).hearAbsent,
			asked: true,
		},
		claimAbsentUser: {parts: nothing, asks: askTargetUser, hear: (*comparer).hearAbsent, asked: true},
		claimUnassigned: {
			parts: sourceUsers, witnesses: (*comparer).assignedElsewhere, asks: askWhetherAssigned,
			hear:  (*comparer).hearAssigned,
			asked: true,
		},
		claimInactive:  {parts: bothUsers, more: askStanding, hear: (*comparer).hearStanding},
		claimEntitled:  {parts: nothing, more: askStanding, hear: (*comparer).hearStanding},
		claimPair:      {parts: bothUsers, more: askRecords, hear: (*comparer).hearRecord},
		claimGroupPair: {parts: nothing, more: askGroupRecords, hear: (*comparer).hearGroupRecord},
		claimHeld:      {parts: nothing, more: askHeld, hear: (*comparer).hearHeld},
		claimShown:     {parts: nothing, more: askShown, hear: (*comparer).hearRecord},
		claimRules:     {parts: nothing},
		claimSettings:  {parts: nothing},
	}
}

// claimsOf are the claims that a finding of a kind rests on.
func claimsOf(kind Kind) []claim {
	switch kind {
	case UserUnsynced:
		return []claim{claimEntitled, claimAbsentUser}
	case UserLingering:
		return []claim{claimUnassigned, claimShown}
	case UserStillActive:
		return []claim{claimInactive, claimPair}
	case UserInactive:
		return []claim{claimEntitled, claimPair}
	case UserRenamed, UserAttributes:
		return []claim{claimPair}
	case GroupLingering, GroupUnclaimed:
		return []claim{claimNotYielded, claimHeld}
	case GroupMissing:
		return []claim{claimYielded, claimAbsentGroup}
	case GroupRenamed:
		return []claim{claimGroupPair}
	case MembersMissing:
		return []claim{claimRight, claimMembers}
	case MembersExtra:
		return []claim{claimNoRight, claimMembers}
	case UserDuplicate:
		return []claim{claimPair}
	case GroupDuplicate:
		return []claim{claimGroupPair}
	case RuleRedundant, RuleOpaque, SetupNoGroupRule:
		return []claim{claimRules}
	}
	if slices.Contains(SetupKinds(), kind) {
		return []claim{claimSettings}
	}
	return nil
}

// weigh sets how sure a finding is and what it may take or grant, by all that was read and asked in this load.
func (c *comparer) weigh(f *Finding) {
	sure, against := f.Confidence, []string(nil)
	rules := claimTable()
	for _, cl := range claimsOf(f.Kind) {
		rule := &rules[cl]
		f.Blocked = cmp.Or(f.Blocked, rule.parts(c, f))
		if rule.witnesses != nil {
			f.Witnesses = append(f.Witnesses, rule.witnesses(c, f)...)
		}
		confirmed := c.hear(f, rule, rule.asks)
		c.hear(f, rule, rule.more)
		if rule.asked && !confirmed {
			sure = min(sure, Likely)
		}
	}
	for _, e := range f.Witnesses {
		if e.Against {
			against = append(against, e.sentence())
		}
	}
	if len(against) > 0 {
		f.Contradicted = cmp.Or(lists(f.Kind), "the lists") + " say so, but " + strings.Join(against, ", and ")
		sure = Unsure
	}
	f.Confidence = sure
}

// hear adds what the answers to some questions about a claim say, and reports whether all were answered and bear it
// out.
func (c *comparer) hear(f *Finding, rule *claimRule, asks func(*comparer, *Finding) []Ask) bool {
	if asks == nil {
		return false
	}
	list := asks(c, f)
	confirmed := len(list) > 0
	for _, q := range list {
		reply, asked := c.opts.Replies.usable(q)
		if !asked {
			confirmed = false
			continue
		}
		if reply.NoWay {
			continue
		}
		e := rule.hear(c, f, q, &reply)
		if confirmed = confirmed && e.What != "" && !e.Against; e.What != "" {
			e.At = reply.At
			f.Witnesses = append(f.Witnesses, e)
		}
	}
	return confirmed
}

// lists names the lists that a kind of finding comes from, for the sentence on who says what.
func lists(kind Kind) string {
	switch kind { //nolint:exhaustive // the others rest on both sides' lists
	case UserLingering:
		return "the users of the app"
	case GroupLingering, GroupUnclaimed:
		return "roles and rules"
	case UserUnsynced, GroupMissing:
		return "the lists of the target"
	case UserStillActive, UserInactive:
		return "the lists of users"
	case MembersMissing, MembersExtra:
		return "the lists of members"
	}
	return ""
}

// sentence says what a witness says, and who it is.
func (e *Evidence) sentence() string {
	said := e.What
	if e.Text != "" {
		said += " " + Visible(e.Text)
	}
	if e.Where != "" {
		said = e.Where + ": " + said
	}
	return said
}

// Questions are the direct questions that would bear out or disprove what the findings with these ids claim, or all if
// there are none: each once, those first whose answers decide whether something is certain, and of these what no event
// explains.
func (c *Comparison) Questions(opts Options, ids ...string) []Ask {
	x := &comparer{Comparison: *c, opts: opts, events: indexEvents(c.Source.Events, c.Source.App.ID)}
	var out []Ask
	seen := map[Ask]bool{}
	pass := func(cl claim, asks func(*comparer, *Finding) []Ask, wanted func(*Finding) bool) {
		for i := range c.Findings {
			f := &c.Findings[i]
			if asks == nil || !wanted(f) || len(ids) > 0 && !slices.Contains(ids, f.ID) ||
				!slices.Contains(claimsOf(f.Kind), cl) {
				continue
			}
			for _, q := range asks(x, f) {
				if !seen[q] {
					seen[q] = true
					out = append(out, q)
				}
			}
		}
	}
	rules := claimTable()
	for cl := range rules {
		pass(claim(cl), rules[cl].asks, func(f *Finding) bool { return f.Cause == CauseUnknown })
		pass(claim(cl), rules[cl].asks, func(*Finding) bool { return true })
	}
	for cl := range rules {
		pass(claim(cl), rules[cl].more, func(*Finding) bool { return true })
	}
	return out
}

func nothing(*comparer, *Finding) string { return "" }

func sourceUsers(c *comparer, _ *Finding) string {
	return notAll(AtSource, c.Source.Coverage, PartUsers)
}

func bothUsers(c *comparer, f *Finding) string {
	if f.Kind == UserAttributes || f.Kind == UserInactive {
		return "" // nothing is taken, and the pair is firm
	}
	return cmp.Or(sourceUsers(c, f), notAll(AtTarget, c.Target.Coverage, PartUsers))
}

func allUsersAndGroups(c *comparer, _ *Finding) string {
	return cmp.Or(notAll(AtSource, c.Source.Coverage, PartUsers),
		notAll(AtTarget, c.Target.Coverage, PartUsers, PartGroups))
}

// whoseGroup: a group that carries no id of the role may still be that of another role, which gave it the name and has
// given it up since; only the log tells.
func whoseGroup(c *comparer, f *Finding) string {
	if why := allUsersAndGroups(c, f); why != "" || c.settled(PartEvents) {
		return why
	}
	roles := c.Source.Groups[f.Source].RoleIDs
	if len(roles) != 1 || roles[0] == c.Target.Groups[f.Target].ExternalID {
		return ""
	}
	return notAll(AtSource, c.Source.Coverage, PartEvents)
}

// groupsUnread: a rule that was not read may name the group, and an event that was not read may show that its role
// lives on under another name, unless one that was read says that the role went.
func (c *comparer) groupsUnread(f *Finding) string {
	switch {
	case !c.settled(PartRules):
		return notAll(AtSource, c.Source.Coverage, PartRules)
	case c.settled(PartEvents) || c.wentByEvent(&c.Target.Groups[f.Target]):
		return ""
	}
	return notAll(AtSource, c.Source.Coverage, PartEvents)
}
