package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
)

// historyTab lists the runs on this connection, the newest first. Where the operator stands is kept by the run.
type historyTab struct {
	cursorWindow

	runs []model.Run
	keys []string
	// matched are the runs that the filter leaves.
	matched []int32
	filter  filter.Query
	// asked numbers the questions for it, known says that an answer came, failed why the last did not.
	asked  int
	known  bool
	failed string
	// settling is the run that is being settled; empty if none is.
	settling string
}

// The messages of the history.
type (
	historyMsg struct {
		asked int
		runs  []model.Run
		err   error
	}
	settledMsg struct {
		id  string
		run model.Run
		err error
	}
)

// askHistory reads the runs anew. They stand on disk, which can be slow, so it is done aside.
func (a *app) askHistory() tea.Cmd {
	a.past.asked = int(a.next())
	asked, outside := a.past.asked, a.outside
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		runs, err := outside.History(a.ctx)
		return historyMsg{asked, runs, err}
	}
}

// takeHistory takes in the newest answer.
func (a *app) takeHistory(msg historyMsg) {
	h := &a.past
	if msg.asked != h.asked {
		return
	}
	at := h.current()
	h.known, h.failed = true, ""
	if msg.err != nil { // what was known stays: a run in doubt must not vanish because a disk is slow
		h.failed = msg.err.Error()
		return
	}
	h.runs, h.keys = msg.runs, make([]string, len(msg.runs))
	for i := range h.runs {
		h.keys[i] = runKey(&h.runs[i])
	}
	h.sift(at)
	a.rejudge()
	for _, on := range a.screens {
		if s, is := on.(*pastRunScreen); is {
			s.renew(h)
		}
	}
}

// runKey is the text that a filter searches.
func runKey(r *model.Run) string {
	parts := []string{r.ID, string(r.State), r.Who, r.Host, r.Reason}
	if r.Plan != nil {
		for i := range r.Plan.Steps {
			parts = append(parts, string(r.Plan.Steps[i].Repair), r.Plan.Steps[i].Subject.Name)
		}
	}
	return filter.Text(parts...)
}

// current is the id of the run at the cursor; empty if there is none.
func (h *historyTab) current() string {
	if r := h.run(); r != nil {
		return r.ID
	}
	return ""
}

// run is the one at the cursor; nil if the list is empty.
func (h *historyTab) run() *model.Run {
	if h.cursor >= len(h.matched) {
		return nil
	}
	return &h.runs[h.matched[h.cursor]]
}

func (h *historyTab) find(id string) *model.Run {
	for i := range h.runs {
		if h.runs[i].ID == id {
			return &h.runs[i]
		}
	}
	return nil
}

// sift works out which runs show. The cursor stays on its run, and at the top if it was there, where the newest come
// in.
func (h *historyTab) sift(at string) {
	top := h.cursor == 0
	h.matched = h.matched[:0]
	for i := range h.runs {
		if h.filter.MatchesText(h.keys[i]) {
			h.matched = append(h.matched, int32(i))
		}
	}
	if !top {
		line := slices.IndexFunc(h.matched, func(i int32) bool { return h.runs[i].ID == at })
		h.cursor = max(line, 0)
	}
	h.setLen(len(h.matched))
}

// Filter is the text of the filter, empty if none is set.
func (h *historyTab) Filter() string { return h.filter.Text() }

func (h *historyTab) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text != h.filter.Text() {
		at := h.current()
		h.filter = q
		h.sift(at)
	}
	return err
}

// Matches is how many runs show.
func (h *historyTab) Matches() int { return len(h.matched) }

// Unfiltered is how many runs there are.
func (h *historyTab) Unfiltered() int { return len(h.runs) }

// unsettled is the newest run of which something is in doubt; nil if there is none.
func (h *historyTab) unsettled() *model.Run {
	for i := range h.runs {
		if r := &h.runs[i]; r.State != model.RunRunning && !r.Settled() {
			return r
		}
	}
	return nil
}
