package onelogin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// FindUser looks one user up by e-mail, without regard to case, and whether the app is assigned to them. found is false
// if nobody has that e-mail; of several who have it, one with the app comes first.
func (c *Client) FindUser(ctx context.Context, email string) (u model.User, found bool, err error) {
	if strings.TrimSpace(email) == "" { // an empty filter would give everybody
		return u, false, errors.New("a user can be looked up by e-mail only, and this one has none; reload all users")
	}
	want, err := c.currentNeededFields(ctx)
	if err != nil {
		return u, false, err
	}
	got := c.listByEmail(ctx, email)
	for i := range got.rows {
		row := &got.rows[i]
		if !model.SameName(row.Email.value, email) {
			continue // the filter was not honoured
		}
		has, err := c.hasApp(ctx, userID(*row))
		if err == nil && (has || !found) {
			u, err = c.fullUser(ctx, row, want, has)
		}
		if err != nil {
			return model.User{}, false, err
		}
		if found = true; has {
			return u, true, nil
		}
	}
	switch {
	case got.err != nil:
		return u, found, got.err
	case got.reason != "" && !found:
		return u, false, fmt.Errorf("the user %s was not found, but the list is not complete: %s", email, got.reason)
	case !found:
		err = c.verifyEmailUnused(ctx, email)
	}
	return u, found, err
}

// listByEmail lists the users with an e-mail, and maybe others. An asterisk is a letter like any other in an address
// and stands for any text in a filter, which nothing can quote: such a list is read as far as one page goes, and is a
// failure if it is longer.
func (c *Client) listByEmail(ctx context.Context, email string) walkResult[user] {
	list := userList(url.Values{"email": {email}})
	if !strings.Contains(email, "*") {
		return walk(ctx, c, list, nil)
	}
	p, _, err := list.fetchFirst(ctx, c)
	got := walkResult[user]{rows: p.rows, err: err}
	if err == nil && (p.next != "" || p.total > len(p.rows) || p.pages > 1) {
		got.reason = "OneLogin takes the * in the address for any text, and lists too many users for it; look them " +
			"up in OneLogin by hand"
	}
	if got.reason == "" {
		got.reason = badRowsText(p.bad)
	}
	return got
}

// GetUser reads one user by id, and whether the app is assigned to them. found is false if they are gone.
func (c *Client) GetUser(ctx context.Context, id string) (u model.User, found bool, err error) {
	return c.readOwnRecord(ctx, id, c.hasApp)
}

// ReadUser reads one user by id without the user's apps, so that whether the app is assigned is not said. found is
// false if there is no such user.
func (c *Client) ReadUser(ctx context.Context, id string) (u model.User, found bool, err error) {
	return c.readOwnRecord(ctx, id, func(context.Context, string) (bool, error) { return false, nil })
}

// readOwnRecord reads a user's own record. That there is none counts with a control only.
func (c *Client) readOwnRecord(
	ctx context.Context, id string, hasApp func(ctx context.Context, id string) (bool, error),
) (u model.User, found bool, err error) {
	if !isUserID(id) {
		return u, false, errNoUserID(id)
	}
	want, err := c.currentNeededFields(ctx)
	if err != nil {
		return u, false, err
	}
	one, err := c.readUser(ctx, id)
	if isNotFound(err) {
		return u, false, c.verifyUserGone(ctx, id)
	}
	assigned := false
	if err == nil {
		assigned, err = hasApp(ctx, id)
	}
	if err != nil {
		return u, false, err
	}
	u = one.toModelAsRead(want, assigned)
	if roles := one.extra().RoleIDs; roles.set {
		u.RoleIDs = append([]string{}, roles.ids...)
	}
	return u, true, nil
}

// KnownUsers gives those of some ids that the account knows, in one request for each hundred: enough to tell a user who
// lost the app from one who is gone. It does not ask whether they have the app. What is no id of a user's is left out:
// records at the target carry anything as external id, and nothing but blanks in the filter would list everybody.
func (c *Client) KnownUsers(ctx context.Context, ids []string) ([]model.User, error) {
	want, err := c.currentNeededFields(ctx)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !isUserID(id) })
	var control []string // the id of a user who is known to be there
	if users, _, _ := c.controls.knownRecords(); len(users) > 0 {
		control = []string{users[0].id}
	}
	var known []model.User
	for chunk := range slices.Chunk(ids, knownChunk-1) { // one is left for the control
		list := userList(url.Values{"user_ids": {strings.Join(slices.Concat(chunk, control), ",")}})
		page, err := list.fetch(ctx, c, url.Values{"limit": {strconv.Itoa(knownChunk)}})
		if err != nil {
			return nil, err
		}
		if control != nil && !slices.ContainsFunc(page.rows, func(u user) bool { return userID(u) == control[0] }) {
			return nil, errors.New("OneLogin's list of users by id lacks one whom the app lists, so that who is not " +
				"in it may be there all the same; read again")
		}
		if len(page.bad) > 0 {
			return nil, errors.New("of the users asked for " + badRowsText(page.bad))
		}
		for i := range page.rows {
			if row := &page.rows[i]; slices.Contains(chunk, userID(*row)) { // the filter may not be honoured
				u, _ := row.toModel(want, false)
				known = append(known, u)
			}
		}
	}
	return known, nil
}

func errNoUserID(id string) error {
	return fmt.Errorf("%q is not the id of a OneLogin user; reload, and choose one with an id", transport.OneLine(id))
}

// knownChunk is how many ids are asked for at once: the smaller of the page sizes that the documentation gives.
const knownChunk = 50

// hasApp reports whether a user's own apps show the app. That they do not counts where they do of somebody who has it.
func (c *Client) hasApp(ctx context.Context, userID string) (bool, error) {
	_, has, err := c.readLogin(ctx, userID)
	if err == nil && !has {
		err = c.verifyLacksApp(ctx, userID)
	}
	return has, err
}

// fullUser reads the own record of a user of a list where that left something out.
func (c *Client) fullUser(
	ctx context.Context, listed *user, want neededFields, assigned bool,
) (_ model.User, err error) {
	full := *listed
	if !listed.hasNeededFields(want) {
		var one user
		one, err = c.readUser(ctx, userID(*listed))
		full = listed.mergedWith(one)
	}
	return full.toModelAsRead(want, assigned), err
}

// toModelAsRead makes a user of whom no more will be read.
func (u *user) toModelAsRead(want neededFields, assigned bool) model.User {
	out, mapped := u.toModel(want, assigned)
	out.RollOnly = out.RollOnly || !mapped || !u.hasNeededFields(want)
	return out
}

// currentNeededFields is what users are read with, by the rules and the app as they were last read.
func (c *Client) currentNeededFields(ctx context.Context) (neededFields, error) {
	app, err := c.readApp(ctx, false)
	if err != nil && c.opts.UserNameField == "" {
		return neededFields{}, err
	}
	return fieldsNeeded(cmp.Or(c.opts.UserNameField, app.UserNameField), c.lastRules(), &app), nil
}
