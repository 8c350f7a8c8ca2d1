package engine

import (
	"context"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func (e *Engine) run(ctx context.Context, j Job) {
	switch j.Kind {
	case UserEvent:
		e.userEvent(ctx, j.User)
	case Refresh:
		e.refresh(ctx, j.App)
	case SyncLogins:
		e.syncLogins(ctx, j.App)
	case Reapply:
		e.reapply(ctx, j.App)
	case Approve, Retry:
		w, ok := e.startWork(j.App)
		if !ok || j.Kind == Approve && !e.awaitsApproval(j.App, j.User) {
			return
		}
		if w.approved = j.Kind == Approve; !w.approved {
			e.logEvent(world.Event{Type: world.EventRetried, AppID: j.App, UserID: j.User})
		}
		w.provision(ctx, j.User)
		w.finish(ctx)
	}
}

// awaitsApproval tells whether a login has a task to approve: a second press on Approve must not approve what comes
// later.
func (e *Engine) awaitsApproval(app, user int64) bool {
	e.w.Lock()
	defer e.w.Unlock()
	login := e.w.Source.Logins[world.LoginKey{App: app, User: user}]
	return login != nil && login.AwaitsApproval()
}

// userEvent runs the rules of every provisioning app for one user, after the tenant's user mappings, of which there are
// none here.
func (e *Engine) userEvent(ctx context.Context, user int64) {
	e.w.Lock()
	if e.w.Source.Users[user] != nil {
		e.appendEvent(world.Event{Type: world.EventMappingsDone, UserID: user})
	}
	apps := slices.Sorted(maps.Keys(e.w.Source.Apps))
	e.w.Unlock()
	for _, app := range apps {
		if w, ok := e.startWork(app); ok {
			w.provision(ctx, user)
			w.finish(ctx)
		}
	}
}

// reapply evaluates the app's rules for everybody who has the app, and sends what comes of it.
func (e *Engine) reapply(ctx context.Context, app int64) {
	w, ok := e.startWork(app)
	if !ok {
		return
	}
	e.w.Lock()
	users := e.w.Source.Assigned(app)
	e.w.Unlock()
	for _, user := range world.SortedIDs(users) {
		w.provision(ctx, user)
	}
	w.finish(ctx)
	if w.broken != nil || ctx.Err() != nil {
		e.logEvent(world.Event{Type: world.EventReapplyFailed, AppID: app})
		return
	}
	e.logEvent(world.Event{Type: world.EventReapplied, AppID: app})
}

// startWork begins a job on an app; not on one that is gone, does not provision, or is not connected.
func (e *Engine) startWork(app int64) (*work, bool) {
	e.w.Lock()
	defer e.w.Unlock()
	a := e.w.Source.Apps[app]
	if a == nil || !a.ProvisioningEnabled || a.Disconnected || a.SCIMBaseURL == "" {
		return nil, false
	}
	return &work{e: e, app: app, skipUnchanged: e.SkipUnchanged, base: a.SCIMBaseURL, token: a.SCIMToken}, true
}

// refresh reads the target's groups into the entitlement cache. The list is one request, which AWS cuts at a page, so
// names that the cache knows and the page lacks are asked for one by one; those that are gone leave the cache.
func (e *Engine) refresh(ctx context.Context, app int64) {
	w, ok := e.startWork(app)
	if !ok {
		return
	}
	e.w.Lock()
	known := slices.Sorted(maps.Keys(e.w.Source.Apps[app].Entitlements))
	e.w.Unlock()
	page, err := w.queryGroups(ctx, "")
	fresh := map[string]string{}
	for _, g := range page {
		fresh[g.DisplayName] = g.ID
	}
	for _, name := range known {
		if fresh[name] != "" || err != nil {
			continue
		}
		page, err = w.queryGroups(ctx, filterQuery("displayName", name))
		for _, g := range page {
			fresh[name] = g.ID
		}
	}
	e.w.Lock()
	defer e.w.Unlock()
	a := e.w.Source.Apps[app]
	switch {
	case a == nil:
	case err != nil:
		e.appendEvent(world.Event{Type: world.EventCacheAction, AppID: app, ErrorDescription: failureText(err)})
	default:
		a.Entitlements = fresh
		e.appendEvent(world.Event{Type: world.EventCacheAction, AppID: app, Notes: "entitlements refreshed"})
		e.appendEvent(world.Event{Type: world.EventEntitlement, AppID: app, Notes: "entitlements refreshed"})
	}
}

// syncLogins matches the app's users with the target's by user name and remembers their ids there. It sends no user:
// who has no match is logged and is created at the next reapply.
func (e *Engine) syncLogins(ctx context.Context, app int64) {
	w, ok := e.startWork(app)
	if !ok {
		return
	}
	e.w.Lock()
	users := world.SortedIDs(e.w.Source.Assigned(app))
	e.w.Unlock()
	for _, user := range users {
		if err := w.match(ctx, user); err != nil {
			e.logEvent(world.Event{Type: world.EventLoginsFailed, AppID: app, ErrorDescription: failureText(err)})
			return
		}
	}
	e.logEvent(world.Event{Type: world.EventLoginsUpdated, AppID: app})
}

func (w *work) match(ctx context.Context, user int64) error {
	w.e.w.Lock()
	a, u := w.e.w.Source.Apps[w.app], w.e.w.Source.Users[user]
	if a == nil || u == nil {
		w.e.w.Unlock()
		return nil
	}
	p := desiredUser(a, u)
	w.e.w.Unlock()
	there, found, err := w.lookup(ctx, p.UserName)
	if err != nil {
		return err
	}
	w.e.w.Lock()
	defer w.e.w.Unlock()
	login := w.ensureLogin(user)
	login.RemoteID = there.ID
	switch {
	case found && (login.Pending == "" || login.Pending == string(create)):
		login.Pending, login.State, login.Status = "", stateProvisioned, statusEnabled
	case !found && login.Pending == "":
		login.State, login.Status = stateNonexistent, ""
	}
	if !found && p.Active {
		w.e.appendEvent(world.Event{Type: world.EventUnmatched, AppID: w.app, UserID: user})
	}
	return nil
}
