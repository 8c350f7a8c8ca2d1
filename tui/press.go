package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
)

// pressedMsg says what became of pressing a button of the simulated console.
type pressedMsg struct {
	menu string
	err  error
}

// awaited is the step that waits for somebody at the console; nil if none does.
func (a *app) awaited() *model.Step {
	if !a.job.active() {
		return nil
	}
	at := a.job.progress.Step
	if at < 0 || at >= len(a.job.plan.Steps) || a.job.plan.Steps[at].Handoff == nil {
		return nil
	}
	return &a.job.plan.Steps[at]
}

// pressButton does at the simulated console what the step that is watched asks for.
func (a *app) pressButton() tea.Cmd {
	step, press := a.awaited(), a.opts.Press
	repair, menu, id := step.Repair, step.Handoff.Menu, a.set.Comparison.Source.App.ID
	a.status = "Pressing it in the simulated console …"
	return a.aside(func() tea.Msg { return pressedMsg{menu, press(a.ctx, id, repair)} })
}

func (a *app) pressed(msg pressedMsg) {
	a.status = "Pressed in the simulated console: " + msg.menu + "."
	if msg.err != nil {
		a.status = "Not pressed: " + msg.err.Error() + "."
	}
}
