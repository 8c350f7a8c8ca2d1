package model_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// What the log says of a name is about whoever had it then.
func TestTheLogOfAnEarlierNamesake(t *testing.T) {
	t.Parallel()
	before := time.Date(2025, 1, 2, 8, 0, 0, 0, time.UTC)
	long := before.AddDate(-1, 0, 0)
	roleWent := func(made, others time.Time) func(*world) {
		return func(w *world) {
			for i := range w.tgroups {
				w.tgroups[i].Created = others
			}
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
			roleWent(before.Add(-time.Hour), long), model.GroupLingering, model.CauseSourceDeleted,
		},
		"a group pushed as the role went": {
			roleWent(before.Add(time.Minute), long), model.GroupLingering, model.CauseSourceDeleted,
		},
		"a group whose age nothing tells": {
			roleWent(time.Time{}, long), model.GroupLingering, model.CauseSourceDeleted,
		},
		"a group made long after a role went": {
			roleWent(before.AddDate(1, 0, 0), long), model.GroupUnclaimed, model.CauseNoProof,
		},
		"a group of a target that was restored long after the role went": {
			roleWent(before.AddDate(1, 0, 0), before.AddDate(1, 0, 0)), model.GroupLingering, model.CauseSourceDeleted,
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

// A failed push tells of the token by its status, and not by what somebody is called.
func TestWhatTellsOfARefusedToken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"AWS answered 401": true, "UnauthorizedException: bearer token": true, "401: Unauthorized.": true,
		`AWS answered 404 for group "Team 401"`: false, `group "the unauthorized": 409.`: false,
		"user 4010 failed": false,
	} {
		e := model.Event{Type: model.EventUpdateFailed, Text: text}
		if got := drift.RefusesToken(&e); got != want {
			t.Errorf("%q tells of the token: %t", text, got)
		}
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

// Whoever may have had the app by a role alone that went while it was read is not certain to have it.
func TestARoleThatWentMeanwhile(t *testing.T) {
	t.Parallel()
	then := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	const deleted, unmapped = model.EventRoleDeleted, model.EventAppRemovedFromRole
	for name, c := range map[string]struct {
		kind int
		app  string
		at   time.Duration // after the users were read
		// by is the role that lists the user, 70 the one that went; listed: that one is in the list of roles.
		by     string
		listed bool
		sure   bool
	}{
		"its users were read before": {kind: deleted, at: time.Minute, by: "70", listed: true},
		"the list was read after":    {kind: deleted, at: time.Minute},
		"it gave the app up":         {kind: unmapped, app: "5", at: time.Minute},
		"it gave another app up":     {kind: unmapped, app: "6", at: time.Minute, sure: true},
		"it went before":             {kind: deleted, at: -time.Minute, sure: true},
		"another role gives it":      {kind: deleted, at: time.Minute, by: "71", sure: true},
		"it is there, and another":   {kind: deleted, at: time.Minute, by: "71", listed: true, sure: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
			w.dropTargetUser("t-1000")
			for r := range w.roles {
				users := &w.roles[r].Users
				users.IDs = slices.DeleteFunc(slices.Clone(users.IDs), func(id string) bool { return id == "1000" })
				if w.roles[r].ID == c.by {
					users.IDs = append(users.IDs, "1000")
				}
			}
			if !c.listed {
				w.roles = w.roles[1:]
			}
			w.log(model.Event{Type: c.kind, AppID: c.app, RoleID: "70", At: then.Add(c.at)})
			opts := testOptions()
			src, tgt := w.sides(opts)
			src.At = model.AllAt(then)
			found := asked(src, tgt, opts).Findings
			at := slices.IndexFunc(found, func(f model.Finding) bool { return f.ID == firstGone })
			if at < 0 || (found[at].Confidence == model.Certain) != c.sure || (found[at].Contradicted == "") != c.sure {
				t.Errorf("%+v", found)
			}
		})
	}
}

// The log since a list was read is held against what rests on the list, as far as it is about that.
func TestWhatWasLoggedSinceTheRead(t *testing.T) {
	t.Parallel()
	const reactivated, given = 32, 147
	then := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	lacks := func(w *world) { w.members["g-70"] = w.members["g-70"][1:] }
	for name, c := range map[string]struct {
		bend func(*world)
		log  model.Event
		id   string
		sure bool
	}{
		"a missing member was taken out of the role": {
			lacks, model.Event{Type: model.EventRemovedFromRole, RoleID: "70"}, lacking, false,
		},
		"a missing member was taken out of another role": {
			lacks, model.Event{Type: model.EventRemovedFromRole, RoleID: "71"}, lacking, true,
		},
		"a lingering user was given a role that grants the app": {
			func(w *world) { w.unassign(0) }, model.Event{Type: given, RoleID: "70"}, lingers, false,
		},
		"a lingering user was given a role that does not": {
			func(w *world) { w.unassign(0); w.roles = append(w.roles, model.Role{ID: "80", Name: "other"}) },
			model.Event{Type: given, RoleID: "80"},
			lingers, true,
		},
		"a lingering user was given another app": {
			func(w *world) { w.unassign(0) }, model.Event{Type: model.EventLoginRemoved, AppID: "6"}, lingers, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := quietWorld()
			c.bend(w)
			c.log.UserID, c.log.At = "1000", then.Add(time.Minute)
			w.log(c.log)
			opts := testOptions()
			src, tgt := w.sides(opts)
			src.At = model.AllAt(then)
			f := finding(asked(src, tgt, opts), t, c.id)
			if (f.Confidence == model.Certain) != c.sure || (f.Contradicted == "") != c.sure {
				t.Errorf("%s, contradicted %q", f.Confidence, f.Contradicted)
			}
		})
	}
	w := syncedByRules()
	w.members["g-70"] = w.members["g-70"][1:]
	w.log(model.Event{Type: model.EventUpdatedUser, UserID: "1", At: then.Add(time.Minute)})
	src, tgt := w.sides(byRulesOptions())
	src.At = model.AllAt(then)
	if f := finding(asked(src, tgt, byRulesOptions()), t, "members-missing/aws-team"); f.Contradicted == "" {
		t.Errorf("a rule may read what was changed: %s", f.Confidence)
	}
	w = quietWorld() // a suspended user is rightly absent, until somebody lets them in again
	w.users[0].Active = false
	w.dropTargetUser("t-1000")
	for _, want := range []model.Relation{model.Same, model.Unsettled} {
		src, tgt = w.sides(testOptions())
		src.At = model.AllAt(then)
		if got := asked(src, tgt, testOptions()).UserVerdict(0, model.None); got.Relation != want {
			t.Errorf("who is suspended and absent is %v, want %v", got, want)
		}
		w.log(model.Event{Type: reactivated, UserID: "1000", At: then.Add(time.Minute)})
	}
}

// A target that says who made its records shows which of them provisioning made, as long as all that came over SCIM are
// of one maker.
func TestWhoMadeAGroupIsProofWhereOneMakesAll(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bend func(w *world)
		want model.Kind
	}{
		"one makes all":            {func(*world) {}, model.GroupLingering},
		"a user over SCIM differs": {func(w *world) { w.tusers[1].CreatedBy = "else" }, model.GroupUnclaimed},
		"a group does":             {func(w *world) { w.tgroups[0].CreatedBy = "else" }, model.GroupUnclaimed},
		"a user made by hand does": {func(w *world) { w.tusers[0].CreatedBy = "else" }, model.GroupLingering},
		"too few say so": {func(w *world) {
			for i := range w.tusers {
				w.tusers[i].CreatedBy = ""
			}
		}, model.GroupUnclaimed},
	} {
		w := quietWorld()
		for i := range w.tusers {
			w.tusers[i].CreatedBy = "scim"
		}
		w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "stray", CreatedBy: "scim"})
		c.bend(w)
		got := findingsOf(w.compare(), model.GroupLingering, model.GroupUnclaimed)
		if len(got) != 1 || got[0].Kind != c.want ||
			c.want == model.GroupLingering && got[0].Confidence == model.Certain {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
}
