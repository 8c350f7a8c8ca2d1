package repair

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

const (
	// firstPollWait is how long after a write it is looked for again; it doubles up to maxPollWait.
	firstPollWait = 250 * time.Millisecond
	maxPollWait   = 4 * time.Second
)

// confirm reads until a write shows, at most for ConfirmWithin. A status code proves nothing: only what is read does.
func (r *Repairer) confirm(ctx context.Context, u *activeRun, i int, w writeResult) (model.StepState, string) {
	// A service that hangs must not hold the run for ever, and no cancel ends this.
	ctx, cancel := context.WithTimeout(ctx, 2*r.opts.ConfirmWithin+time.Minute)
	defer cancel()
	p := verification{step: &u.plan.Steps[i], created: maps.Clone(u.created), kept: u.progress.Run.Steps[i].Backup}
	if createsRecord(p.step) && w.answer.ID != "" {
		p.created[p.step.ID] = w.answer.ID
	}
	within := r.opts.ConfirmWithin
	if w.refused.State != "" {
		within = 0
	}
	saw, err := r.poll(ctx, &p, within)
	if w.refused.State != "" && (err != nil || saw.broken != "") {
		return r.endUndone(ctx, u, i, w.refused, err)
	}
	rec := &u.progress.Run.Steps[i]
	rec.CreatedID, rec.Found = p.created[p.step.ID], w.conflict != "" || w.lostAnswer != "" && p.found != ""
	if err == nil {
		if saw.broken == "" {
			confirmed := *rec
			confirmed.At = u.now()
			saw.observed.Made = model.MadeByStep(u.progress.Run.ID, p.step, &confirmed)
		}
		r.patchComparison(ctx, u, saw.observed)
	}
	others := ""
	if err == nil && saw.broken == "" {
		others, rec.Beyond = p.sideEffects(r, saw.observed)
	}
	if saw.hidden {
		u.hiddenStep = p.step.ID
	}
	sent := fmt.Sprintf("the target took it (status %d)", w.answer.Status)
	switch {
	case w.lostAnswer == "" && p.step.Repair.OfAssignments():
		sent = "SSO Admin took it"
	case w.refused.State != "":
		sent = "it was refused (" + w.lostAnswer + ")"
	case w.lostAnswer != "":
		sent = "the answer was lost (" + w.lostAnswer + ")"
	}
	switch {
	case others != "":
		return model.StepUnconfirmed, others
	case err == nil && saw.broken == "":
		u.created = p.created
		switch {
		case w.conflict != "":
			return model.StepConfirmed, "nothing was left to do (" + w.conflict +
				"), and reading shows that it is as it should be"
		case w.lostAnswer != "":
			return model.StepConfirmed, sent + ", and reading shows that it was done" + p.found
		}
		return model.StepConfirmed, strings.TrimPrefix(p.found, "; ")
	case w.conflict != "" && err != nil:
		return model.StepUnconfirmed, conflictPrefix + w.conflict + unreadableSuffix + err.Error()
	case w.conflict != "":
		return model.StepFailed, conflictPrefix + w.conflict + "; reload both sides and plan it again"
	case err != nil && w.lostAnswer != "":
		return model.StepInDoubt, fmt.Sprintf("%s and reading back failed: %v; settle the run", sent, err)
	case err != nil:
		return model.StepUnconfirmed, fmt.Sprintf("%s, but it could not be read back: %v; reload both sides", sent, err)
	case saw.hidden:
		return model.StepUnconfirmed, sent + ", and does not show who is in the group, so that it cannot be " +
			"confirmed: " + saw.broken
	}
	return model.StepUnconfirmed, fmt.Sprintf("%s, and %s after that it does not show: %s; reload both sides", sent,
		model.Lasting(r.opts.ConfirmWithin), saw.broken)
}

const (
	conflictPrefix       = "refused, because of something that is there or under way already: "
	nothingWrittenSuffix = "; nothing was written"
	unreadableSuffix     = "; whether it was done all the same could not be read: "
)

// endUndone ends a step whose write was refused, or turned away by a rate limit, and does not show. One that was
// refused for a part, as a PATCH may be for the last of its members, is unconfirmed, so that it can be taken back as
// far as it came; and so is one of which nothing can be read.
func (r *Repairer) endUndone(
	ctx context.Context, u *activeRun, i int, refused outcome, unread error,
) (model.StepState, string) {
	step := &u.plan.Steps[i]
	conditions := stateBefore(step)
	if step.Repair == model.AddMembers { // of a group that the plan creates it is not said
		conditions = append(conditions,
			model.MembersExclude.On(step.Group.ID, step.Group.Name).Made(step.Group.Ref).With(step.Members...))
	}
	before, known := resolveConditions(conditions, u.created)
	var now *plan.Observation
	if unread == nil {
		if !known || refused.State != model.StepFailed {
			return refused.State, refused.Detail
		}
		now, unread = r.observe(ctx, plan.QuestionOf(before))
	}
	_, id := recordOf(step, u.created)
	switch {
	case unread != nil:
		return model.StepUnconfirmed,
			strings.TrimSuffix(refused.Detail, nothingWrittenSuffix) + unreadableSuffix + unread.Error()
	case now.Users[id] == nil && now.Groups[id] == nil:
		return refused.State, refused.Detail
	}
	if why := now.Broken(before); why != "" {
		return model.StepUnconfirmed, refused.Detail + "; and not all of it is as it was before: " + why
	}
	return refused.State, refused.Detail
}

// endConflict ends a create that was refused because of something that is there. What has the name now had it not when
// the step was checked: who comes second gets that answer, and so does a proxy that sends its request again. Whose it
// is cannot be told, so that nothing is built on it or taken away.
func (r *Repairer) endConflict(ctx context.Context, step *model.Step, refused string) (model.StepState, string) {
	p := verification{step: step, created: map[string]string{}}
	switch broken, err := p.findCreated(context.WithoutCancel(ctx), r); {
	case err != nil:
		return model.StepUnconfirmed, refused + unreadableSuffix + err.Error()
	case broken != "":
		return model.StepFailed, refused
	}
	return model.StepUnconfirmed, refused + "; nothing was found of that name just before, and " +
		model.Visible(p.created[step.ID]) + " is now: this run has made it, or somebody else in that moment"
}

// stateBefore is what a precondition says of what the step changes; what else it says held the write.
func stateBefore(step *model.Step) []model.Condition {
	return slices.DeleteFunc(atTarget(step.Precondition), func(s model.Condition) bool {
		return s.Fact == model.RevisionIs || s.Fact == model.RecordIs || s.Fact == model.MembersAre ||
			s.Fact == model.NoAssignments
	})
}

// poll looks until all holds, or until the time is over; it gives the last look.
func (r *Repairer) poll(ctx context.Context, p *verification, within time.Duration) (saw checkResult, err error) {
	began := r.opts.Now()
	var waited time.Duration // beside the clock, which may stand still or be set back
	for pause := firstPollWait; ; pause = min(2*pause, maxPollWait) {
		saw, err = p.checkAll(ctx, r)
		if err == nil && (saw.broken == "" || saw.hidden) ||
			max(waited, r.opts.Now().Sub(began)) >= within {
			return saw, err
		}
		if r.opts.Sleep(ctx, pause) != nil {
			return saw, err
		}
		waited += pause
	}
}

// verification is what has to be read to see that a step was done.
type verification struct {
	step *model.Step
	// created are the ids that references mean; a record that the step itself creates gets its own when it is found.
	created map[string]string
	// found says how the id was learnt if no answer told it.
	found string
	// kept are the records as they were before the step.
	kept []model.Backup
}

func createsRecord(s *model.Step) bool {
	return s.Repair == model.CreateUser || s.Repair == model.CreateGroup
}

// createdName is the name of what a step creates.
func createdName(s *model.Step) string {
	return nameInConditions(s.Afterwards, "", s.ID)
}

// checkAll reads once whether everything is there that the step should have brought about.
func (p *verification) checkAll(ctx context.Context, r *Repairer) (checkResult, error) {
	if createsRecord(p.step) && p.created[p.step.ID] == "" {
		if broken, err := p.findCreated(ctx, r); err != nil || broken != "" {
			return checkResult{observed: &plan.Observation{}, broken: broken}, err
		}
	}
	saw, err := p.observe(ctx, r)
	if !createsRecord(p.step) || err == nil && (saw.broken == "" || !p.createdIsMissing(saw.observed)) {
		return saw, err
	}
	// The answer may have named another id than the record has, as github.com/jelhub/scimgateway/issues/41 saw it.
	answered := p.created[p.step.ID]
	delete(p.created, p.step.ID)
	if broken, findErr := p.findCreated(ctx, r); findErr != nil || broken != "" || p.created[p.step.ID] == answered {
		p.created[p.step.ID], p.found = answered, ""
		return saw, err
	}
	p.found = "; the target answered with another id than the record has, which was found by its name"
	return p.observe(ctx, r)
}

func (p *verification) createdIsMissing(observed *plan.Observation) bool {
	id := p.created[p.step.ID]
	return observed.Users[id] == nil && observed.Groups[id] == nil
}

func (p *verification) observe(ctx context.Context, r *Repairer) (checkResult, error) {
	after, known := resolveConditions(p.step.Afterwards, p.created)
	if !known {
		return checkResult{observed: &plan.Observation{}, broken: "it needs a record that was not created"}, nil
	}
	q := plan.QuestionOf(after)
	switch of, id := p.wholeRecord(); {
	case of == model.SubjectUser:
		q.TargetUsers = append(q.TargetUsers, id)
	case of == model.SubjectGroup:
		q.TargetGroups, q.Members = append(q.TargetGroups, id), append(q.Members, id)
	case p.step.Repair == model.CreateGroup:
		// A group whose members nobody has read would leave its memberships open on the board.
		q.Members = append(q.Members, p.created[p.step.ID])
	}
	observed, err := r.observe(ctx, q)
	if err != nil {
		return checkResult{}, err
	}
	saw := checkResult{observed: observed, broken: observed.Broken(after)}
	if saw.broken == "" {
		saw.broken, err = p.stillListed(ctx, r, observed, after)
		return saw, err
	}
	saw.hidden = p.membersHidden(observed, after)
	if off := p.onlyDeactivated(observed); off != "" {
		saw.broken = off
	}
	return saw, nil
}

// findCreated learns the id of a created record by its name. Nobody had that name when the step was checked.
func (p *verification) findCreated(ctx context.Context, r *Repairer) (broken string, err error) {
	name := createdName(p.step)
	var id string
	var found bool
	if p.step.Repair == model.CreateGroup {
		var group model.Group
		group, found, err = r.opts.Target.FindGroup(ctx, name, "")
		id = group.ID
	} else {
		var user model.User
		user, found, err = r.opts.Target.FindUser(ctx, name, "")
		id = user.ID
	}
	switch {
	case err != nil:
		return "", err
	case !found:
		return fmt.Sprintf("nothing named %s is at the target", model.Visible(name)), nil
	}
	p.created[p.step.ID], p.found = id, "; it was found by its name, which nothing had before"
	return "", nil
}

// patchComparison puts what was read into the board's comparison. That it cannot be is no failure of the step.
func (r *Repairer) patchComparison(ctx context.Context, u *activeRun, observed *plan.Observation) {
	c, err := r.opts.Reader.Recheck(ctx, model.Question{},
		func(context.Context) (*plan.Observation, error) { return observed, nil })
	u.update(func(p *plan.RunProgress) {
		if err != nil {
			p.Said = "what was read back could not be shown on the board: " + err.Error()
			return
		}
		p.Compared = c
	})
}
