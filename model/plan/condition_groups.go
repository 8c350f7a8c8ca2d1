package plan

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

// groupPairs answers whether a source group and a target group are still a pair.
func (e *evaluator) groupPairs(s int32, id string) string {
	t, found := e.target.Group(id)
	name := model.Visible(e.c.Source.Groups[s].Name)
	switch {
	case !found:
		return "the group for " + name + " is gone from the target"
	case e.c.Groups.ToTarget[s] != t:
		return name + " at the source is no longer that group"
	case e.c.Groups.Contests[s] != nil:
		return "another group claims to be " + name + " too"
	case e.c.Groups.OnlyLooks(s):
		return "the group at the target only looks like " + name
	case e.c.Groups.Basis[s] != drift.BasisName:
		return e.c.NotAllGroups()
	}
	return ""
}

// groupsUnread says what of that from which groups follow was not read, "" if all was.
func (e *evaluator) groupsUnread() string {
	if e.c.Source.Origin == rules.FromRules {
		return e.c.SourceUnread(model.PartGroups, model.PartRules)
	}
	return e.c.SourceUnread(model.PartGroups)
}

// unruled says why the groups of the source do not bear a step that takes something away, "" if they do.
func (e *evaluator) unruled() string {
	book := e.c.Source.Book
	switch {
	case e.c.Source.Origin == rules.FromNothing || e.c.Source.Origin == rules.FromRolesInstead || book == nil:
		return "the rules could not be read, and they could say otherwise"
	case e.c.Source.Origin == rules.FromRules && book.Empty():
		return "no rule of the app sets groups any more"
	}
	return e.groupsUnread()
}

func (e *evaluator) yields(s *model.Condition) string {
	at, found := e.source.Named(s.Name)
	if !found {
		return "nothing at the source yields " + model.Visible(s.Name) + " any more"
	}
	expectation := e.c.Source.Groups[at].Expectation
	switch {
	case s.ID == "" && expectation != model.Expected:
		return "the source does not expect " + model.Visible(s.Name) + " any more"
	case s.ID == "":
		return e.groupsUnread()
	case expectation != model.Expected && expectation != model.Allowed:
		return "whether the source yields " + model.Visible(s.Name) + " could not be read"
	}
	return cmp.Or(e.unruled(), e.c.TargetUnread(model.PartGroups), e.groupPairs(at, s.ID))
}

func (e *evaluator) yieldsNot(s *model.Condition) string {
	if s.Name == "" {
		return malformed
	}
	if why := cmp.Or(e.unruled(), e.c.SourceUnread(model.PartMemberships),
		e.c.SourceUnsettled(model.PartRules)); why != "" {
		return why
	}
	if _, found := e.source.Named(s.Name); found {
		return "the source yields " + model.Visible(s.Name) + " again"
	}
	if r, _ := e.c.Source.Book.Doubts.Matching(s.Name); r != nil {
		return "the rule " + model.Visible(r.Subject().Name) + " cannot be evaluated, and may name " +
			model.Visible(s.Name)
	}
	if s.ID == "" {
		return ""
	}
	return e.stray(s)
}

// stray answers whether a target group stands for nothing at the source, not by another name either.
func (e *evaluator) stray(s *model.Condition) string {
	t, found := e.target.Group(s.ID)
	if !found {
		return model.Visible(s.Name) + " is gone from the target"
	}
	if e.c.Groups.ToSource[t] != model.None || e.c.Groups.LostTarget[t] {
		return "a group of the source stands for " + model.Visible(s.Name) + " again"
	}
	g := &e.c.Target.Groups[t]
	carried := g.ExternalID
	for i := range e.c.Source.Groups {
		if carried != "" && e.c.Groups.ToTarget[i] == model.None &&
			slices.Contains(e.c.Source.Groups[i].RoleIDs, carried) {
			return "the role of " + model.Visible(s.Name) + " lives on as " + model.Visible(e.c.Source.Groups[i].Name)
		}
	}
	if slices.ContainsFunc(e.c.Source.Roles, func(r model.Role) bool { return carried != "" && r.ID == carried }) {
		if why := e.c.TargetUnread(model.PartGroups); why != "" {
			return why // a group that was not read could prove that the external id pairs this one
		}
	}
	if slices.ContainsFunc(e.c.Findings, func(f model.Finding) bool {
		return f.Subject.TargetID == s.ID && f.Offers(model.DeleteGroup)
	}) {
		return ""
	}
	// An event that was not read may show that the role lives on under another name.
	return e.c.SourceUnsettled(model.PartEvents)
}

// grouping finds a source group whose members are known.
func (e *evaluator) grouping(s *model.Condition) (at int32, why string) {
	at, found := e.source.Named(s.Name)
	if !found {
		return model.None, "nothing at the source yields " + model.Visible(s.Name) + " any more"
	}
	if unknown := e.c.Source.Groups[at].MembersUnknown; unknown != "" {
		return model.None, "who belongs in " + model.Visible(s.Name) + " could not be read: " + unknown
	}
	why = cmp.Or(e.groupsUnread(), e.c.SourceUnread(model.PartMemberships))
	if why == "" && s.ID != "" {
		why = e.groupPairs(at, s.ID)
	}
	return at, why
}

func (e *evaluator) belongs(s *model.Condition) string {
	at, why := e.grouping(s)
	if why != "" {
		return why
	}
	return e.each(s, func(m *model.Member) string {
		u, why := e.known(m)
		if why != "" {
			return why
		}
		if !e.c.Source.Members.Has(at, u) {
			return model.Visible(m.UserName) + " does not belong in " + model.Visible(s.Name) + " any more"
		}
		return ""
	})
}

func (e *evaluator) belongsNot(s *model.Condition) string {
	at, why := e.grouping(s)
	if why = cmp.Or(why, e.unruled(), e.c.NotAllUsers(), e.c.TargetUnread(model.PartGroups)); why != "" {
		return why
	}
	if open := e.c.Source.Groups[at].MembersOpen; open != "" {
		return "more users may belong in " + model.Visible(s.Name) + ": " + open
	}
	return e.each(s, func(m *model.Member) string {
		t, found := e.target.User(m.ID)
		if !found {
			return model.Visible(m.UserName) + " is gone from the target"
		}
		u := e.c.Users.ToSource[t]
		if u == model.None || e.c.Source.Users[u].RollOnly {
			return "who " + model.Visible(m.UserName) + " is at the source is not known"
		}
		if e.c.Source.Members.Has(at, u) {
			return model.Visible(m.UserName) + " belongs in " + model.Visible(s.Name) + " again"
		}
		return e.pairs(u, m.ID, m.UserName)
	})
}
