package tui

import tea "charm.land/bubbletea/v2"

const wheelLines = 3

func (a *app) handleWheel(m tea.Mouse) {
	if a.palette() != nil {
		return
	}
	switch m.Button {
	case tea.MouseWheelDown:
		a.mover().Scroll(wheelLines)
	case tea.MouseWheelUp:
		a.mover().Scroll(-wheelLines)
	default: // sideways wheels have nothing to move
	}
}

// handleClick goes to a row, folds a heading, sorts by a column, opens a tab or a job, or does what a key of the footer
// does; a click on the row at the cursor looks into it.
func (a *app) handleClick(m tea.Mouse) tea.Cmd {
	if m.Button != tea.MouseLeft || a.palette() != nil || a.openQuestion() != nil {
		return nil
	}
	l := a.layout()
	if l.footer > 0 && m.Y == a.height-1 {
		return a.clickFooter(m.X)
	}
	if l.jobs > 0 && m.Y == a.height-l.footer-l.jobs && a.prompt == nil {
		return a.showJob()
	}
	if a.top() != nil {
		return nil
	}
	if l.tabs > 0 && m.Y == l.title+l.severities+l.sides {
		for _, span := range a.tabSpans() {
			if m.X >= span.from && m.X < span.to {
				return a.openTab(span.tab)
			}
		}
		return nil
	}
	if l.rule > 0 && m.Y == l.bodyTop()-1 && a.isListDrawn() {
		if order, ok := a.grid().OrderAt(m.X); ok {
			a.sortBy(order)
		}
		return nil
	}
	p := a.pane()
	at := m.Y - l.bodyTop() - p.Head()
	line := p.Top() + at
	if a.isListDrawn() && m.X > a.listWidth() || at < 0 || at >= l.body-p.Head() || line >= p.Len() {
		return nil
	}
	again := line == p.Cursor()
	p.To(line)
	if a.isCursorOnHeading() {
		a.list().ToggleFold()
		return nil
	}
	if again {
		return a.openAtCursor()
	}
	return nil
}
