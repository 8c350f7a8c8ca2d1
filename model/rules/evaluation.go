package rules

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// evaluation holds what conditions and actions are worked out from.
type evaluation struct {
	src *Source
	// Roles by id.
	Roles map[string]*model.Role
	// entitled are the folded names that OneLogin's entitlement cache holds.
	entitled map[string]bool
	// MemberTest gives the test of who is in a role.
	MemberTest func(*model.Role) func(u int32) bool
}

// NewEvaluation asks the roles' lists directly: for a single user that is quicker than any index.
func NewEvaluation(src *Source) *evaluation {
	e := &evaluation{
		src: src, Roles: model.By(src.Roles, func(r *model.Role) string { return r.ID }),
		entitled: model.SetOf(src.Entitlements, func(name *string) string { return model.Fold(*name) }),
	}
	e.MemberTest = func(r *model.Role) func(int32) bool {
		return func(u int32) bool { return slices.Contains(r.Users.IDs, src.Users[u].ID) }
	}
	return e
}

// Provisions tells whether OneLogin provisions a user at all; of one whose details could not be read, that is open.
func (e *evaluation) Provisions(u int32) verdict {
	switch user := &e.src.Users[u]; {
	case !user.Assigned:
		return Fails
	case user.RollOnly:
		return undecided
	default:
		return verdictOf(user.Active)
	}
}

const wordBits = 64

// isMember tests who is in a role without a search for each user.
func (b *bookkeeper) isMember(role *model.Role) func(u int32) bool {
	set := b.memberSets[role]
	if set == nil {
		set = make([]uint64, len(b.src.Users)/wordBits+1)
		for _, u := range b.roster.Of(role.Users.IDs) {
			set[u/wordBits] |= 1 << (u % wordBits)
		}
		b.memberSets[role] = set
	}
	return func(u int32) bool { return set[u/wordBits]&(1<<(u%wordBits)) != 0 }
}
