package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// maxMembersPerPatch is how many members one PATCH carries, the most that AWS takes.
const maxMembersPerPatch = 100

type membershipChange struct{ add, remove []*task }

// pushGroups sends the memberships of every user that was pushed, group by group. A group that the cache does not know
// is looked for by name and else made; none is ever deleted.
func (w *work) pushGroups(ctx context.Context) {
	changes := map[string]*membershipChange{}
	of := func(name string) *membershipChange {
		if changes[name] == nil {
			changes[name] = &membershipChange{}
		}
		return changes[name]
	}
	for _, t := range w.tasks {
		if t.err != nil || !t.pushesGroups {
			continue
		}
		for _, name := range t.groups {
			of(name).add = append(of(name).add, t)
		}
		for _, name := range t.groupsBefore {
			if !slices.Contains(t.groups, name) {
				of(name).remove = append(of(name).remove, t)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		w.pushGroup(ctx, name, changes[name])
	}
}

func (w *work) pushGroup(ctx context.Context, name string, c *membershipChange) {
	id, err := w.groupID(ctx, name, len(c.add) > 0)
	if err != nil {
		failTasks(append(c.add, c.remove...), name, "", err)
		return
	}
	if id == "" {
		return // nobody to add, and no such group to remove anybody from
	}
	for part := range slices.Chunk(c.add, maxMembersPerPatch) {
		w.patch(ctx, name, id, "add", part)
	}
	for part := range slices.Chunk(c.remove, maxMembersPerPatch) {
		w.patch(ctx, name, id, "remove", part)
	}
}

type value struct {
	Value string `json:"value"`
}

type operation struct {
	Op    string  `json:"op"`
	Path  string  `json:"path"`
	Value []value `json:"value"`
}

func (w *work) patch(ctx context.Context, name, id, op string, part []*task) {
	members := make([]value, 0, len(part))
	for _, t := range part {
		members = append(members, value{t.remoteID})
	}
	body := map[string]any{"schemas": []string{patchSchema}, "Operations": []operation{{op, "members", members}}}
	if err := w.send(ctx, http.MethodPatch, "/Groups/"+url.PathEscape(id), body, nil); err != nil {
		failTasks(part, name, id, err)
	}
}

// groupError is a push of memberships that failed, with the group and the id that it was pushed to; the id is empty
// where there was none to push to.
type groupError struct {
	name, id string
	err      error
}

func (f *groupError) Error() string { return f.subject() + ": " + f.err.Error() }
func (f *groupError) Unwrap() error { return f.err }

func (f *groupError) subject() string {
	if f.id == "" {
		return fmt.Sprintf(`group "%s"`, f.name)
	}
	return fmt.Sprintf(`group "%s" (%s)`, f.name, f.id)
}

func failTasks(tasks []*task, name, id string, err error) {
	for _, t := range tasks {
		if t.err == nil {
			t.err, t.failureEvent = &groupError{name, id, err}, world.EventUpdateFailed
		}
	}
}

// groupID gives the target's id of a group: from the cache, where it may be stale, else by looking, else by making
// the group.
func (w *work) groupID(ctx context.Context, name string, mayCreate bool) (string, error) {
	w.e.w.Lock()
	id := ""
	if a := w.e.w.Source.Apps[w.app]; a != nil {
		id = a.Entitlements[name]
	}
	w.e.w.Unlock()
	if id != "" || !mayCreate {
		return id, nil
	}
	there, err := w.queryGroups(ctx, filterQuery("displayName", name))
	for _, g := range there {
		id = g.ID
	}
	if err == nil && id == "" {
		var made remoteGroup
		body := map[string]any{"schemas": []string{groupSchema}, "displayName": name}
		err = w.send(ctx, http.MethodPost, "/Groups", body, &made)
		if id = made.ID; err == nil {
			w.e.logEvent(world.Event{Type: world.EventEntitlement, AppID: w.app, Notes: "created " + name})
		}
	}
	if err != nil {
		return "", err
	}
	w.e.w.Lock()
	defer w.e.w.Unlock()
	if a := w.e.w.Source.Apps[w.app]; a != nil {
		if a.Entitlements == nil {
			a.Entitlements = map[string]string{}
		}
		a.Entitlements[name] = id
	}
	return id, nil
}

type remoteGroup struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
}

// queryGroups gives the target's groups that one page shows of what a query asks for.
func (w *work) queryGroups(ctx context.Context, query string) ([]remoteGroup, error) {
	var page struct {
		Resources []remoteGroup `json:"Resources"`
	}
	err := w.send(ctx, http.MethodGet, "/Groups"+query, nil, &page)
	return page.Resources, err
}

// failureText is the text that an event shows of a failure: the target's own words where there are any. How OneLogin
// renders them is not known.
func failureText(err error) string {
	f, ok := errors.AsType[*failure](err)
	if g, of := errors.AsType[*groupError](err); ok && of {
		return fmt.Sprintf("%d %s for %s: %s", f.status, http.StatusText(f.status), g.subject(), f.text)
	}
	if ok {
		return fmt.Sprintf("%d %s: %s", f.status, http.StatusText(f.status), f.text)
	}
	return err.Error()
}
