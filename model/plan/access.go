package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Forecast is what a plan leaves of the findings of a comparison: after is the comparison made again with its
// effects. A console step and a nudge write nothing at the target; the findings that they are for count as ended, if
// OneLogin does its part.
func Forecast(before, after *drift.Comparison, intents []model.Intent) *model.Forecast {
	known := make(map[string]bool, len(before.Findings))
	for i := range before.Findings {
		known[before.Findings[i].ID] = true
	}
	byOneLogin := map[string]bool{}
	for i := range intents {
		if intents[i].Channel == model.Direct {
			continue
		}
		for _, id := range intents[i].Findings {
			byOneLogin[id] = true
		}
	}
	f := &model.Forecast{Before: len(before.Findings), BySeverity: map[string]int{}}
	for i := range after.Findings {
		left := &after.Findings[i]
		if byOneLogin[left.ID] {
			f.ByOneLogin++
			continue
		}
		f.Left++
		f.BySeverity[left.Severity.String()]++
		if !known[left.ID] {
			f.New = append(f.New, left.ID)
		}
	}
	slices.Sort(f.New)
	return f
}

// Access says whose access at the target changes from one comparison to the other by some effects, by name. assigned
// are the account assignments that were known before.
func Access(before, after *drift.Comparison, e *Observation, assigned map[string]model.Assigned) []model.AccessChange {
	was, is := holds(before, e, assigned), holds(after, e, nil)
	is.assigned = maps.Clone(assigned)
	if is.assigned == nil {
		is.assigned = map[string]model.Assigned{}
	}
	maps.Copy(is.assigned, e.Assignments)
	ids := map[string]bool{}
	for id := range e.Users {
		ids[id] = true
	}
	maps.Copy(ids, was.touched)
	maps.Copy(ids, is.touched)
	was.fill(ids)
	is.fill(ids)
	out := make([]model.AccessChange, 0, len(ids))
	for id := range ids {
		if change, changed := accessChange(id, &was, &is); changed {
			out = append(out, change)
		}
	}
	slices.SortFunc(out, func(a, b model.AccessChange) int {
		return cmp.Or(model.ByFolded(a.Person, b.Person), cmp.Compare(a.Person, b.Person), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// holding is who holds what at the target, of those whom a plan touches.
type holding struct {
	target   *model.Directory
	assigned map[string]model.Assigned
	// touched are the users who are in a group that the plan changes.
	touched map[string]bool
	users   map[string]*model.User
	groups  map[string][]*model.Group
}

func holds(c *drift.Comparison, e *Observation, assigned map[string]model.Assigned) holding {
	h := holding{target: &c.Target, assigned: assigned, touched: map[string]bool{}}
	for g := range h.target.Groups {
		id := h.target.Groups[g].ID
		_, group := e.Groups[id]
		_, members := e.Members[id]
		_, opens := e.Assignments[id]
		if !group && !members && !opens {
			continue
		}
		for _, u := range h.target.Members.Of(g) {
			h.touched[h.target.Users[u].ID] = true
		}
	}
	return h
}

// fill finds the records and groups of some users in one walk over the memberships.
func (h *holding) fill(ids map[string]bool) {
	h.users, h.groups = make(map[string]*model.User, len(ids)), make(map[string][]*model.Group, len(ids))
	for i := range h.target.Users {
		if u := &h.target.Users[i]; ids[u.ID] {
			h.users[u.ID] = u
		}
	}
	for g := range h.target.Groups {
		for _, u := range h.target.Members.Of(g) {
			if id := h.target.Users[u].ID; h.users[id] != nil {
				h.groups[id] = append(h.groups[id], &h.target.Groups[g])
			}
		}
	}
}

// opened are the account assignments that somebody has, as far as they are known; none for an account that is off.
func (h *holding) opened(id string) map[string]bool {
	names := map[string]bool{}
	if u := h.users[id]; u == nil || !u.Active {
		return names
	}
	add := func(principal string) {
		for _, name := range model.AssignmentNames(h.assigned[principal].List) {
			names[name] = true
		}
	}
	add(id)
	for _, g := range h.groups[id] {
		add(g.ID)
	}
	return names
}

// accessChange compares what one person holds; false where nothing of it changes.
func accessChange(id string, was, is *holding) (model.AccessChange, bool) {
	old, now := was.users[id], is.users[id]
	change := model.AccessChange{}
	switch {
	case old == nil && now == nil:
		return change, false
	case old == nil:
		change.Person, change.Account = now.UserName, model.AccountCreated
	default:
		change.Person, change.ID = old.UserName, id
		switch {
		case now == nil:
			change.Account = model.AccountDeleted
		case old.Active && !now.Active:
			change.Account = model.AccountDeactivated
		case !old.Active && now.Active:
			change.Account = model.AccountActivated
		}
		if now != nil && now.UserName != old.UserName {
			change.RenamedTo = now.UserName
		}
	}
	type held struct{ id, name string } // by its name too: somebody may be let in by the old name only
	before := map[held]bool{}
	for _, g := range was.groups[id] {
		before[held{g.ID, g.Name}] = true
	}
	for _, g := range is.groups[id] {
		if before[held{g.ID, g.Name}] {
			delete(before, held{g.ID, g.Name})
			change.Keeps++
			continue
		}
		change.Gains = append(change.Gains, g.Name)
	}
	for g := range before {
		change.Loses = append(change.Loses, g.name)
	}
	slices.Sort(change.Gains)
	slices.Sort(change.Loses)
	opened, opens := was.opened(id), is.opened(id)
	change.Closes, change.Opens = less(opened, opens), less(opens, opened)
	return change, change.Account != "" || change.RenamedTo != "" ||
		len(change.Loses)+len(change.Gains)+len(change.Closes)+len(change.Opens) > 0
}

// less gives what is in one set and not in the other, sorted.
func less(a, b map[string]bool) (only []string) {
	for name := range a {
		if !b[name] {
			only = append(only, name)
		}
	}
	slices.Sort(only)
	return only
}
