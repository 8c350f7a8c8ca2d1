package onelogin

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// controls hold back what a negative answer would prove, such as a 404 for one user, until the same kind of question
// about a record that is known to be there was answered yes: a gateway that answers 404 to everything, and a filter
// that finds nothing, say no to whatever is asked. One control a kind is asked a load.
type controls struct {
	mu sync.Mutex
	// askingMu is held while a control is asked: who waits for it asks no second one.
	askingMu transport.ContextMutex
	// users and roles are a few that a list of this load showed. These users have the app unless lacking is set.
	users, roles []knownRecord
	usersLackApp bool
	// results are what came of the control of each kind.
	results map[string]error
}

type knownRecord struct{ id, name string }

// maxKnown is how many records are kept: one of them may be the one that is asked for, or be gone since.
const maxKnown = 3

func firstKnown[T any](rows []T, as func(T) knownRecord) (few []knownRecord) {
	for _, row := range rows[:min(len(rows), maxKnown)] {
		few = append(few, as(row))
	}
	return few
}

// knownUsers and knownRoles take down records that are there. A new list of users begins a new load, so that its
// controls are asked again. lacking: the users do not have the app.
func (k *controls) knownUsers(rows []user, lacking bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.users = firstKnown(rows, func(u user) knownRecord { return knownRecord{userID(u), u.Email.value} })
	k.usersLackApp, k.results = lacking, nil
}

func (k *controls) knownRoles(rows []role) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.roles = firstKnown(rows, func(r role) knownRecord { return knownRecord{roleID(r), r.Name.value} })
}

// knownRecords gives the records that are known to be there, and whether the users lack the app.
func (k *controls) knownRecords() (users, roles []knownRecord, lacking bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.users, k.roles, k.usersLackApp
}

func (k *controls) reset() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.results = nil
}

type controlQuestion func(ctx context.Context, one knownRecord) (bool, error)

// verify returns why a negative answer of a kind proves nothing; nil if it counts. yes asks the same kind of question
// about records that are known to be there, other than the one that is asked for, one after the other until one is
// found. Where all of them have gone since, nothing is proved.
func (k *controls) verify(
	ctx context.Context, kind, asked string, known func() []knownRecord, yes controlQuestion,
) error {
	release, err := k.askingMu.Lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	k.mu.Lock()
	err, told := k.results[kind]
	k.mu.Unlock()
	if told {
		return err
	}
	err = k.askControl(ctx, kind, asked, known(), yes)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.results == nil {
		k.results = map[string]error{}
	}
	k.results[kind] = err
	return err
}

func (k *controls) askControl(ctx context.Context, kind, asked string, known []knownRecord, yes controlQuestion) error {
	err := fmt.Errorf("OneLogin answers no to a question of this kind (%s), and no record is known to hold that "+
		"against; read again", kind)
	for _, one := range known {
		if asked != "" && (one.id == asked || one.name == asked) {
			continue
		}
		found, failed := yes(ctx, one)
		switch {
		case found:
			return nil
		case ctx.Err() != nil:
			return ctx.Err() // which says nothing of the service
		case failed != nil && !isNotFound(failed):
			return failed
		}
		err = fmt.Errorf("OneLogin answers no to a question of this kind (%s) about %s too, which it listed a moment "+
			"ago, so that its no proves nothing; look in OneLogin itself, and read again", kind,
			transport.OneLine(one.id))
	}
	return err
}

// Recall takes up what an earlier program read: users and roles as those by which a no of OneLogin is held, which may
// have gone since, and the rules as what single users are read for.
func (c *Client) Recall(users []model.User, roles []model.Role, rules []model.Rule) {
	c.controls.mu.Lock()
	defer c.controls.mu.Unlock()
	for i := range users {
		if u := &users[i]; u.Assigned && len(c.controls.users) < maxKnown {
			c.controls.users = append(c.controls.users, knownRecord{u.ID, u.Email})
		}
	}
	c.controls.roles = firstKnown(roles, func(r model.Role) knownRecord { return knownRecord{r.ID, r.Name} })
	c.rules.CompareAndSwap(nil, &ruleSet{rules: rules})
}

// usersWithApp gives users who are known to have the app, from the first page of the app's own list where none was
// walked yet. Of an app that nobody has they are anybody of the account.
func (c *Client) usersWithApp(ctx context.Context) []knownRecord {
	if users, _, _ := c.controls.knownRecords(); len(users) > 0 {
		return users
	}
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return nil
	}
	if p, _, err := appUserList(appID).fetchFirst(ctx, c); err == nil && len(p.rows) > 0 {
		c.controls.knownUsers(p.rows, false)
	} else if p, _, err := userList(nil).fetchFirst(ctx, c); err == nil && len(p.rows) > 0 {
		c.controls.knownUsers(p.rows, true)
	}
	users, _, _ := c.controls.knownRecords()
	return users
}

// verifyAboutUsers holds a negative answer about a user against users who are known to be there.
func (c *Client) verifyAboutUsers(ctx context.Context, kind, asked string, yes controlQuestion) error {
	return c.controls.verify(ctx, kind, asked, func() []knownRecord { return c.usersWithApp(ctx) }, yes)
}

// verifyUserGone returns why a 404 for one user proves nothing.
func (c *Client) verifyUserGone(ctx context.Context, id string) error {
	return c.verifyAboutUsers(ctx, "a user by id", id, func(ctx context.Context, one knownRecord) (bool, error) {
		_, err := c.readUser(ctx, one.id)
		return err == nil, err
	})
}

// verifyLacksApp returns why a list of a user's apps that lacks the app proves nothing.
func (c *Client) verifyLacksApp(ctx context.Context, userID string) error {
	return c.verifyAboutUsers(ctx, "the apps of a user", userID,
		func(ctx context.Context, one knownRecord) (bool, error) {
			if _, _, lacking := c.controls.knownRecords(); !lacking {
				_, has, err := c.readLogin(ctx, one.id)
				return has, err
			}
			logins, err := c.UserApps(ctx, one.id)
			return len(logins) > 0, err // of an app that nobody has, the other apps of somebody have to do
		})
}

// verifyEmailUnused returns why a search by e-mail that finds nobody proves nothing.
func (c *Client) verifyEmailUnused(ctx context.Context, email string) error {
	return c.verifyAboutUsers(ctx, "users by e-mail", email, func(ctx context.Context, one knownRecord) (bool, error) {
		if one.name == "" {
			return false, nil
		}
		got := c.listByEmail(ctx, one.name)
		return slices.ContainsFunc(got.rows, func(u user) bool { return userID(u) == one.id }), got.err
	})
}

// verifyRoleGone returns why a 404 for one role proves nothing.
func (c *Client) verifyRoleGone(ctx context.Context, id string) error {
	return c.controls.verify(ctx, "a role by id", id, func() []knownRecord {
		_, roles, _ := c.controls.knownRecords()
		if len(roles) == 0 {
			if got := c.walkRoles(ctx, roleNameFields, nil); got.err == nil {
				c.controls.knownRoles(got.rows)
			}
			_, roles, _ = c.controls.knownRecords()
		}
		return roles
	}, func(ctx context.Context, one knownRecord) (bool, error) {
		_, err := c.readRole(ctx, one.id)
		return err == nil, err
	})
}
