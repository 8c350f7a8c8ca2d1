package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

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
		return a.begin(nil)
	}
	a.askToRead(caution, "Not read again.")
	return nil
}

// firstRead reads a connection of which nothing is shown yet. Where the calls will do, if only just, whoever came
// wants to see something, and is told what it costs. Where they will not, the read would end in gaps and take the
// last calls from OneLogin's own provisioner, in an incident of all times: so it is asked for, and what no means
// stands in the place of the grid.
func (a *app) firstRead() tea.Cmd {
	switch caution := a.outside.Caution(); {
	case caution.Text == "":
		return a.begin(nil)
	case !caution.Short:
		cmd := a.begin(nil)
		a.status = caution.Text + "."
		return cmd
	default:
		a.failed = caution.Text + ". Nothing was read yet: R reads all the same, and what does not come through is " +
			"shown as unknown."
		a.askToRead(caution, "Not read.")
		return a.recallOnly()
	}
}

func (a *app) askToRead(caution Caution, no string) {
	a.ask(&prompt.Question{
		Text: "y reads all the same. " + caution.Text + ".", No: no,
		Answer: func(string) tea.Cmd { return a.begin(nil) },
	})
}

// outlook is how many of OneLogin's calls the read under way will have taken, and how many of them are still to come,
// as far as its first pages tell; 0 where nothing is foreseen.
func (a *app) outlook() (calls, toCome int) {
	var newest model.Progress
	for _, p := range a.fetch.parts[model.SourceSide] {
		if p.Requests > newest.Requests || p.Requests == newest.Requests && p.Calls > newest.Calls {
			newest = p
		}
	}
	if !a.loading() || newest.Calls <= newest.Requests {
		return 0, 0
	}
	return newest.Calls, newest.Calls - newest.Requests
}

// foreseen is the outlook beside the budget, "" without one.
func (a *app) foreseen(b model.Budget) string {
	calls, toCome := a.outlook()
	if calls == 0 || !b.Known {
		return ""
	}
	text := fmt.Sprintf("about %s of %s calls", style.Number(calls), style.Number(b.Limit))
	if b.For(toCome) == model.Short {
		return a.theme.Bad.On("! " + text + ", only " + style.Number(b.Remaining) + " left")
	}
	return text + ", " + style.Number(b.Remaining) + " left"
}

// outlookLines say in words that the read will not get through, or will leave too few calls to others.
func (a *app) outlookLines() []string {
	_, toCome := a.outlook()
	text := explain.Calls("What is still to be read", toCome, a.budgets[model.SourceSide], a.now, a.now)
	if text == "" {
		return nil
	}
	return screen.Signed(a.theme.Bad, "!", text+"; it goes on, and esc stops it.", a.width)
}
