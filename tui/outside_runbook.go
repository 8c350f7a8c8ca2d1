package tui

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// Guide is what the board asks of the outside for its runbooks. All but Place runs outside the event loop.
type Guide interface {
	// Place leads to a place in a console. app is the app's id. It must not block.
	Place(app string, place model.Place) model.Location
	// Probe asks both services what no reading shows, as `scimdrift doctor` does, and gives the comparison with the
	// answers. It goes on beside neither a Load, nor a Refresh, nor a Run.
	Probe(ctx context.Context) (*drift.Comparison, error)
	// Cases gives the runbooks under way on this connection, as they were kept. An error beside some tells of others
	// that could not be read.
	Cases(ctx context.Context) ([]runbook.Entry, error)
	// KeepCase keeps a runbook over the end of the program, DropCase forgets it.
	KeepCase(ctx context.Context, e runbook.Entry) error
	DropCase(ctx context.Context, e runbook.Entry) error
	// Record words a case for a ticket and writes it to a file of its own, which only its owner can read. path is
	// where; where there is an error, text may be there all the same.
	Record(ctx context.Context, book runbook.Book, c runbook.Case) (text, path string, err error)
}
