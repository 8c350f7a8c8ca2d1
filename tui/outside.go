package tui

import (
	"context"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/export"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Rememberer knows what an earlier program knew last of the connection. It asks nobody.
type Rememberer interface {
	// Summary sums up at once what Known gives a moment later; nil if that is nothing.
	Summary(ctx context.Context) *drift.Summary
	// Known gives all of it; nil if that is nothing.
	Known(ctx context.Context) (*drift.Comparison, error)
	// Past tells how the findings came and went over the complete reads that are kept, and since when those of a
	// comparison are there. Like Load it runs outside the event loop.
	Past(ctx context.Context, c *drift.Comparison) drift.Past
}

// Reader reads both sides.
type Reader interface {
	// Load reads both sides and compares them. A side or part that cannot be read is no error: it comes back as the
	// coverage of its part, with the reason. An error means that there is nothing at all to show; its text is shown
	// as it is and says what to do next. What a Run or a Refresh has written or read meanwhile is in what it gives.
	Load(ctx context.Context, watch drift.Watch) (*drift.Comparison, error)
	// Look is Load in the background of a watch, which costs as little as it can: of OneLogin only what its events
	// say has changed.
	Look(ctx context.Context, watch drift.Watch) (*drift.Comparison, error)
	// Caution says what a Load would take of a shared rate budget, where that is more than there is to spare. It must
	// not block on the network.
	Caution() Caution
	// Refresh re-reads one user or group on both sides and gives the comparison with that record patched in. The
	// comparison that was shown stays if it fails.
	Refresh(ctx context.Context, subject model.Subject) (*drift.Comparison, error)
}

// Outside is all that the program asks of the world. Load and Refresh run outside the event loop, at most one at a
// time but perhaps beside a Run, and must end soon after ctx is cancelled. The board tags what they give with a load
// id of its own and drops what comes late, so an implementation needs no ids. Requests and Budgets are called from
// any goroutine and must not block on the network.
type Outside interface {
	Repairer
	Guide
	Rememberer
	Reader

	// Open brings up an address in the operator's browser. opened is false where there is none to reach, as over SSH:
	// that is no error, and the address is shown instead.
	Open(ctx context.Context, address string) (opened bool, err error)
	// Requests gives the last HTTP exchanges, oldest first.
	Requests() []model.Exchange
	// Budgets gives what each service said last about its rate limit.
	Budgets() Budgets
}

// Budgets are what both sides said last about their rate limits.
type Budgets [2]model.Budget

// Press presses the button of a simulated console that a handoff asks for. The error says what is to be done instead.
type Press func(ctx context.Context, app string, step *model.Step) error

// Options say how the board looks and what it is about.
type Options struct {
	model.Face

	// Still says what is shown in place of a connection, such as "a snapshot of prod, read at …"; empty for a
	// connection. What is planned from it can be looked at, and not run.
	Still string
	// Theme is the choice of colours; the zero value is style.Auto.
	Theme style.Choice
	// NoColor leaves out every colour. It is for any non-empty NO_COLOR: the framework's own reading of that variable
	// takes values such as "yes" for false (github.com/charmbracelet/colorprofile parses it with strconv.ParseBool).
	NoColor bool
	// Plain is for who has the screen read to them: words, one fact a line, and nothing that moves by itself.
	Plain bool
	// NoMouse leaves the mouse to the terminal, so that text can be selected as usual.
	NoMouse bool
	// Tab is where the board begins, one of TabNames; Select the id of the finding that it begins on, and Filter
	// the filter of the lists of rows. Empty is the first tab, the worst finding, and no filter.
	Tab, Select, Filter string
	// Watch is how often both sides are looked at again from the beginning; 0 does not. Notify is the least severity
	// of a new finding that rings the bell and sends the terminal's notification while they are watched, critical or
	// high; else none does.
	Watch  time.Duration
	Notify string
	// Keys are those that the operator gave to actions, and Views the tabs that he made.
	Keys  keymap.Keys
	Views []keymap.View
	// Press presses what a repair asks for in the simulated console of an app; nil where the console is a real one.
	// It runs outside the event loop.
	Press Press
	// Export writes down what leaves the board; nil where nothing does. It runs outside the event loop.
	Export func(export.Export) (export.Exported, error)
	// Connections leads to the other connections; nil where there is this one only.
	Connections Connections
	// Now is the clock; nil is the real one.
	Now func() time.Time
}

// Repairer is what the board asks of the outside to plan, run and take back repairs. Everything runs outside the
// event loop.
type Repairer interface {
	// Plan says what ending findings in the picked ways would send, from the comparison that was read last. It writes
	// nothing. Rules of the guard in allow are overridden where that is possible; a plan that the guard refuses is no
	// error. An error means that no plan could be made; its text says what to do.
	Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error)
	// Undo plans the way back from a run, as Plan does.
	Undo(ctx context.Context, run string, allow []model.GuardRule) (*model.Plan, error)
	// Run runs a plan step by step and gives what became of it, with the comparison afterwards, which may be nil.
	// Cancelling ctx lets the step that is under way end, with its confirmation, and cancels the rest; it returns
	// only then. allow and reason go into the journal. watch is told where the run stands, from any goroutine, and
	// never waits for the screen. An error with a run without an id means that nothing was begun. Neither Settle nor
	// another Run goes on beside it; a Load, Refresh or Plan may, and each waits for the other where both would
	// change what was read last.
	Run(ctx context.Context, plan *model.Plan, allow []model.GuardRule, reason string,
		watch func(plan.RunProgress)) (model.Run, *drift.Comparison, error)
	// Settle finds out by reading what became of the steps of a run that are in doubt.
	Settle(ctx context.Context, run string) (model.Run, error)
	// History gives the runs of this connection, the newest first. It needs no network.
	History(ctx context.Context) ([]model.Run, error)
}

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
