package scim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// maxChanges is the number of membership changes in one request (user guide "Quotas").
const maxChanges = 100

func (c *call) getGroup() (*answer, error) {
	g := c.target.Groups[c.id]
	if g == nil {
		return nil, refuse(http.StatusNotFound, "No group %s", c.id)
	}
	return &answer{http.StatusOK, showGroup(g, c.knobs.EmptyMembersOnGet)}, nil
}

func (c *call) createGroup() (*answer, error) {
	g, members, err := c.readGroup()
	if err != nil {
		return nil, err
	}
	if len(members) > maxChanges {
		return nil, invalid("A group is created with %d members at most", maxChanges)
	}
	if what := c.groupClash(g, nil); what != "" {
		return nil, refuse(http.StatusConflict, "Duplicate %s", what)
	}
	for _, id := range members {
		if c.target.Users[id] != nil {
			g.Members[id] = true
		} else if c.knobs.UnknownMemberCreate != 0 {
			return nil, refuse(c.knobs.UnknownMemberCreate, "No user %s", id)
		}
	}
	if err := c.allowMembers(len(members)); err != nil {
		return nil, err
	}
	g.ID, g.CreatedBy, g.Created, g.Modified, g.Revision = c.newID(), "scim", c.now, c.now, 1
	c.target.AddGroup(g)
	c.index.follow(c.target)
	return &answer{http.StatusCreated, showGroup(g, c.knobs.EmptyMembersOnGet)}, nil
}

// deleteGroup succeeds whatever hangs on the group. Assignments stay and point at an id that never comes back.
func (c *call) deleteGroup() (*answer, error) {
	if c.target.Groups[c.id] == nil {
		return nil, refuse(http.StatusNotFound, "No group %s", c.id)
	}
	c.target.RemoveGroup(c.id)
	c.index.groups.settle(c.target.GroupOrder)
	delete(c.index.members, c.id)
	return &answer{status: http.StatusNoContent}, nil
}

// readGroup reads the body of a create.
func (c *call) readGroup() (*world.TargetGroup, []string, error) {
	doc, err := parseObject(c.body)
	if err != nil {
		return nil, nil, err
	}
	g := &world.TargetGroup{Members: map[string]bool{}}
	var members []string
	known := []string{"displayName", "externalId", "members", "schemas", "id", "meta"}
	for given, value := range doc {
		at := slices.IndexFunc(known, func(name string) bool { return strings.EqualFold(name, given) })
		if value == nil {
			continue
		}
		if at < 0 {
			if c.drops(given) {
				continue
			}
			return nil, nil, invalid("Attribute %s is not supported", given)
		}
		switch known[at] {
		case "displayName":
			g.DisplayName, err = groupName(value)
		case "externalId":
			g.ExternalID, err = groupExternal(value)
		case "members":
			members, err = c.memberValues(value)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return g, members, checkText("displayName", g.DisplayName, maxText, true)
}

func groupName(value any) (string, error) {
	name, _ := value.(string)
	return name, checkText("displayName", name, maxText, true)
}

func groupExternal(value any) (string, error) {
	id, _ := value.(string)
	return id, checkText("externalId", id, maxExternalID, false)
}

// memberValues reads [{"value": "ID"}, ...]. A member is a user: groups do not nest (user guide "Users, groups, and
// provisioning").
func (c *call) memberValues(value any) ([]string, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, invalid("members must be an array")
	}
	ids := make([]string, 0, len(list))
	for _, item := range list {
		entry, ok := item.(object)
		if !ok {
			return nil, invalid("A member must be an object")
		}
		for name := range entry {
			if !slices.ContainsFunc([]string{"value", "$ref", "type"}, func(known string) bool { return strings.EqualFold(known, name) }) &&
				!c.drops("members."+name) {
				return nil, invalid("Attribute members.%s is not supported", name)
			}
		}
		if kind := member(entry, "type"); kind != nil && kind != "User" {
			return nil, invalid("Only users are members")
		}
		id, _ := member(entry, "value").(string)
		if id == "" {
			return nil, invalid(preciseNoName, "members.value")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// groupClash names the attribute of a group that another one has: display name and external id are unique (user guide
// "Troubleshooting"; the knowledge-center page on provisioning).
func (c *call) groupClash(g, self *world.TargetGroup) string {
	other := func(ids []string) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return self == nil || id != self.ID })
	}
	if (self == nil || self.DisplayName != g.DisplayName) && other(c.groupsNamed(g.DisplayName)) {
		return "GroupDisplayName"
	}
	if g.ExternalID != "" && (self == nil || self.ExternalID != g.ExternalID) && other(c.groupsExternal(g.ExternalID)) {
		return "ExternalId"
	}
	return ""
}

func (c *call) groupsNamed(name string) []string {
	return c.index.groupsBy(c.target, c.index.groupNames, name, c.knobs.FoldDisplayNames,
		func(g *world.TargetGroup) string { return g.DisplayName })
}

func (c *call) groupsExternal(id string) []string {
	return c.index.groupsBy(c.target, c.index.groupExternals, id, c.knobs.FoldExternalIDs,
		func(g *world.TargetGroup) string { return g.ExternalID })
}
