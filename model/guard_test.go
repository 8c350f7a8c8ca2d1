package model

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var planTime = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// guarded is a plan with its circumstances, both of which a case may bend: twenty users in sync, four roles, and a group
// "stray" of the target with one member that nothing yields.
type guarded struct {
	w *world
	p *Plan
	c Circumstances
}

func guardWorld(users int) *world {
	w := syncedWorld(users, 4, false, rand.New(rand.NewPCG(3, 3)))
	w.tgroups = append(w.tgroups, Group{ID: "g-x", Name: "stray", ExternalID: "999"})
	w.members["g-x"] = []string{"t-1000"}
	return w
}

func newGuarded(steps ...Step) *guarded {
	for i := range steps {
		steps[i].ID = fmt.Sprintf("s%d", i+1)
	}
	return &guarded{
		w: guardWorld(20), p: &Plan{Schema: PlanSchema, Connection: "prod", MadeAt: planTime, Steps: steps},
		c: Circumstances{Guard: DefaultGuard(), Groups: testOptions().Groups, Now: planTime.Add(time.Minute)},
	}
}

// judge compares the world as it is by now, unless the case has set a comparison.
func (g *guarded) judge() GuardVerdict {
	c := g.c
	if c.Comparison == nil {
		c.Comparison = g.w.compare()
	}
	return Judge(g.p, c)
}

func write(method string) *Request {
	return &Request{Service: ServiceTarget, Method: method, Path: "/", Headers: map[string]string{}}
}

func onGroup(r RepairName, id, name string, members ...Member) Step {
	s := Step{
		Repair: r, Channel: Direct, Confidence: "certain", Subject: PlanSubject{Type: SubjectGroup, Name: name, TargetID: id},
		Group: &GroupRef{ID: id, Name: name}, Members: members, Request: write("PATCH"), Precondition: []Statement{},
	}
	return sized(s)
}

func onUser(r RepairName, i int) Step {
	return sized(Step{
		Repair: r, Channel: Direct, Confidence: "certain", Request: write("PATCH"), Precondition: []Statement{},
		Subject: PlanSubject{Type: SubjectUser, Name: fmt.Sprintf("user%d@corp.example", i), SourceID: fmt.Sprint(1000 + i), TargetID: fmt.Sprintf("t-%d", 1000+i)},
	})
}

// sized gives a step the flags, the method and the blast radius that go with its repair.
func sized(s Step) Step {
	s.Takes, s.Grants = s.takes(), s.grants()
	s.Counts = s.tally()
	if s.Takes {
		s.BlastRadius = &BlastRadius{Members: []string{}, Groups: []string{}, Assignments: []string{}}
	}
	switch s.Repair {
	case DeleteUser, DeleteGroup:
		s.Request.Method = "DELETE"
	case CreateUser, CreateGroup:
		s.Request.Method = "POST"
	default: // a PATCH
	}
	return s
}

func member(i int) Member {
	return Member{ID: fmt.Sprintf("t-%d", 1000+i), UserName: fmt.Sprintf("user%d@corp.example", i), SourceID: fmt.Sprint(1000 + i)}
}

func deleteStray() Step { return onGroup(DeleteGroup, "g-x", "stray", member(0)) }

func handoff() Step {
	return Step{
		Repair: ReapplyMappings, Channel: Console, Confidence: "likely", Handoff: &Handoff{Menu: "More Actions", DeadlineS: 600},
		Subject: PlanSubject{Type: SubjectConnection, Name: "app"}, Precondition: []Statement{},
	}
}

func deactivations(n int) (steps []Step) {
	for i := range n {
		steps = append(steps, onUser(DeactivateUser, i))
	}
	return steps
}

func many(n int) (members []Member) {
	for i := range n {
		members = append(members, Member{ID: fmt.Sprint("m", i), UserName: fmt.Sprint("m", i)})
	}
	return members
}

func rulesOf(refusals []GuardRefusal) (rules []GuardRule) {
	for _, r := range refusals {
		rules = append(rules, r.Rule)
	}
	return rules
}

// guardCases has for each rule what it refuses, and beside it what is just within it.
func guardCases() []guardCase {
	with := func(bend func(*guarded), steps ...Step) func() *guarded {
		return func() *guarded {
			g := newGuarded(slices.Clone(steps)...)
			if bend != nil {
				bend(g)
			}
			return g
		}
	}
	changed := func(s Step, bend func(*Step)) Step { bend(&s); return s }
	undoing := func(g *guarded) { g.p.Undoes = "20261124T080000-ab12" }
	own := func(s Step) Step { return changed(s, func(s *Step) { s.Own = true }) }
	readOnly := func(g *guarded) { g.c.Guard.ReadOnly = true }
	protect := func(groups, users string) func(*guarded) {
		return func(g *guarded) {
			g.c.Guard.ProtectGroups, g.c.Guard.ProtectUsers = strings.Fields(groups), strings.Fields(users)
		}
	}
	source := func(p Part, c Coverage) func(*guarded) { return func(g *guarded) { g.w.cover[p] = c } }
	target := func(p Part, c Coverage) func(*guarded) { return func(g *guarded) { g.w.tcover[p] = c } }
	cut := PartialCoverage("cut")
	baseline := func(users int) func(*guarded) {
		return func(g *guarded) {
			g.c.Baseline = &Baseline{At: planTime.Add(-time.Hour), Source: map[string]int{"users": users}, Groups: g.c.Groups.Digest()}
		}
	}
	assigned := func(s Step) Step {
		return changed(s, func(s *Step) {
			s.BlastRadius = &BlastRadius{Members: []string{}, Groups: []string{}, Assignments: []string{"Prod/Admin"}}
		})
	}
	rename := func(to string) Step {
		return changed(onGroup(RenameGroup, "g-70", "aws-team-0"), func(s *Step) {
			s.Request.Body = []byte(`{"Operations":[{"op":"replace","path":"displayName","value":"` + to + `"}]}`)
		})
	}
	updated := changed(onUser(UpdateUser, 1), func(s *Step) { s.Request.Body = []byte(`{"Operations":[]}`) })
	stray := deleteStray()
	unclaimed := func(g *guarded) { g.w.tgroups[4].ExternalID = "" }
	hand := changed(stray, func(s *Step) { s.Finding = "group-unclaimed/stray" })
	strays := func(n int) (steps []Step) {
		for i := range n {
			steps = append(steps, onGroup(DeleteGroup, fmt.Sprint("g-x", i), fmt.Sprint("stray ", i)))
		}
		return steps
	}
	groups := func(n int, spent Spent) func(*guarded) {
		return func(g *guarded) {
			for i := range n - len(g.w.tgroups) {
				g.w.tgroups = append(g.w.tgroups,
					Group{ID: fmt.Sprint("g-x", i), Name: fmt.Sprint("stray ", i), ExternalID: fmt.Sprint(800 + i)})
			}
			g.c.Spent = spent
		}
	}
	contradicted := func(at string, kinds ...Kind) func(*guarded) {
		return func(g *guarded) {
			g.c.Comparison = g.w.compare()
			for _, kind := range kinds {
				g.c.Comparison.Findings = append(g.c.Comparison.Findings, Finding{
					ID: string(kind) + "/stray", Kind: kind,
					Subject:    Subject{Type: SubjectGroup, Name: "stray", TargetID: at},
					Confidence: Unsure, Contradicted: "the list lacks ana, the record lists ana",
				})
			}
		}
	}
	of := func(id string, s Step) Step {
		return changed(s, func(s *Step) { s.Finding, s.Findings = id, []string{id} })
	}
	lone := func(g *guarded) { g.w.tgroups = g.w.tgroups[4:]; g.w.roles = nil; g.c.Guard.MaxPercent = 100 }
	return []guardCase{
		{"nothing to do", "", with(readOnly)},
		{"a group that nothing yields", "", with(nil, stray)},

		{"read-only, a write", RuleReadOnly, with(readOnly, stray)},
		{"read-only, a nudge", RuleReadOnly, with(readOnly, Step{
			Repair: ReapplyMappings, Channel: Nudge, Request: write("PUT"), Subject: PlanSubject{Type: SubjectUser, Name: "x"},
		})},
		{"read-only, a handoff", "", with(readOnly, handoff())},

		{"protected group, in another case", RuleProtected, with(protect("STR*", ""), stray)},
		{"another protected group", "", with(protect("stra", ""), stray)},
		{"a slash is no separator", RuleProtected, with(protect("team*", ""), onGroup(CreateGroup, "", "team/a"))},
		{"protected by what the target calls it now", RuleProtected, with(protect("stray", ""), onGroup(DeleteGroup, "g-x", "other"))},
		{"renamed to a protected name", RuleProtected, with(protect("aws-break*", ""), rename("AWS-breakglass"))},
		{"renamed from a protected name", RuleProtected, with(protect("aws-team-0", ""), rename("new"))},
		{"renamed beside one", "", with(protect("aws-team-1", ""), rename("new"))},
		{"protected user", RuleProtected, with(protect("", "USER0@*"), onUser(DeactivateUser, 0))},
		{"another user", "", with(protect("", "user0@*"), onUser(DeactivateUser, 1))},
		{"a protected user's membership", RuleProtected, with(protect("", "user0@*"), onGroup(RemoveMembers, "g-70", "aws-team-0", member(0)))},
		{"a protected member of a deleted group", RuleProtected, with(protect("", "user0@*"), onGroup(DeleteGroup, "g-x", "stray"))},
		{"a deleted member of a protected group", RuleProtected, with(protect("stray", ""), onUser(DeleteUser, 0))},
		{"a userName that becomes a protected one", RuleProtected, with(protect("", "root@*"), changed(updated, func(s *Step) {
			s.Request.Body = []byte(`{"Operations":[{"op":"replace","value":{"username":"root@corp.example"}}]}`)
		}))},
		{"a glob that is none", RuleProtected, with(protect("[", ""), onUser(UpdateUser, 1))},
		{"protected, a handoff", "", with(protect("*", "*"), handoff())},

		{"nothing read", RuleCoverage, with(func(g *guarded) { g.c.Comparison = &Comparison{} }, stray)},
		{"deactivate, source users cut", RuleCoverage, with(source(PartUsers, cut), onUser(DeactivateUser, 1))},
		{"deactivate, roles cut", "", with(source(PartGroups, cut), onUser(DeactivateUser, 1))},
		{"create, memberships cut", RuleCoverage, with(source(PartMemberships, cut), onUser(CreateUser, 30))},
		{"create, target users cut", RuleCoverage, with(target(PartUsers, cut), onUser(CreateUser, 30))},
		{"create, rules cut", "", with(source(PartRules, cut), onUser(CreateUser, 30))},
		{"activate, source users cut", RuleCoverage, with(source(PartUsers, cut), onUser(ActivateUser, 1))},
		{"update, the pair by external id", "", with(source(PartUsers, cut), updated)},
		{"update, a pair that a missing row could disprove", RuleCoverage, with(func(g *guarded) {
			g.w.cover[PartUsers] = cut
			g.w.tusers[1].ExternalID = "4711"
		}, updated)},
		{"update, not among what was read", RuleCoverage, with(target(PartUsers, cut), changed(updated, func(s *Step) { s.Subject.TargetID = "t-x" }))},
		{"create a group, rules unknown", RuleCoverage, with(source(PartRules, UnknownCoverage("403")), onGroup(CreateGroup, "", "new"))},
		{"create a group, rules skipped", "", with(source(PartRules, SkippedCoverage()), onGroup(CreateGroup, "", "new"))},
		{"create a group, roles stand in for the rules", "", with(func(g *guarded) {
			g.w.cover[PartRules] = UnknownCoverage("403")
			opts := testOptions()
			opts.Groups.From = "auto"
			src, tgt := g.w.sides(opts)
			g.c.Comparison = asked(src, tgt, opts)
		}, onGroup(CreateGroup, "", "new"))},
		{"create a group, roles cut", RuleCoverage, with(source(PartGroups, cut), onGroup(CreateGroup, "", "new"))},
		{"rename, rules cut", RuleCoverage, with(source(PartRules, cut), rename("new"))},
		{"delete, rules cut", RuleCoverage, with(source(PartRules, cut), stray)},
		{"delete, events cut", "", with(source(PartEvents, cut), stray)},
		{"delete, roles cut", RuleCoverage, with(source(PartGroups, cut), stray)},
		{
			"delete, target memberships unknown", RuleNoBackup,
			with(target(PartMemberships, UnknownCoverage("403")), stray),
		},
		{"delete, gone by now", "", with(nil, onGroup(DeleteGroup, "g-gone", "gone"))},
		{"delete, not among what was read", RuleCoverage, with(target(PartGroups, cut), onGroup(DeleteGroup, "g-gone", "gone"))},
		{"delete, no rule sets groups", RuleCoverage, with(func(g *guarded) {
			opts := testOptions()
			opts.Groups.From = "rules"
			src, tgt := g.w.sides(opts)
			g.c.Comparison = asked(src, tgt, opts)
		}, stray)},
		{"add, memberships cut", RuleCoverage, with(source(PartMemberships, cut), onGroup(AddMembers, "g-70", "aws-team-0", member(1)))},
		{"add, who belongs not known", RuleCoverage, with(func(g *guarded) { g.w.roles[0].Users.Unknown = "cut" }, onGroup(AddMembers, "g-70", "aws-team-0", member(1)))},
		{"add, another role not known", "", with(func(g *guarded) { g.w.roles[1].Users.Unknown = "cut" }, onGroup(AddMembers, "g-70", "aws-team-0", member(1)))},
		{"add to a group of this plan", "", with(target(PartGroups, cut), changed(onGroup(AddMembers, "", "new", member(1)), func(s *Step) { s.Group.Ref = "s0" }))},
		{"remove, target users cut", RuleCoverage, with(target(PartUsers, cut), onGroup(RemoveMembers, "g-70", "aws-team-0", member(1)))},
		{"remove, more may belong", RuleCoverage, with(func(g *guarded) {
			g.c.Comparison = g.w.compare()
			g.c.Comparison.Source.Groups[0].MembersOpen = "a rule cannot be evaluated"
		}, onGroup(RemoveMembers, "g-70", "aws-team-0", member(1)))},
		{"add, more may belong", "", with(func(g *guarded) {
			g.c.Comparison = g.w.compare()
			g.c.Comparison.Source.Groups[0].MembersOpen = "a rule cannot be evaluated"
		}, onGroup(AddMembers, "g-70", "aws-team-0", member(1)))},
		{"remove, groups cut", RuleCoverage, with(source(PartGroups, cut), onGroup(RemoveMembers, "g-70", "aws-team-0", member(1)))},
		{"nudge, source users cut", RuleCoverage, with(source(PartUsers, cut), Step{Repair: ReapplyMappings, Channel: Nudge, Request: write("PUT")})},
		{"a repair that is not known", RuleCoverage, with(nil, Step{Repair: "wipe", Channel: Direct, Request: write("POST")})},
		{"everything cut, a handoff", "", with(func(g *guarded) { g.w.cover, g.w.tcover = Coverages{}, Coverages{} }, handoff())},

		{"under half pair", RuleMispaired, with(unpair(11), updated)},
		{"half pair", "", with(unpair(10), updated)},
		{"hardly any pair, a handoff", "", with(unpair(20), handoff())},
		{"hardly any pair of four", "", with(func(g *guarded) { g.w = guardWorld(4); unpair(4)(g) }, updated)},

		{"all users", RuleAll, with(nil, deactivations(20)...)},
		{"all users but one", "", with(func(g *guarded) { g.c.Guard.MaxDeletes, g.c.Guard.MaxPercent = 99, 100 }, deactivations(19)...)},
		{"all groups", RuleAll, with(func(g *guarded) { g.w.tgroups = g.w.tgroups[3:]; g.w.roles = nil }, stray, onGroup(DeleteGroup, "g-73", "aws-team-3"))},
		{"the only group", "", with(lone, stray)},
		{"one group named twice", "", with(func(g *guarded) { g.w.tgroups = g.w.tgroups[3:] }, stray, stray)},

		{"unsettled", RuleUnsettled, with(func(g *guarded) { g.c.Unsettled = "run-1" }, handoff())},

		{"deletes at the limit", "", with(func(g *guarded) { g.c.Guard.MaxPercent = 100 }, deactivations(10)...)},
		{"deletes over the limit", RuleMaxDeletes, with(func(g *guarded) { g.c.Guard.MaxPercent = 100 }, deactivations(11)...)},
		{"deletes over the limit with the day's", RuleMaxDeletes, with(func(g *guarded) { g.c.Guard.MaxPercent, g.c.Spent.Deletes = 100, 8 }, deactivations(3)...)},
		{"the day's at the limit", "", with(func(g *guarded) { g.c.Guard.MaxPercent, g.c.Spent.Deletes = 100, 7 }, deactivations(3)...)},
		{
			"a day over the limit, a handoff", "",
			with(func(g *guarded) { g.c.Spent.Counts = Counts{99, 999, 999} }, handoff()),
		},
		{"a limit of nothing", RuleMaxDeletes, with(func(g *guarded) { g.c.Guard.MaxDeletes = 0 }, stray)},
		{"a step that understates itself", RuleMaxDeletes, with(func(g *guarded) { g.c.Guard.MaxDeletes = 0 }, changed(stray, func(s *Step) { s.Counts = Counts{} }))},
		{"removals at the limit", "", with(func(g *guarded) { g.c.Guard.MaxPercent = 1000 }, onGroup(RemoveMembers, "g-70", "aws-team-0", many(200)...))},
		{"removals over the limit", RuleMaxRemovals, with(func(g *guarded) { g.c.Guard.MaxPercent = 1000 }, onGroup(RemoveMembers, "g-70", "aws-team-0", many(201)...))},
		{"grants at the limit", "", with(nil, onGroup(AddMembers, "g-70", "aws-team-0", many(199)...), onUser(CreateUser, 40))},
		{"grants over the limit", RuleMaxGrants, with(nil, onGroup(AddMembers, "g-70", "aws-team-0", many(200)...), onUser(CreateUser, 40))},

		{"a fifth of the users", "", with(nil, deactivations(4)...)},
		{"more than a fifth of the users", RuleMaxPercent, with(nil, deactivations(5)...)},
		{"two of ten groups", "", with(groups(10, Spent{}), strays(2)...)},
		{"three of ten groups", RuleMaxPercent, with(groups(10, Spent{}), strays(3)...)},
		{"three of nine groups", "", with(groups(9, Spent{}), strays(3)...)},
		{
			"two of ten groups with the day's group", RuleMaxPercent,
			with(groups(10, Spent{Counts{Deletes: 1}, 1}), strays(2)...),
		},
		{"two of ten groups with the day's users", "", with(groups(10, Spent{Counts{Deletes: 6}, 0}), strays(2)...)},
		{
			"a fifth of the users with the day's groups", "",
			with(groups(10, Spent{Counts{Deletes: 6}, 6}), deactivations(4)...),
		},
		{
			"a fifth of the users and of the groups", "",
			with(groups(10, Spent{}), append(strays(2), deactivations(4)...)...),
		},
		{"more than a fifth with the day's", RuleMaxPercent, with(func(g *guarded) { g.c.Spent.Deletes = 3 }, deactivations(2)...)},
		{"a third of nine users", "", with(func(g *guarded) { g.w = guardWorld(9) }, deactivations(3)...)},
		{"a third of what were twelve this morning", RuleMaxPercent, with(func(g *guarded) { g.w = guardWorld(9); g.c.Spent.Deletes = 3 }, deactivations(1)...)},
		{"more than a fifth of the memberships", RuleMaxPercent, with(nil, onGroup(RemoveMembers, "g-70", "aws-team-0", many(30)...))},
		{"one of five groups", "", with(nil, stray)},

		{"a taking step on a likely finding", RuleNotCertain, with(nil, changed(stray, func(s *Step) { s.Confidence = "likely" }))},
		{"a granting step on an unknown finding", RuleNotCertain, with(nil, changed(onUser(ActivateUser, 1), func(s *Step) { s.Confidence = "unknown" }))},
		{"a new attribute on a likely finding", "", with(nil, changed(updated, func(s *Step) { s.Confidence = "likely" }))},
		{"a userName on a likely finding", RuleNotCertain, with(nil, changed(updated, func(s *Step) { s.Takes, s.Confidence = true, "likely" }))},

		{"a group that nobody claims", RuleUnclaimed, with(unclaimed, hand)},
		{"nobody claims it, the plan says", RuleUnclaimed, with(nil, hand)},
		{"nobody claims it by now", RuleUnclaimed, with(unclaimed, of("group-lingering/stray", stray))},
		{
			"the account assignments of a group that nobody claims", RuleUnclaimed,
			with(unclaimed, changed(hand, func(s *Step) { s.Repair, s.Takes = RemoveAssignments, true })),
		},
		{
			"a member of a group that nobody claims", "",
			with(func(g *guarded) { unclaimed(g); g.w.members["g-x"] = []string{"t-1000", "t-1001"} },
				onGroup(RemoveMembers, "g-x", "stray", member(0))),
		},
		{
			"nobody claims it, and the undone run made it", "",
			with(func(g *guarded) { undoing(g); unclaimed(g) }, own(hand)),
		},
		{
			"nobody claims it, and the undone run did not make it", RuleUnclaimed,
			with(func(g *guarded) { undoing(g); unclaimed(g) }, hand),
		},

		{
			"contradicted", RuleContradicted,
			with(contradicted("g-x", GroupLingering), of("group-lingering/stray", stray)),
		},
		{
			"contradicted under another kind by now", RuleContradicted,
			with(contradicted("g-x", MembersExtra), of("members-missing/stray", stray)),
		},
		{
			"contradicted, a granting step", RuleContradicted,
			with(contradicted("g-70", MembersMissing),
				of("members-missing/stray", onGroup(AddMembers, "g-70", "aws-team-0", member(1)))),
		},
		{
			"contradicted, one of its findings", RuleContradicted,
			with(contradicted("g-70", MembersExtra), changed(updated, func(s *Step) {
				s.Finding, s.Findings = "user-attributes/x", []string{"user-attributes/x", "members-extra/stray"}
			})),
		},
		{
			"contradicted, another record", "",
			with(contradicted("g-70", MembersExtra), of("group-lingering/stray", stray)),
		},
		{
			"contradicted, what else is said of the record", "",
			with(contradicted("g-x", MembersExtra), of("group-lingering/stray", stray)),
		},
		{"contradicted, a handoff", "", with(contradicted("", MembersExtra), of("members-extra/stray", handoff()))},

		{"a source that fell by a fifth", "", with(baseline(25), stray)},
		{"a source that fell by more", RuleShrunk, with(baseline(26), stray)},
		{"a source that fell, and nothing is taken", "", with(baseline(100), onUser(CreateUser, 40))},
		{"a part that was not read is not smaller", "", with(func(g *guarded) { baseline(100)(g); g.w.cover[PartUsers] = cut }, stray)},
		{"other groups are meant than before", RuleShrunk, with(func(g *guarded) { baseline(20)(g); g.c.Baseline.Groups = "other" }, stray)},
		{"the groups meant before are not known", "", with(func(g *guarded) { baseline(20)(g); g.c.Baseline.Groups = "" }, stray)},

		{"more may lose it", RuleNoBackup, with(nil, changed(stray, func(s *Step) { s.BlastRadius = &BlastRadius{Unknown: "the list was cut"} }))},
		{"who loses it was not worked out", RuleNoBackup, with(nil, changed(stray, func(s *Step) { s.BlastRadius = nil }))},
		{"more may lose it, a deactivation", "", with(nil, changed(onUser(DeactivateUser, 1), func(s *Step) { s.BlastRadius = &BlastRadius{Unknown: "cut"} }))},

		{"deleted with assignments", RuleAssigned, with(nil, assigned(stray))},
		{"emptied with assignments", RuleAssigned, with(nil, assigned(onGroup(RemoveMembers, "g-x", "stray", member(0))))},
		{"one of two removed", "", with(func(g *guarded) { g.w.members["g-x"] = []string{"t-1000", "t-1001"} }, assigned(onGroup(RemoveMembers, "g-x", "stray", member(0))))},
		{"emptied in two steps", RuleAssigned, with(func(g *guarded) { g.w.members["g-x"] = []string{"t-1000", "t-1001"} },
			assigned(onGroup(RemoveMembers, "g-x", "stray", member(0))), assigned(onGroup(RemoveMembers, "g-x", "stray", member(1))))},

		{"a role yields it", RuleStillYielded, with(func(g *guarded) { g.w.roles = append(g.w.roles, Role{ID: "90", Name: "aws-STRAY ", Grants: true}) }, onGroup(DeleteGroup, "g-x", "aws-stray"))},
		{"a role of its name that does not grant", "", with(func(g *guarded) { g.w.roles = append(g.w.roles, Role{ID: "90", Name: "aws-stray"}) }, onGroup(DeleteGroup, "g-x", "aws-stray"))},
		{"only the pattern leaves its role out", RuleStillYielded, with(func(g *guarded) {
			g.w.roles = append(g.w.roles, Role{ID: "90", Name: "stray", Grants: true})
			g.c.Comparison = g.w.compare()
		}, stray)},
		{"a rule that is off names it", RuleStillYielded, with(func(g *guarded) {
			g.w.rules = []Rule{{ID: "1", Name: "r", Actions: []Action{{Name: setGroups, Values: []string{"Stray"}}}}}
		}, stray)},
		{"a role maps to it where rules decide", RuleStillYielded, with(func(g *guarded) {
			g.c.Groups = GroupsConfig{From: "rules", Roles: regexp.MustCompile("^r-(.*)"), Name: "$1"}
			g.w.roles = append(g.w.roles, Role{ID: "90", Name: "r-stray", Grants: true})
			src, tgt := g.w.sides(testOptions())
			g.c.Comparison = asked(src, tgt, testOptions())
		}, stray)},
		{"remembered, and rules were skipped", RuleStillYielded, with(func(g *guarded) { g.w.entitlements = []string{"STRAY"}; g.w.cover[PartRules] = SkippedCoverage() }, stray)},
		{"remembered, and no rule yields it", "", with(func(g *guarded) { g.w.entitlements = []string{"stray"} }, stray)},
		{"it is a group of OneLogin's by now", RuleStillYielded, with(nil, onGroup(DeleteGroup, "g-70", "stray"))},

		{"shared, taking", RuleSharedTarget, with(func(g *guarded) { g.c.SharedWith = []string{"dev"} }, stray)},
		{"shared, granting", RuleSharedTarget, with(func(g *guarded) { g.c.SharedWith = []string{"dev"} }, onUser(ActivateUser, 1))},
		{"shared, neither", "", with(func(g *guarded) { g.c.SharedWith = []string{"dev"} }, updated)},

		{"an hour old", "", with(func(g *guarded) { g.c.Now = planTime.Add(time.Hour) }, stray)},
		{"older", RuleOldPlan, with(func(g *guarded) { g.c.Now = planTime.Add(time.Hour + time.Second) }, stray)},
		{"five minutes ahead", "", with(func(g *guarded) { g.c.Now = planTime.Add(-5 * time.Minute) }, stray)},
		{"further ahead", RuleOldPlan, with(func(g *guarded) { g.c.Now = planTime.Add(-5*time.Minute - time.Second) }, stray)},

		{"own, what nothing else lets through", "", with(func(g *guarded) {
			undoing(g)
			baseline(100)(g)
			g.c.Guard.MaxDeletes, g.c.Guard.MaxPercent = 0, 0
			g.w.tgroups = g.w.tgroups[:2]
		}, own(changed(onGroup(DeleteGroup, "g-70", "aws-team-0"), func(s *Step) { s.Confidence = "likely" })), own(onGroup(DeleteGroup, "g-71", "aws-team-1")))},
		{"own, protected all the same", RuleProtected, with(func(g *guarded) { undoing(g); protect("stray", "")(g) }, own(stray))},
		{"own, in a plan that undoes nothing", RuleMaxDeletes, with(func(g *guarded) { g.c.Guard.MaxDeletes = 0 }, own(stray))},
		{"undoing, not its own", RuleMaxDeletes, with(func(g *guarded) { undoing(g); g.c.Guard.MaxDeletes = 0 }, stray)},
	}
}

type guardCase struct {
	name string
	rule GuardRule // that refuses; "" none
	make func() *guarded
}

// unpair gives so many target users names and ids that match nobody.
func unpair(n int) func(*guarded) {
	return func(g *guarded) {
		for i := range n {
			u := &g.w.tusers[len(g.w.tusers)-1-i]
			u.UserName, u.Email, u.ExternalID = fmt.Sprint("x", i), fmt.Sprint("x", i), ""
		}
	}
}

func TestEveryGuardRuleAtItsBoundary(t *testing.T) {
	t.Parallel()
	refused := map[GuardRule]bool{}
	for _, c := range guardCases() {
		v := c.make().judge()
		if c.rule == "" {
			if !v.Allowed || len(v.Refusals) > 0 || v.Refusals == nil {
				t.Errorf("%s: %+v", c.name, v)
			}
			continue
		}
		refused[c.rule] = true
		at := slices.Index(rulesOf(v.Refusals), c.rule)
		if v.Allowed || at < 0 {
			t.Errorf("%s: %s does not refuse: %+v", c.name, c.rule, v)
			continue
		}
		if r := v.Refusals[at]; r.Text == "" || r.Way == "" || strings.Contains(r.Way, "--allow") != c.rule.Overridable() {
			t.Errorf("%s: %+v does not say what is wrong and what to do", c.name, r)
		}
	}
	for _, r := range GuardRules() {
		if !refused[r] {
			t.Errorf("no case for %s", r)
		}
	}
}

func TestAllowMovesWhatCanBeOverridden(t *testing.T) {
	t.Parallel()
	for _, c := range guardCases() {
		if c.rule == "" {
			continue
		}
		g := c.make()
		before := g.judge()
		g.c.Allow = []GuardRule{c.rule, "no-such-rule"}
		after := g.judge()
		if c.rule.Overridable() {
			if slices.Contains(rulesOf(after.Refusals), c.rule) || !slices.Contains(rulesOf(after.Overridden), c.rule) {
				t.Errorf("%s: --allow %s does not move it: %+v", c.name, c.rule, after)
			}
			if after.Allowed != (len(before.Refusals) == 1) {
				t.Errorf("%s: allowed is %t with %+v", c.name, after.Allowed, after.Refusals)
			}
			continue
		}
		at := slices.Index(rulesOf(after.Refusals), c.rule)
		if after.Allowed || at < 0 || !strings.Contains(after.Refusals[at].Way, "nothing overrides") {
			t.Errorf("%s: --allow %s is not answered: %+v", c.name, c.rule, after)
		}
	}
}

func TestARefusalTellsTheNumbers(t *testing.T) {
	t.Parallel()
	g := newGuarded(deactivations(11)...)
	g.c.Spent.Deletes, g.c.Guard.MaxPercent = 3, 100
	want := GuardRefusal{
		Rule: RuleMaxDeletes, Text: "14 deletions and deactivations, 3 of them in the last 24 hours; the limit is 10",
		Way: "take fewer, raise guard.max_deletes, or allow it with --allow max-deletes",
	}
	v := g.judge()
	if len(v.Refusals) != 1 || len(v.Refusals[0].Steps) != 11 {
		t.Fatalf("%+v", v.Refusals)
	}
	if got := v.Refusals[0]; got.Rule != want.Rule || got.Text != want.Text || got.Way != want.Way {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestNothingIsWrittenWithoutAComparison(t *testing.T) {
	t.Parallel()
	for _, s := range []Step{deleteStray(), onUser(DeleteUser, 1), onUser(CreateUser, 1), {Request: write("PUT")}, {}, {Repair: AddMembers, Request: &Request{}}} {
		g := newGuarded(s)
		g.c.Guard.ProtectGroups = []string{"*"}
		v := Judge(g.p, Circumstances{})
		if got := slices.Contains(rulesOf(v.Refusals), RuleCoverage); got != (s.Request != nil) {
			t.Errorf("%+v: %+v", s, v)
		}
		g.c.Comparison = nil
		Judge(g.p, g.c)
	}
}

func TestDigestTellsConfigurationsApart(t *testing.T) {
	t.Parallel()
	base := GroupsConfig{From: "auto", Roles: regexp.MustCompile("^a"), Name: "$1", Ignore: []string{"X*", "y"}}
	same := base
	same.Ignore = []string{"y", "x*", "Y"}
	if base.Digest() != same.Digest() {
		t.Error("the order and the case of what is ignored shows")
	}
	for i, bend := range []func(*GroupsConfig){
		func(c *GroupsConfig) { c.From = "rules" }, func(c *GroupsConfig) { c.Roles = nil }, func(c *GroupsConfig) { c.Roles = regexp.MustCompile("^b") },
		func(c *GroupsConfig) { c.Name = "" }, func(c *GroupsConfig) { c.Ignore = nil },
	} {
		other := base
		bend(&other)
		if other.Digest() == base.Digest() {
			t.Errorf("change %d does not show", i)
		}
	}
}
