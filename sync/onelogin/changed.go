package onelogin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

type datedUser struct {
	ID      id   `json:"id"`
	Changed text `json:"updated_at"`
}

// ChangedSince gives the ids of the app's users whose own records changed since a moment, and maybe of some more, at
// most so many. The filter updated_since is documented (https://developers.onelogin.com/api-docs/2/users/list-users),
// and nowhere said how sure it is. So its answer counts only if the filter lists a user who is known to be there from
// just before their own change on, and no more from just after it: one that takes the moment for another one, finds
// nobody, or is ignored does not pass.
func (c *Client) ChangedSince(ctx context.Context, since time.Time, most int) ([]string, error) {
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return nil, err
	}
	changed, err := c.changedUsers(ctx, url.Values{"app_id": {appID}}, since.Add(-eventOverlap))
	if err == nil && len(changed) > most {
		err = fmt.Errorf("there are more than %d", most)
	}
	if err == nil {
		err = c.verifyAboutUsers(ctx, "users changed since a moment", "",
			func(ctx context.Context, one knownRecord) (bool, error) {
				return c.heedsSinceFilter(ctx, appID, one.id)
			})
	}
	if err != nil {
		return nil, fmt.Errorf("which users have changed was asked in vain: %w", err)
	}
	return model.Map(changed, func(u *datedUser) string { return string(u.ID) }), nil
}

func (c *Client) heedsSinceFilter(ctx context.Context, appID, userID string) (bool, error) {
	only := url.Values{"app_id": {appID}, "user_ids": {userID}}
	is := func(u datedUser) bool { return string(u.ID) == userID }
	rows, err := c.changedUsers(ctx, only, time.Time{})
	at := slices.IndexFunc(rows, is)
	if err != nil || at < 0 {
		return false, err
	}
	changed := parseTime(rows[at].Changed.value)
	if changed.IsZero() {
		return false, errors.New("OneLogin does not say when users were changed")
	}
	rows, err = c.changedUsers(ctx, only, changed.Add(-time.Second))
	if err != nil || !slices.ContainsFunc(rows, is) {
		return false, err
	}
	_, err = c.changedUsers(ctx, only, changed.Add(time.Second))
	return err == nil, err
}

// changedUsers lists one page of users; the zero time asks for any. One who was changed before shows that the filter
// is ignored.
func (c *Client) changedUsers(ctx context.Context, filter url.Values, since time.Time) ([]datedUser, error) {
	query := url.Values{}
	maps.Copy(query, filter)
	if !since.IsZero() {
		query.Set("updated_since", since.UTC().Format(eventTime))
	}
	p, _, err := list[datedUser]{
		path: "/api/2/users", query: query, limits: []int{100, 50}, scope: readAll,
		id: func(u datedUser) string { return string(u.ID) },
	}.fetchFirst(ctx, c)
	switch {
	case err != nil:
		return nil, err
	case len(p.bad) > 0:
		return nil, errors.New("of the users " + badRowsText(p.bad))
	case p.next != "" || p.total > len(p.rows) || p.pages > 1:
		return nil, errors.New("there are more than one page holds")
	}
	for _, u := range p.rows {
		switch changed := parseTime(u.Changed.value); {
		case strings.TrimSpace(string(u.ID)) == "":
			return nil, errors.New("a row has no id; report this")
		case !changed.IsZero() && changed.Before(since.Truncate(time.Second)):
			return nil, errors.New("OneLogin lists users who were changed before that: it ignores updated_since")
		}
	}
	return p.rows, nil
}
