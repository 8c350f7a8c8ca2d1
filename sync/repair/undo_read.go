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

// recordPlace is where a record that the run deleted is by now: under the id that an undo gave it, or under the one
// that an item of this plan will, which ref names; a user then also by the id that they have at the source.
type recordPlace struct{ id, ref, sourceID string }

// restoredFact is something that an undo of the run made as it was before the run, and saw so: a kind of condition, the
// record that it is on, and the field, member or account assignment.
type restoredFact struct {
	model.ConditionKind

	on, what string
}

func restoredFacts(list []model.Condition) (out []restoredFact) {
	for _, s := range list {
		what := s.Field
		if s.Assignment != nil {
			what = s.Assignment.AccountID + " " + s.Assignment.PermissionSetARN
		}
		if len(s.Users) == 0 {
			out = append(out, restoredFact{s.Fact, s.ID, what})
		}
		for _, m := range s.Users {
			out = append(out, restoredFact{s.Fact, s.ID, m.ID})
		}
	}
	return out
}

// readEarlierUndos gathers from the journal what undos on this connection did: the ids that they gave to records which
// they made again, by the ids that these had before, the latest first, and what of this run they took back. An undo
// whose answer told no id made nothing that could be known again; one that was taken back itself took nothing back.
func (b *undoPlan) readEarlierUndos() error {
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
		created := createdIDs(undo)
		for n, rec := range undo.Steps {
			step := undo.StepOf(n)
			for _, k := range kept[stepOf{undo.Plan.Undoes, step.Undoes}] {
				if rec.CreatedID != "" {
					was := model.RecordRef{Type: k.Type, ID: k.ID}
					b.recreatedIDs[was] = append(b.recreatedIDs[was], rec.CreatedID)
				}
			}
			if undo.Plan.Undoes != b.run.ID || len(undo.UndoneBy) > 0 || rec.State != model.StepConfirmed {
				continue
			}
			b.undone[step.Undoes] = true
			after, known := resolveConditions(step.Afterwards, created)
			if !known {
				continue
			}
			for _, what := range restoredFacts(after) {
				b.restored[what] = cmp.Or(b.restored[what], undo.ID)
			}
		}
	}
	return nil
}

// takenBack says that an undo of the run made something so, though it is not so now: somebody has changed it since,
// and it is not this run's doing any more. "" if none did.
func (b *undoPlan) takenBack(before model.Condition) string {
	for _, what := range restoredFacts([]model.Condition{before}) {
		if by := b.restored[what]; by != "" {
			return "the undo " + by + " took it back already, and somebody has changed it again since"
		}
	}
	return ""
}

// idsOfRecord are the ids under which a record has been, the first first: its own, and those that undos gave it.
func (b *undoPlan) idsOfRecord(of model.SubjectType, id string) []string {
	out := []string{id}
	for i := 0; i < len(out); i++ {
		for _, heir := range b.recreatedIDs[model.RecordRef{Type: of, ID: out[i]}] {
			if !slices.Contains(out, heir) {
				out = append(out, heir)
			}
		}
	}
	return out
}

// currentPlace is where a record is by now, as the items so far leave it; false if it is gone. A user and a group may
// have the same id at targets that number each by themselves.
func (b *undoPlan) currentPlace(of model.SubjectType, id string) (at recordPlace, there bool) {
	if at, remade := b.recreated[model.RecordRef{Type: of, ID: id}]; remade {
		return at, true
	}
	for _, id := range b.idsOfRecord(of, id) {
		_, there := b.index.User(id)
		if of == model.SubjectGroup {
			there = b.observed.Groups[id] != nil
		}
		if there {
			return recordPlace{id: id}, true
		}
	}
	return recordPlace{id: id}, false
}

// maxAskedPeople is how many people a way back asks OneLogin for one by one; for more, both sides are read in full.
const maxAskedPeople = 50

// readNow asks the target for all that the run touched, and both sides for those whom the way back may let in again,
// whom no finding need be about. Where they do not tell, both sides are read in full; with full they were just now.
func (b *undoPlan) readNow(ctx context.Context, full bool) error {
	q := b.question(!full)
	n := len(q.SourceUsers) + len(q.Meaning)
	why := fmt.Errorf("the way back is about %d people, who would have to be asked for one by one", n)
	if n <= maxAskedPeople {
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
func (b *undoPlan) ask(ctx context.Context, q model.Question) error {
	principals := q.Principals
	q.Principals = nil // those who are there are known only then
	c, err := b.r.opts.Reader.Recheck(ctx, q, func(ctx context.Context) (*plan.Observation, error) {
		now, err := b.r.observe(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, of := range principals {
			if b.r.opts.Lens != nil && (now.Users[of.ID] != nil || now.Groups[of.ID] != nil) {
				now.Assignments[of.ID] = model.AssignedOf(b.r.opts.Lens.Assignments(ctx, of))
			}
		}
		for i := range b.run.Plan.Steps {
			step := &b.run.Plan.Steps[i]
			of, _ := recordOf(step, nil)
			there := func(id string) bool { return now.Users[id] != nil }
			if of == model.SubjectGroup {
				there = func(id string) bool { return now.Groups[id] != nil }
			}
			id := b.created[step.ID]
			line := b.idsOfRecord(of, id)
			if i := slices.IndexFunc(line, there); i > 0 {
				id = line[i]
				b.created[step.ID] = id
			}
			if of == model.SubjectUser && there(id) && err == nil {
				var in memberOf
				in.groups, in.unknown, err = b.r.opts.Target.GroupsOf(ctx, id)
				b.memberOf[id] = in
			}
		}
		b.observed = now
		return now, cmp.Or(err, b.r.errIfEmptied(now.Members))
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
func (b *undoPlan) question(people bool) model.Question {
	a := undoQuestion{undoPlan: b, last: b.r.opts.Reader.Last(), people: people}
	a.index = plan.NewIndex(&a.last.Target)
	for i := range b.run.Steps {
		step, rec := &b.run.Plan.Steps[i], &b.run.Steps[i]
		switch {
		case wasRefused(step, rec):
			a.addRefused(step)
		case changedSomething(rec) && step.Channel == model.Direct:
			a.addStep(step, rec)
		}
	}
	q := plan.QuestionOf(a.conditions)
	if people {
		q.Meaning, q.Entitled = a.meantUsers, true // what users say of their own apps may be what they had
	}
	return q
}

// undoQuestion gathers what the way back has to know, as conditions that ask for it.
type undoQuestion struct {
	*undoPlan

	last       *drift.Comparison
	index      plan.Index
	people     bool
	conditions []model.Condition
	meantUsers []model.User
}

func (a *undoQuestion) addCondition(s model.Condition) { a.conditions = append(a.conditions, s) }

// addStep asks for the record of a step, for who has the name that it had, and for whom its way back may let in again.
func (a *undoQuestion) addStep(step *model.Step, rec *model.StepRecord) {
	of, id := recordOf(step, a.created)
	id = cmp.Or(rec.CreatedID, id)
	a.addUsers(rec.Beyond.Left...)
	name, absent := "", nameFactsOf(of).absent
	switch step.Repair { //nolint:exhaustive // nothing else is asked for the others
	case model.CreateUser, model.CreateGroup:
		name = createdName(step)
		a.addAssignments(of, id)
	case model.MoveAssignments, model.RestoreAssignments, model.RemoveAssignments, model.ClearAssignments:
		a.addAssignments(of, id)
	case model.UpdateUser, model.RenameGroup:
		is, _ := findCondition(step.Precondition, nameFactsOf(of).is, "")
		name = is.Name
	case model.AddMembers: // under the names that they have by now, which may be protected
		for _, m := range step.Members {
			if id := a.memberID(m); id != "" {
				a.addRecord(model.SubjectUser, id)
			}
		}
	case model.RemoveMembers:
		a.addUsers(step.Members...)
	case model.DeactivateUser:
		a.addUsers(model.Member{ID: id})
	case model.DeleteGroup, model.DeleteUser:
		kept := backupOf(rec, of)
		if kept == nil {
			break
		}
		a.addAssignments(of, kept.ID)
		a.addUsers(kept.Members...)
		name = kept.Name
		if user, err := personOf(kept); of == model.SubjectUser && err == nil { // else it is left out, with why
			name, a.meantUsers = user.UserName, append(a.meantUsers, user)
			a.addUsers(model.Member{ID: kept.ID})
			if user.ExternalID != "" {
				a.addCondition(absent.On("", "").Being(fieldExternalID, user.ExternalID))
			}
		}
		for _, g := range kept.Groups {
			a.addRecord(model.SubjectGroup, g.ID)
		}
	}
	if name != "" {
		a.addCondition(absent.On("", name))
	}
	a.addRecord(of, id)
}

// addRefused asks whether what a step was to do is so by now.
func (a *undoQuestion) addRefused(step *model.Step) {
	of, id := recordOf(step, a.created)
	switch {
	case createsRecord(step):
		a.addCondition(nameFactsOf(of).absent.On("", createdName(step)))
	case id != "":
		a.addRecord(of, id)
		if step.Repair.OfAssignments() {
			a.addAssignments(of, id)
		}
	}
}

// addRecord asks for a record of the target, and for those that undos made in its place; of a group also who is in it.
func (a *undoQuestion) addRecord(of model.SubjectType, id string) {
	for _, id := range a.idsOfRecord(of, id) {
		if of == model.SubjectGroup {
			a.addCondition(model.MembersAre.On(id, ""))
		} else {
			a.addCondition(model.UserIs.On(id, ""))
		}
	}
}

// addAssignments asks for the account assignments of a record, and of those that undos made in its place.
func (a *undoQuestion) addAssignments(of model.SubjectType, id string) {
	for _, id := range a.idsOfRecord(of, id) {
		a.addCondition(model.NoAssignments.On(id, "").Over(&model.Assignment{PrincipalType: of}))
	}
}

// addUsers asks for users of the target, and for the source users with whom they pair or whom they may mean.
func (a *undoQuestion) addUsers(users ...model.Member) {
	for _, m := range users {
		for _, id := range a.idsOfRecord(model.SubjectUser, a.memberID(m)) {
			self := model.Member{ID: id}
			if t, known := a.index.User(id); known {
				if s := a.last.Users.ToSource[t]; s != model.None {
					self.SourceID = a.last.Source.Users[s].ID
				} else if !slices.ContainsFunc(a.meantUsers, func(u model.User) bool { return u.ID == id }) {
					a.meantUsers = append(a.meantUsers, a.last.Target.Users[t])
				}
			}
			if a.people {
				a.addCondition(model.Entitled.On("", "").With(self))
			}
		}
	}
}
