package repair

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// exceeds says what a delete would take beyond what its plan shows, or would take without being able to give it back.
// It goes by what was kept just before the write: a plan may be an hour old, and the guard looked before the first
// step.
func (r *Repairer) exceeds(u *running, step *model.Step, kept []model.Backup) string {
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
					nameAlone(b.Name), model.Visible(a.String()))
			}
		}
		for _, g := range b.Groups {
			switch {
			case protect.Ignores(g.Name):
				return fmt.Sprintf("%s is in the protected group %s", nameAlone(b.Name), nameAlone(g.Name))
			case step.BlastRadius.Unknown != "" || r.opts.Groups.Ignores(g.Name):
			case !slices.Contains(step.BlastRadius.Groups, u.nameBefore(g)):
				return fmt.Sprintf("%s was put into %s since the plan was made", nameAlone(b.Name),
					nameAlone(g.Name))
			}
		}
	}
	return ""
}

// nameBefore is the name that a group had when the plan was made, which this run may have changed.
func (u *running) nameBefore(g model.GroupRef) string {
	for i := range u.plan.Steps {
		if s := &u.plan.Steps[i]; s.Repair == model.RenameGroup && s.Group != nil && s.Group.ID == g.ID &&
			u.state(i) == model.StepConfirmed {
			return s.Group.Name
		}
	}
	return g.Name
}
