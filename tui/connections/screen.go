// Package connections is the list of all connections.
package connections

import (
	"context"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Screen lists all connections: how each looks, what state it is in, and how it stood when it was last read.
type Screen struct {
	screen.List

	known *Known
	// open is how a connection stands that was opened; nil of any other. theme are the colours.
	open  func(name string) *Open
	theme style.Choice
	// selected is the connection at the cursor, so that a new list moves nothing.
	selected string
	// opening is the connection that is being opened; cancel is nil if none is.
	opening string
	cancel  context.CancelFunc
}

// New lists what is known, with the cursor on the connection of that name.
func New(known *Known, theme style.Choice, open func(name string) *Open, at string) *Screen {
	s := &Screen{known: known, open: open, theme: theme, selected: at}
	s.Arrange()
	return s
}

// Keys are those of the choice.
func (*Screen) Keys() keymap.Table { return keys }

const keys keymap.Table = `screen/connections | Connections | on the list of connections, which {connections} shows
go-to-connection | enter | 1 go there | to the connection at the cursor |`

// Title names the screen.
func (*Screen) Title() string { return "Connections" }

// Arrange takes in the list that is known by now.
func (s *Screen) Arrange() {
	s.SetLen(len(s.known.List))
	for i := range s.known.List {
		if s.known.List[i].Connection == s.selected {
			s.To(i)
		}
	}
}

// Fit lets every key move by one connection, however many lines each has.
func (s *Screen) Fit(*screen.Context, int, int) {
	s.SetHeight(len(s.known.List))
	if at := s.Chosen(); at != "" {
		s.selected = at
	}
}

// Chosen is the connection at the cursor; empty if there is none.
func (s *Screen) Chosen() string {
	if s.Cursor() < len(s.known.List) {
		return s.known.List[s.Cursor()].Connection
	}
	return ""
}

// Close gives up a connection that is still being opened.
func (s *Screen) Close() {
	if s.cancel != nil {
		s.cancel()
	}
	s.cancel, s.opening = nil, ""
}

// Wait waits for a connection to be opened, in place of any other.
func (s *Screen) Wait(name string, cancel context.CancelFunc) {
	s.Close()
	s.opening, s.cancel = name, cancel
}

// View draws the list.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	if !s.known.answered {
		return screen.EmptyText("Reading the list.", width)
	}
	var failed []string
	if s.known.failed != "" {
		failed = []string{""}
		for _, line := range style.Indent("  ", "✗ "+style.Name(s.known.failed), width-1) {
			failed = append(failed, c.Theme.Bad.On(line))
		}
	}
	entries := [][]string{failed}
	for i := range s.known.List {
		entries = append(entries, append([]string{""}, s.entry(c, i, width)...))
	}
	return screen.Entries(entries, s.Cursor()+1, height)
}

// entry draws one connection. The bar before the name has its colour, and the name of the colour stands beside it.
func (s *Screen) entry(c *screen.Context, i, width int) []string {
	info := &s.known.List[i]
	accent := style.NewTheme(s.theme, info.Accent).Frame
	look, pointer := accent, "   "
	if i == s.Cursor() {
		look, pointer = c.Theme.Chosen, " › "
	}
	head := pointer + accent.On("▌") + look.On(style.Cut(style.Name(info.Connection), 30))
	if info.Accent != "" {
		head += "  " + c.Theme.Faint.On(style.Name(info.Accent))
	}
	if info.ReadOnly {
		head += "  read-only"
	}
	open := s.open(info.Connection)
	state := s.state(c, info, open)
	if info.Unsettled != "" {
		state = c.Theme.Bad.On("! unsettled run") + " · " + state
	}
	lines := []string{style.Between(style.Cut(head, width-1), "  "+state+" ", width)}
	say := func(look style.Style, text string) {
		for _, line := range style.Indent("     ", text, width-1) {
			lines = append(lines, look.On(line))
		}
	}
	say(c.Theme.Faint, sideText(info.Sides[model.SourceSide])+" → "+sideText(info.Sides[model.TargetSide]))
	health := info.Health
	if open != nil && open.Health != nil {
		health = open.Health
	}
	lines = append(lines, "     "+healthLine(c, health, width-6))
	if len(info.SharedWith) > 0 {
		say(c.Theme.Medium, "! Same target as "+style.Name(strings.Join(info.SharedWith,
			", "))+": each takes for drift what the other provisions.")
	}
	if info.Unsettled != "" {
		say(c.Theme.Bad, "! The run "+style.Name(info.Unsettled)+" is unsettled: "+c.Key("settle")+
			" on its board settles it, and nothing new is run before.")
	}
	for _, trouble := range []string{s.known.openErrors[info.Connection], info.Trouble} {
		if trouble != "" {
			say(c.Theme.Bad, "✗ "+style.Name(trouble))
		}
	}
	return lines
}

func sideText(n model.SideName) string { return style.Name(n.Title) + " " + style.Name(n.Detail) }

// state is where a connection stands in this program.
func (s *Screen) state(c *screen.Context, info *Info, open *Open) string {
	opening := s.cancel != nil && s.opening == info.Connection
	switch {
	case open != nil && (open.Here || !opening && s.known.openErrors[info.Connection] == ""):
		return open.state()
	case opening:
		return "opening · " + c.Key("close") + " cancels"
	case s.known.openErrors[info.Connection] != "":
		return c.Theme.Bad.On("✗ cannot be opened")
	case info.Health == nil:
		return "never read"
	default:
		return "not open"
	}
}

func (o *Open) state() string {
	word := "loaded"
	switch {
	case o.Here:
		word = "on the board"
	case !o.Loaded:
		word = "open, not loaded"
	}
	switch {
	case o.Job:
		return word + ", a job is under way"
	case o.Loading && o.Here:
		return word + ", loading"
	case o.Stale:
		return word + ", stale"
	}
	return word
}

// healthLine is health in a line: findings by severity, whether all was read, and when; what does not fit is left out.
func healthLine(c *screen.Context, h *drift.Health, room int) string {
	if h == nil {
		return c.Theme.Faint.On(style.Cut("not read yet", room))
	}
	total := 0
	for _, n := range h.Findings {
		total += n
	}
	when := "read at an unknown time"
	if !h.At.IsZero() {
		when = "read " + c.Date(h.At)
	}
	complete := "complete"
	if !h.Complete {
		complete = c.Theme.Bad.On("incomplete")
	}
	tail := " · " + complete + " · " + when
	out := c.Theme.Good.On("no drift")
	switch {
	case total == 0 && !h.Complete:
		out = "no drift in what was read"
	case total > 0:
		out = style.Count(total, "finding")
		var parts []string
		for _, s := range model.Severities() {
			if n := h.Findings[s.String()]; n > 0 {
				parts = append(parts, c.Theme.Severity(s).On(style.Number(n)+" "+s.String()))
			}
		}
		if by := style.Fill(parts, ", ", room-style.Width(out+": "+tail)); by != "" {
			out += ": " + by
		}
	}
	return style.Cut(out+tail, room)
}
