package explain

import (
	"github.com/scimdrift/scimdrift/model"
)

// WayBack says in sentences what of a plan can be taken back once it has run, and what not; nil for no steps.
func WayBack(p *model.Plan) []string {
	deletesGroup, groupsOpened := sendsRepair(p, model.DeleteGroup)
	deletesUser, usersOpened := sendsRepair(p, model.DeleteUser)
	removes, _ := sendsRepair(p, model.RemoveAssignments)
	moves, _ := sendsRepair(p, model.MoveAssignments)
	clears, _ := sendsRepair(p, model.ClearAssignments)
	direct := model.CountIf(p.Steps, func(s model.Step) bool { return s.Channel == model.Direct })
	switch {
	case len(p.Steps) == 0:
		return nil
	case direct == 0:
		return []string{"There is no undo: what OneLogin does with it can be changed in OneLogin only."}
	}
	said := []string{"An undo takes it back, as far as nobody has changed it since."}
	for _, part := range []struct {
		is   bool
		says string
	}{
		{
			deletesGroup && (removes || groupsOpened), "A group comes back with its members and account " +
				"assignments, but with a new id; AWSReservedSSO_* roles may get other names.",
		},
		{
			deletesGroup && !removes && !groupsOpened, "A group comes back with its members, but with a new id; " +
				"account assignments do not come back.",
		},
		{
			moves || clears && p.Undoes == "", "What hung on the id of a deleted group does not come back: AWS " +
				"assigns nothing to a group that is gone.",
		},
		{
			deletesUser && usersOpened, "A user comes back with the groups and account assignments, but with a new " +
				"id; what else hung on the old one does not come back.",
		},
		{
			deletesUser && !usersOpened, "A user comes back with the groups, but with a new id; what else hung on " +
				"the old one does not come back.",
		},
		{direct < len(p.Steps), "What OneLogin does can be changed in OneLogin only."},
	} {
		if part.is {
			said = append(said, part.says)
		}
	}
	return said
}

// sendsRepair reports whether a plan sends a repair to the target itself. opened: account assignments go with what it
// deletes. They were read, so that they are kept and made again.
func sendsRepair(p *model.Plan, by model.RepairName) (is, opened bool) {
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Repair == by && s.Channel == model.Direct {
			is, opened = true, opened || s.BlastRadius != nil && len(s.BlastRadius.Assignments) > 0
		}
	}
	return is, opened
}
