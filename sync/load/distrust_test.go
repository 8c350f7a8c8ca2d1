package load_test

import (
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
		t.Errorf("requests %d and %d, read at %v, kind %q", c.Source.Requests, c.Target.Requests, c.Source.ReadAt, c.Target.Kind)
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
			wantState(t, got, load.SourceSide, c.lost, model.Unknown)
			if got.Unsettled == (model.Unsettled{}) {
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
	wantState(t, c, load.SourceSide, model.PartUsers, model.Complete)
}

func TestAnEmptyTargetIsBelievedAtTheFirstLoad(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(2)
	tgt.users, tgt.groups = nil, nil
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c, "user-unsynced u0@corp.example", "user-unsynced u1@corp.example", "group-missing aws-all", "group-missing aws-even")
	wantState(t, c, load.TargetSide, model.PartUsers, model.Complete)
	wantState(t, c, load.TargetSide, model.PartGroups, model.Complete)
}

// A part that was there at the last complete load and is gone at once is not believed, load after load, until it is back.
func TestPartsThatAreSuddenlyEmpty(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bend func(*fakeSource, *fakeTarget)
		side load.Side
		lost model.Part
	}{
		"app users": {func(s *fakeSource, _ *fakeTarget) {
			s.users = nil
			for i := range s.roles {
				s.roles[i].Users.IDs = nil
			}
		}, load.SourceSide, model.PartUsers},
		"roles":              {func(s *fakeSource, _ *fakeTarget) { s.roles, s.app.RoleIDs = nil, nil }, load.SourceSide, model.PartGroups},
		"roles' users":       {func(s *fakeSource, _ *fakeTarget) { s.roles[0].Users.IDs, s.roles[1].Users.IDs = nil, nil }, load.SourceSide, model.PartMemberships},
		"target users":       {func(_ *fakeSource, t *fakeTarget) { t.users = nil }, load.TargetSide, model.PartUsers},
		"target groups":      {func(_ *fakeSource, t *fakeTarget) { t.groups = nil }, load.TargetSide, model.PartGroups},
		"target memberships": {func(_ *fakeSource, t *fakeTarget) { t.members = nil }, load.TargetSide, model.PartMemberships},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			l := load.New(s, tgt, options())
			wantKinds(t, mustLoad(t, l))
			healthy := struct {
				s fakeSource
				t fakeTarget
			}{fakeSource{users: s.users, roles: []model.Role{s.roles[0], s.roles[1]}, app: s.app}, fakeTarget{users: tgt.users, groups: tgt.groups, members: tgt.members}}
			c.bend(s, tgt)
			for range 2 {
				got := mustLoad(t, l)
				wantKinds(t, got)
				wantState(t, got, c.side, c.lost, model.Unknown)
			}
			s.users, s.roles, s.app = healthy.s.users, healthy.s.roles, healthy.s.app
			tgt.users, tgt.groups, tgt.members = healthy.t.users, healthy.t.groups, healthy.t.members
			got := mustLoad(t, l)
			wantKinds(t, got)
			wantState(t, got, c.side, c.lost, model.Complete)
		})
	}
}

// A record that was seen to be gone, by name, is no surprise: an operator who deletes the last group must not be told for
// ever that groups are unknown.
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
	wantState(t, c, load.TargetSide, model.PartGroups, model.Complete)
	wantState(t, c, load.TargetSide, model.PartMemberships, model.Complete)
}
