package scim

import (
	"net/http"
	"net/url"
	"sort"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// readList reads what both lists have in common. about binds cursors to this list and filter.
func (c *call) readList(query url.Values, resource string) (terms []term, a ask, about string, err error) {
	about = resource + "\x00" + query.Get("filter")
	if query.Has("filter") {
		if terms, err = parseFilter(query.Get("filter"), c.knobs.FilterEscapes); err != nil {
			return nil, a, "", err
		}
	}
	for _, t := range terms {
		if t.value == "" { // github.com/slashdevops/idp-scim-sync/issues/75
			return nil, a, "", invalid("The filter value of %s is empty", t.attr)
		}
	}
	a, err = c.readAsk(query, about)
	return terms, a, about, err
}

// values are the terms by attribute, if they name exactly these attributes.
func values(terms []term, attrs ...string) (map[string]string, bool) {
	found := map[string]string{}
	for _, t := range terms {
		found[t.attr] = t.value
	}
	for _, attr := range attrs {
		if _, ok := found[attr]; !ok {
			return nil, false
		}
	}
	return found, len(terms) == len(attrs)
}

func (c *call) listUsers() (*answer, error) {
	terms, a, about, err := c.readList(c.query, "Users")
	if err != nil {
		return nil, err
	}
	show := func(id string) any { return c.showUser(c.target.Users[id]) }
	if len(terms) == 0 {
		return c.list(rows{c.target.UserOrder, c.hasUser, c.index.users.after, show}, a, about)
	}
	if v, ok := values(terms, "groups.value"); ok && c.knobs.MembershipFilters {
		g := c.target.Groups[v["groups.value"]]
		if g == nil {
			if c.knobs.UnknownGroupStatus != 0 {
				return nil, refuse(c.knobs.UnknownGroupStatus, "No group %s", v["groups.value"])
			}
			return c.list(rows{after: sorted(nil)}, a, about)
		}
		ids := c.index.memberIDs(g, a.cursor == "")
		keep := func(id string) bool { return g.Members[id] && c.hasUser(id) }
		return c.list(rows{ids, keep, sorted(ids), show}, a, about)
	}
	ids, err := c.findUsers(terms)
	if err != nil {
		return nil, err
	}
	return c.list(rows{ids, c.hasUser, c.index.users.among(ids), show}, a, about)
}

func (c *call) hasUser(id string) bool { return c.target.Users[id] != nil }

func (c *call) hasGroup(id string) bool { return c.target.Groups[id] != nil }

// sorted finds the place behind an id among sorted ones, whether it is still there or not.
func sorted(ids []string) func(string) (int, bool) {
	return func(id string) (int, bool) {
		return sort.Search(len(ids), func(i int) bool { return ids[i] > id }), true
	}
}

// findUsers answers the lookups: userName, externalId, id, id with manager.
func (c *call) findUsers(terms []term) ([]string, error) {
	if v, ok := values(terms, "username"); ok {
		return c.index.usersBy(c.target, c.index.userNames, v["username"], c.knobs.FoldUserNames,
			func(u *world.TargetUser) string { return u.UserName }), nil
	}
	if v, ok := values(terms, "externalid"); ok {
		return c.index.usersBy(c.target, c.index.userExternals, v["externalid"], c.knobs.FoldExternalIDs,
			func(u *world.TargetUser) string { return u.ExternalID }), nil
	}
	if v, ok := values(terms, "id"); ok {
		return []string{v["id"]}, nil
	}
	if v, ok := values(terms, "id", "manager"); ok {
		if u := c.target.Users[v["id"]]; u != nil && managerOf(u) == v["manager"] {
			return []string{u.ID}, nil
		}
		return nil, nil
	}
	return nil, invalid(preciseFilter)
}

func managerOf(u *world.TargetUser) string {
	doc, err := toDocument(u)
	if err != nil {
		return ""
	}
	work, _ := doc[enterpriseURN].(object)
	manager, _ := work["manager"].(object)
	id, _ := manager["value"].(string)
	return id
}

func (c *call) listGroups() (*answer, error) {
	terms, a, about, err := c.readList(c.query, "Groups")
	if err != nil {
		return nil, err
	}
	show := func(id string) any { return showGroup(c.target.Groups[id], true) }
	if len(terms) == 0 {
		return c.list(rows{c.target.GroupOrder, c.hasGroup, c.index.groups.after, show}, a, about)
	}
	if v, ok := values(terms, "members.value"); ok && c.knobs.MembershipFilters {
		if err = c.knownMember(v["members.value"]); err != nil {
			return nil, err
		}
		keep := func(id string) bool { return c.hasGroup(id) && c.target.Groups[id].Members[v["members.value"]] }
		return c.list(rows{c.target.GroupOrder, keep, c.index.groups.after, show}, a, about)
	}
	if a.walks && !c.knobs.GroupLookupCursor {
		return nil, invalid("A cursor is not accepted with this filter")
	}
	ids, err := c.findGroups(terms)
	if err != nil {
		return nil, err
	}
	return c.list(rows{ids, c.hasGroup, c.index.groups.among(ids), show}, a, about)
}

// knownMember refuses a member filter that names no user, so that "not a member" and "no such user" differ (developer
// guide "ListGroups").
func (c *call) knownMember(id string) error {
	if !c.hasUser(id) {
		return refuse(http.StatusNotFound, "No user %s", id)
	}
	return nil
}

// findGroups answers the lookups: displayName, externalId, id with members.
func (c *call) findGroups(terms []term) ([]string, error) {
	if v, ok := values(terms, "displayname"); ok {
		return c.groupsNamed(v["displayname"]), nil
	}
	if v, ok := values(terms, "externalid"); ok {
		return c.groupsExternal(v["externalid"]), nil
	}
	if v, ok := values(terms, "id", "members"); ok {
		if err := c.knownMember(v["members"]); err != nil {
			return nil, err
		}
		if g := c.target.Groups[v["id"]]; g != nil && g.Members[v["members"]] {
			return []string{g.ID}, nil
		}
		return nil, nil
	}
	return nil, invalid(preciseFilter)
}
