package repair_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// oracle looks at both simulators in the moment before a write, and says why a step must not be sent now. It knows
// roles mode only, and nothing of the product's own comparison: what it holds steps against are the worlds.
type oracle struct {
	w       *world.World
	app     int64
	pattern *regexp.Regexp
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// roles are those that yield a group.
func (o *oracle) roles(group string) (out []*world.Role) {
	for _, r := range o.w.Source.Roles {
		if r.Apps[o.app] && fold(r.Name) == fold(group) && o.pattern.MatchString(r.Name) {
			out = append(out, r)
		}
	}
	return out
}

// let reports whether OneLogin lets a user in.
func (o *oracle) let(id string) (*world.User, bool) {
	n, _ := strconv.ParseInt(id, 10, 64)
	u := o.w.Source.Users[n]
	return u, u != nil && u.Active() && o.w.Source.IsAssigned(o.app, n)
}

func externalID(u *world.User) string { return cmp.Or(u.ExternalID, strconv.FormatInt(u.ID, 10)) }

// meant are the assigned users of OneLogin who are the target's user.
func (o *oracle) meant(t *world.TargetUser) (out []*world.User) {
	for _, u := range o.w.Source.Users {
		if (externalID(u) == t.ExternalID || fold(u.Email) == fold(t.UserName) || fold(u.Email) == fold(t.Email)) &&
			o.w.Source.IsAssigned(o.app, u.ID) {
			out = append(out, u)
		}
	}
	return out
}

func (o *oracle) belongs(group string, m model.Member) bool {
	u, ok := o.let(m.SourceID)
	return ok && slices.ContainsFunc(o.roles(group), func(r *world.Role) bool { return r.Users[u.ID] })
}

func (o *oracle) groupNamed(name string) *world.TargetGroup {
	for _, g := range o.w.Target.Groups {
		if fold(g.DisplayName) == fold(name) {
			return g
		}
	}
	return nil
}

func (o *oracle) userNamed(name string) *world.TargetUser {
	for _, u := range o.w.Target.Users {
		if fold(u.UserName) == fold(name) {
			return u
		}
	}
	return nil
}

// forbids says what speaks against sending a step, "" if nothing does. made are the ids of what earlier steps created.
func (o *oracle) forbids(step *model.Step, made map[string]string) string {
	if step.Group != nil && step.Repair != model.CreateGroup {
		return o.forbidsGroup(step, made)
	}
	switch step.Repair { //nolint:exhaustive // the others are about groups
	case model.CreateGroup:
		switch {
		case o.groupNamed(step.Subject.Name) != nil:
			return "the group is there"
		case !slices.ContainsFunc(o.roles(step.Subject.Name), func(r *world.Role) bool {
			return slices.ContainsFunc(world.SortedIDs(r.Users),
				func(id int64) bool { _, ok := o.let(strconv.FormatInt(id, 10)); return ok })
		}):
			return "no role with a user yields the group"
		}
		return ""
	case model.CreateUser:
		u, ok := o.let(step.Subject.SourceID)
		switch {
		case o.userNamed(step.Subject.Name) != nil:
			return "the user is there"
		case !ok:
			return "OneLogin does not let the user in"
		case fold(u.Email) != fold(step.Subject.Name):
			return "OneLogin calls the user otherwise"
		}
		return ""
	}
	t := o.w.Target.Users[step.Subject.TargetID]
	if t == nil {
		return "the user is gone"
	}
	if why := o.fields(t, step); why != "" {
		return why
	}
	meant := o.meant(t)
	active := slices.ContainsFunc(meant, (*world.User).Active)
	// Where an external id names somebody, the account is theirs, whoever else has its address by now.
	if at := slices.IndexFunc(meant, func(u *world.User) bool { return externalID(u) == t.ExternalID }); at >= 0 {
		active = meant[at].Active()
	}
	switch {
	case step.Repair == model.DeleteUser && len(meant) > 0:
		return "OneLogin assigns the user"
	case step.Repair == model.DeactivateUser && active:
		return "OneLogin lets the user in"
	case step.Repair == model.ActivateUser && !active:
		return "OneLogin does not let the user in"
	case step.Repair == model.UpdateUser:
		return o.wanted(step)
	}
	return ""
}

// fields holds a user against the attributes that the step says he has.
func (o *oracle) fields(t *world.TargetUser, step *model.Step) string {
	now := map[string]string{
		"active": strconv.FormatBool(t.Active), "displayName": t.DisplayName, "name.givenName": t.GivenName,
		"name.familyName": t.FamilyName, "emails": t.Email,
	}
	for _, s := range step.Precondition {
		if s.Side != model.AtTarget || s.ID != t.ID {
			continue
		}
		if s.Fact == model.UserIs && t.UserName != s.Name {
			return "the user is called " + t.UserName
		}
		if s.Fact == model.FieldIs && now[s.Field] != s.Value {
			return fmt.Sprintf("%s is %q", s.Field, now[s.Field])
		}
	}
	return ""
}

// wanted holds what a step writes against what OneLogin has.
func (o *oracle) wanted(step *model.Step) string {
	n, _ := strconv.ParseInt(step.Subject.SourceID, 10, 64)
	u := o.w.Source.Users[n]
	if u == nil || !o.w.Source.IsAssigned(o.app, n) {
		return "OneLogin does not assign the user"
	}
	want := map[string]string{
		"displayName": strings.TrimSpace(u.FirstName + " " + u.LastName), "name.givenName": u.FirstName,
		"name.familyName": u.LastName,
		"emails":          u.Email,
	}
	for _, s := range step.Afterwards {
		if s.Fact == model.UserIs && fold(s.Name) != fold(u.Email) {
			return "OneLogin calls the user otherwise"
		}
		if value, ok := want[s.Field]; ok && s.Fact == model.FieldIs &&
			strings.TrimSpace(value) != strings.TrimSpace(s.Value) {
			return fmt.Sprintf("OneLogin has %q as %s", value, s.Field)
		}
	}
	return ""
}

func (o *oracle) forbidsGroup(step *model.Step, made map[string]string) string {
	id, name := step.Group.ID, step.Group.Name
	if id == "" {
		id = made[step.Group.Ref]
	}
	g := o.w.Target.Groups[id]
	switch {
	case g == nil:
		return "the group is gone"
	case g.DisplayName != name && step.Group.Ref == "":
		return "the group is called " + g.DisplayName
	}
	switch step.Repair { //nolint:exhaustive // the others are about users
	case model.DeleteGroup:
		if len(o.roles(name)) > 0 {
			return "a role yields the group"
		}
		if step.BlastRadius != nil && step.BlastRadius.Unknown != "" {
			return "" // nobody knows its members, which somebody allowed with no-backup
		}
		if len(g.Members) != len(step.Members) {
			return "the group has other members"
		}
		for _, m := range step.Members {
			if !g.Members[m.ID] {
				return "the group has other members"
			}
		}
	case model.RenameGroup:
		wanted := step.Subject.Name
		switch holder := o.groupNamed(wanted); {
		case holder != nil && holder.ID != id:
			return "another group has the name"
		case len(o.roles(wanted)) == 0:
			return "no role has the new name"
		}
	case model.AddMembers, model.RemoveMembers:
		for _, m := range step.Members {
			if why := o.forbidsMember(step, g, m, made); why != "" {
				return m.UserName + ": " + why
			}
		}
	}
	return ""
}

func (o *oracle) forbidsMember(step *model.Step, g *world.TargetGroup, m model.Member, made map[string]string) string {
	id := m.ID
	if id == "" {
		id = made[m.Ref]
	}
	u := o.w.Target.Users[id]
	adds := step.Repair == model.AddMembers
	switch {
	case u == nil:
		return "the user is gone"
	// who or what is new is not asked for, and to add twice does nothing
	case g.Members[id] == adds && m.Ref == "" && step.Group.Ref == "":
		return "nothing to change"
	case adds && !u.Active:
		return "not active at the target"
	case adds != o.belongs(g.DisplayName, m):
		return "OneLogin does not say so"
	}
	return ""
}
