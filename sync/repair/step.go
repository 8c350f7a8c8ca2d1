package repair

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

const (
	// maxTries is how often a step is sent at most: only what a rate limit turned away is sent again.
	maxTries = 3
	// throttleWait is the first wait where the service names none; it doubles.
	throttleWait = 2 * time.Second
	// maxThrottleWait is the longest wait that a service may ask a write for, the same as for a read. A plan is
	// agreed to for an hour, and a run that waits keeps every other from its connection.
	maxThrottleWait = time.Minute
	// writeWithin bounds one write, which a cancelled run does not end: half a write would be in doubt.
	writeWithin = 2 * time.Minute
)

func (r *Repairer) runDirect(ctx context.Context, u *activeRun, i int) {
	w, ok := r.write(ctx, u, i)
	if !ok {
		return
	}
	u.setPhase(plan.PhaseConfirming)
	state, detail := r.confirm(context.WithoutCancel(ctx), u, i, w)
	u.finishStep(i, state, cmp.Or(detail, w.unheldReason))
}

// writeResult is what is known of a write that may have happened: its answer, or why there is none.
type writeResult struct {
	answer model.Answer
	// lostAnswer is why the answer is not known; empty if it came.
	lostAnswer string
	// conflict is what a service said that wrote nothing because of what is there, or is being done, already.
	conflict string
	// unheldReason is why no version held the write although the target has some; empty if one did.
	unheldReason string
	// refused is what becomes of the step if a write that was refused does not show; its State is empty for any other.
	// No refusal proves that nothing was written: AWS has answered 400 and changed the group
	// (github.com/lichti/aws-iam-scim-problem), and a proxy that sends a DELETE again gets a 404 for its second one.
	refused outcome
}

// write checks a step, keeps what it will change, and sends it. ok is false if that ended the step.
func (r *Repairer) write(ctx context.Context, u *activeRun, i int) (w writeResult, ok bool) {
	step := &u.plan.Steps[i]
	u.beginStep(i, plan.PhaseChecking)
	unheld := ""
	for try := 0; ; try++ {
		saw, end := r.prepareStep(ctx, u, i, try)
		switch {
		case end.State != "" && try > 0: // what turned the write away may have let it through
			w.refused = end
			return w, true
		case end.State != "":
			u.finishStep(i, end.State, end.Detail)
			return w, false
		}
		req, err := resolve(*step.Request, u.created)
		if err != nil {
			u.finishStep(i, model.StepSkipped, err.Error()+nothingWrittenSuffix)
			return w, false
		}
		of, id := recordOf(step, u.created)
		version := saw.Versions[model.RecordRef{Type: of, ID: id}]
		if unheld != "" {
			version.Tag = ""
		}
		if !u.journalIntent(i, try) {
			return w, false
		}
		u.setPhase(plan.PhaseWriting)
		var refusal *model.WriteError
		w, refusal = r.send(ctx, withVersion(req, version.Tag))
		if w.unheldReason = unheld; refusal == nil {
			return w, true
		}
		w.lostAnswer = refusal.Error()
		detail := refusalReason(refusal)
		if refusal.Fate == model.WriteChanged && try < maxTries-1 && r.versionsMeaningless(ctx, of, id, version) {
			unheld = "the target refuses the version of the record that it shows, so that none could hold the write"
			continue
		}
		switch {
		case refusal.Fate == model.WriteNotSent:
			u.finishStep(i, model.StepFailed, detail)
			return w, false
		case refusal.Fate == model.WriteConflict && createsRecord(step):
			state, detail := r.endConflict(ctx, step, detail)
			u.finishStep(i, state, detail)
			return w, false
		case refusal.Fate != model.WriteThrottled || try == maxTries-1 || refusal.Wait > maxThrottleWait:
			w.refused = outcome{model.StepFailed, detail}
			return w, true
		}
		if !r.wait(ctx, u, cmp.Or(refusal.Wait, throttleWait<<try)) {
			w.refused = outcome{
				model.StepCancelled, "cancelled while it waited for a rate limit" + nothingWrittenSuffix,
			}
			return w, true
		}
	}
}

// prepareStep checks a step and keeps what it will change. It gives what it saw, or how the step ends.
func (r *Repairer) prepareStep(
	ctx context.Context, u *activeRun, i, try int,
) (observed *plan.Observation, end outcome) {
	observed, why := r.checkAndBackUp(u.inChecks(ctx), u, i, try)
	switch {
	case ctx.Err() != nil:
		return nil, outcome{model.StepCancelled, "cancelled while it was checked" + nothingWrittenSuffix}
	case why != "":
		return nil, outcome{model.StepSkipped, why + nothingWrittenSuffix}
	}
	return observed, outcome{}
}

// checkAndBackUp is prepareStep without the end of the step: why it may not go on, "" if it may.
func (r *Repairer) checkAndBackUp(
	ctx context.Context, u *activeRun, i, try int,
) (observed *plan.Observation, why string) {
	step := &u.plan.Steps[i]
	u.setPhase(plan.PhaseChecking)
	before, _ := resolveConditions(step.Precondition, u.created)
	why, err := r.protectedByNow(ctx, step)
	if err != nil {
		return nil, "its members could not be re-read: " + err.Error()
	}
	if why != "" {
		return nil, why
	}
	saw, err := r.checkConditions(ctx, before)
	if err != nil {
		return nil, "could not be re-read: " + err.Error()
	}
	if saw.observed.Compared != nil {
		u.update(func(p *plan.RunProgress) { p.Compared = saw.observed.Compared })
	}
	if saw.broken != "" {
		return nil, saw.broken
	}
	u.setPhase(plan.PhaseBackup)
	kept, err := r.backup(ctx, step, saw.observed)
	if err != nil {
		return nil, "what it would change could not be kept: " + err.Error()
	}
	if why = r.deleteExcess(u, step, kept); why != "" {
		return nil, why
	}
	if try > 0 && !reflect.DeepEqual(kept, u.progress.Run.Steps[i].Backup) {
		return nil, "it changed while the write was held up"
	}
	u.progress.Run.Steps[i].Backup = kept
	return saw.observed, ""
}

// journalIntent has the journal keep what a step is about to change, synced before the write, so that no kill can make
// anybody forget it. A step that is sent again after a rate limit has its line already, and its backup is still true.
func (u *activeRun) journalIntent(i, try int) bool {
	if try > 0 {
		return true
	}
	rec := &u.progress.Run.Steps[i]
	err := u.writer.Intent(rec.ID, rec.Backup)
	if err == nil {
		return true
	}
	u.failure = fmt.Errorf("the journal could not keep what step %s was about to change, so it was not written: %w",
		rec.ID, err)
	u.update(func(p *plan.RunProgress) {
		p.Run.Steps[i].State, p.Run.Steps[i].Detail, p.Run.Steps[i].At = model.StepFailed, u.failure.Error(), u.now()
	})
	return false
}

// send writes one request, exactly once. A refusal is of a write that did not happen; one of which that is not known
// has none: reading settles it.
func (r *Repairer) send(ctx context.Context, req model.Request) (w writeResult, refusal *model.WriteError) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeWithin)
	defer cancel()
	write := r.opts.Target.Write
	switch req.Service {
	case model.ServiceSource:
		write = r.opts.Source.Write
	case model.ServiceAWS:
		write = r.opts.Lens.Write
	}
	answer, err := write(ctx, req)
	refusal, known := errors.AsType[*model.WriteError](err)
	switch {
	case err == nil:
		return writeResult{answer: answer}, nil
	case known && refusal.Fate == model.WriteConflict && req.Service == model.ServiceAWS:
		// An account assignment has no id that somebody else's could differ in: if it is as the step wants it, all is
		// well.
		return writeResult{conflict: err.Error()}, nil
	case known && refusal.Fate != model.WriteUnsure:
		return writeResult{}, refusal
	}
	return writeResult{lostAnswer: err.Error()}, nil
}

// refusalReason is why a write did not happen, as far as its answer says.
func refusalReason(refusal *model.WriteError) string {
	switch refusal.Fate {
	case model.WriteConflict:
		return "something like it exists already: " + refusal.Error() + "; reload both sides"
	case model.WriteChanged:
		return "somebody else changed it in the moment before: " + refusal.Error() + "; reload both sides"
	case model.WriteThrottled:
		asks := ""
		if refusal.Wait > 0 {
			asks = ", which asks to wait " + model.Lasting(refusal.Wait)
		}
		return fmt.Sprintf("turned away by a rate limit%s, nothing was written: %v; run what is left later",
			asks, refusal)
	case model.WriteNotSent:
		return "not sent, nothing was written: " + refusal.Error()
	case model.WriteUnsure, model.WriteRefused, model.WriteAbsent:
	}
	return "refused: " + refusal.Error()
}

func (r *Repairer) wait(ctx context.Context, u *activeRun, d time.Duration) bool {
	u.update(func(p *plan.RunProgress) {
		p.WaitingUntil = u.now().Add(d)
		p.Said = "a rate limit turned the write away; it is checked and sent again in " + model.Lasting(d)
	})
	err := r.opts.Sleep(ctx, d)
	u.update(func(p *plan.RunProgress) { p.WaitingUntil, p.Said = time.Time{}, "" })
	return err == nil && ctx.Err() == nil
}
