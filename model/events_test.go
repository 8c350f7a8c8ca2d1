package model_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func types(events []model.Event) []int {
	out := make([]int, 0, len(events))
	for i := range events {
		out = append(out, events[i].Type)
	}
	return out
}

func TestEveryEventHasAName(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]model.Event{
		"ROLE_DELETED": {Type: model.EventRoleDeleted},
		"event 4711":   {Type: 4711},
		"JOB_IN_QUEUE": {Type: 216},
		"event 0":      {},
	} {
		if got := e.TypeName(); got != want {
			t.Errorf("%+v is called %q, want %q", e, got, want)
		}
	}
}

func TestEditsSinceTheLastReapply(t *testing.T) {
	t.Parallel()
	w := syncedWorld(4, 4, true, rand.New(rand.NewPCG(1, 1)))
	w.log(model.Event{Type: model.EventRuleUpdated})
	src, _ := w.sides(testOptions())
	if _, ok := src.LastReapply(); ok {
		t.Error("a reapply is found where there was none")
	}
	if got := types(src.EditsSince()); !slices.Equal(got, []int{model.EventRuleUpdated}) {
		t.Errorf("edits %v; without a reapply all that are known wait", got)
	}
	w.log(model.Event{Type: model.EventReapplied, AppID: "5", Actor: "cy"})
	w.log(model.Event{Type: model.EventReapplied, AppID: "6"})
	w.log(model.Event{Type: model.EventRuleCreated})
	w.log(model.Event{Type: model.EventAppUpdated, AppID: "6"})
	w.log(model.Event{Type: model.EventParameterUpdated, AppID: "5"})
	w.log(model.Event{Type: 9017}) // an attempt that failed changed nothing
	src, _ = w.sides(testOptions())
	if last, ok := src.LastReapply(); !ok || last.Actor != "cy" {
		t.Errorf("last reapply %+v, %v", last, ok)
	}
	if got := types(src.EditsSince()); !slices.Equal(got, []int{model.EventParameterUpdated, model.EventRuleCreated}) {
		t.Errorf("edits %v, want those of this app after its reapply, newest first", got)
	}
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
	w.log(model.Event{Type: model.EventUpdatedUser, UserID: "1000"})
	w.log(model.Event{Type: model.EventUpdatedUser, UserID: "1001"})
	w.failed(model.EventUpdateFailed, "1001", `404 for group aws-team-0`)
	w.log(model.Event{Type: model.EventUpdateFailed, UserID: "1000", AppID: "6"})
	w.log(model.Event{Type: model.EventRoleUpdated, RoleID: "70"})
	w.log(model.Event{Type: model.EventRoleUpdated, RoleID: "71"})
	w.log(model.Event{Type: model.EventReapplied, AppID: "5"})
	w.log(model.Event{Type: model.EventDeletedUser, UserID: "1999", UserName: "Gone@corp.example"})
	w.tusers = append(w.tusers, model.User{ID: "t-x", UserName: "gone@corp.example", Active: true, Assigned: true})
	c := w.compare()
	for _, tt := range []struct {
		subject model.Subject
		want    []int
	}{
		{
			model.Subject{Type: model.SubjectUser, Name: "user0@corp.example", SourceID: "1000"},
			[]int{model.EventReapplied, model.EventUpdatedUser},
		},
		{
			model.Subject{Type: model.SubjectGroup, Name: "aws-team-0", SourceID: "70", TargetID: "g-70"},
			[]int{model.EventReapplied, model.EventRoleUpdated, model.EventUpdateFailed},
		},
		{
			model.Subject{Type: model.SubjectUser, Name: "gone@corp.example", TargetID: "t-x"},
			[]int{model.EventDeletedUser, model.EventReapplied},
		},
		{model.Subject{Type: "rule", Name: "all"}, []int{model.EventReapplied}},
	} {
		if got := types(c.Timeline(tt.subject)); !slices.Equal(got, tt.want) {
			t.Errorf("%v: %v, want %v", tt.subject, got, tt.want)
		}
	}
}

// From an event back to what it is about.
func TestAbout(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1)))
	w.roles = w.roles[1:]
	w.tusers = append(w.tusers, model.User{
		ID: "t-x", ExternalID: "1999", UserName: "gone@corp.example", Active: true,
		Assigned: true,
	})
	c := w.compare()
	for _, tt := range []struct {
		event model.Event
		want  []model.Subject
	}{
		{
			model.Event{UserID: "1000"},
			[]model.Subject{{
				Type: model.SubjectUser, Name: "user0@corp.example", SourceID: "1000",
				TargetID: "t-1000",
			}},
		},
		{
			model.Event{UserID: "1999"},
			[]model.Subject{{Type: model.SubjectUser, Name: "gone@corp.example", SourceID: "", TargetID: "t-x"}},
		},
		{
			model.Event{RoleID: "71", RoleName: "aws-team-1"},
			[]model.Subject{{Type: model.SubjectGroup, Name: "aws-team-1", SourceID: "71", TargetID: "g-71"}},
		},
		{
			model.Event{RoleID: "70", RoleName: "AWS-team-0"},
			[]model.Subject{{Type: model.SubjectGroup, Name: "aws-team-0", SourceID: "", TargetID: "g-70"}},
		},
		{model.Event{Type: model.EventReapplied, AppID: "5"}, nil},
	} {
		if got := c.SubjectsOf(&tt.event); !slices.Equal(got, tt.want) {
			t.Errorf("%+v is about %v, want %v", tt.event, got, tt.want)
		}
	}
}

// A role that was renamed leaves its old group behind, and the log knows the old name.
func TestARenamedRoleWithoutExternalIDs(t *testing.T) {
	t.Parallel()
	build := func() *world {
		w := syncedWorld(6, 4, false, rand.New(rand.NewPCG(1, 1)))
		w.log(model.Event{
			Type: model.EventRoleCreated, RoleID: "70", RoleName: "aws-team-0",
			At: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC),
		})
		w.roles[0].Name = "aws-team-new"
		w.log(model.Event{Type: model.EventRoleUpdated, RoleID: "70", RoleName: "aws-team-new", Actor: "cy"})
		return w
	}
	for name, tt := range map[string]struct {
		bend func(*world)
		want []string
	}{
		"recognised": {func(*world) {}, []string{"group-renamed/aws-team-new"}},
		"with a member too many": {
			func(w *world) { w.roles[0].Users.IDs = w.roles[0].Users.IDs[1:] },
			[]string{"group-renamed/aws-team-new", "members-extra/aws-team-new"},
		},
		"nothing says that the role was changed": {
			func(w *world) { w.events = w.events[:1] },
			[]string{"group-missing/aws-team-new", "group-unclaimed/aws-team-0"},
		},
		"the old name is not in the log": {
			func(w *world) { w.events = w.events[1:] },
			[]string{"group-missing/aws-team-new", "group-unclaimed/aws-team-0"},
		},
		"the group carries the id of another role": {
			// One id is enough to speak against a pair: which of the two groups is that role's is open.
			func(w *world) { w.tgroups[0].ExternalID = "71" },
			[]string{"group-duplicate/aws-team-1", "group-missing/aws-team-new"},
		},
		"another role took the old name": {func(w *world) {
			w.roles = append(w.roles, model.Role{
				ID: "99", Name: "aws-team-0", Grants: true,
				Users: model.MemberList{IDs: w.roles[0].Users.IDs},
			})
		}, []string{"group-missing/aws-team-new"}},
	} {
		w := build()
		tt.bend(w)
		c := w.compare()
		if got := ids(c); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		for _, f := range c.Findings {
			if f.Kind == model.GroupRenamed && (f.Cause != model.CauseSourceRenamed || f.Confidence != model.Likely ||
				f.Subject.TargetID != "g-70" ||
				!strings.Contains(fmt.Sprint(f.Evidence), "cy") ||
				!strings.Contains(fmt.Sprint(f.Evidence), "the role was called aws-team-0")) {
				t.Errorf("%s: %s, %s, %v, %v", name, f.Cause, f.Confidence, f.Subject, f.Evidence)
			}
		}
	}
}

// Events and states explain. Without them less is known: no subject gets a finding that had none, and nobody loses
// anything that he would not have lost with them.
func TestRemovingEventsAndStatesNeverAddsAFindingOrATakingRepair(t *testing.T) {
	t.Parallel()
	taking := func(c *drift.Comparison) map[string]bool {
		out := map[string]bool{}
		for _, f := range c.Findings {
			for _, r := range f.Repairs {
				switch r.Repair { //nolint:exhaustive // the rest take nothing
				case model.DeleteUser, model.DeactivateUser, model.DeleteGroup, model.RemoveMembers, model.RenameGroup:
					out[string(r.Repair)+" "+f.Subject.TargetID] = true
				case model.UpdateUser:
					out["update-user "+f.Subject.TargetID] = f.Kind == model.UserRenamed
				}
			}
		}
		return out
	}
	subjects := func(c *drift.Comparison) map[string]bool {
		out := map[string]bool{}
		for _, f := range c.Findings {
			out[string(f.Subject.Type)+" at the source "+f.Subject.SourceID] = f.Subject.SourceID != ""
			out[string(f.Subject.Type)+" at the target "+f.Subject.TargetID] = f.Subject.TargetID != ""
		}
		for s := range c.Groups.LostSource { // a duplicate is about its losers too
			out["group at the source "+c.Source.Groups[s].ID] = true
		}
		for t := range c.Groups.LostTarget {
			out["group at the target "+c.Target.Groups[t].ID] = true
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawBent(t)
		logins := w.chatter(rng)
		with := w.explained(logins)
		w.events, w.cover[model.PartEvents] = nil, model.UnknownCoverage("403")
		without := w.explained(nil)
		had, took := subjects(with), taking(with)
		for _, f := range without.Findings {
			kind := string(f.Subject.Type)
			known := had[kind+" at the source "+f.Subject.SourceID] || had[kind+" at the target "+f.Subject.TargetID]
			if !known && (f.Subject.Type == model.SubjectUser || f.Subject.Type == model.SubjectGroup) {
				t.Fatalf("%s came without events and states; before: %q", f.ID, ids(with))
			}
		}
		for repair, takes := range taking(without) {
			if takes && !took[repair] {
				t.Fatalf("%s came without events and states; before: %q", repair, ids(with))
			}
		}
	})
}

// chatter fills the log and the states with what may or may not explain something.
func (w *world) chatter(rng *rand.Rand) map[string]model.Login {
	logins := map[string]model.Login{}
	states := []string{
		"provisioning_pending_approval", "modifying_failed", "nonexistent", "provisioned", "brand_new",
		"modifying",
	}
	kinds := []int{
		model.EventCreateFailed, model.EventUpdateFailed, model.EventSuspendFailed, model.EventUpdatedInApp,
		model.EventUpdatedUser, model.EventDeletedUser, model.EventRemovedFromRole,
	}
	texts := []string{"boom", "401", "409", "404 for group aws-team-0"}
	for _, u := range w.users {
		if rng.IntN(2) == 0 {
			logins[u.ID] = model.Login{ID: "l" + u.ID, State: states[rng.IntN(len(states))]}
		}
		if rng.IntN(2) == 0 {
			w.failed(kinds[rng.IntN(len(kinds))], u.ID, texts[rng.IntN(len(texts))])
		}
	}
	for _, r := range w.roles {
		for _, kind := range []int{model.EventRoleCreated, model.EventRoleUpdated} {
			name := r.Name
			if rng.IntN(2) == 0 {
				name = w.tgroups[rng.IntN(len(w.tgroups))].Name
			}
			w.log(model.Event{Type: kind, RoleID: r.ID, RoleName: name})
		}
	}
	if rng.IntN(4) == 0 {
		w.failed(model.EventTokenRejected, "", "")
	}
	return logins
}

// TestEventTypesAreThoseOfTheList: whatever is read has a name, and says only what somebody asks for.
func TestEventTypesAreThoseOfTheList(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)+$`)
	types := model.EventTypes()
	for i, n := range types {
		e := model.Event{Type: n}
		if !name.MatchString(e.TypeName()) || i > 0 && types[i-1] >= n {
			t.Errorf("the type %d is called %s", n, e.TypeName())
		}
	}
	if e := (&model.Event{Type: 9020}); len(types) < 80 || e.TypeName() != "event 9020" {
		t.Errorf("%d types are read, and one that is not is called %s", len(types), e.TypeName())
	}
}
