package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/events"
	"github.com/scimdrift/scimdrift/tui/history"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/setup"
	"github.com/scimdrift/scimdrift/tui/style"
)

// workspace is all that belongs to one connection: whom it asks, what was read of it, and where the operator stands
// in it. The board has one workspace at a time, so that nothing of one connection can be seen, marked or repaired on
// another.
type workspace struct {
	reading.State

	outside Outside
	opts    Options
	theme   style.Theme

	// readInterrupted: the operator went to another connection while this one was being read.
	readInterrupted bool

	tab tab
	// lists are those of the tabs of rows and of the views.
	lists      map[tab]*rows.List
	marks      rows.Marks
	setup      setup.Tab
	events     events.Tab
	historyTab history.Tab
	// historyRequest numbers the questions for the history; settlingRun is the run that is being settled, empty if none
	// is.
	historyRequest int
	settlingRun    string
	// returnTab and returnScreens are where the operator came from with the subject that the events are limited to, and
	// what they had open there.
	returnTab     tab
	returnScreens []screen.Screen
	// trend tells how the findings came and went.
	trend drift.Past
	// cases are the runbooks under way.
	cases []runbook.Entry

	// watch looks again and again.
	watch watch

	// screens cover the board; the last one is on top.
	screens []screen.Screen
	// startFinding is the id of what the board begins on, until it is there or the read has ended without it.
	startFinding string
	// recent are what was chosen in the palette, the last first.
	recent prompt.Recent
	// job is the run that was begun last; nil before the first.
	job *run.Job
}

func newWorkspace(outside Outside, opts Options) *workspace {
	if opts.NoColor {
		opts.Theme = style.Choice{Name: style.Mono}
	}
	d := &workspace{
		outside: outside, opts: opts, theme: style.NewTheme(opts.Theme, opts.Accent), marks: rows.Marks{},
		watch: watch{interval: opts.Watch}, lists: map[tab]*rows.List{},
	}
	for t := range rows.TabCount {
		d.addList(tab(t), t, opts.Filter)
	}
	for i, view := range opts.Views {
		d.addList(tabCount+tab(i), rows.Drift, view.Filter)
	}
	d.tab = tab(max(slices.Index(TabNames(opts.Views...), opts.Tab), 0))
	d.startFinding = opts.Select
	return d
}

// addList adds a list with a filter; whoever gives one has looked whether it can be read.
func (d *workspace) addList(at tab, of rows.Tab, filter string) {
	d.lists[at] = rows.NewList(of)
	_ = d.lists[at].SetFilter(filter)
}

// setBackground takes the colours that are legible on the terminal's background, where no others were asked for.
func (d *workspace) setBackground(dark bool) {
	if d.opts.Theme.Name == "" || d.opts.Theme.Name == style.Auto {
		d.opts.Theme.Name = map[bool]string{true: style.Dark, false: style.Light}[dark]
		d.theme = style.NewTheme(d.opts.Theme, d.opts.Accent)
	}
}

// switchWorkspace puts another workspace under the operator. What was read, the cursor, filters, marks, inspectors,
// events and history stay as they are on the one that is left: they are in memory anyway, and the header says how old
// they are. Plans go, because they rest on the moment and must not be met unawares.
func (a *app) switchWorkspace(to *workspace) tea.Cmd {
	if a.Fetch.Active {
		cut := a.Fetch.Subject == nil
		_ = a.cancelFetch() // its only command is for inspectors, which are asked again when the operator comes back
		a.readInterrupted = cut
	}
	a.screens, a.returnScreens = keepInspectors(a.screens), keepInspectors(a.returnScreens)
	a.workspace = to
	a.prompt, a.status, a.copyPresses = nil, "", 0
	a.now = a.opts.Now()
	return a.showWorkspace()
}

// inWorkspace does something on the workspace of a connection, which need not be the one on the board.
func (a *app) inWorkspace(connection string, do func() tea.Cmd) tea.Cmd {
	here := a.workspace
	a.workspace = a.opened[connection]
	defer func() { a.workspace = here }()
	return do()
}

// showWorkspace reads a connection that was not read yet, or whose reading was cut short; else what there was is there
// again.
func (a *app) showWorkspace() tea.Cmd {
	name := a.opts.Connection
	var cmd, cases tea.Cmd
	if a.historyRequest == 0 { // it was never here before
		cases = a.askCases()
	}
	if a.Set == nil || a.readInterrupted {
		a.readInterrupted = false
		cmd = a.firstRead()
		a.status = strings.TrimSpace("This is " + name + ". " + a.status)
	} else {
		cmd = a.show(a.Shown)
		a.status = "This is " + name + ", as you left it; " + a.keyFor("reload") + " reads it again."
	}
	return tea.Batch(cmd, cases, a.askHistory(), a.scheduleLook())
}

// keepInspectors closes every screen that is no inspector. What an inspector shows is as old as the board below it.
func keepInspectors(screens []screen.Screen) []screen.Screen {
	return slices.DeleteFunc(slices.Clone(screens), func(s screen.Screen) bool {
		if _, is := s.(*inspect.Screen); is {
			return false
		}
		if on, is := s.(screen.Closer); is {
			on.Close()
		}
		return true
	})
}
