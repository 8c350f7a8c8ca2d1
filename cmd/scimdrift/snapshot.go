package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/transport"
	"github.com/scimdrift/scimdrift/tui"
	"github.com/scimdrift/scimdrift/tui/export"
)

func (p *program) snapshotCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Keep both sides in a file, look at it later, compare two",
	}
	var output string
	diff := command("diff BEFORE AFTER", "Say what changed from one snapshot to another", cobra.ExactArgs(2),
		func(_ context.Context, args []string) error { return p.snapshotDiff(args[0], args[1], output) })
	formFlag(diff, &output, "form", "text", "json")
	cmd.AddCommand(
		command("save FILE", "Read both sides and keep them in a file", cobra.ExactArgs(1), p.snapshotSave),
		command("open FILE", "Look at a snapshot on the board", cobra.ExactArgs(1), p.snapshotOpen), diff,
	)
	return cmd
}

func (p *program) snapshotSave(ctx context.Context, args []string) error {
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	r, err := p.readBothSides(ctx, s)
	if err != nil {
		return err
	}
	fingerprint, err := s.fingerprint(ctx)
	if err != nil {
		return err
	}
	reading, _, _ := s.loader.Kept() // it has just been read
	snap := state.Snapshot{
		Connection: s.connection.Name, Fingerprint: fingerprint, Version: version, SavedAt: time.Now(),
		Options: s.options, Reading: reading,
	}
	var b bytes.Buffer
	if err := snap.Save(&b); err != nil {
		return err
	}
	if err := replaceFile(args[0], b.Bytes()); err != nil {
		return fmt.Errorf("the snapshot could not be saved: %w; choose another file", err)
	}
	if !r.Complete() {
		s.note("a part could not be read completely; the snapshot says which, and it is not compared with others")
	}
	return nil
}

func readSnapshot(path string) (*state.Snapshot, error) {
	f, err := os.Open(path) //nolint:gosec // the operator's own choice of file
	if err != nil {
		return nil, fmt.Errorf("the snapshot cannot be read: %w; make one with: scimdrift snapshot save FILE", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	s, err := state.ReadSnapshot(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func (p *program) snapshotDiff(before, after, output string) error {
	a, err := readSnapshot(before)
	if err != nil {
		return err
	}
	b, err := readSnapshot(after)
	if err != nil {
		return err
	}
	if a.Fingerprint != b.Fingerprint {
		return fmt.Errorf("%s is of connection %s and %s of connection %s: other addresses or another app, so that "+
			"every record would differ; save both from one connection, or one built-in tenant",
			before, model.Visible(a.Connection), after, model.Visible(b.Connection))
	}
	d := drift.Differences(a.Compare(), b.Compare())
	switch {
	case len(d.Changes) > 0:
		p.code = exitDrift
	case len(d.Open) > 0:
		p.code = exitIncomplete
	}
	if output == "json" {
		return report.DifferenceJSON(p.stdout, d)
	}
	return report.DifferenceText(p.stdout, d)
}

// snapshotOpen shows a snapshot on the board, or prints it where there is no terminal.
func (p *program) snapshotOpen(ctx context.Context, args []string) error {
	snap, err := readSnapshot(args[0])
	if err != nil {
		return err
	}
	snap.Options.Locate = snapshotBoard{}.Place
	c := snap.Compare()
	if !isDrawable(p.stdout) || !isTerminal(p.stdin) {
		return p.printReport(report.Report{Connection: snap.Connection, ReadAt: c.Source.ReadAt, Comparison: c}, "text")
	}
	out, err := newSnapshotBoard(ctx, snap, c)
	if err != nil {
		return err
	}
	opts := p.configuredBoard()
	opts.Connection, opts.ReadOnly, opts.Still, opts.Export = snap.Connection, true, out.description, p.exportSnapshot
	opts.Sides = sideNames(c.Source.Name, c.Target.Kind, c.Target.Name)
	return p.showBoard(ctx, out, opts)
}

// exportSnapshot writes what leaves a snapshot. No command line gives it again, and apply would refuse a plan of it.
func (p *program) exportSnapshot(e export.Export) (export.Exported, error) {
	if e.Form == export.Plan {
		return export.Exported{}, errors.New("nobody can run a plan from a snapshot; open the connection itself, and " +
			"plan there")
	}
	done, err := p.export(e)
	done.Command = ""
	return done, err
}

// snapshotBoard answers what the board asks, from a snapshot alone. What would ask a service, or write, is refused.
type snapshotBoard struct {
	webBrowser

	// description says what is looked at, and refusal that there is no more to be had from it.
	description string
	refusal     error
	comparison  *drift.Comparison
	repairer    *repair.Repairer
}

var _ tui.Outside = snapshotBoard{}

// snapshotFingerprint is the fingerprint of a plan from a snapshot: that of no connection, so that none runs it.
const snapshotFingerprint = "snapshot"

// newSnapshotBoard makes what plans from a snapshot, with clients that send nothing.
func newSnapshotBoard(ctx context.Context, snap *state.Snapshot, c *drift.Comparison) (snapshotBoard, error) {
	const nowhere, nobody = "https://snapshot.invalid", "nobody"
	offline := transport.Options{Offline: errors.New("it would have to be read first, and nothing is read from a " +
		"snapshot; open the connection itself")}
	// A snapshot does not hold the name of the attribute that a nudge writes.
	source, err := onelogin.New(onelogin.Options{
		URL: nowhere, ClientID: nobody, ClientSecret: nobody, AppName: "*", HTTP: offline,
	})
	if err != nil {
		return snapshotBoard{}, err
	}
	target, err := scim.New(scim.Options{URL: nowhere, Token: nobody, Dialect: c.Target.Kind, HTTP: offline})
	if err != nil {
		return snapshotBoard{}, err
	}
	loader := load.New(source, target, load.Options{Options: snap.Options, TargetKind: c.Target.Kind, Now: time.Now})
	if err := loader.Restore(ctx, snap.Reading, nil); err != nil {
		return snapshotBoard{}, err
	}
	what := "a snapshot of " + model.Visible(snap.Connection) + ", read at " + model.ToTheSecond(c.Source.ReadAt)
	return snapshotBoard{
		description: what, comparison: c,
		refusal: fmt.Errorf("this is %s: nothing can be read again, repaired or recorded from it; open the connection "+
			"itself", what),
		// Neither the limits of the guard nor the journal are known, so that the screen does not show what the guard
		// says of a plan.
		repairer: repair.New(repair.Options{
			Connection: snap.Connection, Fingerprint: snapshotFingerprint, Source: source, Target: target,
			Reader: frozenLoader{loader}, Guard: model.DefaultGuard(), Groups: snap.Options.Groups,
			Locate: snapshotBoard{}.Place, Now: time.Now,
		}),
	}, nil
}

// frozenLoader is a loader that has read all that it ever will: it asks nobody about what was picked.
type frozenLoader struct{ *load.Loader }

func (r frozenLoader) BearOut(context.Context, ...string) (*drift.Comparison, error) {
	return r.Last(), nil
}
func (frozenLoader) ReadsInFull() string { return "" }

func (o snapshotBoard) Load(context.Context, drift.Watch) (*drift.Comparison, error) {
	return o.comparison, nil
}

func (o snapshotBoard) Look(context.Context, drift.Watch) (*drift.Comparison, error) {
	return o.comparison, nil
}

// What a snapshot does not hold is nothing: what was known before, the runs and the runbooks of a connection, requests.

//nolint:nilnil // none
func (snapshotBoard) Known(context.Context) (*drift.Comparison, error) { return nil, nil }

func (snapshotBoard) Summary(context.Context) *drift.Summary                    { return nil }
func (snapshotBoard) Past(context.Context, *drift.Comparison) (none drift.Past) { return none }
func (snapshotBoard) History(context.Context) ([]model.Run, error)              { return nil, nil }
func (snapshotBoard) Cases(context.Context) ([]runbook.Entry, error)            { return nil, nil }
func (snapshotBoard) KeepCase(context.Context, runbook.Entry) error             { return nil }
func (snapshotBoard) DropCase(context.Context, runbook.Entry) error             { return nil }
func (snapshotBoard) Requests() []model.Exchange                                { return nil }
func (snapshotBoard) Budgets() (none tui.Budgets)                               { return none }
func (snapshotBoard) Caution() (none tui.Caution)                               { return none }

func (o snapshotBoard) Refresh(context.Context, model.Subject) (*drift.Comparison, error) {
	return nil, o.refusal
}
func (o snapshotBoard) Probe(context.Context) (*drift.Comparison, error) { return nil, o.refusal }

func (o snapshotBoard) Undo(context.Context, string, []model.GuardRule) (*model.Plan, error) {
	return nil, o.refusal
}

func (o snapshotBoard) Run(
	context.Context, *model.Plan, []model.GuardRule, string, func(plan.RunProgress),
) (none model.Run, c *drift.Comparison, err error) {
	return none, nil, o.refusal
}

func (o snapshotBoard) Settle(context.Context, string) (none model.Run, err error) {
	return none, o.refusal
}

func (o snapshotBoard) Record(context.Context, runbook.Book, runbook.Case) (text, path string, err error) {
	return "", "", o.refusal
}

// Place gives the way through the menus: nothing tells the address of the console.
func (snapshotBoard) Place(app string, p model.Place) model.Location {
	return model.Location{Menu: locator("")(app, p).Menu}
}

// Plan says what ending findings would have sent.
func (o snapshotBoard) Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
	return o.repairer.Plan(ctx, picks, allow)
}
