package onelogin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const (
	touch = "scimdrift_touch"
	first = int64(10_000_000_001)
)

// nudgeable is a tenant whose users have a title, an attribute of somebody else's, and one to touch.
func nudgeable(t *testing.T, scope string) *tenant {
	t.Helper()
	s := startTenant(t, 3, sim.Knobs{}, scope)
	s.client.opts.NudgeAttribute = touch
	s.world.Source.CustomAttributes = []string{touch, "badge"}
	for _, u := range s.world.Source.Users {
		u.Title, u.Custom = "SRE", map[string]string{"badge": "7", touch: "old"}
	}
	return s
}

func (s *tenant) user(id int64) world.User {
	s.world.Lock()
	defer s.world.Unlock()
	u := *s.world.Source.Users[id]
	u.UpdatedAt = time.Time{}
	return u
}

func nudgeOf(ids ...string) *model.Intent {
	in := &model.Intent{Option: model.Option{Repair: model.ReapplyMappings, Channel: model.Nudge}}
	for _, id := range ids {
		in.Members = append(in.Members, model.Member{ID: "t" + id, SourceID: id, UserName: "user " + id})
	}
	return in
}

func puts(s *tenant) (n int) {
	for _, r := range s.server.Requests() {
		if r.Method == http.MethodPut {
			n++
		}
	}
	return n
}

func TestANudgeChangesItsAttributeAndNothingElse(t *testing.T) {
	s := nudgeable(t, "manage_users")
	in := nudgeOf(fmt.Sprint(first), fmt.Sprint(first+1))
	requests, err := s.client.Encode(in, "2026-11-24T08:00:00Z")
	if err != nil || len(requests) != 2 {
		t.Fatalf("%d requests, %v", len(requests), err)
	}
	want := model.Request{
		Service: "onelogin", Method: "PUT", Path: "/api/2/users/10000000001?mappings=async",
		Headers: map[string]string{"Content-Type": "application/json", "Accept": "application/json"},
		Body:    json.RawMessage(`{"custom_attributes":{"scimdrift_touch":"2026-11-24T08:00:00Z"}}`),
	}
	if diff := cmp.Diff(model.Encoded{Request: want, Members: in.Members[:1]}, requests[0]); diff != "" {
		t.Error(diff)
	}
	before, other := s.user(first), s.user(first+1)
	answer, err := s.client.Write(t.Context(), requests[0].Request)
	if err != nil || answer.ID != fmt.Sprint(first) || answer.Status != 200 {
		t.Fatalf("%+v %v", answer, err)
	}
	before.Custom = map[string]string{"badge": "7", touch: "2026-11-24T08:00:00Z"}
	if diff := cmp.Diff(before, s.user(first)); diff != "" {
		t.Errorf("changed otherwise: %s", diff)
	}
	if diff := cmp.Diff(other, s.user(first+1)); diff != "" {
		t.Errorf("somebody else changed: %s", diff)
	}
	if puts(s) != 1 {
		t.Errorf("%d writes", puts(s))
	}
}

func TestANudgeThatCannotBeWorded(t *testing.T) {
	s := nudgeable(t, "manage_users")
	direct := nudgeOf("1")
	direct.Channel = model.Console
	for name, c := range map[string]struct {
		in    *model.Intent
		stamp string
	}{
		"nobody": {nudgeOf(), "x"}, "no stamp": {nudgeOf("1"), ""}, "another channel": {direct, "x"},
		"no id": {nudgeOf("1", ""), "x"}, "a path": {nudgeOf("1/apps"), "x"}, "zero": {nudgeOf("0"), "x"},
		"a sign": {nudgeOf("+1"), "x"}, "a negative": {nudgeOf("-1"), "x"},
		"too large": {nudgeOf("99999999999999999999"), "x"},
	} {
		if got, err := s.client.Encode(c.in, c.stamp); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s.client.opts.NudgeAttribute = ""
	if _, err := s.client.Encode(nudgeOf("1"), "x"); err == nil || !strings.Contains(err.Error(), "nudge_attribute") ||
		!strings.Contains(err.Error(), "Custom User Fields") {
		t.Errorf("%v does not say how to set it up", err)
	}
}

// TestNothingButANudgeIsEverWritten: a plan can come from a file.
func TestNothingButANudgeIsEverWritten(t *testing.T) {
	s := nudgeable(t, "manage_all")
	good, err := s.client.Encode(nudgeOf(fmt.Sprint(first)), "x")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*model.Request){
		"another service":     func(r *model.Request) { r.Service = "scim" },
		"another method":      func(r *model.Request) { r.Method = http.MethodDelete },
		"a post":              func(r *model.Request) { r.Method = http.MethodPost },
		"all users":           func(r *model.Request) { r.Path = "/api/2/users/?mappings=async" },
		"a rule":              func(r *model.Request) { r.Path = "/api/2/apps/500/rules/1?mappings=async" },
		"the roles of a user": func(r *model.Request) { r.Path = "/api/1/users/10000000001/add_roles?mappings=async" },
		"below a user":        func(r *model.Request) { r.Path = "/api/2/users/10000000001/x?mappings=async" },
		"a climb":             func(r *model.Request) { r.Path = "/api/2/users/../apps/500?mappings=async" },
		"an escaped climb":    func(r *model.Request) { r.Path = "/api/2/users/1%2f..%2f2?mappings=async" },
		"no mappings":         func(r *model.Request) { r.Path = "/api/2/users/10000000001?mappings=disabled" },
		"no query":            func(r *model.Request) { r.Path = "/api/2/users/10000000001" },
		"a query more":        func(r *model.Request) { r.Path += "&validate_policy=false" },
		"a host":              func(r *model.Request) { r.Path = "https://evil.example" + r.Path },
		"another attribute": func(r *model.Request) {
			r.Body = json.RawMessage(
				`{"custom_attributes":{"badge":"x"}}`)
		},
		"an attribute more": func(r *model.Request) {
			r.Body = json.RawMessage(`{"custom_attributes":{"scimdrift_touch":"x","badge":"x"}}`)
		},
		"an empty stamp": func(r *model.Request) {
			r.Body = json.RawMessage(
				`{"custom_attributes":{"scimdrift_touch":""}}`)
		},
		"a null": func(r *model.Request) {
			r.Body = json.RawMessage(
				`{"custom_attributes":{"scimdrift_touch":null}}`)
		},
		"a suspension": func(r *model.Request) {
			r.Body = json.RawMessage(`{"custom_attributes":{"scimdrift_touch":"x"},"status":2}`)
		},
		"roles": func(r *model.Request) { r.Body = json.RawMessage(`{"role_ids":[]}`) },
		"two bodies": func(r *model.Request) {
			r.Body = json.RawMessage(`{"custom_attributes":{"scimdrift_touch":"x"}}{"status":2}`)
		},
		"no body": func(r *model.Request) { r.Body = nil },
		"a credential of its own": func(r *model.Request) {
			r.Headers = map[string]string{
				"Authorization": "bearer x",
			}
		},
		"another method, a header": func(r *model.Request) {
			r.Headers = map[string]string{
				"X-Http-Method-Override": "DELETE",
			}
		},
	} {
		r := good[0].Request
		change(&r)
		_, err := s.client.Write(t.Context(), r)
		var got *model.WriteError
		if !errors.As(err, &got) || got.Fate != model.WriteNotSent {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := s.server.RequestCount(); n != 0 {
		t.Errorf("%d requests were sent: %+v", n, s.server.Requests())
	}
	s.client.opts.NudgeAttribute = ""
	if _, err := s.client.Write(t.Context(), good[0].Request); err == nil {
		t.Error("a nudge was written though none is configured")
	}
	// A key that stands twice arrives as what was checked.
	s.client.opts.NudgeAttribute = touch
	twice := good[0].Request
	twice.Body = json.RawMessage(`{"custom_attributes":{"badge":"9"},"custom_attributes":null,` +
		`"Custom_Attributes":{"scimdrift_touch":"y"}}`)
	if _, err := s.client.Write(t.Context(), twice); err == nil && s.user(first).Custom["badge"] != "7" {
		t.Errorf("the badge changed: %+v", s.user(first).Custom)
	}
}

// TestNoIDOfASourceLeadsElsewhere: whatever an id holds, the request is one of a single user, or there is none.
func TestNoIDOfASourceLeadsElsewhere(t *testing.T) {
	f := newFake()
	c := connect(t, f, func(o *Options) { o.NudgeAttribute = touch })
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9./%?#+ -]{0,8}`),
			rapid.StringMatching(`[1-9][0-9]{0,9}`)).Draw(t, "id")
		before := len(f.requests())
		_, _, _ = c.GetRole(context.Background(), id) // external ids of the target are asked for as ids of roles
		for _, asked := range f.requests()[before:] {
			if at, one := strings.CutPrefix(asked, "GET /api/2/roles/"); !isUserID(id) || one && at != id {
				t.Fatalf("role %q: asked %s", id, asked)
			}
		}
		got, err := c.Encode(nudgeOf(id), rapid.String().Draw(t, "stamp"))
		if err != nil {
			return
		}
		if strings.Trim(id, "0123456789") != "" || got[0].Request.Path != "/api/2/users/"+id+"?mappings=async" {
			t.Fatalf("%q became %q", id, got[0].Request.Path)
		}
		if back, _, err := c.readNudge(got[0].Request); err != nil || back != id {
			t.Fatalf("%q is encoded and not written: %q %v", id, back, err)
		}
	})
}

func TestTheFateOfANudge(t *testing.T) {
	html := "<html><title>sign in</title></html>"
	for name, c := range map[string]struct {
		fault fault.Fault
		want  model.WriteFate
		done  bool
	}{
		"throttled":         {fault.Fault{Kind: fault.Throttle, RetryAfter: 9}, model.WriteThrottled, false},
		"throttled by 400":  {fault.Fault{Kind: fault.ThrottleAs400}, model.WriteThrottled, false},
		"500":               {fault.Fault{Kind: fault.ServerError}, model.WriteUnsure, false},
		"502":               {fault.Fault{Kind: fault.BadGateway}, model.WriteUnsure, false},
		"forbidden":         {fault.Fault{Kind: fault.Forbidden}, model.WriteRefused, false},
		"reset before":      {fault.Fault{Kind: fault.Reset}, model.WriteUnsure, false},
		"reset in the body": {fault.Fault{Kind: fault.ResetInBody}, model.WriteUnsure, true},
		"half an answer":    {fault.Fault{Kind: fault.Truncate}, model.WriteUnsure, true},
		"a lost answer":     {fault.Fault{Kind: fault.LoseAnswer}, model.WriteUnsure, true},
		"redirected": {
			fault.Fault{Kind: fault.Redirect, Location: "https://elsewhere.example"},
			model.WriteRefused, false,
		},
		"a login page":    {fault.Fault{Kind: fault.Answer, Body: html}, model.WriteUnsure, false},
		"another user":    {fault.Fault{Kind: fault.Answer, Body: `{"id":5}`}, model.WriteUnsure, false},
		"no answer":       {fault.Fault{Kind: fault.Answer, Status: 204}, model.WriteUnsure, false},
		"a gateway's 404": {fault.Fault{Kind: fault.Answer, Status: 404, Body: html}, model.WriteRefused, false},
		"a 404 in bare words": {
			fault.Fault{Kind: fault.Answer, Status: 404, Body: "default backend"}, model.WriteRefused, false,
		},
		"a 404 in a bare JSON text": {
			fault.Fault{Kind: fault.Answer, Status: 404, Body: `"no route"`}, model.WriteRefused, false,
		},
		"unprocessable": {
			fault.Fault{Kind: fault.Answer, Status: 422, Body: `{"message":"no"}`},
			model.WriteRefused,
			false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := nudgeable(t, "manage_users")
			c.fault.Method = http.MethodPut
			if err := s.faults.Add(c.fault); err != nil {
				t.Fatal(err)
			}
			requests, err := s.client.Encode(nudgeOf(fmt.Sprint(first)), "new")
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.client.Write(t.Context(), requests[0].Request)
			var got *model.WriteError
			if !errors.As(err, &got) || got.Fate != c.want {
				t.Fatalf("%+v, %v", got, err)
			}
			if n := s.faults.List()[0].Seen; n != 1 {
				t.Errorf("sent %d times", n)
			}
			if done := s.user(first).Custom[touch] == "new"; done != c.done {
				t.Errorf("done: %v", done)
			}
			if got.Fate == model.WriteUnsure && (!strings.Contains(err.Error(), "look") ||
				strings.Contains(err.Error(), "then try again")) {
				t.Errorf("%q does not say to look first", err)
			}
		})
	}
}

func TestARefusedNudgeThatWasTakenIsNoRefusal(t *testing.T) {
	s := nudgeable(t, "manage_users")
	requests, err := s.client.Encode(nudgeOf(fmt.Sprint(first)), "new")
	if err != nil {
		t.Fatal(err)
	}
	refused := fault.Fault{Method: http.MethodPut, Kind: fault.Answer, Status: 422, Body: `{"message":"no"}`}
	if err := s.faults.Add(refused); err != nil {
		t.Fatal(err)
	}
	s.world.Source.Users[first].Custom[touch] = "new"
	_, err = s.client.Write(t.Context(), requests[0].Request)
	if got, is := errors.AsType[*model.WriteError](err); !is || got.Fate != model.WriteUnsure ||
		!strings.Contains(err.Error(), "all the same") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestOneLoginsOwnRefusalsOfANudge(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*tenant)
		id     int64
		scope  string
		want   model.WriteFate
		says   string
	}{
		"nobody of that id": {func(*tenant) {}, 77, "manage_users", model.WriteAbsent, "no such user"},
		"an undefined attribute": {
			func(s *tenant) { s.world.Source.CustomAttributes = nil }, first, "manage_users",
			model.WriteRefused, "not defined",
		},
		"a credential that reads": {func(*tenant) {}, first, "read_all", model.WriteRefused, "Manage Users"},
		"no calls left": {func(s *tenant) {
			s.server.SetKnobs(func(k *sim.Knobs) { k.HourlyLimit = 1 })
			_, _ = s.client.readUser(context.Background(), fmt.Sprint(first))
		}, first, "manage_users", model.WriteThrottled, "hourly limit"},
	} {
		t.Run(name, func(t *testing.T) {
			s := nudgeable(t, c.scope)
			c.change(s)
			requests, err := s.client.Encode(nudgeOf(fmt.Sprint(c.id)), "new")
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.client.Write(t.Context(), requests[0].Request)
			var got *model.WriteError
			if !errors.As(err, &got) || got.Fate != c.want || !strings.Contains(err.Error(), c.says) || puts(s) != 1 {
				t.Errorf("%+v, %v, %d writes", got, err, puts(s))
			}
		})
	}
}

// TestAnExpiredTokenIsRenewedForANudge: a 401 says that nothing was done, and a new login gives another token.
func TestAnExpiredTokenIsRenewedForANudge(t *testing.T) {
	s := nudgeable(t, "manage_users")
	requests, err := s.client.Encode(nudgeOf(fmt.Sprint(first), fmt.Sprint(first+1)), "new")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.Write(t.Context(), requests[0].Request); err != nil {
		t.Fatal(err)
	}
	s.server.ExpireTokens()
	if _, err := s.client.Write(t.Context(), requests[1].Request); err != nil {
		t.Fatal(err)
	}
	var statuses []int
	for _, r := range s.server.Requests() {
		if r.Method == http.MethodPut {
			statuses = append(statuses, r.Status)
		}
	}
	if diff := cmp.Diff([]int{200, 401, 200}, statuses); diff != "" {
		t.Error(diff)
	}
	s.server.ExpireTokens()
	if err := s.faults.Add(fault.Fault{Path: "oauth2", Kind: fault.LoseAnswer}); err != nil {
		t.Fatal(err)
	}
	_, err = s.client.Write(t.Context(), requests[0].Request)
	var got *model.WriteError
	if !errors.As(err, &got) || got.Fate != model.WriteNotSent {
		t.Errorf("a login that fails leaves a nudge that was not sent: %+v %v", got, err)
	}
}
