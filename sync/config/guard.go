package config

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// checkGuard fills in the defaults. A limit of 0 is one: nothing of the kind goes through without --allow.
func (b *builder) checkGuard(s GuardSection, readOnly bool) model.Guard {
	g := model.DefaultGuard()
	g.ReadOnly, g.ProtectGroups, g.ProtectUsers = readOnly, s.ProtectGroups, s.ProtectUsers
	for _, limit := range []struct {
		key  string
		set  *int
		into *int
	}{
		{"guard.max_deletes", s.MaxDeletes, &g.MaxDeletes},
		{"guard.max_removals", s.MaxRemovals, &g.MaxRemovals},
		{"guard.max_grants", s.MaxGrants, &g.MaxGrants},
		{"guard.max_delete_percent", s.MaxDeletePercent, &g.MaxPercent},
	} {
		if limit.set != nil {
			b.check(*limit.set >= 0, limit.key, "must not be below 0; 0 lets nothing through, and without the key "+
				"the default holds")
			*limit.into = *limit.set
		}
	}
	b.check(g.MaxPercent <= 100, "guard.max_delete_percent", "must be at most 100")
	b.checkProtected("guard.protect_groups", s.ProtectGroups)
	b.checkProtected("guard.protect_users", s.ProtectUsers)
	return g
}

// checkProtected refuses a glob that protects nobody: an empty one is a slip, and it would look like protection.
func (b *builder) checkProtected(key string, globs []string) {
	b.checkGlobs(key, globs)
	for _, glob := range globs {
		b.check(strings.TrimSpace(glob) != "", key,
			"holds an empty glob, which protects nothing; write a name, or take it out")
	}
}
