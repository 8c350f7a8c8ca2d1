package tui

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// stepStates are the states of steps in the order in which a sum names them.
func stepStates() []model.StepState {
	return []model.StepState{
		model.StepConfirmed, model.StepRunning, model.StepQueued, model.StepUnconfirmed,
		model.StepFailed, model.StepSkipped,
		model.StepCancelled, model.StepInDoubt,
	}
}

// stateWord is a state as it stands in a sentence.
func stateWord(s model.StepState) string {
	if s == model.StepInDoubt {
		return "in doubt"
	}
	return string(s)
}

// stepMark is sign and word of a step's state.
func (a *app) stepMark(s model.StepState) (text string, look style.Style) {
	switch s {
	case model.StepConfirmed:
		return "✓ confirmed", a.theme.Good
	case model.StepRunning:
		return "▸ running", a.theme.Title
	case model.StepUnconfirmed:
		return "? unconfirmed", a.theme.Medium
	case model.StepFailed:
		return "✗ failed", a.theme.Bad
	case model.StepSkipped:
		return "– skipped", a.theme.Medium
	case model.StepCancelled:
		return "– cancelled", a.theme.Low
	case model.StepInDoubt:
		return "? in doubt", a.theme.Bad
	case model.StepQueued:
	}
	return "· queued", a.theme.Faint
}

// runMark is sign and word of a run's state. A run that has ended with a step in doubt is unsettled first of all.
func (a *app) runMark(r *model.Run) (text string, look style.Style) {
	switch {
	case r.State == model.RunRunning:
		return "▸ running", a.theme.Title
	case r.State == model.RunInterrupted:
		return "? interrupted", a.theme.Bad
	case !r.Settled():
		return "? in doubt", a.theme.Bad
	case r.State == model.RunDone:
		return "✓ done", a.theme.Good
	case r.State == model.RunCancelled:
		return "– cancelled", a.theme.Low
	}
	return "≠ incomplete", a.theme.Medium
}
