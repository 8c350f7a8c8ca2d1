package tui

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/paint"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// member is one user of a group, on either side or both.
type member struct {
	name     string
	relation rows.Relation
}

// members lists who is in the group on which side, those first who are on one side only.
func (s *inspectScreen) members(a *app, width int) []string {
	if why := s.set.MembersUnknown(s.row); why != "" {
		return indent("  ", a.theme.Bad.On("Members unknown: ")+paint.Name(why), width-1)
	}
	all := s.membership()
	lines := []string{"  " + a.theme.Title.On(paint.Count(len(all), "member"))}
	for _, m := range all {
		line := "    " + m.relation.Sign() + " " + paint.Cut(paint.Name(m.name), width-34)
		switch m.relation {
		case rows.OnlySource:
			line += "  only in " + paint.Name(a.opts.Source.Short)
		case rows.OnlyTarget:
			line += "  only in " + paint.Name(a.opts.Target.Short)
		case rows.Same, rows.Differs, rows.Unsettled:
		}
		lines = append(lines, line)
	}
	return lines
}

// membership merges the members of both sides by their pairs.
func (s *inspectScreen) membership() []member {
	c := s.set.Comparison
	var all []member
	both := map[int32]bool{}
	if s.row.Source != model.None {
		wanted := c.Source.Members.Of(int(s.row.Source))
		var held []int32
		if s.row.Target != model.None {
			held = c.Target.Members.Of(int(s.row.Target))
		}
		for _, u := range wanted {
			relation := rows.OnlySource
			if t := c.Users.ToTarget[u]; t != model.None {
				if _, in := slices.BinarySearch(held, t); in {
					relation, both[t] = rows.Same, true
				}
			}
			all = append(all, member{c.Source.Users[u].UserName, relation})
		}
	}
	if s.row.Target != model.None {
		for _, t := range c.Target.Members.Of(int(s.row.Target)) {
			if !both[t] {
				all = append(all, member{c.Target.Users[t].UserName, rows.OnlyTarget})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y member) int {
		if (x.relation == rows.Same) != (y.relation == rows.Same) {
			if y.relation == rows.Same {
				return -1
			}
			return 1
		}
		return cmp.Compare(model.Fold(x.name), model.Fold(y.name))
	})
	return all
}
