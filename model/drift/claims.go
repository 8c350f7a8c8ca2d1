package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
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
	// ClaimRight is that of who has or has no right to be in a group.
	ClaimRight
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
	// Source and target are the lists that the claim rests on, rules whether it rests on the rules too, unless the
	// configuration says to do without them. The guard holds steps against the same.
	Source, Target []model.Part
	Rules          bool
	// alsoUnread says what else the claim rests on and was not read, by the finding; nil where nothing does.
	alsoUnread func(*Comparer, *model.Finding) string
	// evidence gives what else was read in the same load and speaks for or against the claim; may be nil.
	evidence func(*Comparer, *model.Finding) []model.Evidence
	// asks are the direct questions of which every one must bear it out for it to be certain, moreAsks those that are
	// asked beside them of what somebody picked, and within the budget. replyEvidence is what an answer says of it, or
	// no evidence.
	asks, moreAsks func(*Comparer, *model.Finding) []model.Ask
	replyEvidence  func(*Comparer, *model.Finding, model.Ask, *model.Reply) model.Evidence
}

// ClaimTable is the evidence table: how sure a finding is, what is asked and offered and a plan rests on go by it.
func ClaimTable() [claimSettings + 1]claimRule {
	return [...]claimRule{
		claimNotYielded: {
			Source: []model.Part{model.PartGroups}, Rules: true, alsoUnread: eventsUnread,
			evidence: (*Comparer).liveRoleEvidence, asks: askRolesAndRules, moreAsks: askRole,
			replyEvidence: (*Comparer).roleReplyEvidence,
		},
		claimYielded: {
			Source: []model.Part{model.PartGroups}, asks: askExpectedGroup,
			replyEvidence: (*Comparer).roleReplyEvidence,
		},
		claimNoRight: {
			Source: []model.Part{model.PartUsers, model.PartGroups, model.PartMemberships},
			Target: []model.Part{model.PartUsers}, Rules: true, alsoUnread: groupOwnerUnread,
			evidence: (*Comparer).membershipEvidence, asks: askExtraMembers, moreAsks: askRolesOfExtraMembers,
			replyEvidence: (*Comparer).roleReplyEvidence,
		},
		ClaimRight: {
			Source: []model.Part{model.PartGroups, model.PartMemberships}, evidence: (*Comparer).membershipEvidence,
			asks: askMemberRoles, moreAsks: askOtherMemberRoles, replyEvidence: (*Comparer).roleReplyEvidence,
		},
		claimMembers: {asks: askMembers, moreAsks: askOtherMembers, replyEvidence: (*Comparer).membersReplyEvidence},
		claimAbsentGroup: {
			Target: []model.Part{model.PartGroups}, evidence: (*Comparer).otherCarrierEvidence, asks: askTargetGroup,
			replyEvidence: (*Comparer).absenceReplyEvidence,
		},
		claimAbsentUser: {
			Target: []model.Part{model.PartUsers}, evidence: (*Comparer).absentUserEvidence, asks: askTargetUser,
			replyEvidence: (*Comparer).absenceReplyEvidence,
		},
		claimUnassigned: {
			Source: []model.Part{model.PartUsers}, evidence: (*Comparer).assignedEvidence, asks: askWhetherAssigned,
			replyEvidence: (*Comparer).assignedReplyEvidence,
		},
		claimInactive: {
			Source: []model.Part{model.PartUsers}, evidence: (*Comparer).standingEvidence, moreAsks: askStanding,
			replyEvidence: (*Comparer).standingReplyEvidence,
		},
		claimEntitled: {
			Source: []model.Part{model.PartUsers}, alsoUnread: ownAppsLackApp,
			evidence: (*Comparer).standingEvidence, moreAsks: askStanding,
			replyEvidence: (*Comparer).standingReplyEvidence,
		},
		claimPair: {
			alsoUnread: usersUnread, evidence: (*Comparer).pairEvidence, moreAsks: askRecords,
			replyEvidence: (*Comparer).recordReplyEvidence,
		},
		claimGroupPair: {moreAsks: askGroupRecords, replyEvidence: (*Comparer).groupRecordReplyEvidence},
		claimHeld:      {moreAsks: askGroupAndMembers, replyEvidence: (*Comparer).groupMembersReplyEvidence},
		claimShown:     {moreAsks: askTargetRecord, replyEvidence: (*Comparer).recordReplyEvidence},
		claimFormer:    {Source: []model.Part{model.PartGroups}, Target: []model.Part{model.PartGroups}, Rules: true},
		claimRules:     {},
		claimSettings:  {},
	}
}

// kindFacts are what is so of every finding of a kind: its usual severity, its claims, and in words its lists.
type kindFacts struct {
	severity model.Severity
	claims   []claim
	lists    string
}

//nolint:gochecknoglobals // constant tables
var (
	// kindTable have those of records and rules. A lingering user and set-up findings bring their own severity.
	kindTable = map[model.Kind]kindFacts{
		model.UserUnsynced: {model.High, []claim{claimEntitled, claimAbsentUser}, "the lists of the target"},
		model.UserLingering: {
			claims: []claim{claimUnassigned, claimShown}, lists: "the users of the app",
		},
		model.UserStillActive:     {model.Critical, []claim{claimInactive, claimPair}, "the lists of users"},
		model.UserInactive:        {model.High, []claim{claimEntitled, claimPair}, "the lists of users"},
		model.UserRenamed:         {model.Medium, []claim{claimPair}, ""},
		model.UserAttributes:      {model.Low, []claim{claimPair}, ""},
		model.UserDuplicate:       {model.Medium, []claim{claimPair}, ""},
		model.GroupDuplicate:      {model.Medium, []claim{claimGroupPair}, ""},
		model.GroupLingering:      {model.High, []claim{claimNotYielded, claimHeld}, "roles and rules"},
		model.GroupUnclaimed:      {model.Info, []claim{claimNotYielded, claimHeld}, "roles and rules"},
		model.GroupMissing:        {model.High, []claim{claimYielded, claimAbsentGroup}, "the lists of the target"},
		model.GroupRenamed:        {model.Medium, []claim{claimGroupPair}, ""},
		model.MembersMissing:      {model.High, []claim{ClaimRight, claimMembers}, "the lists of members"},
		model.MembersExtra:        {model.Critical, []claim{claimNoRight, claimMembers}, "the lists of members"},
		model.AssignmentsStranded: {model.High, []claim{claimYielded, claimFormer}, ""},
		model.RuleRedundant:       {model.Medium, []claim{claimRules}, ""},
		model.RuleOpaque:          {model.Info, []claim{claimRules}, ""},
		model.SetupNoGroupRule:    {model.High, []claim{claimRules}, ""},
	}
	// claimsOfRepairs are those that a repair rests on, whatever finding it ends; handoffs have none.
	claimsOfRepairs = map[model.RepairName][]claim{
		model.ReapplyMappings:    {claimEntitled},
		model.CreateUser:         {claimEntitled, claimAbsentUser},
		model.ActivateUser:       {claimEntitled, claimAbsentUser},
		model.DeactivateUser:     {claimUnassigned},
		model.DeleteUser:         {claimUnassigned},
		model.CreateGroup:        {claimYielded},
		model.RenameGroup:        {claimYielded},
		model.DeleteGroup:        {claimNotYielded},
		model.RemoveAssignments:  {claimNotYielded},
		model.AddMembers:         {ClaimRight},
		model.RemoveMembers:      {claimNoRight},
		model.MoveAssignments:    {claimYielded, claimFormer},
		model.UpdateUser:         nil, // one pair alone
		model.RestoreAssignments: nil, // what the lens is asked just before
		model.ClearAssignments:   nil,
	}
)

func claimsOf(kind model.Kind) []claim {
	if facts, known := kindTable[kind]; known {
		return facts.claims
	}
	if slices.Contains(model.SetupKinds(), kind) {
		return []claim{claimSettings}
	}
	return nil
}

// ClaimsOfRepair are the claims that a repair rests on; known is false for one that is not known here.
func ClaimsOfRepair(r model.RepairName) (claims []claim, known bool) {
	claims, known = claimsOfRepairs[r]
	return claims, known
}

// setConfidence sets how sure a finding is and what it may take or grant, by all that was read and asked in this load.
func (c *Comparer) setConfidence(f *model.Finding) {
	sure, against := f.Confidence, []string(nil)
	rules := ClaimTable()
	for _, cl := range claimsOf(f.Kind) {
		rule := &rules[cl]
		why := rule.unreadLists(&c.Comparison)
		if why == "" && rule.alsoUnread != nil {
			why = rule.alsoUnread(c, f)
		}
		if why != "" {
			f.Blocked, sure = cmp.Or(f.Blocked, why), min(sure, model.Likely)
		}
		if rule.evidence != nil {
			f.FurtherEvidence = append(f.FurtherEvidence, rule.evidence(c, f)...)
		}
		confirmed := c.addReplyEvidence(f, rule, rule.asks)
		before := len(f.FurtherEvidence)
		c.addReplyEvidence(f, rule, rule.moreAsks)
		if slices.ContainsFunc(f.FurtherEvidence[before:], func(e model.Evidence) bool { return e.Against }) &&
			!slices.Contains(c.deniedClaims, cl) {
			c.deniedClaims = append(c.deniedClaims, cl)
		}
		if !confirmed || c.anyAskFailed(f, rule.moreAsks) || c.readTooFarApart(f, rule) {
			sure = min(sure, model.Likely)
		}
	}
	for _, e := range f.FurtherEvidence {
		if e.Against {
			against = append(against, e.Sentence())
		}
	}
	if len(against) > 0 {
		f.Contradicted = cmp.Or(kindTable[f.Kind].lists, "the lists") + " say so, but " +
			strings.Join(against, ", and ")
		sure = model.Unsure
	}
	f.Confidence = sure
}

// weakenDeniedClaims makes likely what rests on a claim that an answer denied of another record: a list may be wrong
// again.
func (c *Comparer) weakenDeniedClaims() {
	if len(c.deniedClaims) == 0 {
		return
	}
	rules := ClaimTable()
	unasked := func(q model.Ask) bool { _, answered := c.Options.Replies.Usable(q); return !answered }
	for i := range c.Findings {
		f := &c.Findings[i]
		for _, cl := range claimsOf(f.Kind) {
			if slices.Contains(c.deniedClaims, cl) && slices.ContainsFunc(rules[cl].moreAsks(c, f), unasked) {
				f.Confidence = min(f.Confidence, model.Likely)
			}
		}
	}
}

// addReplyEvidence adds what the answers to some questions about a claim say, and reports whether all bear it out.
func (c *Comparer) addReplyEvidence(
	f *model.Finding, rule *claimRule, asks func(*Comparer, *model.Finding) []model.Ask,
) bool {
	if asks == nil {
		return true
	}
	list := asks(c, f)
	confirmed := len(list) > 0
	for _, q := range list {
		reply, asked := c.Options.Replies.Usable(q)
		if !asked {
			confirmed = false
			continue
		}
		if reply.Unsupported {
			continue
		}
		e := rule.replyEvidence(c, f, q, &reply)
		if confirmed = confirmed && e.What != "" && !e.Against; e.What != "" {
			e.At = reply.At
			f.FurtherEvidence = append(f.FurtherEvidence, e)
		}
	}
	return confirmed
}

func (c *Comparer) anyAskFailed(f *model.Finding, asks func(*Comparer, *model.Finding) []model.Ask) bool {
	return asks != nil && len(c.Options.Replies) > 0 &&
		slices.ContainsFunc(asks(c, f), func(q model.Ask) bool { return c.Options.Replies[q].Failed != "" })
}

// Questions are the direct questions that would bear out or disprove what the findings with these ids, or all, claim:
// each once, those first that decide whether something is certain, of these what no event explains.
func (c *Comparison) Questions(opts Options, ids ...string) []model.Ask {
	x := newComparer(*c, opts)
	var out []model.Ask
	seen, picked := map[model.Ask]bool{}, model.Set(ids)
	pass := func(cl claim, asks func(*Comparer, *model.Finding) []model.Ask, wanted func(*model.Finding) bool) {
		for i := range c.Findings {
			f := &c.Findings[i]
			if asks == nil || !wanted(f) || len(ids) > 0 && !picked[f.ID] ||
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
	rules := ClaimTable()
	for cl := range rules {
		pass(claim(cl), rules[cl].asks, func(f *model.Finding) bool { return f.Cause == model.CauseUnknown })
		pass(claim(cl), rules[cl].asks, func(*model.Finding) bool { return true })
	}
	for cl := range rules {
		pass(claim(cl), rules[cl].moreAsks, func(*model.Finding) bool { return true })
	}
	return out
}

// unreadLists says what of the lists that a claim rests on was not read in full; "" if all was.
func (r *claimRule) unreadLists(c *Comparison) string {
	why := cmp.Or(c.SourceUnread(r.Source...), c.TargetUnread(r.Target...))
	if r.Rules {
		why = cmp.Or(why, c.SourceUnsettled(model.PartRules))
	}
	return why
}

// ownAppsLackApp: the user's own apps do not show the app that the app's list says the user has. A login that never
// came looks so, and so does a user who has lost the app meanwhile.
func ownAppsLackApp(c *Comparer, f *model.Finding) string {
	if login, asked := c.Source.Logins[c.Source.Users[f.Source].ID]; asked && login == (model.Login{}) {
		return "the user's own apps in OneLogin do not have the app"
	}
	return ""
}

func usersUnread(c *Comparer, f *model.Finding) string {
	if f.Kind == model.UserAttributes || f.Kind == model.UserInactive {
		return "" // nothing is taken, and the pair is firm
	}
	return c.NotAllUsers()
}

// groupOwnerUnread: a group without an id of the role may be that of another, which has given up its name; the log
// tells.
func groupOwnerUnread(c *Comparer, f *model.Finding) string {
	why, roles := c.TargetUnread(model.PartGroups), c.Source.Groups[f.Source].RoleIDs
	if len(roles) == 1 && roles[0] != c.Target.Groups[f.Target].ExternalID {
		why = cmp.Or(why, c.SourceUnsettled(model.PartEvents))
	}
	return why
}

// eventsUnread: an unread event may show that a group's role lives on under another name, unless one says that it went.
func eventsUnread(c *Comparer, f *model.Finding) string {
	if c.proofs.roleGoneEvent(&c.Target.Groups[f.Target]) != nil {
		return ""
	}
	return c.SourceUnsettled(model.PartEvents)
}
