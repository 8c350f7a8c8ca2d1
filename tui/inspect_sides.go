package tui

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// sides lays the values of both records beside each other. A value that is too long for its cell goes on below, because
// the end of two long names is often what differs.
func (s *inspectScreen) sides(a *app, width int) section {
	const label, word = 16, 9
	cell := max((width-label-word-8)/2, 1)
	var lines []string
	add := func(look style.Style, name, sign, source, target, word string) {
		left, right := style.Wrap(style.Name(source), cell), style.Wrap(style.Name(target), cell)
		for i := range max(len(left), len(right), 1) {
			at := func(all []string) string {
				if i < len(all) {
					return style.Fit(all[i], cell)
				}
				return style.Spaces(cell)
			}
			line := "  " + style.Fit(name, label) + at(left) + " " + look.On(sign) + " " + at(right) +
				"  " + look.On(word)
			lines = append(lines, line)
			name, sign, word = "", " ", ""
		}
	}
	head := func(n SideName, record int32) string {
		if record == model.None {
			return n.Short + ": none"
		}
		return n.Short
	}
	add(style.Style{}, "", " ", head(a.opts.Source, s.row.Source), head(a.opts.Target, s.row.Target), "")
	for _, v := range s.values() {
		source, target, but := v.source, v.target, "by case"
		if !v.words {
			source, target = model.Distinct(source, target)
		}
		if source != v.source || target != v.target {
			but = "by form"
		}
		switch {
		case v.source == "" && v.target == "":
		case !v.compared:
			add(style.Style{}, v.name, " ", source, target, "")
		case s.row.Source == model.None || s.row.Target == model.None:
			add(style.Style{}, v.name, rows.Sign(s.row.Relation), source, target, "")
		case v.differs():
			add(a.theme.Medium, v.name, rows.Sign(model.Differs), source, target, "differs")
		case v.exact && v.source != v.target:
			add(a.theme.Medium, v.name, rows.Sign(model.Same), source, target, but)
		default:
			add(a.theme.Good, v.name, rows.Sign(model.Same), source, target, "same")
		}
	}
	if basis := a.basis(s.row); basis != "" {
		lines = append(lines, "  "+style.Fit("matched by", label)+basis)
	}
	if s.row.User && s.differsInForm() {
		lines = append(lines, indent("  ", "SAML sign-in needs the userName in exactly the same form on both sides.",
			width-1)...)
	}
	return text("Both sides", lines)
}

// differsInForm: the userNames are the same but for case, normal form or space around them.
func (s *inspectScreen) differsInForm() bool {
	src, tgt := s.set.UsersOf(s.row)
	return src != nil && tgt != nil && src.UserName != tgt.UserName && model.SameName(src.UserName, tgt.UserName)
}

// value is one attribute on both sides, raw. What is not compared gets no sign: ids differ by nature. Of an exact one
// even the case matters to somebody.
type value struct {
	name, source, target string
	compared, exact      bool
	// words: the texts are our own and say nothing by being equal or not; opposed then says that the sides differ.
	words, opposed bool
}

// differs reports whether what is compared is not the same on both sides.
func (v *value) differs() bool {
	return v.opposed || v.compared && !v.words && !model.SameName(v.source, v.target)
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
	source, target := "", ""
	if src == nil {
		src = &model.User{}
	} else {
		source = explain.Standing(src)
	}
	there := tgt != nil
	if !there {
		tgt = &model.User{}
	} else {
		target = explain.Standing(tgt)
	}
	values := []value{
		{name: "userName", source: src.UserName, target: tgt.UserName, compared: true, exact: true},
		{name: model.FieldDisplayName.String(), source: src.DisplayName, target: tgt.DisplayName, compared: true},
		{name: model.FieldGivenName.String(), source: src.GivenName, target: tgt.GivenName, compared: true},
		{name: model.FieldFamilyName.String(), source: src.FamilyName, target: tgt.FamilyName, compared: true},
		{name: model.FieldEmails.String(), source: src.Email, target: tgt.Email, compared: true},
		{
			name: model.FieldActive.String(), source: source, target: target,
			compared: true, words: true, opposed: there && source != "" && !src.RollOnly &&
				(src.Active && src.Assigned) != tgt.Active,
		},
		{name: "external id", source: src.ExternalID, target: tgt.ExternalID},
		{name: "id", source: src.ID, target: tgt.ID},
		{name: "made by", target: tgt.CreatedBy},
	}
	for i, f := range []model.Field{
		model.FieldDisplayName, model.FieldGivenName, model.FieldFamilyName,
		model.FieldEmails,
	} {
		switch v := &values[i+1]; {
		case there && unreadable.Has(f):
			v.target, v.compared = "(not readable here)", false
		case f == model.FieldEmails && tgt.EmailUnsure:
			v.target, v.compared = v.target+" and others, none marked", false
		}
	}
	return values
}

func groupValues(src, tgt *model.Group) []value {
	if src == nil {
		src = &model.Group{}
	}
	if tgt == nil {
		tgt = &model.Group{}
	}
	expectation := map[model.Expectation]string{
		model.Allowed: "allowed: nobody is in it now", model.Expected: "expected",
		model.Undecided: "undecided: not all was read",
	}[src.Expectation]
	return []value{
		{name: "displayName", source: src.Name, target: tgt.Name, compared: true},
		{name: "expectation", source: expectation},
		{name: "external id", source: src.ExternalID, target: tgt.ExternalID},
		{name: "id", source: src.ID, target: tgt.ID},
		{name: "made by", target: tgt.CreatedBy},
	}
}
