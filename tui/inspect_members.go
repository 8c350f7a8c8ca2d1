package tui

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// roster is the long list of an inspector: a group's members, or a user's groups. Only the lines in the window are
// drawn.
type roster struct {
	row     rows.Row
	all     []rows.Membership
	matched []rows.Membership
	// names is the width of the longest name; a few absurd ones do not count.
	names int
}

func newRoster(set *rows.Set, row rows.Row) roster {
	r := roster{row: row}
	switch {
	case row.Relation == model.Aside:
	case row.User:
		r.all = set.GroupsOfUser(row)
	default:
		r.all = set.MembersOf(row)
	}
	r.matched = r.all
	return r
}

// members is the section of the roster, with a line that sums it up.
func (s *inspectScreen) members(a *app, width int) section {
	name := "Members"
	if s.row.User {
		name = "Groups"
	}
	if !s.known {
		return text(name, []string{"  Aligning both sides."})
	}
	head := s.rosterHead(a, width)
	const rest = 2 + 3 + 2 + 14 // margins, sign and the shortest word
	cell := max(min((width-rest)/2, s.roster.names), 1)
	return section{
		name: name, total: len(s.roster.matched), lines: len(head) + len(s.roster.matched),
		line: func(i int) string {
			if i < len(head) {
				return head[i]
			}
			return s.membershipLine(a, s.roster.matched[i-len(head)], cell, width)
		},
	}
}

// rosterHead says how many there are of what, or why that is not known.
func (s *inspectScreen) rosterHead(a *app, width int) []string {
	var lines []string
	why := ""
	if v := s.set.Verdict(s.row); !s.row.User && v.Relation == model.Unsettled {
		why = "Not settled: " + v.Why
	}
	for _, line := range style.Wrap(style.Name(why), width-4) {
		lines = append(lines, "  "+a.theme.Bad.On(line))
	}
	var n [model.Aside + 1]int
	for _, m := range s.roster.matched {
		n[m.Relation]++
	}
	sum := ""
	for _, r := range []model.Relation{model.OnlySource, model.OnlyTarget, model.Unsettled, model.Same} {
		if n[r] > 0 {
			sum = join(sum, style.Number(n[r])+" "+a.relationWord(r))
		}
	}
	switch {
	case sum == "" && !s.filter.Empty():
		sum = "Nothing matches the filter. esc clears it."
	case sum == "" && s.row.User:
		sum = "In no group on either side."
	case sum == "":
		sum = "Nobody is in it on either side."
	}
	return append(lines, "  "+a.theme.Faint.On(style.Cut(sum, width-3)))
}

func (a *app) relationWord(r model.Relation) string {
	switch r {
	case model.Same:
		return "in both"
	case model.OnlySource:
		return "only in " + style.Name(a.opts.Source.Short)
	case model.OnlyTarget:
		return "only in " + style.Name(a.opts.Target.Short)
	case model.Unsettled:
		return "not settled"
	case model.Differs, model.Aside:
	}
	return ""
}

// membershipLine aligns both sides, and says by sign and word how they stand and why.
func (s *inspectScreen) membershipLine(a *app, m rows.Membership, cell, width int) string {
	source, target := s.memberNames(m)
	look := a.theme.Medium
	if m.Relation == model.Same {
		look = a.theme.Good
	}
	line := "  " + style.Fit(source, cell) + " " + look.On(rows.Sign(m.Relation)) + " " + style.Fit(target, cell) +
		"  "
	word, note := a.relationWord(m.Relation), s.membershipNote(a, m)
	switch {
	case note != "" && m.Relation == model.Same:
		word = note // the sign says enough of what agrees
	case note != "":
		word += ": " + note
	}
	return line + style.Cut(word, width-style.Width(line)-1)
}

func (d *dossier) memberNames(m rows.Membership) (source, target string) {
	c := d.set.Comparison
	of := func(at int32, users []model.User, groups []model.Group) string {
		if d.row.User {
			return groups[at].Called()
		}
		return users[at].Called()
	}
	switch {
	case m.Source == model.None:
		return absent, label(of(m.Target, c.Target.Users, c.Target.Groups))
	case m.Target == model.None:
		return label(of(m.Source, c.Source.Users, c.Source.Groups)), absent
	}
	return labels(of(m.Source, c.Source.Users, c.Source.Groups), of(m.Target, c.Target.Users, c.Target.Groups))
}

// membershipNote says why: by which ways OneLogin gives the membership, or what is with the record on the other side.
func (s *inspectScreen) membershipNote(a *app, m rows.Membership) string {
	c := s.set.Comparison
	if m.Relation == model.Unsettled {
		return style.Name(m.Why)
	}
	if s.row.User {
		switch {
		case m.Source != model.None:
			return s.reasons[m.Source]
		case c.Groups.ToSource[m.Target] == model.None && m.Relation == model.OnlyTarget:
			return "no such group in " + style.Name(a.opts.Source.Short)
		}
		return ""
	}
	switch {
	case m.Relation == model.OnlySource && c.Users.ToTarget[m.Source] == model.None:
		return "no such user in " + style.Name(a.opts.Target.Short)
	case m.Source != model.None:
		return ""
	}
	u := c.Users.ToSource[m.Target]
	switch {
	case u == model.None && m.Relation == model.OnlyTarget:
		return "no such user in " + style.Name(a.opts.Source.Short)
	case u != model.None && (!c.Source.Users[u].Active || !c.Source.Users[u].Assigned):
		return explain.Standing(&c.Source.Users[u])
	}
	return ""
}
