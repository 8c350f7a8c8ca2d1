package repair

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// backup reads what a step is about to change, as the target answers it. A record that this very run created needs
// none: its way back is to delete it.
func (r *Repairer) backup(ctx context.Context, step *model.Step, observed *plan.Observation) ([]model.Backup, error) {
	switch step.Repair { //nolint:exhaustive // handoffs and nudges change nothing at the target, and a create only what is not there
	case model.UpdateUser, model.ActivateUser, model.DeactivateUser, model.DeleteUser:
		return r.backupUser(ctx, step, observed)
	case model.RemoveAssignments, model.ClearAssignments:
		return r.backupAssignment(step)
	case model.RenameGroup, model.AddMembers, model.RemoveMembers, model.DeleteGroup:
		if step.Group != nil && step.Group.Ref == "" {
			return r.backupGroup(ctx, step, observed)
		}
	}
	return nil, nil
}

// kept is a record as the check has read it, whose conditions name it: the one answer is precondition and backup.
func kept(of model.SubjectType, id string, observed *plan.Observation) (json.RawMessage, error) {
	if observed.Records[id] == nil {
		return nil, fmt.Errorf("the %s %s is gone, or no condition of the step is about it; make the plan again",
			of, model.Visible(id))
	}
	return observed.Records[id], nil
}

func (r *Repairer) backupUser(ctx context.Context, step *model.Step,
	observed *plan.Observation,
) ([]model.Backup, error) {
	id := step.Subject.TargetID
	raw, err := kept(model.SubjectUser, id, observed)
	if err != nil {
		return nil, err
	}
	b := model.Backup{Type: model.SubjectUser, ID: id, Name: nameIn(step, id, step.Subject.Name), Raw: raw}
	if step.Repair == model.DeleteUser {
		if b.Groups, b.Incomplete, err = r.groupsOf(ctx, id); err != nil {
			return nil, err
		}
		r.keepAssignments(ctx, &b)
	}
	return []model.Backup{b}, nil
}

func (r *Repairer) backupGroup(ctx context.Context, step *model.Step,
	observed *plan.Observation,
) ([]model.Backup, error) {
	id := step.Group.ID
	raw, err := kept(model.SubjectGroup, id, observed)
	if err != nil {
		return nil, err
	}
	b := model.Backup{Type: model.SubjectGroup, ID: id, Name: step.Group.Name, Raw: raw}
	// The members that the check has read are those that the plan was held against.
	list, read := observed.Members[id]
	if !read {
		if list, err = r.opts.Target.MembersOf(ctx, id); err == nil {
			err = r.emptied(map[string]model.MemberList{id: list})
		}
		if err != nil {
			return nil, err
		}
	}
	b.Incomplete = list.Unknown
	if step.Repair == model.DeleteGroup {
		r.keepAssignments(ctx, &b)
	}
	known := r.userNames(step)
	for _, member := range list.IDs {
		b.Members = append(b.Members, model.Member{ID: member, UserName: known[member]})
	}
	return []model.Backup{b}, nil
}

// userNames are the names of the target's users by id, as far as the plan and the last read know them.
func (r *Repairer) userNames(step *model.Step) map[string]string {
	out := map[string]string{}
	if c := r.opts.Reader.Last(); c != nil {
		for i := range c.Target.Users {
			out[c.Target.Users[i].ID] = c.Target.Users[i].UserName
		}
	}
	for _, m := range step.Members {
		if m.ID != "" {
			out[m.ID] = m.UserName
		}
	}
	return out
}

// nameIn is the name by which the step's precondition knows the record at the target; a subject is named by the source.
func nameIn(step *model.Step, id, otherwise string) string {
	for _, s := range step.Precondition {
		if s.Fact == model.UserIs && s.ID == id {
			return s.Name
		}
	}
	return otherwise
}
