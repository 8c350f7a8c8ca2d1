package model_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/rules"
)

var planTime = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// guarded is a plan with its circumstances, both of which a case may bend: twenty users in sync, four roles, and a
// group "stray" of the target with one member that nothing yields.
type guarded struct {
	w *world
	p *model.Plan
	c plan.Circumstances
}

func guardWorld(users int) *world {
	w := syncedWorld(users, 4, false, rand.New(rand.NewPCG(3, 3)))
	w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "stray", ExternalID: "999"})
	w.members["g-x"] = []string{"t-1000"}
	return w
}

func newGuarded(steps ...model.Step) *guarded {
	for i := range steps {
		steps[i].ID = fmt.Sprintf("s%d", i+1)
	}
	return &guarded{
		w: guardWorld(20), p: &model.Plan{Schema: model.PlanSchema, Connection: "prod", MadeAt: planTime, Steps: steps},
		c: plan.Circumstances{
			Guard: model.DefaultGuard(), Groups: testOptions().Groups,
			Now: planTime.Add(time.Minute),
		},
	}
}

// judge compares the world as it is by now, unless the case has set a comparison.
func (g *guarded) judge() model.GuardVerdict {
	c := g.c
	if c.Comparison == nil {
		c.Comparison = g.w.compare()
	}
	return plan.Judge(g.p, c)
}

func write(method string) *model.Request {
	return &model.Request{Service: model.ServiceTarget, Method: method, Path: "/", Headers: map[string]string{}}
}

func onGroup(r model.RepairName, id, name string, members ...model.Member) model.Step {
	s := model.Step{
		Repair: r, Channel: model.Direct, Confidence: "certain", Subject: model.Subject{
			Type: model.SubjectGroup,
			Name: name, TargetID: id,
		},
		Group: &model.GroupRef{ID: id, Name: name}, Members: members, Request: write("PATCH"),
		Precondition: []model.Condition{},
	}
	return sized(s)
}

func onUser(r model.RepairName, i int) model.Step {
	return sized(model.Step{
		Repair: r, Channel: model.Direct, Confidence: "certain", Request: write("PATCH"),
		Precondition: []model.Condition{},
		Subject: model.Subject{
			Type: model.SubjectUser, Name: fmt.Sprintf("user%d@corp.example", i),
			SourceID: fmt.Sprint(1000 + i), TargetID: fmt.Sprintf("t-%d", 1000+i),
		},
	})
}

// sized gives a step the flags, the method and the blast radius that go with its repair.
func sized(s model.Step) model.Step {
	in := model.Intent{Option: model.Option{Repair: s.Repair, Channel: s.Channel}}
	s.Takes, s.Grants, s.Counts = in.Takes(), in.Grants(), in.Counts(len(s.Members))
	if s.Takes {
		s.BlastRadius = &model.BlastRadius{Members: []string{}, Groups: []string{}, Assignments: []string{}}
	}
	switch s.Repair {
	case model.DeleteUser, model.DeleteGroup:
		s.Request.Method = "DELETE"
	case model.CreateUser, model.CreateGroup:
		s.Request.Method = "POST"
	default: // a PATCH
	}
	return s
}

func member(i int) model.Member {
	return model.Member{
		ID: fmt.Sprintf("t-%d", 1000+i), UserName: fmt.Sprintf("user%d@corp.example", i),
		SourceID: fmt.Sprint(1000 + i),
	}
}

func deleteStray() model.Step { return onGroup(model.DeleteGroup, "g-x", "stray", member(0)) }

func handoff() model.Step {
	return model.Step{
		Repair: model.ReapplyMappings, Channel: model.Console, Confidence: "likely",
		Handoff: &model.Handoff{Menu: "More Actions", DeadlineS: 600},
		Subject: model.Subject{Type: model.SubjectConnection, Name: "app"}, Precondition: []model.Condition{},
	}
}

func deactivations(n int) (steps []model.Step) {
	for i := range n {
		steps = append(steps, onUser(model.DeactivateUser, i))
	}
	return steps
}

func many(n int) (members []model.Member) {
	for i := range n {
		members = append(members, model.Member{ID: fmt.Sprint("m", i), UserName: fmt.Sprint("m", i)})
	}
	return members
}

func rulesOf(refusals []model.GuardRefusal) (rules []model.GuardRule) {
	for _, r := range refusals {
		rules = append(rules, r.Rule)
	}
	return rules
}

// guardCases has for each rule what it refuses, and beside it what is just within it.
func guardCases() []guardCase {
	with := func(bend func(*guarded), steps ...model.Step) func() *guarded {
		return func() *guarded {
			g := newGuarded(slices.Clone(steps)...)
			if bend != nil {
				bend(g)
			}
			return g
		}
	}
	changed := func(s model.Step, bend func(*model.Step)) model.Step { bend(&s); return s }
	undoing := func(g *guarded) { g.p.Undoes = "20261124T080000-ab12" }
	own := func(s model.Step) model.Step { return changed(s, func(s *model.Step) { s.Own = true }) }
	readOnly := func(g *guarded) { g.c.Guard.ReadOnly = true }
	protect := func(groups, users string) func(*guarded) {
		return func(g *guarded) {
			g.c.Guard.ProtectGroups, g.c.Guard.ProtectUsers = strings.Fields(groups), strings.Fields(users)
		}
	}
	source := func(p model.Part, c model.Coverage) func(*guarded) { return func(g *guarded) { g.w.cover[p] = c } }
	target := func(p model.Part, c model.Coverage) func(*guarded) { return func(g *guarded) { g.w.tcover[p] = c } }
	cut := model.PartialCoverage("cut")
	baseline := func(users int) func(*guarded) {
		return func(g *guarded) {
			g.c.Baseline = &model.Baseline{
				At: planTime.Add(-time.Hour), Source: map[string]int{"users": users},
				Groups: g.c.Groups.Digest(),
			}
		}
	}
	assigned := func(s model.Step) model.Step {
		return changed(s, func(s *model.Step) {
			s.BlastRadius = &model.BlastRadius{
				Members: []string{}, Groups: []string{},
				Assignments: []string{"Prod/Admin"},
			}
		})
	}
	rename := func(to string) model.Step {
		return changed(onGroup(model.RenameGroup, "g-70", "aws-team-0"), func(s *model.Step) {
			s.Afterwards = []model.Condition{model.GroupIs.On("g-70", to)}
		})
	}
	updated := changed(onUser(model.UpdateUser, 1),
		func(s *model.Step) { s.Request.Body = []byte(`{"Operations":[]}`) })
	stray := deleteStray()
	unclaimed := func(g *guarded) { g.w.tgroups[4].ExternalID = "" }
	hand := changed(stray, func(s *model.Step) { s.Finding = "group-unclaimed/stray" })
	strays := func(n int) (steps []model.Step) {
		for i := range n {
			steps = append(steps, onGroup(model.DeleteGroup, fmt.Sprint("g-x", i), fmt.Sprint("stray ", i)))
		}
		return steps
	}
	groups := func(n int, spent model.Spent) func(*guarded) {
		return func(g *guarded) {
			for i := range n - len(g.w.tgroups) {
				g.w.tgroups = append(g.w.tgroups,
					model.Group{
						ID: fmt.Sprint("g-x", i), Name: fmt.Sprint("stray ", i),
						ExternalID: fmt.Sprint(800 + i),
					})
			}
			g.c.Spent = spent
		}
	}
	contradicted := func(at string, kinds ...model.Kind) func(*guarded) {
		return func(g *guarded) {
			g.c.Comparison = g.w.compare()
			for _, kind := range kinds {
				g.c.Comparison.Findings = append(g.c.Comparison.Findings, model.Finding{
					ID: string(kind) + "/stray", Kind: kind,
					Subject:    model.Subject{Type: model.SubjectGroup, Name: "stray", TargetID: at},
					Confidence: model.Unsure, Contradicted: "the list lacks ana, the record lists ana",
				})
			}
		}
	}
	of := func(id string, s model.Step) model.Step {
		return changed(s, func(s *model.Step) { s.Finding, s.Findings = id, []string{id} })
	}
	lone := func(g *guarded) { g.w.tgroups = g.w.tgroups[4:]; g.w.roles = nil; g.c.Guard.MaxPercent = 100 }
	return []guardCase{
		{"nothing to do", "", with(readOnly)},
		{"a group that nothing yields", "", with(nil, stray)},

		{"read-only, a write", model.RuleReadOnly, with(readOnly, stray)},
		{"read-only, a nudge", model.RuleReadOnly, with(readOnly, model.Step{
			Repair: model.ReapplyMappings, Channel: model.Nudge, Request: write("PUT"),
			Subject: model.Subject{Type: model.SubjectUser, Name: "x"},
		})},
		{"read-only, a handoff", "", with(readOnly, handoff())},

		{"protected group, in another case", model.RuleProtected, with(protect("STR*", ""), stray)},
		{"another protected group", "", with(protect("stra", ""), stray)},
		{
			"a slash is no separator", model.RuleProtected,
			with(protect("team*", ""), onGroup(model.CreateGroup, "", "team/a")),
		},
		{
			"protected by what the target calls it now", model.RuleProtected,
			with(protect("stray", ""), onGroup(model.DeleteGroup, "g-x", "other")),
		},
		{"renamed to a protected name", model.RuleProtected, with(protect("aws-break*", ""), rename("AWS-breakglass"))},
		{"renamed from a protected name", model.RuleProtected, with(protect("aws-team-0", ""), rename("new"))},
		{"renamed beside one", "", with(protect("aws-team-1", ""), rename("new"))},
		{"protected user", model.RuleProtected, with(protect("", "USER0@*"), onUser(model.DeactivateUser, 0))},
		{"another user", "", with(protect("", "user0@*"), onUser(model.DeactivateUser, 1))},
		{
			"a protected user's membership", model.RuleProtected,
			with(protect("", "user0@*"), onGroup(model.RemoveMembers, "g-70", "aws-team-0", member(0))),
		},
		{
			"a protected member of a deleted group", model.RuleProtected,
			with(protect("", "user0@*"), onGroup(model.DeleteGroup, "g-x", "stray")),
		},
		{
			"a deleted member of a protected group", model.RuleProtected,
			with(protect("stray", ""), onUser(model.DeleteUser, 0)),
		},
		{
			"a userName that becomes a protected one", model.RuleProtected,
			with(protect("", "root@*"), changed(updated, func(s *model.Step) {
				s.Afterwards = []model.Condition{model.UserIs.On(s.Subject.TargetID, "root@corp.example")}
			})),
		},
		{"a glob that is none", model.RuleProtected, with(protect("[", ""), onUser(model.UpdateUser, 1))},
		{"protected, a handoff", "", with(protect("*", "*"), handoff())},

		{"nothing read", model.RuleCoverage, with(func(g *guarded) { g.c.Comparison = &drift.Comparison{} }, stray)},
		{
			"deactivate, source users cut", model.RuleCoverage,
			with(source(model.PartUsers, cut), onUser(model.DeactivateUser, 1)),
		},
		{"deactivate, roles cut", "", with(source(model.PartGroups, cut), onUser(model.DeactivateUser, 1))},
		{
			"create, memberships cut", model.RuleCoverage,
			with(source(model.PartMemberships, cut), onUser(model.CreateUser, 30)),
		},
		{
			"create, target users cut", model.RuleCoverage,
			with(target(model.PartUsers, cut), onUser(model.CreateUser, 30)),
		},
		{"create, rules cut", "", with(source(model.PartRules, cut), onUser(model.CreateUser, 30))},
		{
			"activate, source users cut", model.RuleCoverage,
			with(source(model.PartUsers, cut), onUser(model.ActivateUser, 1)),
		},
		{"update, the pair by external id", "", with(source(model.PartUsers, cut), updated)},
		{"update, a pair that a missing row could disprove", model.RuleCoverage, with(func(g *guarded) {
			g.w.cover[model.PartUsers] = cut
			g.w.tusers[1].ExternalID = "4711"
		}, updated)},
		{
			"update, not among what was read", model.RuleCoverage,
			with(target(model.PartUsers, cut), changed(updated, func(s *model.Step) { s.Subject.TargetID = "t-x" })),
		},
		{
			"create a group, rules unknown", model.RuleCoverage,
			with(source(model.PartRules, model.UnknownCoverage("403")), onGroup(model.CreateGroup, "", "new")),
		},
		{"create a group, rules skipped", "", with(source(model.PartRules, model.SkippedCoverage()),
			onGroup(model.CreateGroup, "", "new"))},
		{"create a group, roles stand in for the rules", "", with(func(g *guarded) {
			g.w.cover[model.PartRules] = model.UnknownCoverage("403")
			opts := testOptions()
			opts.Groups.From = "auto"
			src, tgt := g.w.sides(opts)
			g.c.Comparison = asked(src, tgt, opts)
		}, onGroup(model.CreateGroup, "", "new"))},
		{
			"create a group, roles cut", model.RuleCoverage,
			with(source(model.PartGroups, cut), onGroup(model.CreateGroup, "", "new")),
		},
		{"rename, rules cut", model.RuleCoverage, with(source(model.PartRules, cut), rename("new"))},
		{"delete, rules cut", model.RuleCoverage, with(source(model.PartRules, cut), stray)},
		{"delete, events cut", "", with(source(model.PartEvents, cut), stray)},
		{"delete, roles cut", model.RuleCoverage, with(source(model.PartGroups, cut), stray)},
		{
			"delete, target memberships unknown", model.RuleNoBackup,
			with(target(model.PartMemberships, model.UnknownCoverage("403")), stray),
		},
		{"delete, gone by now", "", with(nil, onGroup(model.DeleteGroup, "g-gone", "gone"))},
		{
			"delete, not among what was read", model.RuleCoverage,
			with(target(model.PartGroups, cut), onGroup(model.DeleteGroup, "g-gone", "gone")),
		},
		{"delete, no rule sets groups", model.RuleCoverage, with(func(g *guarded) {
			opts := testOptions()
			opts.Groups.From = "rules"
			src, tgt := g.w.sides(opts)
			g.c.Comparison = asked(src, tgt, opts)
		}, stray)},
		{
			"add, memberships cut", model.RuleCoverage,
			with(source(model.PartMemberships, cut), onGroup(model.AddMembers, "g-70", "aws-team-0", member(1))),
		},
		{"add, who belongs not known", model.RuleCoverage, with(func(g *guarded) { g.w.roles[0].Users.Unknown = "cut" },
			onGroup(model.AddMembers, "g-70", "aws-team-0", member(1)))},
		{"add, another role not known", "", with(func(g *guarded) { g.w.roles[1].Users.Unknown = "cut" },
			onGroup(model.AddMembers, "g-70", "aws-team-0", member(1)))},
		{
			"add to a group of this plan", "",
			with(target(model.PartGroups, cut), changed(onGroup(model.AddMembers, "", "new", member(1)),
				func(s *model.Step) { s.Group.Ref = "s0" })),
		},
		{
			"remove, target users cut", model.RuleCoverage,
			with(target(model.PartUsers, cut), onGroup(model.RemoveMembers, "g-70", "aws-team-0", member(1))),
		},
		{"remove, more may belong", model.RuleCoverage, with(func(g *guarded) {
			g.c.Comparison = g.w.compare()
			g.c.Comparison.Source.Groups[0].MembersOpen = "a rule cannot be evaluated"
		}, onGroup(model.RemoveMembers, "g-70", "aws-team-0", member(1)))},
		{"add, more may belong", "", with(func(g *guarded) {
			g.c.Comparison = g.w.compare()
			g.c.Comparison.Source.Groups[0].MembersOpen = "a rule cannot be evaluated"
		}, onGroup(model.AddMembers, "g-70", "aws-team-0", member(1)))},
		{
			"remove, groups cut", model.RuleCoverage,
			with(source(model.PartGroups, cut), onGroup(model.RemoveMembers, "g-70", "aws-team-0", member(1))),
		},
		{
			"nudge, source users cut", model.RuleCoverage,
			with(source(model.PartUsers, cut), model.Step{
				Repair: model.ReapplyMappings, Channel: model.Nudge,
				Request: write("PUT"),
			}),
		},
		{
			"a repair that is not known", model.RuleCoverage,
			with(nil, model.Step{Repair: "wipe", Channel: model.Direct, Request: write("POST")}),
		},
		{
			"everything cut, a handoff", "",
			with(func(g *guarded) { g.w.cover, g.w.tcover = model.Coverages{}, model.Coverages{} }, handoff()),
		},

		{"under half pair", model.RuleMispaired, with(unpair(11), updated)},
		{"half pair", "", with(unpair(10), updated)},
		{"hardly any pair, a handoff", "", with(unpair(20), handoff())},
		{"hardly any pair of four", "", with(func(g *guarded) { g.w = guardWorld(4); unpair(4)(g) }, updated)},

		{"all users", model.RuleAll, with(nil, deactivations(20)...)},
		{"all users but one", "", with(func(g *guarded) { g.c.Guard.MaxDeletes, g.c.Guard.MaxPercent = 99, 100 },
			deactivations(19)...)},
		{"all groups", model.RuleAll, with(func(g *guarded) { g.w.tgroups = g.w.tgroups[3:]; g.w.roles = nil }, stray,
			onGroup(model.DeleteGroup, "g-73", "aws-team-3"))},
		{"the only group", "", with(lone, stray)},
		{"one group named twice", "", with(func(g *guarded) { g.w.tgroups = g.w.tgroups[3:] }, stray, stray)},

		{"unsettled", model.RuleUnsettled, with(func(g *guarded) { g.c.Unsettled = "run-1" }, handoff())},

		{"deletes at the limit", "", with(func(g *guarded) { g.c.Guard.MaxPercent = 100 }, deactivations(10)...)},
		{"deletes over the limit", model.RuleMaxDeletes, with(func(g *guarded) { g.c.Guard.MaxPercent = 100 },
			deactivations(11)...)},
		{
			"deletes over the limit with the day's", model.RuleMaxDeletes,
			with(func(g *guarded) { g.c.Guard.MaxPercent, g.c.Spent.Deletes = 100, 8 }, deactivations(3)...),
		},
		{"the day's at the limit", "", with(func(g *guarded) { g.c.Guard.MaxPercent, g.c.Spent.Deletes = 100, 7 },
			deactivations(3)...)},
		{
			"a day over the limit, a handoff", "",
			with(func(g *guarded) { g.c.Spent.Counts = model.Counts{Deletes: 99, Removals: 999, Grants: 999} },
				handoff()),
		},
		{"a limit of nothing", model.RuleMaxDeletes, with(func(g *guarded) { g.c.Guard.MaxDeletes = 0 }, stray)},
		{"removals at the limit", "", with(func(g *guarded) { g.c.Guard.MaxPercent = 1000 },
			onGroup(model.RemoveMembers, "g-70", "aws-team-0", many(200)...))},
		{"removals over the limit", model.RuleMaxRemovals, with(func(g *guarded) { g.c.Guard.MaxPercent = 1000 },
			onGroup(model.RemoveMembers, "g-70", "aws-team-0", many(201)...))},
		{"grants at the limit", "", with(nil, onGroup(model.AddMembers, "g-70", "aws-team-0", many(199)...),
			onUser(model.CreateUser, 40))},
		{
			"grants over the limit", model.RuleMaxGrants,
			with(nil, onGroup(model.AddMembers, "g-70", "aws-team-0", many(200)...), onUser(model.CreateUser, 40)),
		},

		{"a fifth of the users", "", with(nil, deactivations(4)...)},
		{"more than a fifth of the users", model.RuleMaxPercent, with(nil, deactivations(5)...)},
		{"two of ten groups", "", with(groups(10, model.Spent{}), strays(2)...)},
		{"three of ten groups", model.RuleMaxPercent, with(groups(10, model.Spent{}), strays(3)...)},
		{"three of nine groups", "", with(groups(9, model.Spent{}), strays(3)...)},
		{
			"two of ten groups with the day's group", model.RuleMaxPercent,
			with(groups(10, model.Spent{Counts: model.Counts{Deletes: 1}, Groups: 1}), strays(2)...),
		},
		{
			"two of ten groups with the day's users", "",
			with(groups(10, model.Spent{Counts: model.Counts{Deletes: 6}, Groups: 0}), strays(2)...),
		},
		{
			"a fifth of the users with the day's groups", "",
			with(groups(10, model.Spent{Counts: model.Counts{Deletes: 6}, Groups: 6}), deactivations(4)...),
		},
		{
			"a fifth of the users and of the groups", "",
			with(groups(10, model.Spent{}), append(strays(2), deactivations(4)...)...),
		},
		{"more than a fifth with the day's", model.RuleMaxPercent, with(func(g *guarded) { g.c.Spent.Deletes = 3 },
			deactivations(2)...)},
		{"a third of nine users", "", with(func(g *guarded) { g.w = guardWorld(9) }, deactivations(3)...)},
		{
			"a third of what were twelve this morning", model.RuleMaxPercent,
			with(func(g *guarded) { g.w = guardWorld(9); g.c.Spent.Deletes = 3 }, deactivations(1)...),
		},
		{
			"more than a fifth of the memberships", model.RuleMaxPercent,
			with(nil, onGroup(model.RemoveMembers, "g-70", "aws-team-0", many(30)...)),
		},
		{
			"one membership with those of the groups deleted and the assignments removed in the day", "",
			with(func(g *guarded) { g.c.Spent.Removals = 150 },
				onGroup(model.RemoveMembers, "g-70", "aws-team-0", many(1)...)),
		},
		{
			"one membership with the day's", model.RuleMaxPercent,
			with(func(g *guarded) { g.c.Spent.Removals, g.c.Spent.Memberships = 150, 150 },
				onGroup(model.RemoveMembers, "g-70", "aws-team-0", many(1)...)),
		},
		{"one of five groups", "", with(nil, stray)},

		{
			"a taking step on a likely finding", model.RuleNotCertain,
			with(nil, changed(stray, func(s *model.Step) { s.Confidence = "likely" })),
		},
		{
			"a granting step on an unknown finding", model.RuleNotCertain,
			with(nil, changed(onUser(model.ActivateUser, 1), func(s *model.Step) { s.Confidence = "unknown" })),
		},
		{
			"a new attribute on a likely finding", "",
			with(nil, changed(updated, func(s *model.Step) { s.Confidence = "likely" })),
		},
		{
			"a userName on a likely finding", model.RuleNotCertain,
			with(nil, changed(updated, func(s *model.Step) { s.Takes, s.Confidence = true, "likely" })),
		},

		{"a group that nobody claims", model.RuleUnclaimed, with(unclaimed, hand)},
		{"nobody claims it, the plan says", model.RuleUnclaimed, with(nil, hand)},
		{"nobody claims it by now", model.RuleUnclaimed, with(unclaimed, of("group-lingering/stray", stray))},
		{
			"the account assignments of a group that nobody claims", model.RuleUnclaimed,
			with(unclaimed, changed(hand, func(s *model.Step) { s.Repair, s.Takes = model.RemoveAssignments, true })),
		},
		{
			"a member of a group that nobody claims", "",
			with(func(g *guarded) { unclaimed(g); g.w.members["g-x"] = []string{"t-1000", "t-1001"} },
				onGroup(model.RemoveMembers, "g-x", "stray", member(0))),
		},
		{
			"nobody claims it, and the undone run made it", "",
			with(func(g *guarded) { undoing(g); unclaimed(g) }, own(hand)),
		},
		{
			"nobody claims it, and the undone run did not make it", model.RuleUnclaimed,
			with(func(g *guarded) { undoing(g); unclaimed(g) }, hand),
		},

		{
			"contradicted", model.RuleContradicted,
			with(contradicted("g-x", model.GroupLingering), of("group-lingering/stray", stray)),
		},
		{
			"contradicted under another kind by now", model.RuleContradicted,
			with(contradicted("g-x", model.MembersExtra), of("members-missing/stray", stray)),
		},
		{
			"contradicted, a granting step", model.RuleContradicted,
			with(contradicted("g-70", model.MembersMissing),
				of("members-missing/stray", onGroup(model.AddMembers, "g-70", "aws-team-0", member(1)))),
		},
		{
			"contradicted, one of its findings", model.RuleContradicted,
			with(contradicted("g-70", model.MembersExtra), changed(updated, func(s *model.Step) {
				s.Finding, s.Findings = "user-attributes/x", []string{"user-attributes/x", "members-extra/stray"}
			})),
		},
		{
			"contradicted, another record", "",
			with(contradicted("g-70", model.MembersExtra), of("group-lingering/stray", stray)),
		},
		{
			"contradicted, what else is said of the record", "",
			with(contradicted("g-x", model.MembersExtra), of("group-lingering/stray", stray)),
		},
		{
			"contradicted, a handoff", "",
			with(contradicted("", model.MembersExtra), of("members-extra/stray", handoff())),
		},

		{"a source that fell by a fifth", "", with(baseline(25), stray)},
		{"a source that fell by more", model.RuleShrunk, with(baseline(26), stray)},
		{"a source that fell, and nothing is taken", "", with(baseline(100), onUser(model.CreateUser, 40))},
		{
			"a part that was not read is not smaller", "",
			with(func(g *guarded) { baseline(100)(g); g.w.cover[model.PartUsers] = cut }, stray),
		},
		{
			"other groups are meant than before", model.RuleShrunk,
			with(func(g *guarded) { baseline(20)(g); g.c.Baseline.Groups = "other" }, stray),
		},
		{
			"the groups meant before are not known", "",
			with(func(g *guarded) { baseline(20)(g); g.c.Baseline.Groups = "" }, stray),
		},

		{
			"more may lose it", model.RuleNoBackup,
			with(nil, changed(stray, func(s *model.Step) {
				s.BlastRadius = &model.BlastRadius{
					Unknown: "the list was cut",
				}
			})),
		},
		{
			"who loses it was not worked out", model.RuleNoBackup,
			with(nil, changed(stray, func(s *model.Step) { s.BlastRadius = nil })),
		},
		{
			"more may lose it, a deactivation", "",
			with(nil, changed(onUser(model.DeactivateUser, 1),
				func(s *model.Step) { s.BlastRadius = &model.BlastRadius{Unknown: "cut"} })),
		},

		{"deleted with assignments", model.RuleAssigned, with(nil, assigned(stray))},
		{
			"emptied with assignments", model.RuleAssigned,
			with(nil, assigned(onGroup(model.RemoveMembers, "g-x", "stray", member(0)))),
		},
		{"one of two removed", "", with(func(g *guarded) { g.w.members["g-x"] = []string{"t-1000", "t-1001"} },
			assigned(onGroup(model.RemoveMembers, "g-x", "stray", member(0))))},
		{
			"emptied in two steps", model.RuleAssigned,
			with(func(g *guarded) { g.w.members["g-x"] = []string{"t-1000", "t-1001"} },
				assigned(onGroup(model.RemoveMembers, "g-x", "stray", member(0))),
				assigned(onGroup(model.RemoveMembers, "g-x", "stray", member(1)))),
		},

		{"a role yields it", model.RuleStillYielded, with(func(g *guarded) {
			g.w.roles = append(g.w.roles, model.Role{ID: "90", Name: "aws-STRAY ", Grants: true})
		}, onGroup(model.DeleteGroup, "g-x", "aws-stray"))},
		{
			"a role of its name that does not grant", "",
			with(func(g *guarded) { g.w.roles = append(g.w.roles, model.Role{ID: "90", Name: "aws-stray"}) },
				onGroup(model.DeleteGroup, "g-x", "aws-stray")),
		},
		{"only the pattern leaves its role out", model.RuleStillYielded, with(func(g *guarded) {
			g.w.roles = append(g.w.roles, model.Role{ID: "90", Name: "stray", Grants: true})
			g.c.Comparison = g.w.compare()
		}, stray)},
		{"a rule that is off names it", model.RuleStillYielded, with(func(g *guarded) {
			g.w.rules = []model.Rule{{
				ID: "1", Name: "r",
				Actions: []model.RuleAction{{Name: model.SetGroups, Values: []string{"Stray"}}},
			}}
		}, stray)},
		{"a role maps to it where rules decide", model.RuleStillYielded, with(func(g *guarded) {
			g.c.Groups = rules.GroupsConfig{From: "rules", Roles: regexp.MustCompile("^r-(.*)"), Name: "$1"}
			g.w.roles = append(g.w.roles, model.Role{ID: "90", Name: "r-stray", Grants: true})
			src, tgt := g.w.sides(testOptions())
			g.c.Comparison = asked(src, tgt, testOptions())
		}, stray)},
		{"remembered, and rules were skipped", model.RuleStillYielded, with(func(g *guarded) {
			g.w.entitlements = []string{"STRAY"}
			g.w.cover[model.PartRules] = model.SkippedCoverage()
		}, stray)},
		{"remembered, and no rule yields it", "", with(func(g *guarded) { g.w.entitlements = []string{"stray"} },
			stray)},
		{
			"it is a group of OneLogin's by now", model.RuleStillYielded,
			with(nil, onGroup(model.DeleteGroup, "g-70", "stray")),
		},

		{"shared, taking", model.RuleSharedTarget, with(func(g *guarded) { g.c.SharedWith = []string{"dev"} }, stray)},
		{"shared, granting", model.RuleSharedTarget, with(func(g *guarded) { g.c.SharedWith = []string{"dev"} },
			onUser(model.ActivateUser, 1))},
		{"shared, neither", "", with(func(g *guarded) { g.c.SharedWith = []string{"dev"} }, updated)},

		{"an hour old", "", with(func(g *guarded) { g.c.Now = planTime.Add(time.Hour) }, stray)},
		{"older", model.RuleOldPlan, with(func(g *guarded) { g.c.Now = planTime.Add(time.Hour + time.Second) }, stray)},
		{"five minutes ahead", "", with(func(g *guarded) { g.c.Now = planTime.Add(-5 * time.Minute) }, stray)},
		{
			"further ahead", model.RuleOldPlan,
			with(func(g *guarded) { g.c.Now = planTime.Add(-5*time.Minute - time.Second) }, stray),
		},

		{"own, what nothing else lets through", "", with(func(g *guarded) {
			undoing(g)
			baseline(100)(g)
			g.c.Guard.MaxDeletes, g.c.Guard.MaxPercent = 0, 0
			g.w.tgroups = g.w.tgroups[:2]
		}, own(changed(onGroup(model.DeleteGroup, "g-70", "aws-team-0"),
			func(s *model.Step) { s.Confidence = "likely" })), own(onGroup(model.DeleteGroup, "g-71", "aws-team-1")))},
		{
			"own, protected all the same", model.RuleProtected,
			with(func(g *guarded) { undoing(g); protect("stray", "")(g) }, own(stray)),
		},
		{"own, in a plan that undoes nothing", model.RuleMaxDeletes, with(func(g *guarded) { g.c.Guard.MaxDeletes = 0 },
			own(stray))},
		{"undoing, not its own", model.RuleMaxDeletes, with(func(g *guarded) { undoing(g); g.c.Guard.MaxDeletes = 0 },
			stray)},
	}
}

type guardCase struct {
	name string
	rule model.GuardRule // that refuses; "" none
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
	refused := map[model.GuardRule]bool{}
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
		if r := v.Refusals[at]; r.Text == "" || r.Way == "" ||
			strings.Contains(r.Way, "--allow") != plan.Overridable(c.rule) {
			t.Errorf("%s: %+v does not say what is wrong and what to do", c.name, r)
		}
	}
	for _, r := range plan.GuardRules() {
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
		g.c.Allow = []model.GuardRule{c.rule, "no-such-rule"}
		after := g.judge()
		if plan.Overridable(c.rule) {
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
	want := model.GuardRefusal{
		Rule: model.RuleMaxDeletes, Text: "14 deletions and deactivations, 3 of them in the last 24 hours; the limit " +
			"is 10",
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
	for _, s := range []model.Step{
		deleteStray(), onUser(model.DeleteUser, 1), onUser(model.CreateUser, 1),
		{Request: write("PUT")},
		{},
		{Repair: model.AddMembers, Request: &model.Request{}},
	} {
		g := newGuarded(s)
		g.c.Guard.ProtectGroups = []string{"*"}
		v := plan.Judge(g.p, plan.Circumstances{})
		if got := slices.Contains(rulesOf(v.Refusals), model.RuleCoverage); got != (s.Request != nil) {
			t.Errorf("%+v: %+v", s, v)
		}
		g.c.Comparison = nil
		plan.Judge(g.p, g.c)
	}
}

func TestDigestTellsConfigurationsApart(t *testing.T) {
	t.Parallel()
	base := rules.GroupsConfig{From: "auto", Roles: regexp.MustCompile("^a"), Name: "$1", Ignore: []string{"X*", "y"}}
	same := base
	same.Ignore = []string{"y", "x*", "Y"}
	if base.Digest() != same.Digest() {
		t.Error("the order and the case of what is ignored shows")
	}
	for i, bend := range []func(*rules.GroupsConfig){
		func(c *rules.GroupsConfig) { c.From = "rules" }, func(c *rules.GroupsConfig) { c.Roles = nil },
		func(c *rules.GroupsConfig) { c.Roles = regexp.MustCompile("^b") },
		func(c *rules.GroupsConfig) { c.Name = "" }, func(c *rules.GroupsConfig) { c.Ignore = nil },
	} {
		other := base
		bend(&other)
		if other.Digest() == base.Digest() {
			t.Errorf("change %d does not show", i)
		}
	}
}
