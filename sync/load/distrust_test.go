package load_test

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
)

func TestTwoSidesThatAgree(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c)
	if !c.Source.Coverage.Complete(model.SourceParts()) || !c.Target.Coverage.Complete(model.TargetParts()) {
		t.Errorf("not complete: %v %v", c.Source.Coverage, c.Target.Coverage)
	}
	if c.Source.Requests != 5 || c.Target.Requests != 3 || c.Source.ReadAt != moment() || c.Target.Kind != "aws" {
		t.Errorf("requests %d and %d, read at %v, kind %q", c.Source.Requests, c.Target.Requests, c.Source.ReadAt,
			c.Target.Kind)
	}
}

// What is empty and cannot be true must make no finding at all, least of all one that deletes.
func TestSurprisinglyEmptyAtTheFirstLoad(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bend func(*fakeSource)
		lost model.Part
	}{
		"no app users while a granting role has users": {func(s *fakeSource) { s.users = nil }, model.PartUsers},
		"no app users while the roles cannot be read": {func(s *fakeSource) {
			s.users, s.roles = nil, nil
			s.roleCover, s.membership = model.UnknownCoverage("forbidden"), model.UnknownCoverage("forbidden")
		}, model.PartUsers},
		"no app users while the roles' users cannot be read": {func(s *fakeSource) {
			s.users = nil
			for i := range s.roles {
				s.roles[i].Users = model.MemberList{Unknown: "forbidden"}
			}
			s.membership = model.PartialCoverage("forbidden")
		}, model.PartUsers},
		"no app users while the list of roles is cut short": {func(s *fakeSource) {
			s.users, s.roles = nil, nil
			s.app.RoleIDs = nil
			s.roleCover = model.PartialCoverage("cut short")
		}, model.PartUsers},
		"no roles while the app names some": {func(s *fakeSource) { s.roles = nil }, model.PartGroups},
		"app cannot be read":                {func(s *fakeSource) { s.appErr = errDown }, model.PartUsers},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			c.bend(s)
			got := mustLoad(t, load.New(s, tgt, options()))
			wantKinds(t, got)
			wantState(t, got, model.SourceSide, c.lost, model.Unknown)
			if len(got.UnsettledByReason()) == 0 {
				t.Error("it does not say that anything was left open")
			}
		})
	}
}

// An app that nobody has is believed where the roles say the same.
func TestAnEmptyAppIsBelievedWhereItsRolesAreEmptyToo(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(1)
	s.users = nil
	for i := range s.roles {
		s.roles[i].Users.IDs = nil
	}
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c, "user-lingering u0@corp.example")
	wantState(t, c, model.SourceSide, model.PartUsers, model.Complete)
}

func TestAnEmptyTargetIsBelievedAtTheFirstLoad(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(2)
	tgt.users, tgt.groups = nil, nil
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c, "user-unsynced u0@corp.example", "user-unsynced u1@corp.example", "group-missing aws-all",
		"group-missing aws-even")
	wantState(t, c, model.TargetSide, model.PartUsers, model.Complete)
	wantState(t, c, model.TargetSide, model.PartGroups, model.Complete)
}

// A part that was there at the last complete load and is gone at once is not believed, load after load, while its
// records still answer for themselves or cannot be asked; once they are gone it is.
func TestPartsThatAreSuddenlyEmpty(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bend func(*fakeSource, *fakeTarget)
		side model.Side
		lost model.Part
		then []string // what is found once the records are gone too
	}{
		"app users": {func(s *fakeSource, _ *fakeTarget) {
			s.known, s.users = s.users, nil
			for i := range s.roles {
				s.roles[i].Users.IDs = nil
			}
		}, model.SourceSide, model.PartUsers, []string{
			"user-lingering u0@corp.example", "user-lingering u1@corp.example", "user-lingering u2@corp.example",
			"user-lingering u3@corp.example", "user-lingering u4@corp.example", "user-lingering u5@corp.example",
		}},
		"roles": {
			func(s *fakeSource, _ *fakeTarget) { s.hiddenRoles, s.roles, s.app.RoleIDs = s.roles, nil, nil },
			model.SourceSide, model.PartGroups,
			[]string{"group-unclaimed aws-all", "group-unclaimed aws-even"},
		},
		"roles' users": {func(s *fakeSource, _ *fakeTarget) {
			s.ownRoles = map[string][]string{"0": {"71"}}
			s.roles[0].Users.IDs, s.roles[1].Users.IDs = nil, nil
		}, model.SourceSide, model.PartMemberships, []string{"members-extra aws-all", "members-extra aws-even"}},
		"target users": {
			func(_ *fakeSource, t *fakeTarget) { t.hiddenUsers, t.users = t.users, nil }, model.TargetSide,
			model.PartUsers,
			[]string{
				"user-unsynced u0@corp.example", "user-unsynced u1@corp.example", "user-unsynced u2@corp.example",
				"user-unsynced u3@corp.example", "user-unsynced u4@corp.example", "user-unsynced u5@corp.example",
			},
		},
		"target groups": {
			func(_ *fakeSource, t *fakeTarget) { t.hiddenGroups, t.groups = t.groups, nil }, model.TargetSide,
			model.PartGroups,
			[]string{"group-missing aws-all", "group-missing aws-even"},
		},
		// What no group shows no group can bear out: that everybody is gone from every group is not believed.
		"target memberships": {
			func(_ *fakeSource, t *fakeTarget) { t.ownMembers, t.members = t.members, nil },
			model.TargetSide, model.PartMemberships, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			l := load.New(s, tgt, options())
			wantKinds(t, mustLoad(t, l))
			users, roles, app := s.users, slices.Clone(s.roles), s.app
			tusers, tgroups, tmembers := tgt.users, tgt.groups, tgt.members
			empty := func() { c.bend(s, tgt) }
			back := func() {
				s.users, s.roles, s.app, s.known, s.hiddenRoles, s.ownRoles, s.lookupErr = users, slices.Clone(roles),
					app, nil, nil, nil, nil
				tgt.users, tgt.groups, tgt.members, tgt.hiddenUsers, tgt.hiddenGroups, tgt.ownMembers = tusers, tgroups,
					tmembers, nil, nil, nil
				tgt.lookupErr, tgt.membersErr = nil, nil
			}
			empty()
			for range 2 {
				got := mustLoad(t, l)
				wantKinds(t, got)
				wantState(t, got, c.side, c.lost, model.Unknown)
			}
			back()
			got := mustLoad(t, l)
			wantKinds(t, got)
			wantState(t, got, c.side, c.lost, model.Complete)

			empty()
			s.lookupErr, tgt.lookupErr, tgt.membersErr = errDown, errDown, errDown
			wantState(t, mustLoad(t, l), c.side, c.lost, model.Unknown)

			back()
			empty()
			s.known, s.hiddenRoles, s.ownRoles, tgt.hiddenUsers, tgt.hiddenGroups, tgt.ownMembers = nil, nil, nil, nil,
				nil, nil
			if c.lost == model.PartUsers && c.side == model.TargetSide {
				tgt.members = nil // or its groups would have members whom it does not have
			}
			got = mustLoad(t, l)
			wantKinds(t, got, c.then...)
			wantState(t, got, c.side, c.lost,
				map[bool]model.CoverageState{true: model.Complete, false: model.Unknown}[c.then != nil])
		})
	}
}

// A record that was seen to be gone, by name, is no surprise: an operator who deletes the last group must not be told
// for ever that groups are unknown.
func TestTheLastRecordMayGo(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(2)
	s.app.RoleIDs, s.roles = nil, nil
	tgt.groups = tgt.groups[:1]
	tgt.groups[0].ExternalID = "999"
	l := load.New(s, tgt, options())
	c := mustLoad(t, l)
	wantKinds(t, c, "group-lingering aws-all")
	tgt.groups, tgt.members = nil, nil
	c, err := l.Refresh(t.Context(), c.Findings[0].Subject)
	if err != nil {
		t.Fatal(err)
	}
	wantKinds(t, c)
	c = mustLoad(t, l)
	wantKinds(t, c)
	wantState(t, c, model.TargetSide, model.PartGroups, model.Complete)
	wantState(t, c, model.TargetSide, model.PartMemberships, model.Complete)
}
