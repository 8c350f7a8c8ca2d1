package model

import "strings"

// StepOf is the plan's step of the record at an index; an empty one where the plan is lost or has no such step.
func (r *Run) StepOf(record int) Step {
	if r.Plan == nil {
		return Step{}
	}
	id := r.Steps[record].ID
	if record < len(r.Plan.Steps) && r.Plan.Steps[record].ID == id {
		return r.Plan.Steps[record]
	}
	for i := range r.Plan.Steps {
		if r.Plan.Steps[i].ID == id {
			return r.Plan.Steps[i]
		}
	}
	return Step{}
}

// Ending is how a run ends by what became of its steps, if nobody cancelled it: done only where all are confirmed, and where an undo
// left nothing of its run as it is.
func (r *Run) Ending() RunState {
	for i := range r.Steps {
		if r.Steps[i].State != StepConfirmed {
			return RunIncomplete
		}
	}
	if len(r.NotTakenBack()) > 0 {
		return RunIncomplete
	}
	return RunDone
}

// NotTakenBack says what an undo left of its run, each reason once; nil for any other run.
func (r *Run) NotTakenBack() []string {
	if r.Plan == nil || r.Plan.Undoes == "" {
		return nil
	}
	return LeftOutByReason(r.Plan.LeftOut)
}

// Outcome counts the steps by state, the best first: "2 confirmed, 1 skipped".
func (r *Run) Outcome() string {
	count := map[StepState]int{}
	for i := range r.Steps {
		count[r.Steps[i].State]++
	}
	var parts []string
	for _, s := range []StepState{
		StepConfirmed, StepUnconfirmed, StepFailed, StepSkipped, StepCancelled, StepInDoubt, StepRunning, StepQueued,
	} {
		if n := count[s]; n > 0 {
			word := strings.ReplaceAll(string(s), "-", " ")
			parts = append(parts, Counted(n, word, word))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}
