package model

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// protected: no write at all to a protected group or user. A membership is a write to both; so is a name given to or taken
// from a record. What counts is what the step says, what its request holds and what the target calls the record now.
func (g *guardian) protected() objection {
	if len(g.Guard.ProtectGroups) == 0 && len(g.Guard.ProtectUsers) == 0 {
		return objection{}
	}
	if glob, bad := badGlob(slices.Concat(g.Guard.ProtectGroups, g.Guard.ProtectUsers)); bad {
		steps := g.stepsThat(func(s *Step) bool { return s.Request != nil })
		if len(steps) == 0 {
			return objection{}
		}
		return objection{"whom " + glob + " protects cannot be told, because it is no glob", steps}
	}
	var names []string
	steps := g.stepsThat(func(s *Step) bool {
		if s.Request == nil {
			return false
		}
		users, groups := g.touched(s)
		hit := append(matching(g.Guard.ProtectUsers, users), matching(g.Guard.ProtectGroups, groups)...)
		names = append(names, hit...)
		return len(hit) > 0
	})
	if len(steps) == 0 {
		return objection{}
	}
	slices.SortFunc(names, byFolded)
	return objection{few(slices.CompactFunc(names, SameName)) + " must not be written to", steps}
}

func badGlob(globs []string) (string, bool) {
	for _, glob := range globs {
		if _, err := path.Match(glob, ""); err != nil {
			return glob, true
		}
	}
	return "", false
}

// matching gives those of the names that a glob fits, by the same rules as the groups that are ignored.
func matching(globs, names []string) (hit []string) {
	protect := GroupsConfig{Ignore: globs}
	for _, name := range names {
		if protect.Ignores(name) {
			hit = append(hit, name)
		}
	}
	return hit
}

// touched gives the names of the users and groups that a step writes to, in every form that is known of them.
func (g *guardian) touched(s *Step) (users, groups []string) {
	user := func(id, name string) {
		users = append(users, name)
		if at, ok := g.users[id]; ok && g.Comparison != nil {
			users = append(users, g.Comparison.Target.Users[at].UserName)
		}
	}
	group := func(id, name string) {
		groups = append(groups, name)
		if at, ok := g.groups[id]; ok && g.Comparison != nil {
			groups = append(groups, g.Comparison.Target.Groups[at].Name)
		}
	}
	if s.Subject.Type == SubjectUser {
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
	for _, statement := range slices.Concat(s.Precondition, s.Afterwards) {
		switch statement.Fact { //nolint:exhaustive // the others name nobody beside those
		case UserIs, UserAbsent:
			user(statement.ID, statement.Name)
		case GroupIs, GroupAbsent:
			group(statement.ID, statement.Name)
		}
	}
	users = append(users, s.Request.names("userName")...)
	groups = append(groups, g.groupNames(s)...)
	switch {
	case g.Comparison == nil:
	case s.Repair == DeleteGroup:
		if at, ok := g.groups[s.group()]; ok {
			for _, u := range g.Comparison.Target.Members.Of(int(at)) {
				users = append(users, g.Comparison.Target.Users[u].UserName)
			}
		}
	case s.Repair == DeleteUser:
		groups = append(groups, g.groupsWith(s.Subject.TargetID)...)
	}
	return users, groups
}

// groupNames are those that the request gives, and those that a deleted user leaves.
func (g *guardian) groupNames(s *Step) (names []string) {
	switch s.Repair { //nolint:exhaustive // a displayName of the others is a person's
	case CreateGroup, RenameGroup:
		return s.Request.names("displayName")
	case DeleteUser:
		if s.BlastRadius != nil {
			return s.BlastRadius.Groups
		}
	}
	return nil
}

// groupsWith are the protected groups that a target user is in; to delete the user takes a member from them.
func (g *guardian) groupsWith(id string) (names []string) {
	at, ok := g.users[id]
	if !ok {
		return nil
	}
	t := &g.Comparison.Target
	protect := GroupsConfig{Ignore: g.Guard.ProtectGroups}
	for i := range t.Groups {
		if protect.Ignores(t.Groups[i].Name) && slices.Contains(t.Members.Of(i), at) {
			names = append(names, t.Groups[i].Name)
		}
	}
	return names
}

// names gives the texts that a request writes to an attribute, as a whole record or as a PATCH.
func (r Request) names(attribute string) (names []string) {
	var record map[string]any
	if json.Unmarshal(r.Body, &record) != nil {
		return nil
	}
	for _, value := range append(fieldsNamed(record, attribute), r.written(attribute)...) {
		if text, is := value.(string); is {
			names = append(names, text)
		}
	}
	return names
}

// written gives what a SCIM PATCH (RFC 7644, section 3.5.2) writes to an attribute, with a path or without one.
func (r Request) written(attribute string) (values []any) {
	var patch struct {
		Operations []struct {
			Path  string `json:"path"`
			Value any    `json:"value"`
		} `json:"Operations"` //nolint:tagliatelle // the wire's own spelling
	}
	if json.Unmarshal(r.Body, &patch) != nil {
		return nil
	}
	for _, op := range patch.Operations {
		path := op.Path[strings.LastIndex(op.Path, ":")+1:] // a path may carry the schema before the attribute
		if SameName(path, attribute) {
			values = append(values, op.Value)
		}
		if fields, is := op.Value.(map[string]any); is && op.Path == "" {
			values = append(values, fieldsNamed(fields, attribute)...)
		}
	}
	return values
}

// fieldsNamed: names of attributes do not depend on case (RFC 7643, section 2.1), so that a record can hold one twice.
func fieldsNamed(record map[string]any, attribute string) (values []any) {
	for name, v := range record {
		if SameName(name, attribute) {
			values = append(values, v)
		}
	}
	return values
}
