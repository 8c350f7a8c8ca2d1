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
// item of this plan will, which ref names; a user then also by the id that they have at the source.
type place struct{ id, ref, sourceID string }

// restored is something that an undo of the run made as it was before the run, and saw so: a kind of condition, the
// record that it is on, and the field, member or account assignment.
type restored struct {
	model.ConditionKind

	on, what string
}

func restoredBy(list []model.Condition) (out []restored) {
	for _, s := range list {
		what := s.Field
		if s.Assignment != nil {
			what = s.Assignment.AccountID + " " + s.Assignment.PermissionSetARN
		}
		if len(s.Users) == 0 {
			out = append(out, restored{s.Fact, s.ID, what})
		}
		for _, m := range s.Users {
			out = append(out, restored{s.Fact, s.ID, m.ID})
		}
	}
	return out
}

// recall gathers from the journal what undos on this connection did: the ids that they gave to records which they made
// again, by the ids that these had before, the latest first, and what of this run they took back. An undo whose answer
// told no id made nothing that could be known again; one that was taken back itself took nothing back.
func (b *back) recall() error {
	runs, err := b.r.opts.Journal.Runs(b.r.opts.Fingerprint)
	if err != nil {
		return err
	}
	type stepOf struct{ run, step string }
	kept := map[stepOf][]model.Backup{}
	for i := range runs {
		for _, rec := range runs[i].Steps {
			kept[stepOf{runs[i].ID, rec.ID}] = rec.Backup
		}
	}
	for i := range runs {
		undo := &runs[i]
		if undo.Plan.Undoes == "" {
			continue
		}
		created := createdBy(undo)
		for n, rec := range undo.Steps {
			step := undo.StepOf(n)
			for _, k := range kept[stepOf{undo.Plan.Undoes, step.Undoes}] {
				if rec.CreatedID != "" {
					b.heirs[k.ID] = append(b.heirs[k.ID], rec.CreatedID)
				}
			}
			if undo.Plan.Undoes != b.run.ID || len(undo.UndoneBy) > 0 || rec.State != model.StepConfirmed {
				continue
			}
			b.undone[step.Undoes] = true
			after, known := settled(step.Afterwards, created)
			if !known {
				continue
			}
			for _, what := range restoredBy(after) {
				b.restored[what] = cmp.Or(b.restored[what], undo.ID)
			}
		}
	}
	return nil
}

// takenBack says that an undo of the run made something so, though it is not so now: somebody has changed it since,
// and it is not this run's doing any more. "" if none did.
func (b *back) takenBack(before model.Condition) string {
	for _, what := range restoredBy([]model.Condition{before}) {
		if by := b.restored[what]; by != "" {
			return "the undo " + by + " took it back already, and somebody has changed it again since"
		}
	}
	return ""
}

// line are the ids under which a record has been, the first first: its own, and those that undos gave it.
func (b *back) line(id string) []string {
	out := []string{id}
	for i := 0; i < len(out); i++ {
		for _, heir := range b.heirs[out[i]] {
			if !slices.Contains(out, heir) {
				out = append(out, heir)
			}
		}
	}
	return out
}

// at is where a record is by now, as the items so far leave it; false if it is gone.
func (b *back) at(id string) (at place, there bool) {
	if at, remade := b.remade[id]; remade {
		return at, true
	}
	for _, id := range b.line(id) {
		if _, known := b.index.User(id); known || b.now.Groups[id] != nil {
			return place{id: id}, true
		}
	}
	return place{id: id}, false
}

// mostAsked is how many people a way back asks OneLogin for one by one; for more, both sides are read in full.
const mostAsked = 50

// read asks the target for all that the run touched, and both sides for those whom the way back may let in again, whom
// no finding need be about. Where they do not tell, both sides are read in full; with full they were just now.
func (b *back) read(ctx context.Context, full bool) error {
	q := b.question(!full)
	n := len(q.SourceUsers) + len(q.Meaning)
	why := fmt.Errorf("the way back is about %d people, who would have to be asked for one by one", n)
	if n <= mostAsked {
		if why = b.ask(ctx, q); why == nil || full || ctx.Err() != nil {
			return why
		}
	}
	if _, _, err := b.r.opts.Reader.Renew(ctx, why.Error()); err != nil {
		return errors.Join(why, err)
	}
	return b.ask(ctx, b.question(false))
}

// ask takes in what is answered now, also what accounts and groups those have for whom that matters.
func (b *back) ask(ctx context.Context, q model.Question) error {
	principals := q.Principals
	q.Principals = nil // those who are there are known only then
	c, err := b.r.opts.Reader.Recheck(ctx, q, func(ctx context.Context) (*plan.Observation, error) {
		now, err := b.r.look(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, of := range principals {
			if b.r.opts.Lens != nil && (now.Users[of.ID] != nil || now.Groups[of.ID] != nil) {
				now.Assignments[of.ID] = model.AssignedOf(b.r.opts.Lens.Assignments(ctx, of))
			}
		}
		for step, id := range b.created {
			line := b.line(id)
			there := func(id string) bool { return now.Users[id] != nil || now.Groups[id] != nil }
			if i := slices.IndexFunc(line, there); i > 0 {
				id = line[i]
				b.created[step] = id
			}
			if now.Users[id] != nil && err == nil {
				var in memberOf
				in.groups, in.unknown, err = b.r.opts.Target.GroupsOf(ctx, id)
				b.memberOf[id] = in
			}
		}
		b.now = now
		return now, cmp.Or(err, b.r.emptied(now.Members))
	})
	if err == nil {
		b.c, b.index = c, plan.NewIndex(&c.Target)
	}
	return err
}

type memberOf struct {
	groups  []model.GroupRef
	unknown string
}

// question is what has to be asked for the way back; people: also both sides for those whom it may let in again.
func (b *back) question(people bool) model.Question {
	a := asking{back: b, last: b.r.opts.Reader.Last(), people: people}
	a.index = plan.NewIndex(&a.last.Target)
	for i := range b.run.Steps {
		if changed(&b.run.Steps[i]) && b.run.Plan.Steps[i].Channel == model.Direct {
			a.step(&b.run.Plan.Steps[i], &b.run.Steps[i])
		}
	}
	q := plan.QuestionOf(a.about)
	if people {
		q.Meaning, q.Entitled = a.meaning, true // what users say of their own apps may be what they had
	}
	return q
}

// asking gathers what the way back has to know, as conditions that ask for it.
type asking struct {
	*back

	last    *drift.Comparison
	index   plan.Index
	people  bool
	about   []model.Condition
	meaning []model.User
}

func (a *asking) askFor(s model.Condition) { a.about = append(a.about, s) }

// step asks for the record of a step, for who has the name that it had, and for whom its way back may let in again.
func (a *asking) step(step *model.Step, rec *model.StepRecord) {
	of, id := recordOf(step, a.created)
	id = cmp.Or(rec.CreatedID, id)
	a.letIn(rec.Beyond.Left...)
	name, absent := "", namingOf(of).absent
	switch step.Repair { //nolint:exhaustive // nothing else is asked for the others
	case model.CreateUser, model.CreateGroup:
		name = nameMade(step)
		a.accounts(of, id)
	case model.MoveAssignments, model.RemoveAssignments, model.ClearAssignments:
		a.accounts(of, id)
	case model.UpdateUser, model.RenameGroup:
		is, _ := was(step.Precondition, namingOf(of).is, "")
		name = is.Name
	case model.AddMembers: // under the names that they have by now, which may be protected
		for _, m := range step.Members {
			if id := a.memberID(m); id != "" {
				a.record(model.SubjectUser, id)
			}
		}
	case model.RemoveMembers:
		a.letIn(step.Members...)
	case model.DeactivateUser:
		a.letIn(model.Member{ID: id})
	case model.DeleteGroup, model.DeleteUser:
		kept := backupOf(rec, of)
		if kept == nil {
			break
		}
		a.accounts(of, kept.ID)
		a.letIn(kept.Members...)
		name = kept.Name
		if user, err := personOf(kept); of == model.SubjectUser && err == nil { // else it is left out, with why
			name, a.meaning = user.UserName, append(a.meaning, user)
			a.letIn(model.Member{ID: kept.ID})
			if user.ExternalID != "" {
				a.askFor(absent.On("", "").Being(fieldExternalID, user.ExternalID))
			}
		}
		for _, g := range kept.Groups {
			a.record(model.SubjectGroup, g.ID)
		}
	}
	if name != "" {
		a.askFor(absent.On("", name))
	}
	a.record(of, id)
}

// record asks for a record of the target, and for those that undos made in its place; of a group also who is in it.
func (a *asking) record(of model.SubjectType, id string) {
	for _, id := range a.line(id) {
		if of == model.SubjectGroup {
			a.askFor(model.MembersAre.On(id, ""))
		} else {
			a.askFor(model.UserIs.On(id, ""))
		}
	}
}

// accounts asks for the account assignments of a record, and of those that undos made in its place.
func (a *asking) accounts(of model.SubjectType, id string) {
	for _, id := range a.line(id) {
		a.askFor(model.NoAssignments.On(id, "").Over(&model.Assignment{PrincipalType: of}))
	}
}

// letIn asks for users of the target, and for the source users with whom they pair or whom they may mean.
func (a *asking) letIn(users ...model.Member) {
	for _, m := range users {
		for _, id := range a.line(a.memberID(m)) {
			self := model.Member{ID: id}
			if t, known := a.index.User(id); known {
				if s := a.last.Users.ToSource[t]; s != model.None {
					self.SourceID = a.last.Source.Users[s].ID
				} else if !slices.ContainsFunc(a.meaning, func(u model.User) bool { return u.ID == id }) {
					a.meaning = append(a.meaning, a.last.Target.Users[t])
				}
			}
			if a.people {
				a.askFor(model.Entitled.On("", "").With(self))
			}
		}
	}
}
