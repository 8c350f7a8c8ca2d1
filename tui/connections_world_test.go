package tui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/connections"
)

// fakeConnections answers from values. A connection without an outside cannot be opened.
type fakeConnections struct {
	mu     sync.Mutex
	list   []connections.Info
	faces  map[string]*fakeOutside
	opened []string
}

var errNoSecret = errors.New("config.toml: connections.spare.target.token comes from the environment variable SPARE, " +
	"which is not set; set it")

func (f *fakeConnections) List(context.Context) ([]connections.Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.list == nil {
		return nil, errors.New("there is no configuration file; put it back")
	}
	return f.list, nil
}

func (f *fakeConnections) Open(_ context.Context, name string) (Opened, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opened = append(f.opened, name)
	out, ok := f.faces[name]
	if !ok {
		return Opened{}, errNoSecret
	}
	return faceOf(name, out), nil
}

func faceOf(name string, out Outside) Opened {
	return Opened{
		Outside: out,
		Face: model.Face{Connection: name, Accent: "green", ReadOnly: name == "archive", Sides: [2]model.SideName{
			{Title: "OneLogin", Short: "OneLogin", Detail: "app of " + name},
			{Title: "SCIM target", Short: "target", Detail: name + ".example"},
		}},
	}
}

func infoOf(name, accent string) connections.Info {
	face := faceOf(name, nil).Face
	face.Accent = accent
	return connections.Info{Face: face}
}

// someConnections are the board's own, one that was read before, one that never was, and one that cannot be opened.
func someConnections() []connections.Info {
	list := []connections.Info{
		infoOf("archive", "bright-blue"), infoOf("prod", "red"), infoOf("spare", ""),
		infoOf("staging", "green"),
	}
	list[0].Health = &drift.Health{At: noon().Add(-26 * time.Hour), Complete: true, Findings: map[string]int{}}
	list[2].SharedWith = []string{"staging"}
	list[3].SharedWith = []string{"spare"}
	list[3].Unsettled = "20261122T080000-ab12"
	list[3].Health = &drift.Health{At: noon().Add(-3 * time.Hour), Findings: map[string]int{
		"critical": 1, "high": 12,
		"info": 3,
	}}
	return list
}

// hostileConnections have names and reasons that try to break the screen.
func hostileConnections() []connections.Info {
	var list []connections.Info
	for _, name := range hostileNames() {
		c := infoOf(name, name)
		c.ReadOnly, c.SharedWith, c.Unsettled, c.Trouble = true, []string{name, name}, name, name
		c.Health = &drift.Health{Findings: map[string]int{"critical": 1234567, "high": 1234567, "medium": 1234567}}
		list = append(list, c)
	}
	return list
}

// only is a tenant with one drift that no other has.
func only(connection string) *drift.Comparison {
	w := newWorld(3, 1)
	u := w.source.Users[0]
	u.ID, u.ExternalID, u.UserName = "9", "9", "only-"+connection+"@corp.example"
	u.Email = u.UserName
	w.source.Users = append(w.source.Users, u)
	return w.compare()
}

// linked is a board with a list of connections.
func linked(t *testing.T, list []connections.Info, width, height int, change ...func(*Options)) *app {
	t.Helper()
	faces := map[string]*fakeOutside{"staging": {}, "archive": {}}
	a := board(t, only("prod"), width, height, append(change, func(o *Options) {
		o.Connections = &fakeConnections{list: list, faces: faces}
	})...)
	a.tell(func() { a.receiveConnections(a.connectionsRequest, list, nil) })
	return a
}

// choose goes to a connection by the list, as far as its board.
func (a *app) toConnection(name string) {
	if !isOnTop[*connections.Screen](a) {
		a.press("C")
	}
	a.press("g")
	for a.top().(*connections.Screen).Chosen() != name {
		a.press("j")
	}
	_, cmd := a.Update(a.own("enter"))
	if a.opts.Connection != name && cmd != nil {
		a.bring(cmd)
	}
}

// bring runs a command and everything in it, and brings what comes of it.
func (a *app) bring(cmd tea.Cmd) {
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			a.bring(c)
		}
	default:
		a.Update(msg)
	}
}

func connectionSurfaces() []surface {
	on := func(list []connections.Info, open func(a *app)) func(*testing.T, ...func(*Options)) *app {
		return func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			a := linked(t, list, 80, 24, change...)
			open(a)
			t.Cleanup(func() { a.Fetch.Cancel() })
			return a
		}
	}
	return []surface{
		{"connections", on(someConnections(), func(a *app) { a.press("C") })},
		{
			"no list of connections yet",
			on(someConnections(), func(a *app) { a.conns = connections.Known{}; a.press("C") }),
		},
		{"the list cannot be read", on(someConnections(), func(a *app) {
			a.press("C")
			a.tell(func() {
				a.receiveConnections(a.connectionsRequest, nil, errors.New(strings.Join(hostileNames(), " ")))
			})
		})},
		{"hostile connections", on(hostileConnections(), func(a *app) { a.press("C", "G") })},
		{"a connection that is being opened", on(someConnections(), func(a *app) { a.press("C", "G", "enter") })},
		{"a connection that cannot be opened", on(someConnections(), func(a *app) { a.toConnection("spare") })},
		{"another connection", on(someConnections(), func(a *app) { a.toConnection("archive") })},
		{"connections in the palette", on(hostileConnections(), func(a *app) { a.press(":"); a.write("connection") })},
	}
}
