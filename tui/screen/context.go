// Package screen is what the screens of the board have in common: what they may know of the program that shows them,
// how they are moved and drawn, and the parts that several of them are made of. A screen changes nothing but itself;
// what it wants of the program the program asks it for.
package screen

import (
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Context is what a screen may know of the program that shows it.
type Context struct {
	model.Face

	Theme style.Theme
	// Now is the time as of the last message that brought one, in the operator's zone.
	Now time.Time
	// Still says what is shown in place of a connection; empty for a connection.
	Still string
	// Key is the key of an action, as people write it, by the action's name.
	Key func(action string) string
	// RepairKey is the key that begins a repair, NextKey that of what is to be done next about a finding, of which that
	// is the best repair; empty where none does.
	RepairKey func(model.RepairName) string
	NextKey   func(*model.Finding, model.Option) string
	// NoColor: what stands out must do so without colour.
	NoColor bool
	// Plain: nothing moves by itself, so that a moment stands in place of an age.
	Plain bool
}

// Name is what the connection is called on the screen.
func (c *Context) Name() string { return style.Cut(style.Name(c.Connection), 30) }

// Source and Target are the short names of the sides, harmless.
func (c *Context) Source() string { return style.Name(c.Sides[model.SourceSide].Short) }

// Target is the other one.
func (c *Context) Target() string { return style.Name(c.Sides[model.TargetSide].Short) }

// format is a moment in the operator's time zone.
func (c *Context) format(t time.Time, layout string) string {
	return t.In(c.Now.Location()).Format(layout)
}

// Date is a moment to the minute with its zone, without the year where that is this one.
func (c *Context) Date(t time.Time) string { return c.formatShort(t, "2 Jan 15:04 MST") }

// Moment is short for this year's, to the second: what came first matters.
func (c *Context) Moment(t time.Time) string { return c.formatShort(t, "_2 Jan "+time.TimeOnly) }

func (c *Context) formatShort(t time.Time, layout string) string {
	if t.In(c.Now.Location()).Year() != c.Now.Year() {
		layout = "2 Jan 2006"
	}
	return c.format(t, layout)
}

// Exact is a moment with its year and zone, to the second.
func (c *Context) Exact(t time.Time) string { return c.format(t, "2 Jan 2006 "+time.TimeOnly+" MST") }

// Time is the time of day, for lists whose detail says the zone.
func (c *Context) Time(t time.Time) string { return c.format(t, time.TimeOnly) }

// Minute is the time of day to the minute, with its zone.
func (c *Context) Minute(t time.Time) string { return c.format(t, "15:04 MST") }

// Clock is the time of day with its zone, with the day where that is not today.
func (c *Context) Clock(t time.Time) string {
	layout := time.TimeOnly
	if c.format(t, time.DateOnly) != c.Now.Format(time.DateOnly) {
		layout = time.DateTime
	}
	return c.format(t, layout+" MST")
}

// Step is by how much an age changes on the screen.
const Step = 15 * time.Second

// Ago says how long ago something was.
func (c *Context) Ago(at time.Time) string {
	if at.IsZero() {
		return "at an unknown time"
	}
	age := c.Now.Sub(at).Truncate(Step)
	switch {
	case c.Plain:
		return "at " + c.Clock(at)
	case age < Step:
		return "just now"
	}
	return style.Span(age) + " ago"
}

// Evidence is one fact on one line, raw.
func (c *Context) Evidence(e model.Evidence) string {
	text := e.What
	if !e.At.IsZero() {
		text = c.Date(e.At) + " " + text
	}
	if e.By != "" {
		text += " by " + e.By
	}
	if e.Text != "" {
		text += ": " + e.Text
	}
	return text
}

// EvidenceLine is one piece of evidence with the word for it. Where it was read goes without saying for what is in the
// log and the lists.
func (c *Context) EvidenceLine(e model.Evidence) string {
	if e.Against {
		return "Against: " + style.Name(c.Evidence(e)) + " (" + style.Name(e.From()) + ")"
	}
	return "Seen: " + style.Name(c.Evidence(e))
}
