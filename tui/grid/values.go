package grid

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// Value is one attribute on both sides, raw. What is not compared gets no sign: ids differ by nature. Of an exact one
// even the case matters to somebody.
type Value struct {
	Name, Source, Target string
	Compared, Exact      bool
	// Words: the texts are our own and say nothing by being equal or not; wordsDiffer then says that the sides do.
	Words, wordsDiffer bool
	// Size: that of a list, which says nothing of who is in it by being equal, so that it stands on both sides.
	Size bool
}

// Differs reports whether what is compared is not the same on both sides.
func (v *Value) Differs() bool {
	return v.wordsDiffer || v.Compared && !v.Words && !model.SameName(v.Source, v.Target)
}

// Distinct gives both texts, told apart where they would look the same and are not our own.
func (v *Value) Distinct() (source, target string) {
	if v.Words {
		return v.Source, v.Target
	}
	return model.Distinct(v.Source, v.Target)
}

// Values are the attributes of a row.
func Values(set *rows.Set, r rows.Row) []Value {
	if r.User {
		src, tgt := set.UsersOf(r)
		return userValues(src, tgt, set.Comparison.Target.Unreadable)
	}
	src, tgt := set.GroupsOf(r)
	return groupValues(src, tgt)
}

func userValues(src, tgt *model.User, unreadable model.FieldSet) []Value {
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
	values := []Value{
		{Name: "userName", Source: src.UserName, Target: tgt.UserName, Compared: true, Exact: true},
		{Name: model.FieldDisplayName.String(), Source: src.DisplayName, Target: tgt.DisplayName, Compared: true},
		{Name: model.FieldGivenName.String(), Source: src.GivenName, Target: tgt.GivenName, Compared: true},
		{Name: model.FieldFamilyName.String(), Source: src.FamilyName, Target: tgt.FamilyName, Compared: true},
		{Name: model.FieldEmails.String(), Source: src.Email, Target: tgt.Email, Compared: true},
		{
			Name: model.FieldActive.String(), Source: source, Target: target,
			Compared: true, Words: true, wordsDiffer: there && source != "" && !src.RollOnly &&
				(src.Active && src.Assigned) != tgt.Active,
		},
		{Name: "external id", Source: src.ExternalID, Target: tgt.ExternalID},
		{Name: "id", Source: src.ID, Target: tgt.ID},
		{Name: "made by", Target: tgt.CreatedBy},
	}
	for i, f := range []model.Field{
		model.FieldDisplayName, model.FieldGivenName, model.FieldFamilyName,
		model.FieldEmails,
	} {
		switch v := &values[i+1]; {
		case there && unreadable.Has(f):
			v.Target, v.Compared = "(not readable here)", false
		case f == model.FieldEmails && tgt.EmailUnsure:
			v.Target, v.Compared = v.Target+" and others, none marked", false
		}
	}
	return values
}

func groupValues(src, tgt *model.Group) []Value {
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
	return []Value{
		{Name: "displayName", Source: src.Name, Target: tgt.Name, Compared: true},
		{Name: "expectation", Source: expectation},
		{Name: "external id", Source: src.ExternalID, Target: tgt.ExternalID},
		{Name: "id", Source: src.ID, Target: tgt.ID},
		{Name: "made by", Target: tgt.CreatedBy},
	}
}
