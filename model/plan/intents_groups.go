package plan

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// groupRef is a target group as steps mean it; after is the key of an earlier intent that gives it that name.
func (d *drafter) groupRef(t int32) (g model.GroupRef, after string) {
	g = model.GroupRef{ID: d.Target.Groups[t].ID, Name: d.Target.Groups[t].Name}
	if r, renamed := d.renamedGroups[g.ID]; renamed {
		g.Name, after = r.name, r.key
	}
	return g, after
}

func (d *drafter) createGroup(p choice) {
	name := model.Trim(p.finding.Subject.Name)
	in := newIntent(p)
	in.Group = model.GroupRef{Name: name}
	in.Before = []model.Condition{model.GroupAbsent.On("", name), model.Yields.On("", name)}
	in.Afterwards = []model.Condition{model.GroupIs.On("", name).Made(in.Key)}
	d.addIntent(in)
	var wanted []int32
	for _, s := range d.Source.Members.Of(int(p.finding.Source)) {
		if t := d.Users.ToTarget[s]; t != model.None && d.Comparable(s, t) {
			wanted = append(wanted, s)
		}
	}
	d.addExistingUsers(p, p.finding.Source, model.GroupRef{Name: name, Ref: in.Key}, wanted, in.Key)
}

func (d *drafter) renameGroup(p choice) {
	f := p.finding
	old, name := d.Target.Groups[f.Target], model.Trim(f.Subject.Name)
	in := newIntent(p)
	in.Group = model.GroupRef{ID: old.ID, Name: old.Name}
	in.Changes = []model.FieldDiff{{Name: model.FieldDisplayName.String(), Source: name, Target: old.Name}}
	in.Before = []model.Condition{
		model.GroupIs.On(old.ID, old.Name),
		model.GroupAbsent.On("", name),
		model.Yields.On(old.ID, name),
	}
	in.Afterwards = []model.Condition{model.GroupIs.On(old.ID, name)}
	d.addIntent(in)
}

func (d *drafter) deleteGroup(p choice) {
	t := p.finding.Target
	in := newIntent(p)
	in.Group = model.GroupRef{ID: d.Target.Groups[t].ID, Name: d.Target.Groups[t].Name}
	for _, u := range d.Target.Members.Of(int(t)) {
		in.Members = append(in.Members, d.currentMember(u)) // updates come before
	}
	sortMembers(in.Members)
	in.Before = []model.Condition{model.GroupIs.On(in.Group.ID, in.Group.Name)}
	if d.Target.MembersUnknown(t) == "" {
		in.Before = append(in.Before, model.MembersAre.On(in.Group.ID, "").With(in.Members...))
	} // else the guard says that there is no backup of them
	in.Before = append(in.Before, model.YieldsNot.On(in.Group.ID, in.Group.Name))
	in.Afterwards = []model.Condition{model.GroupAbsent.On(in.Group.ID, in.Group.Name)}
	d.addIntent(in)
}

// removeAssignments takes the account assignments of a group away one by one and deletes it when none is left: AWS
// cascades nothing, and the assignments of a group that is gone can hardly be removed
// (docs.aws.amazon.com/singlesignon/latest/userguide/users-groups-provisioning.html).
func (d *drafter) removeAssignments(p choice) {
	assigned := d.Target.Assignments[d.Target.Groups[p.finding.Target].ID]
	p.option.Repair = model.DeleteGroup
	d.deleteGroup(p)
	last := &d.intents[len(d.intents)-1]
	removals := make([]model.Intent, 0, len(assigned.List))
	for _, a := range assigned.List {
		in := *last
		in.Repair, in.Assignments, in.After = model.RemoveAssignments, []model.Assignment{a}, nil
		in.Key = string(model.RemoveAssignments) + " " + a.AccountID + " " + a.PermissionSetARN + " " + p.finding.ID
		in.Before = append(slices.Clone(last.Before), model.AssignmentIs.On(in.Group.ID, in.Group.Name).Over(&a))
		in.Afterwards = []model.Condition{model.AssignmentAbsent.On(in.Group.ID, in.Group.Name).Over(&a)}
		last.After = append(last.After, in.Key)
		removals = append(removals, in)
	}
	last.Before = append(last.Before, model.NoAssignments.On(last.Group.ID, last.Group.Name).
		Over(&model.Assignment{PrincipalType: model.SubjectGroup}))
	d.intents = append(d.intents, removals...)
}
