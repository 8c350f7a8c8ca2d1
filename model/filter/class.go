package filter

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// internClass finds the class of an item, or takes it in.
func (x *Texts) internClass(it Item) int32 {
	c := x.classOf(it)
	at, known := x.classIndex[c]
	if !known {
		at = int32(len(x.Classes))
		x.classIndex[c], x.Classes = at, append(x.Classes, c)
	}
	return at
}

func (x *Texts) subjectType(it Item) model.SubjectType {
	switch {
	case it.Source == model.None && it.Target == model.None:
		return it.Findings[0].Subject.Type
	case it.User:
		return model.SubjectUser
	}
	return model.SubjectGroup
}

func (x *Texts) classOf(it Item) Class {
	var values, shown strings.Builder
	values.Grow(classSizeHint)
	shown.Grow(classSizeHint)
	has := func(f Field, v string) {
		values.WriteByte(f.mark())
		values.WriteString(v)
		values.WriteByte('\n')
	}
	if it.User {
		c := x.comparison
		for _, u := range []*model.User{elementAt(c.Source.Users, it.Source), elementAt(c.Target.Users, it.Target)} {
			if u != nil {
				Value(&shown, explain.Standing(u))
			}
		}
	}
	has(Is, string(x.subjectType(it)))
	switch it.Relation {
	case model.OnlySource:
		has(Side, sideSource)
	case model.OnlyTarget:
		has(Side, sideTarget)
	case model.Same, model.Differs:
		has(Side, sideBoth)
	case model.Unsettled:
		has(Side, sideUnknown)
	case model.Aside:
	}
	has(Is, it.Relation.String())
	for _, f := range it.Findings {
		has(Severity, f.Severity.String())
		has(Kind, string(f.Kind))
		has(Cause, string(f.Cause))
		has(Is, f.Confidence.String())
		for _, is := range []struct {
			word string
			so   bool
		}{
			{isDrift, f.Severity > model.Info},
			{isRepairable, len(f.Repairs) > 0},
			{isContradicted, f.Contradicted != ""},
			{isSetup, f.Check != nil},
		} {
			if is.so {
				has(Is, is.word)
			}
		}
		writeSharedText(&shown, f)
	}
	return Class{values.String(), shown.String()}
}

// classSizeHint is room for what a class has without a finding.
const classSizeHint = 48

// writeSharedText writes what the screen says of every finding like this one.
func writeSharedText(b *strings.Builder, f *model.Finding) {
	bare := model.Finding{
		Kind: f.Kind, Cause: f.Cause, Severity: f.Severity, Confidence: f.Confidence, Contradicted: f.Contradicted,
		Blocked: f.Blocked, Provisional: f.Provisional, Repairs: f.Repairs,
	}
	for _, v := range []string{
		f.Severity.String(), string(f.Kind), string(f.Cause), explain.Cause(f.Cause), explain.Confidence(bare),
		explain.Doubt(bare), explain.KindAndCause(f.Kind, f.Cause), explain.Next(bare),
	} {
		Value(b, v)
	}
	for _, o := range f.Repairs {
		Value(b, string(o.Repair)+" "+string(o.Channel))
	}
}
