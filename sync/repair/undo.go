package repair

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Undo makes the plan that takes a run back: an ordinary plan, the last step first, made from what the run kept. It
// takes back only what is still as the run left it, lets nobody in whom OneLogin does not assign and hold active, and
// names in LeftOut what stays. What is as it was before the run needs no step; what an earlier undo of the same run
// made again and did not fill is filled under the id that it has by now. A plan without steps and without LeftOut
// means that nothing is left to take back. Nothing is written.
func (r *Repairer) Undo(ctx context.Context, runID string, allow []model.GuardRule) (*model.Plan, error) {
	ctx = transport.BeginLoad(ctx)
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
	k.addForecast()
	return plan, r.seal(plan, k.c, allow)
}

// undo makes the steps of the way back, as at a moment, from the last reading and what is asked now. full: both sides
// were read in full just now, so that nobody has to be asked for.
func (r *Repairer) undo(ctx context.Context, runID string, at time.Time, full bool) (*model.Plan, *compiler, error) {
	run, err := r.opts.Journal.Run(runID)
	if err != nil {
		return nil, nil, err
	}
	if err := r.checkOwnRun(&run); err != nil {
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
	b := &undoPlan{
		r: r, run: &run, created: createdIDs(&run), recreatedIDs: map[model.RecordRef][]string{},
		restored: map[restoredFact]string{}, memberOf: map[string]memberOf{},
		recreated: map[model.RecordRef]recordPlace{}, removals: map[plan.Placement]string{}, undone: map[string]bool{},
	}
	if err := b.readEarlierUndos(); err != nil {
		return nil, nil, err
	}
	if err := b.readNow(ctx, full); err != nil {
		return nil, nil, fmt.Errorf("what the way back is about could not be read: %w", err)
	}
	b.plan = r.newPlan(b.c, at)
	b.plan.Undoes = run.ID
	var unseen []string
	for i := len(run.Steps) - 1; i >= 0; i-- {
		if wasRefused(&run.Plan.Steps[i], &run.Steps[i]) {
			b.mentionIfDone(&run.Plan.Steps[i], &run.Steps[i])
		}
		if !changedSomething(&run.Steps[i]) {
			continue
		}
		planned, items := len(b.items)+len(b.plan.LeftOut), len(b.items)
		b.undoStep(&run.Plan.Steps[i], &run.Steps[i])
		if len(b.items) > items && run.Steps[i].State == model.StepUnconfirmed {
			unseen = append(unseen, run.Steps[i].ID)
		}
		asBefore := planned == len(b.items)+len(b.plan.LeftOut)
		switch why := b.mayStillTakeEffect(&run.Plan.Steps[i], &run.Steps[i], asBefore); {
		case why != "" && asBefore:
			b.leaveOut(&run.Plan.Steps[i], "%s", why)
		case why != "":
			b.warned.Add("", "Undo again later: "+why+".")
		case asBefore:
			b.alreadyUndone = append(b.alreadyUndone, run.Steps[i].ID)
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
	if len(b.alreadyUndone) > 0 && len(b.plan.Steps)+len(left) > 0 {
		b.warned.Add("", "What these steps of the run did is taken back already: "+
			strings.Join(b.alreadyUndone, ", ")+".")
	}
	if len(unseen) > 0 {
		b.warned.Add("", "These steps of the run were not confirmed, so that what is taken back of them may be "+
			"somebody else's doing: "+strings.Join(unseen, ", ")+".")
	}
	b.plan.Warnings = append(b.plan.Warnings, b.warned.Lines()...)
	return b.plan, k, nil
}

func changedSomething(rec *model.StepRecord) bool {
	return rec.State == model.StepConfirmed || rec.State == model.StepUnconfirmed
}

// wasRefused: the run saw nothing of such a step, and a service may have been at it later than the run looked.
func wasRefused(step *model.Step, rec *model.StepRecord) bool {
	return rec.State == model.StepFailed && step.Channel == model.Direct
}

// mentionIfDone names what a refused step was to do if it is so by now. Whose doing it is cannot be told, so that
// nothing of it is taken back.
func (b *undoPlan) mentionIfDone(step *model.Step, rec *model.StepRecord) {
	of, id := recordOf(step, b.created)
	after, known := resolveConditions(step.Afterwards, b.created)
	done := known && len(after) > 0 && b.observed.Broken(after) == ""
	if createsRecord(step) {
		id, _ = b.nameHolder(of, createdName(step))
		done = id != ""
	}
	if done {
		b.leaveOut(step, "step %s failed (%s), and by now all is as it was to bring it about (%s %s): whether its "+
			"request did that later or somebody else cannot be told, so look at it by hand", step.ID, rec.Detail, of,
			model.Visible(id))
	}
}

// mayStillTakeEffect says that a step, or the rest of one, may take effect yet: its run did not see it done, and
// services work on requests whose sender has gone. "" if it may not.
func (b *undoPlan) mayStillTakeEffect(step *model.Step, rec *model.StepRecord, asBefore bool) string {
	if rec.State != model.StepUnconfirmed || rec.Settled || b.undone[rec.ID] {
		return ""
	}
	why := "all is as it was before"
	if !asBefore {
		after, known := resolveConditions(step.Afterwards, b.created)
		if known && b.observed.Broken(after) == "" {
			return ""
		}
		why = "not all of it is done"
	}
	if err := errIfInFlight(rec.At, b.r.opts.Now(), why); err != nil {
		return "step " + rec.ID + " " + err.Error()
	}
	return ""
}

// undoPlan is the way back of a run in the making.
type undoPlan struct {
	r   *Repairer
	run *model.Run
	// created is what the run created, by step: the ids, or those under which undos of undos made it again.
	created map[string]string
	// recreatedIDs are the ids that undos gave to records which they made again, by the ids that these had before;
	// restored is what undos took back of the run, with the id of the latest that did; undone are the steps of which
	// they did.
	recreatedIDs map[model.RecordRef][]string
	restored     map[restoredFact]string
	undone       map[string]bool

	// What was read for it: both sides, what the run touched, and the groups of those whom it created.
	c        *drift.Comparison
	index    plan.Index
	observed *plan.Observation
	memberOf map[string]memberOf

	plan  *model.Plan
	items []item
	// recreated is where the users and groups that the run deleted are by now, by the ids that they had.
	recreated map[model.RecordRef]recordPlace
	// removals are the items that take users out of groups.
	removals map[plan.Placement]string
	// warned are what a way back does not bring: a sentence once, with whom or what it is about, which may be nobody.
	warned model.Reasons
	// alreadyUndone are the steps of the run of which nothing is left to take back.
	alreadyUndone []string
}

func undoKey(step *model.Step) string { return "undo " + step.ID }

func (b *undoPlan) leaveOut(step *model.Step, form string, args ...any) {
	b.plan.LeftOut = append(b.plan.LeftOut, model.LeftOut{Finding: step.Finding, Reason: fmt.Sprintf(form, args...)})
}

// visibleName is a name in a sentence of its own; distinctNames tells the name that a record had from the one that it
// has.
func visibleName(name string) string { return model.Visible(model.SpellEdges(name)) }

func distinctNames(then, now string) (forThen, forNow string) {
	then, now = model.Distinct(then, now)
	return model.Visible(then), model.Visible(now)
}

// addItem adds an item of a step; what every way back has in common is filled in.
func (b *undoPlan) addItem(step *model.Step, repair model.RepairName, in item) {
	in.Option, in.Confidence = model.Option{Repair: repair, Channel: model.Direct}, model.Certain
	in.Findings, in.undoneStep = step.Findings, step.ID
	if in.Key == "" {
		in.Key = undoKey(step)
	}
	if in.Subject.Type == "" {
		in.Subject = step.Subject
	}
	b.items = append(b.items, in)
}

// Why something stays as the run left it, or as somebody left it since.
const (
	notAsLeft = "it is not as the run left it any more: %s"
	notTold   = "its journal does not tell how it left the record; look at the target by hand"
)

// undoStep plans the way back of one step: what is still as the run left it, and was otherwise before.
func (b *undoPlan) undoStep(step *model.Step, rec *model.StepRecord) {
	if step.Channel != model.Direct {
		b.leaveOut(step, "%s has no way back: what OneLogin did because of it can be undone only in OneLogin",
			step.Repair)
		return
	}
	switch step.Repair {
	case model.AddMembers:
		b.undoAddMembers(step, rec)
	case model.RemoveMembers:
		b.restoreMembers(step, undoKey(step), b.groupOf(step), step.Members, false)
	case model.RemoveAssignments, model.ClearAssignments:
		b.restoreAssignment(step, rec)
	case model.MoveAssignments, model.RestoreAssignments:
		b.removeMadeAssignment(step, rec)
	case model.CreateUser, model.CreateGroup:
		b.undoCreate(step, rec)
	case model.DeleteUser, model.DeleteGroup:
		b.undoDelete(step, rec)
	default: // single values of a record
		b.undoChange(step)
	}
	if left := rec.Beyond.Left; len(left) > 0 {
		b.restoreMembers(step, undoKey(step)+" others", b.groupOf(step), left, false)
	}
	if rec.Beyond.Removals+rec.Beyond.Grants > len(rec.Beyond.Left) {
		b.leaveOut(step, "its write did more than it was to, which does not come back by itself: %s", rec.Detail)
	}
}

// admittedUser gives the assigned and active source user with whom a target user pairs, or why there is none: an undo
// does not let in who has left. Who is made again by this plan is let in by the step that makes them.
func (b *undoPlan) admittedUser(name string, at recordPlace) (m model.Member, why string) {
	if at.ref != "" {
		return model.Member{UserName: name, Ref: at.ref, SourceID: at.sourceID}, ""
	}
	t, ok := b.index.User(at.id)
	if !ok {
		return m, "not at the target any more"
	}
	m = model.Member{ID: at.id, UserName: b.c.Target.Users[t].UserName}
	s := b.c.Users.ToSource[t]
	if why = b.refusedUser(s, s != model.None && b.c.Users.Contests[s] != nil); why == "" {
		m.SourceID = b.c.Source.Users[s].ID
	}
	return m, why
}

func (b *undoPlan) refusedUser(s int32, contested bool) string {
	switch {
	case s == model.None || !b.c.Source.Users[s].Assigned:
		return "OneLogin does not assign the app to them"
	case contested:
		return "more than one record claims to be them"
	case b.c.Source.Users[s].RollOnly:
		return "OneLogin's details of them were not read"
	case !b.c.Source.Users[s].Active:
		return "they are not active in OneLogin"
	}
	return ""
}

// doneByRun reports whether the run itself made what a step should have made. What was never confirmed, or found by its
// name alone, may be somebody else's work by now, and to take that away counts for the guard.
func doneByRun(rec *model.StepRecord) bool { return rec.State == model.StepConfirmed && !rec.Found }

func backupOf(rec *model.StepRecord, of model.SubjectType) *model.Backup {
	for i := range rec.Backup {
		if rec.Backup[i].Type == of {
			return &rec.Backup[i]
		}
	}
	return nil
}

// findCondition gives the condition of a kind about the target, on a field; ok is false if there is none.
func findCondition(list []model.Condition, fact model.ConditionKind, field string) (s model.Condition, ok bool) {
	at := slices.IndexFunc(list, func(s model.Condition) bool {
		return s.Side == model.AtTarget && s.Fact == fact && s.Field == field
	})
	if at < 0 {
		return s, false
	}
	return list[at], true
}
