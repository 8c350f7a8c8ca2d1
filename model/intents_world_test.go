package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// sightOf answers a question from a comparison, as a re-read that finds everything unchanged does.
func sightOf(c *Comparison, q Question) Sight {
	s := Sight{
		Users: map[string]*User{}, Groups: map[string]*Group{}, Members: map[string]MemberList{},
		UserNames: map[string]string{}, GroupNames: map[string]string{}, ExternalIDs: map[string]string{}, Compared: c,
	}
	for _, id := range q.TargetUsers {
		s.Users[id] = nil
	}
	for _, id := range q.TargetGroups {
		s.Groups[id] = nil
	}
	for _, name := range q.UserNames {
		s.UserNames[Fold(name)] = ""
	}
	for _, name := range q.GroupNames {
		s.GroupNames[Fold(name)] = ""
	}
	for _, id := range q.ExternalIDs {
		s.ExternalIDs[id] = ""
	}
	for i := range c.Target.Users {
		u := &c.Target.Users[i]
		if _, asked := s.Users[u.ID]; asked {
			s.Users[u.ID] = u
		}
		if _, asked := s.UserNames[Fold(u.UserName)]; asked {
			s.UserNames[Fold(u.UserName)] = u.ID
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
		if _, asked := s.GroupNames[Fold(g.Name)]; asked {
			s.GroupNames[Fold(g.Name)] = g.ID
		}
		if slices.Contains(q.Members, g.ID) {
			list := MemberList{}
			for _, u := range c.Target.Members.Of(i) {
				list.IDs = append(list.IDs, c.Target.Users[u].ID)
			}
			s.Members[g.ID] = list
		}
	}
	return s
}

// broken re-reads a world and holds statements against it, with the ids of what was created so far.
func (w *world) broken(list []Statement, created map[string]string) string {
	c := w.compare()
	list = settledBy(list, created)
	return sightOf(c, QuestionOf(list)).Broken(list)
}

func settledBy(list []Statement, created map[string]string) []Statement {
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
func (w *world) perform(in *Intent, created map[string]string) {
	of := func(id, ref string) string {
		if ref != "" {
			return created[ref]
		}
		return id
	}
	user := func() *User {
		i := slices.IndexFunc(w.tusers, func(u User) bool { return u.ID == in.Subject.TargetID })
		return &w.tusers[i]
	}
	group := of(in.Group.ID, in.Group.Ref)
	switch in.Repair { //nolint:exhaustive // handoffs and nudges change nothing themselves
	case CreateUser:
		u := *in.User
		u.ID = fmt.Sprintf("made-%d", len(created))
		created[in.Key] = u.ID
		w.tusers = append(w.tusers, u)
	case CreateGroup:
		created[in.Key] = fmt.Sprintf("made-%d", len(created))
		w.tgroups = append(w.tgroups, Group{ID: created[in.Key], Name: in.Group.Name})
	case UpdateUser, ActivateUser, DeactivateUser:
		for _, c := range in.Changes {
			user().set(c.Name, c.Source)
		}
	case RenameGroup:
		for i := range w.tgroups {
			if w.tgroups[i].ID == group {
				w.tgroups[i].Name = in.Changes[0].Source
			}
		}
	case AddMembers:
		for _, m := range in.Members {
			w.members[group] = append(w.members[group], of(m.ID, m.Ref))
		}
	case RemoveMembers:
		for _, m := range in.Members {
			w.members[group] = slices.DeleteFunc(slices.Clone(w.members[group]), func(id string) bool { return id == m.ID })
		}
	case DeleteGroup:
		w.tgroups = slices.DeleteFunc(w.tgroups, func(g Group) bool { return g.ID == group })
		delete(w.members, group)
	case DeleteUser:
		w.dropTargetUser(in.Subject.TargetID)
	}
}

func (u *User) set(field, value string) {
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
func directPicks(c *Comparison, choose func(n int) int) (picks []Pick) {
	unclaimed := false
	for i := range c.Findings {
		f := &c.Findings[i]
		var direct []Option
		for _, o := range f.Repairs {
			if o.Channel == Direct {
				direct = append(direct, o)
			}
		}
		if len(direct) == 0 || f.Kind == GroupUnclaimed && unclaimed {
			continue
		}
		unclaimed = unclaimed || f.Kind == GroupUnclaimed
		picks = append(picks, Pick{Finding: f.ID, Option: direct[choose(len(direct))], Named: true})
	}
	return picks
}

func quietWorld() *world { return syncedWorld(6, 4, true, rand.New(rand.NewPCG(1, 1))) }

// finding finds one by its id.
func (c *Comparison) finding(t rapid.TB, id string) *Finding {
	t.Helper()
	i := slices.IndexFunc(c.Findings, func(f Finding) bool { return f.ID == id })
	if i < 0 {
		t.Fatalf("no %s in %v", id, ids(c))
	}
	return &c.Findings[i]
}

// intended gives the intents of one repair of one finding, none of which may be left out.
func intended(t *testing.T, c *Comparison, id string, r RepairName) []Intent {
	t.Helper()
	c.finding(t, id)
	intents, left := c.Intend([]Pick{{Finding: id, Option: Option{r, Direct}, Named: true}})
	if len(left) > 0 {
		t.Fatalf("left out: %v", left)
	}
	return intents
}
