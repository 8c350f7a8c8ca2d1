package scim

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// A member's value may be an id in another spelling, a userName, a user whom the list leaves out, a group, or nobody.
// Each is found out, and what cannot be makes the members of its group unknown, and of no other.
func TestMemberReferencesAreSettled(t *testing.T) {
	t.Parallel()
	const uuid = "2819c223-7f76-453a-919d-413861904646"
	people := func() []object {
		rows := userRows(3)
		rows[0]["id"] = uuid
		return rows
	}
	hidden := object{"id": "svc-1", "userName": "root@corp.example"}
	for name, c := range map[string]struct {
		ref      any
		answer   func(id string) (status int, body any, ours bool) // of /Users/ID, beside the listed users
		filter   func(path, attribute, value string) []object
		want     model.MemberList
		unlisted []string
	}{
		"as it is":      {ref: uuid, want: model.MemberList{IDs: []string{uuid}}},
		"in upper case": {ref: strings.ToUpper(uuid), want: model.MemberList{IDs: []string{uuid}}},
		"in braces":     {ref: "{" + uuid + "}", want: model.MemberList{IDs: []string{uuid}}},
		"as a URN, in upper case": {
			ref:  "urn:uuid:" + strings.ToUpper(uuid),
			want: model.MemberList{IDs: []string{uuid}},
		},
		"an id of no UUID":           {ref: "U2", want: model.MemberList{IDs: []string{"u2"}}},
		"the userName":               {ref: "user2@corp.example", want: model.MemberList{IDs: []string{"u2"}}},
		"the userName in upper case": {ref: "USER3@CORP.EXAMPLE", want: model.MemberList{IDs: []string{"u3"}}},
		"nobody":                     {ref: "u99", want: model.MemberList{Dangling: []string{"u99"}}},
		"a group without a type":     {ref: "g1", want: model.MemberList{Nested: []string{"g1"}}},
		"a user in no list": {
			ref: "svc-1", answer: only("svc-1", 200, hidden),
			want: model.MemberList{IDs: []string{"svc-1"}}, unlisted: []string{"svc-1"},
		},
		"a user in no list, upper": {
			ref: "SVC-1", answer: only("SVC-1", 200, hidden),
			want: model.MemberList{IDs: []string{"svc-1"}}, unlisted: []string{"svc-1"},
		},
		"an id that errs": {
			ref: "svc-1", answer: only("svc-1", 400, `{"detail":"no such form"}`),
			want: model.MemberList{Unknown: "could not be found out"},
		},
		"a gateway's 404 for all": {
			ref: "svc-1", answer: everybody(404, `{"detail":"Not Found"}`),
			want: model.MemberList{Unknown: "no SCIM error"},
		},
		"the address of another user": {
			ref: "svc-1", answer: only("svc-1", 200, object{"id": "u7", "userName": "x"}),
			want: model.MemberList{Unknown: "something else"},
		},
		// U2 is an account of its own here, whose id differs from another's in case only.
		"two ids that differ in case": {
			ref: "U2", answer: only("U2", 200, object{"id": "U2", "userName": "other@corp.example"}),
			want: model.MemberList{IDs: []string{"U2"}}, unlisted: []string{"U2"},
		},
		"the userName of a user in no list": {
			ref:  "root@corp.example",
			want: model.MemberList{IDs: []string{"svc-1"}}, unlisted: []string{"svc-1"},
			filter: func(_, _, value string) []object {
				return slices.DeleteFunc(append(people(), hidden),
					func(o object) bool { return o["userName"] != value })
			},
		},
	} {
		g := &generic{users: people(), groups: []object{
			groupRow(0, []object{{"value": c.ref}}), groupRow(1, members(2, 3)),
		}, filter: c.filter}
		g.single = g.find
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if id, one := strings.CutPrefix(r.URL.Path, "/Users/"); one && c.answer != nil {
				if status, body, ours := c.answer(id); ours {
					reply(rw, status, body)
					return
				}
			}
			g.ServeHTTP(rw, r)
		})
		reader, later := client(t, s.URL, Generic), client(t, s.URL, Generic)
		l := loadAll(t, reader, nil)
		later.Recall(t.Context(), l.users, l.groups)
		again, err := reader.MembersOf(t.Context(), "g0")
		recalled, laterErr := later.MembersOf(t.Context(), "g0")
		err = errors.Join(err, laterErr)
		for _, id := range c.want.IDs {
			for _, known := range []*Client{reader, later} {
				if in, _, err := known.GroupsOf(t.Context(), id); len(c.unlisted) == 0 &&
					(err != nil || !slices.Contains(names(in), "group-0")) {
					t.Errorf("%s: %s is in group-0, and found in %v %v", name, id, names(in), err)
				}
			}
		}
		for where, got := range map[string]model.MemberList{
			"load": l.lists[0], "alone": again, "by a later program": recalled,
		} {
			said := got.Unknown
			got.Unknown = ""
			want := c.want
			want.Unknown = ""
			if diff := cmp.Diff(want, got); diff != "" || err != nil || (said == "") != (c.want.Unknown == "") ||
				!strings.Contains(said, c.want.Unknown) {
				t.Errorf("%s, %s: %s %q %v", name, where, diff, said, err)
			}
		}
		var extra []string
		for _, u := range l.extra {
			extra = append(extra, u.ID)
		}
		if diff := cmp.Diff(c.unlisted, extra); diff != "" || len(l.lists[1].IDs) != 2 || l.lists[1].Unknown != "" {
			t.Errorf("%s: unlisted %s, other group %+v", name, diff, l.lists[1])
		}
		if len(c.unlisted) > 0 && l.membersC.State != model.Partial {
			t.Errorf("%s: a list of users that is not all passes for all: %v", name, l.membersC)
		}
	}
}

// A spelling that two users share means neither of them.
func TestASpellingOfTwoUsersMeansNeither(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(3), groups: []object{groupRow(0, []object{{"value": "{aB}"}})}}
	g.users[0]["id"], g.users[1]["id"] = "AB", "ab"
	g.single = g.find
	_, c := g.start(t)
	if l := loadAll(t, c, nil); len(l.lists[0].IDs) > 0 || len(l.lists[0].Dangling) != 1 {
		t.Errorf("%+v", l.lists[0])
	}
}

func only(id string, status int, body any) func(string) (int, any, bool) {
	return func(asked string) (int, any, bool) { return status, body, asked == id }
}

func everybody(status int, body any) func(string) (int, any, bool) {
	return func(string) (int, any, bool) { return status, body, true }
}

// A target whose members are userNames throughout costs one question, not one a user.
func TestOneQuestionIsEnoughForASpelling(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(90), groups: []object{groupRow(0, nil)}}
	var refs []object
	for _, u := range g.users {
		refs = append(refs, object{"value": u["userName"]})
	}
	g.groups[0]["members"] = refs
	s, c := g.start(t)
	l := loadAll(t, c, nil)
	wantCoverage(t, "memberships", l.membersC, model.Complete)
	if len(l.lists[0].IDs) != 90 || count(s, "/Users/") != 1 {
		t.Errorf("%d members after %d questions", len(l.lists[0].IDs), count(s, "/Users/"))
	}
}

// Beyond the look-up budget nobody knows who a member is: that group is unknown, and says so.
func TestReferencesBeyondTheBudgetAreUnknown(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(2), groups: []object{
		groupRow(0, members(1, 98)), groupRow(1, nil),
		groupRow(2, members(2)),
	}}
	for i := range 300 {
		g.groups[1]["members"] = append(members(),
			append(toRefs(g.groups[1]["members"]), object{"value": fmt.Sprint("gone", i)})...)
	}
	s, c := g.start(t)
	l := loadAll(t, c, nil)
	if count(s, "/Users/") != maxLookups || l.lists[0].Unknown != "" || len(l.lists[0].Dangling) != 1 ||
		l.lists[2].Unknown != "" {
		t.Errorf("%d questions, %+v", count(s, "/Users/"), l.lists[0])
	}
	if l.lists[1].Unknown == "" || len(l.lists[1].Dangling) != maxLookups-1 || l.membersC.State != model.Partial {
		t.Errorf("%q, %d dangling, %v", l.lists[1].Unknown, len(l.lists[1].Dangling), l.membersC)
	}
}

func toRefs(value any) []object {
	refs, _ := value.([]object)
	return refs
}

func count(s *target, path string) (n int) {
	for _, one := range s.asked() {
		if strings.HasPrefix(one, path) {
			n++
		}
	}
	return n
}

// Whom a reference means is told by the users that were listed, whatever becomes of the list that was given out, and
// also while a new list fails.
func TestReferencesNeedNoListOfTheCaller(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(3), groups: []object{groupRow(0, []object{{"value": "U2"}})}}
	g.single = g.find
	fails := false
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/Users" && fails {
			reply(rw, http.StatusForbidden, `{"detail":"no"}`)
			return
		}
		g.ServeHTTP(rw, r)
	})
	client := client(t, s.URL, Generic)
	want := model.MemberList{IDs: []string{"u2"}}
	for _, fails = range []bool{false, true} {
		users, _ := client.Users(t.Context(), func(int, int) {})
		clear(users)
		got, err := client.MembersOf(t.Context(), "g0")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("list fails: %v: %s %v", fails, diff, err)
		}
	}
}

// A search that lags does not find a user who was made a moment ago, and a group names them by userName: nobody must
// stay taken for gone.
func TestAUserWhoWasMadeSinceTheListIsKnownByName(t *testing.T) {
	g := &generic{users: userRows(3), groups: []object{groupRow(1, nil)}}
	g.filter = func(string, string, string) []object { return nil }
	userName := ""
	g.single = func(string) any {
		return groupRow(1, []object{{"value": userName}, {"value": userRow(1)["userName"]}})
	}
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			reply(rw, 201, object{"id": "new", "userName": userName})
			return
		}
		g.ServeHTTP(rw, r)
	})
	c := client(t, s.URL, Generic)
	if err := c.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Users(t.Context(), nil)
	c.Groups(t.Context(), nil)
	create := intent(model.CreateUser)
	userName = create.User.UserName
	before, err := c.MembersOf(t.Context(), "g1")
	if err != nil || len(before.Dangling) != 1 {
		t.Fatalf("before: %+v, %v", before, err)
	}
	if _, err := c.Write(t.Context(), request1(t, c, create)); err != nil {
		t.Fatal(err)
	}
	after, err := c.MembersOf(t.Context(), "g1")
	if err != nil || !slices.Equal(after.IDs, []string{"new", "u1"}) || len(after.Dangling) != 0 {
		t.Errorf("after: %+v, %v", after, err)
	}
}
