package rows

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
)

// Events are lines of OneLogin's log, the newest first, with the text that a filter searches.
type Events struct {
	All []model.Event
	// Keys are folded, one for each event.
	Keys []string
}

// NewEvents puts events in order, each once. It takes time in proportion to them, so it belongs outside the event loop.
func NewEvents(all []model.Event) Events {
	newest := func(a, b model.Event) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID, a.ID)) }
	if !slices.IsSortedFunc(all, newest) {
		all = slices.Clone(all)
		slices.SortStableFunc(all, newest)
	}
	var b strings.Builder
	ends := make([]int, len(all))
	for i := range all {
		e := &all[i]
		for _, v := range []string{e.TypeName(), e.UserName, e.RoleName, e.UserID, e.RoleID, e.Text} {
			filter.Value(&b, v)
		}
		filter.Actor(&b, e.Actor)
		ends[i] = b.Len()
	}
	return Events{All: all, Keys: split(b.String(), ends)}
}
