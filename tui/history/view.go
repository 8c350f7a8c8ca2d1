package history

import (
	"charm.land/bubbles/v2/table"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// View lists the runs in the window.
func (h *Tab) View(c *screen.Context, width, height int) []string {
	if h.Len() == 0 {
		return screen.Nothing(h.whyEmpty(c), width)
	}
	who := 0
	for i := range h.Items {
		if width >= screen.Narrow {
			who = min(max(who, style.Width(style.Name(h.Items[i].Who))), 20)
		}
	}
	const when, mark, gaps = 15, 14, 5
	return h.Draw(c, width, height, []table.Column{
		{Title: "WHEN", Width: when},
		{Title: "STATE", Width: mark},
		{Title: "WHAT", Width: max(width-when-mark-who-gaps, 1)},
		{Title: "WHO", Width: who},
	}, func(r *model.Run) table.Row { return cells(c, r) })
}

func (h *Tab) whyEmpty(c *screen.Context) string {
	switch {
	case h.failed != "":
		return "The history could not be read: " + h.failed
	case !h.known:
		return "Reading the history."
	case len(h.Items) > 0:
		return c.Unmatched(h.Filter())
	}
	return "Nothing was run on this connection yet. " + c.Key("plan") + " on a row plans a repair."
}

// cells are a run on one line: when, how it ended, what it did, and who did it.
func cells(c *screen.Context, r *model.Run) table.Row {
	when := style.Absent
	if !r.StartedAt.IsZero() {
		when = c.Moment(r.StartedAt)
	}
	what := run.Did(r)
	if len(r.UndoneBy) > 0 {
		what += ", undone"
	}
	if r.Reason != "" {
		what += " · " + r.Reason
	}
	return table.Row{when, run.MarkOf(c, r).String(), style.Name(what), style.Name(r.Who)}
}

// Detail is the pane below the runs.
func (h *Tab) Detail(c *screen.Context, width, _ int) []string {
	r := h.Chosen()
	if r == nil {
		return []string{c.Rule("", width)}
	}
	mark := run.MarkOf(c, r)
	outcome := " " + mark.String() + "  " + style.Cut(r.Outcome(), width-style.Width(mark.Text)-6)
	return append([]string{c.Rule("Run "+style.Name(r.ID), width), outcome}, run.Facts(c, r, " ", width)...)
}
