package filter

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
)

// Item is what a row of the board or of a report is about: a record or pair with its findings, or one finding alone.
type Item struct {
	// Source and Target are indices into the users or groups of each side; None where there is no record.
	Source, Target int32
	User           bool
	Relation       model.Relation
	Findings       []*model.Finding
}

// Texts writes what the items of one comparison are found by.
type Texts struct {
	// Classes are those of the items that were written.
	Classes []Class

	comparison *drift.Comparison
	target     string
	classIndex map[Class]int32
	// headings are those that the findings stand under, by their ids.
	headings map[string]string
}

// NewTexts begins with the items of a comparison.
func NewTexts(c *drift.Comparison) *Texts {
	x := &Texts{
		comparison: c, target: explain.Target(c.Target.Kind), classIndex: map[Class]int32{},
		headings: map[string]string{},
	}
	scale := explain.ScaleOf(c)
	for _, g := range drift.CauseGroups(c.Findings) {
		heading := explain.GroupHeading(g.Key, g.Of(c.Findings), scale)
		for _, at := range g.Findings {
			x.headings[c.Findings[at].ID] = heading
		}
	}
	return x
}

// Write writes the own text of an item, its name first, and gives its class.
func (x *Texts) Write(b *strings.Builder, it Item) int32 {
	c := x.comparison
	switch {
	case it.Source == model.None && it.Target == model.None:
		Value(b, it.Findings[0].Subject.Name)
	case it.User:
		writeUsers(b, elementAt(c.Source.Users, it.Source), elementAt(c.Target.Users, it.Target))
	default:
		writeGroups(b, elementAt(c.Source.Groups, it.Source), elementAt(c.Target.Groups, it.Target))
	}
	for _, f := range it.Findings {
		x.writeFinding(b, f)
		Value(b, explain.ShortReason(f))
		Value(b, x.headings[f.ID])
	}
	return x.internClass(it)
}

func elementAt[T any](list []T, i int32) *T {
	if i == model.None {
		return nil
	}
	return &list[i]
}

// Value writes one value that shows. The line feed keeps a word from matching across two.
func Value(b *strings.Builder, v string) {
	if v != "" {
		b.WriteString(Fold(v))
		b.WriteByte('\n')
	}
}

// Text is the text of an item that is nothing but these values.
func Text(values ...string) string {
	var b strings.Builder
	for _, v := range values {
		Value(&b, v)
	}
	return b.String()
}

// Actor writes who did something.
func Actor(b *strings.Builder, v string) {
	if v != "" {
		b.WriteByte(By.mark())
		Value(b, v)
	}
}

func writeUsers(b *strings.Builder, src, tgt *model.User) {
	if src != nil && tgt != nil && src.UserName == tgt.UserName && src.DisplayName == tgt.DisplayName &&
		src.Email == tgt.Email {
		writeUser(b, src)
		Value(b, tgt.ID)
		return
	}
	for _, u := range []*model.User{src, tgt} {
		if u != nil {
			writeUser(b, u)
		}
	}
}

func writeUser(b *strings.Builder, u *model.User) {
	Value(b, u.Called())
	if u.DisplayName != u.UserName {
		Value(b, u.DisplayName)
	}
	if !model.SameName(u.Email, u.UserName) {
		Value(b, u.Email)
	}
	Value(b, u.ID)
}

func writeGroups(b *strings.Builder, src, tgt *model.Group) {
	if src != nil {
		Value(b, src.Name)
	}
	if tgt != nil && (src == nil || !model.SameName(src.Name, tgt.Name)) {
		Value(b, tgt.Name)
	}
	for _, g := range []*model.Group{src, tgt} {
		if g != nil {
			Value(b, g.ID)
		}
	}
}

// writeFinding writes what is a finding's own: what it shares with others of its kind stands in its class.
func (x *Texts) writeFinding(b *strings.Builder, f *model.Finding) {
	Value(b, f.ID)
	Value(b, explain.Summary(*f, x.target))
	if f.Check != nil {
		Value(b, f.Check.Todo)
		Value(b, f.Check.Menu)
	}
	for _, d := range f.Fields {
		Value(b, d.Name)
		Value(b, d.Source)
		Value(b, d.Target)
	}
	for _, list := range [][]model.Evidence{f.Evidence, f.FurtherEvidence} {
		for i := range list {
			Value(b, list[i].What)
			Value(b, list[i].Text)
			Value(b, list[i].Where)
			Actor(b, list[i].By)
		}
	}
	for _, m := range f.Members {
		b.WriteByte(Member.mark())
		Value(b, m)
	}
}

// Findings tells which findings of a comparison a query picks, as on the board.
func (q Query) Findings(c *drift.Comparison) []bool {
	x := NewTexts(c)
	texts, classes := make([]string, len(c.Findings)), make([]int32, len(c.Findings))
	for i := range c.Findings {
		var b strings.Builder
		f := &c.Findings[i]
		classes[i] = x.Write(&b, Item{
			Source: f.Source, Target: f.Target, User: f.Subject.Type == model.SubjectUser, Relation: f.Relation(),
			Findings: []*model.Finding{f},
		})
		texts[i] = b.String()
	}
	m := q.ForClasses(x.Classes)
	out := make([]bool, len(c.Findings))
	for i := range out {
		out[i] = m.Matches(int32(i), classes[i], texts[i])
	}
	return out
}
