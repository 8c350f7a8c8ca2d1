package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// cannotListGroups: an endpoint of the older generation answers for one pair of user and group at a time only.
const cannotListGroups = "this endpoint cannot list the groups of a user; the AWS lens can: configure " +
	"[connections.NAME.aws]"

// GroupsOf gives the groups that a user is in directly, in the order in which the target lists them. incomplete is why
// there may be more, empty if these are all; the error is for a user who is gone or a read that failed.
func (c *Client) GroupsOf(ctx context.Context, userID string) (groups []model.GroupRef, incomplete string, err error) {
	if !isAddressable(userID) {
		return nil, "", fmt.Errorf("%q is not the id of a user; reload all users", userID)
	}
	if c.withoutGroups(ctx, nil) {
		return nil, "", nil
	}
	if c.dialect.membersInGroups {
		return c.groupsOfGeneric(ctx, userID)
	}
	return c.groupsOfAWS(ctx, userID)
}

// NamedGroups gives the ids of the groups that a user is in by the user's side of the directory: on AWS by the filter
// on groups, else by the groups that the list of users showed. told is false where the target has neither.
func (c *Client) NamedGroups(ctx context.Context, userID string) (groups []string, told bool, err error) {
	if c.dialect.membersInGroups {
		users := c.observed.snapshot().users
		for group, in := range users.groups {
			if slices.Contains(in, userID) {
				groups = append(groups, group)
			}
		}
		return groups, users.groups != nil && users.complete, nil
	}
	groups, err = readOnce(ctx, c, groupsList(userID), c.decodeGroupID)
	var heeds model.Tri
	if err == nil && len(groups) > 0 {
		heeds, err = c.heedsFilter(ctx, ofGroups, groupsFilter)
	}
	switch {
	case isRefusedRequest(err), heeds == model.No:
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("the groups of user %s could not be read: %s", userID, c.reason(err))
	case len(groups) == 0 && !c.filterWorks(ctx, ofGroups, groupsFilter):
		return nil, false, fmt.Errorf("the target names no group of user %s, nor of one who is in one, so that its no "+
			"proves nothing; reload", userID)
	}
	return groups, true, nil
}

func errUserGone(userID string) error {
	return fmt.Errorf("user %s is gone from the target; reload all users", userID)
}

// groupsOfAWS asks the filter. AWS answers 404 for a user whom it does not know, so that nobody and no groups differ
// (docs.aws.amazon.com/singlesignon/latest/developerguide/listgroups.html).
func (c *Client) groupsOfAWS(ctx context.Context, userID string) ([]model.GroupRef, string, error) {
	rows, err := readOnce(ctx, c, groupsList(userID), c.decodeGroup)
	switch {
	case isRefusedRequest(err):
		return nil, cannotListGroups, nil
	case notFoundStatus(err) != nil && isSCIMError(notFoundStatus(err).Body):
		return nil, "", errUserGone(userID)
	case err != nil && !isShortfall(err):
		return nil, "", fmt.Errorf("the groups of user %s could not be read: %s", userID, c.reason(err))
	}
	if len(rows) > 0 {
		switch against := c.filterDistrust(ctx, ofGroups); {
		case isShortfall(against):
			return nil, c.reason(against), nil
		case against != nil:
			return nil, "", against
		}
	}
	groups, incomplete := make([]model.GroupRef, len(rows)), ""
	for i, r := range rows {
		groups[i] = r.groupRef()
	}
	if err != nil {
		incomplete = c.reason(err)
	}
	return groups, incomplete, nil
}

func (r readGroup) groupRef() model.GroupRef {
	return model.GroupRef{ID: r.group.ID, Name: r.group.Name}
}

// groupsOfGeneric asks the user's own record first: it tells whether they are there, and at many servers it names
// groups. The filter is believed where it shows that it works, and else all groups are walked.
func (c *Client) groupsOfGeneric(ctx context.Context, userID string) ([]model.GroupRef, string, error) {
	user, found, err := c.readRecord(ctx, ofUsers, userID)
	if err == nil && !found {
		err = errUserGone(userID)
	}
	if err != nil {
		return nil, "", err
	}
	groups, proven, err := c.groupsByFilter(ctx, userID)
	if err != nil {
		return nil, "", err
	}
	incomplete := ""
	if !proven {
		groups, incomplete = c.groupsByWalk(ctx, &user.user)
	}
	for _, id := range user.user.groups {
		if incomplete == "" && !slices.ContainsFunc(groups, func(g model.GroupRef) bool { return g.ID == id }) {
			incomplete = "the user's own record names groups that do not show the user among their members; compare " +
				"them at the target"
		}
	}
	return groups, incomplete, nil
}

// groupsByFilter asks for the groups of a user. An answer proves the filter if it names somebody's groups and the same
// question about nobody names none. The error is for a cancelled read only; a filter that fails is one that is not
// proven.
func (c *Client) groupsByFilter(ctx context.Context, userID string) (groups []model.GroupRef, proven bool, err error) {
	known, err := c.discovered.featuresOrNone(ctx, c)
	if err != nil || known.noFilter {
		return nil, false, err
	}
	rows, err := readOnce(ctx, c, groupsList(userID), c.decodeGroup)
	if ctx.Err() != nil {
		return nil, false, context.Cause(ctx)
	}
	if err != nil || len(rows) == 0 {
		return nil, false, nil //nolint:nilerr // what the filter does not answer the walk over all groups does
	}
	lists, err := c.memberListsOf(ctx, rows, userID)
	if err != nil {
		return nil, false, err
	}
	for i, r := range rows {
		if r.hasMembers && r.showsMembers() && !slices.Contains(lists[i].IDs, userID) {
			return nil, false, nil // a filter that is ignored lists groups of others
		}
		groups = append(groups, r.groupRef())
	}
	return groups, c.filterDistrust(ctx, ofGroups) == nil, nil
}

// groupsByWalk looks for the user in every group. Groups that the list shows without members are read one by one,
// unless the list shows those of others: then they are empty. Where no group shows any, the user's own record tells if
// such records name groups.
func (c *Client) groupsByWalk(ctx context.Context, user *readUser) (groups []model.GroupRef, incomplete string) {
	rows, err := readAll(ctx, c, list{what: "groups", collection: ofGroups}, c.decodeGroup, nil)
	if err != nil && len(rows) == 0 && c.withoutGroups(ctx, err) {
		return nil, ""
	}
	if err != nil {
		incomplete = "not all groups could be looked through: " + c.reason(err)
	}
	shows := slices.ContainsFunc(rows, readGroup.showsMembers)
	var ask []int
	for i, r := range rows {
		if !r.hasMembers || len(r.members) == 0 && !shows {
			ask = append(ask, i)
		}
	}
	errs := transport.Each(ctx, len(ask), inFlight, func(ctx context.Context, i int) error {
		r, found, err := c.readRecord(ctx, ofGroups, rows[ask[i]].group.ID)
		if found { // a group that has gone meanwhile has no members
			rows[ask[i]] = r.group
		}
		return err
	}, nil)
	if at := slices.IndexFunc(errs, func(err error) bool { return err != nil }); at >= 0 && incomplete == "" {
		incomplete = "not all groups could be looked through: " + c.reason(errs[at])
	}
	shows = shows || slices.ContainsFunc(rows, readGroup.showsMembers)
	named := !shows && len(rows) > 0 && (len(user.groups) > 0 || c.recordsNameGroups(ctx))
	lists, err := c.memberListsOf(ctx, rows, user.user.ID)
	if err != nil {
		return nil, err.Error()
	}
	unseen := 0
	for i, r := range rows {
		switch {
		case slices.Contains(lists[i].IDs, user.user.ID), named && slices.Contains(user.groups, r.group.ID):
			groups = append(groups, r.groupRef())
		case !shows && !named && (!r.hasMembers || !c.observed.believesEmpty()), lists[i].Unknown != "":
			unseen++
		}
	}
	if unseen > 0 && incomplete == "" {
		incomplete = fmt.Sprintf("%d groups do not show their members, and the user may be in any of them; compare "+
			"them at the target", unseen)
	}
	return groups, incomplete
}

// recordsNameGroups reports whether the own record of a user names groups, as the last list of users does for them, or
// else a page: a record that names none is believed of a target only where another one names some.
func (c *Client) recordsNameGroups(ctx context.Context) bool {
	named := ""
	for _, users := range c.observed.snapshot().users.groups {
		named = max(named, users[0]) // any, and the same one each time
	}
	if named == "" {
		p, err := c.readPageFrom(ctx, ofUsers, 1, "")
		if err != nil {
			return false
		}
		at := slices.IndexFunc(p.rows, func(raw json.RawMessage) bool {
			_, user, err := decodeUser(raw)
			return err == nil && len(user.groups) > 0
		})
		if at < 0 {
			return false
		}
		named, _, _ = decodeUser(p.rows[at])
	}
	one, found, err := c.readRecord(ctx, ofUsers, named)
	return err == nil && found && len(one.user.groups) > 0
}
