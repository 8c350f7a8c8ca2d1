package inspect

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/grid"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// rowDetails is all that an inspector shows of one row.
type rowDetails struct {
	set *rows.Set
	row rows.Row
	// roster and timeline are its long lists; reasons are the ways into a user's groups, by source group.
	roster   roster
	timeline timeline
	reasons  map[int32]string
}

// loadDetails puts the details together aside: aligning thousands of members, searching a long log and evaluating the
// rules for hundreds of groups each take longer than a frame.
func (s *Screen) loadDetails(row rows.Row) tea.Cmd {
	set := s.newest
	return func() tea.Msg {
		d := rowDetails{
			set: set, row: row, roster: newRoster(set, row), timeline: newTimeline(set, row),
			reasons: map[int32]string{},
		}
		d.measureNames()
		if row.User && row.Source != model.None {
			for _, m := range d.roster.all {
				if m.Source != model.None {
					ways := set.Comparison.WaysToGroup(m.Source, row.Source)
					d.reasons[m.Source] = strings.Join(model.Map(ways, wayText), "; ")
				}
			}
		}
		return screen.Handled(func() {
			if set == s.newest { // else one of a newer comparison was asked for meanwhile
				s.rowDetails, s.hasDetails = d, true
				s.Stale()
				s.applyFilter()
			}
		})
	}
}

func (d *rowDetails) measureNames() {
	const least, most = 12, 44
	d.roster.nameWidth = least
	for _, m := range d.roster.all {
		source, target := grid.Names(d.set, !d.row.User, m.Source, m.Target)
		d.roster.nameWidth = min(max(d.roster.nameWidth, style.Width(source), style.Width(target)), most)
	}
}

// newTimeline is what the log says of a row, oldest first.
func newTimeline(set *rows.Set, row rows.Row) timeline {
	newest := rows.NewEvents(set.Comparison.Timeline(set.Subject(row)))
	t := timeline{events: slices.Clone(newest.All), keys: newest.Keys}
	slices.Reverse(t.events)
	slices.Reverse(t.keys)
	return t
}
