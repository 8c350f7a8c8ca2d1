package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/tui"
)

// snapshotOpen shows a snapshot on the board, or prints it where there is no terminal.
func (p *program) snapshotOpen(ctx context.Context, path string) error {
	snap, err := readSnapshot(path)
	if err != nil {
		return err
	}
	snap.Options.Locate = still{}.Place
	c := snap.Compare()
	if !screen(p.stdout) || !terminal(p.stdin) {
		write, err := p.writer("text")
		if err != nil {
			return err
		}
		return p.reported(report.Report{Connection: snap.Connection, ReadAt: c.Source.ReadAt, Comparison: c}, write)
	}
	out := still{snap: snap, compared: c}
	return p.show(ctx, out, tui.Options{
		Connection: snap.Connection, ReadOnly: true, Still: out.what(), NoColor: os.Getenv("NO_COLOR") != "" ||
			p.flags.noColor,
		Source: model.SideName{Title: "OneLogin", Short: "OneLogin", Detail: c.Source.Name},
		Target: targetSide(c.Target.Kind, c.Target.Name),
	})
}

// still answers what the board asks, from a snapshot alone.
type still struct {
	snap     *state.Snapshot
	compared *drift.Comparison
}

var _ tui.Outside = still{}

// refusal is why a snapshot does nothing.
func (o still) refusal(what string) error {
	return fmt.Errorf("this is %s: %s; open the connection itself", o.what(), what)
}

// what says what is looked at.
func (o still) what() string {
	return "a snapshot of " + model.Visible(o.snap.Connection) + ", read at " +
		model.ToTheSecond(o.compared.Source.ReadAt)
}

const (
	noRepairs = "nothing can be repaired from it"
	noReading = "no record of it can be read again"
)

func (o still) Load(context.Context, drift.Watch) (*drift.Comparison, error) { return o.compared, nil }

func (o still) Look(context.Context, drift.Watch) (*drift.Comparison, error) { return o.compared, nil }

// What a snapshot does not hold is nothing: the past, the runs, the runbooks and the requests of a connection.

func (still) Summary(context.Context) *drift.Summary                    { return nil }
func (still) Known(context.Context) (*drift.Comparison, error)          { return nil, nil } //nolint:nilnil // none
func (still) Past(context.Context, *drift.Comparison) (none drift.Past) { return none }
func (still) Events(context.Context, time.Time) ([]model.Event, error)  { return nil, nil }
func (still) Cases(context.Context) ([]runbook.Entry, error)            { return nil, nil }
func (still) KeepCase(context.Context, runbook.Entry) error             { return nil }
func (still) DropCase(context.Context, runbook.Entry) error             { return nil }
func (still) Open(context.Context, string) (bool, error)                { return false, nil }
func (still) History(context.Context) ([]model.Run, error)              { return nil, nil }
func (still) Requests() []model.Exchange                                { return nil }
func (still) Caution() (none tui.Caution)                               { return none }
func (still) RunCaution() (none tui.Caution)                            { return none }
func (still) Budgets() (none tui.Budgets)                               { return none }

// Place gives the way through the menus: nothing tells the address of the console.
func (still) Place(app string, p model.Place) model.Location {
	return model.Location{Menu: locator("")(app, p).Menu}
}

// What would ask a service is refused.

func (o still) Refresh(context.Context, model.Subject) (*drift.Comparison, error) {
	return nil, o.refusal(noReading)
}

func (o still) Probe(context.Context) (*drift.Comparison, error) { return nil, o.refusal(noReading) }

func (o still) Record(context.Context, runbook.Book, runbook.Case) (text, path string, err error) {
	return "", "", o.refusal("a record of it would say nothing of how things are")
}

func (o still) Undo(context.Context, string, []model.GuardRule) (*model.Plan, error) {
	return nil, o.refusal(noRepairs)
}

func (o still) Run(
	context.Context, *model.Plan, []model.GuardRule, string, func(plan.RunProgress),
) (run model.Run, c *drift.Comparison, err error) {
	return run, nil, o.refusal(noRepairs)
}

func (o still) Settle(context.Context, string) (run model.Run, err error) {
	return run, o.refusal(noRepairs)
}

// errStill is why nothing is read for a plan from a snapshot.
var errStill = errors.New("it would have to be read first, and nothing is read from a snapshot; open the connection " +
	"itself")

// snapshotPrint is the fingerprint of a plan from a snapshot: that of no connection, so that none runs it.
const snapshotPrint = "snapshot"

// Plan says what ending findings would have sent. Neither the limits of the guard nor the journal are known, so that
// the screen does not show what the guard says of it.
func (o still) Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
	return repair.New(repair.Options{
		Connection: o.snap.Connection, Fingerprint: snapshotPrint, Source: stillSource{},
		Target: stillTarget{scim.NewDraft(o.compared.Target.Kind)}, Reader: stillReader(o), Guard: model.DefaultGuard(),
		Groups: o.snap.Options.Groups, Locate: o.Place, Now: time.Now,
	}).Plan(ctx, picks, allow)
}

// stillReader has read all that it ever will.
type stillReader struct {
	snap     *state.Snapshot
	compared *drift.Comparison
}

func (r stillReader) Last() *drift.Comparison                         { return r.compared }
func (r stillReader) Baseline() *model.Baseline                       { return nil }
func (r stillReader) Read(context.Context) (*drift.Comparison, error) { return nil, errStill }

func (r stillReader) Refresh(context.Context, model.Subject) (*drift.Comparison, error) {
	return nil, errStill
}

func (r stillReader) Suppose(seen *plan.Observation) *drift.Comparison {
	return load.Suppose(r.snap.Reading, r.snap.Options, seen)
}

// BearOut asks nobody: the services of a snapshot are not there.
func (r stillReader) BearOut(context.Context, ...string) (*drift.Comparison, error) {
	return r.Last(), nil
}

func (r stillReader) ReadsInFull() string { return "" }

func (r stillReader) Renew(context.Context, string) (*drift.Comparison, string, error) {
	return nil, "", errStill
}

func (r stillReader) Recheck(
	context.Context, model.Question, func(context.Context) (*plan.Observation, error),
) (*drift.Comparison, error) {
	return nil, errStill
}

// stillSource is a OneLogin that nobody asks. A snapshot does not hold the name of the attribute that a nudge writes.
type stillSource struct{}

func (stillSource) Encode(*model.Intent, string) ([]model.Encoded, error)  { return nil, errStill }
func (stillSource) Budget() (none model.Budget)                            { return none }
func (stillSource) Tail(context.Context, time.Time) ([]model.Event, error) { return nil, errStill }
func (stillSource) Login(context.Context, string) (none model.Login, err error) {
	return none, errStill
}

func (stillSource) Write(context.Context, model.Request) (none model.Answer, err error) {
	return none, errStill
}

// stillTarget words requests, and neither reads nor writes.
type stillTarget struct{ scim.Draft }

func (stillTarget) Prepare(context.Context) error { return nil }

func (stillTarget) Write(context.Context, model.Request) (none model.Answer, err error) {
	return none, errStill
}

func (stillTarget) FindUser(context.Context, string, string) (none model.User, found bool, err error) {
	return none, false, errStill
}

func (stillTarget) FindGroup(context.Context, string, string) (none model.Group, found bool, err error) {
	return none, false, errStill
}

func (stillTarget) GetUser(context.Context, string) (none model.User, found bool, err error) {
	return none, false, errStill
}

func (stillTarget) GetGroup(context.Context, string) (none model.Group, found bool, err error) {
	return none, false, errStill
}

func (stillTarget) MembersOf(context.Context, string) (none model.MemberList, err error) {
	return none, errStill
}

func (stillTarget) Listed(context.Context, model.SubjectType, string, string) (json.RawMessage, bool, error) {
	return nil, false, errStill
}

func (stillTarget) Record(context.Context, model.SubjectType, string, bool) (model.TargetRecord, bool, error) {
	return model.TargetRecord{}, false, errStill
}

func (stillTarget) GroupsOf(context.Context, string) (groups []model.GroupRef, incomplete string, err error) {
	return nil, "", errStill
}
