package model

import (
	"encoding/json"
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
	// Backup is the raw JSON of what the step was about to change, as the target held it.
	Backup []Backup
	// Beyond is what was seen to be taken and granted by the write beside what its step says.
	Beyond Counts
}

// Backup is one record as it was just before a write.
type Backup struct {
	// Type is "user" or "group"; Raw the record as the target answered it.
	Type SubjectType     `json:"type"`
	ID   string          `json:"id"`
	Name string          `json:"name"`
	Raw  json.RawMessage `json:"raw,omitempty"`
	// Members are a group's members, Groups the groups that a user was in.
	Members []Member   `json:"members,omitempty"`
	Groups  []GroupRef `json:"groups,omitempty"`
	// Assignments are the account assignments of the record, as far as a lens could tell; AssignmentsUnknown is why there may be
	// more, and empty without a lens.
	Assignments        []Assignment `json:"assignments,omitempty"`
	AssignmentsUnknown string       `json:"assignments_unknown,omitempty"`
	// Incomplete is why members or groups may be more; empty if they are all.
	Incomplete string `json:"incomplete,omitempty"`
}

// Settled reports whether nothing of the run is in doubt.
func (r *Run) Settled() bool {
	if r.State == RunInterrupted {
		return false
	}
	for _, s := range r.Steps {
		if s.State == StepInDoubt {
			return false
		}
	}
	return true
}

// Phase is what a run does just now with its current step.
type Phase string

// The phases.
const (
	PhaseReading     Phase = "reading again what the plan rests on"
	PhaseReadingFull Phase = "reading both sides in full"
	PhaseChecking    Phase = "checking that nothing has changed"
	PhaseBackup      Phase = "keeping what is there"
	PhaseWriting     Phase = "writing"
	PhaseConfirming  Phase = "reading back"
	PhaseWatching    Phase = "watching"
)

// First reports whether the phase comes before the first step.
func (p Phase) First() bool { return p == PhaseReading || p == PhaseReadingFull }

// RunProgress is what a running plan tells a screen. It is a copy: the receiver may keep it.
type RunProgress struct {
	Run Run
	// Step is the index of the current step, -1 between steps.
	Step  int
	Phase Phase
	// WaitingUntil is when a wait for a rate limit ends; zero if nothing waits. Deadline is when watching ends.
	WaitingUntil, Deadline time.Time
	// Ticks are, for a handoff or nudge, the findings that it should end.
	Ticks []Tick
	// Said is the last thing that was seen, such as an event of OneLogin's log.
	Said string
	// Compared is the comparison with what the last confirmed step changed patched in; nil if nothing changed.
	Compared *Comparison
}

// Tick is one finding that a handoff or nudge should end.
type Tick struct {
	Finding string
	Subject Subject
	// Nameless: neither a record nor the step says what the subject is called, and the name in Subject is the folded one of the id,
	// which nobody has ever read on a screen.
	Nameless bool
	Done     bool
	// Seen says what was seen of it last.
	Seen string
}
