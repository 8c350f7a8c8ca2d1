package model

import "slices"

// evaluation holds what conditions and actions are worked out from.
type evaluation struct {
	src *Source
	// roles by id.
	roles map[string]*Role
	// entitled are the folded names that OneLogin's entitlement cache holds.
	entitled map[string]bool
	// member gives the test of who is in a role.
	member func(*Role) func(u int32) bool
}

// newEvaluation asks the roles' lists directly: for a single user that is quicker than any index.
func newEvaluation(src *Source) *evaluation {
	e := &evaluation{src: src, roles: make(map[string]*Role, len(src.Roles)), entitled: make(map[string]bool, len(src.Entitlements))}
	for i := range src.Roles {
		e.roles[src.Roles[i].ID] = &src.Roles[i]
	}
	for _, name := range src.Entitlements {
		e.entitled[Fold(name)] = true
	}
	e.member = func(r *Role) func(int32) bool {
		return func(u int32) bool { return slices.Contains(r.Users.IDs, src.Users[u].ID) }
	}
	return e
}

// people tells whether OneLogin provisions a user at all; of one whose details could not be read, that is open.
func (e *evaluation) people(u int32) verdict {
	switch user := &e.src.Users[u]; {
	case !user.Assigned:
		return fails
	case user.RollOnly:
		return open
	default:
		return verdictOf(user.Active)
	}
}

const wordBits = 64

// isMember tests who is in a role without a search for each user.
func (b *bookkeeper) isMember(role *Role) func(u int32) bool {
	set := b.sets[role]
	if set == nil {
		set = make([]uint64, len(b.src.Users)/wordBits+1)
		for _, u := range b.roster.of(role.Users.IDs) {
			set[u/wordBits] |= 1 << (u % wordBits)
		}
		b.sets[role] = set
	}
	return func(u int32) bool { return set[u/wordBits]&(1<<(u%wordBits)) != 0 }
}
