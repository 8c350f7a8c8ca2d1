package rules

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// ByDefault stands for the Groups parameter's default values where a rule's index is expected.
const ByDefault int32 = -1

// rulebook is what the app's rules come to, for the comparison.
type rulebook struct {
	Rules []judgedRule
	// Names are what all rules name, those too that set no groups as far as is understood.
	Names ruleNames
	// yieldedCount counts the source's groups that something yields or sets; those after it are only named.
	yieldedCount int
	// PossibleYields are what rules may give that cannot be worked out.
	PossibleYields possibleYields
	Overlaps       []Overlap
	// hasParameterValues: the Groups parameter has values of its own.
	hasParameterValues bool
	// Ways holds, for each source group, the enabled rules that can yield it, or byDefault.
	Ways [][]int32
}

// judgedRule is a rule that sets groups, in the order in which OneLogin runs them.
type judgedRule struct {
	*model.Rule

	// Problems are why it cannot be evaluated as a whole.
	Problems []model.Evidence
	// unconfirmed: its shape is our best reading, and the target must bear it out before it is relied on.
	Unconfirmed bool
	// Yields are the folded names of the groups that somebody gets through it.
	Yields []string
}

// Overlap is a group that a rule gives to users who have it in another way already.
type Overlap struct {
	Group       string
	Rule, Other int32
	// Users and others count whom each reaches, both those whom both do.
	Users, Others, Both int
}

// ruleDraft is a group in the making: everything that can yield it.
type ruleDraft struct {
	name string
	// nameRole is the role after which it is called, the one with the lowest id.
	nameRole *model.Role
	// roles are those whose names an enabled rule turns into this group.
	roles []*model.Role
	ways  []yieldWay
}

// yieldWay is how a rule, or the parameter's default, yields a group.
type yieldWay struct {
	audience

	rule int32
}

// audience is whom something reaches.
type audience struct {
	// users are reached for certain; ascending.
	users []int32
	// whyOpen is why others may be too; empty if they are not. They are those in open; nil is anybody.
	whyOpen string
	open    []int32
}

// reach takes in one user, whom it reaches for certain, may reach, for which there is a reason, or does not. Users come
// in their order; one may come twice in a row, because a field can hold a value twice.
func (a *audience) reach(user int32, v verdict, whyOpen string) {
	switch v {
	case Holds:
		if n := len(a.users); n == 0 || a.users[n-1] != user {
			a.users = append(a.users, user)
		}
	case undecided:
		a.open, a.whyOpen = append(a.open, user), whyOpen
	case Fails:
	}
}

// add takes in whom another rule, role or action reaches. Lists are clipped, because groups share them.
func (a *audience) add(more audience) {
	if len(a.users) == 0 {
		a.users = more.users
	} else if len(more.users) > 0 {
		a.users = model.Ascending(append(slices.Clip(a.users), more.users...))
	}
	switch {
	case more.whyOpen == "":
	case a.whyOpen == "":
		a.whyOpen, a.open = more.whyOpen, more.open
	case a.open == nil || more.open == nil:
		a.open = nil
	default:
		a.open = model.Ascending(append(slices.Clip(a.open), more.open...))
	}
}

type bookkeeper struct {
	*evaluation

	roster *model.Roster
	// memberSets are who is in a role, by a bit for each user.
	memberSets map[*model.Role][]uint64
	cfg        GroupsConfig
	rolesByID  []*model.Role
	// allUsers are the indices of all users.
	allUsers []int32

	book   rulebook
	drafts map[string]*ruleDraft
}

// readRules works out what the rules yield. Nothing here depends on the order in which OneLogin lists roles, users or
// rules; nor does the outcome depend on the position of a rule, because groups of several rules add up.
func readRules(src *Source, cfg GroupsConfig, r *model.Roster) (rulebook, map[string]*ruleDraft) {
	b := &bookkeeper{
		evaluation: NewEvaluation(src), roster: r, memberSets: map[*model.Role][]uint64{}, cfg: cfg,
		rolesByID: sortRolesByID(src.Roles), drafts: map[string]*ruleDraft{},
	}
	b.MemberTest = b.isMember
	b.allUsers = make([]int32, len(src.Users))
	for i := range b.allUsers {
		b.allUsers[i] = int32(i)
	}
	b.readParameter()
	ordered := model.InOrder(src.Rules)
	b.indexNames(ordered)
	for _, rule := range ordered {
		if rule.SetsGroups() {
			b.readRule(rule)
		}
	}
	b.findYields()
	return b.book, b.drafts
}

// findOrAddDraft finds or begins the group of a name; nil for names that are none of our business.
func (b *bookkeeper) findOrAddDraft(name string, role *model.Role) *ruleDraft {
	folded := model.Fold(name)
	if folded == "" || b.cfg.Ignores(name) {
		return nil
	}
	d := b.drafts[folded]
	if d == nil {
		d = &ruleDraft{name: name}
		b.drafts[folded] = d
	}
	if role != nil && (d.nameRole == nil || model.CompareIDs(role.ID, d.nameRole.ID) < 0) {
		d.name, d.nameRole = name, role
	}
	return d
}

// addYield notes that a rule yields the group to some users; a disabled rule only names it.
func (b *bookkeeper) addYield(rule *judgedRule, name string, role *model.Role, reached audience) {
	d := b.findOrAddDraft(name, role)
	if d == nil || !rule.Enabled {
		return
	}
	if role != nil && !slices.Contains(d.roles, role) {
		d.roles = append(d.roles, role)
	}
	d.addWay(int32(len(b.book.Rules)), reached)
}

func (d *ruleDraft) addWay(rule int32, reached audience) {
	if n := len(d.ways); n > 0 && d.ways[n-1].rule == rule {
		d.ways[n-1].add(reached)
		return
	}
	d.ways = append(d.ways, yieldWay{reached, rule})
}

// readParameter takes the Groups parameter's own values in.
func (b *bookkeeper) readParameter() {
	given := b.src.App.GroupsParameter()
	if len(given.Defaults) == 0 && len(given.Values) == 0 {
		return
	}
	b.book.hasParameterValues = true
	everybody := b.audienceOf(b.allUsers, func(int32) verdict { return Holds })
	yields := func(names []string, reached audience) {
		for _, name := range names {
			if d := b.findOrAddDraft(name, nil); d != nil {
				d.addWay(ByDefault, reached)
			}
		}
	}
	for _, text := range given.Defaults {
		if all, several := b.DefaultNames(text); several {
			yields(all, audience{whyOpen: severalNames})
		} else {
			yields(all, everybody)
		}
	}
	yields(given.Values, audience{
		whyOpen: "the app's Groups parameter names it, and whom that reaches is not documented",
	})
}

// audienceOf gives those of some users whom a test is certain of, and who may be meant too.
func (b *bookkeeper) audienceOf(users []int32, t userTest) (a audience) {
	a.users = make([]int32, 0, len(users))
	for _, u := range users {
		v := b.Provisions(u)
		if v != Fails {
			v = min(v, t(u))
		}
		a.reach(u, v, "whether some users get it cannot be told: not all that its rules ask for could be read or is "+
			"documented")
	}
	a.users = slices.Clip(a.users)
	return a
}

// findYields notes which rules yield what, and groups that reach a user twice; the later rule could go.
func (b *bookkeeper) findYields() {
	for folded, d := range b.drafts {
		for i, later := range d.ways {
			if later.rule != ByDefault && len(later.users) > 0 {
				r := &b.book.Rules[later.rule]
				r.Yields = append(r.Yields, folded)
			}
			for _, earlier := range d.ways[:i] {
				if both := countCommon(earlier.users, later.users); both > 0 {
					b.book.Overlaps = append(b.book.Overlaps, Overlap{
						d.name, later.rule, earlier.rule, len(later.users), len(earlier.users), both,
					})
				}
			}
		}
	}
}

func countCommon(a, b []int32) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}
