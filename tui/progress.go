package tui

import (
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// sideProgress is one line of progress for a side: a bar in which every part counts the same, because their sizes are
// not known before they are read, and the part that is being read.
func (a *app) sideProgress(side model.Side, width int) string {
	const cells, fine = 10, 1000
	parts := side.Parts()
	done, ended, failed := 0, 0, 0
	now := ""
	for _, part := range parts {
		switch p := a.fetch.parts[side][part]; p.State {
		case model.PartFailed:
			failed++
			fallthrough
		case model.PartRead:
			done += fine
			ended++
		case model.PartReading:
			done += min(p.Done, p.Expected) * fine / max(p.Expected, 1)
			if now == "" {
				now = a.partNow(p)
			}
		case model.PartQueued:
		}
	}
	if ended == len(parts) {
		now = "read"
	}
	line := style.Bar(done, len(parts)*fine, cells) + " "
	if failed > 0 {
		line += a.theme.Bad.On("✗ "+style.Count(failed, "part")+" not read") + " "
	}
	return style.Cut(line+now, width)
}

func (a *app) partNow(p model.Progress) string {
	if why := a.waitOf(p); why != "" {
		return p.Part.String() + ": " + why
	}
	return p.Part.String() + " " + counted(p) + a.paceOf(p, true)
}

func counted(p model.Progress) string {
	if p.Expected > 0 {
		return style.Number(p.Done) + " of " + style.Number(max(p.Expected, p.Done))
	}
	return style.Number(p.Done)
}

// pace is how a part was read so far: since when, and when it told of more last.
type pace struct{ began, heard time.Time }

// lately is how long a wait that is over still shows: many short ones for a rate share would else flicker.
const lately = 2 * time.Second

// hear takes in where a part stands.
func (f *fetch) hear(p model.Progress, now time.Time) {
	before, pace := f.parts[p.Side][p.Part], f.paces[p.Side][p.Part]
	if p.State == model.PartReading && p.WaitingFor == "" && now.Sub(before.WaitingUntil) < lately {
		p.WaitingUntil, p.WaitingFor = before.WaitingUntil, before.WaitingFor
	}
	if pace.began.IsZero() {
		pace.began = now
	}
	if p.Done != before.Done || pace.heard.IsZero() {
		pace.heard = now
	}
	f.parts[p.Side][p.Part] = p
	if p.State == model.PartReading {
		f.paces[p.Side][p.Part] = pace
	}
}

// waitOf is what a part that is being read waits for, and for how long; empty if it does not.
func (a *app) waitOf(p model.Progress) string {
	why, wait := style.Name(p.WaitingFor), p.WaitingUntil.Sub(a.now)
	switch {
	case p.State != model.PartReading || wait < -lately || why == "" && wait <= 0:
		return ""
	case wait < time.Second && why != "":
		return why
	}
	text := "waits " + style.Span(wait)
	if wait >= 10*time.Second {
		text += " until " + p.WaitingUntil.In(a.now.Location()).Format(time.TimeOnly)
	}
	if why != "" {
		text += ": " + why
	}
	return text
}

// paceOf is how fast a part is read, and how long it will still take where that can be told. brief leaves out what a
// screen.Narrow place has no room for.
func (a *app) paceOf(p model.Progress, brief bool) string {
	pace := a.fetch.paces[p.Side][p.Part]
	took := pace.heard.Sub(pace.began)
	if took < time.Second || p.Done == 0 {
		return ""
	}
	rate, text := float64(p.Done)/took.Seconds(), ""
	switch {
	case brief:
	case rate >= 1:
		text = ", " + style.Number(int(rate)) + "/s"
	default:
		text = ", " + style.Number(int(rate*60)) + "/min"
	}
	if rest := p.Expected - p.Done; rest > 0 {
		left := time.Duration(float64(rest)/rate*float64(time.Second)) - a.now.Sub(pace.heard)
		text += ", " + style.Span(max(left, 0)) + " left"
	}
	return text
}

// progressTable stands in the place of the grid before there is anything to compare.
func (a *app) progressTable() []string {
	lines := []string{""}
	for _, side := range model.Sides() {
		lines = append(lines, "  "+a.theme.Title.On(style.Cut(style.Name(a.name(side).Title), a.width-4)))
		for _, part := range side.Parts() {
			lines = append(lines, a.progressLine(a.fetch.parts[side][part], part))
		}
		lines = append(lines, "")
	}
	return append(lines, a.outlookLines()...)
}

func (a *app) progressLine(p model.Progress, part model.Part) string {
	const barWidth = 20
	label := "    " + style.Fit(part.String(), 12) + " "
	requests := ""
	if p.Requests > 0 {
		requests = ", " + style.Count(p.Requests, "request")
	}
	switch p.State {
	case model.PartRead:
		return label + style.Bar(1, 1, barWidth) + " " + a.theme.Good.On("read") + "  " +
			style.Number(p.Done) + requests
	case model.PartFailed:
		return label + style.Fit(a.theme.Bad.On("✗ not read"), barWidth) + " " + style.Name(p.Reason)
	case model.PartReading:
		text := counted(p) + a.paceOf(p, false) + requests
		if why := a.waitOf(p); why != "" {
			text = counted(p) + ", " + why
		}
		return label + style.Bar(p.Done, p.Expected, barWidth) + " " + text
	case model.PartQueued:
	}
	behind := " not begun"
	if p.WaitingFor != "" {
		behind = " waits for " + style.Name(p.WaitingFor)
	}
	return label + a.theme.Faint.On(style.Bar(0, 1, barWidth)+behind)
}
