package scim

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

const traceback = "Traceback (most recent call last):\n  File \"/srv/scim/filters.py\", line 88, in parse\n    raise " +
	"KeyError(token)\nKeyError: 'Bearer " + bearer + "'\n"

// TestAFilterThatCrashesIsDoneWithout: whoever is looked up is looked for in the list, and a filter that crashes says
// nothing about members.
func TestAFilterThatCrashesIsDoneWithout(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(33), groups: []object{groupRow(0, nil), groupRow(1, nil)}}
	g.single = g.find
	down := false
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if down && r.URL.Path == "/Groups" || r.URL.Query().Has("filter") {
			reply(rw, 500, object{"status": 500, "detail": traceback + strings.Repeat("and so on\n", 50)})
			return
		}
		g.ServeHTTP(rw, r)
	})
	c := client(t, s.URL, Generic)
	if u, found, err := c.FindUser(t.Context(), "user30@corp.example", ""); err != nil || !found || u.ID != "u30" {
		t.Errorf("%+v %v %v", u, found, err)
	}
	if u, found, err := c.FindUser(t.Context(), "nobody", ""); err != nil || found {
		t.Errorf("nobody: %+v %v %v", u, found, err)
	}
	l := loadAll(t, c, func(int) int { return 2 })
	wantCoverage(t, "memberships", l.membersC, model.Unknown)
	for g, list := range l.lists {
		if list.Unknown == "" {
			t.Errorf("group %d passes for empty", g)
		}
	}
	down = true
	_, coverage := c.Groups(t.Context(), nil)
	wantCoverage(t, "groups", coverage, model.Unknown)
	said := coverage.Reason
	if !strings.Contains(said, "500: Traceback (most recent call last): File") || strings.ContainsAny(said, "\n\r") ||
		strings.Contains(said, bearer) || len(said) > 1100 || !strings.Contains(said, "reload") {
		t.Errorf("%q", said)
	}
	if _, found, err := c.FindGroup(t.Context(), "group-0", ""); err == nil || found {
		t.Error("a group passes for absent where neither filter nor list answers")
	}
}

func TestOneOfTwoGroupsOfANameIsNotChosen(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(2), groups: []object{
		{"id": "a", "displayName": "ops", "members": members(1)},
		{"id": "b", "displayName": "ops", "members": members(2)},
	}}
	g.single = g.find
	_, c := g.start(t)
	l := loadAll(t, c, nil)
	wantCoverage(t, "groups", l.groupsC, model.Complete)
	wantCoverage(t, "memberships", l.membersC, model.Complete)
	if len(l.groups) != 2 || l.lists[0].IDs[0] != "u1" || l.lists[1].IDs[0] != "u2" {
		t.Errorf("%+v %+v", l.groups, l.lists)
	}
	if got, found, err := c.FindGroup(t.Context(), "ops", ""); err == nil || found ||
		!strings.Contains(err.Error(), "2 groups") {
		t.Errorf("one was chosen: %+v %v %v", got, found, err)
	}
	if got, found, err := c.GetGroup(t.Context(), "b"); err != nil || !found || got.ID != "b" {
		t.Errorf("by id: %+v %v %v", got, found, err)
	}
}

// TestNoGroupIsAbsentWhereUsersAreInSome: a list of groups that is empty is no proof that one is not there while users
// show groups, not even of a group that none of them names.
func TestNoGroupIsAbsentWhereUsersAreInSome(t *testing.T) {
	t.Parallel()
	for _, in := range [][]object{nil, {{"value": "g7", "display": "another"}}} {
		users := userRows(2)
		users[0]["groups"] = in
		g := &generic{users: users}
		g.single = g.find
		_, c := g.start(t)
		loadAll(t, c, nil)
		if _, found, err := c.FindGroup(t.Context(), "ops", ""); found || (err == nil) != (in == nil) {
			t.Errorf("users are in %v: found %v, %v", in, found, err)
		}
	}
	users := userRows(2)
	users[0]["groups"] = []object{{"value": "g7", "display": "Ops"}}
	g := &generic{users: users, groups: []object{groupRow(1, members(1))}}
	g.single = g.find
	_, c := g.start(t)
	loadAll(t, c, nil)
	if _, found, err := c.FindGroup(t.Context(), "ops", ""); found || err == nil ||
		!strings.Contains(err.Error(), "its users name one") {
		t.Errorf("a group that a user names is not found: %v %v", found, err)
	}
}

func TestMembersWhoAreGoneCountForNobody(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(2), groups: []object{groupRow(0, members(1, 99)), groupRow(1, members(99))}}
	g.single = g.find
	_, c := g.start(t)
	l := loadAll(t, c, nil)
	wantCoverage(t, "memberships", l.membersC, model.Complete)
	d := model.Directory{Users: l.users, Groups: l.groups}
	d.Coverage[model.PartUsers], d.Coverage[model.PartGroups], d.Coverage[model.PartMemberships] = l.usersC, l.groupsC,
		l.membersC
	d.SetMembers(l.lists)
	if got := d.Members.Of(0); len(got) != 1 || d.Users[got[0]].ID != "u1" {
		t.Errorf("%v", got)
	}
	if d.Members.Total() != 1 || d.Groups[0].MembersUnknown != "" || d.Groups[1].MembersUnknown != "" {
		t.Errorf("%d memberships, %+v", d.Members.Total(), d.Groups)
	}
	list, err := c.MembersOf(t.Context(), "g0")
	if want := (model.MemberList{IDs: []string{"u1"}, Dangling: []string{"u99"}}); err != nil ||
		cmp.Diff(want, list) != "" {
		t.Errorf("as the target has them: %+v %v", list, err)
	}
	if notes := c.Notes(); len(notes) != 2 || !strings.Contains(notes[0], "names 1 member") {
		t.Errorf("the references to nobody are not counted: %q", notes)
	}
}

func TestARefusalIsQuotedWhateverItsShape(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"status":418,"scimType":"ourOwnWord","detail":["first\u001b[2J","second"]}`: "(418: first [2J; second)",
		`{"status":418,"scimType":"ourOwnWord"}`:                                      "(418: ourOwnWord)",
		`{"status":418,"scimType":["a","b"],"detail":[]}`:                             "(418: a; b)",
		`{"status":418,"scimType":7,"detail":{"en":"lost"}}`:                          "(418)",
	} {
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/Users") {
				reply(rw, 418, body)
				return
			}
			reply(rw, 404, "")
		})
		c := client(t, s.URL, Generic)
		_, coverage := c.Users(t.Context(), nil)
		wantCoverage(t, "users", coverage, model.Unknown)
		if err := c.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := c.Write(t.Context(), request1(t, c, intent(model.CreateUser)))
		if err == nil {
			t.Fatal("a refusal passes for success")
		}
		for _, said := range []string{coverage.Reason, err.Error()} {
			if !strings.Contains(said, want) {
				t.Errorf("%q does not quote %q", said, want)
			}
		}
	}
}

// writes are all repairs over the target, with a record where the client asks for one.
func writes(t *testing.T, c *Client) (requests []model.Request) {
	t.Helper()
	mails := changes(
		model.FieldDiff{Name: "emails", Source: "n@corp.example", Target: "o@corp.example"},
		model.FieldDiff{Name: "userName", Source: "n@corp.example", Target: "o@corp.example"},
	)
	for _, repair := range []model.RepairName{
		model.CreateUser, model.UpdateUser, model.ActivateUser, model.DeactivateUser, model.DeleteUser,
		model.CreateGroup, model.RenameGroup, model.DeleteGroup, model.AddMembers, model.RemoveMembers,
	} {
		in := intent(repair)
		in.Members = in.Members[:1]
		switch repair { //nolint:exhaustive // the others need no more
		case model.UpdateUser:
			in = with(in, mails)
		case model.RenameGroup:
			in = with(in, changes(model.FieldDiff{Name: "displayName", Source: "aws-b", Target: "aws-a"}))
		}
		switch c.Needs(in).Type { //nolint:exhaustive // nor do creates build on anything
		case model.SubjectUser:
			in.Record = []byte(`{"id":"u1","emails":[{"value":"x@corp.example","type":"home"},` +
				`{"value":"o@corp.example","type":"work","primary":true}]}`)
		case model.SubjectGroup:
			in.Record = []byte(`{"id":"g1","members":[{"value":"u1"},{"value":"u2"}]}`)
		}
		got, err := c.Encode(in)
		if err != nil {
			t.Fatalf("%s: %v", repair, err)
		}
		for _, one := range got {
			requests = append(requests, one.Request)
		}
	}
	return requests
}

func TestNoWriteFindsAnAddressByItsType(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*Client{
		AWS:             pure(t, AWS, nil),
		Generic:         pure(t, Generic, &features{}),
		"without PATCH": pure(t, Generic, &features{noPatch: true}),
		"with versions": pure(t, Generic, &features{etag: true}),
	} {
		mails := 0
		for _, r := range writes(t, c) {
			text := r.Path + " " + string(r.Body)
			if strings.Contains(text, "emails") && strings.Contains(text, "n@corp.example") {
				mails++
			}
			if strings.Contains(text, "[type") || strings.Contains(text, "type eq") {
				t.Errorf("%s: %s %s", name, r.Method, text)
			}
		}
		if mails != 1 {
			t.Errorf("%s: %d requests changed an address", name, mails)
		}
	}
}

// TestReadingAsksAndNeverWrites: some servers take a POST on a discovery document for something, so that none may go
// there.
func TestReadingAsksAndNeverWrites(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(3), groups: []object{groupRow(0, members(1)), groupRow(1, members())}}
	g.single = g.find
	var mu sync.Mutex
	methods := map[string]int{}
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		methods[r.Method+" "+strings.Split(r.URL.Path, "/")[1]]++
		mu.Unlock()
		g.ServeHTTP(rw, r)
	})
	c := client(t, s.URL, Generic)
	loadAll(t, c, func(int) int { return 1 })
	c.Capabilities(t.Context())
	if err := c.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, _, _ = c.FindUser(t.Context(), "user1@corp.example", "")
	_, _, _ = c.FindGroup(t.Context(), "group-0", "")
	_, _, _ = c.GroupsOf(t.Context(), "u1")
	_, _ = c.MembersOf(t.Context(), "g0")
	mu.Lock()
	defer mu.Unlock()
	for asked := range methods {
		if !strings.HasPrefix(asked, "GET ") {
			t.Errorf("reading sent %s", asked)
		}
	}
	if methods["GET ServiceProviderConfig"] != 1 || methods["GET ResourceTypes"] != 1 || methods["GET Users"] == 0 {
		t.Errorf("%v", methods)
	}
}

// TestACancelEndsAWait: whoever waits for what somebody else asks gives up with their own context, not with the answer,
// which may be through all its retries.
func TestACancelEndsAWait(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{AWS, Generic} {
		arrived, answer := make(chan struct{}, 99), make(chan struct{})
		s := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
			arrived <- struct{}{}
			<-answer
			reply(rw, 200, `{"Resources":[]}`)
		})
		c := client(t, s.URL, dialect)
		var first sync.WaitGroup
		first.Go(func() { c.Users(t.Context(), nil) })
		<-arrived
		ctx, cancel := cancelAfter(t)
		cancel()
		if _, coverage := c.Users(ctx, nil); coverage.Complete() {
			t.Errorf("%s: a cancelled read is complete", dialect)
		}
		close(answer)
		first.Wait()
	}
}

// TestADocumentThatFailsIsNotAskedForInTurn: each question goes through all its retries, and a directory has many.
func TestADocumentThatFailsIsNotAskedForInTurn(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(3), groups: []object{groupRow(0, members(1)), groupRow(1, members())}}
	g.single = g.find
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ServiceProviderConfig" {
			reply(rw, 503, "")
			return
		}
		g.ServeHTTP(rw, r)
	})
	c := client(t, s.URL, Generic)
	asked := func() (n int) {
		for _, one := range s.asked() {
			if one == "/ServiceProviderConfig" {
				n++
			}
		}
		return n
	}
	c.Users(t.Context(), nil)
	after := asked()
	for range 3 {
		if u, found, err := c.FindUser(t.Context(), "user1@corp.example", ""); err != nil || !found || u.ID != "u1" {
			t.Errorf("%+v %v %v", u, found, err)
		}
	}
	if more := asked() - after; after == 0 || more != 0 {
		t.Errorf("asked %d times, and %d more for three users", after, more)
	}
	c.Groups(t.Context(), nil)
	if asked() == after {
		t.Error("the next list did not ask again")
	}
}

func TestNoMoreIsAskedForThanIsAnnounced(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config object
		most   int
	}{
		"maxResults": {object{"filter": object{"supported": true, "maxResults": 20}}, 20},
		"maxPageSize": {object{
			"filter":     object{"maxResults": 90},
			"pagination": object{"index": true, "maxPageSize": "30"},
		}, 30},
		"more than we ask for": {object{"filter": object{"maxResults": 5000}}, 100},
		"nothing that says any": {
			object{"filter": object{"maxResults": 0}, "pagination": object{"maxPageSize": -1}},
			100,
		},
	} {
		g := &generic{
			users: userRows(45), groups: []object{groupRow(0, members(1)), groupRow(1, members())},
			config: c.config,
		}
		g.single = g.find
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if n, err := strconv.Atoi(r.URL.Query().Get("count")); err == nil && n > c.most {
				reply(rw, 400, object{"scimType": "tooMany", "detail": "no more than " + strconv.Itoa(c.most)})
				return
			}
			g.ServeHTTP(rw, r)
		})
		adapter := client(t, s.URL, Generic)
		users, coverage := adapter.Users(t.Context(), nil)
		wantCoverage(t, name, coverage, model.Complete)
		groups, _ := adapter.Groups(t.Context(), nil)
		counted := "count=" + strconv.Itoa(c.most)
		for _, asked := range s.asked() {
			if strings.Contains(asked, "count=") && !strings.HasSuffix(asked, counted) {
				t.Errorf("%s: %s", name, asked)
			}
		}
		if len(users) != 45 || len(groups) != 2 || !strings.Contains(strings.Join(s.asked(), " "), counted) {
			t.Errorf("%s: %d users, %d groups in %v", name, len(users), len(groups), s.asked())
		}
	}
}
