package model_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// observedWorld is in sync but for one stray group, one user who lingers and one who is suspended.
func observedWorld() *world {
	w := strayWorld()
	for i := range w.tgroups {
		w.tgroups[i].ExternalID = strings.TrimPrefix(w.tgroups[i].ID, "g-")
	}
	w.unassign(4)
	w.users[5].Active = false
	return w
}

func TestEachFactHoldsAndBreaks(t *testing.T) {
	t.Parallel()
	name := func(i int) string { return quietWorld().users[i].UserName }
	member := func(i int) []model.Member {
		u := quietWorld().users[i]
		return []model.Member{{ID: "t-" + u.ID, UserName: u.UserName, SourceID: u.ID}}
	}
	noID := func(i int) []model.Member {
		return []model.Member{{UserName: name(i), SourceID: quietWorld().users[i].ID}}
	}
	role := func(w *world, i int) *model.Role { return &w.roles[i] }
	in := func(w *world, g, u int) bool { return slices.Contains(role(w, g).Users.IDs, w.users[u].ID) }
	w := observedWorld()
	inside, outside := 0, 1 // user 0 is in group 0; somebody who is not
	for in(w, 0, outside) || !w.users[outside].Active || !w.users[outside].Assigned {
		outside++
	}
	for _, c := range []struct {
		fact  model.Condition
		bends map[string]func(w *world) // after each of which it must not hold; the key is part of the phrase
	}{
		{model.Condition{Fact: model.UserIs, ID: "t-1000", Name: name(0)}, map[string]func(w *world){
			"is gone":       func(w *world) { w.dropTargetUser("t-1000") },
			"is called":     func(w *world) { w.tusers[0].UserName = "USER0@corp.example" },
			"<U+200B> at t": func(w *world) { w.tusers[0].UserName = "user0@corp.example\u200b" },
		}},
		{model.Condition{Fact: model.UserAbsent, ID: "t-x"}, map[string]func(w *world){
			"is still at the target": func(w *world) {
				w.tusers = append(w.tusers,
					model.User{ID: "t-x", UserName: "x"})
			},
		}},
		{model.Condition{Fact: model.UserAbsent, Name: "x"}, map[string]func(w *world){
			"x is at the target already": func(w *world) {
				w.tusers = append(w.tusers,
					model.User{ID: "t-x", UserName: " X"})
			},
		}},
		{model.Condition{Fact: model.UserAbsent, Field: "externalId", Value: "e"}, map[string]func(w *world){
			"has the external id e already": func(w *world) { w.tusers[0].ExternalID = "e" },
		}},
		{
			model.Condition{Fact: model.FieldIs, ID: "t-1000", Field: "name.familyName", Value: "Family"},
			map[string]func(w *world){
				`name.familyName of user0@corp.example is "family"`: func(
					w *world,
				) {
					w.tusers[0].FamilyName = "family"
				},
				"is gone": func(w *world) { w.dropTargetUser("t-1000") },
			},
		},
		{model.Condition{Fact: model.FieldIs, ID: "t-1000", Field: "active", Value: "true"}, map[string]func(w *world){
			`is "false"`: func(w *world) { w.tusers[0].Active = false },
		}},
		{model.Condition{Fact: model.UsersAre, Users: append(member(0), member(1)...)}, map[string]func(w *world){
			"user1@corp.example is not active": func(w *world) { w.tusers[1].Active = false },
			"user0@corp.example is gone":       func(w *world) { w.dropTargetUser("t-1000") },
			"is called other":                  func(w *world) { w.tusers[1].UserName = "other" },
		}},
		{model.Condition{Fact: model.GroupIs, ID: "g-70", Name: "aws-team-0"}, map[string]func(w *world){
			"is gone":          func(w *world) { w.tgroups = w.tgroups[1:] },
			"is called AWS-te": func(w *world) { w.tgroups[0].Name = "AWS-team-0" },
		}},
		{model.Condition{Fact: model.GroupAbsent, ID: "g-0"}, map[string]func(w *world){
			"is still at": func(w *world) { w.tgroups[0].ID = "g-0" },
		}},
		{model.Condition{Fact: model.GroupAbsent, Name: "aws-new"}, map[string]func(w *world){
			"aws-new is at the target already": func(w *world) { w.tgroups[0].Name = "AWS-NEW " },
		}},
		{model.Condition{Fact: model.MembersAre, ID: "g-x", Users: member(0)}, map[string]func(w *world){
			"user0@corp.example is no longer in stray": func(w *world) { w.members["g-x"] = []string{"t-1001"} },
			"stray has 1 more members": func(w *world) {
				w.members["g-x"] = []string{
					"t-1000",
					"t-1001",
				}
			},
		}},
		{model.Condition{Fact: model.MembersInclude, ID: "g-x", Users: member(0)}, map[string]func(w *world){
			"is not in stray": func(w *world) { w.members["g-x"] = nil },
		}},
		{
			model.Condition{Fact: model.MembersExclude, ID: "g-x", Users: append(member(1), member(2)...)},
			map[string]func(w *world){
				"user2@corp.example is in stray": func(w *world) { w.members["g-x"] = []string{"t-1000", "t-1002"} },
			},
		},
		{model.Condition{Fact: model.Entitled, Users: member(0)}, map[string]func(w *world){
			"is not assigned":            func(w *world) { w.unassign(0) },
			"is not active":              func(w *world) { w.users[0].Active = false },
			"is not known at the source": func(w *world) { w.users = w.users[1:] },
			"could not be read":          func(w *world) { w.users[0].RollOnly = true },
			"is no longer the same user": func(w *world) { w.tusers[0].ExternalID = "1001" },
			"is gone from the target":    func(w *world) { w.dropTargetUser("t-1000") },
			"another record claims": func(w *world) {
				w.tusers = append(w.tusers, model.User{ID: "t-2", UserName: name(0), ExternalID: "1000"})
				w.tusers[0].ExternalID = "1000"
			},
			"a user who was not read may be whom": func(w *world) {
				w.cover[model.PartUsers] = model.PartialCoverage("cut")
				w.tusers[0].ExternalID = "foreign"
			},
			"only looks like user0@corp.example": func(w *world) {
				w.tusers[0].UserName, w.tusers[0].Email, w.tusers[0].ExternalID = "us\u0435r0@corp.example", "", ""
			},
		}},
		{model.Condition{Fact: model.Entitled, Users: noID(5)}, map[string]func(w *world){
			"is not active": func(w *world) { w.users[5].Active = false },
			"is at the target already": func(w *world) {
				w.tusers = append(w.tusers, model.User{ID: "t-2", UserName: "else", ExternalID: "1005"})
			},
			"not all users of the target were read": func(
				w *world,
			) {
				w.tcover[model.PartUsers] = model.PartialCoverage("cut")
			},
			"not all users of the source were read:": func(w *world) {
				w.cover[model.PartUsers] = model.UnknownCoverage(
					"401")
			},
		}},
		{model.Condition{Fact: model.Unassigned, ID: "t-1004"}, map[string]func(w *world){
			"user4@corp.example is assigned to the app again": func(w *world) { w.users[4].Assigned = true },
			"is gone": func(w *world) { w.dropTargetUser("t-1004") },
			"not all users of the source were read": func(w *world) {
				w.cover[model.PartUsers] = model.PartialCoverage(
					"cut")
			},
			"an assigned user of the source may be": func(w *world) { w.tusers[4].Email = w.users[0].Email },
		}},
		{model.Condition{Fact: model.Inactive, ID: "t-1005"}, map[string]func(w *world){
			"user5@corp.example is active at the source again": func(w *world) { w.users[5].Active = true },
			"is not assigned to the app any more":              func(w *world) { w.unassign(5) },
			"is not known at the source any more":              func(w *world) { w.users = w.users[:5] },
			"not all users of the target": func(
				w *world,
			) {
				w.tcover[model.PartUsers] = model.PartialCoverage("cut")
			},
			"could not be read": func(w *world) { w.users[5].RollOnly = true },
		}},
		{
			model.Condition{Fact: model.Wants, Field: "name.familyName", Value: "Family", Users: member(0)},
			map[string]func(w *world){
				`the source now has "Wed" as name.familyName`: func(w *world) { w.users[0].FamilyName = "Wed" },
				"is not assigned":            func(w *world) { w.unassign(0) },
				"is no longer the same user": func(w *world) { w.tusers[0].ExternalID = "1001" },
				"is not known at the source": func(w *world) { w.users = w.users[1:] },
			},
		},
		{
			model.Condition{Fact: model.Wants, Field: "userName", Value: name(0), Users: member(0)},
			map[string]func(w *world){
				"not all users of the source": func(w *world) {
					w.cover[model.PartUsers] = model.PartialCoverage(
						"cut")
				},
			},
		},
		{model.Condition{Fact: model.Yields, Name: "AWS-team-0"}, map[string]func(w *world){
			"nothing at the source yields": func(w *world) { w.roles = w.roles[1:] },
			"does not expect":              func(w *world) { w.roles[0].Users.IDs = nil },
			"not all groups of the source": func(w *world) { w.cover[model.PartGroups] = model.PartialCoverage("cut") },
		}},
		{model.Condition{Fact: model.Yields, Name: "aws-team-0", ID: "g-70"}, map[string]func(w *world){
			"is no longer that group": func(w *world) {
				w.tgroups[0].Name, w.tgroups[1].Name = "gone",
					"aws-team-0"
			},
			"not all groups of the target": func(w *world) {
				w.tcover[model.PartGroups] = model.PartialCoverage(
					"cut")
			},
			"could not be read": func(w *world) { w.roles[0].Users = model.MemberList{Unknown: "403"} },
			"is gone":           func(w *world) { w.tgroups = w.tgroups[1:] },
			"claims to be": func(w *world) {
				w.tgroups = append(w.tgroups,
					model.Group{ID: "g-71b", Name: "aws-team-0"})
			},
			"only looks like aws-team-0": func(w *world) {
				w.tgroups[0].Name, w.tgroups[0].ExternalID = "\u0430ws-team-0", ""
			},
		}},
		{model.Condition{Fact: model.YieldsNot, Name: "stray", ID: "g-x"}, map[string]func(w *world){
			"the source yields stray again": func(w *world) {
				w.rules = []model.Rule{{
					ID:      "1",
					Actions: []model.RuleAction{{Name: model.SetGroups, Values: []string{"Stray"}}},
				}}
			},
			"rule odd cannot be evaluated": func(
				w *world,
			) {
				w.rules = []model.Rule{{ID: "1", Name: "odd", Enabled: true, Odd: "no JSON"}}
			},
			"not all groups of the source": func(w *world) {
				w.cover[model.PartGroups] = model.PartialCoverage(
					"cut")
			},
			"not all memberships of the source": func(
				w *world,
			) {
				w.cover[model.PartMemberships] = model.PartialCoverage("cut")
			},
			"not all rules of the source": func(w *world) {
				w.cover[model.PartRules] = model.PartialCoverage(
					"cut")
			},
			"not all events of the source": func(w *world) {
				w.cover[model.PartEvents] = model.PartialCoverage(
					"cut")
			},
			"stands for stray again": func(w *world) {
				w.roles[0].Name, w.roles[0].ID,
					w.tgroups[0].ExternalID = "aws-new", "x", ""
			},
			"the role of stray lives on as aws-new": func(w *world) {
				for i := range w.tgroups {
					w.tgroups[i].ExternalID = ""
				}
				w.roles[0].Name, w.tgroups[4].ExternalID = "aws-new", "70"
			},
			"not all groups of the target": func(w *world) { // one of them could show that it is the role's
				w.roles = append(w.roles, model.Role{ID: "x", Name: "other"})
				w.tcover[model.PartGroups] = model.PartialCoverage("cut")
			},
			"is gone": func(w *world) { w.tgroups = w.tgroups[:4] },
		}},
		{
			model.Condition{Fact: model.Belongs, Name: "aws-team-0", ID: "g-70", Users: member(inside)},
			map[string]func(w *world){
				"does not belong in aws-team-0 any more": func(w *world) { w.roles[0].Users.IDs = []string{"1003"} },
				"nothing at the source yields":           func(w *world) { w.roles = w.roles[1:] },
				"could not be read: 403":                 func(w *world) { w.roles[0].Users.Unknown = "403" },
				"is not known at the source any more": func(w *world) {
					w.roles[0].Users.IDs, w.users = []string{"1003"}, w.users[1:]
				},
				"not all memberships": func(
					w *world,
				) {
					w.cover[model.PartMemberships] = model.PartialCoverage("cut")
				},
				"no longer that group": func(w *world) {
					w.tgroups[0].Name, w.tgroups[1].Name = "gone",
						"aws-team-0"
				},
			},
		},
		{
			model.Condition{Fact: model.BelongsNot, Name: "aws-team-0", ID: "g-70", Users: member(outside)},
			map[string]func(w *world){
				"belongs in aws-team-0 again": func(
					w *world,
				) {
					w.roles[0].Users.IDs = append(w.roles[0].Users.IDs, w.users[outside].ID)
				},
				"is gone from the target": func(w *world) { w.dropTargetUser(w.tusers[outside].ID) },
				"is not known": func(w *world) {
					w.users = slices.Delete(w.users, outside,
						outside+1)
				},
				"not all users of the target were read": func(w *world) {
					w.tcover[model.PartUsers] = model.PartialCoverage(
						"cut")
				},
				"not all groups of the target": func(
					w *world,
				) {
					w.tcover[model.PartGroups] = model.PartialCoverage("cut")
				},
			},
		},
	} {
		c.fact.Side = model.AtTarget
		if slices.Contains([]model.ConditionKind{
			model.Entitled, model.Unassigned, model.Inactive, model.Wants,
			model.Yields, model.YieldsNot, model.Belongs, model.BelongsNot,
		}, c.fact.Fact) {
			c.fact.Side = model.AtSource
		}
		list := []model.Condition{c.fact}
		world := func() *world {
			w := observedWorld()
			if c.fact.Fact == model.Entitled && c.fact.Users[0].ID == "" { // he is to be created
				w.users[5].Active = true
				w.dropTargetUser("t-1005")
			}
			return w
		}
		if why := world().broken(list, nil); why != "" {
			t.Errorf("%s does not hold: %s", outlineStatement(&c.fact), why)
		}
		for phrase, bend := range c.bends {
			w := world()
			bend(w)
			if why := w.broken(list, nil); !strings.Contains(why, phrase) {
				t.Errorf("%s: %q, want a phrase with %q", outlineStatement(&c.fact), why, phrase)
			}
		}
		// What was not read never holds.
		if why := (plan.Observation{}).Broken(list); !strings.Contains(why, "not read again") {
			t.Errorf("%s, with nothing read: %q", outlineStatement(&c.fact), why)
		}
	}
}

func TestMembersNotReadInFullProveNothing(t *testing.T) {
	t.Parallel()
	c := observedWorld().compare()
	for _, fact := range []model.ConditionKind{model.MembersAre, model.MembersInclude, model.MembersExclude} {
		list := []model.Condition{{
			Side: model.AtTarget, Fact: fact, ID: "g-x",
			Users: []model.Member{{ID: "t-1000", UserName: "user0"}},
		}}
		if fact == model.MembersExclude {
			list[0].Users[0].ID = "t-1001"
		}
		s := observationOf(c, plan.QuestionOf(list))
		if why := s.Broken(list); why != "" {
			t.Errorf("%s: %s", fact, why)
		}
		members := s.Members["g-x"]
		members.Unknown = "403"
		s.Members["g-x"] = members
		if why := s.Broken(list); !strings.Contains(why, "could not be read in full: 403") {
			t.Errorf("%s: %q", fact, why)
		}
	}
}

func TestAMemberWhomALookupDoesNotKnowIsNobody(t *testing.T) {
	t.Parallel()
	list := []model.Condition{{
		Side: model.AtTarget, Fact: model.MembersAre, ID: "g-x",
		Users: []model.Member{{ID: "t-1000", UserName: "user0"}},
	}}
	s := observationOf(observedWorld().compare(), plan.QuestionOf(list))
	s.Members["g-x"] = model.MemberList{IDs: []string{"t-1000", "t-ghost"}}
	if why := s.Broken(list); !strings.Contains(why, "1 more") {
		t.Errorf("a member of whom nothing was read is overlooked: %q", why)
	}
	s.Users["t-ghost"] = nil
	if why := s.Broken(list); why != "" {
		t.Errorf("a member who is gone counts: %q", why)
	}
}

// The record that a whole write is built on holds groups and people who are gone too, whom the list keeps apart.
func TestAWholeRecordMayHoldGroupsAndStrangers(t *testing.T) {
	t.Parallel()
	list := []model.Condition{{Side: model.AtTarget, Fact: model.MembersAre, ID: "g-x", Users: []model.Member{
		{ID: "t-1000", UserName: "user0"}, {ID: "g-70", UserName: "g-70"}, {ID: "t-ghost", UserName: "t-ghost"},
	}}}
	s := observationOf(observedWorld().compare(), plan.QuestionOf(list))
	s.Members["g-x"] = model.MemberList{
		IDs: []string{"t-1000"}, Nested: []string{"g-70"}, Dangling: []string{"t-ghost"},
	}
	if why := s.Broken(list); why != "" {
		t.Error(why)
	}
	s.Members["g-x"] = model.MemberList{IDs: []string{"t-1000"}, Nested: []string{"g-70"}}
	if why := s.Broken(list); !strings.Contains(why, "t-ghost is no longer in") {
		t.Errorf("a member who has left is overlooked: %q", why)
	}
}

func TestRulesThatCannotBeReliedOnBearNoTakingStep(t *testing.T) {
	t.Parallel()
	conditions := []model.Condition{
		{Side: model.AtSource, Fact: model.YieldsNot, Name: "stray", ID: "g-x"},
		{Side: model.AtSource, Fact: model.Yields, Name: "aws-team-0", ID: "g-70"},
		{
			Side: model.AtSource, Fact: model.BelongsNot, Name: "aws-team-0", ID: "g-70",
			Users: []model.Member{{ID: "t-1000", UserName: "user0"}},
		},
	}
	unread := model.UnknownCoverage("403")
	for _, now := range []struct {
		from  string
		rules model.Coverage
	}{{"auto", unread}, {"rules", unread}, {"rules", model.CompleteCoverage()}} { // all rules were deleted
		w := observedWorld()
		w.cover[model.PartRules] = now.rules
		opts := testOptions()
		opts.Groups.From = now.from
		src, dir := w.sides(opts)
		c := asked(src, dir, opts)
		for i := range conditions {
			list := conditions[i : i+1]
			if s := observationOf(c, plan.QuestionOf(list)); s.Broken(list) == "" {
				t.Errorf("%+v: %s holds", now, outlineStatement(&list[0]))
			}
		}
	}
}

func TestBrokenRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	assignment := &model.Assignment{PrincipalType: model.SubjectGroup}
	list := []model.Condition{
		{Fact: "user-maybe"},
		{},
		{Fact: model.UserIs, ID: "t-1000", Ref: "s1"},
		{Fact: model.UsersAre, Users: []model.Member{{UserName: "x", Ref: "s1"}}},
		{Fact: model.UsersAre},
		{Fact: model.UserAbsent},
		{Fact: model.GroupAbsent},
		{Fact: model.UserAbsent, Field: "externalId"},
		{Fact: model.MembersInclude},
		{Fact: model.Entitled},
		{Fact: model.Wants},
		{Fact: model.Wants, Field: "nickName", Users: []model.Member{{SourceID: "1000"}}},
		{Fact: model.Yields},
		{Fact: model.YieldsNot},
		{Fact: model.Belongs, Name: "aws-team-0"},
		{Fact: model.BelongsNot, Name: "aws-team-0"},
		{Fact: model.Unassigned},
		{Fact: model.Inactive},
		{Fact: model.FieldIs, ID: "t-1000", Field: "nickName"},
		{Fact: model.MembersExclude, ID: "g-x", Users: []model.Member{{UserName: "x"}}},
		{Fact: model.AssignmentAbsent, ID: "g-x"},
		{Fact: model.NoAssignments, Assignment: assignment},
		{Fact: model.AssignmentGone, ID: "g-x"},
		{Fact: model.AssignmentGone, Assignment: assignment},
		{Fact: model.RevisionIs, ID: "g-x", Field: "group"},
	}
	holds := model.Condition{Fact: model.NoAssignments, ID: "g-x", Assignment: assignment}
	s := observationOf(observedWorld().compare(), plan.QuestionOf(append(list, holds)))
	if why := s.Broken([]model.Condition{holds}); why != "" {
		t.Error(why)
	}
	for i := range list {
		if s.Broken(list[i:i+1]) == "" {
			t.Errorf("%+v holds", list[i])
		}
	}
}

func TestAssignmentsAndRevisionsThatWereNotReadBearNothing(t *testing.T) {
	t.Parallel()
	of := &model.Assignment{AccountID: "1", PermissionSetARN: "arn", PrincipalType: model.SubjectGroup}
	for _, c := range []struct {
		model.Condition

		want string
	}{
		{model.AssignmentIs.On("g-x", "stray").Over(of), "could not be read: 403"},
		{model.AssignmentAbsent.On("g-x", "stray").Over(of), "could not be read: 403"},
		{model.NoAssignments.On("g-x", "stray").Over(of), "could not be read: 403"},
		{model.RevisionIs.On("g-x", "stray").Being("group", "4"), "stray was changed since the plan was made"},
		{model.AssignmentDangles.On("g-x", "stray").Over(of), "was not read again"},
		{model.AssignmentGone.On("g-x", "stray").Over(of), "was not read again"},
	} {
		list := []model.Condition{c.Condition}
		s := plan.NewObservation()
		if why := s.Broken(list); !strings.Contains(why, "was not read again") {
			t.Errorf("%s, with nothing read: %q", c.Fact, why)
		}
		s.Assignments["g-x"], s.Revisions["g-x"] = model.Assigned{Unknown: "403"}, "5"
		if why := s.Broken(list); !strings.Contains(why, c.want) {
			t.Errorf("%s: %q, want %q", c.Fact, why, c.want)
		}
	}
}

func TestAQuestionAsksEachThingOnce(t *testing.T) {
	t.Parallel()
	dee := []model.Member{{ID: "t2", UserName: "dee", SourceID: "2"}}
	list := []model.Condition{
		{Side: model.AtTarget, Fact: model.UserIs, ID: "t2", Name: "dee"},
		{Side: model.AtTarget, Fact: model.UserIs, ID: "t1", Name: "ana"},
		{Side: model.AtTarget, Fact: model.FieldIs, ID: "t1", Field: "active"},
		{Side: model.AtTarget, Fact: model.UserAbsent, Name: "Bo"},
		{Side: model.AtTarget, Fact: model.UserAbsent, Name: "bo "},
		{Side: model.AtTarget, Fact: model.UserAbsent, Field: "externalId", Value: "9"},
		{Side: model.AtTarget, Fact: model.GroupIs, ID: "g1", Name: "x"},
		{Side: model.AtTarget, Fact: model.GroupIs, Ref: "s1", Name: "x"},
		{Side: model.AtTarget, Fact: model.GroupAbsent, Name: "y"},
		{Side: model.AtTarget, Fact: model.MembersAre, ID: "g1", Users: dee},
		{Side: model.AtTarget, Fact: model.UserIs, Ref: "s1", Name: "new"},
		{Side: model.AtTarget, Fact: model.UserAbsent, Ref: "s1", Name: "new"},
	}
	want := model.Question{
		TargetUsers: []string{"t1", "t2"}, TargetGroups: []string{"g1"}, Members: []string{"g1"},
		UserNames: []string{"Bo"}, GroupNames: []string{"y"}, ExternalIDs: []string{"9"},
	}
	if got := plan.QuestionOf(list); !reflect.DeepEqual(got, want) || got.FromSource() {
		t.Errorf("asks %+v, want %+v", got, want)
	}
	for _, c := range []struct {
		model.Condition

		want model.Question
	}{
		{
			model.Condition{Fact: model.Entitled, Users: dee},
			model.Question{TargetUsers: []string{"t2"}, SourceUsers: []string{"2"}, Entitled: true},
		},
		{
			model.Condition{Fact: model.Unassigned, ID: "t1"},
			model.Question{TargetUsers: []string{"t1"}, Strangers: true},
		},
		{
			model.Condition{Fact: model.Inactive, ID: "t2", Users: dee},
			model.Question{TargetUsers: []string{"t2"}, SourceUsers: []string{"2"}},
		},
		{model.Condition{Fact: model.Yields, Name: "x"}, model.Question{Grouping: true}},
		{
			model.Condition{Fact: model.YieldsNot, ID: "g1", Name: "x"},
			model.Question{TargetGroups: []string{"g1"}, Grouping: true},
		},
		{model.Condition{Fact: model.BelongsNot, ID: "g1", Name: "x", Users: dee}, model.Question{
			TargetUsers: []string{"t2"}, TargetGroups: []string{"g1"}, SourceUsers: []string{"2"}, Grouping: true,
		}},
	} {
		got := plan.QuestionOf([]model.Condition{c.Condition})
		for _, list := range []*[]string{&got.TargetUsers, &got.TargetGroups, &got.SourceUsers} {
			if len(*list) == 0 {
				*list = nil
			}
		}
		if !reflect.DeepEqual(got, c.want) || !got.FromSource() {
			t.Errorf("%s asks %+v, want %+v", c.Fact, got, c.want)
		}
	}
}

func TestTheJSONOfAStatementStays(t *testing.T) {
	t.Parallel()
	all := model.Condition{
		Side: model.AtTarget, Fact: model.MembersAre, ID: "g", Ref: "s1", Name: "n", Field: "f", Value: "v",
		OfRequest: true,
		Users:     []model.Member{{ID: "t", UserName: "u", SourceID: "1", Ref: "s2"}},
	}
	got, err := json.Marshal(all)
	want := `{"side":"target","fact":"members-are","id":"g","ref":"s1","name":"n","field":"f","value":"v",` +
		`"users":[{"id":"t","user_name":"u","source_id":"1","ref":"s2"}]}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}
