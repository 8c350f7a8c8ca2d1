package repair_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// A run is killed before its request goes out, and OneLogin makes the user in the hour after. Settling finds them by
// name; whose work they are nobody knows, so that taking them away counts for the guard.
func TestUndoCountsWhatWasFoundByItsNameAlone(t *testing.T) {
	b := lay(t, "drift")
	b.opts.Journal = journal.Open(state.OS(), folder(t), b.clock)
	b.repairer = repair.New(b.opts)
	planned := b.plan(model.UserUnsynced, model.CreateUser, 1)
	w, err := b.opts.Journal.Begin(journal.Head{Connection: "sim", Fingerprint: print1, Plan: planned})
	if err := errors.Join(err, w.Intent("s1", nil), w.Close()); err != nil {
		t.Fatal(err)
	}
	b.ahead += time.Hour
	b.bend(func(w *world.World) {
		s := planned.Steps[0]
		u := &world.TargetUser{ID: w.NewUUID(), UserName: s.Subject.Name, Active: true}
		for _, a := range s.Afterwards {
			switch a.Field {
			case "displayName":
				u.DisplayName = a.Value
			case "name.givenName":
				u.GivenName = a.Value
			case "name.familyName":
				u.FamilyName = a.Value
			case "emails":
				u.Email = a.Value
			case "externalId":
				u.ExternalID = a.Value
			}
		}
		w.Target.AddUser(u)
	})
	after, err := b.repairer.Settle(t.Context(), w.ID())
	if err != nil || after.Steps[0].State != model.StepConfirmed {
		t.Fatalf("%v:%s", err, details(after))
	}
	b.read()
	back, err := b.repairer.Undo(t.Context(), w.ID(), nil)
	if err != nil || len(back.Steps) != 1 {
		t.Fatalf("%v, %d steps", err, len(back.Steps))
	}
	if back.Steps[0].Own || back.Totals().Deletes != 1 {
		t.Errorf("own %v, counts %+v, guard %+v", back.Steps[0].Own, back.Totals(), back.Guard)
	}
	t.Logf("%+v", back.Guard)
}

// strangers is a target whose groups also have a member who is nobody any more.
type strangers struct{ repair.Target }

func (s strangers) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (t model.TargetRecord, found bool, err error) {
	t, found, err = s.Target.Record(ctx, of, id, members)
	t.Members.Dangling = append(t.Members.Dangling, "u-gone")
	return t, found, err
}

// Members that are no users do not come back with their group, and that is named before and after.
func TestUndoNamesTheMembersThatAreNoUsers(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	b.opts.Target = strangers{b.opts.Target}
	b.repairer = repair.New(b.opts)
	run := b.run(b.plan(model.GroupLingering, model.DeleteGroup, 1), repair.RunOptions{})
	b.wantStates(run, model.RunDone, "confirmed")
	if left := b.undone(run); !strings.Contains(left, "u-gone") {
		t.Errorf("left out: %q", left)
	}
}
