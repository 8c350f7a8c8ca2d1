package repair_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/repair"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// withLens lays a tenant with a lens on it: its lingering groups have account assignments.
func withLens(t *testing.T) *bed {
	t.Helper()
	return lay(t, "drift").seeThrough()
}

// seeThrough puts a lens on a tenant and reads it.
func (b *bed) seeThrough() *bed {
	b.t.Helper()
	target := &b.tenant.World.Target
	lens := identitycenter.New(identitycenter.Options{
		Region: target.Region, Endpoint: b.server.URL(), IdentityStoreID: target.IdentityStoreID,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		RateShare:   identitycenter.Unlimited,
		HTTP:        transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
		Sleep:       func(context.Context, time.Duration) error { return nil },
	})
	b.t.Cleanup(lens.Close)
	b.opts.Lens = lens
	b.loader = load.New(b.opts.Source.(load.Source), b.opts.Target.(load.Target), load.Options{
		Options:    drift.Options{Groups: b.opts.Groups, Fields: model.FieldSetOf(model.Fields()...), Nudge: true},
		TargetKind: "aws", Window: 14 * 24 * time.Hour, Now: b.clock, AWS: lens,
		Observer: load.NewObserver(model.Facts{}, onelogin.Needs), Former: load.Former{Journal: b.formerByJournal},
	})
	b.opts.Reader = b.loader
	b.repairer = repair.New(b.opts)
	b.read()
	return b
}

func (b *bed) formerByJournal() ([]model.FormerName, error) {
	runs, err := b.opts.Journal.Runs(print1)
	return model.FormerByRuns(runs), err
}

// assigned is a lingering group with members and account assignments.
func (b *bed) assigned() *model.Finding {
	b.t.Helper()
	c := b.loader.Last()
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Kind == model.GroupLingering && len(f.Members) > 0 &&
			len(c.Target.Assignments[f.Subject.TargetID].List) > 0 {
			return f
		}
	}
	b.t.Fatal("no lingering group has account assignments")
	return nil
}

// accounts are the assignments of a group, by its name, as account and permission set.
func (b *bed) accounts(group string) (out []string) {
	b.bend(func(w *world.World) {
		for _, a := range w.Target.Assignments {
			if g := w.Target.Groups[a.PrincipalID]; g != nil && g.DisplayName == group {
				out = append(out, a.AccountID+" "+a.PermissionSetARN)
			}
		}
	})
	slices.Sort(out)
	return out
}

func pick(f *model.Finding, name model.RepairName) []model.Pick {
	return []model.Pick{{Finding: f.ID, Option: model.Option{Repair: name, Channel: model.Direct}, Named: true}}
}

func (b *bed) planOf(f *model.Finding, name model.RepairName, allow ...model.GuardRule) *model.Plan {
	b.t.Helper()
	plan, err := b.repairer.Plan(b.t.Context(), pick(f, name), append(overridable(), allow...))
	if err != nil || len(plan.Steps) == 0 {
		b.t.Fatalf("%v, left out %v", err, plan.LeftOut)
	}
	return plan
}

func TestAssignedGroupIsCriticalAndGuarded(t *testing.T) {
	b := withLens(t)
	f := b.assigned()
	names := model.AssignmentNames(b.loader.Last().Target.Assignments[f.Subject.TargetID].List)
	if f.Severity != model.Critical ||
		!slices.ContainsFunc(f.Evidence, func(e model.Evidence) bool { return e.Text == names[0] }) {
		t.Errorf("%+v does not tell of %v", f, names)
	}
	plan := b.planOf(f, model.DeleteGroup)
	if diff := cmp.Diff(names, plan.Steps[0].BlastRadius.Assignments); diff != "" {
		t.Error(diff)
	}
	if plan.Guard.Allowed || !slices.ContainsFunc(plan.Guard.Refusals,
		func(r model.GuardRefusal) bool { return r.Rule == model.RuleAssigned }) {
		t.Errorf("%+v", plan.Guard)
	}
	if _, err := b.repairer.Run(t.Context(), plan, asPlanned(plan)); err == nil {
		t.Error("it ran")
	}
}

// The group, its members and its account assignments go in the order in which AWS asks for it, and all of them come
// back.
func TestAssignmentsGoBeforeTheGroupAndComeBackWithIt(t *testing.T) {
	for name, knobs := range map[string]simaws.Knobs{
		"at once": {}, "by and by": {Polls: 3},
		"throttled": {ThrottleEvery: 4},
	} {
		t.Run(name, func(t *testing.T) {
			b := withLens(t)
			b.server.AWS.SetKnobs(knobs)
			f := b.assigned()
			before, accounts := b.directory(), b.accounts(f.Subject.Name)
			plan := b.planOf(f, model.RemoveAssignments)
			if !plan.Guard.Allowed || len(plan.Steps) != len(accounts)+1 ||
				plan.Steps[len(accounts)].Repair != model.DeleteGroup {
				t.Fatalf("%d steps for %d assignments: %+v, left out %v", len(plan.Steps), len(accounts), plan.Guard,
					plan.LeftOut)
			}
			wantAccess(t, plan, f, func(a *model.AccessChange) (groups, assignments []string) {
				return a.Loses,
					a.Closes
			})
			run := b.run(plan, repair.RunOptions{})
			b.wantStates(run, model.RunDone, strings.TrimSpace(strings.Repeat("confirmed ", len(plan.Steps))))
			b.bend(func(w *world.World) {
				for _, a := range w.Target.Assignments {
					if a.PrincipalID == f.Subject.TargetID {
						t.Errorf("%+v dangles", a)
					}
				}
			})
			b.wantGone(b.read(), plan)
			back, err := b.repairer.Undo(t.Context(), run.ID, nil)
			if err != nil {
				t.Fatal(err)
			}
			wantAccess(t, back, f, func(a *model.AccessChange) (groups, assignments []string) {
				return a.Gains,
					a.Opens
			})
			b.undone(run)
			b.wantDirectory(before)
			if diff := cmp.Diff(accounts, b.accounts(f.Subject.Name)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// wantAccess: every active member of the finding's group loses or gains it with all that is assigned to it.
func wantAccess(t *testing.T, p *model.Plan, f *model.Finding,
	side func(*model.AccessChange) (groups, assignments []string),
) {
	t.Helper()
	if len(p.Access) == 0 || len(p.Access) != len(f.Members) {
		t.Fatalf("%d lines for the %d members of %s", len(p.Access), len(f.Members), f.Subject.Name)
	}
	opens := 0
	for i := range p.Access {
		groups, assignments := side(&p.Access[i])
		if len(groups) != 1 || groups[0] != f.Subject.Name {
			t.Errorf("%+v is not about %s", p.Access[i], f.Subject.Name)
		}
		opens += len(assignments)
	}
	if opens == 0 {
		t.Errorf("nobody's account assignments are told: %+v", p.Access)
	}
}

// Who deletes a group with its assignments all the same gets them back too, for the group's new id.
func TestUndoMakesAssignmentsThatWereLeft(t *testing.T) {
	b := withLens(t)
	f := b.assigned()
	before, accounts := b.directory(), b.accounts(f.Subject.Name)
	plan := b.planOf(f, model.DeleteGroup, model.RuleAssigned)
	run := b.run(plan, repair.RunOptions{})
	b.wantStates(run, model.RunDone, "confirmed")
	if checks := b.probed(); !strings.Contains(checks[model.SetupDanglingAssignments], "whose user or group is gone") {
		t.Errorf("doctor says %q", checks[model.SetupDanglingAssignments])
	}
	b.undone(run)
	b.wantDirectory(before)
	if diff := cmp.Diff(accounts, b.accounts(f.Subject.Name)); diff != "" {
		t.Error(diff)
	}
}

type nothingToAsk struct{}

func (nothingToAsk) AskBudget(context.Context) (model.Budget, error) { return model.Budget{}, nil }

func (nothingToAsk) Login(context.Context, string) (model.Login, error) { return model.Login{}, nil }

func (nothingToAsk) Capabilities(context.Context) model.Capabilities { return model.Capabilities{} }

// probed is what each set-up check has seen.
func (b *bed) probed() map[model.CheckID]string {
	b.t.Helper()
	o := load.Options{
		Options: drift.Options{Groups: b.opts.Groups}, TargetKind: "aws", Window: time.Hour, Now: b.clock,
		Observer: load.NewObserver(model.Facts{}, func(string) (string, string) { return "", "" }),
		AWS:      b.opts.Lens.(*identitycenter.Client),
	}
	loader := load.New(b.opts.Source.(load.Source), b.opts.Target.(load.Target), o)
	if _, err := loader.Read(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	c, err := loader.Probe(b.t.Context(), nothingToAsk{}, nothingToAsk{})
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[model.CheckID]string{}
	for _, check := range c.Checks {
		out[check.ID] = check.Seen
	}
	return out
}

// An assignment that somebody makes in between is not swept away with the group.
func TestNewAssignmentStopsTheDelete(t *testing.T) {
	b := withLens(t)
	f := b.assigned()
	have := b.loader.Last().Target.Assignments[f.Subject.TargetID].List
	made := b.planOf(f, model.RemoveAssignments)
	during := sync.OnceFunc(func() { b.assign(f.Subject.TargetID, have) })
	run := b.run(made, repair.RunOptions{Watch: func(p plan.RunProgress) {
		if p.Run.Steps[0].State == model.StepRunning {
			during()
		}
	}})
	if last := run.Steps[len(run.Steps)-1]; last.State != model.StepSkipped ||
		!strings.Contains(last.Detail, "has account assignments") {
		t.Errorf("%+v", last)
	}
	b.bend(func(w *world.World) {
		if w.Target.Groups[f.Subject.TargetID] == nil {
			t.Error("the group is gone")
		}
	})
}

// assign gives a group an account assignment that it does not have.
func (b *bed) assign(group string, have []model.Assignment) {
	b.bend(func(w *world.World) {
		for _, account := range slices.Sorted(maps.Keys(w.Target.Accounts)) {
			for arn := range w.Target.PermissionSets {
				a := model.Assignment{AccountID: account, PermissionSetARN: arn}
				if !slices.ContainsFunc(have, a.Same) {
					w.Target.Assignments = append(w.Target.Assignments,
						world.Assignment{
							AccountID: account, PermissionSetARN: arn, PrincipalType: "GROUP",
							PrincipalID: group,
						})
					return
				}
			}
		}
	})
}

// A plan shows the account assignments of the hour in which it was made. One that is made since refuses the run, and
// one that is made while it is under way stops the delete.
func TestNewAssignmentStopsAPlainDelete(t *testing.T) {
	for name, late := range map[string]bool{"before the run": false, "in the run": true} {
		t.Run(name, func(t *testing.T) {
			b := withLens(t)
			var f *model.Finding
			c := b.loader.Last()
			for i := range c.Findings {
				if c.Findings[i].Kind == model.GroupLingering &&
					len(c.Target.Assignments[c.Findings[i].Subject.TargetID].List) == 0 {
					f = &c.Findings[i]
				}
			}
			made := b.planOf(f, model.DeleteGroup)
			if !late {
				b.assign(f.Subject.TargetID, nil)
			}
			during := sync.OnceFunc(func() { b.assign(f.Subject.TargetID, nil) })
			o := asPlanned(made)
			o.Watch = func(p plan.RunProgress) {
				if late && p.Run.Steps[0].State == model.StepRunning {
					during()
				}
			}
			run, err := b.repairer.Run(t.Context(), made, o)
			if !late && (err == nil || !strings.Contains(err.Error(), " in ")) { // an account's name
				t.Errorf("%v: %s", err, details(run))
			}
			if late && (err != nil || !strings.Contains(run.Steps[0].Detail,
				"account assignment that the plan does not show")) {
				t.Errorf("%v: %s", err, details(run))
			}
			b.bend(func(w *world.World) {
				if w.Target.Groups[f.Subject.TargetID] == nil {
					t.Error("the group is gone")
				}
			})
		})
	}
}

// A removal of which the answer is lost is settled by reading and sent once.
func TestLostAnswerOfARemoval(t *testing.T) {
	b := withLens(t)
	f := b.assigned()
	plan := b.planOf(f, model.RemoveAssignments)
	b.fail(fault.Fault{Service: fault.AWS, Kind: fault.LoseAnswer, Path: "DeleteAccountAssignment$"})
	b.server.AWS.ResetRequests()
	run := b.run(plan, repair.RunOptions{})
	if run.State != model.RunDone {
		t.Fatal(details(run))
	}
	sent := 0
	for _, r := range b.server.AWS.Requests() {
		if strings.HasSuffix(r.Operation, ".DeleteAccountAssignment") {
			sent++
		}
	}
	if sent != len(plan.Steps)-1 {
		t.Errorf("%d requests for %d assignments", sent, len(plan.Steps)-1)
	}
}

// What SSO Admin took and nobody can read back is said of SSO Admin, which is not the target. One that it refused
// because of an operation under way may be that very operation.
func TestARemovalThatCannotBeReadBack(t *testing.T) {
	for name, c := range map[string]struct {
		conflict bool
		says     string
	}{
		"taken":   {false, "SSO Admin took it, but it could not be read back: "},
		"refused": {true, "refused, because of something that is there or under way already: "},
	} {
		t.Run(name, func(t *testing.T) {
			b := withLens(t)
			if c.conflict {
				under := conflict()
				under.Path = "DeleteAccountAssignment$"
				b.fail(under)
			}
			down := sync.OnceFunc(func() { b.fail(fault.Fault{Service: fault.AWS, Kind: fault.Forbidden}) })
			planned := b.planOf(b.assigned(), model.RemoveAssignments)
			run := b.run(planned, repair.RunOptions{Watch: func(p plan.RunProgress) {
				if p.Phase == plan.PhaseConfirming {
					down()
				}
			}})
			if s := run.Steps[0]; s.State != model.StepUnconfirmed || !strings.HasPrefix(s.Detail, c.says) ||
				!strings.Contains(s.Detail, "could not be read") {
				t.Error(details(run))
			}
		})
	}
}

// Without the permission the plan still works, and says what it does not know; nothing is taken on the strength of it
// unasked.
func TestUnreadableAssignments(t *testing.T) {
	b := withLens(t)
	f := b.assigned()
	b.server.AWS.SetKnobs(simaws.Knobs{Deny: []string{"sso:ListAccountAssignmentsForPrincipal"}})
	plan, err := b.repairer.Plan(t.Context(), pick(f, model.DeleteGroup),
		[]model.GuardRule{model.RuleNotCertain, model.RuleStillYielded, model.RuleMaxPercent})
	if err != nil || len(plan.Steps) != 1 || !strings.Contains(plan.Steps[0].BlastRadius.Unknown,
		"sso:ListAccountAssignmentsForPrincipal") {
		t.Fatal(plan, err)
	}
	if plan.Guard.Allowed || plan.Guard.Refusals[0].Rule != model.RuleNoBackup {
		t.Errorf("%+v", plan.Guard)
	}
	if c := b.read(); !c.Target.Coverage.Complete(model.TargetParts()) {
		t.Error(c.Target.Coverage)
	}
}

// A plan of the assignments cannot be run where there is no lens.
func TestNoLens(t *testing.T) {
	b := withLens(t)
	plan := b.planOf(b.assigned(), model.RemoveAssignments)
	b.opts.Lens = nil
	run, err := repair.New(b.opts).Run(t.Context(), plan, asPlanned(plan))
	if err == nil || !strings.Contains(err.Error(), "[connections.NAME.aws]") {
		t.Error(details(run), err)
	}
}
