// Package tui is the board: the Bubble Tea program that lays both sides next to each other and makes the drift plain.
// It knows the model and the Outside, and nothing of how either side is read.
//
// There is one tea.Model, app. It holds what was read of the connections, the runs that go on, and which screens cover
// the board; each tab and each screen is a component in a package of its own, which is given what it shows and draws
// it. What an operator can do is an action of package keymap; handlers.go says how each is done.
package tui

import (
	"context"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/connections"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// app is the one tea.Model.
type app struct {
	// workspace is the connection on the board; opened are all that were opened, by name, each as it was left.
	*workspace

	opened map[string]*workspace
	conns  connections.Known
	// connectionsRequest numbers the questions for their list.
	connectionsRequest uint64

	ctx     context.Context //nolint:containedctx // reads begin in Update, which the framework gives no context
	actions []action
	// backgroundWork is read-locked by whatever of the outside goes on, and locked once the program ends.
	backgroundWork *sync.RWMutex
	// lastRequestID numbers what is asked of the outside, over all connections, so that no answer is taken for that of
	// another.
	lastRequestID uint64
	// progressInterval is the least time between two reports of progress on the screen.
	progressInterval time.Duration

	width, height int
	// now is the time as of the last message that brought one: the screen changes with messages only.
	now time.Time

	// prompt takes the keys while it is open; nil when none is.
	prompt prompt.Prompt
	// status is said in the footer until the next key, or until it was there long enough. One that tells of what did
	// not work stays for longer, and is lastError too.
	status, lastError string
	statusAt          time.Time
	// quitCommand is how the program ends once its jobs have; nil while it does not end.
	quitCommand tea.Cmd
	// copyPresses is how many times y was pressed in a row: each copies something else of what is there.
	copyPresses int
}

func newApp(ctx context.Context, outside Outside, opts Options) *app {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	on := newWorkspace(outside, opts)
	return &app{
		workspace: on, opened: map[string]*workspace{opts.Connection: on}, ctx: ctx,
		actions: actions(opts.Keys, opts.Views), backgroundWork: &sync.RWMutex{},
		progressInterval: 100 * time.Millisecond, now: opts.Now(),
	}
}

// Init starts the first load, and looks for what an earlier program left: an unsettled run, runbooks under way.
func (a *app) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, a.firstRead(), a.tickMinute(), a.askHistory(), a.askCases(),
		a.askConnections(), a.scheduleLook())
}

func (a *app) nextRequestID() uint64 {
	a.lastRequestID++
	return a.lastRequestID
}

// Update takes in one message, and then fits what is on top to the room that is left for it, so that drawing changes
// nothing.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	before := a.status
	cmd := a.handleMessage(msg)
	if a.status != before {
		a.statusAt = a.opts.Now()
	}
	drawn := a.withPlainWidth()
	room := drawn.layout().body
	a.pane().SetHeight(room)
	if s, ok := a.top().(*plan.Screen); ok {
		s.Asked = a.openQuestion()
	}
	if s, ok := a.top().(screen.Fitter); ok {
		s.Fit(a.context(), drawn.width, room)
	}
	return a, cmd
}

func (a *app) handleMessage(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		for _, d := range a.opened {
			d.setBackground(msg.IsDark())
		}
	case tea.ModeReportMsg:
		useTerminalWidths(msg)
	case tea.KeyPressMsg:
		return a.handleKey(msg)
	case tea.PasteMsg:
		if a.prompt != nil {
			return a.prompt.Edit(msg)
		}
	case tea.MouseClickMsg:
		return a.handleClick(msg.Mouse())
	case tea.MouseWheelMsg:
		a.handleWheel(msg.Mouse())
	case appMsg:
		a.now = a.opts.Now()
		return msg.applyTo(a)
	case screen.Answer:
		a.now = a.opts.Now()
		return msg()
	}
	return nil
}

// appMsg is a message of the program's own.
type appMsg interface{ applyTo(a *app) tea.Cmd }

// show puts something else on the board; where the operator stands stays.
func (a *app) show(s reading.Shown) tea.Cmd {
	a.Shown = s
	if s.Set == nil {
		clear(a.marks) // there is nothing that they could be of
	}
	for _, l := range a.lists {
		if s.Set == nil {
			l.Clear()
		} else {
			l.Use(s.Set)
		}
	}
	a.goToStartFinding()
	a.setup.Use(a.Checks(a.context()))
	a.events.Use(s.Set)
	var cmds []tea.Cmd
	for _, on := range slices.Concat(a.returnScreens, a.screens) {
		switch on := on.(type) {
		case *inspect.Screen:
			cmds = append(cmds, on.Renew(s.Set))
		case screen.Staler:
			on.Stale()
		}
	}
	return tea.Batch(cmds...)
}

// context is what a screen may know of the program.
func (a *app) context() *screen.Context {
	now := a.now
	if a.opts.Plain {
		now = now.Truncate(plainStep)
	}
	return &screen.Context{
		Face: a.opts.Face, Theme: a.theme, Now: now, Still: a.opts.Still, NoColor: a.opts.NoColor,
		Plain: a.opts.Plain, Key: a.keyFor, RepairKey: a.repairKey, NextKey: a.nextKey,
	}
}

// openQuestion is the question that is open; nil if none is.
func (a *app) openQuestion() *prompt.Question {
	q, _ := a.prompt.(*prompt.Question)
	return q
}

func (a *app) ask(q *prompt.Question) tea.Cmd {
	a.prompt = q
	return q.Open()
}

// push covers what is on top with a screen.
func (a *app) push(s screen.Screen) { a.screens = append(a.screens, s) }

// top is the screen that covers the board; nil if none does.
func (a *app) top() screen.Screen {
	if len(a.screens) == 0 {
		return nil
	}
	return a.screens[len(a.screens)-1]
}

// hasScreen reports whether a screen is on the board, covered or not, or waits below the events.
func (a *app) hasScreen(s screen.Screen) bool {
	return slices.Contains(a.screens, s) || slices.Contains(a.returnScreens, s)
}

// The clocks. The second runs as long as a load or a job goes on, for what it waits for; the other is so slow that an
// idle board costs a remote line next to nothing.
type (
	secondMsg func() (goesOn bool)
	minuteMsg struct{}
)

func (msg secondMsg) applyTo(a *app) tea.Cmd {
	if !msg() {
		return nil
	}
	return a.tickSecond(msg)
}

func (minuteMsg) applyTo(a *app) tea.Cmd {
	a.expireStatus()
	return a.tickMinute()
}

func (a *app) tickSecond(goesOn secondMsg) tea.Cmd {
	return a.sendAfter(time.Second, func() tea.Msg { return goesOn })
}

func (a *app) tickMinute() tea.Cmd {
	return a.sendAfter(screen.Step, func() tea.Msg { return minuteMsg{} })
}

// say says something, and nothing follows from it.
func (a *app) say(text string) tea.Cmd {
	a.status = text
	return nil
}

func (a *app) showError(text string) { a.status, a.lastError = text, text }

// showErrorOf says what did not work on a connection, which need not be the one on the board.
func (a *app) showErrorOf(connection string, err error) {
	text := err.Error()
	if connection != a.opts.Connection {
		text = connection + ": " + text
	}
	a.showError(text)
}

// expireStatus takes away what was said long enough ago. It has no clock of its own, and waits for the next tick of the
// slow one. Where the screen is read aloud nothing goes away by itself.
func (a *app) expireStatus() {
	const long, longer = 10 * time.Second, 30 * time.Second
	life := long
	if a.status == a.lastError {
		life = longer
	}
	if !a.opts.Plain && a.now.Sub(a.statusAt) >= life {
		a.status = ""
	}
}
