// Package history is the tab of the runs on a connection.
package history

import (
	"slices"

	"charm.land/bubbles/v2/table"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Tab lists the runs on this connection, the newest first.
type Tab struct {
	screen.Table[model.Run]

	// loading: they are being read anew. answered says that an answer came, failed why the last did not.
	loading  bool
	answered bool
	failed   string
}

// Keys are those of the runs.
func (*Tab) Keys() keymap.Table { return keys }

const keys keymap.Table = `board/history | History | on History
look-at-run | enter | 1 look | look at one run in full | a run at the cursor`

// SetLoading says that the runs are being read anew.
func (h *Tab) SetLoading() { h.loading = true }

// MayBeIncomplete reports whether there may be runs that are not among those that were read.
func (h *Tab) MayBeIncomplete() bool { return h.loading || h.failed != "" }

// Receive takes in what was read. What was known stays where that failed: a run in doubt must not vanish because a disk
// is slow.
func (h *Tab) Receive(runs []model.Run, err error) {
	h.loading, h.answered, h.failed = false, true, ""
	if err != nil {
		h.failed = err.Error()
		return
	}
	h.Use(runs, func(r *model.Run) string { return r.ID }, filterText)
}

// filterText is the text that a filter searches.
func filterText(r *model.Run) string {
	parts := []string{r.ID, string(r.State), r.Who, r.Host, r.Reason}
	if r.Plan != nil {
		for i := range r.Plan.Steps {
			parts = append(parts, string(r.Plan.Steps[i].Repair), r.Plan.Steps[i].Subject.Name)
		}
	}
	return filter.Text(parts...)
}

// firstRun is the first that is wanted; nil if none is.
func (h *Tab) firstRun(wanted func(*model.Run) bool) *model.Run {
	for i := range h.Items {
		if wanted(&h.Items[i]) {
			return &h.Items[i]
		}
	}
	return nil
}

// Find is the run of that id; nil if there is none.
func (h *Tab) Find(id string) *model.Run {
	return h.firstRun(func(r *model.Run) bool { return r.ID == id })
}

// Unsettled is the newest run of which something is in doubt; nil if there is none.
func (h *Tab) Unsettled() *model.Run { return h.firstRun((*model.Run).InDoubt) }

// LastToUndo is the last run that can be taken back. A second undo goes on with one that ended half-way, and must not
// take back the run before one that did not.
func (h *Tab) LastToUndo() *model.Run {
	return h.firstRun(func(r *model.Run) bool { return run.CanUndo(r) && !h.isUndone(r) && r.Plan.Undoes == "" })
}

// isUndone: an undo of the run has come to its end.
func (h *Tab) isUndone(r *model.Run) bool {
	return h.firstRun(func(undo *model.Run) bool {
		return slices.Contains(r.UndoneBy, undo.ID) &&
			!slices.ContainsFunc(undo.Steps, func(s model.StepRecord) bool { return s.State != model.StepConfirmed })
	}) != nil
}

// View lists the runs in the window.
func (h *Tab) View(c *screen.Context, width, height int) []string {
	if h.Len() == 0 {
		return screen.EmptyText(h.whyEmpty(c), width)
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
	}, func(r *model.Run) table.Row { return h.cells(c, r) })
}

func (h *Tab) whyEmpty(c *screen.Context) string {
	switch {
	case h.failed != "":
		return "The history could not be read: " + h.failed
	case !h.answered:
		return "Reading the history."
	case len(h.Items) > 0:
		return c.Unmatched(h.Filter())
	}
	return "Nothing was run on this connection yet. " + c.Key("plan") + " on a row plans a repair."
}

// cells are a run on one line: when, how it ended, what it did, and who did it.
func (h *Tab) cells(c *screen.Context, r *model.Run) table.Row {
	when := style.Absent
	if !r.StartedAt.IsZero() {
		when = c.Moment(r.StartedAt)
	}
	what := run.Description(r)
	switch {
	case h.isUndone(r):
		what += ", undone"
	case len(r.UndoneBy) > 0:
		what += ", undone in part"
	}
	if r.Reason != "" {
		what += " · " + r.Reason
	}
	return table.Row{when, run.MarkOf(c, r).String(), style.Name(what), style.Name(r.Who)}
}

// Detail is the pane below the runs.
func (h *Tab) Detail(c *screen.Context, width, _ int) []string {
	r := h.Chosen()
	mark := run.MarkOf(c, r)
	outcome := " " + mark.String() + "  " + style.Cut(r.Outcome(), width-style.Width(mark.Text)-6)
	return append([]string{c.Rule("Run "+style.Name(r.ID), width), outcome}, run.Facts(c, r, " ", width)...)
}
