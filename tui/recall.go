package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// lastKnown asks for what an earlier program knew. That there is none, or that it cannot be read, changes nothing: the
// read that follows replaces it.
func lastKnown(ctx context.Context, outside Outside, box *mailbox[readProgressMsg]) (*rows.Set, drift.Past) {
	if summary := outside.Summary(ctx); summary != nil {
		box.update(func(n *readProgressMsg) { n.summary = summary })
	}
	c, err := outside.Known(ctx)
	if err != nil || c == nil || !c.KnowsSomething() {
		return nil, drift.Past{}
	}
	known, past := rows.NewSet(c), outside.Past(ctx, c)
	box.update(func(n *readProgressMsg) { n.known, n.past = known, past })
	return known, past
}

// showLastKnown shows what is known where nothing is read.
func (a *app) showLastKnown() tea.Cmd {
	ctx, outside := a.ctx, a.outside
	return a.inBackground(func() tea.Msg {
		set, past := lastKnown(ctx, outside, newMailbox[readProgressMsg]())
		return screen.Answer(func() tea.Cmd {
			if set == nil || outside != a.outside || a.Set != nil || a.Fetch.Active {
				return nil
			}
			a.trend = past
			return a.show(reading.Shown{Set: set, Late: &reading.Late{
				At: a.now, Word: "was not begun",
				Why: "was not begun, to leave the calls to others",
			}})
		})
	})
}

// setFallback makes what an earlier program knew what the read under way goes back to, where there was nothing before
// it.
func (a *app) setFallback(known *rows.Set) bool {
	if known == nil || a.Fetch.Before.Known() != nil {
		return false
	}
	a.Fetch.Before = reading.Shown{Set: known, Late: &reading.Late{ // stale until this read takes its place
		At: a.Fetch.Began, Word: "has not ended", Why: "has not ended yet",
	}}
	return true
}

// Caution says that a read would take more of OneLogin's hourly calls than there is to spare; the zero one that it
// would not.
type Caution struct {
	// Text is what it takes and what is left, without a full stop at its end.
	Text string
	// Short: it will not get through; else it will, and leave too few to others.
	Short bool
}

// reload reads everything again, and asks before it does where that costs others their share of the calls.
func (a *app) reload() tea.Cmd {
	caution := a.outside.Caution()
	if caution.Text == "" {
		return a.startRead(nil)
	}
	a.askBeforeRead(caution, "Not read again.")
	return nil
}

// firstRead reads a connection of which nothing is shown yet. Where the calls will do, if only just, whoever came
// wants to see something, and is told what it costs. Where they will not, the read would end in gaps and take the
// last calls from OneLogin's own provisioner, in an incident of all times: so it is asked for, and what no means
// stands in the place of the grid.
func (a *app) firstRead() tea.Cmd {
	switch caution := a.outside.Caution(); {
	case caution.Text == "":
		return a.startRead(nil)
	case !caution.Short:
		cmd := a.startRead(nil)
		a.status = caution.Text + "."
		return cmd
	default:
		a.Failed = caution.Text + ". Nothing was read yet: " + a.keyFor("reload") +
			" reads all the same, and what does not come through is " +
			"shown as unknown."
		a.askBeforeRead(caution, "Not read.")
		return a.showLastKnown()
	}
}

func (a *app) askBeforeRead(caution Caution, no string) {
	a.ask(&prompt.Question{
		Text: "y reads all the same. " + caution.Text + ".", No: no,
		Answer: func(string) tea.Cmd { return a.startRead(nil) },
	})
}
