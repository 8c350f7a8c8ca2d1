package plan

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// queueUpdates puts each change of a value that must be unique behind the one that frees it. Where nothing in this plan
// does, the target would refuse it. Who swap are not offered any.
func (d *drafter) queueUpdates() {
	for left := true; left; {
		frees := map[int32][]choice{}
		for _, p := range d.chosen {
			if p.option == (model.Option{Repair: model.UpdateUser, Channel: model.Direct}) {
				frees[p.finding.Target] = append(frees[p.finding.Target], p)
			}
		}
		left = false
		d.waitsFor = map[int32][]choice{}
		d.chosen = slices.DeleteFunc(d.chosen, func(p choice) bool {
			why := d.whyHeld(p, frees)
			if why != "" {
				d.leaveOut(p.finding.ID, why)
				left = true
			}
			return why != ""
		})
	}
}

// whyHeld notes behind which others a choice has to wait, or says who holds what it would write and does not give it
// up.
func (d *drafter) whyHeld(p choice, frees map[int32][]choice) string {
	if p.option != (model.Option{Repair: model.UpdateUser, Channel: model.Direct}) {
		return ""
	}
	for _, diff := range p.finding.Fields {
		t := d.Holder(diff.Name, diff.Source, p.finding.Target)
		if t == model.None {
			continue
		}
		i := slices.IndexFunc(frees[t], func(q choice) bool {
			return slices.ContainsFunc(q.finding.Fields,
				func(other model.FieldDiff) bool { return other.Name == diff.Name })
		})
		// A queue that leads back here is one of those who wait for each other.
		if i < 0 || slices.Contains(d.queueOf(frees[t][i].finding.Target), p.finding.Target) {
			return diff.Name + " is held by " + model.Visible(d.Target.Users[t].UserName) +
				" at the target; choose the change of that one too, if there is one"
		}
		d.waitsFor[p.finding.Target] = append(d.waitsFor[p.finding.Target], frees[t][i])
	}
	return ""
}

// queueOf lists the target users whose changes come before those of one, and that one.
func (d *drafter) queueOf(t int32) []int32 {
	out, seen := []int32{t}, map[int32]bool{t: true}
	for i := 0; i < len(out); i++ {
		for _, q := range d.waitsFor[out[i]] {
			if at := q.finding.Target; !seen[at] {
				out, seen[at] = append(out, at), true
			}
		}
	}
	return out
}
