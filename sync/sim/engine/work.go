package engine

import (
	"context"
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
}

// provision brings one user to the target, but for its memberships.
func (w *work) provision(ctx context.Context, user int64) {
	w.e.w.Lock()
	t := w.decide(user)
	w.e.w.Unlock()
	if t == nil {
		return
	}
	if t.kind == create {
		t.err = w.create(ctx, t)
	} else {
		t.err = w.update(ctx, t)
	}
	w.tasks = append(w.tasks, t)
}

// lookup finds a user at the target by its user name.
func (w *work) lookup(ctx context.Context, userName string) (user, bool, error) {
	var found struct {
		Resources []user `json:"Resources"`
	}
	err := w.send(ctx, http.MethodGet, "/Users"+filterQuery("userName", userName), nil, &found)
	if err != nil || len(found.Resources) == 0 {
		return user{}, false, err
	}
	return found.Resources[0], true, nil
}

// create looks first: a user that is there already is linked and brought up to date.
func (w *work) create(ctx context.Context, t *task) error {
	have, ok, err := w.lookup(ctx, t.desired.UserName)
	if err != nil {
		return err
	}
	if ok {
		t.successEvent, t.remoteID = world.EventLinked, have.ID
		return w.putUser(ctx, t)
	}
	var made user
	if err = w.send(ctx, http.MethodPost, "/Users", t.desired, &made); err != nil {
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
	case have.Active && !t.desired.Active:
		t.successEvent, t.failureEvent = world.EventSuspended, world.EventSuspendFailed
	case !have.Active && t.desired.Active:
		t.successEvent, t.failureEvent = world.EventReactivated, world.EventReactivateFailed
	case t.desired.equalPush(have):
		if len(t.groups) == 0 && len(t.groupsBefore) == 0 || !t.pushesGroups {
			t.successEvent = world.EventNothingToUpdate
		}
		return nil
	}
	return w.putUser(ctx, t)
}

// putUser replaces a user. The question mark that asks nothing is OneLogin's (goauthentik/authentik#11249).
func (w *work) putUser(ctx context.Context, t *task) error {
	u := t.desired
	u.ID = t.remoteID
	return w.send(ctx, http.MethodPut, "/Users/"+url.PathEscape(t.remoteID)+"?", u, nil)
}

// finish sends the memberships and writes down what became of every user.
func (w *work) finish(ctx context.Context) {
	w.pushGroups(ctx)
	w.e.w.Lock()
	defer w.e.w.Unlock()
	for _, t := range w.tasks {
		w.recordOutcome(t)
	}
	w.tasks = nil
}

// recordOutcome moves a login to its final state and logs the outcome. The world must be locked.
func (w *work) recordOutcome(t *task) {
	login := w.ensureLogin(t.user)
	login.RemoteID = t.remoteID
	if t.err != nil {
		login.State, login.Status = "modifying_failed", statusEnabled
		if t.remoteID == "" { // else the user is there, its memberships are not
			login.State, login.Status = "provisioning_failed", "enabling_failed"
		}
		w.e.appendEvent(world.Event{
			Type: t.failureEvent, AppID: w.app, UserID: t.user,
			ErrorDescription: failureText(t.err),
		})
		return
	}
	login.State, login.Status, login.Groups = stateProvisioned, statusEnabled, t.groups
	w.e.sent[login.ID] = t.fingerprint()
	w.e.appendEvent(world.Event{Type: t.successEvent, AppID: w.app, UserID: t.user})
}
