package connections

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Info is what is known of a connection that need not be open. Its texts are raw.
type Info struct {
	model.Face

	// SharedWith are other connections with the same target.
	SharedWith []string
	// Health is how it stood when it was last read, by whatever command; nil if it never was.
	Health *drift.Health
	// Unsettled is the id of a run with steps in doubt, empty if there is none.
	Unsettled string
	// Trouble is why what is remembered of it cannot be read; empty if it can.
	Trouble string
}

// Open is how a connection stands that was opened in this program.
type Open struct {
	// Here: it is on the board.
	Here, Job, Loading, Stale, Loaded bool
	// Health is how it stands by what this program read of it; nil before that.
	Health *drift.Health
}

// Known is what is known of all connections.
type Known struct {
	List []Info
	// answered: an answer came; failed is why the last did not.
	answered bool
	failed   string
	// openErrors is why a connection could not be opened, by its name.
	openErrors map[string]string
}

// Receive takes in an answer. What was listed before stays where there is none.
func (k *Known) Receive(list []Info, err error) {
	k.answered, k.failed = true, ""
	if err != nil {
		k.failed = err.Error()
		return
	}
	k.List = list
}

// RecordOpening says of a connection that it was opened, or why it could not be.
func (k *Known) RecordOpening(name string, err error) {
	delete(k.openErrors, name)
	if err != nil {
		if k.openErrors == nil {
			k.openErrors = map[string]string{}
		}
		k.openErrors[name] = err.Error()
	}
}
