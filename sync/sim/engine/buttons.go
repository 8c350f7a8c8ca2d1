package engine

import (
	"context"
	"maps"
	"net/http"
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
	var page struct {
		Resources []remoteGroup `json:"Resources"`
	}
	err := w.remote.send(ctx, http.MethodGet, "/Groups", nil, &page)
	fresh := map[string]string{}
	for _, g := range page.Resources {
		fresh[g.DisplayName] = g.ID
	}
	if err == nil {
		err = w.confirmKnown(ctx, fresh)
	}
	if err != nil {
		e.say(world.Event{Type: world.EventCacheAction, AppID: app, ErrorDescription: describe(err)})
		return
	}
	e.w.Lock()
	defer e.w.Unlock()
	if a := e.w.Source.Apps[app]; a != nil {
		a.Entitlements = fresh
	}
	e.event(world.Event{Type: world.EventCacheAction, AppID: app, Notes: "entitlements refreshed"})
	e.event(world.Event{Type: world.EventEntitlement, AppID: app, Notes: "entitlements refreshed"})
}

// confirmKnown asks for every known group that the first page did not show.
func (w *work) confirmKnown(ctx context.Context, fresh map[string]string) error {
	w.e.w.Lock()
	known := []string{}
	if a := w.e.w.Source.Apps[w.app]; a != nil {
		known = slices.Sorted(maps.Keys(a.Entitlements))
	}
	w.e.w.Unlock()
	for _, name := range known {
		if fresh[name] != "" {
			continue
		}
		id, err := w.findGroup(ctx, name)
		if err != nil {
			return err
		}
		if id != "" {
			fresh[name] = id
		}
	}
	return nil
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
	var page struct {
		Resources []user `json:"Resources"`
	}
	err := w.remote.send(ctx, http.MethodGet, "/Users", nil, &page)
	byName := map[string]string{}
	for _, u := range page.Resources {
		byName[u.UserName] = u.ID
	}
	for _, user := range users {
		if err != nil {
			break
		}
		err = w.match(ctx, user, byName)
	}
	if err != nil {
		e.say(world.Event{Type: world.EventLoginsFailed, AppID: app, ErrorDescription: describe(err)})
		return
	}
	e.say(world.Event{Type: world.EventLoginsUpdated, AppID: app})
}

// match looks one user up, on the page that was read or by a filter, as AWS cuts the list.
func (w *work) match(ctx context.Context, user int64, byName map[string]string) error {
	w.e.w.Lock()
	a, u := w.e.w.Source.Apps[w.app], w.e.w.Source.Users[user]
	if a == nil || u == nil {
		w.e.w.Unlock()
		return nil
	}
	p := userOf(a, u)
	w.e.w.Unlock()
	id := byName[p.UserName]
	if id == "" {
		have, ok, err := w.lookup(ctx, p.UserName)
		if err != nil {
			return err
		}
		if ok {
			id = have.ID
		}
	}
	w.e.w.Lock()
	defer w.e.w.Unlock()
	key := world.LoginKey{App: w.app, User: user}
	login := w.e.w.Source.Logins[key]
	if login == nil {
		login = &world.Login{ID: w.e.w.NextID()}
		w.e.w.Source.Logins[key] = login
	}
	login.RemoteID = id
	if id == "" {
		if login.Pending == "" {
			login.State, login.Status = "nonexistent", ""
		}
		if p.Active {
			w.e.event(world.Event{Type: world.EventUnmatched, AppID: w.app, UserID: user})
		}
		return nil
	}
	if login.Pending == string(create) {
		login.Pending = ""
	}
	if login.Pending == "" {
		login.State, login.Status = stateProvisioned, statusEnabled
	}
	return nil
}
