package engine

import (
	"context"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// refresh reads the target's groups into the entitlement cache. The list is one request, which AWS cuts at a page, so
// names that the cache knows and the page lacks are asked for one by one; those that are gone leave the cache.
func (e *Engine) refresh(ctx context.Context, app int64) {
	w, ok := e.open(app)
	if !ok {
		return
	}
	e.w.Lock()
	known := slices.Sorted(maps.Keys(e.w.Source.Apps[app].Entitlements))
	e.w.Unlock()
	page, err := w.groups(ctx, "")
	fresh := map[string]string{}
	for _, g := range page {
		fresh[g.DisplayName] = g.ID
	}
	for _, name := range known {
		if fresh[name] != "" || err != nil {
			continue
		}
		page, err = w.groups(ctx, where("displayName", name))
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
		e.event(world.Event{Type: world.EventCacheAction, AppID: app, ErrorDescription: describe(err)})
	default:
		a.Entitlements = fresh
		e.event(world.Event{Type: world.EventCacheAction, AppID: app, Notes: "entitlements refreshed"})
		e.event(world.Event{Type: world.EventEntitlement, AppID: app, Notes: "entitlements refreshed"})
	}
}

// syncLogins matches the app's users with the target's by user name and remembers their ids there. It sends no user:
// who has no match is logged and is created at the next reapply.
func (e *Engine) syncLogins(ctx context.Context, app int64) {
	w, ok := e.open(app)
	if !ok {
		return
	}
	e.w.Lock()
	users := world.SortedIDs(e.w.Source.Assigned(app))
	e.w.Unlock()
	for _, user := range users {
		if err := w.match(ctx, user); err != nil {
			e.say(world.Event{Type: world.EventLoginsFailed, AppID: app, ErrorDescription: describe(err)})
			return
		}
	}
	e.say(world.Event{Type: world.EventLoginsUpdated, AppID: app})
}

func (w *work) match(ctx context.Context, user int64) error {
	w.e.w.Lock()
	a, u := w.e.w.Source.Apps[w.app], w.e.w.Source.Users[user]
	if a == nil || u == nil {
		w.e.w.Unlock()
		return nil
	}
	p := userOf(a, u)
	w.e.w.Unlock()
	there, found, err := w.lookup(ctx, p.UserName)
	if err != nil {
		return err
	}
	w.e.w.Lock()
	defer w.e.w.Unlock()
	login := w.login(user)
	login.RemoteID = there.ID
	switch {
	case found && (login.Pending == "" || login.Pending == string(create)):
		login.Pending, login.State, login.Status = "", stateProvisioned, statusEnabled
	case !found && login.Pending == "":
		login.State, login.Status = stateNonexistent, ""
	}
	if !found && p.Active {
		w.e.event(world.Event{Type: world.EventUnmatched, AppID: w.app, UserID: user})
	}
	return nil
}
