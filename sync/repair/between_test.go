package repair_test

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// A run rests on what was read before and on single answers. Whatever becomes of the services between plan and run, and
// within the run, nothing is sent that a full read of that moment would speak against.
func TestBetweenPlanAndRun(t *testing.T) {
	t.Parallel()
	onelogin := func(path string, kind fault.Kind) func(b *bed, _ *model.Step) {
		return func(b *bed, _ *model.Step) {
			b.fail(fault.Fault{Service: fault.OneLogin, Path: path, Kind: kind, Status: 404, Body: "no such page"})
		}
	}
	target := func(path string, kind fault.Kind) func(b *bed, _ *model.Step) {
		return func(b *bed, _ *model.Step) {
			b.fail(fault.Fault{
				Service: fault.SCIM, Path: path, Method: "GET", Kind: kind, Status: 404,
				Body: "no such page",
			})
		}
	}
	type trouble struct {
		change func(b *bed, s *model.Step)
		// blind: what the step rests on cannot be read, so that nothing at all may be sent.
		blind bool
	}
	troubles := map[string]trouble{
		"the credential lost its scopes":                {onelogin("/api/[12]/", fault.Forbidden), true},
		"a gateway answers 404 to everything":           {onelogin("/api/[12]/", fault.Answer), true},
		"a gateway answers 404 for every user and role": {onelogin("/api/2/(users|roles)/", fault.Answer), false},
		"OneLogin's lists are empty": {onelogin("/api/2/(users|roles|apps/[0-9]+/users)",
			fault.Empty), true},
		"the target answers 404 to everything": {target("/", fault.Answer), true},
		"the target's filters find nothing":    {target("filter=", fault.Empty), false},
		"the target's lists are empty":         {target("/(Users|Groups)($|\\?)", fault.Empty), false},
		"the list of roles is cut to a tenth": {
			func(b *bed, s *model.Step) { b.bend(func(w *world.World) { cutRoles(w, s) }) }, false,
		},
		"a rule gives the group, and whoever was without": {
			func(b *bed, s *model.Step) { b.bend(func(w *world.World) { giveBack(w, b.tenant.AppID, s) }) }, false,
		},
	}
	type row struct {
		offer

		trouble string
		late    bool
	}
	var rows []row
	for _, name := range slices.Sorted(maps.Keys(troubles)) {
		for _, o := range []offer{
			{model.GroupLingering, model.DeleteGroup},
			{model.UserLingering, model.DeactivateUser},
			{model.UserStillActive, model.DeactivateUser},
			{model.MembersExtra, model.RemoveMembers},
			{model.UserUnsynced, model.CreateUser},
		} {
			rows = append(rows, row{o, name, false}, row{o, name, true})
		}
	}
	for _, r := range sample.Of(t, rows) {
		x, when := troubles[r.trouble], "before the run"
		if r.late {
			when = "in the run"
		}
		t.Run(r.trouble+"/"+string(r.kind)+"/"+when, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift", usual)
			made := b.plan(r.kind, r.repair, 1)
			begun := !r.late
			if begun {
				x.change(b, &made.Steps[0])
			}
			b.wantRight(made, x.blind, repair.RunOptions{
				Allow: []model.GuardRule{model.RuleMaxPercent},
				Watch: func(p plan.RunProgress) {
					if p.Step == 0 && p.Phase == plan.PhaseChecking && !begun {
						begun = true
						x.change(b, &made.Steps[0])
						b.ahead += 6 * time.Second // what was answered before serves for five
					}
				},
			})
		})
	}
}

// wantRight runs a plan. What is sent must be right by the worlds of that moment; blind: nothing is.
func (b *bed) wantRight(planned *model.Plan, blind bool, o repair.RunOptions) {
	b.t.Helper()
	current, made := 0, map[string]string{}
	watch := o.Watch
	o.Watch = func(p plan.RunProgress) {
		if p.Step >= 0 {
			current = p.Step
		}
		for _, s := range p.Run.Steps {
			made[s.ID] = s.CreatedID
		}
		watch(p)
	}
	b.opts.Target = &guarded{b.opts.Target, func(r model.Request) {
		if blind {
			b.t.Errorf("%s %s is sent, though nothing that it rests on can be read", r.Method, r.Path)
		}
		b.bend(func(w *world.World) {
			look := oracle{w: w, app: b.tenant.AppID, pattern: regexp.MustCompile(tenants.RolesPattern)}
			if why := look.forbids(&planned.Steps[current], made); why != "" {
				b.t.Errorf("%s %s is sent, though %s", r.Method, r.Path, why)
			}
		})
	}}
	b.repairer = repair.New(b.opts)
	b.server.SCIM.ResetRequests()
	o.Allow = append(o.Allow, planned.Guard.Overrides()...)
	run, err := b.repairer.Run(b.t.Context(), planned, o)
	switch {
	case err != nil:
		b.wantUnwritten()
		b.t.Log(err)
	case run.State != model.RunDone && run.Steps[0].Detail == "":
		b.t.Errorf("it is not said why: %s", details(run))
	default:
		b.t.Log(details(run))
	}
}

// cutRoles leaves a tenth of the roles and none that would give back what the step takes.
func cutRoles(w *world.World, _ *model.Step) {
	ids := slices.Sorted(maps.Keys(w.Source.Roles))
	for _, id := range ids[len(ids)/10:] {
		delete(w.Source.Roles, id)
	}
	w.Source.Changes++
}

// giveBack adds a rule that names the group of a step, and lets whomever it takes something from have the app.
func giveBack(w *world.World, app int64, s *model.Step) {
	m := &meddler{w: w, app: app, step: s}
	if s.Group != nil {
		a := w.Source.Apps[app]
		a.Rules = append(a.Rules, world.Rule{
			ID: w.NextID(), Name: "more", Match: "all", Enabled: true, Position: 9,
			Actions: []world.Action{{Action: "set_groups", Value: []string{s.Group.Name}}},
		})
		m.role().Apps[app] = true
		for _, member := range s.Members {
			if id, err := strconv.ParseInt(member.SourceID, 10, 64); err == nil {
				m.role().Users[id] = true
			}
		}
	} else {
		m.pushed()
		u := m.sourceUser()
		u.Status, u.State = 1, 1
	}
	w.Source.Changes++
}

// Where a later read was cut short, an older one may be kept in the place of a whole side. A plan that was made from
// the later read is not held against what was so before it.
func TestARunRestsOnNoReadBeforeThatOfItsPlan(t *testing.T) {
	t.Parallel()
	b := lay(t, "clean")
	older, _, _ := b.loader.Kept()
	b.bend(func(w *world.World) {
		group, _ := anyOf(0, w.Target.Groups)
		w.Target.RemoveGroup(group.ID)
	})
	b.ahead = time.Minute
	b.read()
	made := b.plan(model.GroupMissing, model.CreateGroup, 1)
	b.begin()
	if err := b.loader.Restore(t.Context(), older, nil); err != nil {
		t.Fatal(err)
	}
	b.wantStates(b.run(made, repair.RunOptions{}), model.RunDone, "confirmed confirmed")
}
