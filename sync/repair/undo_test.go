package repair_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// undone reads both sides, and then runs the way back of a run.
func (b *bed) undone(run model.Run) (left string) {
	b.t.Helper()
	b.read()
	return b.takenBack(run)
}

// takenBack runs the way back of a run on the last reading, which must succeed, and gives what was left out.
func (b *bed) takenBack(run model.Run) (left string) {
	b.t.Helper()
	undo, err := b.repairer.Undo(b.t.Context(), run.ID, overridable())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, l := range undo.LeftOut {
		left += l.Reason + "\n"
	}
	if len(undo.Steps) > 0 {
		// What is left out is a result of the run too, however well its steps went.
		want := map[bool]model.RunState{true: model.RunDone, false: model.RunIncomplete}[left == ""]
		back := b.run(undo, repair.RunOptions{})
		if back.State != want || strings.Trim(states(back), "confirmed ") != "" {
			b.t.Fatalf("undo is %s, want %s:%s", back.State, want, details(back))
		}
		if told := strings.Join(back.NotTakenBack(), "\n"); (told == "") != (left == "") {
			b.t.Errorf("afterwards it says %q, and before %q", told, left)
		}
	}
	return left
}

// sourceOf finds the OneLogin user of a target user by the e-mail.
func sourceOf(w *world.World, u *world.TargetUser) *world.User {
	for _, s := range w.Source.Users {
		if s.Email == u.Email {
			return s
		}
	}
	return nil
}

// big is a lingering group with at least two members, and the plan that deletes it.
func (b *bed) deleteBig() (*model.Plan, []model.Member) {
	b.t.Helper()
	for _, p := range b.picks(model.GroupLingering, model.DeleteGroup) {
		plan, err := b.repairer.Plan(b.t.Context(), []model.Pick{p}, overridable())
		if err != nil {
			b.t.Fatal(err)
		}
		if m := plan.Steps[0].Members; len(m) > 1 {
			return plan, m
		}
	}
	b.t.Fatal("no lingering group has two members")
	return nil, nil
}

// Who has left does not come back with a group, and the others do.
func TestUndoAdmitsNobodyWhoHasLeft(t *testing.T) {
	for name, leave := range map[string]func(b *bed, w *world.World, u *world.TargetUser){
		"suspended": func(_ *bed, w *world.World, u *world.TargetUser) { sourceOf(w, u).Status = 2 },
		"unassigned": func(b *bed, w *world.World, u *world.TargetUser) {
			id := sourceOf(w, u).ID
			delete(w.Source.Apps[b.tenant.AppID].Direct, id)
			delete(w.Source.Logins, world.LoginKey{App: b.tenant.AppID, User: id})
			for _, r := range w.Source.Roles {
				delete(r.Users, id)
			}
		},
		"unassigned, and their apps still show it": func(_ *bed, w *world.World, u *world.TargetUser) {
			for _, r := range w.Source.Roles {
				delete(r.Users, sourceOf(w, u).ID)
			}
		},
		"another person": func(_ *bed, _ *world.World, u *world.TargetUser) {
			u.UserName, u.Email, u.ExternalID = "new@corp.example", "", ""
		},
		"gone":     func(_ *bed, w *world.World, u *world.TargetUser) { w.Target.RemoveUser(u.ID) },
		"inactive": func(_ *bed, _ *world.World, u *world.TargetUser) { u.Active = false },
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			plan, members := b.deleteBig()
			group := plan.Steps[0].Group.Name
			run := b.run(plan, repair.RunOptions{})
			b.wantStates(run, model.RunDone, "confirmed")
			b.bend(func(w *world.World) { leave(b, w, w.Target.Users[members[0].ID]) })
			left := b.takenBack(run) // nobody has read both sides since
			if !strings.Contains(left, members[0].UserName) {
				t.Errorf("%s is not named: %s", members[0].UserName, left)
			}
			b.bend(func(w *world.World) {
				for _, g := range w.Target.Groups {
					if g.DisplayName == group {
						if g.Members[members[0].ID] || len(g.Members) != len(members)-1 {
							t.Errorf("%d of %d members are back, the one who left: %v", len(g.Members), len(members),
								g.Members[members[0].ID])
						}
						return
					}
				}
				t.Error("the group is not back")
			})
		})
	}
}

// Who has come to have the app again since both sides were read, even as somebody whom nobody had read, comes back.
func TestUndoAdmitsWhoHasComeSince(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]int64{"assigned again": 0, "made again": 990001} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			var gone *model.User
			var run model.Run
			for _, p := range b.picks(model.UserLingering, model.DeleteUser) {
				plan, err := b.repairer.Plan(t.Context(), []model.Pick{p}, overridable())
				if err != nil {
					t.Fatal(err)
				}
				if c := b.loader.Last(); plan.Guard.Allowed && len(plan.Steps) == 1 {
					at := slices.IndexFunc(c.Target.Users,
						func(u model.User) bool { return u.ID == plan.Steps[0].Subject.TargetID })
					gone = &c.Target.Users[at]
					run = b.run(plan, repair.RunOptions{})
					break
				}
			}
			b.wantStates(run, model.RunDone, "confirmed")
			if left := b.takenBack(run); !strings.Contains(left, "OneLogin does not assign the app to them") {
				t.Fatalf("before: %s", left)
			}
			b.ahead += 10 * time.Second // answers of this moment would serve again
			b.bend(func(w *world.World) {
				user := sourceOf(w, &world.TargetUser{Email: gone.UserName})
				if user == nil || id != 0 {
					for known := range w.Source.Users {
						if user != nil && known == user.ID {
							delete(w.Source.Users, known)
						}
					}
					user = &world.User{
						ID: 990001 + id, Username: gone.UserName, Email: gone.UserName,
						FirstName: gone.GivenName, LastName: gone.FamilyName,
					}
					w.Source.Users[user.ID] = user
				}
				user.Status, user.State = 1, 1
				w.Source.Apps[b.tenant.AppID].Direct[user.ID] = true
				w.Source.Logins[world.LoginKey{App: b.tenant.AppID, User: user.ID}] = &world.Login{ID: 990009}
			})
			if left := b.takenBack(run); strings.Contains(left, gone.UserName) {
				t.Errorf("left out: %s", left)
			}
			b.bend(func(w *world.World) {
				for _, u := range w.Target.Users {
					if u.UserName == gone.UserName {
						return
					}
				}
				t.Errorf("%s is not back", gone.UserName)
			})
		})
	}
}

// What somebody else has changed since stays as it is.
func TestUndoLeavesAloneWhatChangedSince(t *testing.T) {
	name := func(w *world.World, s string) *world.TargetGroup {
		for _, g := range w.Target.Groups {
			if g.DisplayName == s {
				return g
			}
		}
		return nil
	}
	for what, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		bend   func(w *world.World, run model.Run)
	}{
		"a group is there again": {model.GroupLingering, model.DeleteGroup, func(w *world.World, run model.Run) {
			w.Target.AddGroup(&world.TargetGroup{ID: w.NewUUID(), DisplayName: run.Plan.Steps[0].Group.Name})
		}},
		"a created group has a stranger": {model.GroupMissing, model.CreateGroup, func(w *world.World, run model.Run) {
			g := name(w, run.Plan.Steps[0].Subject.Name)
			clear(g.Members)
			for id := range w.Target.Users {
				if u := w.Target.Users[id]; !slices.ContainsFunc(run.Plan.Steps[1].Members,
					func(m model.Member) bool { return m.ID == u.ID }) {
					g.Members[id] = true
					return
				}
			}
		}},
		"a created user is in another group": {
			model.UserUnsynced, model.CreateUser,
			func(w *world.World, run model.Run) {
				for _, g := range w.Target.Groups {
					clear(g.Members)
				}
				g := w.Target.Groups[w.Target.GroupOrder[0]]
				for _, g2 := range w.Target.Groups {
					if !slices.ContainsFunc(run.Plan.Steps,
						func(s model.Step) bool { return s.Group != nil && s.Group.ID == g2.ID }) {
						g = g2
					}
				}
				g.Members[run.Steps[0].CreatedID] = true
			},
		},
		"a group has a third name": {model.GroupRenamed, model.RenameGroup, func(w *world.World, run model.Run) {
			w.Target.Groups[run.Plan.Steps[0].Group.ID].DisplayName = "third"
		}},
		"a group's old name is another's": {model.GroupRenamed, model.RenameGroup, func(w *world.World, run model.Run) {
			w.Target.AddGroup(&world.TargetGroup{ID: w.NewUUID(), DisplayName: run.Plan.Steps[0].Group.Name})
		}},
		"an attribute has a third value": {model.UserAttributes, model.UpdateUser, func(w *world.World, run model.Run) {
			u := w.Target.Users[run.Plan.Steps[0].Subject.TargetID]
			u.DisplayName, u.Email, u.GivenName, u.FamilyName = "third", "third@corp.example", "third", "third"
		}},
		"those who were added are out again": {
			model.MembersMissing, model.AddMembers,
			func(w *world.World, run model.Run) {
				clear(w.Target.Groups[run.Plan.Steps[0].Group.ID].Members)
			},
		},
		"those who were removed are in again": {
			model.MembersExtra, model.RemoveMembers,
			func(w *world.World, run model.Run) {
				for _, m := range run.Plan.Steps[0].Members {
					w.Target.Groups[run.Plan.Steps[0].Group.ID].Members[m.ID] = true
				}
			},
		},
	} {
		t.Run(what, func(t *testing.T) {
			b := lay(t, "drift")
			run := b.run(b.plan(test.kind, test.repair, 1), repair.RunOptions{})
			if run.State != model.RunDone {
				t.Fatalf("run is %s:%s", run.State, details(run))
			}
			b.bend(func(w *world.World) { test.bend(w, run) })
			after := b.directory()
			left := b.undone(run)
			asBefore := test.repair == model.RemoveMembers || test.repair == model.AddMembers
			if (left == "") != asBefore {
				t.Errorf("left out: %q, though everything is as before the run: %v", left, asBefore)
			}
			b.wantDirectory(after)
			t.Log(left)
		})
	}
}

// Where the name that a record had and the one that it has look the same, both are told by their code points.
func TestUndoTellsNamesApartThatLookTheSame(t *testing.T) {
	t.Parallel()
	otherwise := func(name *string) (then, now string) {
		was := *name
		*name = strings.Replace(was, "a", "\u0430", 1)
		return model.Distinct(was, *name)
	}
	var then, now string
	member := lay(t, "drift")
	run := member.run(member.plan(model.MembersExtra, model.RemoveMembers, 1), repair.RunOptions{})
	member.wantStates(run, model.RunDone, "confirmed")
	member.bend(func(w *world.World) {
		then,
			now = otherwise(&w.Target.Users[run.Plan.Steps[0].Members[0].ID].UserName)
	})
	if left := member.undone(run); !strings.Contains(left,
		then+" is not put back: the user of that id has another name by now, "+now) {
		t.Errorf("left out: %s, want %s and %s", left, then, now)
	}

	user := lay(t, "drift")
	run = user.deletedAndAssigned()
	user.bend(func(w *world.World) {
		g := w.Target.Groups[run.Steps[0].Backup[0].Groups[0].ID]
		then, now = otherwise(&g.DisplayName)
	})
	if left := user.undone(run); !strings.Contains(left, then+": the group of that id is called "+now+" by now") {
		t.Errorf("left out: %s, want %s and %s", left, then, now)
	}
}

// A user who was deleted and is assigned again by now comes back with all that he had.
func TestUndoBringsBackWhoIsAssignedAgain(t *testing.T) {
	b := lay(t, "drift")
	before := b.directory()
	if left := b.undone(b.deletedAndAssigned()); left != "" {
		t.Errorf("left out: %s", left)
	}
	b.wantDirectory(before)
}

// deletedAndAssigned is the run that deleted a user who was in groups, and who is assigned again since.
func (b *bed) deletedAndAssigned(allow ...model.GuardRule) model.Run {
	t := b.t
	t.Helper()
	var plan *model.Plan
	var source *world.User
	for _, p := range b.picks(model.UserLingering, model.DeleteUser) {
		made, err := b.repairer.Plan(t.Context(), []model.Pick{p}, overridable())
		if err != nil {
			t.Fatal(err)
		}
		b.bend(func(w *world.World) { source = sourceOf(w, w.Target.Users[made.Steps[0].Subject.TargetID]) })
		if source != nil && source.Status == 1 && len(made.Steps[0].BlastRadius.Groups) > 0 {
			plan = made
			break
		}
	}
	if plan == nil {
		t.Fatal("no lingering user is known to the source and in a group")
	}
	run := b.run(plan, repair.RunOptions{Allow: allow})
	b.wantStates(run, model.RunDone, "confirmed")
	b.bend(func(w *world.World) { w.Source.Apps[b.tenant.AppID].Direct[source.ID] = true })
	return run
}

// More members than one request takes go out in hundreds, each step about its own, and come back in the same way.
func TestManyMembersGoInHundreds(t *testing.T) {
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Users: 320, Groups: 6, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	// One role with everybody, none of whom is in its group.
	var group *world.TargetGroup
	for _, g := range tenant.World.Target.Groups {
		if role := roleNamed(tenant.World, g.DisplayName); role != nil &&
			(group == nil || g.DisplayName < group.DisplayName) {
			group = g
		}
	}
	role := roleNamed(tenant.World, group.DisplayName)
	role.Users = map[int64]bool{}
	for id := range tenant.World.Source.Apps[tenant.AppID].Direct {
		role.Users[id] = true
	}
	for _, r := range tenant.World.Source.Roles {
		for id := range r.Users {
			if r.Apps[tenant.AppID] {
				role.Users[id] = true
			}
		}
	}
	clear(group.Members)
	b := serve(t, tenant)
	before := b.directory()
	plan := b.plan(model.MembersMissing, model.AddMembers, 1)
	if len(plan.Steps) < 3 {
		t.Fatalf("%d steps", len(plan.Steps))
	}
	for _, s := range plan.Steps {
		for _, st := range append(slices.Clone(s.Precondition), s.Afterwards...) {
			if len(st.Users) > 0 && len(st.Users) != len(s.Members) || len(s.Members) > 100 {
				t.Errorf("%s with %d members states something of %d", s.ID, len(s.Members), len(st.Users))
			}
		}
	}
	run := b.run(plan, repair.RunOptions{})
	if run.State != model.RunDone {
		t.Fatalf("run is %s:%s", run.State, details(run))
	}
	b.wantTraffic(run)
	b.wantGone(b.read(), plan)
	if left := b.undone(run); left != "" {
		t.Errorf("left out: %s", left)
	}
	b.wantDirectory(before)
}

func roleNamed(w *world.World, name string) *world.Role {
	for _, r := range w.Source.Roles {
		if r.Name == name {
			return r
		}
	}
	return nil
}

// Worlds bent in many ways, everything that we can repair in one run: what the run did comes back, and nothing else
// changes.
func TestWhatARunDidComesBack(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Users: 30, Groups: 8, Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(seed, 11))
			bends := tenants.Drifts()
			r.Shuffle(len(bends), func(i, j int) { bends[i], bends[j] = bends[j], bends[i] })
			for _, bend := range bends[:8] {
				bend.Apply(tenant, r)
			}
			b := serve(t, tenant)
			var picks []model.Pick
			for _, f := range b.loader.Last().Findings {
				var direct []model.Option
				for _, o := range f.Repairs {
					// Deletes and deactivations of users are not taken back as long as the source does not list them.
					if o.Channel == model.Direct && o.Repair != model.DeleteUser && o.Repair != model.DeactivateUser {
						direct = append(direct, o)
					}
				}
				if len(direct) > 0 {
					picks = append(picks, model.Pick{Finding: f.ID, Option: direct[r.IntN(len(direct))], Named: true})
				}
			}
			plan, err := b.repairer.Plan(t.Context(), picks, overridable())
			if err != nil || !plan.Guard.Allowed {
				t.Fatalf("%+v %v", plan.Guard.Refusals, err)
			}
			before := b.directory()
			if len(plan.Steps) == 0 {
				return
			}
			run := b.run(plan, repair.RunOptions{})
			if run.State != model.RunDone {
				t.Fatalf("run is %s:%s", run.State, details(run))
			}
			b.wantTraffic(run)
			b.wantGone(b.read(), plan)
			left := b.undone(run)
			if left == "" {
				b.wantDirectory(before)
			} else {
				t.Log(fmt.Sprint("left out: ", left))
			}
		})
	}
}

// What holds of every group that comes back is said once, with their names, and not once a group.
func TestUndoWarnsOnce(t *testing.T) {
	b := lay(t, "drift")
	run := b.run(b.plan(model.GroupLingering, model.DeleteGroup, 3), repair.RunOptions{})
	b.wantStates(run, model.RunDone, "confirmed confirmed confirmed")
	back, err := b.repairer.Undo(t.Context(), run.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, w := range back.Warnings {
		if strings.Contains(w, "made again under a new id") {
			said = append(said, w)
		}
	}
	if len(said) != 1 {
		t.Fatalf("said %d times: %q", len(said), back.Warnings)
	}
	for i := range run.Plan.Steps {
		if name := run.Plan.Steps[i].Subject.Name; !strings.Contains(said[0], name) {
			t.Errorf("%q does not name %s", said[0], name)
		}
	}
}

// What the run has made again is OneLogin's still, on a board that has not read both sides again: the group is younger
// than the event that tells of its role, so that nothing but the run shows whose it is.
func TestAGroupThatAnUndoGaveBackStaysOneLogins(t *testing.T) {
	b := lay(t, "lingering-groups")
	id := b.loader.Last().Findings[0].ID
	run := b.run(b.plan(model.GroupLingering, model.DeleteGroup, 1), repair.RunOptions{})
	b.takenBack(run)
	if got := b.loader.Last().Findings[0].ID; got != id {
		t.Errorf("%s is %s now", id, got)
	}
}
