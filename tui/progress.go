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

// sideProgress is one line of progress for a side: a bar in which every part counts the same, because their sizes are
// not known before they are read, and the part that is being read.
func (a *app) sideProgress(side Side, width int) string {
	const cells, fine = 10, 1000
	parts := partsOf(side)
	done, ended, failed := 0, 0, 0
	now := ""
	for _, part := range parts {
		switch p := a.fetch.parts[side][part]; p.State {
		case PartFailed:
			failed++
			fallthrough
		case PartRead:
			done += fine
			ended++
		case PartReading:
			done += min(p.Done, p.Expected) * fine / max(p.Expected, 1)
			if now == "" {
				now = a.partNow(p)
			}
		case PartQueued:
		}
	}
	if ended == len(parts) {
		now = "read"
	}
	line := paint.Bar(done, len(parts)*fine, cells) + " "
	if failed > 0 {
		line += a.theme.Bad.On("✗ "+paint.Count(failed, "part")+" not read") + " "
	}
	return paint.Cut(line+now, width)
}

func (a *app) partNow(p PartProgress) string {
	if wait := p.WaitingUntil.Sub(a.now); wait > 0 {
		return fmt.Sprintf("%s: waiting %s to ask again", p.Part, span(wait))
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
	return append(lines, a.outlookLines()...)
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
			text += fmt.Sprintf(", waiting %s to ask again", span(wait))
		}
		return label + paint.Bar(p.Done, p.Expected, barWidth) + " " + text
	case PartQueued:
	}
	return label + a.theme.Faint.On(paint.Bar(0, 1, barWidth)+" not begun")
}
