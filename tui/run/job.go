// Package run shows runs: the job that goes on, step by step, and the words for how steps and runs stand.
package run

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Job is a run that goes on while the operator looks elsewhere; a button of the console that is being watched is one
// too. There is at most one at a time on a connection.
type Job struct {
	Report

	// Connection and Name say where it runs and what it does, raw.
	Connection, Name string

	Plan *model.Plan
	// Ended is told how it ended; nil tells nobody.
	Ended  func(model.Run) tea.Cmd
	Cancel context.CancelFunc
	// Stopped: the operator has asked for its end, so that no step begins any more. Leaving: the program ends with it.
	Stopped, Leaving bool
	// Began is when it was started, firstStepAt when its first step began, phaseSince when the current step came into
	// its current phase, as far as was heard.
	Began, firstStepAt, phaseSince time.Time
	// Over: it has ended, with Run and Failed as its outcome; Seen: somebody has looked at that, or does not want to.
	Over, Seen bool
	Run        model.Run
	Failed     string
}

// Report is what a run has told so far.
type Report struct {
	// Progress is its last word, and Ticks who was through when each of the steps that were watched was looked at last.
	Progress plan.RunProgress
	Ticks    map[int][]plan.Tick
}

// New is a job of which nothing was heard yet.
func New(j Job) *Job {
	j.Progress.Step = -1
	return &j
}

// Active reports whether the job goes on. There may be none.
func (j *Job) Active() bool { return j != nil && !j.Over }

// Stoppable reports whether it goes on and was not stopped yet.
func (j *Job) Stoppable() bool { return j.Active() && !j.Stopped }

// Update takes in what it tells.
func (j *Job) Update(heard Report, now time.Time) {
	p, before := &heard.Progress, &j.Progress
	if p.Step != before.Step || p.Phase != before.Phase || j.phaseSince.IsZero() {
		j.phaseSince = now
	}
	if j.firstStepAt.IsZero() && heard.Progress.Step >= 0 {
		j.firstStepAt = now
	}
	j.Report = heard
}

// End takes in its end.
func (j *Job) End(heard Report, run model.Run, err error) {
	j.Cancel()
	j.Report, j.Over, j.Run = heard, true, run
	if err != nil {
		j.Failed = err.Error()
	}
}

// Stop lets the step that is under way end, and no other begin.
func (j *Job) Stop() {
	j.Stopped = true
	j.Cancel()
}

// Steps are the records of the steps, as far as anything is known of them.
func (j *Job) Steps() []model.StepRecord {
	if j.Over && len(j.Run.Steps) > 0 {
		return j.Run.Steps
	}
	return j.Progress.Run.Steps
}

// currentStep is the one that is under way; nil if none is.
func (j *Job) currentStep() *model.Step {
	if at := j.Progress.Step; at >= 0 && at < len(j.Plan.Steps) {
		return &j.Plan.Steps[at]
	}
	return nil
}

// AwaitedStep is the step that waits for somebody at the console; nil if none does. There may be no job.
func (j *Job) AwaitedStep() *model.Step {
	if !j.Active() || j.currentStep() == nil || j.currentStep().Handoff == nil {
		return nil
	}
	return j.currentStep()
}
