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
	// firstPause is how long after a write it is looked for again; it doubles up to longestPause.
	firstPause   = 250 * time.Millisecond
	longestPause = 4 * time.Second
)

// confirm reads until a write shows, at most for ConfirmWithin. A status code proves nothing: only what is read does.
func (r *Repairer) confirm(ctx context.Context, u *running, i int, w written) (model.StepState, string) {
	// A service that hangs must not hold the run for ever, and no cancel ends this.
	ctx, cancel := context.WithTimeout(ctx, 2*r.opts.ConfirmWithin+time.Minute)
	defer cancel()
	p := proof{step: &u.plan.Steps[i], created: maps.Clone(u.created), kept: u.progress.Run.Steps[i].Backup}
	if creates(p.step) && w.answer.ID != "" {
		p.created[p.step.ID] = w.answer.ID
	}
	within := r.opts.ConfirmWithin
	if w.refused.State != "" {
		within = 0
	}
	saw, err := r.poll(ctx, &p, within)
	if w.refused.State != "" && (err != nil || saw.broken != "") {
		return r.notDone(ctx, u, i, w.refused, err)
	}
	if id := p.created[p.step.ID]; id != "" {
		u.progress.Run.Steps[i].CreatedID, u.progress.Run.Steps[i].Found = id, w.lost != "" && p.found != ""
	}
	if err == nil {
		if saw.broken == "" {
			rec := u.progress.Run.Steps[i]
			rec.At = u.now()
			saw.observed.Made = model.MadeByStep(u.progress.Run.ID, p.step, &rec)
		}
		r.patch(ctx, u, saw.observed)
	}
	others := ""
	if err == nil && saw.broken == "" {
		others, u.progress.Run.Steps[i].Beyond = p.beyond(r, saw.observed)
	}
	if saw.hidden {
		u.hidden = p.step.ID
	}
	sent := fmt.Sprintf("the target took it (status %d)", w.answer.Status)
	switch {
	case w.lost == "" && p.step.Repair.OfAssignments():
		sent = "SSO Admin took it"
	case w.refused.State != "":
		sent = "it was refused (" + w.lost + ")"
	case w.lost != "":
		sent = "the answer was lost (" + w.lost + ")"
	}
	switch {
	case others != "":
		return model.StepUnconfirmed, others
	case err == nil && saw.broken == "":
		u.created = p.created
		switch {
		case w.clash != "":
			return model.StepConfirmed, "nothing was left to do (" + w.clash +
				"), and reading shows that it is as it should be"
		case w.lost != "":
			return model.StepConfirmed, sent + ", and reading shows that it was done" + p.found
		}
		return model.StepConfirmed, strings.TrimPrefix(p.found, "; ")
	case w.clash != "" && err != nil:
		return model.StepUnconfirmed, underWay + w.clash + allTheSame + err.Error()
	case w.clash != "":
		return model.StepFailed, underWay + w.clash + "; reload both sides and plan it again"
	case err != nil && w.lost != "":
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
	underWay       = "refused, because of something that is there or under way already: "
	nothingWritten = "; nothing was written"
	allTheSame     = "; whether it was done all the same could not be read: "
)

// notDone ends a step whose write was refused, or turned away by a rate limit, and does not show. One that was refused
// for a part, as a PATCH may be for the last of its members, is unconfirmed, so that it can be taken back as far as it
// came; and so is one of which nothing can be read.
func (r *Repairer) notDone(
	ctx context.Context, u *running, i int, refused ending, unread error,
) (model.StepState, string) {
	step := &u.plan.Steps[i]
	conditions := stateBefore(step)
	if step.Repair == model.AddMembers { // of a group that the plan creates it is not said
		conditions = append(conditions,
			model.MembersExclude.On(step.Group.ID, step.Group.Name).Made(step.Group.Ref).With(step.Members...))
	}
	before, known := settled(conditions, u.created)
	var now *plan.Observation
	if unread == nil {
		if !known || refused.State != model.StepFailed {
			return refused.State, refused.Detail
		}
		now, unread = r.look(ctx, plan.QuestionOf(before))
	}
	_, id := recordOf(step, u.created)
	switch {
	case unread != nil:
		return model.StepUnconfirmed, strings.TrimSuffix(refused.Detail, nothingWritten) + allTheSame + unread.Error()
	case now.Users[id] == nil && now.Groups[id] == nil:
		return refused.State, refused.Detail
	}
	if why := now.Broken(before); why != "" {
		return model.StepUnconfirmed, refused.Detail + "; and not all of it is as it was before: " + why
	}
	return refused.State, refused.Detail
}

// clashed ends a create that was refused because of something that is there. What has the name now had it not when the
// step was checked: who comes second gets that answer, and so does a proxy that sends its request again. Whose it is
// cannot be told, so that nothing is built on it or taken away.
func (r *Repairer) clashed(ctx context.Context, step *model.Step, refused string) (model.StepState, string) {
	p := proof{step: step, created: map[string]string{}}
	switch broken, err := p.find(context.WithoutCancel(ctx), r); {
	case err != nil:
		return model.StepUnconfirmed, refused + allTheSame + err.Error()
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
func (r *Repairer) poll(ctx context.Context, p *proof, within time.Duration) (saw seen, err error) {
	began := r.opts.Now()
	var waited time.Duration // beside the clock, which may stand still or be set back
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		saw, err = p.look(ctx, r)
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

// proof is what has to be read to see that a step was done.
type proof struct {
	step *model.Step
	// created are the ids that references mean; a record that the step itself creates gets its own when it is found.
	created map[string]string
	// found says how the id was learnt if no answer told it.
	found string
	// kept are the records as they were before the step.
	kept []model.Backup
}

func creates(s *model.Step) bool {
	return s.Repair == model.CreateUser || s.Repair == model.CreateGroup
}

// nameMade is the name of what a step creates.
func nameMade(s *model.Step) string { return calledIn(s.Afterwards, "", s.ID, s.Subject.Name) }

// look reads once whether everything is there that the step should have brought about.
func (p *proof) look(ctx context.Context, r *Repairer) (seen, error) {
	if creates(p.step) && p.created[p.step.ID] == "" {
		if broken, err := p.find(ctx, r); err != nil || broken != "" {
			return seen{observed: &plan.Observation{}, broken: broken}, err
		}
	}
	saw, err := p.lookAt(ctx, r)
	if !creates(p.step) || err == nil && (saw.broken == "" || !p.missing(saw.observed)) {
		return saw, err
	}
	// The answer may have named another id than the record has, as github.com/jelhub/scimgateway/issues/41 saw it.
	answered := p.created[p.step.ID]
	delete(p.created, p.step.ID)
	if broken, findErr := p.find(ctx, r); findErr != nil || broken != "" || p.created[p.step.ID] == answered {
		p.created[p.step.ID], p.found = answered, ""
		return saw, err
	}
	p.found = "; the target answered with another id than the record has, which was found by its name"
	return p.lookAt(ctx, r)
}

func (p *proof) missing(observed *plan.Observation) bool {
	id := p.created[p.step.ID]
	return observed.Users[id] == nil && observed.Groups[id] == nil
}

func (p *proof) lookAt(ctx context.Context, r *Repairer) (seen, error) {
	after, known := settled(p.step.Afterwards, p.created)
	if !known {
		return seen{observed: &plan.Observation{}, broken: "it needs a record that was not created"}, nil
	}
	q := plan.QuestionOf(after)
	switch of, id := p.whole(); {
	case of == model.SubjectUser:
		q.TargetUsers = append(q.TargetUsers, id)
	case of == model.SubjectGroup:
		q.TargetGroups, q.Members = append(q.TargetGroups, id), append(q.Members, id)
	case p.step.Repair == model.CreateGroup:
		// A group whose members nobody has read would leave its memberships open on the board.
		q.Members = append(q.Members, p.created[p.step.ID])
	}
	observed, err := r.look(ctx, q)
	if err != nil {
		return seen{}, err
	}
	saw := seen{observed: observed, broken: observed.Broken(after)}
	if saw.broken == "" {
		saw.broken, err = p.listed(ctx, r, observed, after)
		return saw, err
	}
	saw.hidden = p.hides(observed, after)
	if off := p.switchedOff(observed); off != "" {
		saw.broken = off
	}
	return saw, nil
}

// find learns the id of a created record by its name. Nobody had that name when the step was checked.
func (p *proof) find(ctx context.Context, r *Repairer) (broken string, err error) {
	name := nameMade(p.step)
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

// patch puts what was read into the board's comparison. That it cannot be is no failure of the step.
func (r *Repairer) patch(ctx context.Context, u *running, observed *plan.Observation) {
	c, err := r.opts.Reader.Recheck(ctx, model.Question{},
		func(context.Context) (*plan.Observation, error) { return observed, nil })
	u.say(func(p *plan.RunProgress) {
		if err != nil {
			p.Said = "what was read back could not be shown on the board: " + err.Error()
			return
		}
		p.Compared = c
	})
}
