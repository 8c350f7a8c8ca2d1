package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// guard fills in the defaults. A limit of 0 is one: nothing of the kind goes through without --allow.
func (b *builder) guard(s GuardSection, readOnly bool) model.Guard {
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
	b.protected("guard.protect_groups", s.ProtectGroups)
	b.protected("guard.protect_users", s.ProtectUsers)
	return g
}

// protected refuses a glob that protects nobody: an empty one is a slip, and it would look like protection.
func (b *builder) protected(key string, globs []string) {
	b.globs(key, globs)
	for _, glob := range globs {
		b.check(strings.TrimSpace(glob) != "", key,
			"holds an empty glob, which protects nothing; write a name, or take it out")
	}
}

// The spans that the board takes: how long a console repair is watched, and how often both sides are looked at again.
const (
	leastDeadline = 10 * time.Second
	LeastWatch    = time.Minute
	mostOfSpans   = 24 * time.Hour
)

func (b *builder) span(key, text string, least time.Duration) time.Duration {
	if text == "" {
		return 0
	}
	d, err := ParseSpan(text, least)
	if err != nil {
		b.check(false, key, fmt.Sprintf("is %q; %v", text, err))
	}
	return d
}

// ParseSpan reads a time span between the least that is given and a day.
func ParseSpan(text string, least time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < least || d > mostOfSpans {
		return 0, fmt.Errorf("write a time span between %s and 24h, such as \"10m\"",
			strings.Replace(least.String(), "m0s", "m", 1))
	}
	return d, nil
}
