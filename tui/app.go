// Package tui is the board: the Bubble Tea program that lays both sides next to each other and makes the drift plain.
// It knows the model and the Outside, and nothing of how either side is read.
//
// There is one tea.Model, app. What covers the board (the detail, help, the request log) is a screen: a plain struct
// with methods, on a stack. What an operator can do is an action: one table of them feeds the keys, the footer, the
// help and the palette. To add a screen, write its struct in a file of its own and an action that pushes it.
package tui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/rows"
)

// app is the one tea.Model.
type app struct {
	// workspace is the connection on the board; kept are the others that were opened, by name, as they were left.
	workspace

	kept  map[string]workspace
	conns connections

	ctx     context.Context //nolint:containedctx // reads begin in Update, which the framework gives no context
	actions []action
	running *running
	// count numbers what is asked of the outside, over all connections, so that no answer is taken for that of another.
	count uint64
	// pace is the least time between two reports of progress on the screen.
	pace time.Duration

	width, height int
	// now is the time as of the last message that brought one: the screen changes with messages only.
	now time.Time

	// filter, palette and question take the keys while they are open; nil when not.
	filter   *filterPrompt
	palette  *palette
	question *question
	// status is said in the footer until the next key.
	status string
	// leaving is how the program ends once its jobs have; nil while it does not end.
	leaving tea.Cmd
	// copied is how many times y was pressed in a row: each copies something else of what is there.
	copied int
}

func newApp(ctx context.Context, outside Outside, opts Options) *app {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &app{
		workspace: newWorkspace(outside, opts), kept: map[string]workspace{}, ctx: ctx,
		actions: opts.Keys.on(actions(opts.Views...)), running: &running{},
		pace: 100 * time.Millisecond, now: opts.Now(),
	}
}

// Init starts the first load, and looks for what an earlier program left: an unsettled run, runbooks under way.
func (a *app) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, a.firstRead(), a.minute(), a.askHistory(), a.askCases(),
		a.askConnections(), a.nextLook())
}

// next numbers a question to the outside.
func (a *app) next() uint64 {
	a.count++
	return a.count
}

// Update takes in one message, and then fits what is on top to the room that is left for it, so that drawing changes
// nothing.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.take(msg)
	room := a.layout().body
	a.pane().SetHeight(room - a.paneHead())
	if s, ok := a.top().(interface {
		fit(a *app, width, height int)
	}); ok {
		s.fit(a, a.width, room)
	}
	return a, cmd
}

func (a *app) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		a.onBackground(msg.IsDark())
		for name, d := range a.kept {
			d.onBackground(msg.IsDark())
			a.kept[name] = d
		}
	case tea.ModeReportMsg:
		measure(msg)
	case tea.KeyPressMsg:
		return a.key(msg)
	case tea.PasteMsg:
		return a.typed(msg)
	case tea.MouseClickMsg:
		return a.click(msg.Mouse())
	case tea.MouseWheelMsg:
		a.wheel(msg.Mouse())
	case listenMsg:
		cmd := a.news(msg.newsMsg)
		if a.fetch.active && msg.id == a.fetch.id {
			return tea.Batch(msg.again, cmd)
		}
	case doneMsg:
		a.now = a.opts.Now()
		return a.done(msg)
	case recalledMsg:
		return a.recalled(msg)
	case secondMsg:
		if a.fetch.active && uint64(msg) == a.fetch.id {
			a.now = a.opts.Now()
			return a.second(a.fetch.id)
		}
	case watchDueMsg:
		return a.watchDue(uint64(msg))
	case minuteMsg:
		a.now = a.opts.Now()
		return a.minute()
	case requestsMsg:
		return a.requests(msg)
	case tailMsg:
		return a.tailed(msg)
	case tailDueMsg:
		return a.tailDue(uint64(msg))
	case dossierMsg:
		msg.on.learn(msg)
	case exportedMsg:
		msg.on.take(msg)
	case pressedMsg:
		a.pressed(msg)
	case openedMsg:
		msg.on.opened(msg)
	case connectionsMsg:
		a.takeConnections(msg)
	case connectedMsg:
		return a.connected(msg)
	default:
		return a.takeRepair(msg)
	}
	return nil
}

// takeRepair takes in what plans, runs, their history and runbooks send.
func (a *app) takeRepair(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case planMsg:
		a.now = a.opts.Now()
		msg.on.take(msg)
	case runNewsMsg:
		return a.runNews(msg)
	case runOverMsg:
		return a.runOver(msg)
	case runSecondMsg:
		return a.runTick(msg)
	case historyMsg:
		a.takeHistory(msg)
	case settledMsg:
		return a.settled(msg)
	case casesMsg:
		a.takeCases(msg)
	case keptMsg:
		if msg.err != nil {
			a.status = msg.err.Error()
		}
	case recordMsg:
		return a.recorded(msg)
	}
	return nil
}

// show puts something else on the board; where the operator stands stays.
func (a *app) show(s shown) tea.Cmd {
	a.shown = s
	if s.set == nil {
		a.marks.Clear() // there is nothing that they could be of
	}
	for _, l := range a.lists {
		if s.set == nil {
			l.Clear()
		} else {
			l.Use(s.set)
		}
	}
	a.beginOn()
	a.setup.use(a.checks())
	a.events.use(s.set)
	var cmds []tea.Cmd
	for _, on := range slices.Concat(a.events.below, a.screens) {
		switch on := on.(type) {
		case *inspectScreen:
			cmds = append(cmds, on.renew(s.set))
		case interface{ stale() }:
			on.stale()
		}
	}
	return tea.Batch(cmds...)
}

// as is the board with another comparison on it: an inspector speaks of the one that its row is from, which the board
// may have left behind.
func (a *app) as(set *rows.Set) *app {
	b := *a
	b.set = set
	return &b
}

// push covers what is on top with a screen.
func (a *app) push(s screen) { a.screens = append(a.screens, s) }

// top is the screen that covers the board; nil if none does.
func (a *app) top() screen {
	if len(a.screens) == 0 {
		return nil
	}
	return a.screens[len(a.screens)-1]
}

// The clocks. The second runs during a load only, for its waits; the other is so slow that an idle board costs a remote
// line next to nothing.
type (
	secondMsg uint64
	minuteMsg struct{}
)

const freshnessStep = 15 * time.Second

func (a *app) second(id uint64) tea.Cmd {
	return a.after(time.Second, func() tea.Msg { return secondMsg(id) })
}

func (a *app) minute() tea.Cmd { return a.after(freshnessStep, func() tea.Msg { return minuteMsg{} }) }

// after gives a message a while later. The framework's own ticks would hold a goroutine on after the board has ended.
func (a *app) after(d time.Duration, msg func() tea.Msg) tea.Cmd { return afterIn(a.ctx, d, msg) }

func afterIn(ctx context.Context, d time.Duration, msg func() tea.Msg) tea.Cmd {
	return func() tea.Msg {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			return msg()
		}
	}
}
