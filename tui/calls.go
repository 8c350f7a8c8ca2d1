package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/prompt"
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
		a.Failed = caution.Text + ". Nothing was read yet: R reads all the same, and what does not come through is " +
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
