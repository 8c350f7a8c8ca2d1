package repair_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// held is a copy of all that the target holds; restore puts it back, as somebody would by hand.
func (b *bed) held() (restore func()) {
	users, groups := map[string]world.TargetUser{}, map[string]world.TargetGroup{}
	b.bend(func(w *world.World) {
		for id, u := range w.Target.Users {
			users[id] = *u
		}
		for id, g := range w.Target.Groups {
			group := *g
			group.Members = maps.Clone(g.Members)
			groups[id] = group
		}
	})
	return func() {
		b.bend(func(w *world.World) {
			for _, id := range slices.Clone(w.Target.UserOrder) {
				if _, was := users[id]; !was {
					w.Target.RemoveUser(id)
				}
			}
			for _, id := range slices.Clone(w.Target.GroupOrder) {
				if _, was := groups[id]; !was {
					w.Target.RemoveGroup(id)
				}
			}
			for id, u := range users {
				if w.Target.Users[id] == nil {
					w.Target.AddUser(&u)
				}
				*w.Target.Users[id] = u
			}
			for id, g := range groups {
				if w.Target.Groups[id] == nil {
					w.Target.AddGroup(&g)
				}
				*w.Target.Groups[id] = g
			}
		})
	}
}

// What an undo took back and somebody has changed once more since is theirs: it stays, and is named. An undo that was
// taken back itself took nothing back.
func TestUndoTakesNothingBackTwice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind   model.Kind
		repair model.RepairName
	}{
		{model.MembersExtra, model.RemoveMembers},
		{model.MembersMissing, model.AddMembers},
		{model.UserAttributes, model.UpdateUser},
		{model.UserInactive, model.ActivateUser},
		{model.GroupRenamed, model.RenameGroup},
		{model.GroupLingering, model.DeleteGroup},
	} {
		t.Run(string(test.repair), func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			before := b.directory()
			run := b.run(b.plan(test.kind, test.repair, 1), repair.RunOptions{})
			if run.State != model.RunDone {
				t.Fatal(details(run))
			}
			repeat := b.held()
			first := b.undoRun(run, repair.RunOptions{})
			warned := slices.ContainsFunc(first.Plan.Warnings,
				func(w string) bool { return strings.Contains(w, "may take them out again") })
			if warned != (test.repair == model.RemoveMembers) {
				t.Errorf("that OneLogin may take somebody out again is said: %v", warned)
			}
			b.wantDirectory(before)

			repeat()
			after := b.directory()
			undo := b.undoPlan(run.ID)
			left := ""
			for _, l := range undo.LeftOut {
				left += l.Reason + "\n"
			}
			if len(undo.Steps) > 0 || !strings.Contains(left, first.ID+" took it back already") {
				t.Errorf("%d steps, left out %s", len(undo.Steps), left)
			}
			b.wantDirectory(after)
		})
	}
}

// An undo can be undone, and the run is then there to be undone again.
func TestUndoThereAndBackAgain(t *testing.T) {
	t.Parallel()
	for kind, option := range map[model.Kind]model.RepairName{
		model.MembersExtra: model.RemoveMembers, model.GroupLingering: model.DeleteGroup,
		model.GroupMissing: model.CreateGroup, model.UserUnsynced: model.CreateUser,
		model.UserAttributes: model.UpdateUser, model.GroupRenamed: model.RenameGroup,
	} {
		t.Run(string(option), func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			before := b.directory()
			run := b.run(b.plan(kind, option, 1), repair.RunOptions{})
			after := b.directory()
			if left := b.undone(b.undoRun(run, repair.RunOptions{})); left != "" {
				t.Errorf("the undo of the undo left out: %s", left)
			}
			b.wantDirectory(after)
			if left := b.undone(run); left != "" {
				t.Errorf("the undo after that left out: %s", left)
			}
			b.wantDirectory(before)
		})
	}
}

// One value that somebody has changed since keeps no other from coming back.
func TestUndoTakesBackEachValueByItself(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	var run model.Run
	for _, p := range b.picks(model.UserAttributes, model.UpdateUser) {
		plan, err := b.repairer.Plan(t.Context(), []model.Pick{p}, overridable())
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Steps) == 1 && len(plan.Steps[0].Afterwards) > 1 {
			run = b.run(plan, repair.RunOptions{})
			break
		}
	}
	b.wantStates(run, model.RunDone, "confirmed")
	var before, other string
	for _, s := range run.Plan.Steps[0].Precondition {
		if s.Field == "name.familyName" && s.Side == model.AtTarget {
			before = s.Value
		}
	}
	id := run.Plan.Steps[0].Subject.TargetID
	b.bend(func(w *world.World) { w.Target.Users[id].DisplayName = "third" })
	left := b.undone(run)
	b.bend(func(w *world.World) {
		if u := w.Target.Users[id]; u.DisplayName != "third" || u.FamilyName != before {
			other = u.DisplayName + ", " + u.FamilyName
		}
	})
	if other != "" || !strings.Contains(left, `displayName of `) || strings.Contains(left, "familyName") {
		t.Errorf("they are called %s, want third, %s; left out: %s", other, before, left)
	}
}

// Users whose names went round in a row get them back in one run, the last first.
func TestUndoOfARowOfRenames(t *testing.T) {
	t.Parallel()
	b := lay(t, "clean")
	b.bend(func(w *world.World) {
		ids := w.Target.UserOrder
		one, other := w.Target.Users[ids[0]], w.Target.Users[ids[1]]
		one.UserName, other.UserName = other.UserName, "old@corp.example"
	})
	b.read()
	before := b.directory()
	run := b.run(b.plan(model.UserRenamed, model.UpdateUser, 2), repair.RunOptions{})
	b.wantStates(run, model.RunDone, "confirmed confirmed")
	if left := b.undone(run); left != "" {
		t.Errorf("left out: %s", left)
	}
	b.wantDirectory(before)
}

// Who was deleted meanwhile, and made again by the way back of that, gets their memberships back under the new id.
func TestUndoFindsWhomAnotherUndoMadeAgain(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	before := b.directory()
	taken := b.run(b.plan(model.MembersExtra, model.RemoveMembers, 1), repair.RunOptions{})
	b.wantStates(taken, model.RunDone, "confirmed")
	who := taken.Plan.Steps[0].Members[0]
	id, err := strconv.ParseInt(who.SourceID, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	roles, key := map[int64]bool{}, world.LoginKey{App: b.tenant.AppID, User: id}
	var login *world.Login
	b.bend(func(w *world.World) {
		login = w.Source.Logins[key]
		delete(w.Source.Logins, key)
		delete(w.Source.Apps[b.tenant.AppID].Direct, id)
		for _, r := range w.Source.Roles {
			roles[r.ID] = r.Users[id]
			delete(r.Users, id)
		}
	})
	b.read()
	picks := slices.DeleteFunc(b.picks(model.UserLingering, model.DeleteUser),
		func(p model.Pick) bool { return !strings.Contains(p.Finding, who.UserName) })
	plan, err := b.repairer.Plan(t.Context(), picks, overridable())
	if err != nil || len(plan.Steps) != 1 {
		t.Fatal(plan, err)
	}
	deleted := b.run(plan, repair.RunOptions{})
	b.wantStates(deleted, model.RunDone, "confirmed")
	b.bend(func(w *world.World) {
		w.Source.Logins[key], w.Source.Apps[b.tenant.AppID].Direct[id] = login, true
		for _, r := range w.Source.Roles {
			if roles[r.ID] {
				r.Users[id] = true
			}
		}
	})
	for _, run := range []model.Run{deleted, taken} {
		if left := b.undone(run); left != "" {
			t.Errorf("left out: %s", left)
		}
	}
	b.wantDirectory(before)
}

// What the run made and somebody else has come to rely on since is not deleted.
func TestUndoDeletesNothingThatOthersRelyOn(t *testing.T) {
	t.Parallel()
	assigned := func(of string) func(w *world.World, id string) {
		return func(w *world.World, id string) {
			accounts := slices.Sorted(maps.Keys(w.Target.Accounts))
			sets := slices.Sorted(maps.Keys(w.Target.PermissionSets))
			w.Target.Assignments = append(w.Target.Assignments, world.Assignment{
				AccountID: accounts[0], PermissionSetARN: sets[0], PrincipalType: of, PrincipalID: id,
			})
		}
	}
	const accounts = "has account assignments by now"
	for name, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		bend   func(w *world.World, id string)
		says   string
	}{
		"a group with accounts": {model.GroupMissing, model.CreateGroup, assigned("GROUP"), accounts},
		"a user with accounts":  {model.UserUnsynced, model.CreateUser, assigned("USER"), accounts},
		"a user with an external id, which none had": {
			model.UserUnsynced, model.CreateUser,
			func(w *world.World, id string) { w.Target.Users[id].ExternalID = "another" }, "externalId of",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withLens(t)
			b.bend(func(w *world.World) {
				for _, u := range w.Target.Users {
					u.ExternalID = ""
				}
			})
			b.read()
			run := b.run(b.plan(test.kind, test.repair, 1), repair.RunOptions{})
			if run.State != model.RunDone {
				t.Fatal(details(run))
			}
			b.bend(func(w *world.World) { test.bend(w, run.Steps[0].CreatedID) })
			undo, left := b.undoPlan(run.ID), ""
			for _, l := range undo.LeftOut {
				left += l.Reason + "\n"
			}
			if !strings.Contains(left, test.says) || slices.ContainsFunc(undo.Steps, func(s model.Step) bool {
				return s.Repair == model.DeleteGroup || s.Repair == model.DeleteUser
			}) {
				t.Errorf("left out: %s", left)
			}
		})
	}
}

// Whoever has a protected name by now is not written to, whatever they were called when the run put them there.
func TestUndoLeavesWhoIsCalledByAProtectedNameSince(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift", func(o *repair.Options) { o.Guard.ProtectUsers = []string{"root@*"} })
	made := b.plan(model.MembersMissing, model.AddMembers, 1)
	run := b.run(made, repair.RunOptions{})
	b.bend(func(w *world.World) { w.Target.Users[made.Steps[0].Members[0].ID].UserName = "root@corp.example" })
	before := b.directory()
	back, err := b.repairer.Undo(t.Context(), run.ID, overridable())
	if err != nil || back.Guard.Allowed || !strings.Contains(fmt.Sprint(back.Guard.Refusals), "root@corp.example") {
		t.Fatalf("%v, %+v", err, back)
	}
	if _, err := b.repairer.Run(t.Context(), back, asPlanned(back)); err == nil {
		t.Error("it is run")
	}
	b.wantDirectory(before)
}

// The same for whoever gets that name while the run goes on, in an undo and in an ordinary run.
func TestWhoGetsAProtectedNameInTheRunStays(t *testing.T) {
	t.Parallel()
	for name, removal := range map[string]func(b *bed) *model.Plan{
		"group-lingering": func(b *bed) *model.Plan { return b.plan(model.GroupLingering, model.DeleteGroup, 1) },
		"members-extra":   func(b *bed) *model.Plan { return b.plan(model.MembersExtra, model.RemoveMembers, 1) },
		"undo": func(b *bed) *model.Plan {
			return b.undoPlan(b.run(b.plan(model.MembersMissing, model.AddMembers, 1), repair.RunOptions{}).ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift", func(o *repair.Options) { o.Guard.ProtectUsers = []string{"root@*"} })
			made := removal(b)
			want, renamed := map[string]string{}, false
			o := asPlanned(made)
			o.Watch = func(p plan.RunProgress) {
				if p.Step == 0 && p.Phase == plan.PhaseChecking && !renamed {
					renamed = true
					b.bend(func(w *world.World) {
						w.Target.Users[membersTaken(made)[0].ID].UserName = "root@corp.example"
					})
					want = b.directory()
				}
			}
			b.wantStates(b.run(made, o), model.RunIncomplete, "skipped")
			b.wantDirectory(want)
		})
	}
}
