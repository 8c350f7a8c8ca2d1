package repair

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// place is where a record that the run deleted is by now: under the id that an undo gave it, or under the one that an
// item of this plan will, which ref names.
type place struct{ id, ref string }

// heirs gives the ids that undos on this connection gave to records which they made again, by the ids that these had
// before, the latest first. An undo whose answer told no id made nothing that could be known again.
func (r *Repairer) heirs() (map[string][]string, error) {
	runs, err := r.opts.Journal.Runs(r.opts.Fingerprint)
	if err != nil {
		return nil, err
	}
	type stepOf struct{ run, step string }
	kept := map[stepOf][]model.Backup{}
	for i := range runs {
		for _, rec := range runs[i].Steps {
			kept[stepOf{runs[i].ID, rec.ID}] = rec.Backup
		}
	}
	out := map[string][]string{}
	for i := range runs {
		for n, rec := range runs[i].Steps {
			if runs[i].Plan.Undoes == "" || rec.CreatedID == "" {
				continue
			}
			for _, k := range kept[stepOf{runs[i].Plan.Undoes, runs[i].StepOf(n).Undoes}] {
				out[k.ID] = append(out[k.ID], rec.CreatedID)
			}
		}
	}
	return out, nil
}

// heir finds the record that undos made in place of a deleted one, whatever became of those between; id is empty if
// there is none.
func (b *back) heir(ctx context.Context, of model.SubjectType, deleted string) (id, name string, err error) {
	known := map[string]bool{deleted: true}
	for next := slices.Clone(b.heirs[deleted]); len(next) > 0; next = next[1:] {
		if known[next[0]] {
			continue
		}
		known[next[0]] = true
		if name, found, err := b.get(ctx, of, next[0]); found || err != nil {
			return next[0], name, err
		}
		next = append(next, b.heirs[next[0]]...)
	}
	return "", "", nil
}

// mostTouched is how many records a way back asks for one by one; about more, both sides are read in full.
const mostTouched = 50

// touched asks the target for what the run touched, and both sides for those whom the way back may let in again, whom
// no finding need be about. It gives the last comparison with the answers; where they do not tell, both sides are
// read in full.
func (b *back) touched(ctx context.Context) (*drift.Comparison, error) {
	a := toAsk{b: b, index: plan.NewIndex(&b.c.Target), asked: map[string]bool{}}
	for i := range b.run.Steps {
		if changed(&b.run.Steps[i]) && b.run.Plan.Steps[i].Channel == model.Direct {
			a.step(&b.run.Plan.Steps[i], &b.run.Steps[i])
		}
	}
	a.q.Members = a.q.TargetGroups
	a.q.Entitled = a.q.FromSource() // what users say of their own apps may be what they had
	var why string
	switch n := len(a.q.TargetUsers) + len(a.q.TargetGroups); {
	case n == 0:
		return b.c, nil
	case n > mostTouched:
		why = fmt.Sprintf("the way back is about %d records, which would have to be asked for one by one", n)
	default:
		c, err := b.r.opts.Reader.Recheck(ctx, a.q, func(ctx context.Context) (*plan.Observation, error) {
			s, err := b.r.look(ctx, a.q)
			if err == nil {
				err = b.r.emptied(s.Members)
			}
			return s, err
		})
		if err == nil || ctx.Err() != nil {
			return c, err
		}
		why = err.Error()
	}
	c, _, err := b.r.opts.Reader.Renew(ctx, why)
	if err != nil {
		err = errors.Join(errors.New(why), err)
	}
	return c, err
}

type toAsk struct {
	b     *back
	index plan.Index
	q     model.Question
	// asked are the people who were gathered.
	asked map[string]bool
}

// step asks for the record of a step, and for whom its way back may let in again.
func (a *toAsk) step(step *model.Step, rec *model.StepRecord) {
	of, id := recordOf(step, a.b.created)
	list := &a.q.TargetUsers
	if of == model.SubjectGroup {
		list = &a.q.TargetGroups
	}
	a.record(list, cmp.Or(rec.CreatedID, id))
	var let []model.Member
	switch step.Repair { //nolint:exhaustive // the others let nobody in again
	case model.RemoveMembers:
		let = step.Members
	case model.DeactivateUser:
		let = []model.Member{{ID: id}}
	case model.DeleteGroup, model.DeleteUser:
		if kept := backupOf(rec, of); kept != nil {
			let = kept.Members
			if user, err := personOf(kept); of == model.SubjectUser && err == nil { // else it is left out, with why
				let = []model.Member{{ID: kept.ID}}
				a.q.Meaning = append(a.q.Meaning, user)
			}
		}
	}
	for _, m := range let {
		a.person(a.b.memberID(m))
	}
}

// record asks for a record of the target, and for those that undos made in its place.
func (a *toAsk) record(list *[]string, id string) {
	if id == "" || slices.Contains(*list, id) {
		return
	}
	*list = append(*list, id)
	for _, heir := range a.b.heirs[id] {
		a.record(list, heir)
	}
}

// person asks for a user of the target and for the source user with whom they pair, or for whoever they may mean; and
// for those whom undos made in their place.
func (a *toAsk) person(id string) {
	if id == "" || a.asked[id] {
		return
	}
	a.asked[id] = true
	a.record(&a.q.TargetUsers, id)
	if t, known := a.index.User(id); known {
		if s := a.b.c.Users.ToSource[t]; s != model.None {
			a.q.SourceUsers = append(a.q.SourceUsers, a.b.c.Source.Users[s].ID)
		} else {
			a.q.Meaning = append(a.q.Meaning, a.b.c.Target.Users[t])
		}
	}
	for _, heir := range a.b.heirs[id] {
		a.person(heir)
	}
}
