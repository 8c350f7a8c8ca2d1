package tui

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/paint"
)

func partsOf(side Side) []model.Part {
	if side == Source {
		return model.SourceParts()
	}
	return model.TargetParts()
}

// sideProgress is one line of progress for a side: a bar over all parts whose size is known, and the part that is being
// read.
func (a *app) sideProgress(side Side, width int) string {
	done, expected, read := 0, 0, 0
	now := ""
	parts := partsOf(side)
	for _, part := range parts {
		p := a.fetch.parts[side][part]
		switch p.State {
		case PartRead, PartFailed:
			read++
		case PartReading:
			if now == "" {
				now = a.partNow(p)
			}
		case PartQueued:
		}
		done += p.Done
		expected += max(p.Expected, p.Done)
	}
	if read == len(parts) {
		now = "read"
	}
	// A part of unknown size counts as much as the others together, so that the bar never stands full before the end.
	share := func(n int) int { return n * len(parts) }
	bar := paint.Bar(read*1000+share(done)*1000/max(share(expected), 1)/(len(parts)+1), len(parts)*1000, 10)
	if read == len(parts) {
		bar = paint.Bar(1, 1, 10)
	}
	return bar + " " + paint.Cut(now, width-11)
}

func (a *app) partNow(p PartProgress) string {
	if wait := p.WaitingUntil.Sub(a.now); wait > 0 {
		return fmt.Sprintf("%s: waiting %s for the rate limit", p.Part, span(wait))
	}
	return p.Part.String() + " " + counted(p)
}

func counted(p PartProgress) string {
	if p.Expected > 0 {
		return paint.Number(p.Done) + " of " + paint.Number(max(p.Expected, p.Done))
	}
	return paint.Number(p.Done)
}

// progressTable stands in the place of the grid before there is anything to compare.
func (a *app) progressTable() []string {
	lines := []string{""}
	for side := range sideCount {
		lines = append(lines, "  "+a.theme.Title.On(paint.Cut(paint.Name(a.name(side).Title), a.width-4)))
		for _, part := range partsOf(side) {
			lines = append(lines, a.progressLine(a.fetch.parts[side][part], part))
		}
		lines = append(lines, "")
	}
	return lines
}

func (a *app) progressLine(p PartProgress, part model.Part) string {
	const barWidth = 20
	label := "    " + paint.Fit(part.String(), 12) + " "
	requests := ""
	if p.Requests > 0 {
		requests = ", " + paint.Count(p.Requests, "request")
	}
	switch p.State {
	case PartRead:
		return label + paint.Bar(1, 1, barWidth) + " " + a.theme.Good.On("read") + "  " + paint.Number(p.Done) + requests
	case PartFailed:
		return label + paint.Fit(a.theme.Bad.On("✗ not read"), barWidth) + " " + paint.Name(p.Reason)
	case PartReading:
		text := counted(p) + requests
		if wait := p.WaitingUntil.Sub(a.now); wait > 0 {
			text += fmt.Sprintf(", waiting %s for the rate limit", span(wait))
		}
		return label + paint.Bar(p.Done, p.Expected, barWidth) + " " + text
	case PartQueued:
	}
	return label + a.theme.Faint.On(paint.Bar(0, 1, barWidth)+" not begun")
}
