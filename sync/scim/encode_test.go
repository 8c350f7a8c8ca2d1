package scim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

// pure makes a client that has nobody to ask.
func pure(t testing.TB, dialect string, known *features) *Client {
	c := client(t, "http://127.0.0.1:1/scim/v2", dialect)
	if known != nil {
		c.discovered.features.answer.Store(known)
		c.discovered.locations.answer.Store(standardEndpoints())
	}
	return c
}

func intent(repair model.RepairName) *model.Intent {
	return &model.Intent{
		Option:  model.Option{Repair: repair, Channel: model.Direct},
		Subject: model.Subject{Type: model.SubjectUser, Name: "ana@corp.example", TargetID: "u1"},
		Group:   model.GroupRef{ID: "g1", Name: "aws-a"},
		User: &model.User{
			UserName: "ana@corp.example", DisplayName: "Ana R&D", GivenName: "Ana", FamilyName: "Li",
			Email:  "ana@corp.example",
			Active: true,
		},
		Members: []model.Member{
			{ID: "u1", UserName: "ana@corp.example"},
			{UserName: "bo@corp.example", Ref: "create bo"},
		},
	}
}

func with(in *model.Intent, change func(*model.Intent)) *model.Intent {
	change(in)
	return in
}

func changes(diffs ...model.FieldDiff) func(*model.Intent) {
	return func(in *model.Intent) { in.Changes = diffs }
}

const (
	patchOf = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[`
	lone    = "ana@corp.example"
)

func TestEveryRepairIsWordedAsOneRequest(t *testing.T) {
	known := func(in *model.Intent) { in.Members = in.Members[:1] }
	for name, c := range map[string]struct {
		in   *model.Intent
		aws  string // method, path and body; the generic dialect's where it is the same
		also string // the generic dialect's
		// record is what the generic dialect is given, where it asks for it.
		record string
	}{
		"create a user": {
			in: intent(model.CreateUser),
			aws: `POST /Users {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],` +
				`"userName":"ana@corp.example","name":{"familyName":"Li","givenName":"Ana"},` +
				`"displayName":"Ana ` +
				`R&D","emails":[{"value":"ana@corp.example","type":"work","primary":true}],"active":true}`,
		},
		"create an inactive user with an external id and no e-mail": {
			in: with(intent(model.CreateUser), func(in *model.Intent) {
				in.User.Active, in.User.Email,
					in.User.ExternalID = false, "", "4711"
			}),
			aws: `POST /Users {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"4711",` +
				`"userName":"ana@corp.example",` +
				`"name":{"familyName":"Li","givenName":"Ana"},"displayName":"Ana R&D","active":false}`,
		},
		"activate": {in: intent(model.ActivateUser), aws: `PATCH /Users/u1 ` + patchOf +
			`{"op":"replace","path":"active","value":true}]}`},
		"deactivate": {in: intent(model.DeactivateUser), aws: `PATCH /Users/u1 ` + patchOf +
			`{"op":"replace","path":"active","value":false}]}`},
		"delete user": {in: intent(model.DeleteUser), aws: `DELETE /Users/u1 `},
		"update": {
			in: with(intent(model.UpdateUser), changes(
				model.FieldDiff{Name: "userName", Source: "ana.li@corp.example", Target: lone},
				model.FieldDiff{Name: "name.givenName", Source: "Äna"},
				model.FieldDiff{Name: "emails", Source: "ana.li@corp.example", Target: `a"na\@corp.example`},
			)),
			aws: `PATCH /Users/u1 ` + patchOf + `{"op":"replace","path":"userName","value":"ana.li@corp.example"},` +
				`{"op":"replace","path":"name.givenName","value":"Äna"},` +
				`{"op":"replace","path":"emails[value eq ` +
				`\"a\\\"na\\\\@corp.example\"].value","value":"ana.li@corp.example"}]}`,
			also: `PATCH /Users/u1 ` + patchOf + `{"op":"replace","path":"userName","value":"ana.li@corp.example"},` +
				`{"op":"replace","path":"name.givenName","value":"Äna"},` +
				`{"op":"replace","path":"emails","value":[{"type":"home","value":"home@corp.example"},` +
				`{"primary":true,"type":"work","value":"ana.li@corp.example"}]}]}`,
			record: `{"id":"u1","emails":[{"value":"home@corp.example","type":"home"},` +
				`{"value":"a\"na\\@corp.example","type":"work","primary":true}]}`,
		},
		"a first e-mail": {
			in: with(intent(model.UpdateUser), changes(model.FieldDiff{Name: "emails", Source: lone})),
			aws: `PATCH /Users/u1 ` + patchOf +
				`{"op":"add","path":"emails","value":[{"value":"ana@corp.example","type":"work","primary":true}]}]}`,
			also: `PATCH /Users/u1 ` + patchOf +
				`{"op":"replace","path":"emails","value":[` +
				`{"value":"ana@corp.example","type":"work","primary":true}]}]}`,
			record: `{"id":"u1"}`,
		},
		"no e-mail any more": {
			in:     with(intent(model.UpdateUser), changes(model.FieldDiff{Name: "emails", Target: lone})),
			aws:    `PATCH /Users/u1 ` + patchOf + `{"op":"remove","path":"emails[value eq \"ana@corp.example\"]"}]}`,
			also:   `PATCH /Users/u1 ` + patchOf + `{"op":"remove","path":"emails"}]}`,
			record: `{"id":"u1","emails":["ana@corp.example"]}`,
		},
		"create a group": {
			in:  intent(model.CreateGroup),
			aws: `POST /Groups {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"aws-a"}`,
		},
		"rename a group": {
			in: with(intent(model.RenameGroup), changes(model.FieldDiff{
				Name: "displayName", Source: "aws-b",
				Target: "aws-a",
			})),
			aws: `PATCH /Groups/g1 ` + patchOf + `{"op":"replace","path":"displayName","value":"aws-b"}]}`,
		},
		"delete a group": {in: intent(model.DeleteGroup), aws: `DELETE /Groups/g1 `},
		"add members": {
			in: intent(model.AddMembers),
			aws: `PATCH /Groups/g1 ` + patchOf +
				`{"op":"add","path":"members","value":[{"value":"u1"},{"value":{"$id":"create bo"}}]}]}`,
		},
		"add members to a group to come": {
			in: with(intent(model.AddMembers), func(in *model.Intent) {
				in.Group = model.GroupRef{
					Name: "aws-a",
					Ref:  "create {$id:x}/..",
				}
				known(in)
			}),
			aws: `PATCH /Groups/{$id:create%20%7B$id:x%7D%2F..} ` + patchOf +
				`{"op":"add","path":"members","value":[{"value":"u1"}]}]}`,
		},
		"remove members": {
			in:   with(intent(model.RemoveMembers), known),
			aws:  `PATCH /Groups/g1 ` + patchOf + `{"op":"remove","path":"members","value":[{"value":"u1"}]}]}`,
			also: `PATCH /Groups/g1 ` + patchOf + `{"op":"remove","path":"members[value eq \"u1\"]"}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if c.also == "" {
				c.also = c.aws
			}
			for dialect, want := range map[string]string{AWS: c.aws, Generic: c.also} {
				target := pure(t, dialect, &features{})
				asks := target.Needs(c.in) == model.RecordRef{Type: model.SubjectUser, ID: "u1"}
				if asks != (dialect == Generic && c.record != "") {
					t.Errorf("%s asks for the record: %v", dialect, asks)
				}
				if asks {
					c.in.Record = []byte(c.record)
				}
				got, err := target.Encode(c.in)
				c.in.Record = nil
				if err != nil || len(got) != 1 {
					t.Fatalf("%s: %d requests, %v", dialect, len(got), err)
				}
				r := got[0].Request
				if diff := cmp.Diff(want, fmt.Sprintf("%s %s %s", r.Method, r.Path, r.Body)); diff != "" {
					t.Errorf("%s: %s", dialect, diff)
				}
				if diff := cmp.Diff(c.in.Members, got[0].Members); diff != "" {
					t.Errorf("%s: about others: %s", dialect, diff)
				}
				if r.Service != model.ServiceTarget || r.Headers == nil || r.Headers["Authorization"] != "" {
					t.Errorf("%s: %+v", dialect, r)
				}
				if (r.Headers["Content-Type"] == "application/scim+json") != (r.Body != nil) {
					t.Errorf("%s: headers %v", dialect, r.Headers)
				}
			}
		})
	}
}

func TestWhatCannotBeWordedIsAnError(t *testing.T) {
	for name, in := range map[string]*model.Intent{
		"no id of the user":  with(intent(model.DeleteUser), func(in *model.Intent) { in.Subject.TargetID = "" }),
		"dots for an id":     with(intent(model.DeactivateUser), func(in *model.Intent) { in.Subject.TargetID = ".." }),
		"no id of the group": with(intent(model.DeleteGroup), func(in *model.Intent) { in.Group.ID = "" }),
		"a group to come": with(intent(model.DeleteGroup),
			func(in *model.Intent) { in.Group = model.GroupRef{Ref: "k"} }),
		"no name of the group": with(intent(model.CreateGroup), func(in *model.Intent) { in.Group.Name = " \t" }),
		"no bytes of text":     with(intent(model.CreateGroup), func(in *model.Intent) { in.Group.Name = "a\xff" }),
		"no userName":          with(intent(model.CreateUser), func(in *model.Intent) { in.User.UserName = "" }),
		"no displayName":       with(intent(model.CreateUser), func(in *model.Intent) { in.User.DisplayName = " " }),
		"no user":              with(intent(model.CreateUser), func(in *model.Intent) { in.User = nil }),
		"nothing to update":    intent(model.UpdateUser),
		"nothing to rename to": intent(model.RenameGroup),
		"an empty new userName": with(intent(model.UpdateUser),
			changes(model.FieldDiff{Name: "userName", Target: lone})),
		"an empty new group name": with(intent(model.RenameGroup),
			changes(model.FieldDiff{Name: "displayName", Target: "x"})),
		"a change of activity": with(intent(model.UpdateUser),
			changes(model.FieldDiff{Name: "active", Source: "true"})),
		"the same twice": with(intent(model.UpdateUser), changes(
			model.FieldDiff{Name: "displayName", Source: "a"}, model.FieldDiff{Name: "displayName", Source: "b"},
		)),
		"nobody to add":    with(intent(model.AddMembers), func(in *model.Intent) { in.Members = nil }),
		"nobody to remove": with(intent(model.RemoveMembers), func(in *model.Intent) { in.Members = nil }),
		"a member without an id": with(intent(model.RemoveMembers),
			func(in *model.Intent) { in.Members = []model.Member{{UserName: "a"}} }),
		"a member to come removed": intent(model.RemoveMembers),
		"another channel":          with(intent(model.DeleteUser), func(in *model.Intent) { in.Channel = model.Nudge }),
		"no write":                 intent(model.OpenApp),
	} {
		for _, dialect := range []string{AWS, Generic} {
			if got, err := pure(t, dialect, &features{}).Encode(in); err == nil || got != nil {
				t.Errorf("%s, %s: %+v", name, dialect, got)
			}
		}
	}
	nameless := with(intent(model.CreateUser), func(in *model.Intent) { in.User.GivenName = "" })
	if _, err := pure(t, AWS, nil).Encode(nameless); err == nil || !strings.Contains(err.Error(), "name.givenName") {
		t.Errorf("AWS takes nobody without a given name: %v", err)
	}
	if _, err := pure(t, Generic, &features{}).Encode(nameless); err != nil {
		t.Errorf("the standard does: %v", err)
	}
	emptied := with(intent(model.UpdateUser), changes(model.FieldDiff{Name: "name.givenName", Target: "Ana"}))
	if _, err := pure(t, AWS, nil).Encode(emptied); err == nil {
		t.Error("AWS takes no empty given name")
	}
	if got, err := pure(t, Generic, &features{}).Encode(emptied); err != nil ||
		!strings.Contains(string(got[0].Request.Body), `{"op":"remove","path":"name.givenName"}`) {
		t.Errorf("%+v %v", got, err)
	}
}

func TestWhatTheTargetOffersIsFoundOutBefore(t *testing.T) {
	for name, c := range map[string]struct {
		config   any
		prepared bool
		patches  bool
	}{
		"offers PATCH":              {object{"patch": object{"supported": true}}, true, true},
		"says nothing of PATCH":     {object{}, true, true},
		"says it with a word":       {object{"patch": object{"supported": "False"}}, true, false},
		"offers none":               {object{"patch": object{"supported": false}}, true, false},
		"has no document":           {nil, true, true},
		"a document that is broken": {`"x"`, true, true},
	} {
		s := serve(t, (&generic{config: c.config}).ServeHTTP)
		target := client(t, s.URL, Generic)
		if _, err := target.Encode(intent(model.DeleteUser)); err == nil {
			t.Errorf("%s: encoded unprepared", name)
		}
		for range 2 {
			if err := target.Prepare(t.Context()); (err == nil) != c.prepared {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := len(s.asked()); n != 2 {
			t.Errorf("%s: %d requests", name, n)
		}
		in := intent(model.ActivateUser)
		in.Record = []byte(`{"id":"u1","userName":"ana@corp.example","active":false}`)
		got, err := target.Encode(in)
		if want := map[bool]string{true: http.MethodPatch, false: http.MethodPut}[c.patches]; err != nil ||
			got[0].Request.Method != want {
			t.Errorf("%s: %v %v, want %s", name, got, err, want)
		}
		for _, repair := range []model.RepairName{model.DeleteUser, model.CreateGroup} {
			if _, err := target.Encode(intent(repair)); err != nil {
				t.Errorf("%s: %s: %v", name, repair, err)
			}
		}
	}
	down := serve(t, func(rw http.ResponseWriter, _ *http.Request) { reply(rw, 500, "") })
	target := client(t, down.URL, Generic)
	if err := target.Prepare(t.Context()); err == nil {
		t.Error("a target that is down passes for prepared")
	}
	if _, err := target.Encode(intent(model.DeleteUser)); err == nil {
		t.Error("encoded although the target could not be asked")
	}
	half := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ServiceProviderConfig" {
			reply(rw, 500, "")
			return
		}
		(&generic{}).ServeHTTP(rw, r)
	})
	if err := client(t, half.URL, Generic).Prepare(t.Context()); err == nil {
		t.Error("a target that fails to say whether it takes a PATCH passes for prepared")
	}
	aws := client(t, down.URL, AWS)
	if err := aws.Prepare(t.Context()); err != nil || aws.Requests() != 0 {
		t.Errorf("AWS was asked: %v", err)
	}
}

func TestMembersGoInHundreds(t *testing.T) {
	for _, dialect := range []string{AWS, Generic} {
		for _, repair := range []model.RepairName{model.AddMembers, model.RemoveMembers} {
			in := intent(repair)
			in.Members = nil
			for i := range 250 {
				in.Members = append(in.Members, model.Member{ID: fmt.Sprint("u", i)},
					model.Member{ID: fmt.Sprint("u", i/2)})
			}
			got, err := pure(t, dialect, &features{}).Encode(in)
			if err != nil || len(got) != 3 {
				t.Fatalf("%s %s: %d requests, %v", dialect, repair, len(got), err)
			}
			seen := map[string]bool{}
			for _, one := range got {
				if len(one.Members) > 100 {
					t.Errorf("%d members at once", len(one.Members))
				}
				for _, m := range one.Members {
					if seen[m.ID] || strings.Count(string(one.Request.Body), `"`+m.ID+`"`)+strings.Count(
						string(one.Request.Body),
						`\"`+m.ID+`\"`) != 1 {
						t.Errorf("%s %s: %s twice or not in its request", dialect, repair, m.ID)
					}
					seen[m.ID] = true
				}
			}
			if len(seen) != 250 {
				t.Errorf("%d of 250 members", len(seen))
			}
		}
	}
}

func hostileID() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(), rapid.StringMatching(`[./\\%;?# 25eEfFcC{}$id:]{0,12}`),
		rapid.SampledFrom([]string{
			"", ".", "..", "../Groups", "%2e%2e", "%252e%252e%252fUsers", "a/../..", `..\Users`,
			"..;/Users", "%2525252525252e", " ", "?x", "#", "a\r\nX: y", "{$id:s1}", "/",
		}),
	)
}

// TestNoIDLeadsElsewhere: whatever an id holds, its request addresses one record below its collection however often a
// proxy decodes the path, and Write would take it; or there is no request.
func TestNoIDLeadsElsewhere(t *testing.T) {
	clients := []*Client{pure(t, AWS, nil), pure(t, Generic, &features{})}
	repairs := []model.RepairName{
		model.DeleteUser, model.DeactivateUser, model.UpdateUser, model.DeleteGroup,
		model.RenameGroup, model.AddMembers, model.RemoveMembers,
	}
	rapid.Check(t, func(t *rapid.T) {
		in := intent(rapid.SampledFrom(repairs).Draw(t, "repair"))
		id := hostileID().Draw(t, "id")
		in.Subject.TargetID, in.Group.ID, in.Members = id, id, []model.Member{{ID: hostileID().Draw(t, "member")}}
		in.Changes = []model.FieldDiff{{Name: "displayName", Source: hostileID().Draw(t, "name")}}
		c := rapid.SampledFrom(clients).Draw(t, "dialect")
		got, err := c.Encode(in)
		if err != nil {
			return
		}
		r := got[0].Request
		collection, segment, ok := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
		plain, err := url.PathUnescape(segment)
		if !ok || err != nil || collection != "Users" && collection != "Groups" || plain != id ||
			strings.ContainsAny(segment, "/?#") {
			t.Fatalf("%q became %q", id, r.Path)
		}
		path := r.Path
		for range 4 {
			u := url.URL{Path: strings.ReplaceAll(path, `\`, "/")}
			if below := u.JoinPath().Path; strings.Trim(strings.TrimPrefix(below, "/"+collection), "/. ") == "" ||
				!strings.HasPrefix(below, "/"+collection+"/") {
				t.Fatalf("%q becomes %q on the way", r.Path, below)
			}
			if path, err = url.PathUnescape(path); err != nil {
				break
			}
		}
		if _, err := c.readWrite(r); err != nil {
			t.Fatalf("%q is encoded and not written: %v", r.Path, err)
		}
		if !json.Valid(r.Body) && r.Method != http.MethodDelete {
			t.Fatalf("%s", r.Body)
		}
	})
}
