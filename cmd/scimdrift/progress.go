package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/sync/load"
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
func (p *progress) watch() load.Watch {
	if p.w == nil {
		return load.Watch{}
	}
	return load.Watch{Part: p.part}
}

func (p *progress) part(e load.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := e.Side.String() + " " + e.Part.String()
	if _, known := p.parts[key]; !known {
		p.order = append(p.order, key)
	}
	switch {
	case e.State == load.Failed:
		p.parts[key] = "failed"
	case e.State == load.Read:
		p.parts[key] = "read"
	case e.State == load.Queued:
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
	_, _ = fmt.Fprintf(p.w, "\r\x1b[K%s", line)
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
		_, _ = fmt.Fprint(p.w, "\r\x1b[K")
	}
}
