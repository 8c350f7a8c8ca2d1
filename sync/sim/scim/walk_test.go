package scim

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Any walk, whatever its pages look like, brings every row exactly once; rows that are deleted or created meanwhile may
// be in it or not, at most once.
func TestWalkBringsEveryRowOnce(t *testing.T) {
	f := start(t, nil)
	rapid.Check(t, func(rt *rapid.T) {
		f.world.Target.Users, f.world.Target.UserOrder = map[string]*world.TargetUser{}, nil
		f.world.Target.Groups, f.world.Target.GroupOrder = map[string]*world.TargetGroup{}, nil
		ids := f.addUsers(rapid.IntRange(0, 60).Draw(rt, "users"))
		g := f.addGroup("g", ids...)
		knobs := Current().Unlimited()
		knobs.PageSize = rapid.IntRange(1, 100).Draw(rt, "page size")
		sizes := rapid.SliceOfN(rapid.IntRange(0, 20), 0, 5).Draw(rt, "sizes")
		if slices.ContainsFunc(sizes, func(n int) bool { return n > 0 }) {
			knobs.Paging = []fault.Paging{{Sizes: sizes}}
		}
		f.server.SetKnobs(knobs)
		query := ""
		if rapid.Bool().Draw(rt, "of the group") {
			query = "&" + filter(`groups.value eq "`+g.ID+`"`)
		}
		seen, touched := map[string]int{}, map[string]bool{}
		cursor := ""
		for page := 0; ; page++ {
			if page > 400 {
				rt.Fatal("the walk does not end")
			}
			count := ""
			if rapid.Bool().Draw(rt, "with count") {
				count = fmt.Sprint("&count=", rapid.IntRange(1, 100).Draw(rt, "count"))
			}
			r := f.want(200, "GET", "/Users?cursor="+url.QueryEscape(cursor)+count+query, nil)
			for _, id := range r.ids() {
				seen[id]++
			}
			if cursor = r.next(); cursor == "" {
				break
			}
			switch rapid.IntRange(0, 3).Draw(rt, "meanwhile") {
			case 0:
				if len(f.world.Target.UserOrder) > 0 {
					gone := rapid.SampledFrom(f.world.Target.UserOrder).Draw(rt, "deleted")
					touched[gone] = true
					if rapid.Bool().Draw(rt, "by request") {
						f.want(204, "DELETE", "/Users/"+gone, nil)
					} else {
						f.world.Target.RemoveUser(gone)
					}
				}
			case 1:
				name := fmt.Sprintf("new%d@corp.example", page)
				r := f.want(201, "POST", "/Users", user(name, nil))
				id, _ := r.doc["id"].(string)
				touched[id] = true
				g.Members[id] = true
			}
		}
		for id, times := range seen {
			if times != 1 {
				rt.Fatalf("row %s came %d times", id, times)
			}
		}
		for _, id := range ids {
			if seen[id] == 0 && !touched[id] {
				rt.Fatalf("row %s never came", id)
			}
		}
	})
}

func TestWalkEndsWhenItsGroupIsDeleted(t *testing.T) {
	f := start(t, nil)
	g := f.addGroup("g", f.addUsers(3)...)
	query := filter(`groups.value eq "` + g.ID + `"`)
	cursor := f.want(200, "GET", "/Users?cursor&count=1&"+query, nil).next()
	f.want(204, "DELETE", "/Groups/"+g.ID, nil)
	r := f.want(200, "GET", "/Users?count=1&cursor="+url.QueryEscape(cursor)+"&"+query, nil)
	if len(r.ids()) != 0 || r.next() != "" {
		t.Errorf("rows of a group that is gone: %s", r.text)
	}
}

func TestWalkLeavesOutWhoHasLeftTheGroup(t *testing.T) {
	f := start(t, nil)
	ids := f.addUsers(4)
	g := f.addGroup("g", ids...)
	query := "count=1&" + filter(`groups.value eq "`+g.ID+`"`)
	first := f.want(200, "GET", "/Users?cursor&"+query, nil)
	slices.Sort(ids)
	f.want(204, "PATCH", "/Groups/"+g.ID, patch(op("remove", "members", members(ids[1]))))
	second := f.want(200, "GET", "/Users?cursor="+url.QueryEscape(first.next())+"&"+query, nil)
	if !slices.Equal(first.ids(), ids[:1]) || !slices.Equal(second.ids(), ids[2:3]) {
		t.Errorf("pages %v and %v of %v", first.ids(), second.ids(), ids)
	}
}

// The world is changed by others, who keep no index true.
func TestChangesOfOthersAreSeen(t *testing.T) {
	f := start(t, nil)
	ids := f.addUsers(5)
	lookup := func(name string) []string {
		t.Helper()
		return f.want(200, "GET", "/Users?"+filter(`userName eq "`+name+`"`), nil).ids()
	}
	if got := lookup("u1@corp.example"); !slices.Equal(got, ids[1:2]) {
		t.Fatalf("first lookup: %v", got)
	}
	f.world.Target.Users[ids[1]].UserName = "renamed@corp.example"
	if got := lookup("u1@corp.example"); len(got) != 0 {
		t.Errorf("the old name still finds %v", got)
	}
	if got := lookup("RENAMED@corp.example"); !slices.Equal(got, ids[1:2]) {
		t.Errorf("the new name finds %v", got)
	}
	f.world.Target.RemoveUser(ids[2])
	if got := lookup("u2@corp.example"); len(got) != 0 {
		t.Errorf("a removed user is found: %v", got)
	}
	f.world.Target.AddUser(&world.TargetUser{ID: "twin", UserName: "U3@corp.example"})
	if got := lookup("u3@corp.example"); !slices.Equal(got, []string{ids[3], "twin"}) {
		t.Errorf("twins: %v", got)
	}
	// An id that comes back, which the service itself never lets happen.
	f.world.Target.AddUser(&world.TargetUser{ID: ids[2], UserName: "u2@corp.example"})
	if got := f.walk("/Users", "count=1", 9); !slices.Equal(slices.Concat(got...), f.world.Target.UserOrder) {
		t.Errorf("after an id came back: %v, want %v", got, f.world.Target.UserOrder)
	}
	g := f.addGroup("g", ids[0])
	query := "/Users?" + filter(`groups.value eq "`+g.ID+`"`)
	f.want(200, "GET", query, nil)
	delete(g.Members, ids[0])
	g.Members[ids[4]] = true
	if got := f.want(200, "GET", query, nil).ids(); !slices.Equal(got, ids[4:]) {
		t.Errorf("members after an exchange: %v", got)
	}
	g.DisplayName = "other"
	f.want(409, "POST", "/Groups", map[string]any{"displayName": "Other"})
	f.want(201, "POST", "/Groups", map[string]any{"displayName": "g"})
	slices.Reverse(f.world.Target.UserOrder)
	if got := f.walk("/Users", "count=2", 9); !slices.Equal(slices.Concat(got...), f.world.Target.UserOrder) {
		t.Errorf("after a reordering: %v, want %v", got, f.world.Target.UserOrder)
	}
}

// Twins, which only others can make, are found together and can be walked one by one.
func TestWalkOfALookup(t *testing.T) {
	f := start(t, nil)
	want := []string{"one", "two", "three"}
	for _, id := range want {
		f.world.Target.AddUser(&world.TargetUser{ID: id, UserName: "twin@corp.example"})
	}
	pages := f.walk("/Users", "count=1&"+filter(`userName eq "twin@corp.example"`), 9)
	if got := slices.Concat(pages...); len(pages) != 3 || !slices.Equal(got, want) {
		t.Errorf("pages %v, want the rows %v", pages, want)
	}
}
