package repair_test

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const gone = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"no such record"}`

// A deletion is confirmed by what the target shows afterwards, by id and in its list. An answer alone, or a 404 by id
// while the list goes on showing the record, is no deletion.
func TestADeletionThatTheListDeniesIsNotConfirmed(t *testing.T) {
	t.Parallel()
	absent := func(path string) fault.Fault {
		return fault.Fault{
			Service: fault.SCIM, Method: "GET", Path: path, Kind: fault.Answer,
			Status: http.StatusNotFound, Body: gone,
		}
	}
	taken := func(status int) fault.Fault {
		return fault.Fault{Service: fault.SCIM, Method: "DELETE", Kind: fault.Answer, Status: status}
	}
	gateway := absent("/Groups/")
	gateway.Body = `{"detail":"Not Found"}`
	for name, c := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		faults []fault.Fault // from the moment of the write on
		bend   func(w *world.World, id string)
		said   string
	}{
		"a group: 204, and it is there still": {
			kind: model.GroupLingering, repair: model.DeleteGroup, faults: []fault.Fault{taken(204)},
			said: "is still at the target",
		},
		"a group: 204, gone by id, and listed": {
			kind: model.GroupLingering, repair: model.DeleteGroup,
			faults: []fault.Fault{taken(204), absent("/Groups/")}, said: "the target's list still has it",
		},
		"a group: the answer is lost, gone by id, and listed": {
			kind: model.GroupLingering, repair: model.DeleteGroup,
			faults: []fault.Fault{taken(502), absent("/Groups/")}, said: "the answer was lost",
		},
		"a group: 204, and a gateway in the way": {
			kind: model.GroupLingering, repair: model.DeleteGroup, faults: []fault.Fault{taken(204), gateway},
			said: "no SCIM error",
		},
		"a user: 204, gone by id, and listed": {
			kind: model.UserLingering, repair: model.DeleteUser, faults: []fault.Fault{taken(204), absent("/Users/")},
			said: "the target's list still has it",
		},
		"a user: only switched off": {
			kind: model.UserLingering, repair: model.DeleteUser, faults: []fault.Fault{taken(204)},
			said: "only switched it off",
			bend: func(w *world.World, id string) { w.Target.Users[id].Active = false },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			plan := b.plan(c.kind, c.repair, 1)
			before := b.directory()
			b.opts.Target = &guarded{b.opts.Target, func(model.Request) {
				for _, f := range c.faults {
					b.fail(f)
				}
				if c.bend != nil {
					b.bend(func(w *world.World) { c.bend(w, plan.Steps[len(plan.Steps)-1].Subject.TargetID) })
				}
			}}
			b.repairer = repair.New(b.opts)
			run := b.run(plan, repair.RunOptions{})
			last := run.Steps[len(run.Steps)-1]
			if last.State != model.StepUnconfirmed || !strings.Contains(last.Detail, c.said) {
				t.Errorf("%s: %s, want unconfirmed with %q", last.State, last.Detail, c.said)
			}
			if c.bend == nil {
				b.wantDirectory(before)
			}
			if strings.Contains(name, "gone by id, and listed") {
				undo, err := b.repairer.Undo(t.Context(), run.ID, nil)
				if err != nil || len(undo.Steps) > 0 || len(undo.LeftOut) != 1 ||
					!strings.Contains(undo.LeftOut[0].Reason, "the target still has it under its name") {
					t.Errorf("%v, %+v", err, undo)
				}
			}
			b.server.Faults.Clear()
			if left := b.undone(run); c.bend == nil && !strings.Contains(left, "may still be on its way") {
				t.Errorf("nothing is said of a deletion that may come yet: %q", left)
			}
			b.ahead += 6 * time.Minute
			if left := b.undone(run); (left == "") != (c.bend == nil) {
				t.Errorf("the undo left out %q", left)
			}
			// What was not confirmed must not be gone from the board.
			for _, s := range plan.Steps {
				if c := b.loader.Last(); !holds(c, s.Subject.TargetID) {
					t.Errorf("%s vanished from the board", s.Subject.Name)
				}
			}
		})
	}
}

func holds(c *drift.Comparison, id string) bool {
	for i := range c.Target.Users {
		if c.Target.Users[i].ID == id {
			return true
		}
	}
	for i := range c.Target.Groups {
		if c.Target.Groups[i].ID == id {
			return true
		}
	}
	return false
}

// misnamer answers a POST with another id than the record gets (github.com/jelhub/scimgateway/issues/41).
type misnamer struct{ repair.Target }

func (m misnamer) Write(ctx context.Context, r model.Request) (model.Answer, error) {
	answer, err := m.Target.Write(ctx, r)
	if r.Method == http.MethodPost && err == nil {
		answer.ID = "00000000-0000-4000-8000-00000000dead"
	}
	return answer, err
}

// A record that has another id than the answer said is found by its name; later steps and the way back use the id that
// it has.
func TestARecordWithAnotherIDThanTheAnswerIsFoundByItsName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   model.Kind
		repair model.RepairName
	}{{model.GroupMissing, model.CreateGroup}, {model.UserUnsynced, model.CreateUser}} {
		b := lay(t, "drift")
		before := b.directory()
		plan := b.plan(c.kind, c.repair, 1)
		b.opts.Target = misnamer{b.opts.Target}
		b.repairer = repair.New(b.opts)
		run := b.run(plan, repair.RunOptions{})
		if run.State != model.RunDone || len(run.Steps) < 2 {
			t.Fatalf("%s: %s:%s", c.repair, run.State, details(run))
		}
		if first := run.Steps[0]; !strings.Contains(first.Detail, "another id") || first.CreatedID == "" ||
			strings.HasSuffix(first.CreatedID, "dead") {
			t.Errorf("%s: %+v", c.repair, first)
		}
		undo, err := b.repairer.Undo(t.Context(), run.ID, overridable())
		if err != nil || len(undo.LeftOut) > 0 {
			t.Fatalf("%s: %v %+v", c.repair, err, undo)
		}
		if back := b.run(undo, repair.RunOptions{}); back.State != model.RunDone {
			t.Errorf("%s: the way back is %s:%s", c.repair, back.State, details(back))
		}
		b.wantDirectory(before)
	}
}

// veiled is a target that never shows members.
type veiled struct{ repair.Target }

func (v veiled) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (model.TargetRecord, bool, error) {
	t, found, err := v.Target.Record(ctx, of, id, false)
	if members {
		t.Members = model.MemberList{Hidden: true, Unknown: "it shows none of any"}
	}
	return t, found, err
}

// Where members never show, the first add is looked for once, and no other is begun: nobody could tell whether it
// worked.
func TestMembersThatNeverShowAreWaitedForOnce(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	plan := b.plan(model.GroupMissing, model.CreateGroup, 2)
	b.opts.Target = veiled{b.opts.Target}
	b.repairer = repair.New(b.opts)
	run := b.run(plan, repair.RunOptions{})
	adds, unconfirmed, skipped := 0, 0, 0
	for i, s := range run.Steps {
		if plan.Steps[i].Repair != model.AddMembers {
			continue
		}
		adds++
		switch {
		case s.State == model.StepUnconfirmed && strings.Contains(s.Detail, "does not show who is in the group"):
			unconfirmed++
		case s.State == model.StepSkipped && strings.Contains(s.Detail, "nothing was written"):
			skipped++
		}
	}
	if adds < 2 || unconfirmed != 1 || skipped != adds-1 || len(b.slept) > 0 {
		t.Errorf("%d adds, %d unconfirmed, %d skipped, waits %v:%s", adds, unconfirmed, skipped, b.slept, details(run))
	}
}

// denier does a write and says that it did not, as AWS does with some of its 400s
// (github.com/lichti/aws-iam-scim-problem), and proxies that send a request again.
type denier struct {
	repair.Target

	fate model.WriteFate
	sent int
	// half: of members it does the first alone.
	half bool
	wait time.Duration
}

func (d *denier) Write(ctx context.Context, r model.Request) (model.Answer, error) {
	if d.half && r.Method != http.MethodPatch {
		return d.Target.Write(ctx, r)
	}
	d.sent++
	if d.half {
		r.Body = regexp.MustCompile(`(\[\{"value":"[^"]*"\}),.*\}\]\}\]`).ReplaceAll(r.Body, []byte("$1]}]"))
	}
	if _, err := d.Target.Write(ctx, r); err != nil {
		return model.Answer{}, err
	}
	return model.Answer{}, &model.WriteError{Fate: d.fate, Wait: d.wait, Err: errors.New("it was not done")}
}

// A refusal proves no more than a success: the record shows what was done, it is not sent again, and it can be taken
// back. Whose record a conflict is about cannot be told, so that a creation is not taken for ours, and is told of.
func TestARefusedWriteThatShowsWasDone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		fate   model.WriteFate
		want   model.StepState
	}{
		"a 404 for a delete":  {model.GroupLingering, model.DeleteGroup, model.WriteAbsent, model.StepConfirmed},
		"a 400 for a removal": {model.MembersExtra, model.RemoveMembers, model.WriteRefused, model.StepConfirmed},
		"a 412 for a deactivation": {
			model.UserStillActive, model.DeactivateUser, model.WriteChanged, model.StepConfirmed,
		},
		"a 409 for a rename":  {model.GroupRenamed, model.RenameGroup, model.WriteConflict, model.StepConfirmed},
		"a 429 for an update": {model.UserAttributes, model.UpdateUser, model.WriteThrottled, model.StepConfirmed},
		"a 409 for a group":   {model.GroupMissing, model.CreateGroup, model.WriteConflict, model.StepUnconfirmed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			plan := b.plan(c.kind, c.repair, 1)
			d := &denier{Target: b.opts.Target, fate: c.fate}
			b.opts.Target = d
			b.repairer = repair.New(b.opts)
			run := b.run(plan, repair.RunOptions{})
			last := run.Steps[0]
			if last.State != c.want || d.sent != 1 || !strings.Contains(last.Detail, "it was not done") {
				t.Errorf("sent %d times, %s: %s", d.sent, last.State, last.Detail)
			}
			b.opts.Target = d.Target
			b.repairer = repair.New(b.opts)
			undo, err := b.repairer.Undo(t.Context(), run.ID, overridable())
			if err != nil || len(undo.Steps)+len(undo.LeftOut) == 0 ||
				c.want != model.StepConfirmed && len(undo.Steps) > 0 {
				t.Errorf("%v: the way back has %d steps, %v", err, len(undo.Steps), undo.LeftOut)
			}
		})
	}
}

// A refusal of which nothing can be read back is not called a failure, and what a rate limit turned away is not called
// undone: an undo would pass over it.
func TestARefusedWriteThatCannotBeReadBackIsNotConfirmed(t *testing.T) {
	t.Parallel()
	for name, fate := range map[string]model.WriteFate{"refused": model.WriteRefused, "429": model.WriteThrottled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			before := b.directory()
			plan := b.plan(model.MembersExtra, model.RemoveMembers, 1)
			target := b.opts.Target
			b.opts.Target = &denier{Target: &guarded{target, func(model.Request) {
				b.fail(fault.Fault{Service: fault.SCIM, Method: "GET", Kind: fault.Forbidden})
			}}, fate: fate}
			b.repairer = repair.New(b.opts)
			run := b.run(plan, repair.RunOptions{})
			last := run.Steps[0]
			if last.State != model.StepUnconfirmed || !strings.Contains(last.Detail, "could not be read") ||
				strings.Contains(last.Detail, "nothing was written") {
				t.Errorf("%s: %s", last.State, last.Detail)
			}
			b.server.Faults.Clear()
			b.opts.Target = target
			b.repairer = repair.New(b.opts)
			if left := b.undone(run); left != "" {
				t.Errorf("the undo left out %q", left)
			}
			b.wantDirectory(before)
		})
	}
}

// A refusal that comes after a part was done leaves the step unconfirmed, and that part can be taken back.
func TestARefusedWriteThatDidAPartCanBeTakenBack(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	before := b.directory()
	plan := b.plan(model.GroupMissing, model.CreateGroup, 1)
	d := &denier{Target: b.opts.Target, fate: model.WriteRefused, half: true}
	b.opts.Target = d
	b.repairer = repair.New(b.opts)
	run := b.run(plan, repair.RunOptions{})
	if last := run.Steps[1]; last.State != model.StepUnconfirmed || !strings.Contains(last.Detail, "not all of it is") {
		t.Fatalf("%s: %s", last.State, last.Detail)
	}
	b.opts.Target = d.Target
	b.repairer = repair.New(b.opts)
	undo, err := b.repairer.Undo(t.Context(), run.ID, overridable())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(undo.Warnings, "\n"), "were not confirmed") {
		t.Errorf("nobody is told that it may be somebody else's doing: %q", undo.Warnings)
	}
	told := func(undo *model.Plan) bool {
		return strings.Contains(strings.Join(undo.Warnings, "\n"), "Undo again later")
	}
	if !told(undo) {
		t.Errorf("nobody is told that the rest may come yet: %q", undo.Warnings)
	}
	b.ahead += 6 * time.Minute
	if undo, err = b.repairer.Undo(t.Context(), run.ID, overridable()); err != nil || told(undo) {
		t.Errorf("the rest is waited for without end: %v, %q", err, undo.Warnings)
	}
	if back := b.run(undo, repair.RunOptions{}); back.State != model.RunDone {
		t.Errorf("the way back is %s:%s", back.State, details(back))
	}
	b.wantDirectory(before)
}

// A rate limit that asks for hours is not waited for: the plan is agreed to for one, and nobody else can run meanwhile.
func TestALongRateLimitIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	b.fail(fault.Fault{Service: fault.SCIM, Method: "DELETE", Kind: fault.Throttle, RetryAfter: 7200})
	run := b.run(b.plan(model.GroupLingering, model.DeleteGroup, 1), repair.RunOptions{})
	if last := run.Steps[0]; last.State != model.StepFailed || len(b.slept) > 0 ||
		!strings.Contains(last.Detail, "asks to wait 2h0m0s") {
		t.Errorf("%s after waits of %v: %s", last.State, b.slept, last.Detail)
	}
}

// What a write of one attribute takes away beside it is seen, as it is where a record is written whole.
func TestAWriteOfOneAttributeThatTakesAnotherIsNotConfirmed(t *testing.T) {
	t.Parallel()
	for kind, name := range map[model.Kind]model.RepairName{
		model.UserStillActive: model.DeactivateUser, model.GroupRenamed: model.RenameGroup,
		model.MembersExtra: model.RemoveMembers,
	} {
		b := lay(t, "drift")
		b.bend(func(w *world.World) {
			for _, u := range w.Target.Users {
				u.ExternalID = "e-" + u.UserName
			}
			for _, g := range w.Target.Groups {
				g.ExternalID = cmp.Or(g.ExternalID, "e-"+g.DisplayName)
			}
		})
		b.read()
		plan := b.plan(kind, name, 1)
		b.opts.Target = &guarded{b.opts.Target, func(model.Request) {
			b.bend(func(w *world.World) {
				for _, u := range w.Target.Users {
					u.ExternalID = ""
				}
				for _, g := range w.Target.Groups {
					g.ExternalID = ""
				}
			})
		}}
		b.repairer = repair.New(b.opts)
		run := b.run(plan, repair.RunOptions{})
		if last := run.Steps[0]; last.State != model.StepUnconfirmed ||
			!strings.Contains(last.Detail, "1 thing of its record gone: externalId") || last.Beyond.Removals != 1 {
			t.Errorf("%s: %s: %s %+v", name, last.State, last.Detail, last.Beyond)
		}
		if left := b.undone(run); !strings.Contains(left, "did more than it was to, which does not come back") {
			t.Errorf("%s: the undo leaves out %q", name, left)
		}
	}
}
