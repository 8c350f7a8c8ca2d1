package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/style"
)

// progress shows one line on a terminal while a load runs; elsewhere it shows nothing.
type progress struct {
	w io.Writer

	mu    sync.Mutex
	parts map[string]string
	order []string
	drawn bool
	last  time.Time
}

func (p *program) newProgress() *progress {
	if p.flags.quiet || !screen(p.stderr) {
		return &progress{w: nil}
	}
	return &progress{w: p.stderr, parts: map[string]string{}}
}

// watch gives the loader somebody to report to.
func (p *progress) watch() drift.Watch {
	if p.w == nil {
		return drift.Watch{}
	}
	return drift.Watch{Part: p.part}
}

func (p *progress) part(e model.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := e.Side.String() + " " + e.Part.String()
	if _, known := p.parts[key]; !known {
		p.order = append(p.order, key)
	}
	switch {
	case e.State == model.PartFailed:
		p.parts[key] = "failed"
	case e.State == model.PartRead:
		p.parts[key] = "read"
	case e.State == model.PartQueued:
		p.parts[key] = "waits for " + e.WaitingFor
	case !e.WaitingUntil.IsZero():
		p.parts[key] = "waits to ask again until " + e.WaitingUntil.Local().Format(time.TimeOnly)
	case e.Expected > 0:
		p.parts[key] = fmt.Sprintf("%d of %d", e.Done, e.Expected)
	default:
		p.parts[key] = strconv.Itoa(e.Done)
	}
	const often = 100 * time.Millisecond
	if now := time.Now(); now.Sub(p.last) >= often {
		p.last = now
		p.draw()
	}
}

// draw writes the parts that are still being read over the line before.
func (p *progress) draw() {
	var reading []string
	for _, key := range p.order {
		if state := p.parts[key]; state != "read" {
			reading = append(reading, key+": "+state)
		}
	}
	line := strings.Join(reading, ", ")
	const width = 78
	if len(line) > width {
		line = line[:width]
	}
	_, _ = fmt.Fprint(p.w, style.EraseLine+line)
	p.drawn = true
}

// clear takes the line away before results are printed.
func (p *progress) clear() {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
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
	reading plan.Phase
	states  map[string]model.StepState
	said    string
	// waiting and deadline are those that were told last.
	waiting, deadline time.Time
	done              map[string]bool
}

// watch is told where the run stands.
func (n *narrator) watch(r plan.RunProgress) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.states == nil {
		n.states, n.done = map[string]model.StepState{}, map[string]bool{}
	}
	switch {
	case !r.Phase.First():
		n.progress.clear()
	case r.Phase != n.reading:
		n.reading = r.Phase
		n.tellf("%s", r.Phase)
	}
	for i, record := range r.Run.Steps {
		if i >= len(n.plan.Steps) || n.states[record.ID] == record.State || record.State == model.StepQueued {
			continue
		}
		n.states[record.ID] = record.State
		step := &n.plan.Steps[i]
		n.tellf("%s", stepLine(step, record))
		if record.State == model.StepRunning && step.Handoff != nil {
			n.handoff(step.Handoff)
		}
	}
	if !r.WaitingUntil.IsZero() && !r.WaitingUntil.Equal(n.waiting) {
		n.waiting = r.WaitingUntil
		n.tellf("   waits for the rate limit until %s", r.WaitingUntil.Local().Format(time.TimeOnly))
	}
	if !r.Deadline.IsZero() && !r.Deadline.Equal(n.deadline) {
		n.deadline = r.Deadline
		n.tellf("   watched until %s", r.Deadline.Local().Format(time.TimeOnly))
	}
	if r.Said != "" && r.Said != n.said {
		n.said = r.Said
		n.tellf("   %s", model.Visible(r.Said))
	}
	for _, tick := range r.Ticks {
		if tick.Done && !n.done[tick.Finding] {
			n.done[tick.Finding] = true
			n.tellf("   done: %s", model.Visible(tick.Called()))
		}
	}
}

// stepLine is one step in one line.
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

func (n *narrator) handoff(h *model.Handoff) {
	_, _ = fmt.Fprintf(n.stderr, "   press in OneLogin: %s\n", model.Visible(h.Menu))
	if h.URL != "" {
		_, _ = fmt.Fprintf(n.stderr, "   %s\n", model.Visible(h.URL))
	}
}

func (n *narrator) tellf(format string, args ...any) {
	if !n.flags.quiet {
		_, _ = fmt.Fprintf(n.stderr, format+"\n", args...)
	}
}
