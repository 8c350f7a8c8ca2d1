package plan

import (
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

// Index finds the place of a user or group of one side by its id, or of a group by its name. Made when first asked.
type Index struct {
	User, Group, Named func(of string) (at int32, ok bool)
}

// NewIndex makes the index of a side.
func NewIndex(d *model.Directory) Index {
	folded := indexBy(d.Groups, (*model.Group).Folded)
	return Index{
		User:  indexBy(d.Users, func(u *model.User) string { return u.ID }),
		Group: indexBy(d.Groups, func(g *model.Group) string { return g.ID }),
		Named: func(name string) (int32, bool) { return folded(model.Fold(name)) },
	}
}

// indexBy finds records by a key, the first of those that share one.
func indexBy[T any](records []T, key func(*T) string) func(string) (int32, bool) {
	index := sync.OnceValue(func() map[string]int32 {
		at := make(map[string]int32, len(records))
		for i := range records {
			k := key(&records[i])
			if _, twice := at[k]; k != "" && !twice {
				at[k] = int32(i)
			}
		}
		return at
	})
	return func(k string) (int32, bool) {
		at, ok := index()[k]
		return at, ok
	}
}
