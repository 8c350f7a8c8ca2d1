package rules

import (
	"cmp"
	"maps"
	"regexp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

func (b *bookkeeper) readRule(rule *model.Rule) {
	applies, problems := b.allConditionsTest(rule)
	j := judgedRule{Rule: rule, Problems: problems}
	for _, c := range rule.Conditions {
		j.Unconfirmed = j.Unconfirmed || c.Odd
	}
	if rule.Odd != "" {
		b.addPossibleYield(rule, nil)
	}
	everyone := b.wholeAudience(rule, applies)
	for i := range rule.Actions {
		if rule.Actions[i].Name != model.SetGroups {
			continue
		}
		y, trouble := b.actionYield(&rule.Actions[i])
		j.Problems = append(j.Problems, trouble...)
		j.Unconfirmed = j.Unconfirmed || y.unconfirmed
		if y.anyName {
			b.addPossibleYield(rule, nil)
		}
		for _, name := range y.names {
			b.addYield(&j, name, nil, everyone())
		}
		for _, name := range y.possibleNames {
			b.addYield(&j, name, nil, audience{whyOpen: severalNames})
		}
		for _, field := range y.fields {
			if model.IsRoleField(field) {
				b.yieldFromRoles(&j, &y, applies)
			} else {
				b.yieldFromValues(&j, &y, model.Fold(field), applies)
			}
		}
	}
	b.book.Rules = append(b.book.Rules, j)
}

func (b *bookkeeper) addPossibleYield(rule *model.Rule, y *yield) {
	d := possibleYield{rule: rule, anyName: true}
	if y != nil && y.namePattern() != nil {
		d = possibleYield{rule: rule, patterns: []*regexp.Regexp{y.namePattern()}}
	}
	b.book.PossibleYields.list = append(b.book.PossibleYields.list, d)
}

// wholeAudience gives everybody for whom a rule holds, worked out once when it is first asked for. A rule for the
// holders of one role looks at these only: tenants have a rule for each of hundreds of groups.
func (b *bookkeeper) wholeAudience(rule *model.Rule, applies userTest) func() audience {
	var a audience
	done := !rule.Enabled // which gives nothing to anybody
	return func() audience {
		if done {
			return a
		}
		done = true
		candidates := b.allUsers
		if holders := b.requiredRoleUsers(rule); holders != nil {
			candidates = holders
		}
		a = b.audienceOf(candidates, applies)
		return a
	}
}

// requiredRoleUsers gives the users of a role without whom a rule cannot hold; nil if none is, or they were not all
// read.
func (b *bookkeeper) requiredRoleUsers(rule *model.Rule) []int32 {
	if rule.Odd != "" || rule.Match == "any" && len(rule.Conditions) > 1 || rule.Match != "all" &&
		len(rule.Conditions) != 1 {
		return nil
	}
	for _, c := range rule.Conditions {
		if model.Fold(c.Source) != model.HasRole || c.Operator != "ri" || len(c.Values) != 1 {
			continue
		}
		if role := b.Roles[c.Values[0]]; role != nil && role.Users.Unknown == "" {
			return b.roster.Of(role.Users.IDs)
		}
	}
	return nil
}

// yieldFromRoles goes through the names of all roles. A role yields its group to those of its users for whom the rule
// holds, whether or not the role grants the app: the rule asks for names only.
func (b *bookkeeper) yieldFromRoles(j *judgedRule, y *yield, applies userTest) {
	for _, role := range b.rolesByID {
		name, fits := y.groupName(role.Name)
		if fits == Fails {
			continue
		}
		if !j.Enabled {
			b.addYield(j, name, role, audience{})
			continue
		}
		a := b.audienceOf(b.roster.Of(role.Users.IDs),
			func(u int32) verdict { return min(fits, applies(u)) })
		if role.Users.Unknown != "" {
			a.whyOpen, a.open = "the users of its role were not all read: "+role.Users.Unknown, nil
			if problem := role.Unread("the users of a role that it goes through were not all read"); problem != nil {
				j.Problems = append(j.Problems, *problem)
			}
		}
		b.addYield(j, name, role, a)
	}
}

// yieldFromValues goes through the values of a user field. Values of users who are not active name their groups all the
// same.
func (b *bookkeeper) yieldFromValues(j *judgedRule, y *yield, field string, applies userTest) {
	v := valueReader{yield: y, names: map[string]valueName{}, groups: map[string]*audience{}}
	blind, blank := !b.src.Coverage[model.PartUsers].Complete(), len(b.src.Users) > 0
	for i := range b.src.Users {
		u := int32(i)
		who := b.Provisions(u)
		if who != Fails && j.Enabled {
			who = min(who, applies(u))
		}
		values, read := b.src.Users[i].Attributes.Of(field)
		blind, blank = blind || !read && who != Fails, blank && len(values) == 0
		for _, value := range values {
			v.addValue(u, value, who)
		}
	}
	if blind || blank {
		b.addPossibleYield(j.Rule, y)
	}
	if problem := b.fieldUnread(field); problem != nil {
		j.Problems = append(j.Problems, *problem)
	} else if blank && !blind {
		// Nobody writes a rule for what nobody has: OneLogin may mean something else, such as the names of roles.
		j.Problems = append(j.Problems, model.Evidence{What: "it goes through a field that no user has", Text: field})
	}
	for _, name := range slices.SortedFunc(maps.Keys(v.groups), func(x, y string) int { // as most write it
		return cmp.Or(len(v.groups[y].users)-len(v.groups[x].users), cmp.Compare(x, y))
	}) {
		b.addYield(j, name, nil, *v.groups[name])
	}
}

type valueReader struct {
	yield *yield
	// names are the groups by value: fields repeat their values.
	names  map[string]valueName
	groups map[string]*audience
}

// valueName is the group that a value names, or may name.
type valueName struct {
	group string
	fits  verdict
}

// addValue takes in one value of a user, for whom the rule holds, does not, or may.
func (v *valueReader) addValue(u int32, value string, who verdict) {
	all, several := splitNames(value, valueSeparators)
	for _, part := range all {
		named, known := v.names[part]
		if !known {
			named.group, named.fits = v.yield.groupName(part)
			v.names[part] = named
		}
		if named.fits == Fails {
			continue
		}
		n := v.groups[named.group]
		if n == nil {
			n = &audience{}
			v.groups[named.group] = n
		}
		has := min(who, named.fits)
		if several {
			has = min(has, undecided)
		}
		n.reach(u, has, "whether some users get it cannot be told: their values hold several, or not all that the "+
			"rule asks for could be read or is documented")
	}
}
