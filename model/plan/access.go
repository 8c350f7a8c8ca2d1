package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Forecast is what a plan leaves of the findings: after is the comparison with its effects. A console step and a nudge
// write nothing; their findings count as ended, if OneLogin does its part.
func Forecast(before, after *drift.Comparison, intents []model.Intent) *model.Forecast {
	known := model.SetOf(before.Findings, func(f *model.Finding) string { return f.ID })
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

// Access says whose access at the target some effects change, by name; assigned is what was known before.
func Access(before, after *drift.Comparison, e *Observation, assigned map[string]model.Assigned) []model.AccessChange {
	ids := map[string]bool{}
	for id := range e.Users {
		ids[id] = true
	}
	for _, c := range []*drift.Comparison{before, after} {
		addMembersOfChangedGroups(ids, &c.Target, e)
	}
	assignedAfter := map[string]model.Assigned{}
	maps.Copy(assignedAfter, assigned)
	maps.Copy(assignedAfter, e.Assignments)
	was, is := accessByUser(&before.Target, ids, assigned), accessByUser(&after.Target, ids, assignedAfter)
	out := make([]model.AccessChange, 0, len(ids))
	for id := range ids {
		if change, changed := accessChange(id, was[id], is[id]); changed {
			out = append(out, change)
		}
	}
	slices.SortFunc(out, func(a, b model.AccessChange) int {
		return cmp.Or(model.ByFolded(a.Person, b.Person), cmp.Compare(a.Person, b.Person), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// addMembersOfChangedGroups adds the users who are in a group that some effects change.
func addMembersOfChangedGroups(ids map[string]bool, target *model.Directory, e *Observation) {
	for g := range target.Groups {
		id := target.Groups[g].ID
		_, group := e.Groups[id]
		_, members := e.Members[id]
		_, opens := e.Assignments[id]
		if !group && !members && !opens {
			continue
		}
		for _, u := range target.Members.Of(g) {
			ids[target.Users[u].ID] = true
		}
	}
}

// userAccess is what somebody holds at the target: their groups, by name too, because somebody may be let in by the old
// name only, and the account assignments that are known of those and of themselves.
type userAccess struct {
	user        *model.User
	groups      map[model.GroupRef]bool
	assignments map[string]bool
}

// addAssignments adds account assignments; an account that is off opens nothing.
func (h *userAccess) addAssignments(a model.Assigned) {
	if h.user.Active {
		for _, name := range model.AssignmentNames(a.List) {
			h.assignments[name] = true
		}
	}
}

func accessByUser(
	target *model.Directory, ids map[string]bool, assigned map[string]model.Assigned,
) map[string]*userAccess {
	out := make(map[string]*userAccess, len(ids))
	for i := range target.Users {
		if u := &target.Users[i]; ids[u.ID] {
			out[u.ID] = &userAccess{user: u, groups: map[model.GroupRef]bool{}, assignments: map[string]bool{}}
			out[u.ID].addAssignments(assigned[u.ID])
		}
	}
	for g := range target.Groups {
		group := &target.Groups[g]
		for _, u := range target.Members.Of(g) {
			if h := out[target.Users[u].ID]; h != nil {
				h.groups[model.GroupRef{ID: group.ID, Name: group.Name}] = true
				h.addAssignments(assigned[group.ID])
			}
		}
	}
	return out
}

// accessChange compares what one person holds, nil for somebody who is not there; false where nothing of it changes.
func accessChange(id string, was, is *userAccess) (change model.AccessChange, changed bool) {
	none := &userAccess{user: &model.User{}}
	old, now := cmp.Or(was, none), cmp.Or(is, none)
	change.Person, change.ID = old.user.UserName, id
	switch {
	case was == nil && is == nil:
		return change, false
	case was == nil:
		change.Person, change.ID, change.Account = now.user.UserName, "", model.AccountCreated
	case is == nil:
		change.Account = model.AccountDeleted
	case old.user.Active && !now.user.Active:
		change.Account = model.AccountDeactivated
	case !old.user.Active && now.user.Active:
		change.Account = model.AccountActivated
	}
	if was != nil && is != nil && now.user.UserName != old.user.UserName {
		change.RenamedTo = now.user.UserName
	}
	name := func(g model.GroupRef) string { return g.Name }
	same := func(name string) string { return name }
	change.Loses, change.Gains = onlyInFirst(old.groups, now.groups, name), onlyInFirst(now.groups, old.groups, name)
	change.Keeps = len(now.groups) - len(change.Gains)
	change.Closes, change.Opens = onlyInFirst(old.assignments, now.assignments, same),
		onlyInFirst(now.assignments, old.assignments, same)
	return change, change.Account != "" || change.RenamedTo != "" ||
		len(change.Loses)+len(change.Gains)+len(change.Closes)+len(change.Opens) > 0
}

// onlyInFirst gives the names of what is in one set and not in the other, sorted.
func onlyInFirst[K comparable](a, b map[K]bool, name func(K) string) (only []string) {
	for k := range a {
		if !b[k] {
			only = append(only, name(k))
		}
	}
	slices.Sort(only)
	return only
}
