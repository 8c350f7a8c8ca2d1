package model_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// What the log says of a name is about whoever had it then.
func TestTheLogOfAnEarlierNamesake(t *testing.T) {
	t.Parallel()
	before := time.Date(2025, 1, 2, 8, 0, 0, 0, time.UTC)
	roleWent := func(made time.Time) func(*world) {
		return func(w *world) {
			w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "aws-data", Created: made})
			w.log(model.Event{At: before, Type: model.EventRoleDeleted, RoleID: "11", RoleName: "aws-data"})
		}
	}
	deleted := func(id string) func(*world) {
		return func(w *world) {
			w.unassign(0)
			w.log(model.Event{Type: model.EventDeletedUser, UserID: id, UserName: w.users[0].Email})
		}
	}
	refusedThen := func(more ...int) func(*world) {
		return func(w *world) {
			w.dropMember("g-70", "1000")
			w.failed(model.EventUpdateFailed, "1000", "404 for group aws-team-0")
			for _, kind := range more {
				w.failed(kind, "1000", "")
			}
		}
	}
	for name, c := range map[string]struct {
		bend func(*world)
		kind model.Kind
		want model.Cause
	}{
		"a group of the role that went": {
			roleWent(before.Add(-time.Hour)), model.GroupLingering, model.CauseSourceDeleted,
		},
		"a group pushed as the role went": {
			roleWent(before.Add(time.Minute)), model.GroupLingering, model.CauseSourceDeleted,
		},
		"a group whose age nothing tells": {
			roleWent(time.Time{}), model.GroupLingering, model.CauseSourceDeleted,
		},
		"a group made long after a role went": {
			roleWent(before.AddDate(1, 0, 0)), model.GroupUnclaimed, model.CauseNoProof,
		},
		"a user who was deleted": {
			deleted("1000"), model.UserLingering, model.CauseSourceDeleted,
		},
		"a user who has a deleted one's name": {
			deleted("999"), model.UserLingering, model.CauseSourceUnassigned,
		},
		"a push refused for a group made anew": {
			refusedThen(), model.MembersMissing, model.CauseStaleEntitlement,
		},
		"a push that has worked since": {
			refusedThen(model.EventUpdatedInApp), model.MembersMissing, model.CauseUnknown,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
			c.bend(w)
			got := w.compare()
			at := slices.IndexFunc(got.Findings, func(f model.Finding) bool { return f.Kind == c.kind })
			if at < 0 || got.Findings[at].Cause != c.want {
				t.Errorf("%q, want %s by %s", ids(got), c.kind, c.want)
			}
		})
	}
}

// Whose own apps lack the app is not certain to have it, whatever the app's list says.
func TestAUserWithoutALogin(t *testing.T) {
	t.Parallel()
	for login, want := range map[model.Login]model.Confidence{
		{}: model.Likely, {ID: "9", State: "nonexistent"}: model.Certain,
	} {
		w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
		w.dropTargetUser("t-1000")
		got := w.explained(map[string]model.Login{"1000": login}).Findings
		if len(got) != 1 || got[0].ID != firstGone || got[0].Confidence != want {
			t.Errorf("with %+v: %+v, want it %s", login, got, want)
		}
	}
}
