package onelogin

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
)

// role is an item of the list of roles. Users and apps are there only if asked for by "fields", and on some accounts not
// even then.
type role struct {
	ID    id     `json:"id"`
	Name  text   `json:"name"`
	Apps  idList `json:"apps"`
	Users idList `json:"users"`
}

// Roles reads all roles, also those that do not grant the app: a role of the same name proves where a lingering group came
// from. The coverage of groups is that of the list of roles; that of memberships needs the users of every granting role too.
func (c *Client) Roles(ctx context.Context, progress func(done, expected int)) (roles []model.Role, groups, memberships model.Coverage) {
	app, err := c.sharedApp(ctx, "roles", appFresh)
	if err != nil {
		unknown := model.UnknownCoverage(err.Error())
		return nil, unknown, unknown
	}
	got := walk(ctx, c, list[role]{
		path: "/api/2/roles", limits: []int{650, 100}, extra: url.Values{"fields": {"id,name,apps,users"}}, scope: readAll,
		id: func(r role) string { return string(r.ID) },
	}, progress)
	if got.err != nil && len(got.rows) == 0 {
		unknown := model.UnknownCoverage("the roles could not be read: " + got.reason)
		return nil, unknown, unknown
	}
	roles = make([]model.Role, len(got.rows))
	rules := c.needs(ctx, "roles")
	var open []int // granting roles, and those that rules ask for, whose users are still to be read
	for i, r := range got.rows {
		grants := slices.Contains(app.RoleIDs, string(r.ID)) || slices.Contains(r.Apps.ids, app.ID)
		roles[i] = model.Role{ID: string(r.ID), Name: r.Name.value, Grants: grants, Users: model.MemberList{IDs: r.Users.ids}}
		switch {
		case r.Users.set:
		case grants || model.NeedsRole(rules, roles[i].ID, roles[i].Name):
			open = append(open, i)
		default:
			roles[i].Users.Unknown = "not read, because the role does not grant the app and no rule asks for it"
		}
	}
	failed := c.readMembers(ctx, roles, open) // of roles that do not grant the app, only the rules suffer
	groups, memberships = model.CompleteCoverage(), model.CompleteCoverage()
	if failed > 0 {
		memberships = model.PartialCoverage(fmt.Sprintf("the users of %d of %d granting roles were not read in full", failed, granting(roles)))
	}
	if got.reason != "" {
		groups = model.PartialCoverage("of the roles " + got.reason)
		memberships = groups
	}
	return roles, groups, memberships
}

// readMembers reads the users of single roles, several at a time, and counts those that failed.
func (c *Client) readMembers(ctx context.Context, roles []model.Role, open []int) (failed int) {
	type member struct {
		ID       id     `json:"id"`
		Assigned toggle `json:"assigned"`
	}
	var group errgroup.Group
	group.SetLimit(pageWorkers)
	for _, i := range open {
		group.Go(func() error {
			got := walk(ctx, c, list[member]{
				path: "/api/2/roles/" + url.PathEscape(roles[i].ID) + "/users", limits: []int{1000, 100}, scope: readAll + " or " + manageAll,
				id: func(m member) string { return string(m.ID) },
			}, nil)
			members := model.MemberList{Unknown: got.reason}
			for _, m := range got.rows {
				if model.Tri(m.Assigned) != model.No {
					members.IDs = append(members.IDs, string(m.ID))
				}
			}
			roles[i].Users = members
			return nil
		})
	}
	_ = group.Wait() // none fails: a walk tells its failure in its result
	for _, i := range open {
		if roles[i].Grants && roles[i].Users.Unknown != "" {
			failed++
		}
	}
	return failed
}

func granting(roles []model.Role) (n int) {
	for i := range roles {
		if roles[i].Grants {
			n++
		}
	}
	return n
}
