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

// roster turns the ids in roles into indices of users, each role's once.
type roster struct {
	index map[string]int32
	lists map[*Role][]int32
	sets  map[*Role][]uint64
}

func newRoster(users []User) *roster {
	r := &roster{index: make(map[string]int32, len(users)), lists: map[*Role][]int32{}, sets: map[*Role][]uint64{}}
	for i := range users {
		r.index[users[i].ID] = int32(i)
	}
	return r
}

// of gives the users of a role that the app lists, ascending. The caller must not change it.
func (r *roster) of(role *Role) []int32 {
	list, done := r.lists[role]
	if done {
		return list
	}
	list = make([]int32, 0, len(role.Users.IDs))
	for _, id := range role.Users.IDs {
		if u, ok := r.index[id]; ok {
			list = append(list, u)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	r.lists[role] = list
	return list
}

const wordBits = 64

// member tests who is in a role without a search for each user.
func (r *roster) member(role *Role) func(u int32) bool {
	set := r.sets[role]
	if set == nil {
		set = make([]uint64, len(r.index)/wordBits+1)
		for _, u := range r.of(role) {
			set[u/wordBits] |= 1 << (u % wordBits)
		}
		r.sets[role] = set
	}
	return func(u int32) bool { return set[u/wordBits]&(1<<(u%wordBits)) != 0 }
}
