package onelogin

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const appUsers = "the app's users"

const (
	// nonexistentAppID is an app id that no account has: whoever is listed for it is listed because the filter is
	// ignored.
	nonexistentAppID = "2147483647"
	// maxDisputed bounds the users who are asked one by one whether they have the app.
	maxDisputed = 10
)

// usersBeyondRoll judges the users whom OneLogin lists for the app though they are not on the app's own list. If
// OneLogin ignores the filter by app, which one request tells, they are just the others of the account. Else one of the
// two lists is wrong, and a roll that was cut must not make those who are missing from it look unassigned: a few are
// asked one by one, and of many nothing is believed. Users whose standing is settled come as unassigned or assigned,
// the others as RollOnly.
func (c *Client) usersBeyondRoll(
	ctx context.Context, roll, details walkResult[user], want neededFields,
) (others []model.User, dispute string) {
	if roll.reason != "" {
		return nil, "" // it is known to be short already
	}
	extra := notOnRoll(roll.rows, details.rows)
	switch {
	case len(extra) == 0:
		return nil, ""
	case c.ignoresAppFilter(ctx, details):
		return unassignedUsers(roll, extra, want), ""
	case len(extra) > maxDisputed:
		for i := range extra {
			others = append(others, disputedUser(&extra[i], want))
		}
		return others, fmt.Sprintf("%d users have the app by OneLogin's list of users and not by the app's own list; "+
			"one of the two is cut, so read again", len(extra))
	}
	return c.askDisputed(ctx, roll, extra, want)
}

func notOnRoll(roll, listed []user) (extra []user) {
	on := model.SetOf(roll, func(u *user) string { return string(u.ID) })
	for _, u := range listed {
		if !on[userID(u)] {
			extra = append(extra, u)
		}
	}
	return extra
}

// ignoresAppFilter: the list of users takes no notice of the filter by app. One of another length for no app does.
func (c *Client) ignoresAppFilter(ctx context.Context, details walkResult[user]) bool {
	p, err := userList(url.Values{"app_id": {nonexistentAppID}}).fetch(ctx, c, url.Values{"limit": {strconv.Itoa(1)}})
	if err != nil || len(p.rows) == 0 {
		return false
	}
	return p.total < 0 || details.reason != "" || p.total == len(details.rows)
}

// unassignedUsers makes users who do not have the app. Beside an empty roll there are none: whether a roll is believed
// to be empty is for the load to judge, and it must see that it is.
func unassignedUsers(roll walkResult[user], extra []user, want neededFields) (out []model.User) {
	if len(roll.rows) == 0 {
		return nil
	}
	for i := range extra {
		u, _ := extra[i].toModel(want, false)
		out = append(out, u)
	}
	return out
}

// disputedUser makes a user of whom it is not settled whether the app is assigned: they pair, and nothing is said of
// them.
func disputedUser(u *user, want neededFields) model.User {
	out, _ := u.toModel(want, true)
	out.RollOnly = true
	return out
}

// askDisputed asks each user for their apps. If none has this one, the app's list was right.
func (c *Client) askDisputed(
	ctx context.Context, roll walkResult[user], extra []user, want neededFields,
) (others []model.User, dispute string) {
	has := make([]bool, len(extra))
	errs := transport.Each(ctx, len(extra), concurrency, func(ctx context.Context, i int) (err error) {
		has[i], err = c.hasApp(ctx, userID(extra[i]))
		return err
	}, nil)
	leftOut, open, first := 0, 0, error(nil)
	for i := range extra {
		switch {
		case isNotFound(errs[i]): // deleted meanwhile
		case errs[i] != nil:
			open, first = open+1, cmp.Or(first, errs[i])
			others = append(others, disputedUser(&extra[i], want))
		case has[i]:
			leftOut++
			others = append(others, extra[i].toModelAsRead(want, true))
		default:
			u, _ := extra[i].toModel(want, false)
			others = append(others, u)
		}
	}
	switch {
	case leftOut > 0:
		return others, fmt.Sprintf("the app's own list left out %d users who have the app, and may have left out "+
			"others; read again", leftOut)
	case open > 0:
		return others, fmt.Sprintf("%d users have the app by OneLogin's list of users and not by the app's own list, "+
			"and which is right could not be asked: %v", open, first)
	case len(roll.rows) == 0:
		return nil, "" // as unassigned
	}
	return others, ""
}

// AppUserIDs reads the ids of the app's users, in one request for each thousand. It is the only list that says who is
// assigned: a user's own apps go on showing one that is lost while the removal waits to be provisioned or approved.
func (c *Client) AppUserIDs(ctx context.Context) (ids []string, coverage model.Coverage) {
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	roll := c.walkRoll(ctx, appID)
	return model.Map(roll.rows, func(u *user) string { return string(u.ID) }), roll.coverage(appUsers)
}

func appUserList(appID string) list[user] {
	return list[user]{
		path: "/api/2/apps/" + url.PathEscape(appID) + "/users", limits: []int{1000, 100}, scope: readAll,
		id: userID,
	}
}

func (c *Client) walkRoll(ctx context.Context, appID string) walkResult[user] {
	roll := walk(ctx, c, appUserList(appID), nil)
	if len(roll.rows) > 0 {
		c.controls.knownUsers(roll.rows, false)
	}
	return roll
}
