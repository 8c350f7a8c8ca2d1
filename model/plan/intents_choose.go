package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

func (d *drafter) choosePicks(picks []model.Pick) {
	at := make(map[string]int, len(d.Findings))
	for i := range d.Findings {
		at[d.Findings[i].ID] = i
	}
	picked := map[string]model.Option{}
	var alone bulkLimit
	for _, p := range picks {
		if p.Finding == "" && p.OfApp() {
			d.buttons = append(d.buttons, p.Repair)
			continue
		}
		i, found := at[p.Finding]
		if !found {
			d.leaveOut(p.Finding, "there is no such finding any more; reload and choose again")
			continue
		}
		f := &d.Findings[i]
		earlier, second := picked[p.Finding]
		switch {
		case second && earlier == p.Option:
		case second:
			d.leaveOut(f.ID, string(earlier.Repair)+" was chosen for it already, and one plan has one repair for a "+
				"finding; plan the other afterwards")
		case !slices.Contains(f.Repairs, p.Option):
			d.leaveOut(f.ID, f.Withholds(p.Repair))
		default:
			if why := alone.whyRefused(f, p.Repair, p.Named); why != "" {
				d.leaveOut(f.ID, why)
				continue
			}
			picked[f.ID] = p.Option
			d.chosen = append(d.chosen, choice{f, p.Option})
		}
	}
	slices.SortFunc(d.chosen, func(a, b choice) int { return cmp.Compare(at[a.finding.ID], at[b.finding.ID]) })
}

// bulkLimit holds back the deletes that nobody may ask for in bulk.
type bulkLimit struct{ unclaimed string }

// whyRefused says why a repair of a finding is not for this plan: a group that nobody is known to have provisioned is
// deleted by its name and alone, a user of whom the source is not certain by name.
func (a *bulkLimit) whyRefused(f *model.Finding, r model.RepairName, byName bool) string {
	switch {
	case !f.OnlyByName(r):
	case f.Kind == model.GroupUnclaimed:
		if !byName {
			return "nothing shows that OneLogin made this group, so it is deleted by its own name only; choose this " +
				"very finding"
		}
		if a.unclaimed != "" && a.unclaimed != f.ID {
			return "a plan deletes one unclaimed group at most, and has one; plan this one afterwards"
		}
		a.unclaimed = f.ID
	case !byName:
		return "why this user is still at the target is not certain, so only somebody who names the user can have " +
			"that done; choose this very finding"
	}
	return ""
}

// prepareChoices drops choices that cannot be done, and notes which groups the others create and which records
// they rename.
func (d *drafter) prepareChoices() {
	d.chosen = slices.DeleteFunc(d.chosen, func(p choice) bool {
		why := d.whyImpossible(p)
		if why != "" {
			d.leaveOut(p.finding.ID, why)
		}
		return why != ""
	})
	d.queueUpdates()
	for _, p := range d.chosen {
		f, key := p.finding, intentKey(p)
		if p.option.Channel != model.Direct {
			continue
		}
		switch p.option.Repair { //nolint:exhaustive // the others change nothing that a later intent builds on
		case model.CreateGroup:
			d.createdGroups[f.Source] = key
		case model.UpdateUser:
			for _, c := range f.Fields {
				if c.Name == model.FieldUserName {
					d.renamedUsers[f.Subject.TargetID] = renaming{model.Trim(c.Source), key}
				}
			}
		case model.RenameGroup:
			d.renamedGroups[f.Subject.TargetID] = renaming{model.Trim(f.Subject.Name), key}
		}
	}
}

func (d *drafter) whyImpossible(p choice) string {
	f := p.finding
	if p.option.Channel != model.Direct {
		return ""
	}
	switch p.option.Repair { //nolint:exhaustive // the others have nothing that a target could refuse
	case model.CreateGroup, model.RenameGroup:
		if e := d.NameRefusals(f.Subject.Name); len(e) > 0 {
			return e[0].What + ": " + e[0].Text + "; mend it in OneLogin"
		}
	case model.UpdateUser:
		for _, c := range f.Fields {
			if strings.TrimSpace(c.Source) == "" &&
				(c.Name == model.FieldUserName || d.Target.Kind == "aws" && c.Name != model.FieldEmails.String()) {
				return "the target requires " + c.Name + ", which is empty in OneLogin; mend it there"
			}
		}
	case model.AddMembers, model.RemoveMembers:
		return whySameName(f)
	case model.DeactivateUser:
		if d.Target.Unreadable.Has(model.FieldActive) {
			return "the target does not show whether a user is active, so nobody could see whether it worked; do it " +
				"by hand"
		}
	}
	return ""
}
