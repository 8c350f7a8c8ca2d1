package model

import "sync"

// Rosters are which users the ids in memberships mean, the same for every comparison of a connection: handed on, they
// leave only changes to be worked out anew. The zero value knows nothing.
type Rosters struct {
	sync.Mutex // held by whoever uses them

	Source, Target Roster
}

// Roster turns ids into indices of users, each list's once.
type Roster struct {
	users []User
	Index map[string]int32
	// lists holds what was worked out, by the first element of a list, which is not changed once it was read.
	lists map[*string]resolvedList
}

type resolvedList struct {
	ids []string
	// Users are ascending, each once; strangers: some ids are those of no user.
	Users     []int32
	Strangers bool
}

// SetUsers makes it one of these users. What it knows stays where they are the same by their ids, in the same order;
// those who came at the end leave all that stays of lists without strangers.
func (r *Roster) SetUsers(users []User) *Roster {
	n := len(r.users)
	same := r.Index != nil && n <= len(users)
	for i := 0; same && i < len(users); i++ {
		if i < n {
			same = r.users[i].ID == users[i].ID
		} else {
			_, twice := r.Index[users[i].ID]
			same = !twice
		}
	}
	if !same {
		n = 0
		*r = Roster{Index: make(map[string]int32, len(users)), lists: map[*string]resolvedList{}}
	}
	r.users = users
	for i := n; i < len(users); i++ {
		r.Index[users[i].ID] = int32(i)
	}
	if n < len(users) {
		for first, known := range r.lists {
			if known.Strangers {
				delete(r.lists, first)
			}
		}
	}
	return r
}

// Remember takes in whom a list means: users, as indices, for each of its ids that is one's.
func (r *Roster) Remember(ids []string, users []int32) {
	if len(ids) > 0 {
		r.lists[&ids[0]] = resolvedList{ids: ids, Strangers: len(users) < len(ids), Users: Ascending(users)}
	}
}

// Of gives the users of a list, ascending and each once. The caller must not change it.
func (r *Roster) Of(ids []string) []int32 { return r.Resolve(ids).Users }

// Resolve gives the users of a list, and whether it holds ids of nobody.
func (r *Roster) Resolve(ids []string) resolvedList {
	if len(ids) == 0 {
		return resolvedList{}
	}
	if known, ok := r.lists[&ids[0]]; ok && len(known.ids) == len(ids) {
		return known
	}
	users := make([]int32, 0, len(ids))
	for _, id := range ids {
		if u, ok := r.Index[id]; ok {
			users = append(users, u)
		}
	}
	r.Remember(ids, users)
	return r.lists[&ids[0]]
}
