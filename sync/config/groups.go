package config

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"

	"github.com/scimdrift/scimdrift/model/rules"
)

func (b *builder) checkGroups(s GroupsSection) rules.GroupsConfig {
	g := rules.GroupsConfig{From: cmp.Or(s.From, "auto"), Name: s.Name, Ignore: s.Ignore}
	b.checkOneOf("groups.from", g.From, "auto", "rules", "roles")
	b.check(g.From != "roles" || s.Roles != "", "groups.roles",
		`is needed with from = "roles": the pattern of the roles that become groups`)
	if s.Roles != "" {
		pattern, err := regexp.Compile(s.Roles)
		if err != nil {
			b.check(false, "groups.roles", fmt.Sprintf("is no regular expression (RE2): %v", err))
		}
		g.Roles = pattern
	}
	b.checkExpansion(s.Name, g.Roles)
	b.checkGlobs("groups.ignore", s.Ignore)
	return g
}

func (b *builder) checkGlobs(key string, globs []string) {
	for _, glob := range globs {
		_, err := path.Match(glob, "")
		b.check(err == nil, key, fmt.Sprintf("holds %q, which is no glob", glob))
	}
}

// placeholders finds what a name expands: $1, ${1}, $team, ${team}; and $$, which is a dollar sign.
var placeholders = regexp.MustCompile(`\$(?:\$|([\pL\pN_]+)|\{([\pL\pN_]+)\})`)

// checkExpansion refuses a name that refers to what the pattern does not capture. It would expand to nothing, no role
// would yield a group, and every group at the target would look as if it should go.
func (b *builder) checkExpansion(name string, pattern *regexp.Regexp) {
	if name != "" && pattern == nil {
		b.check(false, "groups.name", "is an expansion of what groups.roles matches; set groups.roles too")
		return
	}
	for _, match := range placeholders.FindAllStringSubmatch(name, -1) {
		group := match[1] + match[2]
		number, err := strconv.Atoi(group)
		captured := err == nil && number <= pattern.NumSubexp() || slices.Contains(pattern.SubexpNames(), group)
		b.check(group == "" || captured, "groups.name",
			fmt.Sprintf("refers to %s, which groups.roles does not capture; put parentheses around that part of the "+
				"pattern", match[0]))
	}
}
