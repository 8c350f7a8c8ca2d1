package model_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// words gives an intent's outline: its key, then for each condition the fact with what it names.
func outline(in *model.Intent) (out []string) {
	for _, s := range append(slices.Clone(in.Before), model.Condition{Fact: "->"}) {
		out = append(out, outlineStatement(&s))
	}
	for _, s := range in.Afterwards {
		out = append(out, outlineStatement(&s))
	}
	return out
}

func outlineStatement(s *model.Condition) string {
	words := []string{string(s.Fact), s.ID, s.Name, s.Field, s.Value}
	if s.Ref != "" {
		words = append(words, "("+s.Ref+")")
	}
	for _, m := range s.Users {
		words = append(words, m.UserName)
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

func wantOutline(t *testing.T, in *model.Intent, want ...string) {
	t.Helper()
	if got := outline(in); !slices.Equal(got, want) {
		t.Errorf("%s states\n  %s\nwant\n  %s", in.Key, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestCreateUserComesWithTheMembershipsThatGoWithIt(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.dropTargetUser("t-1000")
	w.tgroups = w.tgroups[1:] // one of his groups is missing as well
	c := w.compare()
	intents, left := plan.Intend(c, []model.Pick{
		{Finding: "group-missing/aws-team-0", Option: model.Option{Repair: model.CreateGroup, Channel: model.Direct}},
		{Finding: "user-unsynced/user0@corp.example", Option: model.Option{
			Repair:  model.CreateUser,
			Channel: model.Direct,
		}},
	})
	if len(left) > 0 {
		t.Fatalf("left out: %v", left)
	}
	create := intents[0]
	want := model.User{
		ExternalID: "1000", UserName: "user0@corp.example", DisplayName: "Given0 Family", GivenName: "Given0",
		FamilyName: "Family",
		Email:      "user0@corp.example", Active: true,
	}
	if create.Repair != model.CreateUser || !reflect.DeepEqual(*create.User, want) {
		t.Errorf("the first creates %+v, want %+v", create.User, want)
	}
	wantOutline(t, &create,
		"user-absent user0@corp.example", "user-absent externalId 1000", "entitled user0@corp.example",
		"wants userName user0@corp.example user0@corp.example", "wants externalId 1000 user0@corp.example",
		"wants displayName Given0 Family user0@corp.example", "wants name.givenName Given0 user0@corp.example",
		"wants name.familyName Family user0@corp.example", "wants emails user0@corp.example user0@corp.example", "->",
		"user-is user0@corp.example ("+create.Key+")", "field-is externalId 1000 ("+create.Key+")",
		"field-is displayName Given0 Family ("+create.Key+")", "field-is name.givenName Given0 ("+create.Key+")",
		"field-is name.familyName Family ("+create.Key+")", "field-is emails user0@corp.example ("+create.Key+")",
		"field-is active true ("+create.Key+")")
	group := intents[1]
	if group.Repair != model.CreateGroup || group.Group != (model.GroupRef{Name: "aws-team-0"}) {
		t.Fatalf("the second is %+v", group)
	}
	wantOutline(t, &group, "group-absent aws-team-0", "yields aws-team-0", "->", "group-is aws-team-0 ("+group.Key+")")
	pairs := map[plan.Placement][]string{}
	for _, in := range intents[2:] {
		for _, m := range in.Members {
			pairs[plan.Placement{User: m.UserName, Group: in.Group.Name}] = in.After
		}
	}
	self := "user0@corp.example"
	if after := pairs[plan.Placement{User: self, Group: "aws-team-0"}]; !slices.Equal(after,
		[]string{create.Key, group.Key}) {
		t.Errorf("his membership in the new group waits for %v", after)
	}
	for g, r := range w.roles {
		for _, id := range r.Users.IDs {
			name := "user" + strings.TrimPrefix(id, "100") + "@corp.example"
			_, added := pairs[plan.Placement{User: name, Group: r.Name}]
			if want := name == self || g == 0; added != want {
				t.Errorf("%s is added to %s: %v, want %v", name, r.Name, added, want)
			}
		}
	}
}

func TestCreateUserSendsAnExternalIDOnlyIfPairsTeachIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bend func(w *world)
		want string
	}{
		"four pairs carry it":   {func(*world) {}, "1000"},
		"two do":                {func(w *world) { w.tusers[3].ExternalID, w.tusers[4].ExternalID = "", "" }, ""},
		"one carries another":   {func(w *world) { w.tusers[4].ExternalID = "elsewhere" }, ""},
		"three are just enough": {func(w *world) { w.tusers[4].ExternalID = "" }, "1000"},
	} {
		w := quietWorld()
		w.tusers[3].ExternalID = "1003"
		c.bend(w)
		w.dropTargetUser("t-1000")
		w.dropTargetUser("t-1005")
		in := intended(t, w.compare(), "user-unsynced/user0@corp.example", model.CreateUser)[0]
		if in.User.ExternalID != c.want {
			t.Errorf("%s: external id %q, want %q", name, in.User.ExternalID, c.want)
		}
	}
}

func TestUsersAreSwitchedRenamedAndDeletedOnlyAsTheyWere(t *testing.T) {
	t.Parallel()
	name := "user0@corp.example"
	for _, c := range []struct {
		finding string
		repair  model.RepairName
		bend    func(w *world)
		states  []string
		changes []model.FieldDiff
	}{
		{
			"user-still-active/" + name, model.DeactivateUser, func(w *world) { w.users[0].Active = false },
			[]string{
				"user-is t-1000 " + name, "field-is t-1000 active true", "inactive t-1000 " + name, "->",
				"field-is t-1000 active false",
			},
			[]model.FieldDiff{{Name: "active", Source: "false", Target: "true"}},
		},
		{
			"user-lingering/" + name, model.DeactivateUser, func(w *world) { w.unassign(0) },
			[]string{
				"user-is t-1000 " + name, "field-is t-1000 active true", "unassigned t-1000 " + name, "->",
				"field-is t-1000 active false",
			},
			[]model.FieldDiff{{Name: "active", Source: "false", Target: "true"}},
		},
		{
			"user-lingering/" + name, model.DeleteUser, func(w *world) { w.users = w.users[1:] },
			[]string{"user-is t-1000 " + name, "unassigned t-1000 " + name, "->", "user-absent t-1000 " + name},
			nil,
		},
		{
			"user-inactive/" + name, model.ActivateUser, func(w *world) { w.tusers[0].Active = false },
			[]string{
				"user-is t-1000 " + name, "field-is t-1000 active false", "entitled " + name, "->",
				"field-is t-1000 active true",
			},
			[]model.FieldDiff{{Name: "active", Source: "true", Target: "false"}},
		},
		{
			"user-renamed/new@corp.example", model.UpdateUser, func(w *world) {
				w.tusers[0].ExternalID = "1000"
				w.users[0].UserName, w.users[0].Email = "new@corp.example", "new@corp.example"
			},
			[]string{
				"user-is t-1000 " + name, "user-absent new@corp.example", "field-is t-1000 emails " + name,
				"wants userName new@corp.example " + name, "wants emails new@corp.example " + name, "->",
				"user-is t-1000 new@corp.example", "field-is t-1000 emails new@corp.example",
			},
			[]model.FieldDiff{
				{Name: "userName", Source: "new@corp.example", Target: name},
				{Name: "emails", Source: "new@corp.example", Target: name},
			},
		},
		{
			"user-attributes/" + name, model.UpdateUser, func(w *world) { w.users[0].FamilyName = " Wed " },
			[]string{
				"user-is t-1000 " + name, "field-is t-1000 name.familyName Family", "wants name.familyName  Wed  " +
					name, "->",
				"field-is t-1000 name.familyName Wed",
			},
			[]model.FieldDiff{{Name: "name.familyName", Source: "Wed", Target: "Family"}},
		},
	} {
		w := quietWorld()
		c.bend(w)
		in := intended(t, w.compare(), c.finding, c.repair)[0]
		wantOutline(t, &in, c.states...)
		if !slices.Equal(in.Changes, c.changes) || in.Subject.TargetID != "t-1000" {
			t.Errorf("%s of %s changes %v, want %v", c.repair, in.Subject.TargetID, in.Changes, c.changes)
		}
	}
}

func TestADeletedUserIsShownWithHisGroups(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.users = w.users[1:]
	var want []model.GroupRef
	for _, g := range w.tgroups {
		if slices.Contains(w.members[g.ID], "t-1000") {
			want = append(want, model.GroupRef{ID: g.ID, Name: g.Name})
		}
	}
	in := intended(t, w.compare(), "user-lingering/user0@corp.example", model.DeleteUser)[0]
	if len(want) == 0 || !slices.Equal(in.Groups, want) {
		t.Errorf("groups %v, want %v", in.Groups, want)
	}
}

func TestAnActivatedUserGetsTheMembershipsThatHeLacks(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.tusers[0].Active = false
	w.members["g-70"] = w.members["g-70"][1:] // he alone is out of it
	intents := intended(t, w.compare(), "user-inactive/user0@corp.example", model.ActivateUser)
	if len(intents) != 2 || intents[1].Group.ID != "g-70" || !slices.Equal(intents[1].After, []string{intents[0].Key}) {
		t.Fatalf("intents %+v", intents)
	}
	wantOutline(t, &intents[1], "group-is g-70 aws-team-0", "users-are user0@corp.example",
		"members-exclude g-70 user0@corp.example",
		"entitled user0@corp.example", "belongs g-70 aws-team-0 user0@corp.example", "->",
		"members-include g-70 user0@corp.example")
}

func TestMembersAreAddedAndRemovedByIDAndName(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.members["g-70"] = w.members["g-70"][1:]
	in := intended(t, w.compare(), "members-missing/aws-team-0", model.AddMembers)
	if len(in) != 1 || !slices.Equal(in[0].Members,
		[]model.Member{{ID: "t-1000", UserName: "user0@corp.example", SourceID: "1000"}}) {
		t.Fatalf("adds %+v", in)
	}
	wantOutline(t, &in[0], "group-is g-70 aws-team-0", "users-are user0@corp.example",
		"members-exclude g-70 user0@corp.example",
		"entitled user0@corp.example", "belongs g-70 aws-team-0 user0@corp.example", "->",
		"members-include g-70 user0@corp.example")
	for _, s := range append(slices.Clone(in[0].Before[1:]), in[0].Afterwards...) {
		if !s.OfRequest {
			t.Errorf("%s is not of the request", outlineStatement(&s))
		}
	}
	w = quietWorld()
	w.roles[0].Users.IDs = w.roles[0].Users.IDs[1:]
	in = intended(t, w.compare(), "members-extra/aws-team-0", model.RemoveMembers)
	wantOutline(t, &in[0], "group-is g-70 aws-team-0", "members-include g-70 user0@corp.example",
		"belongs-not g-70 aws-team-0 user0@corp.example", "->", "members-exclude g-70 user0@corp.example")
}

func TestMembersOfOneNameAreLeftOut(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.users[0].UserName, w.users[0].Email = "", ""
	w.users[1].UserName, w.users[1].Email = "", ""
	for i := range 2 {
		w.tusers[i].ExternalID, w.tusers[i].UserName, w.tusers[i].Email = w.users[i].ExternalID, "same", ""
	}
	w.roles[0].Users.IDs = []string{"1002"}
	w.members["g-70"] = []string{"t-1000", "t-1001", "t-1002"}
	intents, left := plan.Intend(w.compare(),
		[]model.Pick{{Finding: "members-extra/aws-team-0", Option: model.Option{
			Repair:  model.RemoveMembers,
			Channel: model.Direct,
		}}})
	if len(intents) > 0 || len(left) != 1 || !strings.Contains(left[0].Reason, "two of them are called same") {
		t.Errorf("intents %v, left out %v", intents, left)
	}
}

func TestGroupsAreRenamedAndDeletedOnlyAsTheyWere(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.roles[0].Name = "aws-new"
	in := intended(t, w.compare(), "group-renamed/aws-new", model.RenameGroup)[0]
	wantOutline(t, &in, "group-is g-70 aws-team-0", "group-absent aws-new", "yields g-70 aws-new", "->",
		"group-is g-70 aws-new")
	if !slices.Equal(in.Changes, []model.FieldDiff{{Name: "displayName", Source: "aws-new", Target: "aws-team-0"}}) {
		t.Errorf("changes %v", in.Changes)
	}
	w = strayWorld()
	in = intended(t, w.compare(), "group-lingering/stray", model.DeleteGroup)[0]
	wantOutline(t, &in, "group-is g-x stray", "members-are g-x user0@corp.example", "yields-not g-x stray", "->",
		"group-absent g-x stray")
	if !slices.Equal(in.Members, []model.Member{{ID: "t-1000", UserName: "user0@corp.example", SourceID: "1000"}}) {
		t.Errorf("members %v", in.Members)
	}
	if in.Before[1].OfRequest {
		t.Error("a delete is about all members, however many a request may hold")
	}
}

func TestWhatIsRenamedInAPlanIsKnownByItsNewNameAfterwards(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.roles[0].Name = "aws-new"
	w.tusers[0].ExternalID = "1000"
	w.users[0].UserName, w.users[0].Email, w.users[0].FamilyName = "new@corp.example", "new@corp.example", "Wed"
	w.members["g-70"] = nil
	c := w.compare()
	intents, left := plan.Intend(c, directPicks(c, func(int) int { return 0 }))
	if len(left) > 0 {
		t.Fatalf("left out: %v", left)
	}
	keys := make([]string, 0, len(intents))
	for i := range intents {
		keys = append(keys, intents[i].Key)
	}
	rename, update := "rename-group group-renamed/aws-new", "update-user user-renamed/new@corp.example"
	if want := []string{
		rename, update, "update-user user-attributes/new@corp.example", "add-members members-missing/aws-new g-70",
		"add-members members-missing/aws-new g-70 t-1000",
	}; !slices.Equal(keys, want) {
		t.Fatalf("intents %q, want %q", keys, want)
	}
	for i, want := range [][]string{nil, nil, {update}, {rename}, {rename, update}} {
		if !slices.Equal(intents[i].After, want) {
			t.Errorf("%s waits for %q, want %q", keys[i], intents[i].After, want)
		}
	}
	if got := outlineStatement(&intents[2].Before[0]); got != "user-is t-1000 new@corp.example" {
		t.Errorf("the second update expects %s", got)
	}
	if got := outline(&intents[4])[:2]; !slices.Equal(got,
		[]string{"group-is g-70 aws-new", "users-are new@corp.example"}) {
		t.Errorf("the renamed member is expected as %s", got)
	}
}

func TestHandoffsAreOneForAllAndNudgesOneAUser(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	opts := testOptions()
	opts.Nudge = true
	w.tusers[1].Active = false
	w.users[2].FamilyName = "Wed"
	w.members["g-70"] = w.members["g-70"][1:]
	src, dir := w.sides(opts)
	c := asked(src, dir, opts)
	all := func(ch model.Channel) (picks []model.Pick) {
		for _, f := range c.Findings {
			picks = append(picks, model.Pick{Finding: f.ID, Option: model.Option{
				Repair:  model.ReapplyMappings,
				Channel: ch,
			}})
		}
		return picks
	}
	intents, left := plan.Intend(c, all(model.Console))
	if len(intents) != 1 || len(left) > 0 ||
		!slices.Equal(intents[0].Findings, []string{c.Findings[0].ID, c.Findings[1].ID, c.Findings[2].ID}) ||
		intents[0].Subject.Type != model.SubjectConnection || len(intents[0].Members) != 3 {
		t.Errorf("handoff %+v, left out %v", intents, left)
	}
	intents, left = plan.Intend(c, all(model.Nudge))
	if len(intents) != 3 || len(left) > 0 {
		t.Fatalf("nudges %+v, left out %v", intents, left)
	}
	for i, in := range intents {
		if in.Subject.SourceID != []string{"1000", "1001", "1002"}[i] || len(in.Members) != 1 ||
			in.Members[0].SourceID != in.Subject.SourceID {
			t.Errorf("nudge %d is for %+v", i, in.Members)
		}
		if want := map[bool][]string{true: {intents[0].Key}}[i > 0]; !slices.Equal(in.After, want) {
			t.Errorf("nudge %d waits for %v, want %v", i, in.After, want)
		}
		if why := w.broken(in.Before, nil); why != "" {
			t.Errorf("nudge %d: %s", i, why)
		}
	}
}

// TestAButtonOfTheAppNeedsNoFinding: it is pressed once, also where findings ask for it as well; nothing else goes
// without.
func TestAButtonOfTheAppNeedsNoFinding(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.tusers[1].Active = false
	src, dir := w.sides(testOptions())
	c := asked(src, dir, testOptions())
	refresh, reapply := model.Option{Repair: model.RefreshEntitlements, Channel: model.Console},
		model.Option{Repair: model.ReapplyMappings, Channel: model.Console}
	intents, left := plan.Intend(c, []model.Pick{
		{Option: refresh},
		{Option: refresh},
		{Option: reapply},
		{Option: reapply, Finding: c.Findings[0].ID},
	})
	if len(intents) != 2 || len(left) > 0 || intents[0].Option != refresh || len(intents[0].Findings) != 0 ||
		intents[0].Subject.Type != model.SubjectConnection || len(intents[1].Findings) != 1 {
		t.Errorf("intents %+v, left out %v", intents, left)
	}
	for _, o := range []model.Option{
		{Repair: model.DeleteGroup, Channel: model.Direct},
		{Repair: model.ReapplyMappings, Channel: model.Nudge},
		{Repair: model.ApprovePending, Channel: model.Console},
		{Repair: model.OpenRules, Channel: model.Console},
	} {
		if intents, left := plan.Intend(c, []model.Pick{{Option: o}}); len(intents) > 0 || len(left) != 1 {
			t.Errorf("%v without a finding gives %+v, left out %v", o, intents, left)
		}
	}
}

// TestApprovalsAreOneWatchedStep: whoever waits stands on one page, so that forty of them are one step.
func TestApprovalsAreOneWatchedStep(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.members["g-70"], w.roles[0].Users.IDs = nil, []string{"1000", "1001"}
	src, dir := w.sides(testOptions())
	src.Logins = map[string]model.Login{}
	for _, id := range []string{"1000", "1001"} {
		src.Logins[id] = model.Login{ID: "9", State: "modifying_pending_approval"}
	}
	c := asked(src, dir, testOptions())
	f := finding(c, t, "members-missing/aws-team-0")
	intents, left := plan.Intend(c,
		[]model.Pick{{Finding: f.ID, Option: model.Option{Repair: model.ApprovePending, Channel: model.Console}}})
	if len(intents) != 1 || len(left) > 0 || len(intents[0].Members) != 2 || intents[0].Members[0].SourceID != "1000" ||
		intents[0].Members[1].SourceID != "1001" {
		t.Errorf("intents %+v, left out %v", intents, left)
	}
}

func TestPicksThatAreNotForAPlanAreLeftOutWithTheReason(t *testing.T) {
	t.Parallel()
	direct := func(id string, r model.RepairName, named bool) model.Pick {
		return model.Pick{Finding: id, Option: model.Option{Repair: r, Channel: model.Direct}, Named: named}
	}
	for _, c := range []struct {
		name   string
		bend   func(w *world)
		picks  []model.Pick
		reason string // of the one that is left out
		kept   int
	}{
		{
			"no such finding", func(*world) {},
			[]model.Pick{direct("group-lingering/x", model.DeleteGroup, true)},
			"no such finding", 0,
		},
		{
			"a repair that is not offered", func(w *world) { w.users[0].FamilyName = "Wed" },
			[]model.Pick{direct("user-attributes/user0@corp.example", model.DeleteUser, true)},
			"does not offer delete-user; it offers reapply-mappings, update-user", 0,
		},
		{"a delete on a partial read", func(w *world) {
			w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "stray", ExternalID: "999"})
			w.tcover[model.PartMemberships] = model.UnknownCoverage("403")
			// which the guard refuses: no-backup
		}, []model.Pick{direct("group-lingering/stray", model.DeleteGroup, true)}, "", 1},
		{
			"a delete while memberships of the source are partial", func(w *world) {
				w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "stray", ExternalID: "999"})
				w.cover[model.PartMemberships] = model.PartialCoverage("403")
			},
			[]model.Pick{direct("group-lingering/stray", model.DeleteGroup, true)},
			"not all memberships of the source were read: 403", 0,
		},
		{"a second repair", func(w *world) { w.users = w.users[1:] }, []model.Pick{
			direct("user-lingering/user0@corp.example", model.DeactivateUser, true),
			direct("user-lingering/user0@corp.example", model.DeleteUser, true),
		}, "deactivate-user was chosen for it already", 1},
		{"the same twice", func(w *world) { w.users = w.users[1:] }, []model.Pick{
			direct("user-lingering/user0@corp.example", model.DeactivateUser, true),
			direct("user-lingering/user0@corp.example", model.DeactivateUser, true),
		}, "", 1},
		{
			"a lingering user whom the source does not know, in bulk", func(w *world) { w.users = w.users[1:] },
			[]model.Pick{
				direct("user-lingering/user0@corp.example", model.DeactivateUser, false),
			},
			"choose this very finding", 0,
		},
		{"a lingering user whom the source unassigned, in bulk", func(w *world) { w.unassign(0) }, []model.Pick{
			direct("user-lingering/user0@corp.example", model.DeactivateUser, false),
		}, "", 1},
		{
			"an unclaimed group in bulk",
			func(w *world) { w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "x"}) },
			[]model.Pick{direct("group-unclaimed/x", model.DeleteGroup, false)},
			"by its own name only", 0,
		},
		{
			"two unclaimed groups", func(w *world) {
				w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "x"}, model.Group{ID: "g-y", Name: "y"})
			},
			[]model.Pick{
				direct("group-unclaimed/x", model.DeleteGroup, true),
				direct("group-unclaimed/y", model.DeleteGroup, true),
			},
			"one unclaimed group at most", 1,
		},
		{"nobody to deactivate", func(w *world) { w.unassign(0); w.tusers[0].Active = false }, []model.Pick{
			direct("user-lingering/user0@corp.example", model.DeactivateUser, true),
		}, "it offers delete-user", 0},
		{"a name that AWS requires and OneLogin lacks", func(w *world) { w.users[0].FamilyName = "" }, []model.Pick{
			direct("user-attributes/user0@corp.example", model.UpdateUser, true),
		}, "requires name.familyName, which is empty", 0},
		{
			"a group's name that AWS refuses",
			func(w *world) { w.roles[0].Name = "aws-" + strings.Repeat("x", 1021) },
			[]model.Pick{direct("group-renamed/aws-"+strings.Repeat("x", 1021), model.RenameGroup, true)},
			"has more than 1,024 characters; mend it in OneLogin", 0,
		},
		{
			"a switch that the target does not show",
			func(w *world) { w.unassign(0); w.unreadable = model.FieldSetOf(model.FieldActive) },
			[]model.Pick{direct("user-lingering/user0@corp.example", model.DeactivateUser, true)},
			"does not show whether a user is active", 0,
		},
		{
			"a nudge for a group with nobody in it",
			func(w *world) { w.roles[0].Name, w.roles[0].Users.IDs, w.members["g-70"] = "aws-new", nil, nil },
			[]model.Pick{{Finding: "group-renamed/aws-new", Option: model.Option{
				Repair: model.ReapplyMappings, Channel: model.Nudge,
			}}},
			"no user whom a nudge could touch", 0,
		},
	} {
		w := quietWorld()
		c.bend(w)
		opts := testOptions()
		opts.Nudge = true
		src, tgt := w.sides(opts)
		intents, left := plan.Intend(asked(src, tgt, opts), c.picks)
		if len(intents) != c.kept {
			t.Errorf("%s: %d intents, want %d", c.name, len(intents), c.kept)
		}
		if (c.reason == "") != (len(left) == 0) || len(left) > 1 || c.reason != "" &&
			!strings.Contains(left[0].Reason, c.reason) {
			t.Errorf("%s: left out %v, want %q", c.name, left, c.reason)
		}
	}
}

// A user is made all the same, and the group that could not be made is named as the reason for what is not.
func TestWhatBuildsOnAStepThatIsLeftOutIsLeftOut(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.dropTargetUser("t-1000")
	w.tgroups = w.tgroups[1:]
	w.cover[model.PartGroups] = model.PartialCoverage("cut")
	user, group := "user-unsynced/user0@corp.example", "group-missing/aws-team-0"
	intents, left := plan.Intend(w.compare(), []model.Pick{
		{Finding: user, Option: model.Option{Repair: model.CreateUser, Channel: model.Direct}},
		{Finding: group, Option: model.Option{Repair: model.CreateGroup, Channel: model.Direct}},
	})
	want := []model.LeftOut{
		{Finding: group, Reason: "not all groups of the source were read: cut"},
		{Finding: user, Reason: "it builds on a step that is left out"},
	}
	if len(intents) != 1 || intents[0].Repair != model.CreateUser || !slices.Equal(left, want) {
		t.Errorf("intents %+v, left out %v", intents, left)
	}
}

// A plan from a file may be about somebody who has gone meanwhile: nobody's access changes.
func TestAPlanChangesNoAccessOfWhoIsGone(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.unassign(0)
	before := w.compare()
	intents := intended(t, before, "user-lingering/user0@corp.example", model.DeleteUser)
	w.dropTargetUser("t-1000")
	after := w.compare()
	effects := plan.Effects(before, intents, nil)
	if got := plan.Access(before, after, effects, nil); len(got) != 1 || got[0].Account != model.AccountDeleted {
		t.Errorf("access changes %+v", got)
	}
	if got := plan.Access(after, after, effects, nil); len(got) > 0 {
		t.Errorf("access changes %+v of somebody who is not there", got)
	}
}
