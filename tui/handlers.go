package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/connections"
	"github.com/scimdrift/scimdrift/tui/help"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/requests"
	"github.com/scimdrift/scimdrift/tui/run"
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
func move(f func(screen.Mover)) handler { return handler{run: do(func(a *app) { f(a.mover()) })} }

func (a *app) mover() screen.Mover {
	if s := a.top(); s != nil {
		return s
	}
	return a.pane()
}

// handlers do the actions of the key map, by their ids.
func handlers(views tab) map[string]handler {
	all := map[string]handler{
		"down":           move(func(m screen.Mover) { m.Move(1) }),
		"up":             move(func(m screen.Mover) { m.Move(-1) }),
		"half-page-down": move(func(m screen.Mover) { screen.HalfPage(m, 1) }),
		"half-page-up":   move(func(m screen.Mover) { screen.HalfPage(m, -1) }),
		"page-down":      move(func(m screen.Mover) { screen.Page(m, 1) }),
		"page-up":        move(func(m screen.Mover) { screen.Page(m, -1) }),
		"top":            move(screen.Home),
		"end":            move(screen.End),

		"next-tab":          {(*app).canTurn, func(a *app) tea.Cmd { return a.turn(1) }},
		"previous-tab":      {(*app).canTurn, func(a *app) tea.Cmd { return a.turn(-1) }},
		"next-severity":     {(*app).hasLine, do(func(a *app) { a.nextSeverity(true) })},
		"previous-severity": {(*app).hasLine, do(func(a *app) { a.nextSeverity(false) })},
		"next-section":      {run: do(func(a *app) { a.inspector().Turn(1) })},
		"previous-section":  {run: do(func(a *app) { a.inspector().Turn(-1) })},
		"fold":              {(*app).onHeading, do(func(a *app) { a.list().ToggleFold() })},
		"fold-all":          {func(a *app) bool { return a.list().Grouped() }, do(func(a *app) { a.list().FoldAll() })},
		"inspect":           {(*app).onRow, (*app).enter},
		"check":             {func(a *app) bool { return a.setup.Chosen() != nil }, (*app).enter},
		"event-subject":     {func(a *app) bool { return a.events.Chosen() != nil }, (*app).enter},
		"look-at-run": {
			func(a *app) bool { return a.past.Chosen() != nil },
			do(func(a *app) { a.push(run.Past(a.past.Chosen())) }),
		},
		"close": {
			func(a *app) bool { return a.canEscape() && !a.jobOnTop().Active() }, (*app).escape,
		},
		"filter":         {func(a *app) bool { return a.hasSet() && a.sifter() != nil }, (*app).openFilter},
		"next-match":     {func(a *app) bool { return a.list().Sought() != "" }, do(func(a *app) { a.nextMatch(1) })},
		"previous-match": {func(a *app) bool { return a.list().Sought() != "" }, do(func(a *app) { a.nextMatch(-1) })},
		"drift-only": {(*app).hasSet, do(func(a *app) {
			a.toggled(a.list().ToggleDrift(), "Rows with a finding only.", "All rows.")
		})},
		"not-fine-only": {(*app).hasSet, do(func(a *app) {
			a.toggled(a.setup.ToggleFine(), "Checks that are not fine only.", "All checks.")
		})},
		"problems-only": {(*app).hasSet, do(func(a *app) {
			a.toggled(a.events.ToggleProblems(), "Problems only.", "All events.")
		})},
		"events": {(*app).hasEvents, do((*app).showEvents)},
		"sort":   {(*app).hasSet, do(func(a *app) { a.sortBy(a.list().Order().Next()) })},
		"console": {func(a *app) bool { _, ok := a.here(); return ok }, func(a *app) tea.Cmd {
			place, _ := a.here()
			return a.openPlace(place, "")
		}},
		"coverage": {
			func(a *app) bool { return a.hasSet() && !onTop[*reading.Screen](a) },
			do(func(a *app) { a.push(&reading.Screen{Of: &a.State}) }),
		},
		"as-it-came": {func(a *app) bool { return a.Late != nil && a.Late.Set != nil }, (*app).asItCame},
		"requests": {func(a *app) bool { return !onTop[*requests.Screen](a) }, func(a *app) tea.Cmd {
			s, cmd := requests.Open(a.outside.Requests, a.after, a.holds)
			a.push(s)
			return cmd
		}},

		"mark":         {(*app).hasLine, do((*app).toggleMark)},
		"range":        {(*app).hasLine, do(func(a *app) { a.list().ToggleRange(a.marks) })},
		"mark-matches": {(*app).hasLine, do((*app).markMatches)},
		"unmark":       {func(a *app) bool { return len(a.marks) > 0 }, do(func(a *app) { clear(a.marks) })},
		"export":       {func(a *app) bool { return a.hasSet() && a.opts.Export != nil }, (*app).export},
		"copy":         {func(a *app) bool { return len(a.copies()) > 0 }, (*app).copy},

		"refresh": {
			func(a *app) bool { return !a.Fetch.Active && !a.settling() && a.onRecord() }, (*app).refresh,
		},
		"reload": {func(a *app) bool { return !a.settling() }, (*app).reload},
		"watch":  {func(a *app) bool { return a.opts.Still == "" }, (*app).toggleWatch},
		"clear-marks": {
			func(a *app) bool { return len(a.watch.changed) > 0 }, do(func(a *app) { a.watch.changed = nil }),
		},

		"help":    {func(a *app) bool { return !onTop[*help.Screen](a) }, do((*app).openHelp)},
		"palette": {run: (*app).openPalette},
		"connections": {
			func(a *app) bool { return a.opts.Connections != nil && !onTop[*connections.Screen](a) },
			func(a *app) tea.Cmd { return a.openConnections(a.opts.Connection) },
		},
		"go-to-connection": {run: (*app).chooseConnection},
		"repaint":          {run: func(*app) tea.Cmd { return tea.ClearScreen }},
		"suspend":          {run: func(*app) tea.Cmd { return tea.Suspend }},
		"back":             {run: do((*app).pop)},
		"leave-subject":    {(*app).onSubject, do((*app).leaveSubject)},
		"quit": {
			func(a *app) bool { return !a.onSubject() }, func(a *app) tea.Cmd { return a.leave(tea.Quit) },
		},

		"plan":         {(*app).canRepair, (*app).choosePlan},
		"reapply":      {(*app).canRepair, (*app).reapply},
		"delete":       {(*app).canRepair, (*app).remove},
		"entitlements": {(*app).canRefreshEntitlements, (*app).refreshEntitlements},
		"take-way":     {run: (*app).goTheWay},
		"run":          {(*app).hasPlan, (*app).confirm},
		"step": {
			func(a *app) bool { return a.hasPlan() && len(a.planOnTop().Plan().Steps) > 0 },
			do(func(a *app) { a.push(a.planOnTop().Step()) }),
		},
		"allow":     {(*app).canAllow, (*app).allow},
		"reason":    {(*app).hasPlan, (*app).sayWhy},
		"stop-job":  {func(a *app) bool { return a.jobOnTop().Stoppable() }, (*app).stopJob},
		"close-job": {func(a *app) bool { return a.jobOnTop().Over }, do((*app).pop)},
		"job":       {func(a *app) bool { return a.nextJob() != nil }, (*app).showJob},
		"press":     {func(a *app) bool { return a.opts.Press != nil && a.job.Awaited() != nil }, (*app).pressButton},
		"undo": {
			func(a *app) bool { r := a.runToUndo(); return !a.settling() && r != nil && run.NoUndo(r) == "" },
			(*app).undo,
		},
		"settle": {func(a *app) bool { return !a.settling() && a.runToSettle() != nil }, (*app).settleRun},

		"runbooks": {(*app).canBook, do(func(a *app) {
			const name = "Runbooks: guided procedures for the cases of the vendor's guide"
			a.push(prompt.NewChooser(name, a.bookChoices()))
		})},
		"take-step": {
			func(a *app) bool { s := a.runbook(); return len(s.Here().Picks) > 0 || s.Further(a.context()) != "" },
			(*app).takeStep,
		},
		"record": {(*app).hasSet, (*app).writeRecord},
		"read-case": {
			func(a *app) bool { return a.hasSet() && !a.Fetch.Active && !a.settling() }, (*app).rereadCase,
		},
		"end-runbook": {func(a *app) bool { return !a.runbook().Over }, (*app).endCase},
	}
	for t := range tabCount + views {
		all[tabID(t)] = handler{run: func(a *app) tea.Cmd { return a.goToTab(t) }}
	}
	return all
}
