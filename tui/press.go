package tui

import (
	tea "charm.land/bubbletea/v2"
)

// pressedMsg says what became of pressing a button of the simulated console.
type pressedMsg struct {
	menu string
	err  error
}

// pressButton does at the simulated console what the step that is watched asks for.
func (a *app) pressButton() tea.Cmd {
	step, press := a.job.Awaited(), a.opts.Press
	repair, menu, id := step.Repair, step.Handoff.Menu, a.Set.Comparison.Source.App.ID
	a.status = "Pressing it in the simulated console …"
	return a.aside(func() tea.Msg { return pressedMsg{menu, press(a.ctx, id, repair)} })
}

func (a *app) pressed(msg pressedMsg) {
	a.status = "Pressed in the simulated console: " + msg.menu + "."
	if msg.err != nil {
		a.status = "Not pressed: " + msg.err.Error() + "."
	}
}
