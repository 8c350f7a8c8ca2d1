package onelogin

import (
	"context"
	"fmt"
	"net/url"
	"sync"
)

// controls hold back what a negative answer would prove, such as a 404 for one user, until the same kind of question
// about a record that is known to be there was answered yes: a gateway that answers 404 to everything, and a filter
// that finds nothing, say no to whatever is asked. One control a kind is asked a load.
type controls struct {
	mu sync.Mutex
	// user and role are records that a list of this load showed; of the user the app's own list did, unless lacks is set.
	user struct {
		id, email string
		lacks     bool
	}
	role struct{ id, name string }
	// told is what came of the control of each kind.
	told map[string]error
}

// knownUser and knownRole take down a record that is there. A new list begins a new load, so that its controls are
// asked again. lacks: the user does not have the app.
func (k *controls) knownUser(u user, lacks bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.user.id, k.user.email, k.user.lacks = userID(u), u.Email.value, lacks
	k.told = nil
}

// nobodyHolds: nobody is known to have the app.
func (k *controls) nobodyHolds() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.user.lacks
}

func (k *controls) knownRole(r role) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.role.id, k.role.name = roleID(r), r.Name.value
}

func (k *controls) aUser() (id, email string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.user.id, k.user.email
}

func (k *controls) aRole() (id, name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.role.id, k.role.name
}

// forget makes the next negative answers ask again.
func (k *controls) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.told = nil
}

// stand returns why a negative answer of a kind proves nothing; nil if it counts. about is the record that is known to
// be there, and yes asks the same kind of question about it.
func (k *controls) stand(ctx context.Context, kind, about string, yes func(ctx context.Context) (bool, error)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err, asked := k.told[kind]; asked {
		return err
	}
	found, err := false, error(nil)
	if about != "" {
		if found, err = yes(ctx); ctx.Err() != nil {
			return ctx.Err() // which says nothing of the service
		}
	}
	switch {
	case about == "":
		err = fmt.Errorf("OneLogin answers no to a question of this kind (%s), and no record is known to hold that against; read again", kind)
	case err == nil && !found, missing(err):
		err = fmt.Errorf("OneLogin answers no to a question of this kind (%s) about %s too, which it listed a moment ago, so that its no proves nothing; "+
			"look in OneLogin itself, and read again", kind, oneLine(about))
	}
	if k.told == nil {
		k.told = map[string]error{}
	}
	k.told[kind] = err
	return err
}

// holder gives a user who is known to have the app, from the first page of the app's own list where no list was walked
// yet. Of an app that nobody has it is anybody of the account; id is "" if there is nobody.
func (c *Client) holder(ctx context.Context) (id, email string) {
	if id, email = c.controls.aUser(); id != "" {
		return id, email
	}
	appID, err := c.knownAppID(ctx)
	if err != nil {
		return "", ""
	}
	if p, _, err := rollOf(appID).first(ctx, c); err == nil && len(p.rows) > 0 {
		c.controls.knownUser(p.rows[0], false)
	} else if p, _, err := userList(nil).first(ctx, c); err == nil && len(p.rows) > 0 {
		c.controls.knownUser(p.rows[0], true)
	}
	return c.controls.aUser()
}

// userGone returns why a 404 for one user proves nothing.
func (c *Client) userGone(ctx context.Context) error {
	id, _ := c.holder(ctx)
	return c.controls.stand(ctx, "a user by id", id, func(ctx context.Context) (bool, error) {
		_, err := c.readUser(ctx, id)
		return err == nil, err
	})
}

// withoutApp returns why a list of a user's apps that lacks the app proves nothing.
func (c *Client) withoutApp(ctx context.Context, appID string) error {
	id, _ := c.holder(ctx)
	lacks := c.controls.nobodyHolds()
	return c.controls.stand(ctx, "the apps of a user", id, func(ctx context.Context) (bool, error) {
		if !lacks {
			return c.listsApp(ctx, id, appID)
		}
		logins, err := c.UserApps(ctx, id)
		return len(logins) > 0, err // of an app that nobody has, the other apps of somebody have to do
	})
}

// nobodyHas returns why a search by e-mail that finds nobody proves nothing.
func (c *Client) nobodyHas(ctx context.Context) error {
	_, email := c.holder(ctx)
	return c.controls.stand(ctx, "users by e-mail", email, func(ctx context.Context) (bool, error) {
		got := c.named(ctx, email)
		return len(got.rows) > 0, got.err
	})
}

// roleGone returns why a 404 for one role proves nothing.
func (c *Client) roleGone(ctx context.Context) error {
	id, _ := c.controls.aRole()
	return c.controls.stand(ctx, "a role by id", id, func(ctx context.Context) (bool, error) {
		_, err := c.readRole(ctx, id)
		return err == nil, err
	})
}

// noRoleNamed returns why a search by name that finds no role proves nothing.
func (c *Client) noRoleNamed(ctx context.Context) error {
	_, name := c.controls.aRole()
	return c.controls.stand(ctx, "roles by name", name, func(ctx context.Context) (bool, error) {
		got := c.rolesBy(ctx, url.Values{"name": {name}})
		return len(got.rows) > 0, got.err
	})
}
