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

	mu   sync.Mutex
	told map[string]bool
}

func (n *narrator) watch(r plan.RunProgress) {
	n.mu.Lock()
	defer n.mu.Unlock()
	say := func(line string) { n.tell(line, line) }
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
		fresh := n.tell("step "+record.ID+" "+string(record.State), stepLine(step, record))
		if fresh && record.State == model.StepRunning && step.Handoff != nil {
			n.handoff(step.Handoff)
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
			n.tell("done "+tick.Finding, "   done: "+model.Visible(tick.Called()))
		}
	}
}

// tell writes a line unless one was told under that key, and reports whether it did.
func (n *narrator) tell(key, line string) bool {
	if n.told[key] {
		return false
	}
	n.told[key] = true
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

func (n *narrator) handoff(h *model.Handoff) {
	_, _ = fmt.Fprintf(n.stderr, "   press in OneLogin: %s\n", model.Visible(h.Menu))
	if h.URL != "" {
		_, _ = fmt.Fprintf(n.stderr, "   %s\n", model.Visible(h.URL))
	}
}
