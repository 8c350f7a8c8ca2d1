package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// observationOf answers a question from a comparison, as a re-read that finds everything unchanged does.
func observationOf(c *drift.Comparison, q model.Question) plan.Observation {
	s := plan.Observation{
		Users: map[string]*model.User{}, Groups: map[string]*model.Group{}, Members: map[string]model.MemberList{},
		UserNames: map[string]string{}, GroupNames: map[string]string{}, ExternalIDs: map[string]string{}, Compared: c,
		Assignments: map[string]model.Assigned{},
	}
	for _, p := range q.Principals {
		s.Assignments[p.ID] = c.Target.Assignments[p.ID]
	}
	for _, id := range q.TargetUsers {
		s.Users[id] = nil
	}
	for _, id := range q.TargetGroups {
		s.Groups[id] = nil
	}
	for _, name := range q.UserNames {
		s.UserNames[model.Fold(name)] = ""
	}
	for _, name := range q.GroupNames {
		s.GroupNames[model.Fold(name)] = ""
	}
	for _, id := range q.ExternalIDs {
		s.ExternalIDs[id] = ""
	}
	for i := range c.Target.Users {
		u := &c.Target.Users[i]
		if _, asked := s.Users[u.ID]; asked {
			s.Users[u.ID] = u
		}
		if _, asked := s.UserNames[model.Fold(u.UserName)]; asked {
			s.UserNames[model.Fold(u.UserName)] = u.ID
		}
		if _, asked := s.ExternalIDs[u.ExternalID]; asked {
			s.ExternalIDs[u.ExternalID] = u.ID
		}
	}
	for i := range c.Target.Groups {
		g := &c.Target.Groups[i]
		if _, asked := s.Groups[g.ID]; asked {
			s.Groups[g.ID] = g
		}
		if _, asked := s.GroupNames[model.Fold(g.Name)]; asked {
			s.GroupNames[model.Fold(g.Name)] = g.ID
		}
		if slices.Contains(q.Members, g.ID) {
			list := model.MemberList{}
			for _, u := range c.Target.Members.Of(i) {
				list.IDs = append(list.IDs, c.Target.Users[u].ID)
			}
			s.Members[g.ID] = list
		}
	}
	return s
}

// broken re-reads a world and holds conditions against it, with the ids of what was created so far.
func (w *world) broken(list []model.Condition, created map[string]string) string {
	c := w.compare()
	list = settledBy(list, created)
	return observationOf(c, plan.QuestionOf(list)).Broken(list)
}

func settledBy(list []model.Condition, created map[string]string) []model.Condition {
	list = slices.Clone(list)
	settle := func(id, ref *string) {
		if made := created[*ref]; made != "" {
			*id, *ref = made, ""
		}
	}
	for i := range list {
		settle(&list[i].ID, &list[i].Ref)
		list[i].Users = slices.Clone(list[i].Users)
		for u := range list[i].Users {
			settle(&list[i].Users[u].ID, &list[i].Users[u].Ref)
		}
	}
	return list
}

// perform does to the target what a direct intent says, as a target would that was sent its requests.
func (w *world) perform(in *model.Intent, created map[string]string) {
	of := func(id, ref string) string {
		if ref != "" {
			return created[ref]
		}
		return id
	}
	user := func() *model.User {
		i := slices.IndexFunc(w.tusers, func(u model.User) bool { return u.ID == in.Subject.TargetID })
		return &w.tusers[i]
	}
	group := of(in.Group.ID, in.Group.Ref)
	switch in.Repair { //nolint:exhaustive // handoffs and nudges change nothing themselves
	case model.CreateUser:
		u := *in.User
		u.ID = fmt.Sprintf("made-%d", len(created))
		created[in.Key] = u.ID
		w.tusers = append(w.tusers, u)
	case model.CreateGroup:
		created[in.Key] = fmt.Sprintf("made-%d", len(created))
		w.tgroups = append(w.tgroups, model.Group{ID: created[in.Key], Name: in.Group.Name})
	case model.UpdateUser, model.ActivateUser, model.DeactivateUser:
		for _, c := range in.Changes {
			set(user(), c.Name, c.Source)
		}
	case model.RenameGroup:
		for i := range w.tgroups {
			if w.tgroups[i].ID == group {
				w.tgroups[i].Name = in.Changes[0].Source
			}
		}
	case model.AddMembers:
		for _, m := range in.Members {
			w.members[group] = append(w.members[group], of(m.ID, m.Ref))
		}
	case model.RemoveMembers:
		for _, m := range in.Members {
			w.members[group] = slices.DeleteFunc(slices.Clone(w.members[group]),
				func(id string) bool { return id == m.ID })
		}
	case model.DeleteGroup:
		w.tgroups = slices.DeleteFunc(w.tgroups, func(g model.Group) bool { return g.ID == group })
		delete(w.members, group)
	case model.DeleteUser:
		w.dropTargetUser(in.Subject.TargetID)
	}
}

func set(u *model.User, field, value string) {
	switch field {
	case "userName":
		u.UserName = value
	case "displayName":
		u.DisplayName = value
	case "name.givenName":
		u.GivenName = value
	case "name.familyName":
		u.FamilyName = value
	case "emails":
		u.Email = value
	case "active":
		u.Active = value == "true"
	case "externalId":
		u.ExternalID = value
	default:
		panic("no such field: " + field)
	}
}

// directPicks picks for every finding one direct repair, if it offers any.
func directPicks(c *drift.Comparison, choose func(n int) int) (picks []model.Pick) {
	unclaimed := false
	for i := range c.Findings {
		f := &c.Findings[i]
		var direct []model.Option
		for _, o := range f.Repairs {
			if o.Channel == model.Direct {
				direct = append(direct, o)
			}
		}
		if len(direct) == 0 || f.Kind == model.GroupUnclaimed && unclaimed {
			continue
		}
		unclaimed = unclaimed || f.Kind == model.GroupUnclaimed
		picks = append(picks, model.Pick{Finding: f.ID, Option: direct[choose(len(direct))], Named: true})
	}
	return picks
}

func quietWorld() *world { return syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1))) }

// finding finds one by its id.
func finding(c *drift.Comparison, t rapid.TB, id string) *model.Finding {
	t.Helper()
	i := slices.IndexFunc(c.Findings, func(f model.Finding) bool { return f.ID == id })
	if i < 0 {
		t.Fatalf("no %s in %v", id, ids(c))
	}
	return &c.Findings[i]
}

// intended gives the intents of one repair of one finding, none of which may be left out.
func intended(t *testing.T, c *drift.Comparison, id string, r model.RepairName) []model.Intent {
	t.Helper()
	finding(c, t, id)
	intents, left := plan.Intend(c,
		[]model.Pick{{Finding: id, Option: model.Option{Repair: r, Channel: model.Direct}, Named: true}})
	if len(left) > 0 {
		t.Fatalf("left out: %v", left)
	}
	return intents
}
