// Package history is the tab of the runs on a connection.
package history

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// Tab lists the runs on this connection, the newest first.
type Tab struct {
	screen.Table[model.Run]

	// awaited: they are being read anew. known says that an answer came, failed why the last did not.
	awaited bool
	known   bool
	failed  string
}

// Keys are those of the runs.
func (*Tab) Keys() keymap.Table { return keys }

const keys keymap.Table = `board/history | History | on History
look-at-run | enter | 1 look | look at one run in full | a run at the cursor`

// Await says that the runs are being read anew.
func (h *Tab) Await() { h.awaited = true }

// Unread reports whether there may be runs that are not among those that were read.
func (h *Tab) Unread() bool { return h.awaited || h.failed != "" }

// Take takes in what was read. What was known stays where that failed: a run in doubt must not vanish because a disk is
// slow.
func (h *Tab) Take(runs []model.Run, err error) {
	h.awaited, h.known, h.failed = false, true, ""
	if err != nil {
		h.failed = err.Error()
		return
	}
	h.Use(runs, func(r *model.Run) string { return r.ID }, key)
}

// key is the text that a filter searches.
func key(r *model.Run) string {
	parts := []string{r.ID, string(r.State), r.Who, r.Host, r.Reason}
	if r.Plan != nil {
		for i := range r.Plan.Steps {
			parts = append(parts, string(r.Plan.Steps[i].Repair), r.Plan.Steps[i].Subject.Name)
		}
	}
	return filter.Text(parts...)
}

// first is the first that is wanted; nil if none is.
func (h *Tab) first(wanted func(*model.Run) bool) *model.Run {
	for i := range h.Items {
		if wanted(&h.Items[i]) {
			return &h.Items[i]
		}
	}
	return nil
}

// Find is the run of that id; nil if there is none.
func (h *Tab) Find(id string) *model.Run {
	return h.first(func(r *model.Run) bool { return r.ID == id })
}

// Unsettled is the newest run of which something is in doubt; nil if there is none.
func (h *Tab) Unsettled() *model.Run { return h.first((*model.Run).InDoubt) }

// LastToUndo is the last run that can be taken back. A second undo goes on with one that ended half-way, and must not
// take back the run before one that did not.
func (h *Tab) LastToUndo() *model.Run {
	return h.first(func(r *model.Run) bool { return run.CanUndo(r) && !h.takenBack(r) && r.Plan.Undoes == "" })
}

// takenBack: an undo of the run has come to its end.
func (h *Tab) takenBack(r *model.Run) bool {
	return h.first(func(undo *model.Run) bool {
		return slices.Contains(r.UndoneBy, undo.ID) &&
			!slices.ContainsFunc(undo.Steps, func(s model.StepRecord) bool { return s.State != model.StepConfirmed })
	}) != nil
}
