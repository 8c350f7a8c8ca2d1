package onelogin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// GetRole reads one role by id, and whether it grants the app: the app names it, or its own list of apps has the app.
// found is false if it is gone.
func (c *Client) GetRole(ctx context.Context, id string) (r model.Role, found bool, err error) {
	if !isUserID(id) { // role ids are numbers too, and dots would climb in the path
		return model.Role{}, false, errors.New("this is not the id of a role of OneLogin; reload, and choose one " +
			"with an id")
	}
	one, err := c.readRole(ctx, id)
	if isNotFound(err) {
		return model.Role{}, false, c.verifyRoleGone(ctx, id)
	}
	if err != nil {
		return model.Role{}, false, err
	}
	app, err := c.readApp(ctx, false)
	if err != nil {
		return model.Role{}, false, err
	}
	grants := one.grants(&app)
	if !grants {
		// Which scope that takes the documentation is not of one mind about; where it is refused, what the app or the
		// role says has to do, if either says anything.
		grants, err = c.roleHasApp(ctx, id, app.ID)
		status := transport.StatusOf(err)
		refused := status == http.StatusUnauthorized || status == http.StatusForbidden
		if err != nil && (!refused || countUnknownGrants(app, []role{one}) > 0) {
			return model.Role{}, false, err
		}
	}
	return one.toModelWithoutUsers(grants), true, nil
}

func (c *Client) roleHasApp(ctx context.Context, roleID, appID string) (bool, error) {
	type item struct {
		ID id `json:"id"`
	}
	got := walk(ctx, c, list[item]{
		path: "/api/2/roles/" + url.PathEscape(roleID) + "/apps", limits: []int{650, 100},
		scope: readAll + " or " + manageAll,
		id:    func(i item) string { return string(i.ID) },
	}, nil)
	if got.err != nil || got.reason != "" {
		return false, errors.Join(got.err, fmt.Errorf("the apps of role %s were not read in full",
			transport.OneLine(roleID)))
	}
	return slices.ContainsFunc(got.rows, func(i item) bool { return string(i.ID) == appID }), nil
}

// ListRoles reads all roles once more, without their users, and the app where that is to be read anew too. Its coverage
// is that of the groups of Roles.
func (c *Client) ListRoles(ctx context.Context, appAnew bool) ([]model.Role, model.Coverage) {
	app, err := c.readApp(ctx, appAnew)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	rows, coverage := c.readRoleList(ctx, app, roleNameFields, nil)
	return model.Map(rows, func(r *role) model.Role { return r.toModelWithoutUsers(r.grants(&app)) }), coverage
}

func (r *role) toModelWithoutUsers(grants bool) model.Role {
	return model.Role{
		ID: roleID(*r), Name: r.Name.value, Grants: grants, Users: model.MemberList{Unknown: "not asked for"},
	}
}

const roleNameFields = "id,name,apps"

func (c *Client) walkRoles(ctx context.Context, fields string, told progress) walkResult[role] {
	return walk(ctx, c, list[role]{
		path: "/api/2/roles", limits: []int{650, 100}, extra: url.Values{"fields": {fields}}, scope: readAll,
		id: roleID,
	}, told)
}
