package grid

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// MatchBasis is what a pair was matched by.
func MatchBasis(set *rows.Set, r rows.Row) string {
	c := set.Comparison
	switch {
	case r.Source == model.None || r.Target == model.None:
		return ""
	case r.User:
		return c.Users.Basis[r.Source].String()
	default:
		return c.Groups.Basis[r.Source].String()
	}
}

// sideBySide lays the values of both records beside each other, those that differ first and marked. A value that both
// have stands once, across.
func (g *Grid) sideBySide(r rows.Row, f *model.Finding, width int) []string {
	if r.Relation == model.Aside {
		return nil
	}
	const name = 12
	room := max(width-name-5, 2)
	left := room / 2
	switch { // a side without the record needs room for its name alone
	case r.Source == model.None:
		left = min(style.Width(g.Source())+1, left)
	case r.Target == model.None:
		left = max(room-style.Width(g.Target())-1, left)
	}
	right := room - left
	titled := func(title string) string { // blanks without a style cost a slow line next to nothing
		title = style.Cut(strings.TrimPrefix(title, "name."), name-1) // as in familyName, which says it all
		return g.Theme.Faint.On(title) + style.Spaces(name-style.Width(title))
	}
	row := func(look style.Style, sign, title, source, target string) string {
		return " " + look.On(sign) + " " + titled(title) + style.Fit(source, left) + " " + style.Cut(target, right)
	}
	head := func(side model.Side, room int) string {
		return g.Theme.Title.On(style.Cut(style.Name(g.Sides[side].Short), room))
	}
	sign := ""
	if !g.Plain { // who has it read to them has heard it
		sign = " " + g.signText(r)
	}
	lines := []string{style.Fit(sign, name+3) + style.Fit(head(model.SourceSide, left), left) + " " +
		head(model.TargetSide, right)}
	var same []string
	for _, v := range g.previewValues(r, f) {
		source, target := v.Distinct()
		both := r.Source != model.None && r.Target != model.None
		switch {
		case both && v.Differs():
			lines = append(lines, row(g.Theme.High, rows.Sign(model.Differs), v.Name, style.Name(style.OrEmpty(source)),
				style.Name(style.OrEmpty(target))))
		case both && source == target && source != "" && !v.Size:
			across := style.Cut(style.Name(source), width-name-4)
			same = append(same, "   "+titled(v.Name)+across)
		case source != "" || target != "":
			same = append(same, row(style.Style{}, " ", v.Name, sideValue(source, r.Source),
				sideValue(target, r.Target)))
		}
	}
	return append(lines, same...)
}

// SignAtCursor says in a word or two what the sign of the row at the cursor means; empty on a heading.
func (g *Grid) SignAtCursor() string {
	if line, ok := g.List.Current(); ok && line.Heading == nil && line.Row.Relation != model.Aside {
		return g.signText(line.Row)
	}
	return ""
}

func (g *Grid) signText(r rows.Row) string { return rows.Sign(r.Relation) + " " + g.relationText(r) }

func (g *Grid) relationText(r rows.Row) string {
	return [...]string{"not settled", "in sync", "differs", "missing", "only " + g.Target(), ""}[r.Relation]
}

// sideValue is a value as it is shown; a side without the record has a dash.
func sideValue(v string, record int32) string {
	if record == model.None {
		return style.Absent
	}
	return style.Name(v)
}

// previewValues are the values that matter at a glance: what is compared, and who is in a group.
func (g *Grid) previewValues(r rows.Row, f *model.Finding) []Value {
	var out []Value
	if r.User {
		src, tgt := g.Set.UsersOf(r)
		both := src != nil && tgt != nil
		for _, v := range userValues(src, tgt, g.Set.Comparison.Target.Unreadable) {
			switch {
			case !v.Compared && !v.Differs():
			case (v.Name == model.FieldGivenName.String() || v.Name == model.FieldFamilyName.String()) &&
				(!both || !v.Differs()):
			case v.Name == model.FieldEmails.String() && model.SameName(v.Source, userNameOf(src)) &&
				model.SameName(v.Target, userNameOf(tgt)):
			default:
				out = append(out, v)
			}
		}
		return out
	}
	src, tgt := g.Set.GroupsOf(r)
	if name := groupValues(src, tgt)[0]; name.Differs() { // else it stands on the row
		out = append(out, name)
	}
	if src != nil || tgt != nil {
		out = append(out, g.memberValue(r))
	}
	switch {
	case f == nil:
	case f.Kind == model.MembersMissing, f.Kind == model.MembersExtra:
		missing, extra := g.membersApart(r, f)
		out[len(out)-1].wordsDiffer = true // also where they are as many on both sides
		return append(append(out, missing...), extra...)
	default:
		for i, name := range f.Members[:min(len(f.Members), mostMembers)] {
			v := Value{Name: map[bool]string{true: "who"}[i == 0], Words: true, Target: name}
			switch f.Kind { //nolint:exhaustive // whom the others name is at the target
			case model.GroupMissing:
				v.Source, v.Target = name, ""
			case model.AssignmentsStranded: // who is in the group on both sides
				v.Source = name
			}
			out = append(out, v)
		}
	}
	return out
}

// mostMembers is how many members of a kind a preview names.
const mostMembers = 3

// membersApart names who of a group is missing at the target and who is too many there, those of the finding first.
func (g *Grid) membersApart(r rows.Row, f *model.Finding) (missing, extra []Value) {
	var names [2][]string
	for _, m := range g.Set.Apart(r) {
		side, user := model.SourceSide, m.Source
		if m.Relation == model.OnlyTarget {
			side, user = model.TargetSide, m.Target
		}
		names[side] = append(names[side], g.Set.RecordName(true, side, user))
	}
	values := func(side model.Side, title string) (out []Value) {
		all := names[side]
		slices.SortStableFunc(all, func(x, y string) int {
			of := func(name string) int { return map[bool]int{true: -1}[slices.Contains(f.Members, name)] }
			return cmp.Compare(of(x), of(y))
		})
		if more := len(all) - mostMembers + 1; more > 1 {
			all = append(all[:mostMembers-1], "and "+style.Number(more)+" more")
		}
		for i, name := range all {
			title = map[bool]string{true: title}[i == 0]
			out = append(out, Value{Name: title, Words: true, Source: name, Target: name}) // once, across
		}
		return out
	}
	return values(model.SourceSide, "missing"), values(model.TargetSide, "too many")
}

func userNameOf(u *model.User) string {
	if u == nil {
		return ""
	}
	return u.UserName
}

// memberValue is how many members a group has on each side.
func (g *Grid) memberValue(r rows.Row) Value {
	count := func(d *model.Directory, at int32) string {
		if at == model.None {
			return ""
		}
		if why := d.MembersUnknown(at); why != "" {
			return "unknown: " + why
		}
		return style.Number(len(d.Members.Of(int(at))))
	}
	v := Value{
		Name: "members", Words: true, Size: true, Source: count(&g.Set.Comparison.Source.Directory, r.Source),
		Target: count(&g.Set.Comparison.Target, r.Target),
	}
	v.wordsDiffer = r.Source != model.None && r.Target != model.None && v.Source != v.Target && r.Relation != model.Same
	return v
}
