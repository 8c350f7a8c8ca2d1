package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/plan"
)

// stranded is a world in which the group aws-team-1 was deleted and made again, with what hangs on its old id "old-1".
type stranded struct {
	*world

	facts model.AssignmentFacts
	has   map[string]model.Assigned
}

func hanging(id string, accounts ...string) (out []model.Assignment) {
	for _, account := range accounts {
		out = append(out, model.Assignment{
			AccountID: account, Account: "acc " + account, PermissionSetARN: "arn:ps", PermissionSet: "Billing",
			PrincipalType: model.SubjectGroup, PrincipalID: id,
		})
	}
	return out
}

func newStranded() *stranded {
	return &stranded{
		world: syncedWorld(8, 3, false, rand.New(rand.NewPCG(3, 3))),
		facts: model.AssignmentFacts{Asked: true, Dangling: hanging("old-1", "1", "2")},
		has:   map[string]model.Assigned{"g-71": {}},
	}
}

func (s *stranded) compare() *drift.Comparison {
	opts := testOptions()
	opts.Facts.Assignments = s.facts
	src, tgt := s.sides(opts)
	tgt.Assignments = s.has
	return asked(src, tgt, opts)
}

// refuses adds a push that the target refused.
func (s *stranded) refuses(text string) {
	s.events = append(s.events, model.Event{
		ID: fmt.Sprint(len(s.events)), At: planTime, Type: model.EventUpdateFailed,
		AppID: s.app.ID, UserID: "1001", Text: text,
	})
}

// works adds a push that went through later.
func (s *stranded) works(user string) {
	s.events = append(s.events, model.Event{
		ID: fmt.Sprint(len(s.events)), At: planTime.Add(time.Minute), Type: model.EventUpdatedInApp, AppID: s.app.ID,
		UserID: user,
	})
}

func (s *stranded) called(id, name, where string) {
	s.facts.Former = append(s.facts.Former, model.FormerName{ID: id, Name: name, Where: where, At: planTime})
}

// refusal is how the log names group and id.
func refusal(name, id string) string {
	return `AWS answered 404 for group "` + name + `" (` + id + "): resource not found"
}

const strandedID = "assignments-stranded/aws-team-1"

func TestWhoseDanglingAssignmentsAre(t *testing.T) {
	t.Parallel()
	byLog := func(s *stranded) { s.refuses(refusal("AWS-Team-1", "old-1")) }
	for name, tt := range map[string]struct {
		bend func(*stranded)
		// why is why nothing is offered; empty where it is.
		why string
	}{
		"the log names it":     {byLog, ""},
		"the journal names it": {func(s *stranded) { s.called("old-1", "aws-team-1", "the journal") }, ""},
		"all agree": {
			func(s *stranded) { byLog(s); s.called("old-1", "aws-team-1 ", "the journal") }, "",
		},
		"it was renamed before it went": {func(s *stranded) {
			s.called("old-1", "aws-team-2", "the journal of run 1")
			s.called("old-1", "aws-team-1", "the journal of run 2")
			s.facts.Former[1].At = planTime.Add(time.Minute)
		}, ""},
		"two journals of one moment differ": {func(s *stranded) {
			s.called("old-1", "aws-team-2", "the journal of run 1")
			s.called("old-1", "aws-team-1", "the journal of run 2")
		}, "the journal of run 2 calls it aws-team-1"},
		"pushes work since": {func(s *stranded) {
			byLog(s)
			s.works("1001")
		}, ""},
		"pushes work since, and the log calls it by two names": {func(s *stranded) {
			byLog(s)
			s.works("1001")
			s.refuses(refusal("aws-team-2", "old-1"))
			s.events[2].UserID = "1002"
		}, "OneLogin's log calls it"},
		"nothing names it": {func(*stranded) {}, "nobody can tell"},
		"another id": {
			func(s *stranded) { s.refuses(refusal("aws-team-1", "old-12")) },
			"nobody can tell",
		},
		"a longer name": {
			func(s *stranded) { s.refuses(refusal("aws-team-1 eu", "old-1")) },
			"no group is called aws-team-1 eu",
		},
		"a name without its ends": {
			func(s *stranded) { s.refuses("404 for group aws-team-1 (old-1)") },
			"nobody can tell",
		},
		"a text cut short": {
			func(s *stranded) { s.refuses(`404 (old-1) for group "aws-team-1`) },
			"nobody can tell",
		},
		"a text of two names": {
			func(s *stranded) { s.refuses(`404 for group "aws-team-1" or "aws-team-2" (old-1)`) }, "nobody can tell",
		},
		"no 404": {
			func(s *stranded) { s.refuses(`409 for group "aws-team-1" (old-1)`) },
			"nobody can tell",
		},
		"another app's log": {func(s *stranded) { byLog(s); s.events[0].AppID = "6" }, "nobody can tell"},
		"journal and log differ": {
			func(s *stranded) { byLog(s); s.called("old-1", "aws-team-2", "the journal") },
			"the journal calls it aws-team-2",
		},
		"the log calls it by two names": {
			func(s *stranded) { byLog(s); s.refuses(refusal("aws-team-2", "old-1")) },
			"OneLogin's log calls it",
		},
		"the journal cannot be read": {
			func(s *stranded) { byLog(s); s.facts.FormerUnread = "the journal could not be read" },
			"could not be read",
		},
		"two groups of the name": {
			func(s *stranded) { byLog(s); s.tgroups = append(s.tgroups, model.Group{ID: "g-2", Name: "AWS-TEAM-1"}) },
			"several groups",
		},
		"a group that looks like it": {func(s *stranded) {
			byLog(s)
			s.tgroups = append(s.tgroups, model.Group{ID: "g-2", Name: "\u0430ws-team-1"})
		}, "looks like"},
		"a role that looks like it": {func(s *stranded) {
			byLog(s)
			s.roles = append(s.roles, model.Role{
				ID: "9", Name: "aws-t\u0435am-1", Grants: true,
				Users: s.roles[0].Users,
			})
		}, "looks like it"},
		"two old ids": {func(s *stranded) {
			byLog(s)
			s.called("old-2", "aws-team-1", "the journal")
			s.facts.Dangling = append(s.facts.Dangling, hanging("old-2", "3")...)
		}, "another deleted group, old-2"},
		"two old ids, one looks like it": {func(s *stranded) {
			byLog(s)
			s.called("old-2", "aws-t\u0435am-1", "the journal")
			s.facts.Dangling = append(s.facts.Dangling, hanging("old-2", "3")...)
		}, "another deleted group, old-2"},
		"a text that names another old id": {func(s *stranded) {
			s.refuses(refusal("aws-team-1", "old-1") + " old-2")
			s.facts.Dangling = append(s.facts.Dangling, hanging("old-2", "3")...)
		}, "nobody can tell"},
		"nothing yields it": {
			func(s *stranded) { byLog(s); s.roles[1].Grants = false },
			"OneLogin does not yield AWS-Team-1",
		},
		"it yields nobody": {func(s *stranded) { byLog(s); s.roles[1].Users.IDs = nil }, "for nobody now"},
		"not made again yet": {
			func(s *stranded) { byLog(s); s.tgroups = slices.Delete(s.tgroups, 1, 2) },
			"made again first",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStranded()
			tt.bend(s)
			c := s.compare()
			i := slices.IndexFunc(c.Stranded, func(of model.Stranded) bool { return of.ID == "old-1" })
			if i < 0 || c.Stranded[i].Movable() != (tt.why == "") || !strings.Contains(c.Stranded[i].Why, tt.why) {
				t.Fatalf("%+v, want %q", c.Stranded, tt.why)
			}
			offered := slices.ContainsFunc(c.Findings, func(f model.Finding) bool {
				return f.ID == strandedID &&
					slices.Equal(f.Repairs, []model.Option{{Repair: model.MoveAssignments, Channel: model.Direct}})
			})
			if offered != (tt.why == "") {
				t.Errorf("offered: %v, by %+v", offered, c.Findings)
			}
		})
	}
}

// A group that is there, by whatever list it was read since, has nothing that dangles.
func TestNothingIsStrandedOnAGroupThatIsThere(t *testing.T) {
	t.Parallel()
	s := newStranded()
	s.called("old-1", "aws-team-1", "the journal")
	s.tgroups = append(s.tgroups, model.Group{ID: "old-1", Name: "aws-other"})
	if c := s.compare(); len(c.Stranded) > 0 {
		t.Errorf("%+v", c.Stranded)
	}
}

// Parts that were not read could say otherwise of whose they are: nothing is offered on the strength of less.
func TestStrandedRestsOnWhatWasRead(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(*stranded){
		"the source's groups": func(s *stranded) { s.cover[model.PartGroups] = model.PartialCoverage("cut") },
		"the target's groups": func(s *stranded) { s.tcover[model.PartGroups] = model.PartialCoverage("cut") },
		"the rules":           func(s *stranded) { s.cover[model.PartRules] = model.UnknownCoverage("refused") },
	} {
		s := newStranded()
		s.refuses(refusal("aws-team-1", "old-1"))
		cut(s)
		for _, f := range s.compare().Findings {
			if f.Kind == model.AssignmentsStranded && len(f.Repairs) > 0 {
				t.Errorf("without %s it is offered: %+v", name, f)
			}
		}
	}
}

// TestStrandedHasAHeadingOfItsOwn: the group is there again, so that nothing is missing any more but its assignments.
func TestStrandedHasAHeadingOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newStranded()
	s.refuses(refusal("aws-team-1", "old-1"))
	c := s.compare()
	groups := drift.CauseGroups(c.Findings)
	i := slices.IndexFunc(groups,
		func(g drift.CauseGroup) bool { return g.Key.Why == string(model.AssignmentsStranded) })
	if i < 0 {
		t.Fatalf("%+v", groups)
	}
	var of []*model.Finding
	for _, f := range groups[i].Findings {
		of = append(of, &c.Findings[f])
	}
	if got := explain.GroupHeading(groups[i].Key, of, explain.Scale{Target: "AWS"}); got !=
		"1 group lacks its account assignments: they hang on an id that is gone" {
		t.Error(got)
	}
}

func TestMovingGivesBeforeItTakes(t *testing.T) {
	t.Parallel()
	s := newStranded()
	s.refuses(refusal("aws-team-1", "old-1"))
	s.has["g-71"] = model.Assigned{List: hanging("g-71", "2")}
	intents, left := plan.Intend(s.compare(),
		[]model.Pick{{Finding: strandedID, Option: model.Option{Repair: model.MoveAssignments, Channel: model.Direct}}})
	if len(left) > 0 || len(intents) != 3 {
		t.Fatalf("%d intents, left out %v", len(intents), left)
	}
	give, take := intents[0], intents[1]
	if give.Repair != model.MoveAssignments || !give.Grants() || give.Takes() ||
		give.Assignments[0].PrincipalID != "g-71" || give.Assignments[0].AccountID != "1" {
		t.Errorf("it begins with %+v", give)
	}
	if take.Repair != model.ClearAssignments || !take.Takes() || take.Assignments[0].PrincipalID != "old-1" ||
		!slices.Equal(take.After, []string{give.Key}) {
		t.Errorf("it goes on with %+v", take)
	}
	if last := intents[2]; last.Repair != model.ClearAssignments || len(last.After) > 0 {
		t.Errorf("what the group has already is given again, or not taken from the old id: %+v", last)
	}
	wantOutline(t, &give, "assignment-absent g-71 aws-team-1", "assignment-dangles old-1 aws-team-1",
		"group-absent old-1 aws-team-1", "group-is g-71 aws-team-1",
		"yields g-71 aws-team-1", "->", "assignment-is g-71 aws-team-1")
	wantOutline(t, &take, "assignment-dangles old-1 aws-team-1", "group-absent old-1 aws-team-1",
		"group-is g-71 aws-team-1", "assignment-is g-71 aws-team-1",
		"->", "assignment-gone old-1 aws-team-1")
}

func TestNothingMovesWhereTheGroupsOwnAssignmentsAreNotKnown(t *testing.T) {
	t.Parallel()
	for name, has := range map[string]map[string]model.Assigned{
		"not asked": nil,
		"refused":   {"g-71": {Unknown: "may not"}},
	} {
		s := newStranded()
		s.refuses(refusal("aws-team-1", "old-1"))
		s.has = has
		if intents, left := plan.Intend(s.compare(),
			[]model.Pick{{Finding: strandedID, Option: model.Option{
				Repair:  model.MoveAssignments,
				Channel: model.Direct,
			}}}); len(intents) > 0 || len(left) != 1 {
			t.Errorf("%s: %+v, left out %v", name, intents, left)
		}
	}
}

// Whatever groups are called like each other, and whatever is logged and kept of them: nothing is ever assigned to a
// group that did not have it before.
func TestNothingIsAssignedToAGroupThatDidNotHaveIt(t *testing.T) {
	t.Parallel()
	names := []string{
		"aws-a", "AWS-A", "aws-\u0430", "aws-a ", "aws-a b", `aws-a" (x`, "aws-ab", "aws-a-b", "aws-1", "aws-l",
		"aws-\u00e9", "aws-e\u0301", "aws-a (old)", "aws-a: 404",
	}
	moved := 0
	rapid.Check(t, func(t *rapid.T) {
		s := newStranded()
		s.roles, s.tgroups, s.facts.Dangling, s.has = nil, nil, nil, map[string]model.Assigned{}
		name := rapid.SampledFrom(names)
		for i := range rapid.IntRange(1, 4).Draw(t, "roles") {
			s.roles = append(s.roles, model.Role{
				ID: fmt.Sprint(i), Name: name.Draw(t, "role"), Grants: i < 3,
				Users: model.MemberList{IDs: []string{"1001"}},
			})
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "groups") {
			id := fmt.Sprint("new-", i)
			s.tgroups = append(s.tgroups,
				model.Group{ID: id, Name: rapid.OneOf(name, rapid.Just(s.roles[0].Name)).Draw(t, "group")})
			s.has[id] = model.Assigned{}
		}
		had := map[string]string{} // the name of each group that is gone
		for i := range rapid.IntRange(1, 3).Draw(t, "gone") {
			id := fmt.Sprint("old-", i)
			had[id] = rapid.OneOf(name, rapid.Just(s.tgroups[0].Name)).Draw(t, "was")
			s.facts.Dangling = append(s.facts.Dangling, hanging(id, fmt.Sprint(i), fmt.Sprint(i+10))...)
			other := fmt.Sprint("old-", rapid.IntRange(0, 3).Draw(t, "other"))
			switch rapid.IntRange(0, 6).Draw(t, "proof") {
			case 0:
				s.refuses(refusal(had[id], id))
			case 1:
				s.called(id, had[id], "the journal")
			case 2:
				s.called(id, had[id], "what was last known")
				s.refuses(refusal(had[id], id))
			case 3: // a text of two pushes, in whichever order
				s.refuses(refusal(had[id], id) + "; user " + other)
			case 4: // nothing that tells where the name ends
				s.refuses("404: group " + had[id] + " (" + id + ")")
			case 5:
				s.refuses(`404 user "` + name.Draw(t, "user") + `" (` + id + ")")
			}
		}
		c := s.compare()
		var picks []model.Pick
		for _, f := range c.Findings {
			if f.Kind == model.AssignmentsStranded {
				picks = append(picks, model.Pick{Finding: f.ID, Option: model.Option{
					Repair:  model.MoveAssignments,
					Channel: model.Direct,
				}, Named: true})
			}
		}
		intents, _ := plan.Intend(c, picks)
		for i := range intents {
			in := &intents[i]
			if in.Repair != model.MoveAssignments {
				continue
			}
			moved++
			old := in.Before[1].ID
			if !model.SameName(had[old], in.Group.Name) ||
				!slices.ContainsFunc(s.facts.Dangling, func(a model.Assignment) bool {
					return a.PrincipalID == old &&
						a.Same(in.Assignments[0])
				}) {
				t.Fatalf("%s (was %q) gives %v to %q", old, had[old], in.Assignments, in.Group.Name)
			}
			for _, g := range s.tgroups {
				if g.ID != in.Group.ID && (model.SameName(g.Name, in.Group.Name) ||
					model.LookAlike(g.Name, in.Group.Name)) {
					t.Fatalf("%q could be meant as well as %q", g.Name, in.Group.Name)
				}
			}
		}
	})
	if moved == 0 && !testing.Short() { // a short run has too few worlds
		t.Error("nothing was ever moved, which proves little") // about one world in ten moves something
	}
}

// What runs did to groups tells their names: of those that they made by the id that they got, of a renamed one the new.
func TestRunsTellFormerNames(t *testing.T) {
	t.Parallel()
	step := func(r model.RepairName, id, name string) model.Step { return onGroup(r, id, name) }
	rename := step(model.RenameGroup, "g-2", "before")
	rename.Afterwards = []model.Condition{{Side: model.AtTarget, Fact: model.GroupIs, ID: "g-2", Name: "after"}}
	run := model.Run{
		ID: "r1", Plan: &model.Plan{Steps: []model.Step{
			step(model.CreateGroup, "", "made"), rename,
			step(model.DeleteGroup, "g-3", "ended"), step(model.DeleteGroup, "g-4", "not ended"),
			step(model.AddMembers, "g-5", "filled"),
		}},
		Steps: []model.StepRecord{
			{State: model.StepConfirmed, CreatedID: "g-1"},
			{State: model.StepConfirmed},
			{State: model.StepConfirmed},
			{State: model.StepSkipped},
			{State: model.StepConfirmed},
		},
	}
	var got []string
	for _, f := range model.FormerByRuns([]model.Run{run, {ID: "damaged"}}) {
		got = append(got, f.ID+" "+f.Name)
	}
	if want := []string{"g-1 made", "g-2 after", "g-3 ended"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A group keeps its last name when it goes, and is forgotten when it comes back or nobody has seen it for long.
func TestGoneGroupsAreRemembered(t *testing.T) {
	t.Parallel()
	known := append(model.NamesOf([]model.Group{{ID: "a", Name: "first"}, {ID: "b", Name: "there"}}, planTime),
		model.NamesOf([]model.Group{{ID: "a", Name: "last"}}, planTime.Add(1))...)
	known = append(known, model.NamesOf([]model.Group{{ID: "old", Name: "old"}}, planTime.Add(-91*24*3600*1e9))...)
	got := model.GoneGroupNames(known, []model.Group{{ID: "b", Name: "there"}})
	if len(got) != 1 || got[0].ID != "a" || got[0].Name != "last" {
		t.Errorf("%+v", got)
	}
}
