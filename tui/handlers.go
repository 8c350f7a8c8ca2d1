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

// noCmd makes a handler of something that needs no command.
func noCmd(f func(*app)) func(*app) tea.Cmd {
	return func(a *app) tea.Cmd {
		f(a)
		return nil
	}
}

// move makes a handler of moving whatever is on top.
func move(f func(screen.Mover)) handler {
	return handler{run: noCmd(func(a *app) { f(a.mover()) })}
}

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

		"next-tab":          {(*app).canSwitchTab, func(a *app) tea.Cmd { return a.switchTab(1) }},
		"previous-tab":      {(*app).canSwitchTab, func(a *app) tea.Cmd { return a.switchTab(-1) }},
		"next-severity":     {(*app).hasLineAtCursor, noCmd(func(a *app) { a.nextSeverity(true) })},
		"previous-severity": {(*app).hasLineAtCursor, noCmd(func(a *app) { a.nextSeverity(false) })},
		"next-section":      {run: noCmd(func(a *app) { a.inspector().NextSection(1) })},
		"previous-section":  {run: noCmd(func(a *app) { a.inspector().NextSection(-1) })},
		"fold":              {(*app).isCursorOnHeading, noCmd(func(a *app) { a.list().ToggleFold() })},
		"fold-all": {
			func(a *app) bool { return a.list().Grouped() }, noCmd(func(a *app) { a.list().FoldAll() }),
		},
		"inspect":       {(*app).isCursorOnRow, (*app).openAtCursor},
		"check":         {func(a *app) bool { return a.setup.Chosen() != nil }, (*app).openAtCursor},
		"event-subject": {func(a *app) bool { return a.events.Chosen() != nil }, (*app).openAtCursor},
		"look-at-run": {
			func(a *app) bool { return a.historyTab.Chosen() != nil },
			noCmd(func(a *app) { a.push(run.FromHistory(a.historyTab.Chosen())) }),
		},
		"close": {
			func(a *app) bool { return a.canEscape() && !a.jobOnTop().Active() }, (*app).escape,
		},
		"filter": {func(a *app) bool { return a.hasSet() && a.filterTarget() != nil }, (*app).openFilter},
		"next-match": {
			func(a *app) bool { return a.list().LastFilter() != "" }, noCmd(func(a *app) { a.nextMatch(1) }),
		},
		"previous-match": {
			func(a *app) bool { return a.list().LastFilter() != "" }, noCmd(func(a *app) { a.nextMatch(-1) }),
		},
		"drift-only": {(*app).hasSet, noCmd(func(a *app) {
			a.announceToggle(a.list().ToggleDrift(), "Rows with a finding only.", "All rows.")
		})},
		"not-fine-only": {(*app).hasSet, noCmd(func(a *app) {
			a.announceToggle(a.setup.ToggleFine(), "Checks that are not fine only.", "All checks.")
		})},
		"problems-only": {(*app).hasSet, noCmd(func(a *app) {
			a.announceToggle(a.events.ToggleProblems(), "Problems only.", "All events.")
		})},
		"events": {(*app).canShowEvents, noCmd((*app).showEvents)},
		"sort":   {(*app).hasSet, noCmd(func(a *app) { a.sortBy(a.list().Order().Next()) })},
		"console": {func(a *app) bool { _, ok := a.focusedLocation(); return ok }, func(a *app) tea.Cmd {
			place, _ := a.focusedLocation()
			return a.openLocation(place, "")
		}},
		"coverage": {
			func(a *app) bool { return a.hasSet() && !isOnTop[*reading.Screen](a) },
			noCmd(func(a *app) { a.push(&reading.Screen{Of: &a.State}) }),
		},
		"as-it-came": {func(a *app) bool { return a.Late != nil && a.Late.Set != nil }, (*app).showLateSet},
		"requests": {func(a *app) bool { return !isOnTop[*requests.Screen](a) }, func(a *app) tea.Cmd {
			s, cmd := requests.Open(a.outside.Requests, a.sendAfter, a.hasScreen)
			a.push(s)
			return cmd
		}},

		"mark":         {(*app).hasLineAtCursor, noCmd((*app).toggleMark)},
		"range":        {(*app).hasLineAtCursor, noCmd(func(a *app) { a.list().ToggleRange(a.marks) })},
		"mark-matches": {(*app).hasLineAtCursor, noCmd((*app).markMatches)},
		"unmark":       {func(a *app) bool { return len(a.marks) > 0 }, noCmd(func(a *app) { clear(a.marks) })},
		"export":       {func(a *app) bool { return a.hasSet() && a.opts.Export != nil }, (*app).export},
		"copy":         {func(a *app) bool { return len(a.copyItems()) > 0 }, (*app).copyNext},

		"refresh": {
			func(a *app) bool { return !a.Fetch.Active && !a.isSettling() && a.isRecordFocused() }, (*app).refresh,
		},
		"reload": {func(a *app) bool { return !a.isSettling() }, (*app).reload},
		"watch":  {func(a *app) bool { return a.opts.Still == "" }, (*app).toggleWatch},
		"clear-marks": {
			func(a *app) bool { return len(a.watch.changed) > 0 }, noCmd(func(a *app) { a.watch.changed = nil }),
		},

		"help":    {func(a *app) bool { return !isOnTop[*help.Screen](a) }, noCmd((*app).openHelp)},
		"palette": {run: (*app).openPalette},
		"connections": {
			func(a *app) bool { return a.opts.Connections != nil && !isOnTop[*connections.Screen](a) },
			func(a *app) tea.Cmd { return a.openConnections(a.opts.Connection) },
		},
		"go-to-connection": {run: (*app).chooseConnection},
		"repaint":          {run: func(*app) tea.Cmd { return tea.ClearScreen }},
		"suspend":          {run: func(*app) tea.Cmd { return tea.Suspend }},
		"back":             {run: noCmd((*app).pop)},
		"leave-subject":    {(*app).isEventsOfSubject, noCmd((*app).leaveSubject)},
		"quit": {
			func(a *app) bool { return !a.isEventsOfSubject() }, func(a *app) tea.Cmd { return a.quit(tea.Quit) },
		},

		"plan":         {(*app).canRepair, (*app).choosePlan},
		"reapply":      {(*app).canRepair, (*app).reapply},
		"delete":       {(*app).canRepair, (*app).deleteSelected},
		"entitlements": {(*app).canRefreshEntitlements, (*app).refreshEntitlements},
		"take-way":     {run: (*app).runChoice},
		"run":          {(*app).hasPlan, (*app).confirm},
		"step": {
			func(a *app) bool { return a.hasPlan() && len(a.planOnTop().Plan().Steps) > 0 },
			noCmd(func(a *app) { a.push(a.planOnTop().Step()) }),
		},
		"allow":     {(*app).canAllow, (*app).allow},
		"reason":    {(*app).hasPlan, (*app).askReason},
		"stop-job":  {func(a *app) bool { return a.jobOnTop().Stoppable() }, (*app).stopJob},
		"close-job": {func(a *app) bool { return a.jobOnTop().Over }, noCmd((*app).pop)},
		"job":       {func(a *app) bool { return a.nextJob() != nil }, (*app).showJob},
		"press": {
			func(a *app) bool { return a.opts.Press != nil && a.job.AwaitedStep() != nil }, (*app).pressButton,
		},
		"undo": {
			func(a *app) bool { r := a.runToUndo(); return !a.isSettling() && r != nil && run.WhyNoUndo(r) == "" },
			(*app).undo,
		},
		"settle": {func(a *app) bool { return !a.isSettling() && a.runToSettle() != nil }, (*app).settleRun},

		"runbooks": {(*app).canOpenRunbooks, noCmd(func(a *app) {
			const name = "Runbooks: guided procedures for the cases of the vendor's guide"
			a.push(prompt.NewChooser(name, a.runbookChoices()))
		})},
		"take-step": {
			func(a *app) bool {
				s := a.runbook()
				return len(s.CurrentVerdict().Picks) > 0 || s.NextText(a.context()) != ""
			},
			(*app).doStep,
		},
		"record": {(*app).hasSet, (*app).writeRecord},
		"read-case": {
			func(a *app) bool { return a.hasSet() && !a.Fetch.Active && !a.isSettling() }, (*app).rereadCase,
		},
		"end-runbook": {func(a *app) bool { return !a.runbook().Over }, (*app).endCase},
	}
	for t := range tabCount + views {
		all[tabID(t)] = handler{run: func(a *app) tea.Cmd { return a.goToTab(t) }}
	}
	return all
}
