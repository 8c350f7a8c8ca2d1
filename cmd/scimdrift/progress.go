package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/reading"
	board "github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// progress shows one line on a terminal while both sides are read, of the side that told of itself last, as the board
// does; elsewhere it shows nothing.
type progress struct {
	w     io.Writer
	sides [2]model.SideName
	plain bool

	mu      sync.Mutex
	state   reading.State
	drawnAt time.Time
}

func (p *program) newProgress(s *session) *progress {
	if p.flags.quiet || !isDrawable(p.stderr) {
		return &progress{}
	}
	return &progress{
		w: p.stderr, sides: s.asOpened().Sides, plain: p.flags.plain || p.configuredPlain.Load(),
		state: reading.State{Fetch: reading.Begin(reading.Fetch{})},
	}
}

func (p *progress) watch() drift.Watch {
	if p.w == nil {
		return drift.Watch{}
	}
	return drift.Watch{Part: p.update}
}

func (p *progress) update(e model.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.state.Fetch.Update(e, now)
	const often, width = 100 * time.Millisecond, 79
	if now.Sub(p.drawnAt) < often {
		return
	}
	p.drawnAt = now
	name := p.sides[e.Side].Short + " "
	read := p.state.SideProgress(&board.Context{Now: now, Plain: p.plain}, e.Side, width-style.Width(name))
	_, _ = fmt.Fprint(p.w, style.EraseLine+name+read)
}

// clear takes the line away before results are printed.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.drawnAt.IsZero() {
		_, _ = fmt.Fprint(p.w, style.EraseLine)
	}
}

// narrator tells a run line by line: each state that a step reaches, each wait, and what a person has to press. The
// last is said even to those who want quiet, because nothing goes on without it.
type narrator struct {
	*program

	plan *model.Plan
	// progress is the line that tells of the reading before the first step.
	progress *progress

	mu      sync.Mutex
	printed map[string]bool
}

func (n *narrator) watch(r plan.RunProgress) {
	n.mu.Lock()
	defer n.mu.Unlock()
	say := func(line string) { n.printOnce(line, line) }
	if r.Phase.First() {
		say(string(r.Phase))
	} else {
		n.progress.clear()
	}
	for i, record := range r.Run.Steps {
		if i >= len(n.plan.Steps) || record.State == model.StepQueued {
			continue
		}
		step := &n.plan.Steps[i]
		fresh := n.printOnce("step "+record.ID+" "+string(record.State), stepLine(step, record))
		if fresh && record.State == model.StepRunning && step.Handoff != nil {
			n.printHandoff(step.Handoff)
		}
	}
	if !r.WaitingUntil.IsZero() {
		say("   waits for the rate limit until " + r.WaitingUntil.Local().Format(time.TimeOnly))
	}
	if !r.Deadline.IsZero() {
		say("   watched until " + r.Deadline.Local().Format(time.TimeOnly))
	}
	if r.Said != "" {
		say("   " + model.Visible(r.Said))
	}
	for _, tick := range r.Ticks {
		if tick.Done {
			n.printOnce("done "+tick.Finding, "   done: "+model.Visible(tick.Called()))
		}
	}
}

// printOnce writes a line unless one was told under that key, and reports whether it did.
func (n *narrator) printOnce(key, line string) bool {
	if n.printed[key] {
		return false
	}
	n.printed[key] = true
	if !n.flags.quiet {
		_, _ = fmt.Fprintln(n.stderr, line)
	}
	return true
}

func stepLine(step *model.Step, record model.StepRecord) string {
	parts := []string{model.Visible(record.ID), string(step.Repair)} // a plan file can hold any id
	if step.Subject.Name != "" {
		parts = append(parts, model.Visible(step.Subject.Called()))
	}
	line := strings.Join(parts, " ") + ": " + string(record.State)
	if record.Detail != "" {
		line += ": " + model.Visible(record.Detail)
	}
	return line
}

func (n *narrator) printHandoff(h *model.Handoff) {
	_, _ = fmt.Fprintf(n.stderr, "   press in OneLogin: %s\n", model.Visible(h.Menu))
	if h.URL != "" {
		_, _ = fmt.Fprintf(n.stderr, "   %s\n", model.Visible(h.URL))
	}
}
