package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model/drift"
)

// Connections is how the board gets from one connection to another. Both run outside the event loop.
type Connections interface {
	// List tells what is known of every connection without opening it: no secret is resolved and nothing is asked of
	// a service. Its order is that of the screen. An error says what to do; what was listed before stays.
	List(ctx context.Context) ([]ConnectionInfo, error)
	// Open resolves the secrets of a connection and gives what answers for it. It is asked again for one that could
	// not be opened, and reads the configuration anew each time. What it gives serves until the program ends.
	Open(ctx context.Context, name string) (Opened, error)
}

// ConnectionInfo is what is known of a connection that need not be open. Its texts are raw.
type ConnectionInfo struct {
	Name, Accent   string
	ReadOnly       bool
	Source, Target SideName
	// SharedWith are other connections with the same target.
	SharedWith []string
	// Health is how it stood when it was last read, by whatever command; nil if it never was.
	Health *drift.Health
	// Unsettled is the id of a run with steps in doubt, empty if there is none.
	Unsettled string
	// Trouble is why what is remembered of it cannot be read; empty if it can.
	Trouble string
}

// Opened is a connection that can be worked on.
type Opened struct {
	Outside

	Connection, Accent string
	ReadOnly           bool
	Source, Target     SideName
	// Press is nil where the console is a real one.
	Press Press
}

// as are the options of a board on another connection.
func (o Options) as(c *Opened) Options {
	o.Connection, o.Accent, o.ReadOnly, o.Source, o.Target = c.Connection, c.Accent, c.ReadOnly, c.Source, c.Target
	o.Press = c.Press
	return o
}

// connections is what the board knows of all connections.
type connections struct {
	list []ConnectionInfo
	// asked numbers the questions for the list; known: an answer came; failed is why the last did not.
	asked  uint64
	known  bool
	failed string
	// trouble is why a connection could not be opened, by its name.
	trouble map[string]string
}

type (
	connectionsMsg struct {
		asked uint64
		list  []ConnectionInfo
		err   error
	}
	// connectedMsg brings a connection that the list screen has asked for.
	connectedMsg struct {
		on     *connectionsScreen
		id     uint64
		name   string
		opened Opened
		err    error
	}
)

// askConnections reads the list anew, aside: it stands on disk.
func (a *app) askConnections() tea.Cmd {
	from := a.opts.Connections
	if from == nil {
		return nil
	}
	a.conns.asked = a.next()
	asked := a.conns.asked
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		list, err := from.List(a.ctx)
		return connectionsMsg{asked, list, err}
	}
}

func (a *app) takeConnections(msg connectionsMsg) {
	c := &a.conns
	if msg.asked != c.asked {
		return
	}
	c.known, c.failed = true, ""
	if msg.err != nil {
		c.failed = msg.err.Error()
		return
	}
	c.list = msg.list
	if s, on := a.top().(*connectionsScreen); on {
		s.arrange(a)
	}
}

// openConnections shows the list, with the cursor on the connection of that name.
func (a *app) openConnections(at string) tea.Cmd {
	s := &connectionsScreen{at: at}
	s.arrange(a)
	a.push(s)
	return a.askConnections()
}

// hasConnections: there is a list that is not looked at already.
func (a *app) hasConnections() bool {
	return a.opts.Connections != nil && !onTop[*connectionsScreen](a)
}

// whyStay is why the operator cannot leave this connection now; empty if he can.
func (a *app) whyStay() string {
	if a.settling() {
		return "A run on " + a.opts.Connection + " is being settled: stay until that has ended."
	}
	return ""
}

// goTo changes to a connection, from wherever the operator is.
func (a *app) goTo(name string) tea.Cmd {
	why := a.whyStay()
	to, was := a.kept[name]
	switch {
	case name == a.opts.Connection:
		if onTop[*connectionsScreen](a) {
			a.pop()
		}
		a.status = "This is " + name + "."
		return nil
	case why != "":
		a.status = why
		return nil
	case was:
		return a.swap(to)
	}
	// Its secrets may take a while, and the operator waits in front of the list: a board that changed under their
	// hands while he works on something else would be worse than any wait.
	var cmd tea.Cmd
	s, on := a.top().(*connectionsScreen)
	if !on {
		cmd = a.openConnections(name)
		s, _ = a.top().(*connectionsScreen)
	}
	return tea.Batch(cmd, s.connect(a, name))
}

// connected takes in a connection that was opened. Where the operator has turned to something else meanwhile he stays
// there.
func (a *app) connected(msg connectedMsg) tea.Cmd {
	waited := msg.on.cancel != nil && msg.on.id == msg.id
	if waited {
		msg.on.closed()
	}
	if msg.err != nil {
		if waited {
			a.failedToOpen(msg.name, msg.err)
		}
		return nil
	}
	delete(a.conns.trouble, msg.name)
	to, was := a.kept[msg.name]
	if !was && msg.name != a.opts.Connection {
		to = newWorkspace(msg.opened.Outside, a.opts.as(&msg.opened))
		a.kept[msg.name] = to
	}
	if !waited || a.top() != screen(msg.on) || msg.name == a.opts.Connection {
		return nil
	}
	if a.status = a.whyStay(); a.status != "" {
		return nil
	}
	return a.swap(to)
}

func (a *app) failedToOpen(name string, err error) {
	if a.conns.trouble == nil {
		a.conns.trouble = map[string]string{}
	}
	a.conns.trouble[name] = err.Error()
	a.status = name + " cannot be opened; the list says why."
}
