package repair_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// everyRepair is one finding for each repair that writes to the target.
func everyRepair() []offer {
	return []offer{
		{model.UserUnsynced, model.CreateUser},
		{model.UserInactive, model.ActivateUser},
		{model.UserAttributes, model.UpdateUser},
		{model.UserRenamed, model.UpdateUser},
		{model.UserStillActive, model.DeactivateUser},
		{model.UserLingering, model.DeactivateUser},
		{model.UserLingering, model.DeleteUser},
		{model.GroupMissing, model.CreateGroup},
		{model.GroupRenamed, model.RenameGroup},
		{model.MembersMissing, model.AddMembers},
		{model.MembersExtra, model.RemoveMembers},
		{model.GroupLingering, model.DeleteGroup},
		{model.GroupUnclaimed, model.DeleteGroup},
	}
}

// everything plans one finding for each of some repairs.
func (b *bed) everything(offers ...offer) *model.Plan {
	b.t.Helper()
	plan, err := b.repairer.Plan(b.t.Context(), b.chosen(offers), overridable())
	if err != nil || !plan.Guard.Allowed || len(plan.LeftOut) > 0 {
		b.t.Fatalf("%v, left out %v, %+v", err, plan.LeftOut, plan.Guard)
	}
	return plan
}

// watched lets a function look at each write to the target, and at the step that it belongs to.
func (b *bed) watched(made *model.Plan, o repair.RunOptions, begins func(),
	writes func(step *model.Step),
) repair.RunOptions {
	current, last := 0, -1
	b.opts.Target = &guarded{b.opts.Target, func(model.Request) { writes(&made.Steps[current]) }}
	b.opts.Reader = b.loader
	b.repairer = repair.New(b.opts)
	o.Watch = func(p plan.RunProgress) {
		if p.Step >= 0 && p.Step != last {
			current, last = p.Step, p.Step
			begins()
		}
	}
	return o
}

// A write is sent only if every read since its step began has succeeded, and what fails for a while is read again. A
// read that a failed step gave up may reach the simulator late and be counted against the next step; that does not
// happen three times in a row, and a step that goes on after its own failed read does.
func TestNoStepIsSentAfterAReadThatFailed(t *testing.T) {
	t.Parallel()
	for _, x := range sample.Of(t, troubles()) {
		for when, late := range map[string]bool{"before the run": false, "in the run": true} {
			t.Run(x.name+"/"+when, func(t *testing.T) {
				t.Parallel()
				var sent []string
				for range 3 {
					if sent = x.sentAfterAFailedRead(t, late); len(sent) == 0 {
						return
					}
				}
				t.Error(strings.Join(sent, "\n"))
			})
		}
	}
}

// sentAfterAFailedRead runs every repair through the trouble and gives the writes that were sent although a read had
// failed. The trouble begins before the run, which may then be refused, or with its first step.
func (x *trouble) sentAfterAFailedRead(t *testing.T, late bool) (sent []string) {
	t.Helper()
	b := lay(t, "drift")
	plan := b.everything(everyRepair()...)
	begun := false
	begin := func() {
		if !begun {
			begun = true
			x.start(b)
			b.ahead += 6 * time.Second // what was answered before serves for five
		}
	}
	if !late {
		begin()
	}
	before := 0
	o := b.watched(plan, repair.RunOptions{}, func() {
		begin()
		before = b.struck()
	}, func(step *model.Step) {
		if n := b.struck() - before; n > 0 && !slices.Contains(x.spares, step.Repair) {
			sent = append(sent, fmt.Sprintf("%s of %s is sent after %d reads that failed", step.Repair,
				step.Subject.Name, n))
		}
	})
	b.server.SCIM.ResetRequests()
	o.Allow = append(o.Allow, plan.Guard.Overrides()...)
	run, err := b.repairer.Run(t.Context(), plan, o)
	switch {
	case err != nil:
		b.wantUnwritten()
		if x.fault.Times > 0 || late {
			t.Errorf("refused: %v", err)
		}
	case x.fault.Times > 0 && run.State != model.RunDone:
		t.Errorf("what passes by itself ends the run as %s:%s", run.State, details(run))
	}
	return sent
}

// wrong changes OneLogin so that a step must not be taken any more.
func wrong(w *world.World, app int64, step *model.Step) {
	m := meddler{w: w, app: app, step: step}
	switch step.Repair { //nolint:exhaustive // these write to the target
	case model.CreateUser, model.ActivateUser:
		m.unassigned()
	case model.UpdateUser:
		u := m.sourceUser()
		u.FirstName, u.LastName, u.Email = u.FirstName+"x", u.LastName+"x", "x"+u.Email
	case model.DeactivateUser, model.DeleteUser:
		if u := m.sourceUser(); step.Subject.SourceID != "" {
			u.Status, u.State = 1, 1
			m.assign(u.ID)
		} else {
			m.pushed()
		}
	case model.CreateGroup, model.RenameGroup:
		delete(w.Source.Roles, m.role().ID)
	case model.AddMembers:
		for m.n = range step.Members {
			if step.Members[m.n].SourceID != "" {
				delete(m.role().Users, m.sourceUser().ID)
			}
		}
	case model.RemoveMembers:
		for m.n = range step.Members {
			m.role().Users[m.sourceUser().ID] = true
		}
	case model.DeleteGroup:
		m.role().Apps = map[int64]bool{app: true} // nobody need be in it
	}
	w.Source.Changes++
}

// Where the reason of every step is gone at the source, no failure to read that makes anybody write.
func TestNoFaultHidesThatAReasonIsGone(t *testing.T) {
	t.Parallel()
	for _, x := range sample.Of(t, troubles()) {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			offers := everyRepair()
			// no role that yields an unclaimed group matches the pattern
			plan := b.everything(offers[:len(offers)-1]...)
			b.bend(func(w *world.World) {
				for i := range plan.Steps {
					wrong(w, b.tenant.AppID, &plan.Steps[i])
				}
			})
			x.start(b)
			b.server.SCIM.ResetRequests()
			run, err := b.repairer.Run(t.Context(), plan, asPlanned(plan))
			b.wantUnwritten()
			if t.Failed() {
				t.Log(err, details(run))
			}
		})
	}
}

// dependsOn are the parts that must have been read in full for a repair (DESIGN, section 6); members are asked for just
// before.
func dependsOn(r model.RepairName) (source, target []model.Part) {
	switch r { //nolint:exhaustive // the others depend on one record
	case model.CreateUser, model.ActivateUser:
		return []model.Part{model.PartUsers, model.PartMemberships}, []model.Part{model.PartUsers}
	case model.DeactivateUser, model.DeleteUser:
		return []model.Part{model.PartUsers}, nil
	case model.CreateGroup, model.RenameGroup, model.DeleteGroup:
		return []model.Part{model.PartGroups}, nil
	case model.AddMembers, model.RemoveMembers:
		return []model.Part{model.PartGroups, model.PartMemberships}, nil
	}
	return nil, nil
}

// Whatever is planned from a reading that went wrong: no repair is run of which a part that it depends on was not read
// in full, and none that is not right.
func TestNothingIsRunOnAReadingThatWentWrong(t *testing.T) {
	t.Parallel()
	for _, x := range sample.Of(t, troubles()) {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			x.start(b)
			c, err := b.loader.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			seen := map[model.RepairName]bool{}
			for _, o := range everyRepair() {
				if seen[o.repair] {
					continue
				}
				seen[o.repair] = true
				b.runsOnly(c, o.repair)
			}
		})
	}
}

// runsOnly plans every finding that offers a repair and runs that plan.
func (b *bed) runsOnly(c *drift.Comparison, name model.RepairName) {
	b.t.Helper()
	var picks []model.Pick
	for _, f := range b.loader.Last().Findings {
		for _, o := range f.Repairs {
			if o.Channel == model.Direct && o.Repair == name {
				picks = append(picks, model.Pick{Finding: f.ID, Option: o, Named: true})
			}
		}
	}
	plan, err := b.repairer.Plan(b.t.Context(), picks,
		slices.Concat(overridable(), []model.GuardRule{model.RuleShrunk}))
	if err != nil || len(plan.Steps) == 0 || !plan.Guard.Allowed {
		return
	}
	source, target := dependsOn(name)
	for _, p := range source {
		if !c.Source.Coverage[p].Complete() {
			b.t.Errorf("%s is allowed, and the source's %s are %s", name, p, c.Source.Coverage[p])
		}
	}
	for _, p := range target {
		if !c.Target.Coverage[p].Complete() {
			b.t.Errorf("%s is allowed, and the target's %s are %s", name, p, c.Target.Coverage[p])
		}
	}
	made := map[string]string{}
	plain := b.opts.Target
	o := b.watched(plan, repair.RunOptions{}, func() {}, func(step *model.Step) {
		b.bend(func(w *world.World) {
			for i := range plan.Steps { // ids of this plan's own records are asked for by name
				made[plan.Steps[i].ID] = ""
			}
			look := oracle{w: w, app: b.tenant.AppID, pattern: regexp.MustCompile(tenants.RolesPattern)}
			if len(step.After) == 0 {
				if why := look.forbids(step, made); why != "" {
					b.t.Errorf("%s of %s is sent, though %s", step.Repair, step.Subject.Name, why)
				}
			}
		})
	})
	b.server.SCIM.ResetRequests()
	o.Allow = append(o.Allow, plan.Guard.Overrides()...)
	run, err := b.repairer.Run(b.t.Context(), plan, o)
	b.opts.Target = plain
	b.repairer = repair.New(b.opts)
	if err != nil { // refused, and then nothing was sent
		b.wantUnwritten()
		return
	}
	if diff := cmp.Diff(printed(run), b.writes()); diff != "" {
		b.t.Errorf("%s (-plan +seen):\n%s", strings.TrimSpace(states(run)), diff)
	}
}
