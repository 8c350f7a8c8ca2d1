package repair_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// shot is all that both simulators hold at one moment, without the times and revisions that they keep by themselves.
type shot struct {
	Users       map[string]world.TargetUser
	Groups      map[string]world.TargetGroup
	Assignments []world.Assignment
	// Source is OneLogin but for its log, each record as text.
	Source map[string]string
}

func (b *bed) shoot() *shot {
	s := &shot{
		Users: map[string]world.TargetUser{}, Groups: map[string]world.TargetGroup{},
		Source: map[string]string{},
	}
	b.bend(func(w *world.World) {
		for id, u := range w.Target.Users {
			v := *u
			v.Created, v.Modified, v.Revision = time.Time{}, time.Time{}, 0
			s.Users[id] = v
		}
		for id, g := range w.Target.Groups {
			v := *g
			v.Members, v.Created, v.Modified, v.Revision = maps.Clone(g.Members), time.Time{}, time.Time{}, 0
			s.Groups[id] = v
		}
		s.Assignments = append(s.Assignments, w.Target.Assignments...)
		note := func(what string, record any) {
			text, err := json.Marshal(record)
			if err != nil {
				b.t.Fatal(err)
			}
			s.Source[what] = string(text)
		}
		for id, u := range w.Source.Users {
			note(fmt.Sprint("user ", id), u)
		}
		for id, r := range w.Source.Roles {
			note(fmt.Sprint("role ", id), r)
		}
		for id, a := range w.Source.Apps {
			note(fmt.Sprint("app ", id), a)
		}
		for key, l := range w.Source.Logins {
			note(fmt.Sprint("login ", key), l)
		}
		note("custom attributes", w.Source.CustomAttributes)
	})
	return s
}

// done changes the shot as the confirmed steps of a run must have changed the world, and as nothing else may. What a
// created record holds beside its name is taken from now, because the comparison is the judge of it.
func (s *shot) done(t trial, run *model.Run, now *shot) {
	t.Helper()
	made := map[string]string{}
	for i := range run.Steps {
		step, rec := &run.Plan.Steps[i], &run.Steps[i]
		if rec.State != model.StepConfirmed {
			continue
		}
		made[step.ID] = rec.CreatedID
		user, group := step.Subject.TargetID, ""
		if step.Group != nil {
			if group = step.Group.ID; group == "" {
				group = made[step.Group.Ref]
			}
		}
		switch step.Repair { //nolint:exhaustive // a console step writes nothing
		case model.CreateUser:
			u, ok := now.Users[rec.CreatedID]
			if !ok || u.UserName != step.Subject.Name {
				t.Fatalf("%s was to be made, and there is %+v", step.Subject.Name, u)
			}
			s.Users[rec.CreatedID] = u
		case model.DeleteUser:
			delete(s.Users, user)
			for _, g := range s.Groups {
				delete(g.Members, user)
			}
		case model.CreateGroup:
			s.Groups[rec.CreatedID] = world.TargetGroup{
				ID: rec.CreatedID, DisplayName: step.Subject.Name, Members: map[string]bool{}, CreatedBy: "scim",
				ExternalID: now.Groups[rec.CreatedID].ExternalID,
			}
		case model.DeleteGroup:
			delete(s.Groups, group)
		case model.AddMembers, model.RemoveMembers:
			for _, m := range step.Members {
				if m.ID == "" {
					m.ID = made[m.Ref]
				}
				if step.Repair == model.RemoveMembers {
					delete(s.Groups[group].Members, m.ID)
				} else {
					s.Groups[group].Members[m.ID] = true
				}
			}
		case model.RenameGroup, model.ActivateUser, model.DeactivateUser, model.UpdateUser:
			s.afterwards(t, step)
		}
	}
}

// afterwards puts in what a step says of attributes.
func (s *shot) afterwards(t trial, step *model.Step) {
	t.Helper()
	for _, a := range step.Afterwards {
		switch a.Fact { //nolint:exhaustive // the others are about memberships
		case model.GroupIs:
			g := s.Groups[a.ID]
			g.DisplayName = a.Name
			s.Groups[a.ID] = g
		case model.UserIs:
			u := s.Users[a.ID]
			u.UserName = a.Name
			s.Users[a.ID] = u
		case model.FieldIs:
			u := s.Users[a.ID]
			switch a.Field {
			case "active":
				u.Active, _ = strconv.ParseBool(a.Value)
			case "displayName":
				u.DisplayName = a.Value
			case "name.givenName":
				u.GivenName = a.Value
			case "name.familyName":
				u.FamilyName = a.Value
			case "emails":
				u.Email = a.Value
			default:
				t.Fatalf("nobody has told this test of the attribute %s", a.Field)
			}
			s.Users[a.ID] = u
		}
	}
}

func (s *shot) want(t trial, got *shot) {
	t.Helper()
	if diff := cmp.Diff(s, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("the world is not what it should be (-want +got):\n%s", diff)
	}
}
