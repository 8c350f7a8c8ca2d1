package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simulator "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// picture is the whole directory, to tell what a write changed.
func (s *simulation) picture(t testing.TB) map[string]string {
	t.Helper()
	s.world.Lock()
	defer s.world.Unlock()
	shown := map[string]string{}
	for _, u := range s.world.Target.Users {
		plain := *u
		plain.ID, plain.Created, plain.Modified, plain.Revision, plain.CreatedBy = "", time.Time{}, time.Time{}, 0, ""
		shown["user "+u.UserName] = fmt.Sprintf("%+v", plain)
	}
	for _, g := range s.world.Target.Groups {
		shown["group "+g.DisplayName] = "external id " + g.ExternalID
		for id := range g.Members {
			shown["member "+g.DisplayName+" "+s.world.Target.Users[id].UserName] = ""
		}
	}
	return shown
}

func changed(before, after map[string]string) (lines []string) {
	for key, value := range after {
		if was, there := before[key]; !there || was != value {
			lines = append(lines, "+"+key)
		}
	}
	for key, value := range before {
		if is, there := after[key]; !there || is != value {
			lines = append(lines, "-"+key)
		}
	}
	return lines
}

// run encodes and writes, and gives the answers.
func run(t testing.TB, c *Client, in *model.Intent) (answers []model.Answer) {
	t.Helper()
	in = handed(t, c, in)
	requests, err := c.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range requests {
		answer, err := c.Write(t.Context(), one.Request)
		if err != nil {
			t.Fatalf("%s %s: %v", one.Request.Method, one.Request.Path, err)
		}
		answers = append(answers, answer)
	}
	return answers
}

// handed gives an intent the record that it asks for, as whoever compiles a plan does.
func handed(t testing.TB, c *Client, in *model.Intent) *model.Intent {
	t.Helper()
	need := c.Needs(in)
	if need.ID == "" || in.Record != nil {
		return in
	}
	now, found, err := c.Record(t.Context(), need.Type, need.ID, false)
	if err != nil || !found {
		t.Fatalf("the record for %s: %v %v", in.Repair, found, err)
	}
	given := *in
	given.Record = now.Raw
	return &given
}

func TestEachWriteChangesWhatItSays(t *testing.T) {
	for generation, knobs := range map[string]simulator.Knobs{
		"new":    simulator.Current(),
		"old":    simulator.Legacy(),
		"strict": func() simulator.Knobs { k := simulator.Current(); k.MemberPathFilter = false; return k }(),
	} {
		for _, dialect := range []string{AWS, Generic} {
			if generation == "strict" && dialect == Generic {
				continue // that target takes no path for a member
			}
			t.Run(generation+" "+dialect, func(t *testing.T) {
				s := simulate(t, 260, 3, upTo(func(int) int { return 2 }, 260),
					func(k *simulator.Knobs) { *k = knobs.Unlimited() })
				c := client(t, s.url, dialect)
				if err := c.Prepare(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.checkUserWrites(t, c)
				s.checkGroupWrites(t, c)
			})
		}
	}
}

// expect runs an intent and compares what it changed.
func (s *simulation) expect(t *testing.T, c *Client, in *model.Intent, want ...string) []model.Answer {
	t.Helper()
	in = handed(t, c, in)
	before, sent := s.picture(t), c.Requests()
	answers := run(t, c, in)
	got := changed(before, s.picture(t))
	if diff := cmp.Diff(set(want), set(got)); diff != "" {
		t.Errorf("%s changed (-want +got):\n%s", in.Repair, diff)
	}
	if n := c.Requests() - sent; n != len(answers) {
		t.Errorf("%s: %d requests for %d writes", in.Repair, n, len(answers))
	}
	return answers
}

func set(lines []string) map[string]bool {
	out := map[string]bool{}
	for _, line := range lines {
		out[line] = true
	}
	return out
}

func (s *simulation) checkUserWrites(t *testing.T, c *Client) {
	t.Helper()
	const name = `o'neill+"x"\<b>&%2e@corp.example`
	in := with(intent(model.CreateUser), func(in *model.Intent) {
		in.User.UserName, in.User.Email, in.User.DisplayName = name, name, `{"$id":"s1"} 会議 & Co`
	})
	id := s.expect(t, c, in, "+user "+name)[0].ID
	u, found, err := c.GetUser(t.Context(), id)
	want := *in.User
	want.ID, want.Assigned = id, true
	if diff := cmp.Diff(want, u); !found || err != nil || diff != "" {
		t.Errorf("the user came back otherwise (%v): %s", err, diff)
	}
	about := func(repair model.RepairName, diffs ...model.FieldDiff) *model.Intent {
		return with(intent(repair), func(in *model.Intent) {
			in.Subject.TargetID, in.Changes, in.Members = id, diffs,
				nil
		})
	}
	changedUser := []string{"+user " + name, "-user " + name}
	s.expect(t, c, about(model.DeactivateUser), changedUser...)
	if u, _, _ := c.GetUser(t.Context(), id); u.Active {
		t.Error("still active")
	}
	s.expect(t, c, about(model.ActivateUser), changedUser...)
	s.world.Lock()
	s.world.Target.Users[id].EmailType = "home"
	s.world.Unlock()
	s.expect(t, c, about(model.UpdateUser,
		model.FieldDiff{Name: "userName", Source: "new@corp.example", Target: name},
		model.FieldDiff{Name: "displayName", Source: "New", Target: "x"},
		model.FieldDiff{Name: "name.givenName", Source: "N"},
		model.FieldDiff{Name: "name.familyName", Source: "Ew"},
		model.FieldDiff{Name: "emails", Source: "new@corp.example", Target: name},
	), "-user "+name, "+user new@corp.example")
	s.world.Lock()
	got := *s.world.Target.Users[id]
	s.world.Unlock()
	if got.DisplayName != "New" || got.GivenName != "N" || got.FamilyName != "Ew" || got.Email != "new@corp.example" ||
		got.EmailType != "home" || !got.Active {
		t.Errorf("after the update: %+v", got)
	}
	there := []string{"-user new@corp.example", "+user new@corp.example"}
	s.expect(t, c, about(model.UpdateUser, model.FieldDiff{Name: "emails", Target: "new@corp.example"}), there...)
	s.expect(t, c, about(model.UpdateUser, model.FieldDiff{Name: "emails", Source: "a@corp.example"}), there...)
	s.expect(t, c, about(model.DeleteUser), "-user new@corp.example")
}

func (s *simulation) checkGroupWrites(t *testing.T, c *Client) {
	t.Helper()
	const name = `aws "x"\ <b>&%2e {$id:s1}`
	create := with(intent(model.CreateGroup), func(in *model.Intent) { in.Group = model.GroupRef{Name: name} })
	id := s.expect(t, c, create, "+group "+name)[0].ID
	about := func(repair model.RepairName, change func(*model.Intent)) *model.Intent {
		return with(intent(repair), func(in *model.Intent) {
			in.Group, in.Members = model.GroupRef{ID: id},
				nil
			change(in)
		})
	}
	var everybody []model.Member
	var added, removed []string
	s.world.Lock()
	for _, user := range s.world.Target.UserOrder[:250] {
		everybody = append(everybody, model.Member{ID: user})
		added = append(added, "+member "+name+" "+s.world.Target.Users[user].UserName)
	}
	s.world.Unlock()
	for _, line := range added[:249] {
		removed = append(removed, "-"+line[1:])
	}
	if n := len(s.expect(t, c, about(model.AddMembers, func(in *model.Intent) { in.Members = everybody }),
		added...)); n != 3 {
		t.Errorf("%d requests for 250 members", n)
	}
	// All but one, so that a target that took everybody out would be noticed.
	s.expect(t, c, about(model.RemoveMembers, func(in *model.Intent) { in.Members = everybody[:249] }), removed...)
	const renamed = "aws-new"
	last := everybody[249].ID
	s.world.Lock()
	one := " " + s.world.Target.Users[last].UserName
	s.world.Unlock()
	s.expect(t, c, about(model.RenameGroup, func(in *model.Intent) {
		in.Changes = []model.FieldDiff{{
			Name:   "displayName",
			Source: renamed,
		}}
	}),
		"-group "+name, "+group "+renamed, "-member "+name+one, "+member "+renamed+one)
	s.expect(t, c, about(model.DeleteGroup, func(*model.Intent) {}), "-group "+renamed, "-member "+renamed+one)
}

func TestAReferenceIsWrittenAsTheIDThatItStandsFor(t *testing.T) {
	s := simulate(t, 1, 0, nil, nil)
	c := client(t, s.url, AWS)
	ids := map[string]string{}
	in := intent(model.CreateUser)
	ids["create bo"] = run(t, c, in)[0].ID
	ids["group"] = run(t, c, intent(model.CreateGroup))[0].ID
	add := with(intent(model.AddMembers), func(in *model.Intent) {
		in.Group, in.Members = model.GroupRef{Ref: "group"}, []model.Member{{Ref: "create bo"}}
	})
	requests, err := c.Encode(add)
	if err != nil {
		t.Fatal(err)
	}
	sent := c.Requests()
	var refused *model.WriteError
	if _, err := c.Write(t.Context(), requests[0].Request); !errors.As(err, &refused) ||
		refused.Fate != model.WriteNotSent || c.Requests() != sent {
		t.Errorf("an open reference was sent: %v", err)
	}
	resolved, err := requests[0].Request.Resolve(func(ref string) (string, error) { return ids[ref], nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(t.Context(), resolved); err != nil {
		t.Fatal(err)
	}
	if list, err := c.MembersOf(t.Context(), ids["group"]); err != nil ||
		!cmp.Equal(list.IDs, []string{ids["create bo"]}) {
		t.Errorf("%+v %v", list, err)
	}
}

// TestEachWriteGoesOutOnceWhateverHappens: done says what the target did all the same.
func TestEachWriteGoesOutOnceWhateverHappens(t *testing.T) {
	html := "<html><title>sign in</title></html>"
	for name, c := range map[string]struct {
		fault fault.Fault
		want  model.WriteFate
		done  bool
	}{
		"throttled":         {fault.Fault{Kind: fault.Throttle, RetryAfter: 7}, model.WriteThrottled, false},
		"500":               {fault.Fault{Kind: fault.ServerError}, model.WriteUnsure, false},
		"502":               {fault.Fault{Kind: fault.BadGateway}, model.WriteUnsure, false},
		"forbidden":         {fault.Fault{Kind: fault.Forbidden}, model.WriteRefused, false},
		"token refused":     {fault.Fault{Kind: fault.Answer, Status: 401}, model.WriteRefused, false},
		"reset before":      {fault.Fault{Kind: fault.Reset}, model.WriteUnsure, false},
		"reset in the body": {fault.Fault{Kind: fault.ResetInBody}, model.WriteUnsure, true},
		"half an answer":    {fault.Fault{Kind: fault.Truncate}, model.WriteUnsure, true},
		"a lost answer":     {fault.Fault{Kind: fault.LoseAnswer}, model.WriteUnsure, true},
		"redirected": {
			fault.Fault{Kind: fault.Redirect, Location: "https://elsewhere.example"},
			model.WriteRefused, false,
		},
		"a login page":        {fault.Fault{Kind: fault.Answer, Body: html}, model.WriteUnsure, false},
		"an empty list":       {fault.Fault{Kind: fault.Empty}, model.WriteUnsure, false},
		"success and no word": {fault.Fault{Kind: fault.Answer, Status: 201}, model.WriteUnsure, false},
		"no id": {
			fault.Fault{Kind: fault.Answer, Status: 201, Body: `{"id":""}`},
			model.WriteUnsure,
			false,
		},
		"an id that climbs": {
			fault.Fault{Kind: fault.Answer, Status: 201, Body: `{"id":".."}`},
			model.WriteUnsure,
			false,
		},
		"a conflict": {
			fault.Fault{Kind: fault.Answer, Status: 409, Body: `{"detail":"taken"}`},
			model.WriteConflict,
			false,
		},
		"another version": {fault.Fault{Kind: fault.Answer, Status: 412}, model.WriteChanged, false},
		"a gateway's 404": {fault.Fault{Kind: fault.Answer, Status: 404, Body: html}, model.WriteRefused, false},
		"the target's 404": {
			fault.Fault{Kind: fault.Answer, Status: 404, Body: `{"detail":"no"}`},
			model.WriteRefused,
			false,
		},
		"no such method":     {fault.Fault{Kind: fault.Answer, Status: 405}, model.WriteRefused, false},
		"a proxy's time-out": {fault.Fault{Kind: fault.Answer, Status: 504, Body: html}, model.WriteUnsure, false},
		"echoes the token": {
			fault.Fault{Kind: fault.Answer, Status: 400, Body: `{"detail":"bad ` + bearer + `"}`},
			model.WriteRefused, false,
		},
		"an id of nothing": {
			fault.Fault{Kind: fault.Answer, Body: `{"id":"` + string(make([]byte, 2000)) + `"}`},
			model.WriteUnsure, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulate(t, 2, 1, upTo(func(int) int { return 1 }, 2), nil)
			target := client(t, s.url, AWS)
			if _, err := target.Write(t.Context(), request1(t, target,
				with(intent(model.CreateGroup), func(in *model.Intent) { in.Group.Name = "warm" }))); err != nil {
				t.Fatal(err) // the next write meets a connection that is in use, which net/http treats otherwise
			}
			before := s.picture(t)
			c.fault.Path = "/Users"
			s.fail(t, c.fault)
			_, err := target.Write(t.Context(), request1(t, target, intent(model.CreateUser)))
			var got *model.WriteError
			if !errors.As(err, &got) || got.Fate != c.want {
				t.Fatalf("fate %+v, %v", got, err)
			}
			if c.want == model.WriteThrottled && got.Wait != 7*time.Second {
				t.Errorf("wait %s", got.Wait)
			}
			if f := s.faults.List()[0]; f.Seen != 1 {
				t.Errorf("sent %d times", f.Seen)
			}
			if done := len(changed(before, s.picture(t))) > 0; done != c.done {
				t.Errorf("done: %v", done)
			}
			for _, word := range []string{bearer, "try again", "to read again"} {
				if strings.Contains(err.Error(), word) {
					t.Errorf("%q holds %q", err, word)
				}
			}
		})
	}
}

func TestSuccessAboutAnotherRecordIsNotBelieved(t *testing.T) {
	s := simulate(t, 2, 1, upTo(func(int) int { return 1 }, 2), nil)
	target := client(t, s.url, AWS)
	s.fail(t, fault.Fault{Kind: fault.Answer, Path: "/Users", Body: `{"id":"somebody-else"}`})
	_, err := target.Write(t.Context(), request1(t, target, with(intent(model.DeactivateUser),
		func(in *model.Intent) { in.Subject.TargetID = s.world.Target.UserOrder[0] })))
	if got, is := errors.AsType[*model.WriteError](err); !is || got.Fate != model.WriteUnsure {
		t.Errorf("fate %+v, %v", got, err)
	}
}

// RFC 7644 section 3.3 asks for the address of a new record, and only advises to answer with the record.
func TestACreationIsAnsweredByItsAddressAlone(t *testing.T) {
	for location, want := range map[string]string{
		"https://scim.example/v2/Users/u%2F7": "u/7", "/Users/u7": "u7",
		"": "", "/Users/": "", "/Users/..": "", "/Groups/g1": "", "/Users/u7/more": "", "/Users/u%zz": "",
	} {
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				reply(rw, 404, scimGone)
				return
			}
			rw.Header().Set("Location", location)
			rw.WriteHeader(http.StatusCreated)
		})
		c := client(t, s.URL, Generic)
		if err := c.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		answer, err := c.Write(t.Context(), request1(t, c, intent(model.CreateUser)))
		if answer.ID != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %q, %v", location, answer.ID, err)
		}
	}
}

func TestWhatATargetSaysOfItsOwn(t *testing.T) {
	s := simulate(t, 3, 2, upTo(func(int) int { return 1 }, 3), nil)
	c := client(t, s.url, AWS)
	gone := "00000000-0000-4000-8000-00000000dead"
	order := s.world.Target.GroupOrder
	for name, one := range map[string]struct {
		in   *model.Intent
		want model.WriteFate
	}{
		"a user who is gone": {
			with(intent(model.DeleteUser), func(in *model.Intent) { in.Subject.TargetID = gone }),
			model.WriteAbsent,
		},
		"a group that is gone": {
			with(intent(model.DeleteGroup), func(in *model.Intent) { in.Group.ID = gone }),
			model.WriteAbsent,
		},
		"a member who is gone": {with(intent(model.AddMembers), func(in *model.Intent) {
			in.Group.ID, in.Members = order[0], []model.Member{{ID: gone}}
		}), model.WriteAbsent},
		"a name that is taken": {
			with(intent(model.CreateGroup), func(in *model.Intent) { in.Group.Name = "GROUP 1" }),
			model.WriteConflict,
		},
		"a user who is there": {with(intent(model.CreateUser),
			func(in *model.Intent) { in.User.UserName = "user1@corp.example" }), model.WriteConflict},
		"a rename onto another": {with(intent(model.RenameGroup), func(in *model.Intent) {
			in.Group.ID, in.Changes = order[0], []model.FieldDiff{{Name: "displayName", Source: "group 1"}}
		}), model.WriteConflict},
		"an e-mail that changed meanwhile": {with(intent(model.UpdateUser), func(in *model.Intent) {
			in.Subject.TargetID, in.Changes = s.world.Target.UserOrder[0],
				[]model.FieldDiff{{Name: "emails", Source: "n@corp.example", Target: "was@corp.example"}}
		}), model.WriteRefused},
	} {
		before := s.picture(t)
		_, err := c.Write(t.Context(), request1(t, c, one.in))
		var got *model.WriteError
		if !errors.As(err, &got) || got.Fate != one.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if lines := changed(before, s.picture(t)); len(lines) > 0 {
			t.Errorf("%s: changed %v", name, lines)
		}
	}
}

func request1(t testing.TB, c *Client, in *model.Intent) model.Request {
	t.Helper()
	got, err := c.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	return got[0].Request
}

// TestNothingElseIsEverWritten: a plan can come from a file. That it sends what was encoded anew, repair sees to.
func TestNothingElseIsEverWritten(t *testing.T) {
	s := simulate(t, 3, 1, upTo(func(int) int { return 1 }, 3), nil)
	c := client(t, s.url, AWS)
	patch := func(path string) model.Request {
		return model.Request{
			Service: "scim", Method: http.MethodPatch, Path: path,
			Body: json.RawMessage(`{"Operations":[]}`),
		}
	}
	remove := func(path string) model.Request {
		return model.Request{Service: "scim", Method: http.MethodDelete, Path: path}
	}
	for name, r := range map[string]model.Request{
		"another service":         {Service: "onelogin", Method: http.MethodDelete, Path: "/Users/1"},
		"no service":              {Method: http.MethodDelete, Path: "/Users/1"},
		"all users":               remove("/Users"),
		"all users, with a slash": remove("/Users/"),
		"all users by dots":       remove("/Users/."),
		"up":                      remove("/Users/.."),
		"up, escaped":             remove("/Users/%2e%2e"),
		"up, escaped twice":       remove("/Users/%252e%252e"),
		"across":                  remove("/Users/..%2fGroups"),
		"below a record":          remove("/Users/1/x"),
		"above":                   remove("Users/1"),
		"a host":                  remove("//evil.example/Users/1"),
		"an address":              remove("https://evil.example/Users/1"),
		"a fragment":              remove("/Users#/1"),
		"broken escapes":          remove("/Users/%zz"),
		"another resource":        remove("/Schemas/1"),
		"bulk": {
			Service: "scim", Method: http.MethodPost, Path: "/Bulk",
			Body: json.RawMessage(`{}`),
		},
		"create below a record": {
			Service: "scim", Method: http.MethodPost, Path: "/Users/1",
			Body: json.RawMessage(`{}`),
		},
		"change all groups":       patch("/Groups"),
		"a reference in the path": patch("/Groups/{$id:s1}"),
		"a reference in the body": {
			Service: "scim", Method: http.MethodPost, Path: "/Groups",
			Body: json.RawMessage(`{"members":[{"value":{ "$id" : "s1" }}]}`),
		},
	} {
		_, err := c.Write(t.Context(), r)
		var got *model.WriteError
		if !errors.As(err, &got) || got.Fate != model.WriteNotSent {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := c.Requests(); n != 0 {
		t.Errorf("%d requests were sent: %+v", n, s.server.Requests())
	}
	// A DELETE that was read from JSON has the body null.
	id := s.world.Target.GroupOrder[0]
	if answer, err := c.Write(t.Context(), model.Request{
		Service: "scim", Method: http.MethodDelete, Path: "/Groups/" + id,
		Body: json.RawMessage("null"),
	}); err != nil || answer.Status != 204 {
		t.Errorf("%+v %v", answer, err)
	}
}

func TestAnIDIsAddressedAsItIs(t *testing.T) {
	s := simulate(t, 1, 0, nil, nil)
	for _, id := range []string{"uid=ana,ou=people+x=y", "a/b c%20?d#e", "{$id:s1}", "会議", "a.b..c", "x;y"} {
		s.world.Lock()
		s.world.Target.AddGroup(&world.TargetGroup{ID: id, DisplayName: "group " + id})
		s.world.Unlock()
		c := client(t, s.url, AWS)
		before := s.picture(t)
		run(t, c, with(intent(model.DeleteGroup), func(in *model.Intent) { in.Group.ID = id }))
		if lines := changed(before, s.picture(t)); !cmp.Equal(lines, []string{"-group group " + id}) {
			t.Errorf("%q: %v", id, lines)
		}
	}
}
