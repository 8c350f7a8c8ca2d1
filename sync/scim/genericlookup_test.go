package scim

import (
	"testing"
)

func TestGenericLookups(t *testing.T) {
	exact := func(g *generic) func(path, attribute, value string) []object {
		return func(path, attribute, value string) (found []object) {
			for _, row := range map[string][]object{"/Users": g.users, "/Groups": g.groups}[path] {
				if row[attribute] == value {
					found = append(found, row)
				}
			}
			return found
		}
	}
	for name, change := range map[string]func(*generic){
		"filters":                 func(g *generic) { g.filter = exact(g) },
		"ignores filters":         func(*generic) {},
		"says it has no filters":  func(g *generic) { g.config = object{"filter": object{"supported": false}} },
		"refuses filters":         func(g *generic) { g.refuses = true },
		"ignores filters, 7 rows": func(g *generic) { g.page = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			g := &generic{users: userRows(33), groups: []object{groupRow(0, members(1)), groupRow(1, members())}}
			g.users[30]["externalId"] = 4711
			g.users[31]["externalId"] = "x"
			change(g)
			if g.filter != nil {
				g.users[30]["externalId"] = "4711"
			}
			g.single = g.find
			_, c := g.start(t)
			if u, found, err := c.FindUser(t.Context(), "USER30@corp.example", ""); err != nil || !found ||
				u.ID != "u30" {
				t.Errorf("by name in other case: %+v %v %v", u, found, err)
			}
			if u, found, err := c.FindUser(t.Context(), "nobody", "4711"); err != nil || !found || u.ID != "u31" {
				t.Errorf("by external id: %+v %v %v", u, found, err)
			}
			if u, found, err := c.FindUser(t.Context(), "nobody", "0815"); err != nil || found {
				t.Errorf("nobody: %+v %v %v", u, found, err)
			}
			if got, found, err := c.FindGroup(t.Context(), "group-1", ""); err != nil || !found || got.ID != "g1" {
				t.Errorf("group: %+v %v %v", got, found, err)
			}
			if list, err := c.MembersOf(t.Context(), "g0"); err != nil || len(list.IDs) != 1 || list.Unknown != "" {
				t.Errorf("members: %+v %v", list, err)
			}
			if _, err := c.MembersOf(t.Context(), "gone"); err == nil {
				t.Error("the members of a group that is gone")
			}
			if _, found, err := c.GetGroup(t.Context(), "gone"); found || err != nil {
				t.Errorf("a group that is gone: %v %v", found, err)
			}
		})
	}
}

func TestTwoThatDifferInCaseOnlyAreNotChosenBetween(t *testing.T) {
	g := &generic{groups: []object{{"id": "a", "displayName": "Ops"}, {"id": "b", "displayName": "OPS"}}}
	_, c := g.start(t)
	if got, found, err := c.FindGroup(t.Context(), "OPS", ""); err != nil || !found || got.ID != "b" {
		t.Errorf("the exact one: %+v %v %v", got, found, err)
	}
	if _, found, err := c.FindGroup(t.Context(), "ops", ""); err == nil || found {
		t.Error("one of two was chosen")
	}
}

// A group that shows nobody is empty only where the target is known to show members: some other group of one page
// tells.
func TestAGroupWithoutMembersIsEmptyOnlyWhereOthersShowSome(t *testing.T) {
	for name, c := range map[string]struct {
		others []object
		empty  bool
	}{
		"another shows one": {members(1), true}, "no group shows one": {members(), false},
		"no group has the attribute": {nil, false},
	} {
		g := &generic{
			users:  userRows(2),
			groups: []object{groupRow(0, nil), groupRow(1, c.others), groupRow(2, members())},
		}
		g.single = g.find
		_, client := g.start(t)
		for _, id := range []string{"g0", "g2"} {
			if list, err := client.MembersOf(t.Context(), id); err != nil || (list.Unknown == "") != c.empty ||
				len(list.IDs) != 0 {
				t.Errorf("%s, %s: %+v %v", name, id, list, err)
			}
			client.Groups(t.Context(), nil)
		}
	}
}

// A server that compares to the letter holds a name in the form in which somebody typed it. Each spelling is asked for,
// and each once: an ASCII name in small letters has one only.
func TestEverySpellingOfANameIsAskedFor(t *testing.T) {
	var asked []string
	g := &generic{groups: []object{{"id": "a", "displayName": "AWS-e\u0301quipe"}, {"id": "b", "displayName": "ops"}}}
	g.filter = func(_, attribute, value string) (found []object) {
		asked = append(asked, value)
		for _, row := range g.groups {
			if row[attribute] == value {
				found = append(found, row)
			}
		}
		return found
	}
	_, c := g.start(t)
	for _, known := range []struct {
		name  string
		id    string
		asked []string
	}{
		{"AWS-équipe", "a", []string{"AWS-équipe", "AWS-e\u0301quipe"}},
		{"AWS-e\u0301quipe", "a", []string{"AWS-e\u0301quipe"}},
		{"OPS", "b", []string{"OPS", "ops"}},
		{"nobody", "", []string{"nobody"}},
		{"Zoé", "", []string{"Zoé", "Zoe\u0301", "zoé"}},
	} {
		asked = nil
		got, found, err := c.FindGroup(t.Context(), known.name, "")
		at := 0 // the controls of negative answers stand between them
		for _, name := range asked {
			if at < len(known.asked) && name == known.asked[at] {
				at++
			}
		}
		if err != nil || found != (known.id != "") || got.ID != known.id || at != len(known.asked) ||
			len(asked) > len(known.asked)+1 {
			t.Errorf("%+q: %+v %v %v after asking for %+q, want %+q", known.name, got, found, err, asked, known.asked)
		}
	}
}
