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
			parts = append(parts, counted(n, word, word))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}
