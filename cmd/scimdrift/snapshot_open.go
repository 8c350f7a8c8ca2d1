package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/tui"
)

// snapshotOpen shows a snapshot on the board, or prints it where there is no terminal.
func (p *program) snapshotOpen(ctx context.Context, path string) error {
	snap, err := readSnapshot(path)
	if err != nil {
		return err
	}
	snap.Options.Locate = still{}.place
	c := snap.Compare()
	if !screen(p.stdout) || !terminal(p.stdin) {
		write, err := p.writer("text")
		if err != nil {
			return err
		}
		return p.reported(snapshotReport(snap, c), write)
	}
	out := still{snap: snap, compared: c}
	return p.show(ctx, out, tui.Options{
		Connection: snap.Connection, ReadOnly: true, Still: out.what(), NoColor: os.Getenv("NO_COLOR") != "" || p.flags.noColor,
		Source: tui.SideName{Title: "OneLogin", Short: "OneLogin", Detail: c.Source.Name}, Target: targetSide(c.Target.Kind, c.Target.Name),
	})
}

// still answers what the board asks, from a snapshot alone.
type still struct {
	snap     *state.Snapshot
	compared *model.Comparison
}

var _ tui.Outside = still{}

// refusal is why a snapshot does nothing.
func (o still) refusal(what string) error {
	return fmt.Errorf("this is %s: %s; open the connection itself", o.what(), what)
}

// what says what is looked at.
func (o still) what() string {
	return "a snapshot of " + model.Visible(o.snap.Connection) + ", read at " + o.compared.Source.ReadAt.UTC().Format("2006-01-02 15:04:05 UTC")
}

const (
	noRepairs = "nothing can be repaired from it"
	noReading = "no record of it can be read again"
)

// Load gives what was read.
func (o still) Load(context.Context, tui.Watch) (*model.Comparison, error) { return o.compared, nil }

// Summary is nothing else either.
func (still) Summary(context.Context) *model.Summary { return nil }

// Known is nothing else than what Load gives.
func (still) Known(context.Context) (*model.Comparison, error) { return nil, nil } //nolint:nilnil // there is none

// Refresh refuses.
func (o still) Refresh(context.Context, model.Subject) (*model.Comparison, error) {
	return nil, o.refusal(noReading)
}

// Events gives no more than the snapshot holds.
func (still) Events(context.Context, time.Time) ([]model.Event, error) { return nil, nil }

// Place gives the way through the menus.
func (o still) Place(app string, p model.Place) model.Location { return o.place(app, p) }

// Probe refuses.
func (o still) Probe(context.Context) (*model.Comparison, error) { return nil, o.refusal(noReading) }

// Cases is empty: runbooks belong to the connection.
func (still) Cases(context.Context) ([]runbook.Entry, error) { return nil, nil }

// KeepCase keeps nothing: what is looked at in a snapshot ends with it.
func (still) KeepCase(context.Context, runbook.Entry) error { return nil }

// DropCase has nothing to forget.
func (still) DropCase(context.Context, runbook.Entry) error { return nil }

// Record refuses.
func (o still) Record(context.Context, runbook.Book, runbook.Case) (text, path string, err error) {
	return "", "", o.refusal("a record of it would say nothing of how things are")
}

func (still) place(app string, p model.Place) model.Location {
	return model.Location{Menu: locator("")(app, p).Menu}
}

// Open opens nothing.
func (still) Open(context.Context, string) (bool, error) { return false, nil }

// Undo refuses.
func (o still) Undo(context.Context, string, []model.GuardRule) (*model.Plan, error) {
	return nil, o.refusal(noRepairs)
}

// Run refuses.
func (o still) Run(
	context.Context, *model.Plan, []model.GuardRule, string, func(model.RunProgress),
) (model.Run, *model.Comparison, error) {
	return model.Run{}, nil, o.refusal(noRepairs)
}

// Settle refuses.
func (o still) Settle(context.Context, string) (model.Run, error) {
	return model.Run{}, o.refusal(noRepairs)
}

// History is empty: runs belong to the connection.
func (still) History(context.Context) ([]model.Run, error) { return nil, nil }

// Requests is empty.
func (still) Requests() []tui.Exchange { return nil }

// Caution has nothing to say: nothing is read.
func (still) Caution() tui.Caution { return tui.Caution{} }

// RunCaution has nothing to say either: nothing is run.
func (still) RunCaution() tui.Caution { return tui.Caution{} }

// Budgets are not known.
func (still) Budgets() tui.Budgets { return tui.Budgets{} }
