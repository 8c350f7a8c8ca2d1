package model

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"time"
)

// StepState is where a step of a run stands.
type StepState string

// The states of steps.
const (
	StepQueued      StepState = "queued"
	StepRunning     StepState = "running"
	StepConfirmed   StepState = "confirmed"
	StepUnconfirmed StepState = "unconfirmed"
	StepFailed      StepState = "failed"
	StepSkipped     StepState = "skipped"
	StepCancelled   StepState = "cancelled"
	StepInDoubt     StepState = "in-doubt"
)

// RunState is where a run stands.
type RunState string

// The states of runs.
const (
	RunRunning     RunState = "running"
	RunDone        RunState = "done"
	RunIncomplete  RunState = "incomplete"
	RunCancelled   RunState = "cancelled"
	RunInterrupted RunState = "interrupted"
)

// Run is one execution of a plan, as its journal tells it.
type Run struct {
	ID string
	// Plan is what was run; its Connection and Fingerprint are those of the run.
	Plan      *Plan
	StartedAt time.Time
	// EndedAt is zero while it runs and after it was killed.
	EndedAt            time.Time
	State              RunState
	Who, Host, Version string
	Reason             string
	Allow              []GuardRule
	// Steps has an entry for each step of the plan, in its order.
	Steps []StepRecord
	// UndoneBy are the ids of runs that took it back.
	UndoneBy []string
	// Damage are sentences on what of the journal could not be read.
	Damage []string
	// Headless: what it was to do cannot be read, so that its steps are no more than those that later lines name.
	Headless bool
}

// StepRecord is what became of one step.
type StepRecord struct {
	ID    string
	State StepState
	// At is when the state was reached; zero for a queued step.
	At time.Time
	// Detail says why, for states that need it.
	Detail string
	// CreatedID is the id that the target gave to what the step created.
	CreatedID string
	// Found: what the step was to make was there already, or no answer told its id and it was found by its name. It may
	// be somebody else's.
	Found bool
	// Settled: what became of it was read when its request could not be on its way any more.
	Settled bool
	// Backup is the raw JSON of what the step was about to change, as the target held it.
	Backup []Backup
	// Beyond is what was seen to be taken and granted by the write beside what its step says.
	Beyond Beyond
}

// Beyond is what a write did beside what its step says. Left are those of the counted who left the group by it.
type Beyond struct {
	Counts

	Left []Member `json:"left,omitempty"`
}

// Backup is one record as it was just before a write.
type Backup struct {
	// Type is "user" or "group"; Raw the record as the target answered it.
	Type SubjectType     `json:"type"`
	ID   string          `json:"id"`
	Name string          `json:"name"`
	Raw  json.RawMessage `json:"raw,omitempty"`
	// Members are a group's members, NoUsers those of them that are groups or nobody any more, Groups the groups that a
	// user was in.
	Members []Member   `json:"members,omitempty"`
	NoUsers []string   `json:"no_users,omitempty"`
	Groups  []GroupRef `json:"groups,omitempty"`
	// Assignments are the record's account assignments, as the lens saw them; AssignmentsUnknown why there may be more.
	Assignments        []Assignment `json:"assignments,omitempty"`
	AssignmentsUnknown string       `json:"assignments_unknown,omitempty"`
	// Incomplete is why members or groups may be more; empty if they are all.
	Incomplete string `json:"incomplete,omitempty"`
}

// Settled reports whether nothing of the run is in doubt.
func (r *Run) Settled() bool {
	return r.State != RunInterrupted &&
		!slices.ContainsFunc(r.Steps, func(s StepRecord) bool { return s.State == StepInDoubt })
}

// InDoubt reports whether it has ended with something in doubt.
func (r *Run) InDoubt() bool { return r.State != RunRunning && !r.Settled() }

// StepOf is the plan's step of the record at an index; an empty one where the plan is lost or has no such step.
func (r *Run) StepOf(record int) Step {
	if r.Plan == nil {
		return Step{}
	}
	if i := slices.IndexFunc(r.Plan.Steps, func(s Step) bool { return s.ID == r.Steps[record].ID }); i >= 0 {
		return r.Plan.Steps[i]
	}
	return Step{}
}

// Confirmed are the steps that were confirmed, each with what became of it.
func (r *Run) Confirmed() iter.Seq2[*Step, *StepRecord] {
	return func(yield func(*Step, *StepRecord) bool) {
		for i := range r.Steps {
			if r.Plan != nil && i < len(r.Plan.Steps) && r.Steps[i].State == StepConfirmed &&
				!yield(&r.Plan.Steps[i], &r.Steps[i]) {
				return
			}
		}
	}
}

// Ending is how a run ends by what became of its steps, if nobody cancelled it: done only where all are known and
// confirmed, and where an undo left nothing of its run as it is.
func (r *Run) Ending() RunState {
	unconfirmed := func(s StepRecord) bool { return s.State != StepConfirmed }
	if r.Headless || slices.ContainsFunc(r.Steps, unconfirmed) || len(r.NotTakenBack()) > 0 {
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
	var parts []string
	for _, state := range []StepState{
		StepConfirmed, StepUnconfirmed, StepFailed, StepSkipped, StepCancelled, StepInDoubt, StepRunning, StepQueued,
	} {
		if n := CountIf(r.Steps, func(s StepRecord) bool { return s.State == state }); n > 0 {
			word := strings.ReplaceAll(r.StateWord(state), "-", " ")
			parts = append(parts, Counted(n, word, word))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// StateWord is the state of one of its steps in words: what a run that has ended had queued, nobody does any more.
func (r *Run) StateWord(s StepState) string {
	if s == StepQueued && r.State != RunRunning {
		return "not begun"
	}
	return string(s)
}
