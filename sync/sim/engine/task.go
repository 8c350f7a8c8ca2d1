package engine

import (
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/engine/rule"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

type taskKind string

const (
	create taskKind = "create"
	update taskKind = "update"
)

// Provisioning states and statuses, in the API's words (GET /api/2/users/{id}/apps).
const (
	stateProvisioned = "provisioned"
	stateNonexistent = "nonexistent"
	statusEnabled    = "enabled"
	statusEnabling   = "enabling"
)

// task is one user's part of a job: what to send, decided under the lock, and what came of it.
type task struct {
	kind         taskKind
	user         int64
	desired      user
	remoteID     string
	groups       []string // groups by the rules now
	groupsBefore []string // groups set at the last push
	pushesGroups bool     // memberships are provisioned at all

	successEvent, failureEvent int // the types that success and failure leave in the log
	err                        error
}

// decide says what a user needs, stopping at an approval that nobody has given. The world must be locked. nil is
// nothing.
func (w *work) decide(user int64) *task {
	src := &w.e.w.Source
	a := src.Apps[w.app]
	u := src.Users[user]
	if !src.IsAssigned(w.app, user) {
		return nil // taking somebody's app away is not simulated: nothing here does
	}
	login := w.ensureLogin(user)
	t := &task{
		kind: create, user: user, desired: desiredUser(a, u), remoteID: login.RemoteID,
		groupsBefore: login.Groups,
	}
	w.decideGroups(t, a, u)
	if login.RemoteID == "" {
		return w.decideCreation(t, a, login)
	}
	t.kind, t.successEvent, t.failureEvent = update, world.EventUpdated, world.EventUpdateFailed
	fresh := w.e.sent[login.ID] != t.fingerprint()
	if a.ApproveUpdate && !w.approved && (!slices.Equal(t.groups, t.groupsBefore) ||
		fresh && w.e.sent[login.ID] != "") {
		login.Pending, login.Status, login.State = string(update), statusEnabled, "modifying_pending_approval"
		return nil
	}
	if w.skipUnchanged && !fresh {
		w.e.appendEvent(world.Event{Type: world.EventNothingToUpdate, AppID: w.app, UserID: user})
		return nil
	}
	login.Pending, login.Status, login.State = "", statusEnabled, "modifying"
	return t
}

// ensureLogin gives that of a user in the app, which is made where there is none. The world must be locked.
func (w *work) ensureLogin(user int64) *world.Login {
	logins, key := w.e.w.Source.Logins, world.LoginKey{App: w.app, User: user}
	if logins[key] == nil {
		logins[key] = &world.Login{ID: w.e.w.NextID(), State: stateNonexistent}
	}
	return logins[key]
}

// decideGroups evaluates the rules. Without "Include in User Provisioning" on the Groups parameter no membership is
// sent, and a suspended user's memberships stay as they are.
func (w *work) decideGroups(t *task, a *world.App, u *world.User) {
	p := rule.GroupsParameter(a)
	t.groups = t.groupsBefore
	if p == nil || !p.ProvisionedEntitlements || !t.desired.Active {
		return
	}
	t.pushesGroups, t.groups = true, rule.Groups(&w.e.w.Source, a, u)
}

func (w *work) decideCreation(t *task, a *world.App, login *world.Login) *task {
	if !t.desired.Active {
		return nil // a user who never came and may not come
	}
	if a.ApproveCreate && !w.approved {
		login.Pending, login.Status = string(create), "enabling_pending_approval"
		login.State = "provisioning_pending_approval"
		return nil
	}
	login.Pending, login.Status, login.State = "", statusEnabling, "provisioning"
	t.successEvent, t.failureEvent = world.EventCreated, world.EventCreateFailed
	return t
}

// fingerprint stands for what a push of this task would say.
func (t *task) fingerprint() string { return fmt.Sprintf("%+v %q", t.desired, t.groups) }
