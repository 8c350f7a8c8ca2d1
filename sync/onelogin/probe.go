package onelogin

import (
	"context"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// AskBudget asks for the account's hourly limit, which the set-up checks want to know
// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview). Its Reset comes in seconds from now.
func (c *Client) AskBudget(ctx context.Context) (model.Budget, error) {
	var answer struct {
		Data struct {
			Limit     intValue `json:"X-RateLimit-Limit"`
			Remaining intValue `json:"X-RateLimit-Remaining"`
			Reset     intValue `json:"X-RateLimit-Reset"`
		} `json:"data"`
	}
	resp, err := c.api.GetJSON(ctx, "/auth/rate_limit", "", &answer)
	if err != nil {
		return model.Budget{}, explain(err, "Authentication Only")
	}
	d := answer.Data
	b := model.Budget{Known: d.Limit.set && d.Remaining.set, Limit: d.Limit.value, Remaining: d.Remaining.value}
	if d.Reset.set && d.Reset.value >= 0 {
		b.Reset = resp.At.Add(time.Duration(d.Reset.value) * time.Second)
	}
	return b, nil
}

// Needs names what a GET of the API reads and the least scope of a credential that may
// (each call lists its own under https://developers.onelogin.com/api-docs). what is empty for hints that
// the program does without.
func Needs(path string) (what, scope string) {
	switch {
	case strings.HasPrefix(path, "/auth/oauth2"):
		return "the login", ""
	case strings.HasPrefix(path, "/auth/"), strings.Contains(path, "/rules/"):
		return "", ""
	case strings.HasSuffix(path, "/rules"):
		return "app rules", manageAll
	case strings.HasPrefix(path, "/api/1/events"):
		return "events", readUsers
	case strings.HasPrefix(path, "/api/2/roles/"):
		return "the users of single roles", readAll
	case strings.HasPrefix(path, "/api/2/roles"):
		return "roles", readUsers
	case strings.HasPrefix(path, "/api/2/apps") && strings.HasSuffix(path, "/users"):
		return "the app's users", readAll
	case strings.HasPrefix(path, "/api/2/apps"):
		return "the app", readAll
	case strings.HasPrefix(path, "/api/2/users/") && strings.HasSuffix(path, "/apps"):
		return "provisioning states of users", readUsers
	case strings.HasPrefix(path, "/api/2/users"):
		return "users", readUsers
	}
	return "", ""
}

const readUsers = "Read Users"
