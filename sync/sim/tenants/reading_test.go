package tenants

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// reading compares both sides of a world in the plainest way that the design allows, slowly and from the world alone,
// so that a truth written down while bending can be held against what is really there.
type reading struct {
	app      int64
	roles    *regexp.Regexp
	s        *world.Source
	d        *world.Target
	assigned []*world.User // by id
	pairOf   map[int64]*world.TargetUser
	lines    []string
}

func read(t *Tenant) []string {
	r := &reading{
		app: t.AppID, roles: regexp.MustCompile(RolesPattern), s: &t.World.Source, d: &t.World.Target,
		pairOf: map[int64]*world.TargetUser{},
	}
	r.compareUsers()
	r.compareGroups()
	slices.Sort(r.lines)
	return r.lines
}

func told(t *Tenant) []string {
	var lines []string
	for _, f := range t.Truth {
		if f.SubjectType != "rule" {
			lines = append(lines, line(f.Kind, f.Subject, f.Severity, f.Members, f.Fields))
		}
	}
	slices.Sort(lines)
	return lines
}

func line(kind, subject, severity string, members, fields []string) string {
	return fmt.Sprintf("%s %q %s %q %q", kind, subject, severity, members, fields)
}

func (r *reading) say(kind, subject, severity string, members, fields []string) {
	slices.Sort(members)
	slices.Sort(fields)
	r.lines = append(r.lines, line(kind, subject, severity, members, fields))
}

func works(u *world.User) bool { return u.Status != 2 && u.State != 2 && u.State != 3 }

func (r *reading) compareUsers() {
	ids := map[int64]bool{}
	for id := range r.s.Apps[r.app].Direct {
		ids[id] = true
	}
	for _, role := range r.s.Roles {
		for id := range role.Users {
			if role.Apps[r.app] {
				ids[id] = true
			}
		}
	}
	for id := range ids {
		r.assigned = append(r.assigned, r.s.Users[id])
	}
	slices.SortFunc(r.assigned, func(a, b *world.User) int { return int(a.ID - b.ID) })
	claimed, lost := r.pair()
	for _, u := range r.assigned {
		if !slices.Contains(lost, u.Email) {
			r.compareUser(u, r.pairOf[u.ID])
		}
	}
	for _, t := range r.d.Users {
		switch {
		case claimed[t] != nil:
		case t.Active:
			r.say("user-lingering", t.UserName, "high", nil, nil)
		default:
			r.say("user-lingering", t.UserName, "info", nil, nil)
		}
	}
}

// pair finds for every assigned user the target's record, first come first served, and says who came too late.
func (r *reading) pair() (claimed map[*world.TargetUser]*world.User, lost []string) {
	byExternal, byName, byMail := map[string]*world.TargetUser{}, map[string]*world.TargetUser{},
		map[string]*world.TargetUser{}
	for _, t := range r.d.Users {
		if t.ExternalID != "" {
			byExternal[t.ExternalID] = t
		}
		byName[foldName(t.UserName)], byMail[foldName(t.Email)] = t, t
	}
	claimed = map[*world.TargetUser]*world.User{}
	losers := map[*world.User][]string{}
	for _, u := range r.assigned {
		external := u.ExternalID
		if external == "" {
			external = decimal(u.ID)
		}
		for _, t := range []*world.TargetUser{
			byExternal[external], byName[foldName(u.Email)],
			byMail[foldName(u.Email)],
		} {
			if t == nil {
				continue
			}
			if first := claimed[t]; first != nil {
				losers[first] = append(losers[first], u.Email)
			} else {
				claimed[t], r.pairOf[u.ID] = u, t
			}
			break
		}
	}
	for first, members := range losers {
		r.say("user-duplicate", first.Email, "medium", members, nil)
		lost = append(lost, members...)
	}
	return claimed, lost
}

func (r *reading) compareUser(u *world.User, t *world.TargetUser) {
	switch {
	case t == nil && works(u):
		r.say("user-unsynced", u.Email, "high", nil, nil)
	case t != nil && !works(u) && t.Active:
		r.say("user-still-active", u.Email, "critical", nil, nil)
	case t != nil && works(u) && !t.Active:
		r.say("user-inactive", u.Email, "high", nil, nil)
	}
	if t == nil {
		return
	}
	var fields []string
	differ := func(field, a, b string) {
		if foldName(a) != foldName(b) {
			fields = append(fields, field)
		}
	}
	differ("userName", u.Email, t.UserName)
	differ("emails", u.Email, t.Email)
	differ("displayName", u.FirstName+" "+u.LastName, t.DisplayName)
	differ("name.givenName", u.FirstName, t.GivenName)
	differ("name.familyName", u.LastName, t.FamilyName)
	switch {
	case slices.Contains(fields, "userName"):
		r.say("user-renamed", u.Email, "medium", nil, fields)
	case len(fields) > 0:
		r.say("user-attributes", u.Email, "low", nil, fields)
	}
}

func (r *reading) compareGroups() {
	byName, byExternal := map[string]*world.TargetGroup{}, map[string]*world.TargetGroup{}
	for _, g := range r.d.Groups {
		byName[foldName(g.DisplayName)] = g
		if g.ExternalID != "" {
			byExternal[g.ExternalID] = g
		}
	}
	var granting []*world.Role
	proofs := 0
	for _, role := range r.s.Roles {
		if !role.Apps[r.app] || !r.roles.MatchString(role.Name) {
			continue
		}
		granting = append(granting, role)
		if g := byName[foldName(role.Name)]; g != nil && g.ExternalID == decimal(role.ID) {
			proofs++
		}
	}
	seen := map[*world.TargetGroup]bool{}
	for _, role := range granting {
		named, linked := byName[foldName(role.Name)], byExternal[decimal(role.ID)]
		if proofs < 3 {
			linked = nil
		}
		var wanted []*world.User
		for id := range role.Users {
			if u := r.s.Users[id]; works(u) {
				wanted = append(wanted, u)
			}
		}
		switch {
		case named != nil && linked != nil && named != linked:
			r.say("group-duplicate", role.Name, "medium", []string{linked.DisplayName}, nil)
			seen[linked] = true
		case named == nil && linked != nil:
			r.say("group-renamed", role.Name, "medium", nil, nil)
			named = linked
		case named == nil && len(wanted) > 0:
			r.say("group-missing", role.Name, "high", nil, nil)
		}
		if named != nil {
			seen[named] = true
			r.compareMembers(role, named)
		}
	}
	for _, g := range r.d.Groups {
		if !seen[g] {
			r.stray(g)
		}
	}
}

func (r *reading) compareMembers(role *world.Role, g *world.TargetGroup) {
	var missing, extra []string
	for _, u := range r.assigned {
		t := r.pairOf[u.ID]
		if t == nil || !t.Active || !works(u) || role.Users[u.ID] == g.Members[t.ID] {
			continue
		}
		if role.Users[u.ID] {
			missing = append(missing, u.Email)
		} else {
			extra = append(extra, t.UserName)
		}
	}
	if len(missing) > 0 {
		r.say("members-missing", role.Name, "high", missing, nil)
	}
	if len(extra) > 0 {
		r.say("members-extra", role.Name, "critical", extra, nil)
	}
}

func (r *reading) stray(g *world.TargetGroup) {
	members := make([]string, 0, len(g.Members))
	for id := range g.Members {
		members = append(members, r.d.Users[id].UserName)
	}
	proof := g.ExternalID != ""
	for _, e := range r.s.Events {
		proof = proof || (e.Type == 1802 || e.Type == 2) && strings.EqualFold(e.RoleName, g.DisplayName)
	}
	for _, role := range r.s.Roles {
		proof = proof || foldName(role.Name) == foldName(g.DisplayName)
	}
	assigned := slices.ContainsFunc(r.d.Assignments, func(a world.Assignment) bool { return a.PrincipalID == g.ID })
	switch {
	case !proof:
		r.say("group-unclaimed", g.DisplayName, "info", members, nil)
	case assigned:
		r.say("group-lingering", g.DisplayName, "critical", members, nil)
	default:
		r.say("group-lingering", g.DisplayName, "high", members, nil)
	}
}
