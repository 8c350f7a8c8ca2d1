package onelogin

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// maxUnlistedRoles bounds the roles that are read one by one because the list left them out.
const maxUnlistedRoles = 10

// readUnlistedRoles reads the roles that the app names and the list of roles lacks. One that is gone is of no account:
// the app may go on naming a deleted role. One that is there shows that the list left it out, and perhaps others with
// it. An empty list is not mended in this way; the load judges it by what the app names.
func (c *Client) readUnlistedRoles(ctx context.Context, app model.App, listed []role) (found []role, doubt string) {
	if len(listed) == 0 {
		return nil, ""
	}
	var strays []string
	for _, id := range app.RoleIDs {
		if !slices.ContainsFunc(listed, func(r role) bool { return roleID(r) == id }) {
			strays = append(strays, id)
		}
	}
	if len(strays) > maxUnlistedRoles {
		return nil, fmt.Sprintf("the list left out %d roles that the app names; read again", len(strays))
	}
	read := make([]role, len(strays))
	errs := transport.Each(ctx, len(strays), pageWorkers, func(ctx context.Context, i int) (err error) {
		read[i], err = c.readRole(ctx, strays[i])
		return err
	}, nil)
	var left []string
	for i, id := range strays {
		switch {
		case isNotFound(errs[i]) && c.verifyRoleGone(ctx, id) == nil:
			continue
		case errs[i] == nil:
			found = append(found, read[i])
		}
		left = append(left, id)
	}
	if len(left) == 0 {
		return nil, ""
	}
	return found, fmt.Sprintf("the list left out roles that the app names (%s), and may have left out others; read "+
		"again", strings.Join(left, ", "))
}

// readRole reads a single role, which is its id and name and mostly no more
// (https://github.com/onelogin/terraform-provider-onelogin/pull/223).
func (c *Client) readRole(ctx context.Context, id string) (role, error) {
	var r role
	if _, err := c.api.GetJSON(ctx, "/api/2/roles/"+url.PathEscape(id), "", &r); err != nil {
		return role{}, explain(err, readUsers)
	}
	if roleID(r) != id || r.Name.wrongType || strings.TrimSpace(r.Name.value) == "" {
		return role{}, fmt.Errorf("OneLogin's answer for role %s lacks its id or name and is not believed; read again",
			id)
	}
	return r, nil
}
