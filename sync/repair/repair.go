// Package repair compiles what an operator picked into plans, runs them step by step, confirms by reading, settles
// what a killed run left in doubt, and plans the way back. It never writes anything that a plan does not show, never
// sends a write twice, and keeps what it is about to change in the journal before it does.
package repair

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Target is what a repair asks of the SCIM side; what its methods promise is said at scim.Client.
type Target interface {
	Writer

	FindUser(ctx context.Context, userName, externalID string) (model.User, bool, error)
	FindGroup(ctx context.Context, displayName, externalID string) (model.Group, bool, error)
	Listed(ctx context.Context, of model.SubjectType, id, name string) (json.RawMessage, bool, error)
	Record(
		ctx context.Context, of model.SubjectType, id string, members bool,
	) (t model.TargetRecord, found bool, err error)
	GroupsOf(ctx context.Context, userID string) (groups []model.GroupRef, incomplete string, err error)
}

// Writer turns intents into requests and sends them.
type Writer interface {
	Prepare(ctx context.Context) error
	Needs(in *model.Intent) model.RecordRef
	Encode(in *model.Intent) ([]model.Encoded, error)
	Write(ctx context.Context, r model.Request) (model.Answer, error)
}

// Source is what a repair asks of OneLogin beside what the loader reads; see onelogin.Client.
type Source interface {
	Encode(in *model.Intent, stamp string) ([]model.Encoded, error)
	Write(ctx context.Context, r model.Request) (model.Answer, error)
	Tail(ctx context.Context, after time.Time) ([]model.Event, error)
	Budget() model.Budget
}

// Lens is what a repair asks of AWS's own APIs; see identitycenter.Client.
type Lens interface {
	Assignments(ctx context.Context, of model.Principal) ([]model.Assignment, error)
	Assigned(ctx context.Context, a model.Assignment) (bool, error)
	Revision(ctx context.Context, of model.Principal) (string, error)
	Encode(ctx context.Context, in *model.Intent) ([]model.Encoded, error)
	Write(ctx context.Context, r model.Request) (model.Answer, error)
}

// Reader reads both sides and keeps the last comparison. What its methods promise is said at load.Loader.
type Reader interface {
	Last() *drift.Comparison
	ReadsInFull() string
	Renew(ctx context.Context, why string) (c *drift.Comparison, full string, err error)
	BearOut(ctx context.Context, ids ...string) (*drift.Comparison, error)
	Suppose(seen *plan.Observation) *drift.Comparison
	Refresh(ctx context.Context, subject model.Subject) (*drift.Comparison, error)
	Look(ctx context.Context, watch drift.Watch, spare bool) (*drift.Comparison, error)
	Recheck(
		ctx context.Context, q model.Question, look func(ctx context.Context) (*plan.Observation, error),
	) (*drift.Comparison, error)
	Baseline() *model.Baseline
}

// Options make a Repairer.
type Options struct {
	Connection string
	// Fingerprint tells the connection by its addresses and app.
	Fingerprint string
	Source      Source
	Target      Target
	// Lens is nil where none is configured: then account assignments are neither shown nor changed.
	Lens   Lens
	Reader Reader
	// Journal is nil for a repairer that plans only.
	Journal    *journal.Store
	Guard      model.Guard
	Groups     rules.GroupsConfig
	SharedWith []string
	// Locate leads to the page of a console repair.
	Locate func(app string, place model.Place) model.Location
	// Open brings up an address in a browser; nil or false where there is none to reach.
	Open func(ctx context.Context, address string) (bool, error)
	// Forgets: nothing is kept on this machine that a run in another process could rest on.
	Forgets bool
	// Skew is how far our clock is ahead of OneLogin's, as far as that is known; nil knows nothing.
	Skew func() (ahead time.Duration, known bool)
	// HandoffDeadline bounds the watching, ConfirmWithin the reading back; 0 means ten minutes and thirty seconds.
	HandoffDeadline, ConfirmWithin time.Duration
	// Who, Host and Version go into the journal.
	Who, Host, Version string
	Now                func() time.Time
	// Sleep waits, or ends early with ctx; nil is a real timer. Tests give their own.
	Sleep func(ctx context.Context, d time.Duration) error
}

// RunOptions are what an operator says when a run starts.
type RunOptions struct {
	// Reason goes into the journal.
	Reason string
	// Allow overrides rules of the guard. What the plan says of itself overrides none.
	Allow []model.GuardRule
	// Watch is told where the run stands; it must not block. nil tells nobody.
	Watch func(plan.RunProgress)
}

// What is meant by 0 in Options.
const (
	defaultHandoff = 10 * time.Minute
	defaultConfirm = 30 * time.Second
)

// Repairer plans, runs, settles and undoes the repairs of one connection. It keeps nothing between calls: what it
// knows is in the journal and in the reader's last comparison.
type Repairer struct {
	opts Options
}

// New makes a repairer.
func New(o Options) *Repairer {
	o.HandoffDeadline = cmp.Or(o.HandoffDeadline, defaultHandoff)
	o.ConfirmWithin = cmp.Or(o.ConfirmWithin, defaultConfirm)
	if o.Sleep == nil {
		o.Sleep = transport.Sleep
	}
	return &Repairer{opts: o}
}

var errNoJournal = errors.New("there is no journal to write to, and without one nothing is written; configure a " +
	"state folder")

// History gives the runs of this connection, newest first, whatever it was called then.
func (r *Repairer) History() ([]model.Run, error) {
	return r.opts.Journal.Runs(r.opts.Fingerprint)
}

// RefusedError is what Run gives back for a plan that the guard refuses. Nothing was written, and no run was begun.
type RefusedError struct {
	Verdict model.GuardVerdict
}

func (e *RefusedError) Error() string {
	said := model.Map(e.Verdict.Refusals, func(r *model.GuardRefusal) string {
		return string(r.Rule) + ": " + r.Text + "; " + r.Way
	})
	return "the guard refuses this plan, so nothing was written: " + strings.Join(said, "; ")
}
