package plan

import (
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

// Index finds the records of one side. What it needs for that is made when it is first asked.
type Index struct{ users, groups, named func() map[string]int32 }

// NewIndex makes the index of a side.
func NewIndex(d *model.Directory) Index {
	return Index{
		users:  by(d.Users, func(u *model.User) string { return u.ID }),
		groups: by(d.Groups, func(g *model.Group) string { return g.ID }),
		named:  by(d.Groups, (*model.Group).Folded),
	}
}

// by finds records by a key, the first of those that share one.
func by[T any](records []T, key func(*T) string) func() map[string]int32 {
	return sync.OnceValue(func() map[string]int32 {
		at := make(map[string]int32, len(records))
		for i := range records {
			if k := key(&records[i]); k != "" {
				if _, twice := at[k]; !twice {
					at[k] = int32(i)
				}
			}
		}
		return at
	})
}

// User is the place of the user of an id.
func (x Index) User(id string) (at int32, ok bool) {
	at, ok = x.users()[id]
	return at, ok
}

// Group is the place of the group of an id.
func (x Index) Group(id string) (at int32, ok bool) {
	at, ok = x.groups()[id]
	return at, ok
}

// Named is the place of the group of a name, folded.
func (x Index) Named(name string) (at int32, ok bool) {
	at, ok = x.named()[model.Fold(name)]
	return at, ok
}
