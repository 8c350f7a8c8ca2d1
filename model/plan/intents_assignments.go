package plan

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// moveAssignments makes the assignments on the id of a deleted group for the group that has its name now, and takes
// each dangling one only after that: nobody loses what they have, wherever it stops.
func (d *drafter) moveAssignments(p choice) {
	for i := range d.Stranded {
		if s := &d.Stranded[i]; s.Movable() && s.Group == p.finding.Target {
			d.moveStranded(p, s)
		}
	}
}

func (d *drafter) moveStranded(p choice, s *model.Stranded) {
	f := p.finding
	group := model.GroupRef{ID: d.Target.Groups[s.Group].ID, Name: d.Target.Groups[s.Group].Name}
	has, read := d.Target.Assignments[group.ID]
	if !read || has.Unknown != "" {
		d.leaveOut(f.ID, "the account assignments that the group has now were not read"+strings.TrimSuffix(": "+
			has.Unknown, ": ")+"; reload both sides")
		return
	}
	gone := model.GroupAbsent.On(s.ID, s.Name)
	for _, a := range s.List {
		at := a.AccountID + " " + a.PermissionSetARN + " " + f.ID
		made, plain := a, a
		made.PrincipalID, plain.PrincipalID = group.ID, ""
		dangles := model.AssignmentDangles.On(s.ID, s.Name).Over(&plain)
		is := model.AssignmentIs.On(group.ID, group.Name).Over(&plain)
		take := newIntent(p)
		take.Repair, take.Key = model.ClearAssignments, string(model.ClearAssignments)+" "+at
		take.Group, take.Assignments = model.GroupRef{ID: s.ID, Name: s.Name}, []model.Assignment{a}
		take.Before = []model.Condition{dangles, gone, model.GroupIs.On(group.ID, group.Name), is}
		take.Afterwards = []model.Condition{model.AssignmentGone.On(s.ID, s.Name).Over(&plain)}
		if !has.Has(a) {
			give := newIntent(p)
			give.Key = string(model.MoveAssignments) + " " + at
			give.Group, give.Assignments = group, []model.Assignment{made}
			give.Before = []model.Condition{
				model.AssignmentAbsent.On(group.ID, group.Name).Over(&plain), dangles, gone,
				model.GroupIs.On(group.ID, group.Name), model.Yields.On(group.ID, group.Name),
			}
			give.Afterwards = []model.Condition{is}
			d.addIntent(give)
			take.After = []string{give.Key}
		}
		d.addIntent(take)
	}
}
