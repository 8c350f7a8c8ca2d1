package tui

import (
	"context"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
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
	// as it is and says what to do next.
	Load(ctx context.Context, watch Watch) (*drift.Comparison, error)
	// Look is Load in the background of a watch, which costs as little as it can: of OneLogin only what its events
	// say has changed.
	Look(ctx context.Context, watch Watch) (*drift.Comparison, error)
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

	// Events gives OneLogin's events since a moment, for following the log. It may give some that were known already,
	// and must end soon after ctx is cancelled.
	Events(ctx context.Context, after time.Time) ([]model.Event, error)
	// Open brings up an address in the operator's browser. opened is false where there is none to reach, as over SSH:
	// that is no error, and the address is shown instead.
	Open(ctx context.Context, address string) (opened bool, err error)
	// Requests gives the last HTTP exchanges, oldest first.
	Requests() []Exchange
	// Budgets gives what each service said last about its rate limit.
	Budgets() Budgets
}

// Watch is how a running load tells what it does. Both functions may be called from any goroutine, never wait for the
// screen, and may be called after the load was cancelled; what they are told then is dropped.
type Watch struct {
	// Part tells where one part of one side stands. Only the last word on each part is kept.
	Part func(PartProgress)
	// Interim hands over a comparison that can be shown before the load has ended: users and groups first, with the
	// coverage of what is still being read set to unknown. It takes a time in proportion to the directories, so that a
	// few calls a load are right and one for each page is not.
	Interim func(*drift.Comparison)
}

// Side is one of the two systems.
type Side uint8

// The sides.
const (
	Source Side = iota
	Target
	sideCount
)

// PartState says where the reading of one part stands.
type PartState uint8

// The states of reading a part. The zero value stands for a part that was not begun.
const (
	PartQueued PartState = iota
	PartReading
	PartRead
	PartFailed
)

// PartProgress is where one part stands.
type PartProgress struct {
	Side  Side
	Part  model.Part
	State PartState
	// Done counts records read so far; Expected is how many there will be, 0 if that is not known.
	Done, Expected int
	// Requests counts HTTP requests so far, retries included.
	Requests int
	// Calls is how many requests the whole side will have taken, as far as can be foreseen; never below Requests.
	Calls int
	// WaitingUntil is when a wait for a rate limit, or after a failure, ends; zero when nothing waits. WaitingFor
	// says why, such as "our share of the rate limit"; of a part that is queued, what has to be read before it.
	WaitingUntil time.Time
	WaitingFor   string
	// Reason says why a part failed, and what to do about it; empty otherwise.
	Reason string
}

// Exchange is one HTTP request and its answer, for the request log. It holds no secrets.
type Exchange struct {
	At time.Time
	// Service is the short name of the side, such as "OneLogin" or "AWS".
	Service, Method string
	// Path is the path with its query, secrets masked; Base is what stands before it, empty where the request is
	// signed and cannot be made again by hand.
	Base, Path string
	// Login: it asked for a token, with the client's id and secret.
	Login bool
	// Status is the HTTP status, 0 when no answer arrived; Err says why.
	Status int
	Err    string
	// Duration is from sending to the end of the answer; Waited is how long the request was held back before.
	Duration, Waited time.Duration
}

// Budgets are the rate budgets of both sides.
type Budgets [sideCount]Budget

// Budget is what a service said last about its rate limit.
type Budget struct {
	// Known is false until an answer told it.
	Known            bool
	Remaining, Limit int
	// Reset is when Remaining becomes Limit again; zero if the service did not say.
	Reset time.Time
}

// SideName is how a side is called on the screen.
type SideName struct {
	// Title is the full name, such as "AWS IAM Identity Center"; Short the one used in sentences, such as "AWS"; Detail
	// what tells this one from others of its kind, such as "us-east-1" or "app 500001". Raw.
	Title, Short, Detail string
}

// Press presses the button of a simulated console that a repair asks for. The error says what is to be done instead.
type Press func(ctx context.Context, app string, repair model.RepairName) error

// View is a named filter over the findings, a tab of its own.
type View struct{ Name, Filter string }

// Options say how the board looks and what it is about.
type Options struct {
	// Connection is its name; Accent the colour of its frame: one of those that style.AccentNames lists, or empty.
	Connection, Accent string
	ReadOnly           bool
	// Still says what is shown in place of a connection, such as "a snapshot of prod, read at …"; empty for a
	// connection. What is planned from it can be looked at, and not run.
	Still          string
	Source, Target SideName
	// Theme is the choice of colours; the zero value is style.Auto.
	Theme style.Choice
	// NoColor leaves out every colour. It is for any non-empty NO_COLOR: the framework's own reading of that variable
	// takes values such as "yes" for false (github.com/charmbracelet/colorprofile parses it with strconv.ParseBool).
	NoColor bool
	// ASCII shows no other characters, as where the locale has no others.
	ASCII bool
	// NoMouse leaves the mouse to the terminal, so that text can be selected as usual.
	NoMouse bool
	// Tab is where the board begins, one of TabNames; Select the id of the finding that it begins on, and Filter the
	// filter of the lists of rows. Empty is the first tab, the worst finding, and no filter.
	Tab, Select, Filter string
	// Watch is how often both sides are looked at again from the beginning; 0 does not. Notify is the least severity
	// of a new finding that rings the bell and sends the terminal's notification while they are watched, critical or
	// high; else none does.
	Watch  time.Duration
	Notify string
	// Keys are those that the operator gave to actions, and Views the tabs that he made.
	Keys  Keys
	Views []View
	// Press presses what a repair asks for in the simulated console of an app; nil where the console is a real one.
	// It runs outside the event loop.
	Press Press
	// Export writes down what leaves the board; nil where nothing does. It runs outside the event loop.
	Export func(Export) (Exported, error)
	// Connections leads to the other connections; nil where there is this one only.
	Connections Connections
	// Now is the clock; nil is the real one.
	Now func() time.Time
}
