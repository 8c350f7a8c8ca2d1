package repair

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// mostPeople is how many people a way back asks for one by one; about more, both sides are read in full.
const mostPeople = 50

// people asks both sides about those whom the way back may let in again, whom no finding need be about, and gives the last
// comparison with the answers. Where that does not tell, both sides are read in full.
func (b *back) people(ctx context.Context) (*model.Comparison, error) {
	var q model.Question
	index := newTargetIndex(b.c)
	ask := func(id string) { b.ask(&q, index, id) }
	for i := range b.run.Steps {
		step, rec := &b.run.Plan.Steps[i], &b.run.Steps[i]
		if !changed(rec) {
			continue
		}
		switch step.Repair { //nolint:exhaustive // the others let nobody in again
		case model.RemoveMembers:
			for _, m := range step.Members {
				ask(b.memberID(m))
			}
		case model.DeactivateUser:
			ask(step.Subject.TargetID)
		case model.DeleteGroup:
			if kept := backupOf(rec, model.SubjectGroup); kept != nil {
				for _, m := range kept.Members {
					ask(m.ID)
				}
			}
		case model.DeleteUser:
			if kept := backupOf(rec, model.SubjectUser); kept != nil {
				ask(kept.ID)
				if user, err := personOf(kept); err == nil { // else it is left out, and why is said there
					q.Meaning = append(q.Meaning, user)
				}
			}
		}
	}
	why := ""
	switch n := len(q.TargetUsers); {
	case n == 0:
		return b.c, nil
	case n > mostPeople:
		why = fmt.Sprintf("the way back may let in %d people, who would have to be asked for one by one", n)
	default:
		c, err := b.r.opts.Reader.Recheck(ctx, q, func(ctx context.Context) (*model.Sight, error) { return b.r.look(ctx, q) })
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

// ask asks for a user of the target and for the source user with whom they pair, or for whoever they may mean; and for those whom undos
// made in their place.
func (b *back) ask(q *model.Question, index *targetIndex, id string) {
	if id == "" || slices.Contains(q.TargetUsers, id) {
		return
	}
	q.TargetUsers = append(q.TargetUsers, id)
	if t, known := index.users[id]; known {
		if s := b.c.Users.ToSource[t]; s != model.None {
			q.SourceUsers = append(q.SourceUsers, b.c.Source.Users[s].ID)
		} else {
			q.Meaning = append(q.Meaning, b.c.Target.Users[t])
		}
	}
	for _, heir := range b.heirs[id] {
		b.ask(q, index, heir)
	}
}
