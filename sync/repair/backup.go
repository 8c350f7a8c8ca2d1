package repair

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/rules"
)

// backup keeps what a step is about to change. A record that this very run created needs none: it is deleted again.
func (r *Repairer) backup(ctx context.Context, step *model.Step, observed *plan.Observation) ([]model.Backup, error) {
	switch step.Repair {
	case model.RemoveAssignments, model.ClearAssignments:
		return r.backupAssignment(step)
	case model.UpdateUser, model.ActivateUser, model.DeactivateUser, model.DeleteUser,
		model.RenameGroup, model.AddMembers, model.RemoveMembers, model.DeleteGroup:
	default: // which changes nothing at the target, or only what is not there
		return nil, nil
	}
	of, id := recordOf(step, nil)
	if id == "" {
		return nil, nil
	}
	// A subject is named by the source.
	b := model.Backup{
		Type: of, ID: id, Name: nameInConditions(step.Precondition, id, ""),
		Raw: observed.Records[model.RecordRef{Type: of, ID: id}],
	}
	if b.Raw == nil { // the check has read it, whose conditions name it: the one answer is precondition and backup
		return nil, fmt.Errorf("the %s %s is gone, or no condition of the step is about it; make the plan again",
			of, model.Visible(id))
	}
	var err error
	if of == model.SubjectGroup {
		// The members that the check has read are those that the plan was held against.
		list, read := observed.Members[id]
		if !read {
			list, err = r.readMembers(ctx, id)
		}
		b.Members, b.Incomplete = r.namedMembers(step, list.IDs), list.Unknown
		b.NoUsers = slices.Concat(list.Nested, list.Dangling)
	} else if step.Repair == model.DeleteUser {
		b.Groups, b.Incomplete, err = r.groupsOf(ctx, id)
	}
	if err == nil && r.opts.Lens != nil && (step.Repair == model.DeleteUser || step.Repair == model.DeleteGroup) {
		has := model.AssignedOf(r.opts.Lens.Assignments(ctx, model.Principal{Type: of, ID: id}))
		b.Assignments, b.AssignmentsUnknown = has.List, has.Unknown
	}
	return []model.Backup{b}, err
}

func (r *Repairer) readMembers(ctx context.Context, id string) (model.MemberList, error) {
	t, found, err := r.opts.Target.Record(ctx, model.SubjectGroup, id, true)
	if err == nil && found {
		err = r.errIfEmptied(map[string]model.MemberList{id: t.Members})
	}
	return t.Members, err
}

// namedMembers are some of the target's users with their names, as far as the plan and the last read know them. The
// tenant is gone through for those alone whom the step does not name.
func (r *Repairer) namedMembers(step *model.Step, ids []string) (out []model.Member) {
	names := make(map[string]string, len(step.Members))
	for _, m := range step.Members {
		names[m.ID] = m.UserName
	}
	others := model.Set(slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return names[id] != "" }))
	if c := r.opts.Reader.Last(); c != nil && len(others) > 0 {
		for i := range c.Target.Users {
			if u := &c.Target.Users[i]; others[u.ID] {
				names[u.ID] = u.UserName
			}
		}
	}
	for _, id := range ids {
		out = append(out, model.Member{ID: id, UserName: names[id]})
	}
	return out
}

// nameInConditions is the name by which conditions know a record, by its id or as what a step creates.
func nameInConditions(list []model.Condition, id, ref string) (name string) {
	for _, s := range list {
		if (s.Fact == model.UserIs || s.Fact == model.GroupIs) && s.ID == id && s.Ref == ref {
			name = s.Name
		}
	}
	return name
}

// deleteExcess says what a delete would take beyond what its plan shows, or would take without being able to give it
// back. It goes by what was kept just before the write: a plan may be an hour old, and the guard looked before the
// first step.
func (r *Repairer) deleteExcess(u *activeRun, step *model.Step, kept []model.Backup) string {
	if step.Repair != model.DeleteGroup && step.Repair != model.DeleteUser || step.BlastRadius == nil {
		return ""
	}
	protect := rules.GroupsConfig{Ignore: r.opts.Guard.ProtectGroups}
	for i := range kept {
		b := &kept[i]
		if why := cmp.Or(b.Incomplete, b.AssignmentsUnknown); why != "" &&
			!slices.Contains(u.progress.Run.Allow, model.RuleNoBackup) {
			return "what would have to be given back is not all known: " + why + "; run it with --allow " +
				string(model.RuleNoBackup) + " if it may go all the same"
		}
		for _, a := range b.Assignments {
			if !slices.Contains(step.BlastRadius.Assignments, a.String()) {
				return fmt.Sprintf("%s has an account assignment that the plan does not show, %s",
					visibleName(b.Name), model.Visible(a.String()))
			}
		}
		for _, g := range b.Groups {
			switch {
			case protect.Ignores(g.Name):
				return fmt.Sprintf("%s is in the protected group %s", visibleName(b.Name), visibleName(g.Name))
			case step.BlastRadius.Unknown != "" || r.opts.Groups.Ignores(g.Name):
			case !slices.Contains(step.BlastRadius.Groups, u.nameBefore(g)):
				return fmt.Sprintf("%s was put into %s since the plan was made", visibleName(b.Name),
					visibleName(g.Name))
			}
		}
	}
	return ""
}

// protectedByNow says that a step takes somebody from a group who has got a protected name: the guard goes by the names
// of the plan and of the last read. It takes a request a member, and so is asked only where users are protected.
func (r *Repairer) protectedByNow(ctx context.Context, step *model.Step) (why string, err error) {
	protect := rules.GroupsConfig{Ignore: r.opts.Guard.ProtectUsers}
	if len(protect.Ignore) == 0 {
		return "", nil
	}
	var ids []string
	switch step.Repair { //nolint:exhaustive // the others take nobody from a group, or name the one user they are about
	case model.RemoveMembers:
		ids = model.Map(step.Members, func(m *model.Member) string { return m.ID })
	case model.DeleteGroup:
		for i := range step.Precondition {
			if c := &step.Precondition[i]; c.Fact == model.MembersAre && c.ID == step.GroupID() {
				ids = model.Map(c.Users, func(m *model.Member) string { return m.ID })
			}
		}
	}
	if len(ids) == 0 {
		return "", nil
	}
	saw, err := r.observe(ctx, model.Question{TargetUsers: ids})
	if err != nil {
		return "", err
	}
	for _, id := range ids {
		if u := saw.Users[id]; u != nil && protect.Ignores(u.UserName) {
			return visibleName(u.UserName) + " is one of the members, and protected by that name", nil
		}
	}
	return "", nil
}

// nameBefore is the name that a group had when the plan was made, which this run may have changed.
func (u *activeRun) nameBefore(g model.GroupRef) string {
	for i := range u.plan.Steps {
		if s := &u.plan.Steps[i]; s.Repair == model.RenameGroup && s.Group != nil && s.Group.ID == g.ID &&
			u.stepState(i) == model.StepConfirmed {
			return s.Group.Name
		}
	}
	return g.Name
}

// groupsOf gives the groups of a user for their backup. One in which the last reading saw them, and which is not among
// them, is asked for its members: a list of groups that is cut would be forgotten by the way back.
func (r *Repairer) groupsOf(ctx context.Context, id string) (groups []model.GroupRef, incomplete string, err error) {
	groups, incomplete, err = r.opts.Target.GroupsOf(ctx, id)
	c := r.opts.Reader.Last()
	if err != nil || incomplete != "" {
		return groups, incomplete, err
	}
	user := slices.IndexFunc(c.Target.Users, func(u model.User) bool { return u.ID == id })
	for g := range c.Target.Groups {
		group := &c.Target.Groups[g]
		if _, in := slices.BinarySearch(c.Target.Members.Of(g), int32(user)); !in ||
			slices.ContainsFunc(groups, func(g model.GroupRef) bool { return g.ID == group.ID }) {
			continue
		}
		list, err := r.readMembers(ctx, group.ID)
		switch {
		case err != nil:
			return nil, "", err
		case list.Unknown != "":
			return groups, fmt.Sprintf("whether %s is still one of them cannot be told: %s",
				visibleName(group.Name), list.Unknown), nil
		case slices.Contains(list.IDs, id):
			return nil, "", fmt.Errorf("the target says both that the user is in %s and that they are not; read again",
				visibleName(group.Name))
		}
	}
	return groups, "", nil
}
