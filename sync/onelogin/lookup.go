package onelogin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// FindUser looks one user up by e-mail, without regard to case, and whether the app is assigned to him. found is false if
// nobody has that e-mail; of several who have it, one with the app comes first.
func (c *Client) FindUser(ctx context.Context, email string) (u model.User, found, assigned bool, err error) {
	if strings.TrimSpace(email) == "" || strings.Contains(email, "*") {
		// An empty filter and a wildcard would both give other people.
		return model.User{}, false, false, fmt.Errorf("%q is no e-mail address to look up; give a whole one", email)
	}
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return model.User{}, false, false, err
	}
	want, err := c.lookupWanted(ctx)
	if err != nil {
		return model.User{}, false, false, err
	}
	got := walk(ctx, c, userList(url.Values{"email": {email}}), nil)
	for i := range got.rows {
		row := &got.rows[i]
		if !model.SameName(row.Email.value, email) {
			continue // the filter was not honoured
		}
		has, err := c.hasApp(ctx, userID(*row), appID)
		if err != nil {
			return model.User{}, false, false, err
		}
		if found && !has {
			continue
		}
		if u, err = c.fullUser(ctx, row, want, has); err != nil {
			return model.User{}, false, false, err
		}
		if found = true; has {
			return u, true, true, nil
		}
	}
	switch {
	case got.err != nil:
		return u, found, false, got.err
	case got.reason != "" && !found:
		return u, false, false, fmt.Errorf("the user %s was not found, but the list is not complete: %s", email, got.reason)
	}
	return u, found, false, nil
}

// GetUser reads one user by id, and whether the app is assigned to him. found is false if he is gone.
func (c *Client) GetUser(ctx context.Context, id string) (u model.User, found, assigned bool, err error) {
	if id == "" {
		return model.User{}, false, false, errors.New("no user is named; choose one with an id")
	}
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return model.User{}, false, false, err
	}
	want, err := c.lookupWanted(ctx)
	if err != nil {
		return model.User{}, false, false, err
	}
	one, err := c.readUser(ctx, id)
	var status *transport.StatusError
	if errors.As(err, &status) && status.Status == http.StatusNotFound {
		return model.User{}, false, false, nil
	}
	if err != nil {
		return model.User{}, false, false, err
	}
	if assigned, err = c.hasApp(ctx, id, appID); err != nil {
		return model.User{}, false, false, err
	}
	u, mapped := one.normal(want, assigned)
	u.RollOnly = !mapped || !one.detailed(want)
	return u, true, assigned, nil
}

// KnownUsers gives those of some ids that the account knows, in one request for each hundred: enough to tell a user who lost
// the app from one who is gone. It does not ask whether they have the app.
func (c *Client) KnownUsers(ctx context.Context, ids []string) ([]model.User, error) {
	want, err := c.lookupWanted(ctx)
	if err != nil {
		return nil, err
	}
	var known []model.User
	for chunk := range slices.Chunk(ids, knownChunk) {
		list := userList(url.Values{"user_ids": {strings.Join(chunk, ",")}})
		page, err := list.fetch(ctx, c, url.Values{"limit": {strconv.Itoa(knownChunk)}})
		if err != nil {
			return nil, err
		}
		for i := range page.rows {
			if row := &page.rows[i]; slices.Contains(chunk, userID(*row)) { // the filter may not be honoured
				u, _ := row.normal(want, false)
				known = append(known, u)
			}
		}
	}
	return known, nil
}

// knownChunk is how many ids are asked for at once: the smaller of the page sizes that the documentation gives.
const knownChunk = 50

func (c *Client) hasApp(ctx context.Context, userID, appID string) (bool, error) {
	logins, err := c.UserApps(ctx, userID)
	return slices.ContainsFunc(logins, func(l Login) bool { return l.AppID == appID }), err
}

// fullUser normalises a user of a list, and reads him by himself where the list left something out.
func (c *Client) fullUser(ctx context.Context, listed *user, want wanted, assigned bool) (model.User, error) {
	u, mapped := listed.normal(want, assigned)
	if mapped && listed.detailed(want) {
		return u, nil
	}
	one, err := c.readUser(ctx, userID(*listed))
	full := listed.with(one)
	u, mapped = full.normal(want, assigned)
	u.RollOnly = !mapped || !full.detailed(want)
	return u, err
}

// lookupWanted is what a single user is read with, by the rules as they were last read.
func (c *Client) lookupWanted(ctx context.Context) (wanted, error) {
	field, err := c.lookupField(ctx)
	if err != nil {
		return wanted{}, err
	}
	rules, err := c.lastRules(ctx)
	return wants(field, rules), err
}

// lookupField is userNameField for a single user: the app as it was last read will do, so that refreshing one row does not
// read the app each time.
func (c *Client) lookupField(ctx context.Context) (string, error) {
	release, err := c.holdApp(ctx)
	if err != nil {
		return "", err
	}
	app := c.app
	release()
	if app != nil && c.opts.UserNameField == "" {
		return app.UserNameField, nil
	}
	return c.userNameField(ctx, "lookup")
}
