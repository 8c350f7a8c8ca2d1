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
	claimFormer
	claimRules
	claimSettings
)

// claimRule is one row of the evidence table (DESIGN section 4): who could say otherwise of a claim, and how to ask.
type claimRule struct {
	// source and target are the lists that the claim rests on, rules whether it rests on the rules too, unless the
	// configuration says to do without them. The guard holds steps against the same.
	source, target []Part
	rules          bool
	// also says what else the claim rests on and was not read, by the finding; nil where nothing does.
	also func(*comparer, *Finding) string
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
			source: []Part{PartGroups}, rules: true, also: eventsUnread, witnesses: (*comparer).yieldedElsewhere, asks: askRolesAndRules,
			more: askRole,
			hear: (*comparer).hearRole, asked: true,
		},
		claimYielded: {source: []Part{PartGroups}, asks: askYielded, hear: (*comparer).hearYielded, asked: true},
		claimNoRight: {
			source: []Part{PartUsers, PartGroups, PartMemberships}, target: []Part{PartUsers}, rules: true, also: whoseGroup,
			witnesses: (*comparer).membersOfAnother, asks: askExtras, hear: (*comparer).hearYielded, asked: true,
		},
		claimRight: {
			source: []Part{PartGroups, PartMemberships}, witnesses: (*comparer).membersOfAnother, asks: askRights, more: askOtherRights, hear: (*comparer).hearYielded,
			asked: true,
		},
		claimMembers: {
			asks: askMembers, more: askOtherMembers, hear: (*comparer).hearMembers,
			asked: true,
		},
		claimAbsentGroup: {
			target: []Part{PartGroups}, witnesses: (*comparer).carriedElsewhere, asks: askTargetGroup, hear: (*comparer).hearAbsent,
			asked: true,
		},
		claimAbsentUser: {target: []Part{PartUsers}, asks: askTargetUser, hear: (*comparer).hearAbsent, asked: true},
		claimUnassigned: {
			source: []Part{PartUsers}, witnesses: (*comparer).assignedElsewhere, asks: askWhetherAssigned,
			hear:  (*comparer).hearAssigned,
			asked: true,
		},
		claimInactive:  {source: []Part{PartUsers}, more: askStanding, hear: (*comparer).hearStanding},
		claimEntitled:  {source: []Part{PartUsers}, more: askStanding, hear: (*comparer).hearStanding},
		claimPair:      {also: bothUsers, more: askRecords, hear: (*comparer).hearRecord},
		claimGroupPair: {more: askGroupRecords, hear: (*comparer).hearGroupRecord},
		claimHeld:      {more: askHeld, hear: (*comparer).hearHeld},
		claimShown:     {more: askShown, hear: (*comparer).hearRecord},
		claimFormer:    {source: []Part{PartGroups}, target: []Part{PartGroups}, rules: true},
		claimRules:     {},
		claimSettings:  {},
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
	case AssignmentsStranded:
		return []claim{claimYielded, claimFormer}
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

// claimsOfRepair are the claims that a repair rests on, whatever finding it ends; known is false for one that is not known here.
func claimsOfRepair(r RepairName) (claims []claim, known bool) {
	switch r { //nolint:exhaustive // the others are handoffs
	case ReapplyMappings:
		return []claim{claimEntitled}, true
	case CreateUser, ActivateUser:
		return []claim{claimEntitled, claimAbsentUser}, true
	case DeactivateUser, DeleteUser:
		return []claim{claimUnassigned}, true
	case CreateGroup, RenameGroup:
		return []claim{claimYielded}, true
	case DeleteGroup, RemoveAssignments:
		return []claim{claimNotYielded}, true
	case AddMembers:
		return []claim{claimRight}, true
	case RemoveMembers:
		return []claim{claimNoRight}, true
	case MoveAssignments:
		return []claim{claimYielded, claimFormer}, true
	case UpdateUser, RestoreAssignments, ClearAssignments: // one pair alone; what the lens is asked just before
		return nil, true
	}
	return nil, false
}

// weigh sets how sure a finding is and what it may take or grant, by all that was read and asked in this load.
func (c *comparer) weigh(f *Finding) {
	sure, against := f.Confidence, []string(nil)
	rules := claimTable()
	for _, cl := range claimsOf(f.Kind) {
		rule := &rules[cl]
		why := rule.unread(&c.Comparison)
		if why == "" && rule.also != nil {
			why = rule.also(c, f)
		}
		if why != "" {
			f.Blocked, sure = cmp.Or(f.Blocked, why), min(sure, Likely)
		}
		if rule.witnesses != nil {
			f.Witnesses = append(f.Witnesses, rule.witnesses(c, f)...)
		}
		confirmed := c.hear(f, rule, rule.asks)
		c.hear(f, rule, rule.more)
		if rule.asked && !confirmed || c.unanswered(f, rule.more) {
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

// unanswered reports whether one of some questions was asked in vain.
func (c *comparer) unanswered(f *Finding, asks func(*comparer, *Finding) []Ask) bool {
	return asks != nil && len(c.opts.Replies) > 0 && slices.ContainsFunc(asks(c, f), func(q Ask) bool { return c.opts.Replies[q].Failed != "" })
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

// unread says what of the lists that a claim rests on was not read in full; "" if all was.
func (r *claimRule) unread(c *Comparison) string {
	why := cmp.Or(notAll(AtSource, c.Source.Coverage, r.source...), notAll(AtTarget, c.Target.Coverage, r.target...))
	if r.rules && c.Source.Coverage[PartRules].State != Skipped {
		why = cmp.Or(why, notAll(AtSource, c.Source.Coverage, PartRules))
	}
	return why
}

func bothUsers(c *comparer, f *Finding) string {
	if f.Kind == UserAttributes || f.Kind == UserInactive {
		return "" // nothing is taken, and the pair is firm
	}
	return c.notAllUsers()
}

// whoseGroup: a group that carries no id of the role may still be that of another role, which gave it the name and has
// given it up since; only the log tells.
func whoseGroup(c *comparer, f *Finding) string {
	if why := notAll(AtTarget, c.Target.Coverage, PartGroups); why != "" || c.settled(PartEvents) {
		return why
	}
	roles := c.Source.Groups[f.Source].RoleIDs
	if len(roles) != 1 || roles[0] == c.Target.Groups[f.Target].ExternalID {
		return ""
	}
	return notAll(AtSource, c.Source.Coverage, PartEvents)
}

// eventsUnread: an event that was not read may show that the role of a group lives on under another name, unless one that
// was read says that the role went.
func eventsUnread(c *comparer, f *Finding) string {
	if c.settled(PartEvents) || c.wentByEvent(&c.Target.Groups[f.Target]) {
		return ""
	}
	return notAll(AtSource, c.Source.Coverage, PartEvents)
}
