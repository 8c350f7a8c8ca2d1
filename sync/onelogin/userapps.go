package onelogin

import (
	"context"
	"errors"
	"net/url"
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
