package repair

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// listed says which record the target still lists although it is not found by its id. It takes that record out of the
// observation: what is there and not there at once must not be shown as gone.
func (p *proof) listed(
	ctx context.Context, r *Repairer, observed *plan.Observation, after []model.Condition,
) (broken string, err error) {
	for _, s := range after {
		of := model.SubjectUser
		if s.Fact == model.GroupAbsent {
			of = model.SubjectGroup
		}
		if s.ID == "" || s.Field != "" || s.Fact != model.UserAbsent && s.Fact != model.GroupAbsent {
			continue
		}
		name := p.called(s.ID, cmp.Or(s.Name, p.step.Subject.Name))
		there, err := r.opts.Target.Lists(ctx, of, s.ID, name)
		if err != nil {
			return "", err
		}
		if there {
			delete(observed.Users, s.ID)
			delete(observed.Groups, s.ID)
			return nameAlone(name) + " is not found by its id, and the target's list still has it", nil
		}
	}
	return "", nil
}

// called is the name that a record had at the target before the step.
func (p *proof) called(id, otherwise string) string {
	for _, s := range p.step.Precondition {
		if (s.Fact == model.UserIs || s.Fact == model.GroupIs) && s.ID == id {
			return s.Name
		}
	}
	return otherwise
}

// switchedOff says that a user who was to be deleted is there still, and inactive, as MicrosoftDocs/entra-docs issue 1
// has it of some targets.
func (p *proof) switchedOff(observed *plan.Observation) string {
	user := observed.Users[p.step.Subject.TargetID]
	if p.step.Repair != model.DeleteUser || user == nil || user.Active {
		return ""
	}
	for i := range p.kept {
		if before, err := personOf(&p.kept[i]); err == nil && p.kept[i].ID == user.ID && !before.Active {
			return ""
		}
	}
	return fmt.Sprintf("the target only switched it off: %s is still there, inactive", nameAlone(user.UserName))
}

// hides: members were added to a group whose members the target does not show, so that waiting longer shows nothing.
func (p *proof) hides(observed *plan.Observation, after []model.Condition) bool {
	return p.step.Repair == model.AddMembers && slices.ContainsFunc(after, func(s model.Condition) bool {
		list, read := observed.Members[s.ID]
		return s.Fact == model.MembersInclude && read && list.Hidden
	})
}
