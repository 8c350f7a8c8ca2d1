package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/connections"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// Connections is how the board gets from one connection to another. Both run outside the event loop.
type Connections interface {
	// List tells what is known of every connection without opening it: no secret is resolved and nothing is asked of
	// a service. Its order is that of the screen. An error says what to do; what was listed before stays.
	List(ctx context.Context) ([]connections.Info, error)
	// Open resolves the secrets of a connection and gives what answers for it. It is asked again for one that could
	// not be opened, and reads the configuration anew each time. What it gives serves until the program ends.
	Open(ctx context.Context, name string) (Opened, error)
}

// Opened is a connection that can be worked on.
type Opened struct {
	Outside
	model.Face

	// Press is nil where the console is a real one.
	Press Press
}

// askConnections reads the list anew, aside: it stands on disk.
func (a *app) askConnections() tea.Cmd {
	from := a.opts.Connections
	if from == nil {
		return nil
	}
	a.connectionsRequest = a.nextRequestID()
	asked := a.connectionsRequest
	return a.inBackground(func() tea.Msg {
		list, err := from.List(a.ctx)
		return screen.Handled(func() { a.receiveConnections(asked, list, err) })
	})
}

func (a *app) receiveConnections(asked uint64, list []connections.Info, err error) {
	if asked != a.connectionsRequest {
		return
	}
	a.conns.Receive(list, err)
	if s, on := a.top().(*connections.Screen); on {
		s.Arrange()
	}
}

func (a *app) openConnections(at string) tea.Cmd {
	a.push(connections.New(&a.conns, a.opts.Theme, a.openState, at))
	return a.askConnections()
}

// openState is how a connection stands that was opened; nil of any other.
func (a *app) openState(name string) *connections.Open {
	on, open := a.opened[name]
	if !open {
		return nil
	}
	out := &connections.Open{
		Here: on == a.workspace, Job: on.job.Active(), Loading: on.Loading(), Stale: on.Late != nil,
		Loaded: on.Set != nil,
	}
	if on.Set != nil && !on.Interim {
		h := on.Set.Comparison.Health()
		out.Health = &h
	}
	return out
}

// switchConnection changes to a connection, from wherever the operator is.
func (a *app) switchConnection(name string) tea.Cmd {
	why := a.whySettling("stay until")
	to, was := a.opened[name]
	s, on := a.top().(*connections.Screen)
	switch {
	case name == a.opts.Connection:
		if on {
			a.pop()
		}
		return a.say("This is " + name + ".")
	case why != "":
		return a.say(why)
	case was:
		return a.switchWorkspace(to)
	}
	// Its secrets may take a while, and the operator waits in front of the list: a board that changed under their
	// hands while they work on something else would be worse than any wait.
	var cmd tea.Cmd
	if !on {
		cmd = a.openConnections(name)
		s, _ = a.top().(*connections.Screen)
	}
	ctx, cancel := context.WithCancel(a.ctx)
	from := a.opts.Connections
	s.Wait(name, cancel)
	return tea.Batch(cmd, a.inBackground(func() tea.Msg {
		opened, err := from.Open(ctx, name)
		return screen.Answer(func() tea.Cmd {
			waited := ctx.Err() == nil
			//nolint:contextcheck // a read goes on after the opening
			return a.connectionOpened(s, waited, name, &opened, err)
		})
	}))
}

func (a *app) chooseConnection() tea.Cmd {
	if s, on := a.top().(*connections.Screen); on && s.Chosen() != "" {
		return a.switchConnection(s.Chosen())
	}
	return nil
}

// connectionOpened takes in a connection that was opened. Where the operator has not waited for it and has turned to
// something else meanwhile they stay there.
func (a *app) connectionOpened(on *connections.Screen, waited bool, name string, opened *Opened, err error) tea.Cmd {
	if waited {
		on.Close()
	}
	if err != nil {
		if waited {
			a.conns.RecordOpening(name, err)
			a.showError(name + " cannot be opened; the list says why.")
		}
		return nil
	}
	a.conns.RecordOpening(name, nil)
	to, was := a.opened[name]
	if !was {
		opts := a.opts
		opts.Face, opts.Press = opened.Face, opened.Press
		to = newWorkspace(opened.Outside, opts)
		a.opened[name] = to
	}
	if !waited || a.top() != screen.Screen(on) || name == a.opts.Connection {
		return nil
	}
	if a.status = a.whySettling("stay until"); a.status != "" { // it began while they waited
		return nil
	}
	return a.switchWorkspace(to)
}
