package onelogin

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
)

const (
	// countFrom is how many details may be missing before it is worth one request to ask how long the whole list is.
	countFrom = 20
	// maxSingles bounds the users that are read one by one: a tenth of an hour's calls.
	maxSingles = 500
)

// Users reads the users that the app is assigned to, with their details. Only the app's own list says who is assigned, and
// only the list of users says who is suspended, so both are read, at the same time. Who cannot be read in full keeps what
// the app's list says of him, and makes the users partial. Progress counts details.
func (c *Client) Users(ctx context.Context, progress func(done, expected int)) ([]model.User, model.Coverage) {
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return nil, model.UnknownCoverage(err.Error())
	}
	var roll, details walked[user]
	var group errgroup.Group
	group.Go(func() error {
		roll = walk(ctx, c, list[user]{
			path: "/api/2/apps/" + url.PathEscape(appID) + "/users", limits: []int{1000, 100}, scope: readAll, id: userID,
		}, nil)
		return nil
	})
	group.Go(func() error {
		details = walk(ctx, c, userList(url.Values{"app_id": {appID}}), progress)
		return nil
	})
	_ = group.Wait() // neither fails: a walk tells its failure in its result
	if roll.err != nil && len(roll.rows) == 0 {
		return nil, model.UnknownCoverage("the app's users could not be read: " + roll.reason)
	}
	known, trouble := c.complete(ctx, roll.rows, details)
	field, err := c.userNameField(ctx, "users")
	if err != nil && trouble == "" {
		trouble = "which field is sent as userName could not be read: " + err.Error()
	}
	if err != nil {
		known = nil // without the field nobody's userName is known, and so nobody's details are
	}
	users, doubt := normalise(roll.rows, known, wants(field, c.needs(ctx, "users")))
	switch {
	case roll.reason != "":
		return users, model.PartialCoverage("of the app's users " + roll.reason)
	case trouble != "":
		return users, model.PartialCoverage(trouble)
	case doubt != "":
		return users, model.PartialCoverage(doubt)
	}
	return users, model.CompleteCoverage()
}

func userID(u user) string { return string(u.ID) }

// userList asks for 100 a page, which the documentation is not of one mind about, and takes what it gets.
func userList(query url.Values) list[user] {
	return list[user]{path: "/api/2/users", query: query, limits: []int{100, 50}, scope: readAll, id: userID}
}

// complete finds the details of everybody on the roll. The list may hold more users, if OneLogin ignored the filter, or
// fewer; who is missing is asked for in the way that takes fewer requests.
func (c *Client) complete(ctx context.Context, roll []user, details walked[user]) (known map[string]user, trouble string) {
	known = make(map[string]user, len(roll))
	note := func(rows []user) {
		for _, u := range rows {
			if u.detailed() {
				known[userID(u)] = u
			}
		}
	}
	note(details.rows)
	missing := lacking(roll, known)
	if len(missing) == 0 {
		return known, ""
	}
	if details.err != nil {
		return known, fmt.Sprintf("details of %d of %d users were not read: %s", len(missing), len(roll), details.reason)
	}
	if len(missing) > countFrom {
		if pages := c.userPages(ctx, max(details.pageSize, 50)); pages >= 0 && pages < len(missing) {
			note(walk(ctx, c, userList(nil), nil).rows)
			missing = lacking(roll, known)
		}
	}
	found, err := c.readSingles(ctx, missing[:min(len(missing), maxSingles)])
	note(found)
	if left := lacking(roll, known); len(left) > 0 {
		trouble = fmt.Sprintf("details of %d of %d users were not read", len(left), len(roll))
		if err != nil {
			trouble += ": " + err.Error()
		} else {
			trouble += ", because OneLogin leaves status and state out; check that the credential may read all users"
		}
	}
	return known, trouble
}

func lacking(roll []user, known map[string]user) (missing []string) {
	for _, u := range roll {
		if _, ok := known[userID(u)]; !ok {
			missing = append(missing, userID(u))
		}
	}
	return missing
}

// userPages asks how many pages all users of the account make; -1 if OneLogin does not say.
func (c *Client) userPages(ctx context.Context, size int) int {
	l := userList(nil)
	p, err := l.fetch(ctx, c, url.Values{"limit": {strconv.Itoa(1)}})
	if err != nil || p.total < 0 {
		return -1
	}
	return (p.total + size - 1) / size
}

// readSingles reads users one by one. It goes on after a failure, and gives the first one.
func (c *Client) readSingles(ctx context.Context, ids []string) ([]user, error) {
	found := make([]user, len(ids))
	var group errgroup.Group
	group.SetLimit(concurrency)
	for i, userID := range ids {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			u, err := c.readUser(ctx, userID)
			if err == nil && string(u.ID) == userID {
				found[i] = u
			}
			return err
		})
	}
	err := group.Wait()
	return found, err
}

func (c *Client) readUser(ctx context.Context, userID string) (user, error) {
	var u user
	_, err := c.api.GetJSON(ctx, "/api/2/users/"+url.PathEscape(userID), "", &u)
	return u, explain(err, readAll)
}

// userNameField is the field that is sent as userName: what is configured, else what the app maps.
func (c *Client) userNameField(ctx context.Context, reader string) (string, error) {
	if c.opts.UserNameField != "" {
		return c.opts.UserNameField, nil
	}
	app, err := c.sharedApp(ctx, reader, appAny)
	return app.UserNameField, err
}

// normalise makes the users that OneLogin would push. Of those who are not among the known ones, only the roll speaks.
func normalise(roll []user, known map[string]user, want wanted) (users []model.User, doubt string) {
	users = make([]model.User, 0, len(roll))
	unmapped := 0
	for _, u := range roll {
		full, read := known[userID(u)]
		if read {
			u = full
		}
		out, mapped := u.normal(want, true)
		if read && !mapped {
			unmapped++
		}
		out.RollOnly = !read || !mapped
		users = append(users, out)
	}
	if unmapped > 0 {
		doubt = fmt.Sprintf("the field %q, which is sent as userName, could not be read for %d of %d users; set user_name to a field of the user",
			want.userName, unmapped, len(roll))
	}
	return users, doubt
}
