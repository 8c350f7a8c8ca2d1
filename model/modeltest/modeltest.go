// Package modeltest compares two sides in tests as a load does.
package modeltest

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/model/setup"
)

// Compare compares two sides as a load does, with direct questions, and services that say the same twice.
func Compare(src rules.Source, tgt model.Directory, opts drift.Options) *drift.Comparison {
	return compare(src, tgt, opts, func(a model.Reply) model.Reply { return a })
}

// compare is Compare with answers that are changed on the way.
func compare(
	src rules.Source, tgt model.Directory, opts drift.Options, bend func(model.Reply) model.Reply,
) *drift.Comparison {
	opts.Replies, opts.Checks = model.Replies{}, setup.Check
	for {
		c := drift.Compare(src, tgt, opts)
		fresh := false
		for _, q := range c.Questions(opts) {
			if _, known := opts.Replies[q]; !known {
				opts.Replies[q], fresh = bend(answerFromLists(c, q)), true
			}
		}
		if !fresh {
			return c
		}
	}
}

// answerFromLists answers a question as the lists of a comparison do.
func answerFromLists(c *drift.Comparison, q model.Ask) (a model.Reply) {
	switch q.Kind {
	case model.AskUser, model.AskRoles, model.AskEmail:
		a = findSourceUser(c, q)
	case model.AskRole, model.AskRoleList:
		for _, r := range c.Source.Roles {
			if q.Kind == model.AskRole && r.ID == q.ID {
				a.Found, a.Role = true, r
			}
			a.Roles = append(a.Roles, r) // a filter may not be honoured
		}
	case model.AskRules:
		a.Found, a.Rules = true, c.Source.Rules
	case model.AskTargetUser:
		a = findUser(c.Target.Users, func(u model.User) bool { return model.SameName(u.UserName, q.ID) })
	case model.AskTargetRecord:
		a = findUser(c.Target.Users, func(u model.User) bool { return u.ID == q.ID })
	case model.AskTargetGroup:
		a = findTargetGroup(c, func(g *model.Group) bool { return model.SameName(g.Name, q.ID) })
	case model.AskGroupRecord, model.AskMembers:
		a = findTargetGroup(c, func(g *model.Group) bool { return g.ID == q.ID })
	case model.AskGroupsOf:
		for g := range c.Target.Groups {
			if slices.ContainsFunc(c.Target.Members.Of(g), func(u int32) bool { return c.Target.Users[u].ID == q.ID }) {
				a.Groups = append(a.Groups, c.Target.Groups[g].ID)
			}
		}
	}
	return a
}

func findUser(list []model.User, fits func(model.User) bool) (a model.Reply) {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		a.Found, a.User = true, list[i]
	}
	return a
}

func findSourceUser(c *drift.Comparison, q model.Ask) model.Reply {
	a := findUser(c.Source.Users, func(u model.User) bool {
		return u.ID == q.ID || q.Kind == model.AskEmail && model.SameName(u.Email, q.ID)
	})
	a.User.RoleIDs = []string{}
	for _, r := range c.Source.Roles {
		if slices.Contains(r.Users.IDs, a.User.ID) {
			a.User.RoleIDs = append(a.User.RoleIDs, r.ID)
		}
	}
	return a
}

func findTargetGroup(c *drift.Comparison, fits func(*model.Group) bool) (a model.Reply) {
	for g := range c.Target.Groups {
		group := &c.Target.Groups[g]
		if !fits(group) {
			continue
		}
		a.Found, a.Group, a.Members.Unknown = true, *group, group.MembersUnknown
		for _, u := range c.Target.Members.Of(g) {
			a.Members.IDs = append(a.Members.IDs, c.Target.Users[u].ID)
		}
	}
	return a
}
