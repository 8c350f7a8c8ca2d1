package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/connections"
	"github.com/scimdrift/scimdrift/tui/help"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/requests"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/runbook"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// do makes a handler of something that needs no command.
func do(f func(*app)) func(*app) tea.Cmd {
	return func(a *app) tea.Cmd {
		f(a)
		return nil
	}
}

// move makes a handler of moving whatever is on top.
func move(f func(screen.Mover)) func(*app) tea.Cmd {
	return do(func(a *app) { f(a.mover()) })
}

func (a *app) mover() screen.Mover {
	if s := a.top(); s != nil {
		return s
	}
	return a.pane()
}

// handlers do the actions of the key map, by their ids.
func handlers(views int) map[string]handler {
	all := map[string]handler{
		"down":              {run: move(func(m screen.Mover) { m.Move(1) })},
		"up":                {run: move(func(m screen.Mover) { m.Move(-1) })},
		"half-page-down":    {run: move(func(m screen.Mover) { m.HalfPage(1) })},
		"half-page-up":      {run: move(func(m screen.Mover) { m.HalfPage(-1) })},
		"page-down":         {run: move(func(m screen.Mover) { m.Page(1) })},
		"page-up":           {run: move(func(m screen.Mover) { m.Page(-1) })},
		"top":               {run: move(screen.Mover.Home)},
		"end":               {run: move(screen.Mover.End)},
		"next-tab":          {run: func(a *app) tea.Cmd { return a.turn(1) }},
		"previous-tab":      {run: func(a *app) tea.Cmd { return a.turn(-1) }},
		"next-severity":     {ready: (*app).hasLine, run: do(func(a *app) { a.nextSeverity(true) })},
		"previous-severity": {ready: (*app).hasLine, run: do(func(a *app) { a.nextSeverity(false) })},
		"next-section":      {run: do(func(a *app) { a.inspector().Turn(1) })},
		"previous-section":  {run: do(func(a *app) { a.inspector().Turn(-1) })},

		"stop-job": {ready: func(a *app) bool { return a.jobOnTop().Stoppable() }, run: (*app).stopJob},
		"close": {
			ready: func(a *app) bool { return a.canEscape() && !a.jobOnTop().Active() }, run: (*app).escape,
		},
		"fold":          {ready: (*app).onHeading, run: do(func(a *app) { a.list().ToggleFold() })},
		"inspect":       {ready: (*app).onRow, run: (*app).enter},
		"check":         {ready: func(a *app) bool { return a.setup.Check() != nil }, run: (*app).enter},
		"event-subject": {ready: func(a *app) bool { return a.events.Event() != nil }, run: (*app).enter},
		"fold-all": {
			ready: func(a *app) bool { return a.list().Grouped() }, run: do(func(a *app) { a.list().FoldAll() }),
		},
		"filter":         {ready: (*app).canFilter, run: (*app).openFilter},
		"next-match":     {ready: (*app).hasSought, run: do(func(a *app) { a.nextMatch(1) })},
		"previous-match": {ready: (*app).hasSought, run: do(func(a *app) { a.nextMatch(-1) })},
		"drift-only":     {ready: (*app).hasSet, run: do((*app).toggleDrift)},
		"not-fine-only":  {ready: (*app).hasSet, run: do((*app).toggleWrong)},
		"problems-only":  {ready: (*app).hasSet, run: do((*app).toggleProblems)},
		"follow":         {ready: (*app).hasSet, run: (*app).toggleTail},
		"events":         {ready: (*app).hasEvents, run: do((*app).showEvents)},
		"sort":           {ready: (*app).hasSet, run: do((*app).nextOrder)},
		"console":        {ready: (*app).canOpen, run: (*app).open},
		"coverage": {
			ready: func(a *app) bool { return a.hasSet() && !onTop[*reading.Screen](a) },
			run:   do(func(a *app) { a.push(reading.NewScreen(&a.State, a.budgets[model.SourceSide])) }),
		},
		"as-it-came": {ready: (*app).hasLateSet, run: (*app).asItCame},
		"requests": {ready: func(a *app) bool { return !onTop[*requests.Screen](a) }, run: func(a *app) tea.Cmd {
			s, cmd := requests.Open(a.outside.Requests, a.after)
			a.push(s)
			return cmd
		}},

		"mark":         {ready: (*app).hasLine, run: do((*app).toggleMark)},
		"range":        {ready: (*app).hasLine, run: do(func(a *app) { a.list().ToggleRange(a.marks) })},
		"mark-matches": {ready: (*app).hasLine, run: do((*app).markMatches)},
		"unmark": {
			ready: func(a *app) bool { return a.marks.Len() > 0 }, run: do(func(a *app) { a.marks.Clear() }),
		},
		"export": {ready: (*app).canExport, run: (*app).export},
		"copy":   {ready: func(a *app) bool { return len(a.copies()) > 0 }, run: (*app).copy},

		"refresh": {
			ready: func(a *app) bool { return !a.Fetch.Active && !a.settling() && a.onRecord() },
			run:   (*app).refresh,
		},
		"reload": {ready: func(a *app) bool { return !a.settling() }, run: (*app).reload},
		"watch":  {ready: func(a *app) bool { return a.opts.Still == "" }, run: (*app).toggleWatch},
		"clear-marks": {
			ready: func(a *app) bool { return len(a.watch.changed) > 0 },
			run:   do(func(a *app) { a.watch.changed = nil }),
		},

		"help": {
			ready: func(a *app) bool { return !onTop[*help.Screen](a) },
			run:   do(func(a *app) { a.push(&help.Screen{Sections: keymap.Sections(a.opts.Keys, a.opts.Views)}) }),
		},
		"palette": {run: (*app).openPalette},
		"connections": {
			ready: (*app).hasConnections,
			run:   func(a *app) tea.Cmd { return a.openConnections(a.opts.Connection) },
		},
		"go-to-connection": {ready: onTop[*connections.Screen], run: (*app).chooseConnection},
		"repaint":          {run: func(*app) tea.Cmd { return tea.ClearScreen }},
		"suspend":          {run: func(*app) tea.Cmd { return tea.Suspend }},
		"back":             {run: do((*app).pop)},
		"quit":             {run: func(a *app) tea.Cmd { return a.leave(tea.Quit) }},

		"plan":         {ready: (*app).canRepair, run: (*app).choosePlan},
		"reapply":      {ready: (*app).canRepair, run: (*app).reapply},
		"delete":       {ready: (*app).canRepair, run: (*app).remove},
		"entitlements": {ready: (*app).canRefreshEntitlements, run: (*app).refreshEntitlements},
		"take-way":     {ready: onTop[*prompt.Chooser], run: (*app).goTheWay},
		"run":          {run: (*app).confirm},
		"step": {
			ready: func(a *app) bool { return len(a.planOnTop().Plan().Steps) > 0 },
			run:   do(func(a *app) { a.push(a.planOnTop().Step()) }),
		},
		"allow":  {ready: (*app).canAllow, run: (*app).allow},
		"reason": {run: (*app).sayWhy},
		"close-job": {
			ready: func(a *app) bool { j := a.jobOnTop(); return j != nil && j.Over }, run: do((*app).pop),
		},
		"job": {ready: (*app).canShowJob, run: (*app).showJob},
		"press": {
			ready: func(a *app) bool { return a.opts.Press != nil && a.job.Awaited() != nil },
			run:   (*app).pressButton,
		},

		"look-at-run": {ready: func(a *app) bool { return a.past.Run() != nil }, run: do((*app).lookAtRun)},
		"undo": {
			ready: func(a *app) bool { r := a.runToUndo(); return !a.settling() && r != nil && run.NoUndo(r) == "" },
			run:   (*app).undo,
		},
		"settle": {ready: func(a *app) bool { return !a.settling() && a.runToSettle() != nil }, run: (*app).settleRun},

		"runbooks":     {ready: (*app).canBook, run: (*app).openRunbooks},
		"choose-group": {ready: onTop[*runbook.GroupScreen], run: (*app).beginWithGroup},
		"take-step":    {ready: (*app).canTakeStep, run: (*app).takeStep},
		"record":       {ready: (*app).hasSet, run: (*app).writeRecord},
		"read-case": {
			ready: func(a *app) bool { return a.hasSet() && !a.Fetch.Active && !a.settling() },
			run:   (*app).rereadCase,
		},
		"end-runbook": {ready: func(a *app) bool { return !a.runbook().Over }, run: (*app).endCase},
	}
	for t := range tabCount + tab(views) {
		id := keymap.ViewID(int(t - tabCount))
		if t < tabCount {
			id = keymap.TabID(int(t))
		}
		all[id] = handler{run: func(a *app) tea.Cmd { return a.goToTab(t) }}
	}
	return all
}
