package reading

import (
	"cmp"
	"fmt"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// SideProgress is one line of progress for a side: a bar in which every part counts the same, because their sizes are
// not known before they are read, and the part that is being read.
func (s *State) SideProgress(c *screen.Context, side model.Side, width int) string {
	const cells, fine = 10, 1000
	parts := side.Parts()
	done, ended, failed := 0, 0, 0
	now := ""
	for _, part := range parts {
		switch p := s.Fetch.Parts[side][part]; p.State {
		case model.PartFailed:
			failed++
			fallthrough
		case model.PartRead:
			done += fine
			ended++
		case model.PartReading:
			done += min(p.Done, p.Expected) * fine / max(p.Expected, 1)
			if now == "" {
				now = s.partStatus(c, p)
			}
		case model.PartQueued:
		}
	}
	if ended == len(parts) {
		now = "read"
	}
	line, sign := style.Bar(done, len(parts)*fine, cells)+" ", "✗ "
	if c.Plain {
		line, sign = "", ""
	}
	if failed > 0 {
		line += c.Theme.Bad.On(sign+style.Count(failed, "part")+" not read") + " "
	}
	return style.Cut(line+now, width)
}

func (s *State) partStatus(c *screen.Context, p model.Progress) string {
	if why := waitText(c, p); why != "" {
		return p.Part.String() + ": " + why
	}
	return p.Part.String() + " " + countText(p) + s.rateText(c, p, true)
}

func countText(p model.Progress) string {
	if p.Expected > 0 {
		return style.Number(p.Done) + " of " + style.Number(max(p.Expected, p.Done))
	}
	return style.Number(p.Done)
}

// partPace is how a part was read so far: since when, and when it told of more last.
type partPace struct{ began, lastProgress time.Time }

// waitLinger is how long a wait that is over still shows: many short ones for a rate share would else flicker.
const waitLinger = 2 * time.Second

// Update takes in where a part stands.
func (f *Fetch) Update(p model.Progress, now time.Time) {
	before, pace := f.Parts[p.Side][p.Part], f.paces[p.Side][p.Part]
	if p.State == model.PartReading && p.WaitingFor == "" && now.Sub(before.WaitingUntil) < waitLinger {
		p.WaitingUntil, p.WaitingFor = before.WaitingUntil, before.WaitingFor
	}
	if pace.began.IsZero() {
		pace.began = now
	}
	if p.Done != before.Done || pace.lastProgress.IsZero() {
		pace.lastProgress = now
	}
	f.Parts[p.Side][p.Part] = p
	if p.State == model.PartReading {
		f.paces[p.Side][p.Part] = pace
	}
}

// waitText is what a part that is being read waits for, and for how long; empty if it does not.
func waitText(c *screen.Context, p model.Progress) string {
	why, wait := style.Name(p.WaitingFor), p.WaitingUntil.Sub(c.Now)
	switch {
	case p.State != model.PartReading || wait < -waitLinger || why == "" && wait <= 0:
		return ""
	case wait < time.Second && why != "":
		return why
	}
	text := "waits " + style.Span(wait)
	if wait >= 10*time.Second {
		text += " until " + p.WaitingUntil.In(c.Now.Location()).Format(time.TimeOnly)
	}
	if why != "" {
		text += ": " + why
	}
	return text
}

// rateText is how fast a part is read, and how long it will still take where that can be told. brief leaves out what a
// narrow place has no room for.
func (s *State) rateText(c *screen.Context, p model.Progress, brief bool) string {
	pace := s.Fetch.paces[p.Side][p.Part]
	took := pace.lastProgress.Sub(pace.began)
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
		left := time.Duration(float64(rest)/rate*float64(time.Second)) - c.Now.Sub(pace.lastProgress)
		text += ", " + style.Span(max(left, 0)) + " left"
	}
	return text
}

// Table stands in the place of the grid before there is anything to compare.
func (s *State) Table(c *screen.Context, width int) []string {
	lines := []string{""}
	for _, side := range model.Sides() {
		lines = append(lines, "  "+c.Theme.Title.On(style.Cut(style.Name(c.Sides[side].Title), width-4)))
		for _, part := range side.Parts() {
			lines = append(lines, s.progressLine(c, s.Fetch.Parts[side][part], part))
		}
		lines = append(lines, "")
	}
	return lines
}

func (s *State) progressLine(c *screen.Context, p model.Progress, part model.Part) string {
	const barWidth = 20
	label := "    " + style.Fit(part.String(), 12) + " "
	requests := ""
	if p.Requests > 0 {
		requests = ", " + style.Count(p.Requests, "request")
	}
	switch p.State {
	case model.PartRead:
		return label + style.Bar(1, 1, barWidth) + " " + c.Theme.Good.On("read") + "  " +
			style.Number(p.Done) + requests
	case model.PartFailed:
		return label + style.Fit(c.Theme.Bad.On("✗ not read"), barWidth) + " " + style.Name(p.Reason)
	case model.PartReading:
		text := countText(p) + s.rateText(c, p, false) + requests
		if why := waitText(c, p); why != "" {
			text = countText(p) + ", " + why
		}
		return label + style.Bar(p.Done, p.Expected, barWidth) + " " + text
	case model.PartQueued:
	}
	behind := " not begun"
	if p.WaitingFor != "" {
		behind = " waits for " + style.Name(p.WaitingFor)
	}
	return label + c.Theme.Faint.On(style.Bar(0, 1, barWidth)+behind)
}

// Summary stands in the place of the grid until what an earlier program knew is there.
func Summary(c *screen.Context, s *drift.Summary, width, height int) []string {
	found := cmp.Or(model.BySeverity(func(of model.Severity) int { return s.Findings[of.String()] }), "no findings")
	rest := fmt.Sprintf(". Users: %s and %s.", style.Number(s.Users[0]), style.Number(s.Users[1]))
	if !s.Complete { // a number of what was not read would be taken for that of all
		rest = " in what was read, which was not all."
	}
	said := fmt.Sprintf("As of %s, %s: %s%s", c.Clock(s.At), c.Ago(s.At), found, rest)
	lines := []string{"", "  " + c.Theme.Title.On(style.Cut(said, width-4)), ""}
	for _, one := range s.First[:min(len(s.First), max(height-len(lines), 0))] {
		text := style.Fit(one.Severity, 10) + style.Fit(style.Name(one.Name), 40) + " " +
			explain.KindAndCause(one.Kind, one.Cause)
		lines = append(lines, "  "+style.Cut(text, width-4))
	}
	return lines
}
