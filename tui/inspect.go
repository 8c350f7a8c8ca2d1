package tui

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/paint"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// inspectScreen shows one row in full: both sides value by value and member by member, what differs and why. It finds
// the row again by its subject after a reload.
type inspectScreen struct {
	page

	row rows.Row
	set *rows.Set
	id  rows.ID
}

func (a *app) inspect() {
	line, _ := a.list().Current()
	a.push(&inspectScreen{row: line.Row, set: a.set, id: a.set.ID(line.Row)})
}

func (s *inspectScreen) title(*app) string { return label(s.set.Subject(s.row).Name) }

func (s *inspectScreen) body(a *app, width, height int) []string {
	if a.set != nil && a.set != s.set {
		row, ok := a.set.Find(s.id)
		if !ok {
			return []string{"", "  This is not there any more since the last read. q goes back."}
		}
		s.row, s.set, s.made = row, a.set, false
	}
	return s.window(width, height, func(width int) []string {
		lines := []string{""}
		for _, f := range s.set.FindingsOf(s.row) {
			lines = append(lines, s.finding(a, f, width)...)
		}
		if s.row.Finding == model.None {
			lines = append(append(lines, a.settledDetail(s.row)[:1]...), "")
		}
		if s.row.Source == model.None && s.row.Target == model.None {
			return lines // about a rule or the connection: there are no records to lay beside each other
		}
		lines = append(lines, s.sides(a, width)...)
		if !s.row.User {
			lines = append(lines, s.members(a, width)...)
		}
		return lines
	})
}

// finding says what is wrong, what to do about it and what it rests on.
func (s *inspectScreen) finding(a *app, f *model.Finding, width int) []string {
	lines := []string{"  " + a.severity(f.Severity).On(severitySign(f.Severity)+" "+f.Severity.String()) + "  " + string(f.Kind)}
	lines = append(lines, indent("  ", paint.Name(sentence(explain.Summary(*f, a.opts.Target.Short), f.Confidence)), width-1)...)
	if next := explain.Next(*f); next != "" {
		lines = append(lines, indent("  ", "Next: "+paint.Name(next), width-1)...)
	}
	for _, e := range f.Evidence {
		lines = append(lines, indent("  ", "Seen: "+paint.Name(a.evidence(e)), width-1)...)
	}
	return append(lines, "")
}

// sides lays the values of both records beside each other.
func (s *inspectScreen) sides(a *app, width int) []string {
	const label = 18
	cell := max((width-label-6)/2, 1)
	line := func(name, sign, source, target string) string {
		return "  " + paint.Fit(name, label) + paint.Fit(paint.Name(source), cell) + " " + sign + " " + paint.Fit(paint.Name(target), cell)
	}
	lines := []string{a.theme.Title.On(line("", " ", a.opts.Source.Short, a.opts.Target.Short))}
	for _, v := range s.values() {
		sign := rows.Same
		switch {
		case v.source == "" && v.target == "":
			continue
		case !v.compared:
			lines = append(lines, line(v.name, " ", v.source, v.target))
			continue
		case s.row.Source == model.None || s.row.Target == model.None:
			sign = s.row.Relation
		case !model.SameName(v.source, v.target):
			sign = rows.Differs
		}
		lines = append(lines, line(v.name, sign.Sign(), v.source, v.target))
	}
	if basis := a.basis(s.row); basis != "" {
		lines = append(lines, "  "+paint.Fit("matched by", label)+basis)
	}
	return append(lines, "")
}

// value is one attribute on both sides, raw. What is not compared gets no sign: ids differ by nature.
type value struct {
	name, source, target string
	compared             bool
}

func (s *inspectScreen) values() []value {
	if s.row.User {
		src, tgt := s.set.UsersOf(s.row)
		return userValues(src, tgt, s.set.Comparison.Target.Unreadable)
	}
	src, tgt := s.set.GroupsOf(s.row)
	return groupValues(src, tgt)
}

func userValues(src, tgt *model.User, unreadable model.FieldSet) []value {
	if src == nil {
		src = &model.User{}
	}
	source, target := userStanding(src), ""
	if tgt == nil {
		tgt = &model.User{}
	} else {
		target = userStanding(tgt)
	}
	if src.ID == "" {
		source = ""
	}
	values := []value{
		{"userName", src.UserName, tgt.UserName, true},
		{model.FieldDisplayName.String(), src.DisplayName, tgt.DisplayName, true},
		{model.FieldGivenName.String(), src.GivenName, tgt.GivenName, true},
		{model.FieldFamilyName.String(), src.FamilyName, tgt.FamilyName, true},
		{model.FieldEmails.String(), src.Email, tgt.Email, true},
		{model.FieldActive.String(), source, target, false},
		{"external id", src.ExternalID, tgt.ExternalID, false},
		{"id", src.ID, tgt.ID, false},
	}
	for i, f := range []model.Field{model.FieldDisplayName, model.FieldGivenName, model.FieldFamilyName, model.FieldEmails} {
		if v := &values[i+1]; unreadable.Has(f) {
			v.target, v.compared = "(not readable here)", false
		}
	}
	return values
}

func userStanding(u *model.User) string {
	switch {
	case !u.Assigned:
		return "not assigned to the app"
	case u.Active:
		return "active"
	case u.Standing != "":
		return u.Standing
	default:
		return "inactive"
	}
}

func groupValues(src, tgt *model.Group) []value {
	if src == nil {
		src = &model.Group{}
	}
	if tgt == nil {
		tgt = &model.Group{}
	}
	expectation := map[model.Expectation]string{
		model.Allowed: "allowed: nobody is in it now", model.Expected: "expected", model.Undecided: "undecided: not all was read",
	}[src.Expectation]
	return []value{
		{"displayName", src.Name, tgt.Name, true},
		{"expectation", expectation, "", false},
		{"external id", src.ExternalID, tgt.ExternalID, false},
		{"id", src.ID, tgt.ID, false},
	}
}
