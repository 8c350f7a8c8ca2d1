package plan

import (
	"path"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// protected: no write at all to a protected group or user. A membership is a write to both; so is a name given to or
// taken from a record. What counts is what the step says and what the target calls the record now.
func (g *guardian) protected() objection {
	if len(g.Guard.ProtectGroups) == 0 && len(g.Guard.ProtectUsers) == 0 {
		return objection{}
	}
	for _, glob := range slices.Concat(g.Guard.ProtectGroups, g.Guard.ProtectUsers) {
		if _, err := path.Match(glob, ""); err != nil {
			return newObjection(g.writingSteps(), "whom "+glob+" protects cannot be told, because it is no glob")
		}
	}
	var names []string
	steps := g.stepsThat(func(s *model.Step) bool {
		if s.Request == nil {
			return false
		}
		users, groups := g.writtenNames(s)
		hit := append(matchingNames(g.Guard.ProtectUsers, users), matchingNames(g.Guard.ProtectGroups, groups)...)
		names = append(names, hit...)
		return len(hit) > 0
	})
	slices.SortFunc(names, model.ByFolded)
	return newObjection(steps, model.Few(slices.CompactFunc(names, model.SameName))+" must not be written to")
}

// matchingNames gives those of the names that a glob fits, by the same rules as the groups that are ignored.
func matchingNames(globs, names []string) (hit []string) {
	protect := rules.GroupsConfig{Ignore: globs}
	for _, name := range names {
		if protect.Ignores(name) {
			hit = append(hit, name)
		}
	}
	return hit
}

// writtenNames gives the names of the users and groups that a step writes to, in every form that is known of them.
func (g *guardian) writtenNames(s *model.Step) (users, groups []string) {
	user := func(id, name string) {
		users = append(users, name)
		if at, ok := g.target.User(id); ok {
			users = append(users, g.Comparison.Target.Users[at].UserName)
		}
	}
	group := func(id, name string) {
		groups = append(groups, name)
		if at, ok := g.target.Group(id); ok {
			groups = append(groups, g.Comparison.Target.Groups[at].Name)
		}
	}
	if s.Subject.Type == model.SubjectUser {
		user(s.Subject.TargetID, s.Subject.Name)
	} else {
		group(s.Subject.TargetID, s.Subject.Name)
	}
	if s.Group != nil {
		group(s.Group.ID, s.Group.Name)
	}
	for _, m := range s.Members {
		user(m.ID, m.UserName)
	}
	for _, condition := range slices.Concat(s.Precondition, s.Afterwards) {
		switch condition.Fact { //nolint:exhaustive // the others name nobody beside those
		case model.UserIs, model.UserAbsent:
			user(condition.ID, condition.Name)
		case model.GroupIs, model.GroupAbsent:
			group(condition.ID, condition.Name)
		}
	}
	if s.Repair == model.DeleteUser && s.BlastRadius != nil {
		groups = append(groups, s.BlastRadius.Groups...)
	}
	switch {
	case g.Comparison == nil:
	case s.Repair == model.DeleteGroup:
		if at, ok := g.target.Group(s.GroupID()); ok {
			for _, u := range g.Comparison.Target.Members.Of(int(at)) {
				users = append(users, g.Comparison.Target.Users[u].UserName)
			}
		}
	case s.Repair == model.DeleteUser:
		groups = append(groups, g.protectedGroupsOf(s.Subject.TargetID)...)
	}
	return users, groups
}

// protectedGroupsOf are the protected groups that a target user is in; to delete the user takes a member from them.
func (g *guardian) protectedGroupsOf(id string) (names []string) {
	at, ok := g.target.User(id)
	if !ok {
		return nil
	}
	t := &g.Comparison.Target
	protect := rules.GroupsConfig{Ignore: g.Guard.ProtectGroups}
	for i := range t.Groups {
		if protect.Ignores(t.Groups[i].Name) && slices.Contains(t.Members.Of(i), at) {
			names = append(names, t.Groups[i].Name)
		}
	}
	return names
}
