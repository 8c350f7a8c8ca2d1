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

// role is an item of the list of roles. On some accounts users and apps are not there though "fields" asks for them.
type role struct {
	ID    id     `json:"id"`
	Name  text   `json:"name"`
	Apps  idList `json:"apps"`
	Users idList `json:"users"`
}

func roleID(r role) string { return string(r.ID) }

func (r *role) grants(app *model.App) bool {
	return slices.Contains(app.RoleIDs, roleID(*r)) || slices.Contains(r.Apps.ids, app.ID)
}

// Roles reads all roles, also those that do not grant the app: a role of the same name proves where a lingering group
// came from. Roles that the app names and the list lacks are read by themselves, and are in the result. The coverage of
// groups is that of the list of roles; that of memberships needs the users of every granting role too.
func (c *Client) Roles(ctx context.Context, told progress) (roles []model.Role, groups, memberships model.Coverage) {
	ctx = transport.BeginPart(ctx)
	app, err := c.readApp(ctx, false)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error()), model.UnknownCoverage(err.Error())
	}
	rows, groups := c.readRoleList(ctx, app, "id,name,apps,users", told)
	if groups.State == model.Unknown {
		return nil, groups, groups
	}
	roles, failed, last := c.toModelRoles(ctx, app, rows)
	memberships = groups
	if failed > 0 && groups.Complete() {
		memberships = model.PartialCoverage(fmt.Sprintf(
			"the users of %d of %d granting roles were not read in full: %s", failed,
			model.CountIf(roles, func(r model.Role) bool { return r.Grants }), last))
	}
	return roles, groups, memberships
}

// readRoleList reads the list of roles. One that the app names and that is not listed shows that the list is cut.
func (c *Client) readRoleList(
	ctx context.Context, app model.App, fields string, told progress,
) (rows []role, coverage model.Coverage) {
	got := c.walkRoles(ctx, fields, told)
	if of := got.coverage("the roles"); of.State == model.Unknown {
		return nil, of
	}
	rows, nameless := withNames(got.rows)
	if len(rows) > 0 {
		c.controls.knownRoles(rows)
	}
	doubts := []string{"", nameless}
	if got.reason != "" {
		doubts[0] = "of the roles " + got.reason
	}
	if got.err == nil {
		strays, doubt := c.readUnlistedRoles(ctx, app, got.rows)
		rows, doubts = append(rows, strays...), append(doubts, doubt)
	}
	if grants := countUnknownGrants(app, rows); grants == len(rows) && app.RoleIDs == nil {
		return nil, model.UnknownCoverage(
			"neither the app nor the roles say which roles grant the app; check that the credential may read all " +
				"apps and roles")
	} else if grants > 0 {
		doubts = append(doubts, fmt.Sprintf("whether %d of %d roles grant the app is not said by the app nor by them",
			grants, len(rows)))
	}
	if doubts = model.NonEmpty(doubts...); len(doubts) > 0 {
		return rows, model.PartialCoverage(strings.Join(doubts, "; "))
	}
	return rows, model.CompleteCoverage()
}

// withNames leaves out the roles whose name is not in the answer: a role without one was not read, and taken for a role
// that yields nothing it would have its group called lingering.
func withNames(all []role) (rows []role, doubt string) {
	var nameless []string
	for _, r := range all {
		if strings.TrimSpace(r.Name.value) == "" {
			nameless = append(nameless, transport.OneLine(roleID(r)))
			continue
		}
		rows = append(rows, r)
	}
	if len(nameless) > 0 {
		doubt = fmt.Sprintf("role %s has no name in the answer", model.Few(nameless))
	}
	return rows, doubt
}

// countUnknownGrants counts the roles of which neither the app nor they say whether they grant the app.
func countUnknownGrants(app model.App, rows []role) int {
	if app.RoleIDs != nil {
		return 0
	}
	return model.CountIf(rows, func(r role) bool { return !r.Apps.set })
}

// toModelRoles makes the model's roles, with the users of those that grant the app or that rules ask for, and counts
// the granting ones whose users could not be read, with the reason of the last.
func (c *Client) toModelRoles(
	ctx context.Context, app model.App, rows []role,
) (roles []model.Role, failed int, last string) {
	roles = make([]model.Role, len(rows))
	rules := c.lastRules()
	var open []int // granting roles, and those that rules ask for, whose users are still to be read
	for i, r := range rows {
		grants := r.grants(&app)
		roles[i] = model.Role{
			ID: roleID(r), Name: r.Name.value, Grants: grants,
			Users: model.MemberList{IDs: r.Users.ids},
		}
		switch {
		case r.Users.set:
		case grants || model.NeedsRole(rules, roles[i].ID, roles[i].Name):
			open = append(open, i)
		default:
			roles[i].Users.Unknown = "not read, because the role does not grant the app and no rule asks for it"
		}
	}
	failed, last = c.readMembers(ctx, roles, open) // of roles that do not grant the app, only the rules suffer
	return roles, failed, last
}

// readMembers reads the users of single roles, several at a time, and counts those that failed, with the reason of the
// last. One answer that is the same for all of them ends the asking.
func (c *Client) readMembers(ctx context.Context, roles []model.Role, open []int) (failed int, last string) {
	type member struct {
		ID       id       `json:"id"`
		Assigned triValue `json:"assigned"`
	}
	errs := transport.Each(ctx, len(open), pageWorkers, func(ctx context.Context, n int) error {
		r := &roles[open[n]]
		got := walk(ctx, c, list[member]{
			path: "/api/2/roles/" + url.PathEscape(r.ID) + "/users", limits: []int{1000, 100},
			scope: readAll + " or " + manageAll, id: func(m member) string { return string(m.ID) },
		}, nil)
		r.Users = model.MemberList{Unknown: got.reason}
		for _, m := range got.rows {
			if model.Tri(m.Assigned) != model.No {
				r.Users.IDs = append(r.Users.IDs, string(m.ID))
			}
		}
		return got.err
	}, nil)
	for n, i := range open {
		if errs[n] != nil && roles[i].Users.Unknown == "" { // it was not asked for any more
			roles[i].Users.Unknown = errs[n].Error()
		}
		if roles[i].Grants && roles[i].Users.Unknown != "" {
			failed, last = failed+1, roles[i].Users.Unknown
		}
	}
	return failed, last
}
