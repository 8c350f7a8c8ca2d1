package repair_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// journalOf begins a connection's journal anew, with one run as it is given; edit is told each step of its plan.
func (b *bed) journalOf(run model.Run, edit func(s *model.Step, rec *model.StepRecord)) (id string) {
	b.t.Helper()
	var made model.Plan
	text, err := json.Marshal(run.Plan)
	if err = errors.Join(err, json.Unmarshal(text, &made)); err != nil {
		b.t.Fatal(err)
	}
	records := slices.Clone(run.Steps)
	for i := range records {
		edit(&made.Steps[i], &records[i])
	}
	made.Seal()
	b.opts.Journal = journal.Open(state.OS(), folder(b.t), b.clock)
	b.repairer = repair.New(b.opts)
	w, err := b.opts.Journal.Begin(journal.Head{Connection: "sim", Fingerprint: print1, Plan: &made})
	if err != nil {
		b.t.Fatal(err)
	}
	for i := range records {
		err = errors.Join(err, w.Intent(records[i].ID, records[i].Backup), w.Outcome(records[i]))
	}
	if err = errors.Join(err, w.End(model.RunDone), w.Close()); err != nil {
		b.t.Fatal(err)
	}
	return w.ID()
}

// A journal says of a user what is said of groups, because somebody edited it, or because the target numbers its users
// and its groups each by themselves and the group is gone. The way back does not take one for the other.
func TestUndoTakesNoUserForAGroup(t *testing.T) {
	t.Parallel()
	type edit = func(user model.Member, s *model.Step, rec *model.StepRecord)
	group := func(user model.Member, s *model.Step, rec *model.StepRecord) {
		if s.Group.Ref == "" {
			s.Group.ID = user.ID
		}
		if rec.CreatedID != "" {
			rec.CreatedID = user.ID
		}
	}
	for name, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		edit   edit
	}{
		"who was put in":        {model.MembersMissing, model.AddMembers, group},
		"who was taken out":     {model.MembersExtra, model.RemoveMembers, group},
		"a group that was made": {model.GroupMissing, model.CreateGroup, group},
		"others who left a user": {
			model.UserStillActive, model.DeactivateUser,
			func(user model.Member, _ *model.Step, rec *model.StepRecord) { rec.Beyond.Left = []model.Member{user} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			run := b.run(b.plan(test.kind, test.repair, 1), repair.RunOptions{})
			user := b.loader.Last().Target.Users[0]
			id := b.journalOf(run, func(s *model.Step, rec *model.StepRecord) {
				test.edit(model.Member{ID: user.ID, UserName: user.UserName}, s, rec)
			})
			for _, s := range b.undoPlan(id).Steps {
				if s.Group != nil {
					t.Errorf("it plans to write to the group %+v", s.Group)
				}
			}
		})
	}
	t.Run("a user who was made", func(t *testing.T) {
		t.Parallel()
		b := lay(t, "drift")
		run := b.run(b.plan(model.UserUnsynced, model.CreateUser, 1), repair.RunOptions{})
		made := run.Steps[0].CreatedID
		b.bend(func(w *world.World) {
			for _, g := range w.Target.Groups {
				delete(g.Members, made)
			}
			w.Target.AddGroup(&world.TargetGroup{ID: made, DisplayName: "of that id"})
		})
		id := b.journalOf(run, func(s *model.Step, _ *model.StepRecord) {
			if s.Group != nil {
				s.Group.ID = made
			}
		})
		back := b.undoPlan(id)
		if len(back.Steps) != 1 || back.Steps[0].Repair != model.DeleteUser {
			t.Errorf("it plans %+v, and leaves out %s", back.Steps, reasons(back))
		}
	})
	t.Run("account assignments that were taken", func(t *testing.T) {
		t.Parallel()
		b := withLens(t)
		run, _ := b.unassigned(true)
		user := b.loader.Last().Target.Users[0]
		id := b.journalOf(run, func(_ *model.Step, rec *model.StepRecord) {
			for i := range rec.Backup {
				rec.Backup[i].ID = user.ID
			}
		})
		if back := b.undoPlan(id); len(back.Steps) > 0 {
			t.Errorf("it plans %+v", back.Steps)
		}
	})
}
