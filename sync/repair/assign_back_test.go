package repair_test

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// undoRun plans and runs the way back, whatever becomes of it.
func (b *bed) undoRun(run model.Run, o repair.RunOptions) model.Run {
	b.t.Helper()
	b.read()
	undo, err := b.repairer.Undo(b.t.Context(), run.ID, overridable())
	if err != nil || len(undo.Steps) == 0 {
		b.t.Fatalf("%v, left out %v", err, undo.LeftOut)
	}
	return b.run(undo, o)
}

// Permission sets and accounts go their own ways. What cannot be assigned again names what is gone and what to do, and
// everything else comes back.
func TestUndoWithoutWhatVanished(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		vanish func(target *world.Target, a world.Assignment)
		deny   []string
		lost   func(a, of world.Assignment) bool
		says   func(a world.Assignment) string
	}{
		"permission set": {
			vanish: func(target *world.Target, a world.Assignment) {
				delete(target.PermissionSets,
					a.PermissionSetARN)
			},
			lost: func(a, of world.Assignment) bool { return a.PermissionSetARN == of.PermissionSetARN },
			says: func(a world.Assignment) string {
				return a.PermissionSetARN + ") is not in IAM Identity Center any more; if the access is still " +
					"wanted, assign a set that is there"
			},
		},
		"account": {
			vanish: func(target *world.Target, a world.Assignment) { delete(target.Accounts, a.AccountID) },
			lost:   func(a, of world.Assignment) bool { return a.AccountID == of.AccountID },
			says: func(a world.Assignment) string {
				return "the account " + a.AccountID + " is not in the organization any more"
			},
		},
		"account that may not be looked for": {
			vanish: func(target *world.Target, a world.Assignment) { delete(target.Accounts, a.AccountID) },
			deny:   []string{"organizations:ListAccounts"},
			lost:   func(a, of world.Assignment) bool { return a.AccountID == of.AccountID },
			says:   func(a world.Assignment) string { return "look for the account " + a.AccountID },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withLens(t)
			f := b.assigned()
			b.server.AWS.SetKnobs(simaws.Knobs{Deny: tt.deny})
			have := b.loader.Last().Target.Assignments[f.Subject.TargetID].List
			b.otherSet(f.Subject.TargetID, have[0])
			b.read()
			run := b.run(b.planOf(f, model.RemoveAssignments), repair.RunOptions{})
			kept := b.removed(run)
			b.bend(func(w *world.World) { tt.vanish(&w.Target, kept[0]) })
			back := b.undoRun(run, repair.RunOptions{})
			if back.State != model.RunIncomplete {
				t.Errorf("the undo is %s", back.State)
			}
			said, want := "", []string{}
			for i := range back.Steps {
				if s := &back.Steps[i]; s.State != model.StepConfirmed {
					said += s.Detail + "\n"
				}
			}
			for _, a := range kept {
				if !tt.lost(a, kept[0]) {
					want = append(want, a.AccountID+" "+a.PermissionSetARN)
				}
			}
			slices.Sort(want)
			if !strings.Contains(said, tt.says(kept[0])) || strings.Contains(said, "aws.region") {
				t.Errorf("it says %q", said)
			}
			if diff := cmp.Diff(want, append([]string{}, b.accounts(f.Subject.Name)...)); diff != "" {
				t.Errorf("what is left did not come back:\n%s", diff)
			}
		})
	}
}

// otherSet assigns a group one more permission set, in another account than one that it has.
func (b *bed) otherSet(group string, than model.Assignment) {
	b.bend(func(w *world.World) {
		sets := slices.DeleteFunc(slices.Sorted(maps.Keys(w.Target.PermissionSets)),
			func(arn string) bool { return arn == than.PermissionSetARN })
		accounts := slices.DeleteFunc(slices.Sorted(maps.Keys(w.Target.Accounts)),
			func(id string) bool { return id == than.AccountID })
		w.Target.Assignments = append(w.Target.Assignments,
			world.Assignment{
				AccountID: accounts[0], PermissionSetARN: sets[0], PrincipalType: "GROUP",
				PrincipalID: group,
			})
	})
}

// removed are the assignments that a run took away.
func (b *bed) removed(run model.Run) (out []world.Assignment) {
	b.t.Helper()
	for i := range run.Steps {
		for _, k := range run.Steps[i].Backup {
			for _, a := range k.Assignments {
				out = append(out, world.Assignment{
					AccountID: a.AccountID, PermissionSetARN: a.PermissionSetARN,
					PrincipalType: "GROUP", PrincipalID: k.ID,
				})
			}
		}
	}
	if len(out) < 2 {
		b.t.Fatalf("%d assignments were taken away, which proves little", len(out))
	}
	return out
}

// What somebody else assigns in the moment before is as good as ours: AWS refuses it as there already, and reading
// shows that it is. What AWS refuses so and does not show is not claimed.
func TestAssignmentThatSomebodyElseMakes(t *testing.T) {
	t.Parallel()
	for name, there := range map[string]bool{"there": true, "not there": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withLens(t)
			f := b.assigned()
			run := b.run(b.planOf(f, model.DeleteGroup, model.RuleAssigned), repair.RunOptions{})
			accounts := run.Steps[0].Backup[0].Assignments
			if there {
				b.server.AWS.SetKnobs(simaws.Knobs{ConflictThere: true})
			} else {
				b.fail(conflict())
			}
			// The group has its new id; the assignment is made between the check of our step and its write.
			during := sync.OnceFunc(func() {
				b.bend(func(w *world.World) {
					for id, g := range w.Target.Groups {
						if g.DisplayName == f.Subject.Name {
							w.Target.Assignments = append(w.Target.Assignments, world.Assignment{
								AccountID: accounts[0].AccountID, PermissionSetARN: accounts[0].PermissionSetARN,
								PrincipalType: "GROUP", PrincipalID: id,
							})
						}
					}
				})
			})
			b.server.AWS.ResetRequests()
			back := b.undoRun(run, repair.RunOptions{Watch: func(p plan.RunProgress) {
				for i := range p.Run.Steps {
					if there && p.Phase == plan.PhaseWriting && p.Run.Steps[i].State == model.StepRunning &&
						p.Run.Plan.Steps[i].Repair == model.RestoreAssignments {
						during()
					}
				}
			}})
			var state model.StepState
			var detail string
			for i := range back.Plan.Steps {
				if back.Plan.Steps[i].Repair == model.RestoreAssignments {
					state, detail = back.Steps[i].State, back.Steps[i].Detail
					break
				}
			}
			if there && (state != model.StepConfirmed ||
				!strings.Contains(detail, "reading shows that it is as it should be")) {
				t.Errorf("%s: %s", state, detail)
			}
			if !there && (state != model.StepFailed || !strings.Contains(detail, "there or under way already")) {
				t.Errorf("%s: %s", state, detail)
			}
			sent := 0
			for _, r := range b.server.AWS.Requests() {
				if strings.HasSuffix(r.Operation, ".CreateAccountAssignment") {
					sent++
				}
			}
			if there && (sent != len(accounts) || len(b.accounts(f.Subject.Name)) != len(accounts)) {
				t.Errorf("%d requests for %d assignments, and %d are there", sent, len(accounts),
					len(b.accounts(f.Subject.Name)))
			}
			b.opts.Guard.MaxRemovals = 0
			b.start()
			b.read()
			refused := b.undoPlan(back.ID).Guard.Refusals
			if counted := slices.ContainsFunc(refused, func(r model.GuardRefusal) bool {
				return r.Rule == model.RuleMaxRemovals
			}); counted != there {
				t.Errorf("to take somebody else's assignment away is refused by %v: %s", refused, details(back))
			}
		})
	}
}

func conflict() fault.Fault {
	return fault.Fault{
		Service: fault.AWS, Kind: fault.Answer, Path: "CreateAccountAssignment$", Status: http.StatusBadRequest,
		Body: `{"__type":"ConflictException","Message":"There is a conflicting operation in process."}`,
	}
}

// What a user is assigned himself goes with him, and comes back for his new id; what he has through groups is no part
// of it.
func TestUndoOfADeletedUserMakesHisAssignments(t *testing.T) {
	t.Parallel()
	b := withLens(t)
	var f *model.Finding
	var source *world.User
	c := b.loader.Last()
	for _, p := range b.picks(model.UserLingering, model.DeleteUser) {
		at := slices.IndexFunc(c.Findings, func(f model.Finding) bool { return f.ID == p.Finding })
		b.bend(func(w *world.World) { source = sourceOf(w, w.Target.Users[c.Findings[at].Subject.TargetID]) })
		if source != nil && source.Status == 1 {
			f = &c.Findings[at]
			break
		}
	}
	if f == nil {
		t.Fatal("no lingering user is known to the source")
	}
	b.bend(func(w *world.World) {
		accounts, sets := slices.Sorted(maps.Keys(w.Target.Accounts)), slices.Sorted(maps.Keys(w.Target.PermissionSets))
		for n := range 2 {
			w.Target.Assignments = append(w.Target.Assignments,
				world.Assignment{
					AccountID: accounts[n], PermissionSetARN: sets[n], PrincipalType: "USER",
					PrincipalID: f.Subject.TargetID,
				})
		}
	})
	b.read()
	plan := b.planOf(f, model.DeleteUser)
	if got := plan.Steps[0].BlastRadius.Assignments; len(got) != 2 {
		t.Errorf("the plan shows %v", got)
	}
	run := b.run(plan, repair.RunOptions{})
	b.wantStates(run, model.RunDone, "confirmed")
	let := func(in bool) {
		b.bend(func(w *world.World) { w.Source.Apps[b.tenant.AppID].Direct[source.ID] = in })
	}
	let(true)
	b.fail(conflict())
	half := b.undoRun(run, repair.RunOptions{})
	b.server.Faults.Clear()
	if half.Steps[0].State != model.StepConfirmed || half.State == model.RunDone {
		t.Fatal(details(half))
	}
	let(false)
	gone := b.undoPlan(run.ID)
	if len(gone.Steps) > 0 || !slices.ContainsFunc(gone.LeftOut, func(l model.LeftOut) bool {
		return strings.Contains(l.Reason, "OneLogin does not assign the app to them")
	}) {
		t.Errorf("who has left is to get accounts again: %d steps, left out %v", len(gone.Steps), gone.LeftOut)
	}
	let(true)
	back := b.undoRun(run, repair.RunOptions{})
	if back.State != model.RunDone {
		t.Fatal(details(back))
	}
	b.bend(func(w *world.World) {
		var again int
		for _, a := range w.Target.Assignments {
			if u := w.Target.Users[a.PrincipalID]; a.PrincipalType == "USER" && u != nil &&
				u.UserName == f.Subject.Name {
				again++
			}
		}
		if again != 2 {
			t.Errorf("%d of 2 assignments are back", again)
		}
	})
	const stays = "account assignments of a user that an undo made are not taken away again"
	if forth := b.undoPlan(back.ID); !strings.Contains(reasons(forth), stays) || len(forth.Steps) > 0 {
		t.Errorf("%d steps, left out: %s", len(forth.Steps), reasons(forth))
	}
}

// A journal that does not say whose assignment was made is not taken for a connection without the lens.
func TestAMovedAssignmentThatItsJournalDoesNotName(t *testing.T) {
	t.Parallel()
	b := withLens(t)
	step := model.Step{ID: "s1", Repair: model.MoveAssignments, Channel: model.Direct, Findings: []string{"x"}}
	made := &model.Plan{Schema: model.PlanSchema, Fingerprint: print1, Steps: []model.Step{step}}
	made.Seal()
	w, err := b.opts.Journal.Begin(journal.Head{Connection: "sim", Fingerprint: print1, Plan: made})
	if err == nil {
		err = errors.Join(w.Intent("s1", nil), w.Outcome(model.StepRecord{ID: "s1", State: model.StepConfirmed}),
			w.End(model.RunDone), w.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	back, err := b.repairer.Undo(t.Context(), w.ID(), nil)
	if err != nil || len(back.LeftOut) != 1 || !strings.Contains(back.LeftOut[0].Reason, "the journal does not say") {
		t.Errorf("%+v, %v", back, err)
	}
}

// An undo that gave account assignments back can be undone, and the run is then there to be undone again.
func TestUndoThereAndBackAgainWithAssignments(t *testing.T) {
	t.Parallel()
	b := withLens(t)
	f := b.assigned()
	before := b.accounts(f.Subject.Name)
	run := b.run(b.planOf(f, model.RemoveAssignments), repair.RunOptions{})
	without, _ := b.opened()
	for range 2 {
		back := b.undoRun(run, repair.RunOptions{})
		if diff := cmp.Diff(before, b.accounts(f.Subject.Name)); back.State != model.RunDone || diff != "" {
			t.Fatalf("the undo is %s:\n%s%s", back.State, diff, details(back))
		}
		if left := b.undone(back); left != "" {
			t.Fatalf("the undo of the undo left out: %s", left)
		}
		if now, dangling := b.opened(); dangling > 0 || cmp.Diff(without, now) != "" {
			t.Errorf("%d account assignments hang on nothing, and:\n%s", dangling, cmp.Diff(without, now))
		}
	}
}
