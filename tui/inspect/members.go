package inspect

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/tui/grid"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// roster is the long list of an inspector: a group's members, or a user's groups.
type roster struct {
	all     []rows.Membership
	matched []rows.Membership
	// nameWidth is the width of the longest name; a few absurd ones do not count.
	nameWidth int
}

func newRoster(set *rows.Set, row rows.Row) roster {
	var r roster
	if row.Relation != model.Aside {
		r.all = set.Memberships(row)
	}
	r.matched = r.all
	return r
}

func (s *Screen) membersSection(c *screen.Context, width int) section {
	name := "Members"
	if s.row.User {
		name = "Groups"
	}
	if !s.hasDetails {
		return textSection(name, []string{"  Aligning both sides."})
	}
	lines := s.rosterHead(c, width)
	const rest = 2 + 3 + 2 + 14 // margins, sign and the shortest word
	cell := max(min((width-rest)/2, s.roster.nameWidth), 1)
	for _, m := range s.roster.matched {
		lines = append(lines, s.membershipLine(c, m, cell, width))
	}
	return section{name: name, total: len(s.roster.matched), lines: lines}
}

// rosterHead says how many there are of what, or why that is not known.
func (s *Screen) rosterHead(c *screen.Context, width int) []string {
	var lines []string
	why := ""
	if v := s.set.Verdict(s.row); !s.row.User && v.Relation == model.Unsettled {
		why = "Not settled: " + v.Why
	}
	for _, line := range style.Wrap(style.Name(why), width-4) {
		lines = append(lines, "  "+c.Theme.Bad.On(line))
	}
	var n [model.Aside + 1]int
	for _, m := range s.roster.matched {
		n[m.Relation]++
	}
	sum := ""
	for _, r := range []model.Relation{model.OnlySource, model.OnlyTarget, model.Unsettled, model.Same} {
		if n[r] > 0 {
			sum = style.Join(sum, style.Number(n[r])+" "+relationWord(c, r))
		}
	}
	switch {
	case sum == "" && !s.filter.Empty():
		sum = "Nothing matches the filter. " + c.Key("close") + " clears it."
	case sum == "" && s.row.User:
		sum = "In no group on either side."
	case sum == "":
		sum = "Nobody is in it on either side."
	}
	return append(lines, "  "+c.Theme.Faint.On(style.Cut(sum, width-3)))
}

func relationWord(c *screen.Context, r model.Relation) string {
	return map[model.Relation]string{
		model.Same: "in both", model.OnlySource: "only in " + c.Source(), model.OnlyTarget: "only in " + c.Target(),
		model.Unsettled: "not settled",
	}[r]
}

// membershipLine aligns both sides, and says by sign and word how they stand and why.
func (s *Screen) membershipLine(c *screen.Context, m rows.Membership, cell, width int) string {
	source, target := grid.Names(s.set, !s.row.User, m.Source, m.Target)
	look := c.Theme.Medium
	if m.Relation == model.Same {
		look = c.Theme.Good
	}
	line := "  " + style.Fit(source, cell) + " " + look.On(rows.Sign(m.Relation)) + " " + style.Fit(target, cell) +
		"  "
	word, note := relationWord(c, m.Relation), s.membershipNote(c, m)
	switch {
	case note != "" && m.Relation == model.Same:
		word = note // the sign says enough of what agrees
	case note != "":
		word += ": " + note
	}
	return line + style.Cut(word, width-style.Width(line)-1)
}

// membershipNote says why: by which ways OneLogin gives the membership, or what is with the record on the other side.
func (s *Screen) membershipNote(c *screen.Context, m rows.Membership) string {
	compared := s.set.Comparison
	if m.Relation == model.Unsettled {
		return style.Name(m.Why)
	}
	if s.row.User {
		switch {
		case m.Source != model.None:
			return s.reasons[m.Source]
		case compared.Groups.ToSource[m.Target] == model.None && m.Relation == model.OnlyTarget:
			return "no such group in " + c.Source()
		}
		return ""
	}
	switch {
	case m.Relation == model.OnlySource && compared.Users.ToTarget[m.Source] == model.None:
		return "no such user in " + c.Target()
	case m.Source != model.None:
		return ""
	}
	u := compared.Users.ToSource[m.Target]
	switch {
	case u == model.None && m.Relation == model.OnlyTarget:
		return "no such user in " + c.Source()
	case u != model.None && (!compared.Source.Users[u].Active || !compared.Source.Users[u].Assigned):
		return explain.Standing(&compared.Source.Users[u])
	}
	return ""
}

// wayText is one way in which OneLogin puts a user in a group, in words, harmless.
func wayText(w *rules.Way) string {
	var text string
	switch {
	case w.ByDefault:
		text = "default of the Groups parameter"
	case w.Rule != nil && w.Role != nil:
		text = "rule " + style.Label(w.Rule.Name) + ", role " + style.Name(w.Role.Name)
	case w.Rule != nil:
		text = "rule " + style.Label(w.Rule.Name)
	case w.Role != nil:
		text = "role " + style.Label(w.Role.Name)
	}
	if !w.Certain {
		text += " (likely)"
	}
	return text
}

// accountsSection are the AWS account assignments that name the user or group itself, and not what a user has by
// groups. They are asked for those whom findings are about; of any other a re-read asks.
func (s *Screen) accountsSection(c *screen.Context, width int) section {
	known := s.set.Comparison.Target.Assignments
	if known == nil || s.row.Target == model.None {
		return section{}
	}
	assigned, asked := known[s.set.Subject(s.row).TargetID]
	said := model.AssignmentNames(assigned.List)
	switch {
	case !asked:
		said = []string{"Not asked for yet: " + c.Key("refresh") + " reads them."}
	case assigned.Unknown != "":
		said = append([]string{"They could not be read: " + assigned.Unknown}, said...)
	case len(assigned.List) == 0:
		said = []string{"None."}
	}
	out := textSection("AWS accounts", style.Paragraphs("  ", width, said...))
	if asked && assigned.Unknown == "" {
		out.total = len(assigned.List)
	}
	return out
}
