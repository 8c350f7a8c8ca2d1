package repair

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

var errNoLens = errors.New("account assignments are read and changed through the AWS lens, which is not configured; " +
	"set [connections.NAME.aws]")

// assignments reads the account assignments of everybody from whom some items take something, for the blast radius.
// Those that cannot be read are unknown with the reason; nil without a lens.
func (r *Repairer) assignments(ctx context.Context, items []item) map[string]model.Assigned {
	if r.opts.Lens == nil {
		return nil
	}
	out := map[string]model.Assigned{}
	for i := range items {
		of := model.Principal{Type: model.SubjectGroup, ID: items[i].Group.ID}
		switch items[i].Repair {
		case model.DeleteGroup, model.RemoveMembers:
		case model.DeleteUser, model.DeactivateUser:
			of = model.Principal{Type: model.SubjectUser, ID: items[i].Subject.TargetID}
		default:
			continue
		}
		if _, known := out[of.ID]; known || of.ID == "" {
			continue
		}
		out[of.ID] = r.assignedTo(ctx, of)
	}
	return out
}

func (r *Repairer) assignedTo(ctx context.Context, of model.Principal) model.Assigned {
	list, err := r.opts.Lens.Assignments(ctx, of)
	if err != nil {
		return model.Assigned{Unknown: err.Error()}
	}
	return model.Assigned{List: list}
}

// blastOfAssignments says which account assignments a principal has that the plan's own steps do not take away
// before. What could not be read matters only where the principal itself goes.
func (k *compiler) blastOfAssignments(b *model.BlastRadius, id string, goes bool) {
	assigned := k.assigned[id]
	left := slices.DeleteFunc(slices.Clone(assigned.List),
		func(a model.Assignment) bool { return slices.ContainsFunc(k.removed[id], a.Same) })
	b.Assignments = append(b.Assignments, model.AssignmentNames(left)...)
	if goes && assigned.Unknown != "" {
		b.Unknown = cmp.Or(b.Unknown, "its account assignments could not be read: "+assigned.Unknown)
	}
}

func (r *Repairer) keepAssignments(ctx context.Context, b *model.Backup) {
	if r.opts.Lens == nil {
		return
	}
	assigned := r.assignedTo(ctx, model.Principal{Type: b.Type, ID: b.ID})
	b.Assignments, b.AssignmentsUnknown = assigned.List, assigned.Unknown
}

func (r *Repairer) backupAssignment(step *model.Step) ([]model.Backup, error) {
	is, ok := was(step.Precondition, model.AssignmentDangles, "")
	if !ok {
		is, ok = was(step.Precondition, model.AssignmentIs, "")
	}
	if !ok || is.Assignment == nil {
		return nil, errors.New("the step does not say which assignment it removes; make the plan again")
	}
	raw, err := json.Marshal(is.Assignment)
	if err != nil {
		return nil, err
	}
	return []model.Backup{{
		Type: model.SubjectGroup, ID: is.ID, Name: is.Name, Raw: raw,
		Assignments: []model.Assignment{*is.Assignment},
	}}, nil
}

// unassigned makes an assignment again that the run removed: for the group itself, or for the one that is made in its
// place.
func (b *back) unassigned(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	kept := backupOf(rec, model.SubjectGroup)
	if kept == nil || len(kept.Assignments) == 0 {
		b.leave(step, "its journal holds no backup; make the account assignment by hand")
		return nil
	}
	name, at := kept.Name, place{id: kept.ID}
	if again, ok := b.again[kept.ID]; ok {
		at = again
	} else {
		group, found, err := b.r.opts.Target.GetGroup(ctx, kept.ID)
		if err != nil {
			return err
		}
		if !found && step.Repair == model.ClearAssignments {
			b.leave(step, "the account assignment to %s hung on the deleted group %s (%s) and does not "+
				"come back: AWS assigns nothing to a group that is gone, and it opened nothing",
				model.Visible(kept.Assignments[0].String()), nameAlone(kept.Name), model.Visible(kept.ID))
			return nil
		}
		if !found {
			b.leave(step, "the group %s is gone, and its account assignment with it", nameAlone(kept.Name))
			return nil
		}
		name = group.Name
	}
	planned := b.planned()
	b.assign(ctx, step, kept.Assignments, model.SubjectGroup, name, at)
	if b.planned() == planned {
		b.done(step)
	}
	return nil
}

// moved takes an account assignment away again that the run gave to the group that was made in the place of a deleted
// one.
func (b *back) moved(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	a := step.Assignment()
	if b.r.opts.Lens == nil || a == nil || step.Group == nil {
		b.leave(step, "the account assignment that it made is not taken away again: %s", errNoLens)
		return nil
	}
	group := *step.Group
	is := []model.Condition{
		target(model.GroupIs, model.Condition{ID: group.ID, Name: group.Name}),
		target(model.AssignmentIs, model.Condition{ID: group.ID, Name: group.Name, Assignment: a}),
	}
	saw, err := b.r.check(ctx, is)
	switch {
	case err != nil:
		return err
	case saw.observed.Groups[group.ID] == nil || !saw.observed.Assignments[group.ID].Has(*a):
		b.done(step)
		return nil
	case saw.broken != "":
		b.leave(step, "it is not as the run left it any more: %s", saw.broken)
		return nil
	}
	taken := *a
	taken.PrincipalType, taken.PrincipalID = model.SubjectGroup, group.ID
	b.add(step, item{own: surely(rec), Intent: model.Intent{
		Key: key(step), Option: model.Option{Repair: model.ClearAssignments}, Group: group,
		Assignments: []model.Assignment{taken},
		Subject:     model.Subject{Type: model.SubjectGroup, Name: group.Name, TargetID: group.ID}, Before: is,
		Afterwards: []model.Condition{target(model.AssignmentAbsent,
			model.Condition{ID: group.ID, Name: group.Name, Assignment: a})},
	}})
	return nil
}

// assign plans those account assignments that a principal lacks which is there, or is made by an earlier item.
func (b *back) assign(ctx context.Context, step *model.Step, list []model.Assignment, of model.SubjectType,
	name string, at place,
) {
	if len(list) == 0 {
		return
	}
	if b.r.opts.Lens == nil {
		b.leave(step, "the account assignments of %s are not made again: %s",
			nameAlone(name), errNoLens)
		return
	}
	var has model.Assigned
	if at.id != "" {
		if has = b.r.assignedTo(ctx, model.Principal{Type: of, ID: at.id}); has.Unknown != "" {
			b.leave(step, "the account assignments of %s are not made again, because those that it has "+
				"cannot be read: %s", nameAlone(name), has.Unknown)
			return
		}
	}
	lacks := slices.DeleteFunc(slices.Clone(list), has.Has)
	if len(lacks) == 0 {
		return
	}
	is, letIn := model.GroupIs, []model.Condition(nil)
	if of == model.SubjectUser {
		self, why := b.admittedAt(name, at)
		if why != "" {
			b.leave(step, "the account assignments of %s are not made again: %s", nameAlone(name), why)
			return
		}
		is, letIn = model.UserIs, []model.Condition{entitled(model.Condition{Users: []model.Member{self}})}
	}
	for n, a := range lacks {
		a.PrincipalType, a.PrincipalID, a.PrincipalRef = of, at.id, at.ref
		plain := a
		plain.PrincipalID, plain.PrincipalRef = "", ""
		in := item{Intent: model.Intent{
			Key:         fmt.Sprintf("%s assignment %d", key(step), n+1),
			Option:      model.Option{Repair: model.RestoreAssignments},
			Assignments: []model.Assignment{a}, Subject: model.Subject{Type: of, Name: name, TargetID: at.id},
			Before: append([]model.Condition{
				target(is, model.Condition{ID: at.id, Ref: at.ref, Name: name}),
				target(model.AssignmentAbsent, model.Condition{ID: at.id, Ref: at.ref, Name: name, Assignment: &plain}),
			}, letIn...),
			Afterwards: []model.Condition{target(model.AssignmentIs,
				model.Condition{ID: at.id, Ref: at.ref, Name: name, Assignment: &plain})},
		}}
		if of == model.SubjectGroup {
			in.Group = model.GroupRef{ID: at.id, Name: name, Ref: at.ref}
		}
		b.add(step, in)
		b.warn("", "Account assignments that are made again may give the AWSReservedSSO_* roles of those accounts "+
			"other names.")
	}
}
