package onelogin

import (
	"context"
	"net/url"

	"github.com/scimdrift/scimdrift/model"
)

// Roll reads the ids of the app's users without their details, in one request for each thousand. It is the only list
// that says who is assigned: a user's own apps go on showing one that he has lost for as long as the removal waits to
// be provisioned or approved.
func (c *Client) Roll(ctx context.Context) (ids []string, coverage model.Coverage) {
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	roll := c.walkRoll(ctx, appID)
	for _, u := range roll.rows {
		ids = append(ids, userID(u))
	}
	switch {
	case roll.err != nil && len(roll.rows) == 0:
		return nil, model.UnknownCoverage("the app's users could not be read: " + roll.reason)
	case roll.reason != "":
		return ids, model.PartialCoverage("of the app's users " + roll.reason)
	}
	return ids, model.CompleteCoverage()
}

func rollOf(appID string) list[user] {
	return list[user]{
		path: "/api/2/apps/" + url.PathEscape(appID) + "/users", limits: []int{1000, 100}, scope: readAll,
		id: userID,
	}
}

func (c *Client) walkRoll(ctx context.Context, appID string) walked[user] {
	roll := walk(ctx, c, rollOf(appID), nil)
	if len(roll.rows) > 0 {
		c.controls.knownUsers(roll.rows, false)
	}
	return roll
}
