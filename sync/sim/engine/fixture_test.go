package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	appID  = int64(50)
	admins = int64(60)
	others = int64(61)
)

// stage is a tenant with its target over HTTP and an engine that runs when the test says so.
type stage struct {
	t      *testing.T
	w      *world.World
	e      *engine.Engine
	target *scim.Server
	faults *fault.Set
}

// newStage has users 101 to 100+n, all in the role aws-admins, and the rule that makes groups from roles.
func newStage(t *testing.T, n int) *stage {
	t.Helper()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	w := world.New(1, func() time.Time { return now })
	w.Target.TenantID = "t"
	w.Target.Tokens = []world.Token{{Value: "token"}}
	src := &w.Source
	src.Roles[admins] = &world.Role{
		ID: admins, Name: "aws-admins", Users: map[int64]bool{},
		Apps: map[int64]bool{appID: true},
	}
	src.Roles[others] = &world.Role{
		ID: others, Name: "aws-others", Users: map[int64]bool{},
		Apps: map[int64]bool{appID: true},
	}
	for i := range n {
		id := int64(101 + i)
		src.Users[id] = &world.User{
			ID: id, Email: fmt.Sprintf("user%d@corp.example", id), FirstName: "Given",
			LastName: fmt.Sprintf("F%d", id), Status: 1, State: 1,
		}
		src.Roles[admins].Users[id] = true
	}
	src.Apps[appID] = &world.App{
		ID: appID, Name: "AWS", ProvisioningEnabled: true, SCIMToken: "token",
		Direct: map[int64]bool{}, Entitlements: map[string]string{},
		Parameters: []world.Parameter{
			{Key: "scimusername", UserAttributeMappings: "email"},
			{Key: "groups", Label: "Groups", DefaultValues: json.RawMessage("null"), ProvisionedEntitlements: true},
		},
		Rules: []world.Rule{{
			ID: 1, Name: "roles", Match: "all", Enabled: true, Position: 1,
			Actions: []world.Action{{Action: "set_groups", Value: []string{"role"}, Expression: "aws-.*"}},
		}},
	}
	free := scim.Current().Unlimited()
	s := &stage{t: t, w: w, faults: &fault.Set{}, target: scim.New(w, free)}
	h := httptest.NewServer(s.faults.Wrap(fault.SCIM, s.target))
	src.Apps[appID].SCIMBaseURL = h.URL + "/t/scim/v2"
	s.e = engine.New(w)
	s.e.Wait = func(context.Context, time.Duration) error { return nil }
	t.Cleanup(func() {
		s.e.Close()
		h.Close()
	})
	return s
}

func (s *stage) app() *world.App { return s.w.Source.Apps[appID] }

// change does something to the world as if somebody else had done it.
func (s *stage) change(f func()) {
	s.w.Lock()
	defer s.w.Unlock()
	f()
}

// nudge runs what a change to user 101 starts, and press what a button starts.
func (s *stage) nudge() {
	s.change(func() { s.e.UserChanged(101, false) })
	s.run()
}

func (s *stage) press(button engine.Kind, user int64) {
	s.change(func() { s.e.Press(button, appID, user) })
	s.run()
}

func (s *stage) run() {
	s.t.Helper()
	if err := s.e.RunPending(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// events gives the types logged since the last call, of the app or of users, without the queue's own.
func (s *stage) events() []int {
	s.w.Lock()
	defer s.w.Unlock()
	list := []int{}
	for _, e := range s.w.Source.Events {
		if e.Type != 216 && e.Type != 248 {
			list = append(list, e.Type)
		}
	}
	s.w.Source.Events = nil
	return list
}

func (s *stage) lastError() string {
	s.w.Lock()
	defer s.w.Unlock()
	for _, e := range slices.Backward(s.w.Source.Events) {
		if e.ErrorDescription != "" {
			return e.ErrorDescription
		}
	}
	return ""
}

func (s *stage) login(user int64) world.Login {
	s.w.Lock()
	defer s.w.Unlock()
	if l := s.w.Source.Logins[world.LoginKey{App: appID, User: user}]; l != nil {
		return *l
	}
	return world.Login{}
}

// groups shows the target's groups with how many members each has.
func (s *stage) groups() map[string]int {
	s.w.Lock()
	defer s.w.Unlock()
	list := map[string]int{}
	for _, g := range s.w.Target.Groups {
		list[g.DisplayName] = len(g.Members)
	}
	return list
}

func (s *stage) targetUser(name string) *world.TargetUser {
	s.w.Lock()
	defer s.w.Unlock()
	for _, u := range s.w.Target.Users {
		if u.UserName == name {
			one := *u
			return &one
		}
	}
	return nil
}

// requests gives what the target was asked since the last call, with ids replaced by ID.
func (s *stage) requests() []string {
	s.w.Lock()
	ids := slices.Concat(slices.Collect(maps.Keys(s.w.Target.Users)), slices.Collect(maps.Keys(s.w.Target.Groups)))
	s.w.Unlock()
	list := []string{}
	for _, r := range s.target.Requests() {
		path := strings.TrimPrefix(r.Path, "/t/scim/v2")
		for _, id := range ids {
			path = strings.ReplaceAll(path, id, "ID")
		}
		if r.Query != "" {
			path += "?" + r.Query
		}
		list = append(list, r.Method+" "+path)
	}
	s.target.ResetRequests()
	return list
}

func expect[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
