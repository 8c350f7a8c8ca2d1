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
	e.pressed[app]++
	if e.pressed[app] < w.remote.knobs.RefreshPresses {
		e.say(world.Event{Type: eventCacheAction, AppID: app, Notes: "entitlements are being refreshed"})
		return
	}
	e.pressed[app] = 0
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
		e.say(world.Event{Type: eventCacheAction, AppID: app, ErrorDescription: describe(err)})
		return
	}
	e.w.Lock()
	defer e.w.Unlock()
	if a := e.w.Source.Apps[app]; a != nil {
		a.Entitlements = fresh
	}
	e.event(world.Event{Type: eventCacheAction, AppID: app, Notes: "entitlements refreshed"})
	e.event(world.Event{Type: eventEntitlement, AppID: app, Notes: "entitlements refreshed"})
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
