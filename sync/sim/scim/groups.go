package scim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// maxChanges is the number of membership changes in one request (user guide "Quotas").
const maxChanges = 100

func (c *call) getGroup() (*answer, error) { return &answer{http.StatusOK, showGroup(c.group)}, nil }

// showGroup never shows members, whoever is in the group (developer guide "GetGroup").
func showGroup(g *world.TargetGroup) object {
	doc := object{
		"id": g.ID, "displayName": g.DisplayName, "schemas": []string{groupURN},
		"meta": meta("Group", g.Created, g.Modified),
	}
	if g.ExternalID != "" {
		doc["externalId"] = g.ExternalID
	}
	return doc
}

// createGroup takes no members: the service does, and nobody here sends any.
func (c *call) createGroup() (*answer, error) {
	doc, err := parseObject(c.body)
	if err != nil {
		return nil, err
	}
	if doc, err = normalise(doc, groupAttributes(), ""); err != nil {
		return nil, err
	}
	g := &world.TargetGroup{Members: map[string]bool{}}
	g.DisplayName, _ = doc["displayName"].(string)
	g.ExternalID, _ = doc["externalId"].(string)
	switch {
	case g.DisplayName == "":
		return nil, errInvalid
	case hasDuplicate(c.target.Groups, g, nil, uniqueOfGroups()):
		return nil, errConflict
	}
	g.ID, g.CreatedBy, g.Created, g.Modified, g.Revision = c.newID(), "scim", c.now, c.now, 1
	c.target.AddGroup(g)
	return &answer{http.StatusCreated, showGroup(g)}, nil
}

// deleteGroup succeeds whatever hangs on the group. Assignments stay and point at an id that never comes back.
func (c *call) deleteGroup() (*answer, error) {
	c.target.RemoveGroup(c.id)
	return &answer{status: http.StatusNoContent}, nil
}

// memberValues reads [{"value": "ID"}, ...]. A member is a user: groups do not nest (user guide "Users, groups, and
// provisioning").
func memberValues(value any) ([]string, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, errInvalid
	}
	ids := make([]string, 0, len(list))
	for _, item := range list {
		entry, _ := item.(object)
		id, _ := valueByKey(entry, "value").(string)
		kind := valueByKey(entry, "type")
		if id == "" || kind != nil && kind != "User" {
			return nil, errInvalid
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// uniqueOfGroups are the attributes of which no two groups have the same value (user guide "Troubleshooting"; the
// knowledge-center page on provisioning).
func uniqueOfGroups() []unique[*world.TargetGroup] {
	return []unique[*world.TargetGroup]{
		{true, func(g *world.TargetGroup) string { return g.DisplayName }},
		{false, func(g *world.TargetGroup) string { return g.ExternalID }},
	}
}

// patchGroup changes a group. All operations are read and checked before the first is applied, so that a request that
// breaks a rule changes nothing.
func (c *call) patchGroup() (*answer, error) {
	g := c.group
	changes, err := c.readChanges()
	if err != nil {
		return nil, err
	}
	next := *g
	touched := map[string]bool{} // whether a user is in it afterwards
	total := 0
	for _, ch := range changes {
		ids, err := c.readGroupChange(ch, &next)
		if err != nil {
			return nil, err
		}
		total += len(ids)
		for _, id := range ids {
			if ch.op == "add" && c.target.Users[id] == nil {
				return nil, errNotFound
			}
			touched[id] = ch.op == "add"
		}
	}
	switch {
	case total > maxChanges: // in the whole request, not in each operation
		return nil, errInvalid
	case hasDuplicate(c.target.Groups, &next, g, uniqueOfGroups()):
		return nil, errConflict
	}
	if err := c.allowMembers(total); err != nil {
		return nil, err
	}
	g.DisplayName, g.ExternalID, g.Modified, g.Revision = next.DisplayName, next.ExternalID, c.now, g.Revision+1
	for id, in := range touched {
		if in {
			g.Members[id] = true
		} else {
			delete(g.Members, id)
		}
	}
	return &answer{status: http.StatusNoContent}, nil
}

// readGroupChange checks one operation, makes it on the group if it is none of members, and gives the users if it is.
func (c *call) readGroupChange(ch change, g *world.TargetGroup) ([]string, error) {
	if strings.EqualFold(ch.attr, "members") {
		return c.readMemberChange(ch)
	}
	attr := properName(ch.attr, groupAttributes())
	into := map[string]*string{"displayName": &g.DisplayName, "externalId": &g.ExternalID}[attr]
	if into == nil || ch.part != "" || ch.filter != nil || ch.op == "remove" && attr == "displayName" {
		return nil, errInvalid
	}
	if *into = ""; ch.op == "remove" {
		return nil, nil
	}
	value, err := checkValue(ch.value, groupAttributes()[attr], attr)
	if err == nil {
		*into, _ = value.(string)
	}
	return nil, err
}

// readMemberChange refuses what would change every membership at once (developer guide "PatchGroup" and "Limitations").
func (c *call) readMemberChange(ch change) ([]string, error) {
	if f := ch.filter; f != nil {
		if ch.op != "remove" || !c.knobs.MemberPathFilter || f.attr != "value" || ch.part != "" {
			return nil, errInvalid
		}
		return []string{f.value}, nil
	}
	if one, ok := ch.value.(object); ok {
		ch.value = []any{one}
	}
	list, isList := ch.value.([]any)
	switch {
	case ch.op == "replace":
		return nil, &failure{http.StatusBadRequest, "Replacing group memberships is not supported."}
	case ch.part != "" || isList && len(list) == 0 || ch.value == nil:
		return nil, errInvalid
	}
	ids, err := memberValues(ch.value)
	return slices.Compact(ids), err
}
