package scim

import (
	"context"
	"path"
	"slices"
	"strings"
)

// usersOnly reports whether resource types name users and nothing that may be groups.
func usersOnly(types []resourceType) bool {
	_, users := entryOf(ofUsers, types)
	return users && !slices.ContainsFunc(types, func(one resourceType) bool {
		return strings.EqualFold(string(one.Schema), ofGroups.schema()) ||
			strings.EqualFold(string(one.Name), ofGroups.typeName()) ||
			strings.EqualFold(string(one.ID), ofGroups.typeName()) ||
			strings.EqualFold("/"+path.Base(string(one.Endpoint)), ofGroups.usual())
	})
}

// withoutGroups reports whether this target has no groups: the configuration says so, it announces users only, or it
// announces nothing and answered a list of groups with a 404 in SCIM's words, as pranems/SCIMServer 0.55 does with its
// preset for users.
func (c *Client) withoutGroups(ctx context.Context, err error) bool {
	if c.noGroups {
		return true
	}
	places, lost := c.features.endpoints(ctx, c)
	if lost != nil || !c.manner.announces {
		return false
	}
	status := answered404(err)
	return places.noGroups || places.unsaid && status != nil && isSCIMError(status.Body)
}
