package model

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
)

// GroupsConfig says which groups a connection is about.
type GroupsConfig struct {
	// From is "auto", "rules" or "roles".
	From string
	// Roles selects the roles that become groups; nil selects every granting role.
	Roles *regexp.Regexp
	// Name is an expansion of the match, such as "$1"; empty takes the role's name.
	Name string
	// Ignore are globs, compared folded: groups on either side that are none of our business.
	Ignore []string
}

// Ignores reports whether a group of that name is none of our business.
func (c GroupsConfig) Ignores(name string) bool {
	folded := Fold(name)
	for _, glob := range c.Ignore {
		if ok, err := path.Match(strings.ReplaceAll(Fold(glob), "/", "\x00"), strings.ReplaceAll(folded, "/", "\x00")); err == nil && ok {
			return true
		}
	}
	return false
}

// NameFor is the group that a role of that name yields, if any.
func (c GroupsConfig) NameFor(role string) (string, bool) {
	if c.Roles == nil {
		return role, true
	}
	at := c.Roles.FindStringSubmatchIndex(role)
	if at == nil {
		return "", false
	}
	if c.Name == "" {
		return role, true
	}
	name := string(c.Roles.ExpandString(nil, c.Name, role, at))
	return name, strings.TrimSpace(name) != ""
}

// Expect works out which groups the source should provision, and with whom, and gives the source with its Groups and
// Members set. Users, App, Roles, Rules and their coverage must be set before.
//
// Every granting role that matches yields the group of its name with its active assigned users; one without any such
// user, and every literal name in a rule, enabled or not, is allowed.
func Expect(src Source, cfg GroupsConfig) Source {
	index := make(map[string]int32, len(src.Users))
	for i := range src.Users {
		index[src.Users[i].ID] = int32(i)
	}
	drafts := rolesToDrafts(src.Roles, cfg)
	src.Groups = make([]Group, 0, len(drafts))
	b := newListsBuilder(len(drafts))
	for _, d := range drafts {
		b.begin()
		before := len(b.items)
		for _, r := range d.roles {
			for _, id := range r.Users.IDs {
				u, ok := index[id]
				switch {
				case ok && src.Users[u].RollOnly:
					d.group.MembersUnknown = "the details of a member could not be read"
				case ok && src.Users[u].Active && src.Users[u].Assigned:
					b.add(u)
				}
			}
			if r.Users.Unknown != "" {
				d.group.MembersUnknown = r.Users.Unknown
			}
		}
		d.group.Expectation = expectation(len(b.items) > before, d.group.MembersUnknown != "" || !src.Coverage[PartUsers].Complete())
		src.Groups = append(src.Groups, d.group)
	}
	src.Members = b.build()
	src.Groups = appendRuleNames(src.Groups, src.Rules, cfg)
	return src
}

func expectation(somebody, blind bool) Expectation {
	switch {
	case somebody:
		return Expected
	case blind:
		return Undecided
	default:
		return Allowed
	}
}

// draft is a source group in the making: the roles that yield it, in the order of their ids, so that the order in which
// OneLogin lists them never shows.
type draft struct {
	group Group
	roles []*Role
}

func rolesToDrafts(roles []Role, cfg GroupsConfig) []draft {
	sorted := make([]*Role, 0, len(roles))
	for i := range roles {
		sorted = append(sorted, &roles[i])
	}
	slices.SortFunc(sorted, func(a, b *Role) int { return compareIDs(a.ID, b.ID) })
	var drafts []draft
	byName := make(map[string]int, len(sorted))
	for _, r := range sorted {
		name, ok := cfg.NameFor(r.Name)
		if !r.Grants || !ok || cfg.Ignores(name) {
			continue
		}
		at, seen := byName[Fold(name)]
		if !seen {
			at = len(drafts)
			byName[Fold(name)] = at
			drafts = append(drafts, draft{group: Group{ID: r.ID, ExternalID: r.ID, Name: name}})
		}
		drafts[at].roles = append(drafts[at].roles, r)
		drafts[at].group.RoleIDs = append(drafts[at].group.RoleIDs, r.ID)
	}
	return drafts
}

// appendRuleNames adds the groups that rules name and no role yields. Who would be in them is not known here, so their
// members are not compared.
func appendRuleNames(groups []Group, rules []Rule, cfg GroupsConfig) []Group {
	known := make(map[string]bool, len(groups))
	for i := range groups {
		known[Fold(groups[i].Name)] = true
	}
	for i := range rules {
		for _, name := range rules[i].GroupNames {
			if folded := Fold(name); folded != "" && !known[folded] && !cfg.Ignores(name) {
				known[folded] = true
				groups = append(groups, Group{Name: name, Expectation: Allowed, MembersUnknown: "named by a rule only"})
			}
		}
	}
	return groups
}

// compareIDs orders numeric ids by value and others by text.
func compareIDs(a, b string) int {
	if len(a) != len(b) && isNumber(a) && isNumber(b) {
		return cmp.Compare(len(a), len(b))
	}
	return cmp.Compare(a, b)
}

func isNumber(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
