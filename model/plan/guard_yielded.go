package plan

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// stillYielded: OneLogin would make the group again, without its id and its assignments.
func (g *guardian) stillYielded() objection {
	if g.Comparison == nil {
		return objection{}
	}
	var whys model.Reasons
	steps := g.stepsThat(func(s *model.Step) bool {
		if s.Repair != model.DeleteGroup || !g.isCounted(s) {
			return false
		}
		name, why := g.whatYields(s)
		if why != "" {
			whys.Add(name, why)
		}
		return why != ""
	})
	return newObjection(steps, whys.Text())
}

// whatYields says what still yields a group, and under which name: the one that the step gives it or the one it has
// now.
func (g *guardian) whatYields(s *model.Step) (name, why string) {
	names := []string{s.Subject.Name}
	if s.Group != nil {
		names = append(names, s.Group.Name)
	}
	at, there := g.target.Group(s.GroupID())
	src := &g.Comparison.Source
	if there {
		names = append(names, g.Comparison.Target.Groups[at].Name)
		if of := g.Comparison.Groups.ToSource[at]; of != model.None && !src.OnlyNamed(of) {
			return s.Subject.Name, "it is the group " + src.Groups[of].Name + " of OneLogin"
		}
		if why := g.Comparison.WhyGroupUnsettled(at); why != "" {
			return s.Subject.Name, why
		}
	}
	for _, name := range names {
		if why := g.whyYielded(name); why != "" {
			return name, why
		}
	}
	return "", ""
}

func (g *guardian) whyYielded(name string) string {
	src := &g.Comparison.Source
	if src.Book != nil {
		switch rule, title := src.Book.Names.FirstNaming(name); {
		case rule != nil:
			return "the rule " + rule.Subject().Name + " names it"
		case title != nil:
			return "the title or a comment of the rule " + title.Subject().Name + " names it"
		}
	}
	for i := range src.Groups {
		if model.SameName(src.Groups[i].Name, name) {
			return "OneLogin still yields it, or would as soon as somebody is in it"
		}
	}
	for i := range src.Roles {
		if made, ok := g.Groups.NameFor(src.Roles[i].Name); ok && src.Roles[i].Grants && model.SameName(made, name) {
			return "the role " + src.Roles[i].Name + " grants the app and maps to it"
		}
		// Where roles decide, only the pattern says that this role is none of them, and a pattern is easily mistyped.
		if src.Origin != rules.FromRules && src.Roles[i].Grants && model.SameName(src.Roles[i].Name, name) {
			return "the role " + src.Roles[i].Name +
				" grants the app, has that very name, and is left out by groups.roles alone"
		}
	}
	if src.Coverage[model.PartRules].Complete() {
		return ""
	}
	for _, cached := range src.Entitlements {
		if model.SameName(cached, name) {
			return "OneLogin's entitlements hold it, and a rule that was not read may grant it"
		}
	}
	return ""
}
