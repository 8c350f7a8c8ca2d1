package repair

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

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
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = transport.Sleep
	}
	return &Repairer{opts: o}
}

var errNoJournal = errors.New("there is no journal to write to, and without one nothing is written; configure a " +
	"state folder")

// History gives the runs of this connection, newest first, whatever it was called then.
func (r *Repairer) History(ctx context.Context) ([]model.Run, error) {
	if r.opts.Journal == nil {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.opts.Journal.Runs(r.opts.Fingerprint)
}

// RefusedError is what Run gives back for a plan that the guard refuses. Nothing was written, and no run was begun.
type RefusedError struct {
	Verdict model.GuardVerdict
}

func (e *RefusedError) Error() string {
	said := make([]string, 0, len(e.Verdict.Refusals))
	for _, r := range e.Verdict.Refusals {
		said = append(said, string(r.Rule)+": "+r.Text+"; "+r.Way)
	}
	return "the guard refuses this plan, so nothing was written: " + strings.Join(said, "; ")
}
