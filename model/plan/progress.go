package plan

import (
	"cmp"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Called is what the subject is called in words: its name where anything gives it.
func (t *Tick) Called() string { return cmp.Or(t.Subject.Called(), t.Finding) }

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
	Run model.Run
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
	Compared *drift.Comparison
}

// Tick is one finding that a handoff or nudge should end.
type Tick struct {
	Finding string
	Subject model.Subject
	Done    bool
	// Seen says what was seen of it last.
	Seen string
}
