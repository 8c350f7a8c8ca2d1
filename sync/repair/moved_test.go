package repair_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// hung is how many account assignments hang on the old id.
const hung = 2

// orphan is a group that somebody deleted at the target and OneLogin made again, so that what it was assigned hangs on
// its old id.
type orphan struct {
	*bed

	name, old, id string
	// was is what the group opened, as opened says it, and others what every other group opens.
	was    []string
	others map[string][]string
}

// orphaned makes one, in a tenant that agrees otherwise; log says whether OneLogin's log has the refused pushes.
func orphaned(t *testing.T, log bool, change ...func(*repair.Options)) *orphan {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Seed: 5, Users: 12, Groups: 6})
	if err != nil {
		t.Fatal(err)
	}
	o := &orphan{bed: serve(t, tenant, change...)}
	o.bend(func(w *world.World) {
		accounts, sets := slices.Sorted(maps.Keys(w.Target.Accounts)), slices.Sorted(maps.Keys(w.Target.PermissionSets))
		for _, id := range w.Target.GroupOrder {
			if g := w.Target.Groups[id]; len(g.Members) > 1 &&
				w.Source.Apps[o.tenant.AppID].Entitlements[g.DisplayName] == id {
				o.name, o.old = g.DisplayName, id
				break
			}
		}
		w.Target.Assignments = slices.DeleteFunc(w.Target.Assignments,
			func(a world.Assignment) bool { return a.PrincipalID == o.old })
		for n := range hung {
			w.Target.Assignments = append(w.Target.Assignments,
				world.Assignment{
					AccountID: accounts[n], PermissionSetARN: sets[n%2], PrincipalType: "GROUP",
					PrincipalID: o.old,
				})
		}
	})
	o.others, _ = o.opened()
	o.was = o.others[o.name]
	delete(o.others, o.name)
	o.seeThrough() // reads the group while it is there
	o.remake()
	if log {
		o.refuses(o.name)
	}
	if !log {
		o.read() // in the same process, which knows who it was
		return o
	}
	o.seeThrough()
	return o
}

// remake deletes the group at the target and makes it again, with its members.
func (o *orphan) remake() {
	o.bend(func(w *world.World) {
		g := *w.Target.Groups[o.old]
		w.Target.RemoveGroup(o.old)
		o.id = w.NewUUID()
		g.ID = o.id
		w.Target.AddGroup(&g)
		w.Source.Apps[o.tenant.AppID].Entitlements[o.name] = o.id
	})
}

// refuses logs that a push to the old id was refused, under a name.
func (o *orphan) refuses(name string) {
	o.bend(func(w *world.World) {
		last := w.Source.Events[len(w.Source.Events)-1]
		w.Source.Events = append(w.Source.Events, world.Event{
			ID: last.ID + 1, At: time.Now().Add(-time.Minute), Type: model.EventUpdateFailed, AppID: o.tenant.AppID,
			UserID:           101,
			ErrorDescription: `AWS answered 404 for group "` + name + `" (` + o.old + "): resource not found",
		})
	})
}

func (o *orphan) finding() *model.Finding {
	c := o.loader.Last()
	for i := range c.Findings {
		if c.Findings[i].Kind == model.AssignmentsStranded {
			return &c.Findings[i]
		}
	}
	return nil
}

func (o *orphan) moving() *model.Plan {
	o.t.Helper()
	f := o.finding()
	if f == nil {
		o.t.Fatalf("nothing is to be moved: %+v", o.loader.Last().Stranded)
	}
	plan := o.planOf(f, model.MoveAssignments)
	if !plan.Guard.Allowed || len(plan.LeftOut) > 0 {
		o.t.Fatalf("left out %v, guard %+v", plan.LeftOut, plan.Guard)
	}
	return plan
}

// wantNobodyElse: no group has what it did not have before, whatever was written.
func (o *orphan) wantNobodyElse() {
	o.t.Helper()
	now, _ := o.opened()
	for _, a := range now[o.name] {
		if !slices.Contains(o.was, a) {
			o.t.Errorf("%s opens %s, which it did not before", o.name, a)
		}
	}
	delete(now, o.name)
	if diff := cmp.Diff(o.others, now); diff != "" {
		o.t.Errorf("what others open (-before +after):\n%s", diff)
	}
}

// wantMoved: the group opens what it did, and nothing dangles.
func (o *orphan) wantMoved() {
	o.t.Helper()
	o.wantNobodyElse()
	now, dangling := o.opened()
	if diff := cmp.Diff(o.was, now[o.name]); diff != "" || dangling > 0 {
		o.t.Errorf("%d dangle; what the group opens (-before +after):\n%s", dangling, diff)
	}
}

func (o *orphan) writesToAWS() (n int) {
	for _, r := range o.server.AWS.Requests() {
		if strings.HasSuffix(r.Operation, "AccountAssignment") && !strings.Contains(r.Operation, "Describe") {
			n++
		}
	}
	return n
}

// What hung on the old id is made for the group that has its name now, and only then taken away; the undo takes it back
// and says what it cannot. It works whether AWS shows by principal what dangles, or not.
func TestAssignmentsAreMoved(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		log   bool
		knobs simaws.Knobs
	}{
		"known by the log":           {log: true},
		"known by an earlier read":   {},
		"by and by":                  {log: true, knobs: simaws.Knobs{Polls: 2, Lag: 1, Paging: fault.Sizes(1)}},
		"what dangles is not listed": {log: true, knobs: simaws.Knobs{HideDangling: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := orphaned(t, tt.log)
			o.server.AWS.SetKnobs(tt.knobs)
			before := o.directory()
			plan := o.moving()
			if n := plan.Totals(); n.Grants != hung || n.Removals != hung || n.Deletes > 0 ||
				len(plan.Steps) != 2*hung {
				t.Fatalf("it counts %+v in %d steps", n, len(plan.Steps))
			}
			run := o.run(plan, repair.RunOptions{})
			o.wantStates(run, model.RunDone, strings.TrimSpace(strings.Repeat("confirmed ", 2*hung)))
			o.wantMoved()
			if f := o.finding(); f != nil {
				t.Errorf("the board still says %+v", f)
			}
			o.wantGone(o.read(), plan)
			left := o.undone(run)
			if strings.Count(left, "AWS assigns nothing to a group that is gone") != hung ||
				!strings.Contains(left, o.old) {
				t.Errorf("the undo says %q", left)
			}
			now, dangling := o.opened()
			if len(now[o.name]) > 0 || dangling > 0 {
				t.Errorf("after the undo the group opens %v, and %d dangle", now[o.name], dangling)
			}
			o.wantNobodyElse()
			o.wantDirectory(before)
		})
	}
}

// A group that is gone again may leave behind what the run made for it: the undo names that, but not what an earlier
// one took away.
func TestUndoNamesWhatHangsOnAGroupThatIsGoneAgain(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"before an undo": hung, "after one": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := orphaned(t, true)
			run := o.run(o.moving(), repair.RunOptions{})
			if want == 0 {
				o.undone(run)
			}
			o.bend(func(w *world.World) { w.Target.RemoveGroup(o.id) })
			if left := o.undone(run); strings.Count(left, o.id+") is gone") != want {
				t.Errorf("the undo says %q", left)
			}
		})
	}
}

// A group that this program deleted itself is known by its journal, in a process that has read nothing before.
func TestAssignmentsAreMovedByTheJournal(t *testing.T) {
	t.Parallel()
	b := withLens(t)
	f := b.assigned()
	name, want := f.Subject.Name, b.accounts(f.Subject.Name)
	b.run(b.planOf(f, model.DeleteGroup, model.RuleAssigned), repair.RunOptions{})
	var role world.Role
	b.bend(func(w *world.World) { // somebody wants it after all
		for _, r := range w.Source.Roles {
			if r.Apps[b.tenant.AppID] && len(r.Users) > 0 {
				role = *r
			}
		}
		role.ID, role.Name, role.Users = 990_001, name, maps.Clone(role.Users)
		w.Source.Roles[role.ID] = &role
		w.Target.AddGroup(&world.TargetGroup{ID: w.NewUUID(), DisplayName: name})
	})
	b.seeThrough()
	var plan *model.Plan
	for i := range b.loader.Last().Findings {
		if of := &b.loader.Last().Findings[i]; of.Kind == model.AssignmentsStranded && of.Subject.Name == name {
			plan = b.planOf(of, model.MoveAssignments)
		}
	}
	if plan == nil {
		t.Fatalf("nothing is to be moved: %+v", b.loader.Last().Stranded)
	}
	if run := b.run(plan, repair.RunOptions{}); run.State != model.RunDone {
		t.Fatal(details(run))
	}
	if diff := cmp.Diff(want, b.accounts(name)); diff != "" {
		t.Errorf("what it opens (-before +after):\n%s", diff)
	}
}

// The machine goes down at any operation of the journal: what is left is moved by another run, and at no time does any
// group have what it did not have before.
func TestACrashWhileAssignmentsMove(t *testing.T) {
	t.Parallel()
	first, step := sample.Every(t)
	crashes := 0
	for at := 1 + first; !t.Failed(); at += step {
		disk := statetest.New(uint64(at))
		o := orphaned(t, true, func(o *repair.Options) {
			o.Journal = journal.Open(disk, "/state",
				o.Now)
		})
		plan := o.moving()
		disk.CrashAt(at)
		o.server.AWS.ResetRequests()
		run, err := o.repairer.Run(t.Context(), plan, asPlanned(plan))
		if err == nil {
			if run.State != model.RunDone {
				t.Fatal(details(run))
			}
			break
		}
		crashes++
		o.wantNobodyElse()
		disk = disk.Restart()
		o.opts.Journal = journal.Open(disk, "/state", o.clock)
		o.seeThrough()
		o.ahead += 10 * time.Minute
		if open, found, err := o.opts.Journal.Unsettled(print1); err != nil {
			t.Fatal(err)
		} else if found {
			if _, err := o.repairer.Settle(t.Context(), open); err != nil {
				t.Fatalf("crash %d: %v", at, err)
			}
		}
		o.read()
		if o.finding() != nil {
			if run := o.run(o.moving(), repair.RunOptions{}); run.State != model.RunDone {
				t.Fatalf("crash %d: %s", at, details(run))
			}
		}
		o.wantMoved()
		if n := o.writesToAWS(); n != 2*hung {
			t.Errorf("crash %d: %d writes for four steps", at, n)
		}
	}
	if crashes < 15/step {
		t.Errorf("only %d crashes", crashes)
	}
}

// The world changes between the plan and the run: what does not hold any more is not done, and nobody has what they did
// not have before.
func TestTheWorldChangesBeforeAssignmentsMove(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bend func(o *orphan)
		// none: nothing at all is written.
		none bool
		// rest is how much the group opens in the end.
		rest int
	}{
		"the log says otherwise": {func(o *orphan) { o.refuses("aws-somebody-else") }, true, 0},
		"the role grants no more": {func(o *orphan) {
			o.bend(func(w *world.World) {
				for _, r := range w.Source.Roles {
					if model.SameName(r.Name, o.name) {
						delete(r.Apps, o.tenant.AppID)
					}
				}
			})
		}, true, 0},
		"the group is gone again": {
			func(o *orphan) { o.bend(func(w *world.World) { w.Target.RemoveGroup(o.id) }) },
			true, 0,
		},
		"the group has another name": {func(o *orphan) {
			o.bend(func(w *world.World) { w.Target.Groups[o.id].DisplayName = "aws-other-name" })
		}, true, 0},
		"names are swapped": {func(o *orphan) {
			o.bend(func(w *world.World) {
				for id, g := range w.Target.Groups {
					if id != o.id {
						g.DisplayName, w.Target.Groups[o.id].DisplayName = o.name, g.DisplayName
						return
					}
				}
			})
		}, true, 0},
		"somebody took one away": {func(o *orphan) {
			o.bend(func(w *world.World) {
				w.Target.Assignments = slices.DeleteFunc(w.Target.Assignments, func(a world.Assignment) bool {
					return a.PrincipalID == o.old && a.AccountID+" "+a.PermissionSetARN == o.was[0]
				})
			})
		}, false, hung - 1},
		"somebody made one": {func(o *orphan) {
			o.bend(func(w *world.World) {
				account, set, _ := strings.Cut(o.was[0], " ")
				w.Target.Assignments = append(w.Target.Assignments,
					world.Assignment{
						AccountID: account, PermissionSetARN: set, PrincipalType: "GROUP",
						PrincipalID: o.id,
					})
			})
		}, false, hung},
		"a group of a like name": {func(o *orphan) {
			o.bend(func(w *world.World) {
				w.Target.AddGroup(&world.TargetGroup{
					ID:          w.NewUUID(),
					DisplayName: strings.Replace(o.name, "a", "\u0430", 1),
				})
			})
		}, false, hung},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := orphaned(t, true)
			plan := o.moving()
			tt.bend(o)
			others, _ := o.opened()
			delete(others, o.name)
			delete(others, "aws-other-name")
			o.server.AWS.ResetRequests()
			run, err := o.repairer.Run(t.Context(), plan, asPlanned(plan))
			if n := o.writesToAWS(); (tt.none || err != nil) && n > 0 {
				t.Errorf("%d writes: %v%s", n, err, details(run))
			}
			now, _ := o.opened()
			if got := now[o.name]; !tt.none && err == nil && len(got) != tt.rest {
				t.Errorf("it opens %v: %v%s", got, err, details(run))
			}
			for _, a := range now[o.name] {
				if !tt.none && !slices.Contains(o.was, a) {
					t.Errorf("it opens %s, which it did not", a)
				}
			}
			delete(now, o.name)
			if diff := cmp.Diff(others, now); diff != "" && !tt.none {
				t.Errorf("what others open (-before +after):\n%s", diff)
			}
		})
	}
}

// AWS may refuse to take away what hangs on a group that is gone. What was given stays, the rest says so, and the next
// plan gives nothing twice.
func TestWhatDanglesCannotBeTakenAway(t *testing.T) {
	t.Parallel()
	o := orphaned(t, true)
	o.server.AWS.SetKnobs(simaws.Knobs{FailDangling: true})
	run := o.run(o.moving(), repair.RunOptions{})
	o.wantStates(run, model.RunIncomplete, "confirmed confirmed failed failed")
	o.wantNobodyElse()
	now, dangling := o.opened()
	if diff := cmp.Diff(o.was, now[o.name]); diff != "" || dangling != hung {
		t.Errorf("%d dangle; it opens (-before +after):\n%s", dangling, diff)
	}
	o.server.AWS.SetKnobs(simaws.Knobs{})
	o.read()
	plan := o.moving()
	if n := plan.Totals(); n.Grants > 0 || n.Removals != hung {
		t.Errorf("the next plan counts %+v", n)
	}
	o.run(plan, repair.RunOptions{})
	o.wantMoved()
}
