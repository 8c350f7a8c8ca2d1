package engine

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// work is one job on one app: users are pushed one by one, memberships at the end, group by group.
type work struct {
	e        *Engine
	app      int64
	approved bool
	// base and token are where requests go; broken is why no more are sent.
	base, token string
	broken      error
	throttled   bool // said once a job
	// skipUnchanged is the knob as it was when the job began.
	skipUnchanged bool
	tasks         []*task
	opaque        error // the first rule that could not be evaluated
}

// provision brings one user to the target, but for its memberships.
func (w *work) provision(ctx context.Context, user int64) {
	w.e.w.Lock()
	t := w.decide(user)
	w.e.w.Unlock()
	if t == nil {
		return
	}
	switch t.kind {
	case create:
		t.err = w.create(ctx, t)
	case update:
		t.err = w.update(ctx, t)
	case remove:
		t.err = w.remove(ctx, t)
	}
	w.tasks = append(w.tasks, t)
}

// lookup finds a user at the target by its user name.
func (w *work) lookup(ctx context.Context, userName string) (user, bool, error) {
	var found struct {
		Resources []user `json:"Resources"`
	}
	err := w.send(ctx, http.MethodGet, "/Users"+where("userName", userName), nil, &found)
	if err != nil || len(found.Resources) == 0 {
		return user{}, false, err
	}
	return found.Resources[0], true, nil
}

// create looks first: a user that is there already is linked and brought up to date.
func (w *work) create(ctx context.Context, t *task) error {
	have, ok, err := w.lookup(ctx, t.person.UserName)
	if err != nil {
		return err
	}
	if ok {
		t.event, t.remoteID = world.EventLinked, have.ID
		return w.put(ctx, t, t.person)
	}
	var made user
	if err = w.send(ctx, http.MethodPost, "/Users", t.person, &made); err != nil {
		return err
	}
	t.remoteID = made.ID
	return nil
}

// update reads the user and puts it only when something differs.
func (w *work) update(ctx context.Context, t *task) error {
	var have user
	if err := w.send(ctx, http.MethodGet, "/Users/"+url.PathEscape(t.remoteID), nil, &have); err != nil {
		return err
	}
	switch {
	case have.Active && !t.person.Active:
		t.event, t.failed = world.EventSuspended, world.EventSuspendFailed
	case !have.Active && t.person.Active:
		t.event, t.failed = world.EventReactivated, world.EventReactivateFailed
	case t.person.same(have):
		if len(t.want) == 0 && len(t.had) == 0 || !t.grouped {
			t.event = world.EventNothingToUpdate
		}
		return nil
	}
	return w.put(ctx, t, t.person)
}

// put replaces a user. The question mark that asks nothing is OneLogin's (goauthentik/authentik#11249).
func (w *work) put(ctx context.Context, t *task, u user) error {
	u.ID = t.remoteID
	return w.send(ctx, http.MethodPut, "/Users/"+url.PathEscape(t.remoteID)+"?", u, nil)
}

// remove does what the app says should happen to users who lose it.
func (w *work) remove(ctx context.Context, t *task) error {
	path := "/Users/" + url.PathEscape(t.remoteID)
	switch t.mode {
	case "nothing":
		return nil
	case "suspend":
		var have user
		if err := w.send(ctx, http.MethodGet, path, nil, &have); err != nil {
			return err
		}
		have.Schemas, have.Active = []string{userSchema}, false
		return w.put(ctx, t, have)
	}
	err := w.send(ctx, http.MethodDelete, path, nil, nil)
	if f, refused := errors.AsType[*failure](err); refused && f.status == http.StatusNotFound {
		return nil
	}
	return err
}

// finish sends the memberships and writes down what became of every user.
func (w *work) finish(ctx context.Context) {
	w.pushGroups(ctx)
	w.e.w.Lock()
	defer w.e.w.Unlock()
	for _, t := range w.tasks {
		w.settle(t)
	}
	w.tasks = nil
}

// settle moves a login to its final state and logs the outcome. The world must be locked.
func (w *work) settle(t *task) {
	src := &w.e.w.Source
	key := world.LoginKey{App: w.app, User: t.user}
	login := src.Logins[key]
	if login == nil {
		return // taken away meanwhile
	}
	login.RemoteID = t.remoteID
	if t.err != nil {
		word := map[taskKind]string{
			create: "provisioning_failed", update: "modifying_failed", remove: "deleting_failed",
		}[t.kind]
		status := map[taskKind]string{
			create: "enabling_failed", update: statusEnabled, remove: "disabling_failed",
		}[t.kind]
		if t.kind == create && t.remoteID != "" {
			word, status = "modifying_failed", statusEnabled // the user is there, its memberships are not
		}
		login.State, login.Status = word, status
		w.e.event(world.Event{Type: t.failed, AppID: w.app, UserID: t.user, ErrorDescription: describe(t.err)})
		return
	}
	if t.kind == remove {
		login.State, login.Status = stateDisabled, statusDisabled
		if t.mode != "suspend" && t.mode != "nothing" {
			delete(src.Logins, key)
		}
		w.e.event(world.Event{Type: t.event, AppID: w.app, UserID: t.user})
		return
	}
	login.State, login.Status, login.Groups = stateProvisioned, statusEnabled, t.want
	w.e.sent[login.ID] = t.fingerprint()
	w.e.event(world.Event{Type: t.event, AppID: w.app, UserID: t.user})
}
