// Package rules works out which groups OneLogin should push and for whom: by the app's rules where they can be read and
// evaluated, else by the roles that grant the app. It gives the source side of a comparison.
package rules

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// GroupsConfig says which groups a connection is about.
type GroupsConfig struct {
	// From is "auto", "rules" or "roles"; anything else is taken for roles.
	From string `json:"from"`
	// Roles selects the roles that become groups, where these decide; nil selects every granting role.
	Roles *regexp.Regexp `json:"roles"`
	// Name is an expansion of the match, such as "$1"; empty takes the role's name.
	Name string `json:"name"`
	// Ignore are globs, compared folded: groups on either side that are none of our business.
	Ignore []string `json:"ignore"`
}

// Ignores reports whether a group of that name is none of our business.
func (c GroupsConfig) Ignores(name string) bool {
	// A space that nobody sees takes no group out of what somebody meant to be left alone, so any kind is trimmed here.
	folded := model.Fold(strings.TrimSpace(name))
	for _, glob := range c.Ignore {
		if ok, err := path.Match(strings.ReplaceAll(model.Fold(glob), "/", "\x00"),
			strings.ReplaceAll(folded, "/", "\x00")); err == nil && ok {
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

// Origin says what the expected groups were worked out from.
type Origin uint8

// The origins.
const (
	// FromNothing: the rules alone were to decide and could not be read, so that nothing is known of any group.
	FromNothing Origin = iota
	// FromRoles: the configuration says so.
	FromRoles
	// FromRules: the app's rules were read.
	FromRules
	// FromRolesInstead: the rules could not be read, and the roles stand in for them. What follows is likely at most.
	FromRolesInstead
)

// Expect works out which groups the source should provision, and with whom, and gives the source with its Groups,
// Members and Origin set. Users, App, Roles, Rules, Entitlements and their coverage must be set before.
//
// By roles, every granting role that matches yields the group of its name with its active assigned users. By rules, the
// set_groups actions do, over the users who meet the conditions. A group without any such user is allowed, as is every
// name in a rule, enabled or not.
func Expect(src Source, cfg GroupsConfig) Source {
	return expectGroups(src, cfg, (&model.Roster{}).SetUsers(src.Users))
}

func expectGroups(src Source, cfg GroupsConfig, roster *model.Roster) Source {
	book, drafts := readRules(&src, cfg, roster)
	src.Origin = originOf(&src, cfg, &book)
	switch src.Origin {
	case FromRules:
		groupsFromRules(&src, &book, drafts)
	case FromNothing:
		src.Groups, src.Members = nil, model.Lists{}
	case FromRoles, FromRolesInstead:
		groupsFromRoles(&src, cfg, roster)
	}
	book.yieldedCount = len(src.Groups)
	src.Book = &book
	return src
}

// originOf decides whether rules or roles say which groups are expected. Rules of which only a part was read, none of
// them about groups, are as good as unread: one cut answer must not leave the tenant without groups.
func originOf(src *Source, cfg GroupsConfig, book *rulebook) Origin {
	if cfg.From != "auto" && cfg.From != "rules" {
		return FromRoles
	}
	coverage := src.Coverage[model.PartRules]
	readable := coverage.Complete() || coverage.State == model.Partial && book.hasEnabledRule()
	switch {
	case readable:
		return FromRules
	case cfg.From == "rules":
		return FromNothing
	default:
		return FromRolesInstead
	}
}

func expectationOf(somebody, blind bool) model.Expectation {
	switch {
	case somebody:
		return model.Expected
	case blind:
		return model.Undecided
	default:
		return model.Allowed
	}
}

// Digest tells whether two configurations of groups are the same, whatever the order of what they ignore.
func (c GroupsConfig) Digest() string {
	ignored := model.Map(c.Ignore, func(glob *string) string { return model.Fold(*glob) })
	slices.Sort(ignored)
	roles := "all"
	if c.Roles != nil {
		roles = "those that match " + c.Roles.String()
	}
	return model.Fingerprint(append([]string{c.From, roles, c.Name}, slices.Compact(ignored)...)...)
}
