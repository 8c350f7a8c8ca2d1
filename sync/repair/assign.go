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

// readAssignments are those of everybody from whom some items take something; nil without a lens.
func (r *Repairer) readAssignments(ctx context.Context, items []item) map[string]model.Assigned {
	if r.opts.Lens == nil {
		return nil
	}
	out := map[string]model.Assigned{}
	for i := range items {
		of := items[i].recordChangedBy(model.DeleteGroup, model.RemoveMembers, model.DeleteUser, model.DeactivateUser)
		if _, known := out[of.ID]; known || of.ID == "" {
			continue
		}
		out[of.ID] = model.AssignedOf(r.opts.Lens.Assignments(ctx, of))
	}
	return out
}

// blastOfAssignments adds those that the plan's own steps do not take away before. What could not be read matters only
// where the principal itself goes.
func (k *compiler) blastOfAssignments(b *model.BlastRadius, id string, goes bool) {
	assigned := k.assigned[id]
	left := slices.DeleteFunc(slices.Clone(assigned.List),
		func(a model.Assignment) bool { return slices.ContainsFunc(k.removed[id], a.Same) })
	b.Assignments = append(b.Assignments, model.AssignmentNames(left)...)
	if goes && assigned.Unknown != "" {
		b.Unknown = cmp.Or(b.Unknown, "its account assignments could not be read: "+assigned.Unknown)
	}
}

func (r *Repairer) backupAssignment(step *model.Step) ([]model.Backup, error) {
	is, dangles := findCondition(step.Precondition, model.AssignmentDangles, "")
	if !dangles {
		is, _ = findCondition(step.Precondition, model.AssignmentIs, "")
	}
	raw, err := json.Marshal(is.Assignment)
	return []model.Backup{{
		Type: model.SubjectGroup, ID: is.ID, Name: is.Name, Raw: raw,
		Assignments: []model.Assignment{*is.Assignment},
	}}, err
}

// restoreAssignment makes an assignment again, for the group itself or for the one that is made in its place.
func (b *undoPlan) restoreAssignment(step *model.Step, rec *model.StepRecord) {
	kept := backupOf(rec, model.SubjectGroup)
	if kept == nil || len(kept.Assignments) == 0 {
		b.leaveOut(step, "its journal holds no backup; make the account assignment by hand")
		return
	}
	name := kept.Name
	at, there := b.currentPlace(model.SubjectGroup, kept.ID)
	switch {
	case b.observed.Groups[kept.ID] == nil && step.Repair == model.ClearAssignments:
		b.leaveOut(step, "the account assignment to %s hung on the deleted group %s (%s) and does not "+
			"come back: AWS assigns nothing to a group that is gone, and it opened nothing",
			model.Visible(kept.Assignments[0].String()), visibleName(name), model.Visible(kept.ID))
		return
	case !there:
		b.leaveOut(step, "the group %s is gone, and its account assignment with it", visibleName(name))
		return
	case at.id != "":
		name = b.observed.Groups[at.id].Name
	}
	b.addAssignments(step, kept.Assignments, model.SubjectGroup, name, at)
}

// removeMadeAssignment takes an account assignment away again that the run made for a group: moved to it, or restored.
func (b *undoPlan) removeMadeAssignment(step *model.Step, rec *model.StepRecord) {
	a := step.Assignment()
	switch {
	case a != nil && step.Group == nil:
		b.leaveOut(step, "account assignments of a user that an undo made are not taken away again; remove them in "+
			"the AWS console")
		return
	case a == nil:
		b.leaveOut(step, "the journal does not say which account assignment it made; look for it in the AWS console")
		return
	case b.r.opts.Lens == nil:
		b.leaveOut(step, "the account assignment that it made is not taken away again: %s", errNoLens)
		return
	}
	group := b.groupOf(step)
	has := b.observed.Assignments[group.ID]
	switch gone := b.observed.Groups[group.ID] == nil; {
	case gone && b.undone[step.ID], !gone && has.Unknown == "" && !has.Has(*a):
		return
	case gone:
		b.leaveOut(step,
			"the group %s (%s) is gone, and its account assignment to %s may hang on its id still; look for "+
				"it in the AWS console", visibleName(group.Name), model.Visible(group.ID), model.Visible(a.String()))
		return
	}
	is := []model.Condition{
		model.GroupIs.On(group.ID, group.Name), model.AssignmentIs.On(group.ID, group.Name).Over(a),
	}
	absent := model.AssignmentAbsent.On(group.ID, group.Name).Over(a)
	if broken := cmp.Or(b.observed.Broken(is), b.takenBack(absent)); broken != "" {
		b.leaveOut(step, notAsLeft, broken)
		return
	}
	taken := *a
	taken.PrincipalType, taken.PrincipalID = model.SubjectGroup, group.ID
	repair := model.ClearAssignments
	if step.Repair == model.RestoreAssignments {
		repair = model.RemoveAssignments
	}
	b.addItem(step, repair, item{removesOwnRecord: doneByRun(rec), Intent: model.Intent{
		Group: group, Assignments: []model.Assignment{taken},
		Subject: model.Subject{Type: model.SubjectGroup, Name: group.Name, TargetID: group.ID}, Before: is,
		Afterwards: []model.Condition{absent},
	}})
}

// keyOfRemoval is the item that takes an account assignment from a group; "" if none does.
func (b *undoPlan) keyOfRemoval(group string, a model.Assignment) string {
	at := slices.IndexFunc(b.items, func(in item) bool {
		return in.Group.ID == group && (in.Repair == model.RemoveAssignments || in.Repair == model.ClearAssignments) &&
			slices.ContainsFunc(in.Assignments, a.Same)
	})
	if at < 0 {
		return ""
	}
	return b.items[at].Key
}

// addAssignments plans those account assignments that a principal lacks which is there, or is made by an earlier item.
func (b *undoPlan) addAssignments(
	step *model.Step, list []model.Assignment, of model.SubjectType, name string, at recordPlace,
) {
	if len(list) == 0 {
		return
	}
	why, has := "", b.observed.Assignments[at.id]
	is, letIn := model.GroupIs, []model.Condition(nil)
	if of == model.SubjectUser {
		var self model.Member
		self, why = b.admittedUser(name, at)
		is, letIn = model.UserIs, []model.Condition{model.Entitled.On("", "").With(self)}
	}
	switch {
	case b.r.opts.Lens == nil:
		why = errNoLens.Error()
	case has.Unknown != "":
		why = "those that it has cannot be read: " + has.Unknown
	}
	lacks := slices.DeleteFunc(slices.Clone(list), has.Has)
	if why != "" && len(lacks) > 0 {
		b.leaveOut(step, "the account assignments of %s are not made again: %s", visibleName(name), why)
		return
	}
	for n, a := range lacks {
		a.PrincipalType, a.PrincipalID, a.PrincipalRef = of, at.id, at.ref
		plain := a
		plain.PrincipalID, plain.PrincipalRef = "", ""
		absent := model.AssignmentAbsent.On(at.id, name).Made(at.ref).Over(&plain)
		made := model.AssignmentIs.On(at.id, name).Made(at.ref).Over(&plain)
		if why := b.takenBack(made); why != "" {
			b.leaveOut(step, "the account assignment of %s to %s is not made again: %s", visibleName(name),
				model.Visible(a.String()), why)
			continue
		}
		in := item{Intent: model.Intent{
			Key:         fmt.Sprintf("%s assignment %d", undoKey(step), n+1),
			Assignments: []model.Assignment{a}, Subject: model.Subject{Type: of, Name: name, TargetID: at.id},
			Before:     append([]model.Condition{is.On(at.id, name).Made(at.ref), absent}, letIn...),
			Afterwards: []model.Condition{made},
		}}
		if of == model.SubjectGroup {
			in.Group = model.GroupRef{ID: at.id, Name: name, Ref: at.ref}
		}
		b.addItem(step, model.RestoreAssignments, in)
		b.warned.Add("", "Account assignments that are made again may give the AWSReservedSSO_* roles of those "+
			"accounts other names.")
	}
}
