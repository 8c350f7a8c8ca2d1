package tui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/style"
)

// connectionsScreen lists all connections: how each looks, what state it is in, and how it stood when it was last read.
type connectionsScreen struct {
	cursorWindow

	// at is the connection at the cursor, so that a new list moves nothing.
	at string
	// opening is the connection that is being opened, with the number of the question; cancel is nil if none is.
	opening string
	id      uint64
	cancel  context.CancelFunc
}

func (*connectionsScreen) title(*app) string { return "Connections" }

// arrange takes in the list that is known by now.
func (s *connectionsScreen) arrange(a *app) {
	s.setLen(len(a.conns.list))
	for i := range a.conns.list {
		if a.conns.list[i].Name == s.at {
			s.To(i)
		}
	}
}

// fit lets every key move by one connection, however many lines each has.
func (s *connectionsScreen) fit(a *app, _, _ int) {
	s.SetHeight(len(a.conns.list))
	if s.cursor < len(a.conns.list) {
		s.at = a.conns.list[s.cursor].Name
	}
}

// closed gives up a connection that is still being opened.
func (s *connectionsScreen) closed() {
	if s.cancel != nil {
		s.cancel()
	}
	s.cancel, s.opening = nil, ""
}

// connect asks for a connection, aside: its secrets may come from another program.
func (s *connectionsScreen) connect(a *app, name string) tea.Cmd {
	s.closed()
	ctx, cancel := context.WithCancel(a.ctx)
	s.opening, s.id, s.cancel = name, a.next(), cancel
	id, from := s.id, a.opts.Connections
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		opened, err := from.Open(ctx, name)
		return connectedMsg{on: s, id: id, name: name, opened: opened, err: err}
	}
}

// chooseConnection goes to the connection at the cursor.
func (a *app) chooseConnection() tea.Cmd {
	s, on := a.top().(*connectionsScreen)
	if !on || s.cursor >= len(a.conns.list) {
		return nil
	}
	return a.goTo(a.conns.list[s.cursor].Name)
}

func (s *connectionsScreen) body(a *app, width, height int) []string {
	if !a.conns.known {
		return a.nothing("Reading the list.", a.width)
	}
	var lines []string
	if a.conns.failed != "" {
		lines = append(lines, "")
		for _, line := range indent("  ", "✗ "+style.Name(a.conns.failed), width-1) {
			lines = append(lines, a.theme.Bad.On(line))
		}
	}
	from, to := 0, 0
	for i := range a.conns.list {
		at := len(lines)
		lines = append(append(lines, ""), s.entry(a, i, width)...)
		if i == s.cursor {
			from, to = at+1, len(lines)
		}
	}
	// The whole of what is chosen is in view, from its head on where it is longer than the window; what is before the
	// first too.
	if s.cursor == 0 {
		from = min(from, max(to-height, 0))
	}
	top := min(max(to-height, 0), from)
	return lines[top:min(top+height, len(lines))]
}

// entry draws one connection. The bar before the name has its colour, and the name of the colour stands beside it.
func (s *connectionsScreen) entry(a *app, i, width int) []string {
	c := &a.conns.list[i]
	accent := style.NewTheme(a.opts.Theme, c.Accent).Frame
	name, pointer := accent.On(style.Cut(style.Name(c.Name), 30)), "   "
	if i == s.cursor {
		name, pointer = a.theme.Chosen.On(style.Cut(style.Name(c.Name), 30)), " › "
	}
	head := pointer + accent.On("▌") + name
	if c.Accent != "" {
		head += "  " + a.theme.Faint.On(style.Name(c.Accent))
	}
	if c.ReadOnly {
		head += "  read-only"
	}
	state := s.state(a, c)
	if c.Unsettled != "" {
		state = a.theme.Bad.On("! unsettled run") + " · " + state
	}
	lines := []string{style.Between(style.Cut(head, width-1), "  "+state+" ", width)}
	say := func(look style.Style, text string) {
		for _, line := range indent("     ", text, width-1) {
			lines = append(lines, look.On(line))
		}
	}
	say(a.theme.Faint, sideWords(c.Source)+" → "+sideWords(c.Target))
	lines = append(lines, "     "+a.healthLine(c, width-6))
	if len(c.SharedWith) > 0 {
		say(a.theme.Medium, "! Same target as "+style.Name(strings.Join(c.SharedWith,
			", "))+": each takes for drift what the other provisions.")
	}
	if c.Unsettled != "" {
		say(a.theme.Bad, "! The run "+style.Name(c.Unsettled)+" is unsettled: S on its board settles it, and "+
			"nothing new is run before.")
	}
	for _, trouble := range []string{a.conns.trouble[c.Name], c.Trouble} {
		if trouble != "" {
			say(a.theme.Bad, "✗ "+style.Name(trouble))
		}
	}
	return lines
}

func sideWords(n SideName) string { return style.Name(n.Title) + " " + style.Name(n.Detail) }

// state is where a connection stands in this program.
func (s *connectionsScreen) state(a *app, c *ConnectionInfo) string {
	kept, was := a.kept[c.Name]
	switch {
	case c.Name == a.opts.Connection && a.job.active():
		return "on the board, a job is under way"
	case c.Name == a.opts.Connection && a.loading():
		return "on the board, loading"
	case c.Name == a.opts.Connection && a.late != nil:
		return "on the board, stale"
	case c.Name == a.opts.Connection:
		return "on the board"
	case s.cancel != nil && s.opening == c.Name:
		return "opening · esc cancels"
	case a.conns.trouble[c.Name] != "":
		return a.theme.Bad.On("✗ cannot be opened")
	case was && kept.job.active():
		return "loaded, a job is under way"
	case was && kept.late != nil:
		return "loaded, stale"
	case was && kept.set != nil:
		return "loaded"
	case was:
		return "open, not loaded"
	case c.Health == nil:
		return "never read"
	default:
		return "not open"
	}
}

// health is how a connection stands by what this program read of it, else by what is remembered; nil is not known.
func (a *app) health(c *ConnectionInfo) *drift.Health {
	on, open := a.kept[c.Name]
	if c.Name == a.opts.Connection {
		on, open = a.workspace, true
	}
	if open && on.set != nil && !on.interim {
		h := on.set.Comparison.Health()
		return &h
	}
	return c.Health
}

// healthLine is health in a line: findings by severity, whether all was read, and when; what does not fit is left out.
func (a *app) healthLine(c *ConnectionInfo, room int) string {
	h := a.health(c)
	if h == nil {
		return a.theme.Faint.On(style.Cut("not read yet", room))
	}
	total := 0
	for _, n := range h.Findings {
		total += n
	}
	when := "read at an unknown time"
	if !h.At.IsZero() {
		when = "read " + h.At.In(a.now.Location()).Format("2 Jan 15:04")
	}
	complete := "complete"
	if !h.Complete {
		complete = a.theme.Bad.On("incomplete")
	}
	tail := " · " + complete + " · " + when
	out := a.theme.Good.On("no drift")
	switch {
	case total == 0 && !h.Complete:
		out = "no drift in what was read"
	case total > 0:
		out = style.Count(total, "finding")
		sep := ": "
		for s := model.Critical; ; s-- {
			if n := h.Findings[s.String()]; n > 0 {
				next := out + sep + a.severity(s).On(style.Number(n)+" "+s.String())
				if style.Width(next)+style.Width(tail) > room {
					break
				}
				out, sep = next, ", "
			}
			if s == model.Info {
				break
			}
		}
	}
	return style.Cut(out+tail, room)
}
