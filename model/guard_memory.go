package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
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
	var parts []string
	for _, part := range []Part{PartUsers, PartGroups, PartMemberships} {
		before, at, known := g.Baseline.largest(part, g.Now)
		left, read := now[part.String()]
		if known && read && (before-left)*100 > g.Guard.MaxPercent*before {
			parts = append(parts, fmt.Sprintf("the source's %s fell from %d to %d%s, and the limit is %d %%",
				map[Part]string{PartUsers: "users", PartGroups: "roles", PartMemberships: "users of roles"}[part], before, left, since(at), g.Guard.MaxPercent))
		}
	}
	if at, other := g.Baseline.otherwise(g.Groups.Digest(), g.Now); other {
		parts = append(parts, "the configuration of groups has changed"+since(at))
	}
	return objection{strings.Join(parts, "; "), steps}
}

func since(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " since " + at.UTC().Format("2006-01-02 15:04 UTC")
}

// largest is the size of a part of the source at the last complete read, or the largest within a day before now.
func (b *Baseline) largest(part Part, now time.Time) (n int, at time.Time, known bool) {
	n, known = b.Source[part.String()]
	at = b.At
	if most, is := b.Most[part.String()]; is && now.Sub(most.At) <= BaselineSpan && (!known || most.N > n) {
		return most.N, most.At, true
	}
	return n, at, known
}

// otherwise reports whether another configuration of groups was in force at the last complete read, or until it was changed within a
// day before now, and when that was last read with.
func (b *Baseline) otherwise(digest string, now time.Time) (at time.Time, other bool) {
	if b.Meant.Groups != "" && now.Sub(b.Meant.At) <= BaselineSpan {
		return b.Meant.At, b.Meant.Groups != digest // to go back to it is no change
	}
	return b.At, b.Groups != "" && b.Groups != digest
}

// Remember adds a further complete read: sizes are those of the parts of the source that it read in full, and digest is the
// configuration of groups that it was compared with, "" where the groups were not read.
func (b *Baseline) Remember(at time.Time, sizes map[string]int, digest string) {
	most := maps.Clone(b.Most)
	if most == nil {
		most = map[string]Size{}
	}
	for part, n := range sizes {
		if before, is := most[part]; !is || n >= before.N || at.Sub(before.At) > BaselineSpan {
			most[part] = Size{n, at}
		}
	}
	b.Most = most
	if digest != "" && (b.Meant.Groups == "" || b.Meant.Groups == digest || at.Sub(b.Meant.At) > BaselineSpan) {
		b.Meant = Meant{digest, at}
	}
}
