package model

import (
	"fmt"
	"slices"
	"strings"
)

// Sizes are those of each side's parts that were read completely, by the part's name: at the source the users of the app,
// the roles, and the users of these. Rules and events may be empty at any time and have none.
func (c *Comparison) Sizes() (source, target map[string]int) {
	var assigned, held int
	for i := range c.Source.Users {
		if c.Source.Users[i].Assigned {
			assigned++
		}
	}
	for i := range c.Source.Roles {
		held += len(c.Source.Roles[i].Users.IDs)
	}
	sizes := func(coverages Coverages, users, groups, memberships int) map[string]int {
		out := map[string]int{}
		for part, n := range map[Part]int{PartUsers: users, PartGroups: groups, PartMemberships: memberships} {
			if coverages[part].Complete() {
				out[part.String()] = n
			}
		}
		return out
	}
	t := &c.Target
	return sizes(c.Source.Coverage, assigned, len(c.Source.Roles), held), sizes(t.Coverage, len(t.Users), len(t.Groups), t.Members.Total())
}

// Digest tells whether two configurations of groups are the same, whatever the order of what they ignore.
func (c GroupsConfig) Digest() string {
	ignored := make([]string, 0, len(c.Ignore))
	for _, glob := range c.Ignore {
		ignored = append(ignored, Fold(glob))
	}
	slices.Sort(ignored)
	roles := "all"
	if c.Roles != nil {
		roles = "those that match " + c.Roles.String()
	}
	return Fingerprint(append([]string{c.From, roles, c.Name}, slices.Compact(ignored)...)...)
}

// shrunk: where the source lost much since it was last read in full, or other groups are meant than then, what looks left
// over may be what is missing. Our own steps change the target only.
func (g *guardian) shrunk() objection {
	if g.Baseline == nil || g.Comparison == nil {
		return objection{}
	}
	steps := g.stepsThat(func(s *Step) bool { return g.counts(s) && s.takes() })
	if len(steps) == 0 {
		return objection{}
	}
	now, _ := g.Comparison.Sizes()
	since := ""
	if !g.Baseline.At.IsZero() {
		since = " since " + g.Baseline.At.UTC().Format("2006-01-02 15:04 UTC")
	}
	var parts []string
	for _, part := range []Part{PartUsers, PartGroups, PartMemberships} {
		before, known := g.Baseline.Source[part.String()]
		left, read := now[part.String()]
		if known && read && (before-left)*100 > g.Guard.MaxPercent*before {
			parts = append(parts, fmt.Sprintf("the source's %s fell from %d to %d%s, and the limit is %d %%",
				map[Part]string{PartUsers: "users", PartGroups: "roles", PartMemberships: "users of roles"}[part], before, left, since, g.Guard.MaxPercent))
		}
	}
	if digest := g.Baseline.Groups; digest != "" && digest != g.Groups.Digest() {
		parts = append(parts, "the configuration of groups has changed"+since)
	}
	return objection{strings.Join(parts, "; "), steps}
}
