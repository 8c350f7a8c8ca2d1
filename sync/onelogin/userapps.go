package onelogin

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Login reads how provisioning of one user to the app stands. A user who has no login for it gives the zero Login; the
// error of one who is gone is a *transport.StatusError with status 404.
func (c *Client) Login(ctx context.Context, userID string) (model.Login, error) {
	login, _, err := c.readLogin(ctx, userID)
	return login, err
}

func (c *Client) readLogin(ctx context.Context, userID string) (login model.Login, has bool, err error) {
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return login, false, err
	}
	logins, err := c.UserApps(ctx, userID)
	login, has = logins[appID]
	return login, has, err
}

// UserApps reads the logins of one user by app, those hidden from their portal too. The error of a user who is gone is
// a *transport.StatusError with status 404.
func (c *Client) UserApps(ctx context.Context, userID string) (map[string]model.Login, error) {
	if !isUserID(userID) { // dots would climb in the path, and the list of all apps has the form of this one
		return nil, errNoUserID(userID)
	}
	var wire []struct {
		ID      id       `json:"id"`
		LoginID id       `json:"login_id"`
		Status  text     `json:"provisioning_status"`
		State   text     `json:"provisioning_state"`
		Enabled triValue `json:"provisioning_enabled"`
	}
	path := "/api/2/users/" + url.PathEscape(userID) + "/apps"
	resp, err := c.api.GetJSON(ctx, path, "ignore_visibility=true", &wire)
	if err != nil {
		return nil, explain(err, readAll)
	}
	if wire == nil {
		return nil, notAListError(c, path, resp)
	}
	logins := make(map[string]model.Login, len(wire))
	for _, w := range wire {
		if w.ID == "" { // it may be the very app that is looked for
			return nil, c.api.NotRead(path, resp, errors.New("an app in it has no id"))
		}
		logins[string(w.ID)] = model.Login{
			ID: string(w.LoginID), State: w.State.value, Enabled: model.Tri(w.Enabled),
			// The OpenAPI file spells one status with a double d; one spelling is enough for those who read it.
			Status: strings.ReplaceAll(w.Status.value, "pendding", "pending"),
		}
	}
	return logins, nil
}
