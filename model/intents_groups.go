package model

import (
	"slices"
	"strings"
)

// group is a target group as steps mean it; after is the key of an earlier intent that gives it that name.
func (d *drafter) group(t int32) (g GroupRef, after string) {
	g = GroupRef{ID: d.Target.Groups[t].ID, Name: d.Target.Groups[t].Name}
	if r, renamed := d.groups[g.ID]; renamed {
		g.Name, after = r.name, r.key
	}
	return g, after
}

func (d *drafter) createGroup(p choice) {
	name := strings.TrimSpace(p.finding.Subject.Name)
	in := intent(p)
	in.Group = GroupRef{Name: name}
	in.Before = []Statement{
		{Side: AtTarget, Fact: GroupAbsent, Name: name},
		{Side: AtSource, Fact: Yields, Name: name},
	}
	in.Afterwards = []Statement{{Side: AtTarget, Fact: GroupIs, Ref: in.Key, Name: name}}
	d.add(in)
	var wanted []int32
	for _, s := range d.Source.Members.Of(int(p.finding.Source)) {
		if t := d.Users.ToTarget[s]; t != None && d.comparable(s, t) {
			wanted = append(wanted, s)
		}
	}
	d.enter(p, p.finding.Source, GroupRef{Name: name, Ref: in.Key}, wanted, in.Key)
}

func (d *drafter) renameGroup(p choice) {
	f := p.finding
	old, name := d.Target.Groups[f.Target], strings.TrimSpace(f.Subject.Name)
	in := intent(p)
	in.Group = GroupRef{ID: old.ID, Name: old.Name}
	in.Changes = []FieldDiff{{Name: FieldDisplayName.String(), Source: name, Target: old.Name}}
	in.Before = []Statement{
		{Side: AtTarget, Fact: GroupIs, ID: old.ID, Name: old.Name},
		{Side: AtTarget, Fact: GroupAbsent, Name: name},
		{Side: AtSource, Fact: Yields, ID: old.ID, Name: name},
	}
	in.Afterwards = []Statement{{Side: AtTarget, Fact: GroupIs, ID: old.ID, Name: name}}
	d.add(in)
}

func (d *drafter) deleteGroup(p choice) {
	t := p.finding.Target
	in := intent(p)
	in.Group = GroupRef{ID: d.Target.Groups[t].ID, Name: d.Target.Groups[t].Name}
	for _, u := range d.Target.Members.Of(int(t)) {
		// Updates come before: the members are told apart by id, and shown by the name that they have now.
		m := Member{ID: d.Target.Users[u].ID, UserName: d.Target.Users[u].UserName}
		if s := d.Users.ToSource[u]; s != None {
			m.SourceID = d.Source.Users[s].ID
		}
		in.Members = append(in.Members, m)
	}
	sortMembers(in.Members)
	in.Before = []Statement{
		{Side: AtTarget, Fact: GroupIs, ID: in.Group.ID, Name: in.Group.Name},
		{Side: AtSource, Fact: YieldsNot, ID: in.Group.ID, Name: in.Group.Name},
	}
	if !d.Target.Groups[t].MembersHidden { // what nobody knows cannot be held against what is there
		in.Before = slices.Insert(in.Before, 1, Statement{Side: AtTarget, Fact: MembersAre, ID: in.Group.ID, Users: in.Members})
	}
	in.Afterwards = []Statement{{Side: AtTarget, Fact: GroupAbsent, ID: in.Group.ID, Name: in.Group.Name}}
	d.add(in)
}

// removeAssignments takes the account assignments of a group away one by one and deletes it when none is left: AWS cascades
// nothing, and the assignments of a group that is gone can hardly be removed
// (docs.aws.amazon.com/singlesignon/latest/userguide/users-groups-provisioning.html).
func (d *drafter) removeAssignments(p choice) {
	assigned := d.Target.Assignments[d.Target.Groups[p.finding.Target].ID]
	if assigned.Unknown != "" || len(assigned.List) == 0 {
		d.leave(p.finding.ID, "its account assignments were not read, or there are none; reload, or choose "+string(DeleteGroup))
		return
	}
	p.option.Repair = DeleteGroup
	d.deleteGroup(p)
	last := &d.intents[len(d.intents)-1]
	removals := make([]Intent, 0, len(assigned.List))
	for _, a := range assigned.List {
		in := *last
		in.Repair, in.Assignments, in.After = RemoveAssignments, []Assignment{a}, nil
		in.Key = string(RemoveAssignments) + " " + a.AccountID + " " + a.PermissionSetARN + " " + p.finding.ID
		in.Before = append(slices.Clone(last.Before), Statement{Side: AtTarget, Fact: AssignmentIs, ID: in.Group.ID, Name: in.Group.Name, Assignment: &a})
		in.Afterwards = []Statement{{Side: AtTarget, Fact: AssignmentAbsent, ID: in.Group.ID, Name: in.Group.Name, Assignment: &a}}
		last.After = append(last.After, in.Key)
		removals = append(removals, in)
	}
	last.Before = append(last.Before, Statement{
		Side: AtTarget, Fact: NoAssignments, ID: last.Group.ID, Name: last.Group.Name, Assignment: &Assignment{PrincipalType: SubjectGroup},
	})
	d.intents = append(d.intents, removals...)
}
