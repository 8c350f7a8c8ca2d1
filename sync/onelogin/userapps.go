package onelogin

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Login is one user's pair with one app, and how its provisioning went last. Status and State are OneLogin's words; there
// may be ones that are not documented, and empty ones. "provisioned" says that OneLogin's last attempt worked, nothing about
// groups or about what the target holds now.
type Login struct {
	// ID is the id of the pair, which the console calls a login.
	ID, AppID, AppName string
	// Status is provisioning_status, such as "enabling_pending_approval"; State is provisioning_state, such as
	// "provisioning_failed" (https://developers.onelogin.com/api-docs/2/users/get-user-apps).
	Status, State string
	// Enabled is whether the app has provisioning switched on.
	Enabled model.Tri
}

// UserApps reads the apps of one user, those hidden from his portal too. The error of a user who is gone is a
// *transport.StatusError with status 404.
func (c *Client) UserApps(ctx context.Context, userID string) ([]Login, error) {
	if userID == "" {
		return nil, errors.New("no user is named; choose one with an id")
	}
	var wire []struct {
		ID      id     `json:"id"`
		Name    text   `json:"name"`
		LoginID id     `json:"login_id"`
		Status  text   `json:"provisioning_status"`
		State   text   `json:"provisioning_state"`
		Enabled toggle `json:"provisioning_enabled"`
	}
	path := "/api/2/users/" + url.PathEscape(userID) + "/apps"
	if _, err := c.api.GetJSON(ctx, path, "ignore_visibility=true", &wire); err != nil {
		return nil, explain(err, readAll)
	}
	logins := make([]Login, len(wire))
	for i, w := range wire {
		logins[i] = Login{
			ID: string(w.LoginID), AppID: string(w.ID), AppName: w.Name.value,
			// The OpenAPI file spells one status with a double d; one spelling is enough for those who read it.
			Status: strings.ReplaceAll(w.Status.value, "pendding", "pending"), State: w.State.value, Enabled: model.Tri(w.Enabled),
		}
	}
	return logins, nil
}

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
	field, err := c.lookupField(ctx)
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
		if u, err = c.fullUser(ctx, row, field, has); err != nil {
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

func (c *Client) hasApp(ctx context.Context, userID, appID string) (bool, error) {
	logins, err := c.UserApps(ctx, userID)
	return slices.ContainsFunc(logins, func(l Login) bool { return l.AppID == appID }), err
}

// fullUser normalises a user of a list, and reads him by himself where the list left something out.
func (c *Client) fullUser(ctx context.Context, listed *user, field string, assigned bool) (model.User, error) {
	u, mapped := listed.normal(field, assigned)
	if mapped && listed.detailed() {
		return u, nil
	}
	one, err := c.readUser(ctx, userID(*listed))
	u, _ = one.normal(field, assigned)
	return u, err
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
