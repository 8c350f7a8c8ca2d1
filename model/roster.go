package model

import "slices"

// Rosters are what is worked out for every comparison of a connection alike: which users the ids in memberships mean. Handed on
// from one comparison to the next, they leave only that to be worked out anew which has changed. The zero value knows nothing.
type Rosters struct{ source, target roster }

// roster turns ids into indices of users, each list's once.
type roster struct {
	ids   []string
	index map[string]int32
	// lists holds what was worked out, by the first element of a list, which is not changed once it was read.
	lists map[*string]resolved
}

type resolved struct {
	ids []string
	// users are ascending, each once; strangers: some ids are those of no user.
	users     []int32
	strangers bool
}

// over makes it one of these users. What it knows stays where they are the same by their ids, in the same order; those who came
// at the end leave all that stays of lists without strangers.
func (r *roster) over(users []User) *roster {
	n := len(r.ids)
	same := r.index != nil && n <= len(users)
	for i := 0; same && i < len(users); i++ {
		if i < n {
			same = r.ids[i] == users[i].ID
		} else {
			_, twice := r.index[users[i].ID]
			same = !twice
		}
	}
	if !same {
		n = 0
		*r = roster{ids: make([]string, 0, len(users)), index: make(map[string]int32, len(users)), lists: map[*string]resolved{}}
	}
	for i := n; i < len(users); i++ {
		r.ids = append(r.ids, users[i].ID)
		r.index[users[i].ID] = int32(i)
	}
	if n < len(users) {
		for first, known := range r.lists {
			if known.strangers {
				delete(r.lists, first)
			}
		}
	}
	return r
}

// of gives the users of a list, ascending and each once. The caller must not change it.
func (r *roster) of(ids []string) []int32 { return r.resolve(ids).users }

func (r *roster) resolve(ids []string) resolved {
	if len(ids) == 0 {
		return resolved{}
	}
	if known, ok := r.lists[&ids[0]]; ok && len(known.ids) == len(ids) {
		return known
	}
	now := resolved{ids: ids, users: make([]int32, 0, len(ids))}
	for _, id := range ids {
		if u, ok := r.index[id]; ok {
			now.users = append(now.users, u)
		} else {
			now.strangers = true
		}
	}
	slices.Sort(now.users)
	now.users = slices.Compact(now.users)
	r.lists[&ids[0]] = now
	return now
}
