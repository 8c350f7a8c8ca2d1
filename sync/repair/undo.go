package repair

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Undo makes the plan that takes a run back: an ordinary plan, the last step first, made from what the run kept. It
// takes back only what is still as the run left it, lets nobody in whom OneLogin does not assign and hold active, and
// names in LeftOut what stays. What is as it was before the run needs no step; what an earlier undo of the same run
// made again and did not fill is filled under the id that it has by now. A plan without steps and without LeftOut
// means that nothing is left to take back. Nothing is written.
func (r *Repairer) Undo(ctx context.Context, runID string, allow []model.GuardRule) (*model.Plan, error) {
	full := r.opts.Reader.Last() == nil
	if full {
		if _, _, err := r.opts.Reader.Renew(ctx, "nothing has been read yet"); err != nil {
			return nil, err
		}
	}
	plan, k, err := r.undo(ctx, runID, r.opts.Now(), full)
	if err != nil {
		return nil, err
	}
	k.foresee()
	return plan, r.seal(plan, k.c, allow)
}

// undo makes the steps of the way back, as at a moment, from the last reading and what is asked now. full: both sides
// were read in full just now, so that nobody has to be asked for.
func (r *Repairer) undo(ctx context.Context, runID string, at time.Time, full bool) (*model.Plan, *compiler, error) {
	if r.opts.Journal == nil {
		return nil, nil, errNoJournal
	}
	run, err := r.opts.Journal.Run(runID)
	if err != nil {
		return nil, nil, err
	}
	if err := r.mine(&run); err != nil {
		return nil, nil, err
	}
	if run.Headless {
		return nil, nil, fmt.Errorf("what run %s did is not known, because the head of its journal cannot be read, so "+
			"it cannot be taken back; look at the target by hand", run.ID)
	}
	if !run.Settled() {
		return nil, nil, fmt.Errorf("run %s has steps in doubt, and what is in doubt cannot be taken back; settle "+
			"it first: scimdrift history %s --settle", run.ID, run.ID)
	}
	b := back{r: r, run: &run, c: r.opts.Reader.Last(), created: createdBy(&run), again: map[string]place{}}
	if b.heirs, err = r.heirs(); err != nil {
		return nil, nil, err
	}
	if !full {
		if b.c, err = b.touched(ctx); err != nil {
			return nil, nil, fmt.Errorf("what the way back is about could not be read: %w", err)
		}
	}
	b.index, b.plan = plan.NewIndex(&b.c.Target), r.begin(b.c, at)
	b.plan.Undoes = run.ID
	for i := len(run.Steps) - 1; i >= 0; i-- {
		if !changed(&run.Steps[i]) {
			continue
		}
		if err := b.step(ctx, &run.Plan.Steps[i], &run.Steps[i]); err != nil {
			return nil, nil, fmt.Errorf("the way back of step %s cannot be planned, because the target could not be "+
				"read: %w", run.Steps[i].ID, err)
		}
	}
	k := r.compile(ctx, b.plan, b.c, b.items)
	var left []model.LeftOut // once a finding: several steps end one
	for _, l := range b.plan.LeftOut {
		if !slices.Contains(left, l) {
			left = append(left, l)
		}
	}
	b.plan.LeftOut = left
	if len(b.asBefore) > 0 && len(b.plan.Steps)+len(left) > 0 {
		b.warned.Add("", "What these steps of the run did is taken back already: "+strings.Join(b.asBefore, ", ")+".")
	}
	b.plan.Warnings = append(b.plan.Warnings, b.warned.Lines()...)
	return b.plan, k, nil
}

func changed(rec *model.StepRecord) bool {
	return rec.State == model.StepConfirmed || rec.State == model.StepUnconfirmed
}

// back is the way back of a run in the making.
type back struct {
	r     *Repairer
	run   *model.Run
	c     *drift.Comparison
	index plan.Index
	plan  *model.Plan
	items []item
	// created are the ids that the run created, by step.
	created map[string]string
	// again is where the users and groups that the run deleted are by now, by the ids that they had.
	again map[string]place
	// heirs are the ids that undos gave to records which they made again, by the ids that these had before.
	heirs map[string][]string
	// warned are what a way back does not bring: a sentence once, with whom or what it is about, which may be nobody.
	warned model.Reasons
	// asBefore are the steps of the run of which nothing is left to take back.
	asBefore []string
}

func key(step *model.Step) string { return "undo " + step.ID }

// leave says why something stays as the run left it.
func (b *back) leave(step *model.Step, form string, args ...any) {
	b.plan.LeftOut = append(b.plan.LeftOut, model.LeftOut{Finding: step.Finding, Reason: fmt.Sprintf(form, args...)})
}

// planned is how much has been planned or left out so far.
func (b *back) planned() int { return len(b.items) + len(b.plan.LeftOut) }

// doneIfNothing notes that there is nothing to take back of a step for which nothing was planned or left out.
func (b *back) doneIfNothing(step *model.Step, planned int) {
	if b.planned() == planned {
		b.asBefore = append(b.asBefore, step.ID)
	}
}

// nameAlone is a name in a sentence of its own; asThenAndNow tells the name that a record had from the one that it has.
func nameAlone(name string) string { return model.Visible(model.SpellEdges(name)) }

func asThenAndNow(then, now string) (forThen, forNow string) {
	then, now = model.Distinct(then, now)
	return model.Visible(then), model.Visible(now)
}

// add adds an item of a step; what every way back has in common is filled in.
func (b *back) add(step *model.Step, repair model.RepairName, in item) {
	in.Option, in.Confidence = model.Option{Repair: repair, Channel: model.Direct}, model.Certain
	in.Findings, in.undoes = step.Findings, step.ID
	if in.Key == "" {
		in.Key = key(step)
	}
	if in.Subject.Type == "" {
		in.Subject = step.Subject
	}
	b.items = append(b.items, in)
}

// step plans the way back of one step. The error is for a read that failed.
func (b *back) step(ctx context.Context, step *model.Step, rec *model.StepRecord) error {
	if step.Channel != model.Direct {
		b.leave(step, "%s has no way back: what OneLogin did because of it can be undone only in OneLogin",
			step.Repair)
		return nil
	}
	switch step.Repair { //nolint:exhaustive // memberships are looked at one by one
	case model.AddMembers:
		return b.takeOut(ctx, step, rec)
	case model.RemoveMembers:
		return b.putBack(ctx, step)
	case model.RemoveAssignments, model.ClearAssignments:
		return b.unassigned(ctx, step, rec)
	case model.MoveAssignments:
		return b.moved(ctx, step, rec)
	case model.RestoreAssignments:
		b.leave(step, "account assignments that an undo made are not taken away again; remove them in the AWS console")
		return nil
	}
	creates := step.Repair == model.CreateUser || step.Repair == model.CreateGroup
	if rec.CreatedID == "" && creates {
		b.leave(step, "the run never learnt the id of what it created, so it may be somebody else's; look for it "+
			"by hand")
		return nil
	}
	if len(step.Afterwards) == 0 { // no plan of ours has such a step, and all of nothing holds
		b.leave(step, "its journal does not tell how it left the record; look at the target by hand")
		return nil
	}
	left, known := settled(step.Afterwards, b.created)
	if !known {
		return errors.New("its journal does not tell the id of a record; look at the target by hand")
	}
	saw, err := b.r.check(ctx, left)
	switch {
	case err != nil:
		return err
	case saw.broken != "":
		return b.changed(ctx, step, rec, saw)
	case creates:
		return b.uncreate(ctx, step, rec, left)
	case step.Repair == model.DeleteUser || step.Repair == model.DeleteGroup:
		return b.remake(ctx, step, rec)
	}
	return b.reverse(ctx, step)
}

// changed tells what is as it was before the run, and needs no way back, from what somebody has changed in another
// way since.
func (b *back) changed(ctx context.Context, step *model.Step, rec *model.StepRecord, saw seen) error {
	asBefore := false
	if rec.CreatedID != "" { // what the run created is gone, whatever else has the name by now
		asBefore = saw.observed.Users[rec.CreatedID] == nil && saw.observed.Groups[rec.CreatedID] == nil
	} else if before, known := settled(stateBefore(step), b.created); known && len(before) > 0 {
		then, err := b.r.check(ctx, before)
		if err != nil {
			return err
		}
		asBefore = then.broken == ""
	}
	if asBefore {
		b.asBefore = append(b.asBefore, step.ID)
	} else {
		b.leave(step, "it is not as the run left it any more: %s", saw.broken)
	}
	return nil
}

// stateBefore is what a step's precondition says of what the step changes. That nobody changed anything else of the
// record held its write, and is no part of what has to come back.
func stateBefore(step *model.Step) []model.Condition {
	return slices.DeleteFunc(atTarget(step.Precondition), func(s model.Condition) bool {
		return s.Fact == model.RevisionIs || s.Fact == model.RecordIs || s.Fact == model.MembersAre ||
			s.Fact == model.NoAssignments
	})
}

// admitted gives the assigned and active source user with whom a target user pairs, or why there is none: an undo
// does not let in who has left. Who is made again by this plan is let in by the step that makes them.
func (b *back) admitted(name string, at place) (m model.Member, why string) {
	if at.ref != "" {
		return model.Member{UserName: name, Ref: at.ref, SourceID: b.sourceOf(at.ref)}, ""
	}
	t, ok := b.index.User(at.id)
	if !ok {
		return m, "not at the target any more"
	}
	m = model.Member{ID: at.id, UserName: b.c.Target.Users[t].UserName}
	s := b.c.Users.ToSource[t]
	switch {
	case s == model.None || !b.c.Source.Users[s].Assigned:
		return m, "OneLogin does not assign the app to them"
	case b.c.Users.Contests[s] != nil:
		return m, "more than one record claims to be them"
	case b.c.Source.Users[s].RollOnly:
		return m, "OneLogin's details of them were not read"
	case !b.c.Source.Users[s].Active:
		return m, "they are not active in OneLogin"
	}
	m.SourceID = b.c.Source.Users[s].ID
	return m, ""
}

func (b *back) sourceOf(again string) string {
	for i := range b.items {
		if b.items[i].Key == again {
			return b.items[i].Subject.SourceID
		}
	}
	return ""
}

// surely reports whether the run itself made what a step should have made. What was never confirmed, or found by its
// name alone, may be somebody else's work by now, and to take that away counts for the guard.
func surely(rec *model.StepRecord) bool { return rec.State == model.StepConfirmed && !rec.Found }

func backupOf(rec *model.StepRecord, of model.SubjectType) *model.Backup {
	for i := range rec.Backup {
		if rec.Backup[i].Type == of {
			return &rec.Backup[i]
		}
	}
	return nil
}

// was gives the condition of a kind about the target, on a field; ok is false if there is none.
func was(list []model.Condition, fact model.ConditionKind, field string) (s model.Condition, ok bool) {
	at := slices.IndexFunc(list, func(s model.Condition) bool {
		return s.Side == model.AtTarget && s.Fact == fact && s.Field == field
	})
	if at < 0 {
		return s, false
	}
	return list[at], true
}
