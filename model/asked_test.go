package model

import "slices"

// asked compares two sides as a load does: what would bear out or disprove a finding is asked, and services that say the same twice
// answer.
func asked(src Source, tgt Directory, opts Options) *Comparison {
	opts.Replies = Replies{}
	for {
		c := Compare(src, tgt, opts)
		fresh := false
		for _, q := range c.Questions(opts) {
			if _, known := opts.Replies[q]; !known {
				opts.Replies[q], fresh = honest(c, q), true
			}
		}
		if !fresh {
			return c
		}
	}
}

// honest answers a question as the lists of a comparison do.
func honest(c *Comparison, q Ask) (a Reply) {
	user := func(list []User, fits func(*User) bool) {
		if i := slices.IndexFunc(list, func(u User) bool { return fits(&u) }); i >= 0 {
			a.Found, a.User = true, list[i]
		}
	}
	switch q.Kind {
	case AskUser, AskRoles, AskEmail:
		user(c.Source.Users, func(u *User) bool { return u.ID == q.ID || q.Kind == AskEmail && SameName(u.Email, q.ID) })
		a.User.RoleIDs = []string{}
		for _, r := range c.Source.Roles {
			if slices.Contains(r.Users.IDs, a.User.ID) {
				a.User.RoleIDs = append(a.User.RoleIDs, r.ID)
			}
		}
	case AskRole, AskRoleName:
		for _, r := range c.Source.Roles {
			if q.Kind == AskRole && r.ID == q.ID {
				a.Found, a.Role = true, r
			}
			a.Roles = append(a.Roles, r) // a filter may not be honoured
		}
	case AskRules:
		a.Found, a.Rules = true, c.Source.Rules
	case AskTargetUser, AskTargetRecord:
		user(c.Target.Users, func(u *User) bool {
			return q.Kind == AskTargetRecord && u.ID == q.ID || q.Kind == AskTargetUser && SameName(u.UserName, q.ID)
		})
	case AskTargetGroup, AskMembers:
		for g := range c.Target.Groups {
			if group := c.Target.Groups[g]; q.Kind == AskMembers && group.ID == q.ID || q.Kind == AskTargetGroup && SameName(group.Name, q.ID) {
				a.Found, a.Group, a.Members.Unknown = true, group, group.MembersUnknown
				for _, u := range c.Target.Members.Of(g) {
					a.Members.IDs = append(a.Members.IDs, c.Target.Users[u].ID)
				}
			}
		}
	}
	return a
}
