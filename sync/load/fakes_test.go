package load_test

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
)

func TestMain(m *testing.M) {
	if err := sample.Worlds(); err != nil {
		panic(err)
	}
	debug.SetGCPercent(400) // many small worlds
	goleak.VerifyTestMain(m)
}

// moment is when everything happens.
func moment() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }

// fakeSource is a OneLogin of a few records. What the lists leave out the lookups may still know: known.
type fakeSource struct {
	app       model.App
	appErr    error
	users     []model.User
	roles     []model.Role
	rules     []model.Rule
	events    []model.Event
	known     []model.User // who is found by a lookup besides the users; Assigned says whether the app has them
	lookupErr error
	tailErr   error
	// hiddenRoles are found by look-ups, and not listed or listed otherwise; ownRoles are named by a user's own record
	// only.
	hiddenRoles []model.Role
	ownRoles    map[string][]string
	userCover   model.Coverage
	roleCover   model.Coverage
	membership  model.Coverage
	ruleCover   model.Coverage
	rollCover   model.Coverage
	// twoMinds: nobody is found one by one, and everybody among known ids.
	twoMinds bool
	// gate, if set, is called at the beginning of each list, with its name.
	gate func(ctx context.Context, list string)

	mu       sync.Mutex
	requests int
	lookups  int
}

func (s *fakeSource) spend(n int, lookup bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests += n
	if lookup {
		s.lookups += n
	}
}

func (s *fakeSource) list(ctx context.Context, name string) {
	s.spend(1, false)
	if s.gate != nil {
		s.gate(ctx, name)
	}
}

func (s *fakeSource) App(ctx context.Context) (model.App, error) {
	s.list(ctx, "app")
	return s.app, s.appErr
}

func (s *fakeSource) Users(ctx context.Context, progress func(done, expected int)) ([]model.User, model.Coverage) {
	s.list(ctx, "users")
	progress(len(s.users), len(s.users))
	return slices.Clone(s.users), s.userCover
}

func (s *fakeSource) Roles(ctx context.Context, progress func(done, expected int)) ([]model.Role, model.Coverage,
	model.Coverage,
) {
	s.list(ctx, "roles")
	progress(len(s.roles), 0)
	return slices.Clone(s.roles), s.roleCover, s.membership
}

func (s *fakeSource) Rules(ctx context.Context) ([]model.Rule, []string, model.Coverage) {
	s.list(ctx, "rules")
	return s.rules, nil, s.ruleCover
}

func (s *fakeSource) Events(ctx context.Context, _ time.Time, progress func(done, expected int)) ([]model.Event,
	model.Coverage,
) {
	s.list(ctx, "events")
	progress(len(s.events), -1)
	return s.events, model.CompleteCoverage()
}

func (s *fakeSource) find(fits func(model.User) bool) (u model.User, found bool, err error) {
	s.spend(2, true)
	if s.lookupErr != nil {
		return model.User{}, false, s.lookupErr
	}
	for _, u := range slices.Concat(s.users, s.known) {
		if fits(u) {
			return u, true, nil
		}
	}
	return model.User{}, false, nil
}

func (s *fakeSource) FindUser(_ context.Context, email string) (u model.User, found bool, err error) {
	return s.find(func(u model.User) bool { return model.SameName(u.Email, email) })
}

func (s *fakeSource) GetUser(_ context.Context, id string) (u model.User, found bool, err error) {
	u, found, err = s.find(func(u model.User) bool { return !s.twoMinds && u.ID == id })
	u.RoleIDs = s.rolesOf(id)
	return u, found, err
}

// ReadUser knows the roles that list the user.
func (s *fakeSource) ReadUser(_ context.Context, id string) (u model.User, found bool, err error) {
	s.spend(1, true)
	if s.lookupErr != nil {
		return model.User{}, false, s.lookupErr
	}
	for _, u := range slices.Concat(s.users, s.known) {
		if u.ID == id {
			u.RoleIDs = s.rolesOf(id)
			return u, true, nil
		}
	}
	return model.User{}, false, nil
}

// rolesOf are the roles that list a user, and those that only the own record names.
func (s *fakeSource) rolesOf(id string) []string {
	ids := append([]string{}, s.ownRoles[id]...)
	for _, r := range s.roles {
		if slices.Contains(r.Users.IDs, id) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func (s *fakeSource) GetRole(_ context.Context, id string) (model.Role, bool, error) {
	s.spend(1, true)
	for _, r := range slices.Concat(s.hiddenRoles, s.roles) {
		if r.ID == id {
			return r, true, s.lookupErr
		}
	}
	return model.Role{}, false, s.lookupErr
}

func (s *fakeSource) ListRoles(ctx context.Context, _ bool) ([]model.Role, model.Coverage) {
	s.list(ctx, "names of roles")
	if s.lookupErr != nil {
		return nil, model.UnknownCoverage(s.lookupErr.Error())
	}
	roles := slices.Clone(s.roles)
	for i := range roles {
		roles[i].Users = model.MemberList{Unknown: "not asked for"}
	}
	return roles, s.roleCover
}

func (s *fakeSource) Tail(ctx context.Context, after time.Time) (events []model.Event, err error) {
	s.list(ctx, "tail")
	for _, e := range s.events {
		if !e.At.Before(after) {
			events = append(events, e)
		}
	}
	return events, s.tailErr
}

func (s *fakeSource) KnownUsers(_ context.Context, ids []string) ([]model.User, error) {
	s.spend((len(ids)+49)/50, true)
	var users []model.User
	for _, u := range slices.Concat(s.users, s.known) {
		if slices.Contains(ids, u.ID) {
			u.Assigned = false // as the adapter has it: it does not ask
			users = append(users, u)
		}
	}
	return users, s.lookupErr
}

func (s *fakeSource) ChangedSince(context.Context, time.Time, int) ([]string, error) {
	s.spend(4, true)
	return nil, s.lookupErr
}

func (s *fakeSource) AppUserIDs(context.Context) ([]string, model.Coverage) {
	s.spend(1, true)
	var ids []string
	for i := range s.users {
		if s.users[i].Assigned {
			ids = append(ids, s.users[i].ID)
		}
	}
	return ids, s.rollCover
}

func (s *fakeSource) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// fakeTarget is a SCIM target. Hidden records are found by lookups and not listed.
type fakeTarget struct {
	users, hiddenUsers   []model.User
	groups, hiddenGroups []model.Group
	members              map[string][]string // by group id
	// ownMembers are told of a group that is asked for itself, where it is not nil.
	ownMembers  map[string][]string
	extra       []model.User
	lookupErr   error
	membersErr  error
	userCover   model.Coverage
	groupCover  model.Coverage
	memberCover model.Coverage
	gate        func(ctx context.Context, list string)

	mu       sync.Mutex
	requests int
	lookups  int
	// asked are the groups whose members were read by the last Memberships, and expect what it was told to expect.
	asked  []string
	expect []int
}

func (t *fakeTarget) spend(lookup bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests++
	if lookup {
		t.lookups++
	}
}

func (t *fakeTarget) list(ctx context.Context, name string) {
	t.spend(false)
	if t.gate != nil {
		t.gate(ctx, name)
	}
}

func (t *fakeTarget) Users(ctx context.Context, progress func(done, expected int)) ([]model.User, model.Coverage) {
	t.list(ctx, "users")
	progress(len(t.users), -1)
	return slices.Clone(t.users), t.userCover
}

func (t *fakeTarget) Groups(ctx context.Context, progress func(done, expected int)) ([]model.Group, model.Coverage) {
	t.list(ctx, "groups")
	progress(len(t.groups), -1)
	return slices.Clone(t.groups), t.groupCover
}

func (t *fakeTarget) Memberships(
	ctx context.Context, _ []model.User, groups []model.Group, expect []int, progress func(done, expected int),
) ([]model.MemberList, model.Coverage, []model.User) {
	t.list(ctx, "memberships")
	lists := make([]model.MemberList, len(groups))
	var asked []string
	for i, g := range groups {
		lists[i].IDs = slices.Clone(t.members[g.ID])
		asked = append(asked, g.Name)
		progress(i+1, len(groups))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked, t.expect = asked, slices.Clone(expect)
	return lists, t.memberCover, t.extra
}

func (t *fakeTarget) Unreadable() model.FieldSet { return 0 }

func (t *fakeTarget) FindUser(_ context.Context, userName, externalID string) (model.User, bool, error) {
	t.spend(true)
	for _, u := range slices.Concat(t.users, t.hiddenUsers) {
		if model.SameName(u.UserName, userName) {
			return u, true, t.lookupErr
		}
	}
	t.spend(true)
	for _, u := range slices.Concat(t.users, t.hiddenUsers) {
		if externalID != "" && u.ExternalID == externalID {
			return u, true, t.lookupErr
		}
	}
	return model.User{}, false, t.lookupErr
}

func (t *fakeTarget) FindGroup(_ context.Context, displayName, externalID string) (model.Group, bool, error) {
	t.spend(true)
	for _, g := range slices.Concat(t.groups, t.hiddenGroups) {
		if model.SameName(g.Name, displayName) || externalID != "" && g.ExternalID == externalID {
			return g, true, t.lookupErr
		}
	}
	return model.Group{}, false, t.lookupErr
}

func (t *fakeTarget) GetUser(_ context.Context, id string) (model.User, bool, error) {
	t.spend(true)
	for _, u := range slices.Concat(t.users, t.hiddenUsers) {
		if u.ID == id {
			return u, true, t.lookupErr
		}
	}
	return model.User{}, false, t.lookupErr
}

func (t *fakeTarget) GetGroup(_ context.Context, id string) (model.Group, bool, error) {
	t.spend(true)
	for _, g := range slices.Concat(t.groups, t.hiddenGroups) {
		if g.ID == id {
			return g, true, t.lookupErr
		}
	}
	return model.Group{}, false, t.lookupErr
}

func (t *fakeTarget) MembersOf(_ context.Context, groupID string) (model.MemberList, error) {
	t.spend(true)
	members := t.members
	if t.ownMembers != nil {
		members = t.ownMembers
	}
	return model.MemberList{IDs: slices.Clone(members[groupID])}, t.membersErr
}

func (t *fakeTarget) GroupsOf(
	ctx context.Context, userID string,
) (groups []model.GroupRef, incomplete string, err error) {
	ids, _, err := t.NamedGroups(ctx, userID)
	for _, id := range ids {
		groups = append(groups, model.GroupRef{ID: id})
	}
	return groups, "", err
}

func (t *fakeTarget) NamedGroups(_ context.Context, userID string) (groups []string, told bool, err error) {
	t.spend(true)
	members := t.members
	if t.ownMembers != nil {
		members = t.ownMembers
	}
	for group, ids := range members {
		if slices.Contains(ids, userID) {
			groups = append(groups, group)
		}
	}
	return groups, true, t.membersErr
}

func (t *fakeTarget) Requests() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.requests
}

var errDown = errors.New("the service is down; try again later")

func sourceUser(n int) model.User {
	name := "u" + strconv.Itoa(n) + "@corp.example"
	return model.User{
		ID: strconv.Itoa(n), ExternalID: strconv.Itoa(n), UserName: name, Email: name, DisplayName: "User " +
			strconv.Itoa(n),
		GivenName: "User", FamilyName: strconv.Itoa(n), Active: true, Assigned: true,
	}
}

func targetUser(n int) model.User {
	u := sourceUser(n)
	u.ID = "t" + u.ID
	return u
}

// inSync are two sides that agree: users in two groups, all of them in aws-all and the even ones in aws-even.
func inSync(users int) (*fakeSource, *fakeTarget) {
	done := model.CompleteCoverage()
	s := &fakeSource{
		app: model.App{
			ID: "500001", Name: "AWS", RoleIDs: []string{"71", "72"}, Provisioning: model.Yes,
			GroupsIncluded: model.Yes,
		},
		userCover: done, roleCover: done, membership: done, ruleCover: done, rollCover: done,
	}
	t := &fakeTarget{members: map[string][]string{}, userCover: done, groupCover: done, memberCover: done}
	all, even := model.Role{ID: "71", Name: "aws-all", Grants: true},
		model.Role{ID: "72", Name: "aws-even", Grants: true}
	t.groups = []model.Group{{ID: "g71", Name: "aws-all"}, {ID: "g72", Name: "aws-even"}}
	for n := range users {
		s.users = append(s.users, sourceUser(n))
		t.users = append(t.users, targetUser(n))
		all.Users.IDs = append(all.Users.IDs, strconv.Itoa(n))
		t.members["g71"] = append(t.members["g71"], "t"+strconv.Itoa(n))
		if n%2 == 0 {
			even.Users.IDs = append(even.Users.IDs, strconv.Itoa(n))
			t.members["g72"] = append(t.members["g72"], "t"+strconv.Itoa(n))
		}
	}
	s.roles = []model.Role{all, even}
	return s, t
}

func options(ignore ...string) load.Options {
	return load.Options{
		Options: drift.Options{
			Groups: rules.GroupsConfig{From: "roles", Ignore: ignore},
			Fields: model.FieldSetOf(model.Fields()...),
		},
		SourceName: "app 500001", TargetName: "us-east-1", TargetKind: "aws", Window: time.Hour, Now: moment,
	}
}

func mustLoad(t *testing.T, l *load.Loader) *drift.Comparison {
	t.Helper()
	c, err := l.Load(t.Context(), drift.Watch{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// kinds are the findings as "kind name", in order.
func kinds(c *drift.Comparison) []string {
	var out []string
	for i := range c.Findings {
		out = append(out, string(c.Findings[i].Kind)+" "+c.Findings[i].Subject.Name)
	}
	return out
}

func wantKinds(t *testing.T, c *drift.Comparison, want ...string) {
	t.Helper()
	got := kinds(c)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q\nsource %v\ntarget %v", got, want, c.Source.Coverage, c.Target.Coverage)
	}
}

func wantState(t *testing.T, c *drift.Comparison, side model.Side, part model.Part, want model.CoverageState) {
	t.Helper()
	got := c.Source.Coverage[part]
	if side == model.TargetSide {
		got = c.Target.Coverage[part]
	}
	if got.State != want {
		t.Errorf("%v %v are %v, want %v", side, part, got, want)
	}
}
