package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Effects are the records of the target as the direct changes of some intents leave them, like a re-read. What an
// intent creates has its key for an id. assigned are the known account assignments.
func Effects(c *drift.Comparison, intents []model.Intent, assigned map[string]model.Assigned) *Observation {
	e := effects{comparison: c, assigned: assigned, Observation: NewObservation(), target: NewIndex(&c.Target)}
	for i := range intents {
		if intents[i].Channel == model.Direct {
			e.apply(&intents[i])
		}
	}
	return &e.Observation
}

type effects struct {
	Observation

	comparison *drift.Comparison
	assigned   map[string]model.Assigned
	target     Index
}

func (e *effects) apply(in *model.Intent) {
	group := cmp.Or(in.Group.ID, in.Group.Ref)
	switch in.Repair { //nolint:exhaustive // the others write nothing at the target
	case model.CreateUser:
		user := *in.User
		user.ID, user.Assigned = in.Key, true
		e.Users[in.Key] = &user
	case model.ActivateUser, model.UpdateUser, model.DeactivateUser:
		user := e.writableUser(in.Subject.TargetID)
		for _, change := range in.Changes {
			user.SetAttribute(change.Name, change.Source)
		}
	case model.DeleteUser:
		e.Users[in.Subject.TargetID] = nil
	case model.CreateGroup:
		e.Groups[in.Key], e.Members[in.Key] = &model.Group{ID: in.Key, Name: in.Group.Name}, model.MemberList{}
	case model.RenameGroup:
		e.renameGroup(in)
	case model.DeleteGroup:
		e.Groups[group] = nil
	case model.AddMembers, model.RemoveMembers:
		e.changeMembers(group, in)
	case model.RemoveAssignments, model.ClearAssignments, model.RestoreAssignments, model.MoveAssignments:
		e.changeAssignments(group, in)
	}
}

// writableUser is a record to change.
func (e *effects) writableUser(id string) *model.User {
	if e.Users[id] == nil {
		var user model.User
		if at, known := e.target.User(id); known {
			user = e.comparison.Target.Users[at]
		}
		e.Users[id] = &user
	}
	return e.Users[id]
}

func (e *effects) renameGroup(in *model.Intent) {
	group := model.Group{ID: in.Group.ID, Name: in.Group.Name}
	if at, known := e.target.Group(in.Group.ID); known {
		group = e.comparison.Target.Groups[at]
	}
	for _, change := range in.Changes {
		if change.Name == model.FieldDisplayName.String() {
			group.Name = change.Source
		}
	}
	e.Groups[group.ID] = &group
}

// changeMembers puts members into a group, or takes them out. Of a group whose members are not known they stay unknown.
func (e *effects) changeMembers(id string, in *model.Intent) {
	list, changed := e.Members[id]
	if at, known := e.target.Group(id); known && !changed {
		g := &e.comparison.Target.Groups[at]
		list.Unknown, list.Hidden = g.MembersUnknown, g.MembersHidden
		for _, u := range e.comparison.Target.Members.Of(int(at)) {
			list.IDs = append(list.IDs, e.comparison.Target.Users[u].ID)
		}
	}
	moved := model.SetOf(in.Members, func(m *model.Member) string { return cmp.Or(m.ID, m.Ref) })
	list.IDs = slices.DeleteFunc(list.IDs, func(member string) bool { return moved[member] })
	if in.Repair == model.AddMembers {
		list.IDs = append(list.IDs, slices.Sorted(maps.Keys(moved))...)
	}
	e.Members[id] = list
}

// changeAssignments makes or removes account assignments of a principal. What hung on a deleted group is looked for
// elsewhere.
func (e *effects) changeAssignments(group string, in *model.Intent) {
	makes := in.Repair == model.RestoreAssignments || in.Repair == model.MoveAssignments
	for _, a := range in.Assignments {
		id := cmp.Or(group, in.Subject.TargetID, a.PrincipalRef)
		now, changed := e.Assignments[id]
		if !changed {
			now = e.assigned[id]
		}
		now.List = slices.DeleteFunc(slices.Clone(now.List), a.Same)
		if makes {
			now.List = append(now.List, a)
		}
		e.Assignments[id] = now
		if in.Repair == model.ClearAssignments {
			e.Dangling[a.WithoutNames()] = false
		}
	}
}
