package model

import (
	"cmp"
	"slices"
	"strings"
)

// choose holds the picks against what the findings offer.
func (d *drafter) choose(picks []Pick) {
	at := make(map[string]int, len(d.Findings))
	for i := range d.Findings {
		at[d.Findings[i].ID] = i
	}
	picked := map[string]Option{}
	var alone singly
	for _, p := range picks {
		if p.Finding == "" && p.ofApp() {
			d.buttons = append(d.buttons, p.Repair)
			continue
		}
		i, found := at[p.Finding]
		if !found {
			d.leave(p.Finding, "there is no such finding any more; reload and choose again")
			continue
		}
		f := &d.Findings[i]
		earlier, second := picked[p.Finding]
		switch {
		case second && earlier == p.Option:
		case second:
			d.leave(f.ID, string(earlier.Repair)+" was chosen for it already, and one plan has one repair for a finding; plan the other afterwards")
		case !slices.Contains(f.Repairs, p.Option):
			d.leave(f.ID, f.withholds(p.Repair))
		default:
			if why := alone.refuses(f, p.Repair, p.Named); why != "" {
				d.leave(f.ID, why)
				continue
			}
			picked[f.ID] = p.Option
			d.chosen = append(d.chosen, choice{f, p.Option})
		}
	}
	slices.SortFunc(d.chosen, func(a, b choice) int { return cmp.Compare(at[a.finding.ID], at[b.finding.ID]) })
}

// withholds says why a finding does not offer a repair.
func (f *Finding) withholds(r RepairName) string {
	switch {
	case f.Contradicted != "":
		return string(r) + " is not offered while witnesses contradict each other: " + f.Contradicted
	case f.Blocked != "" && len(f.Repairs) == 0:
		return string(r) + " is not offered: " + f.Blocked
	}
	return "it does not offer " + string(r) + "; it offers " + offered(f.Repairs)
}

// ofApp: it is a button of the console that acts on the whole app.
func (o Option) ofApp() bool {
	return o.Channel == Console && (o.Repair == RefreshEntitlements || o.Repair == ReapplyMappings || o.Repair == SyncLogins)
}

// singly holds back the deletes that nobody may ask for in bulk.
type singly struct{ unclaimed string }

// Singly reports whether a repair of a finding is chosen by its name only: nobody knows enough of what it is about to
// take it away in bulk.
func (f *Finding) Singly(r RepairName) bool {
	switch f.Kind { //nolint:exhaustive // nothing of the others is deleted or switched off
	case GroupUnclaimed:
		return r == DeleteGroup || r == RemoveAssignments
	case UserLingering:
		return (r == DeleteUser || r == DeactivateUser) && (f.Cause == CauseUnknown || f.Confidence < Certain)
	}
	return false
}

// refuses says why a repair of a finding is not for this plan: a group that nobody is known to have provisioned is deleted by
// its name and alone, a user of whom the source is not certain by name.
func (a *singly) refuses(f *Finding, r RepairName, byName bool) string {
	switch {
	case !f.Singly(r):
	case f.Kind == GroupUnclaimed:
		if !byName {
			return "nothing shows that OneLogin made this group, so it is deleted by its own name only; choose this very finding"
		}
		if a.unclaimed != "" && a.unclaimed != f.ID {
			return "a plan deletes one unclaimed group at most, and has one; plan this one afterwards"
		}
		a.unclaimed = f.ID
	case !byName:
		return "why this user is still at the target is not certain, so only somebody who names the user can have that done; choose this very finding"
	}
	return ""
}

// offered lists repairs for people.
func offered(options []Option) string {
	var names []string
	for _, o := range options {
		if !slices.Contains(names, string(o.Repair)) {
			names = append(names, string(o.Repair))
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// foresee drops choices that cannot be done, and notes which groups the others create and which records they rename, so that
// what follows in the same plan can build on them.
func (d *drafter) foresee() {
	d.chosen = slices.DeleteFunc(d.chosen, func(p choice) bool {
		why := d.impossible(p)
		if why != "" {
			d.leave(p.finding.ID, why)
		}
		return why != ""
	})
	d.queue()
	for _, p := range d.chosen {
		f, key := p.finding, keyOf(p)
		if p.option.Channel != Direct {
			continue
		}
		switch p.option.Repair { //nolint:exhaustive // the others change nothing that a later intent builds on
		case CreateGroup:
			d.founds[f.Source] = key
		case UpdateUser:
			for _, c := range f.Fields {
				if c.Name == fieldUserName {
					d.users[f.Subject.TargetID] = renaming{Trim(c.Source), key}
				}
			}
		case RenameGroup:
			d.groups[f.Subject.TargetID] = renaming{Trim(f.Subject.Name), key}
		}
	}
}

// queue puts each change of a value that must be unique behind the one that frees it. Where nothing in this plan does,
// the target would refuse it. Who swap are not offered any.
func (d *drafter) queue() {
	for left := true; left; {
		frees := map[int32][]choice{}
		for _, p := range d.chosen {
			if p.option == (Option{UpdateUser, Direct}) {
				frees[p.finding.Target] = append(frees[p.finding.Target], p)
			}
		}
		left = false
		d.behind = map[int32][]choice{}
		d.chosen = slices.DeleteFunc(d.chosen, func(p choice) bool {
			why := d.heldUp(p, frees)
			if why != "" {
				d.leave(p.finding.ID, why)
				left = true
			}
			return why != ""
		})
	}
}

// heldUp notes behind which others a choice has to wait, or says who holds what it would write and does not give it up.
func (d *drafter) heldUp(p choice, frees map[int32][]choice) string {
	if p.option != (Option{UpdateUser, Direct}) {
		return ""
	}
	for _, diff := range p.finding.Fields {
		t := d.holder(diff.Name, diff.Source, p.finding.Target)
		if t == None {
			continue
		}
		i := slices.IndexFunc(frees[t], func(q choice) bool {
			return slices.ContainsFunc(q.finding.Fields, func(other FieldDiff) bool { return other.Name == diff.Name })
		})
		if i < 0 || d.waits(frees[t][i], p) {
			return diff.Name + " is held by " + Visible(d.Target.Users[t].UserName) +
				" at the target; choose the change of that one too, if there is one"
		}
		d.behind[p.finding.Target] = append(d.behind[p.finding.Target], frees[t][i])
	}
	return ""
}

// waits reports whether one choice has to wait for another, be it by way of others.
func (d *drafter) waits(p, other choice) bool {
	return slices.ContainsFunc(d.queueOf(p.finding.Target), func(t int32) bool { return t == other.finding.Target })
}

// queueOf lists the target users whose changes come before those of one, and that one.
func (d *drafter) queueOf(t int32) []int32 {
	out, seen := []int32{t}, map[int32]bool{t: true}
	for i := 0; i < len(out); i++ {
		for _, q := range d.behind[out[i]] {
			if at := q.finding.Target; !seen[at] {
				out, seen[at] = append(out, at), true
			}
		}
	}
	return out
}

// impossible says why a choice cannot be done, "" if it can.
func (d *drafter) impossible(p choice) string {
	f := p.finding
	if p.option.Channel != Direct {
		return ""
	}
	switch p.option.Repair { //nolint:exhaustive // the others have nothing that a target could refuse
	case CreateUser:
		u := &d.Source.Users[f.Source]
		if strings.TrimSpace(u.UserName) == "" {
			return "the source has no userName for this user; mend it in OneLogin"
		}
		return asReason(d.refusals(u))
	case CreateGroup, RenameGroup:
		if strings.TrimSpace(f.Subject.Name) == "" {
			return "the group has no name; mend it in OneLogin"
		}
		return asReason(d.nameRefusals(f.Subject.Name))
	case UpdateUser:
		for _, c := range f.Fields {
			if strings.TrimSpace(c.Source) == "" && (c.Name == fieldUserName || d.Target.Kind == "aws" && c.Name != FieldEmails.String()) {
				return "the target requires " + c.Name + ", which is empty in OneLogin; mend it there"
			}
		}
	case DeactivateUser:
		if d.Target.Unreadable.Has(FieldActive) {
			return "the target does not show whether a user is active, so nobody could see whether it worked; do it by hand"
		}
	}
	return ""
}

func asReason(refusals []Evidence) string {
	if len(refusals) == 0 {
		return ""
	}
	e := refusals[0]
	if e.What == EvidenceEmpty {
		return e.Text + " is " + e.What + "; mend it there"
	}
	return e.What + ": " + e.Text + "; mend it in OneLogin"
}
