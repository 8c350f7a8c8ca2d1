package plan

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

// whyNotPair answers whether a source group and a target group are still a pair.
func (e *evaluator) whyNotPair(s int32, id string) string {
	t, found := e.target.Group(id)
	name := model.Visible(e.comparer.Source.Groups[s].Name)
	switch {
	case !found:
		return "the group for " + name + " is gone from the target"
	case e.comparer.Groups.ToTarget[s] != t:
		return name + " at the source is no longer that group"
	case e.comparer.Groups.Contests[s] != nil:
		return "another group claims to be " + name + " too"
	case e.comparer.Groups.IsLookAlike(s):
		return "the group at the target only looks like " + name
	case e.comparer.Groups.Basis[s] != drift.BasisName:
		return e.comparer.NotAllGroups()
	}
	return ""
}

// groupsUnread says what of that from which groups follow was not read, "" if all was.
func (e *evaluator) groupsUnread() string {
	if e.comparer.Source.Origin == rules.FromRules {
		return e.comparer.SourceUnread(model.PartGroups, model.PartRules)
	}
	return e.comparer.SourceUnread(model.PartGroups)
}

// whyRulesUnsure says why the groups of the source do not bear a step that takes something away, "" if they do.
func (e *evaluator) whyRulesUnsure() string {
	book := e.comparer.Source.Book
	switch {
	case e.comparer.Source.Origin == rules.FromNothing || e.comparer.Source.Origin == rules.FromRolesInstead ||
		book == nil:
		return "the rules could not be read, and they could say otherwise"
	case e.comparer.Source.Origin == rules.FromRules && book.Empty():
		return "no rule of the app sets groups any more"
	}
	return e.groupsUnread()
}

func (e *evaluator) yields(s *model.Condition) string {
	at, found := e.source.Named(s.Name)
	if !found {
		return "nothing at the source yields " + model.Visible(s.Name) + " any more"
	}
	expectation := e.comparer.Source.Groups[at].Expectation
	switch {
	case s.ID == "" && expectation != model.Expected:
		return "the source does not expect " + model.Visible(s.Name) + " any more"
	case s.ID == "":
		return e.groupsUnread()
	case expectation != model.Expected && expectation != model.Allowed:
		return "whether the source yields " + model.Visible(s.Name) + " could not be read"
	}
	return cmp.Or(e.whyRulesUnsure(), e.comparer.TargetUnread(model.PartGroups), e.whyNotPair(at, s.ID))
}

func (e *evaluator) yieldsNot(s *model.Condition) string {
	if s.Name == "" {
		return malformedCondition
	}
	if why := cmp.Or(e.whyRulesUnsure(), e.comparer.SourceUnread(model.PartMemberships),
		e.comparer.SourceUnsettled(model.PartRules)); why != "" {
		return why
	}
	if _, found := e.source.Named(s.Name); found {
		return "the source yields " + model.Visible(s.Name) + " again"
	}
	if r, _ := e.comparer.Source.Book.PossibleYields.Matching(s.Name); r != nil {
		return "the rule " + model.Visible(r.Subject().Name) + " cannot be evaluated, and may name " +
			model.Visible(s.Name)
	}
	return e.whyNotOrphaned(s)
}

// whyNotOrphaned answers whether a target group stands for nothing at the source, not by another name either.
func (e *evaluator) whyNotOrphaned(s *model.Condition) string {
	t, found := e.target.Group(s.ID)
	if !found {
		return model.Visible(s.Name) + " is gone from the target"
	}
	if e.comparer.Groups.ToSource[t] != model.None || e.comparer.Groups.LostTarget[t] {
		return "a group of the source stands for " + model.Visible(s.Name) + " again"
	}
	g := &e.comparer.Target.Groups[t]
	carried := g.ExternalID
	for i := range e.comparer.Source.Groups {
		if carried != "" && e.comparer.Groups.ToTarget[i] == model.None &&
			slices.Contains(e.comparer.Source.Groups[i].RoleIDs, carried) {
			return "the role of " + model.Visible(s.Name) + " lives on as " +
				model.Visible(e.comparer.Source.Groups[i].Name)
		}
	}
	if slices.ContainsFunc(e.comparer.Source.Roles, func(r model.Role) bool {
		return carried != "" && r.ID == carried
	}) {
		if why := e.comparer.TargetUnread(model.PartGroups); why != "" {
			return why // a group that was not read could prove that the external id pairs this one
		}
	}
	if slices.ContainsFunc(e.comparer.Findings, func(f model.Finding) bool {
		return f.Subject.TargetID == s.ID && f.Offers(model.DeleteGroup)
	}) {
		return ""
	}
	// An event that was not read may show that the role lives on under another name.
	return e.comparer.SourceUnsettled(model.PartEvents)
}

// sourceGroupWithMembers finds a source group whose members are known.
func (e *evaluator) sourceGroupWithMembers(s *model.Condition) (at int32, why string) {
	at, found := e.source.Named(s.Name)
	if !found {
		return model.None, "nothing at the source yields " + model.Visible(s.Name) + " any more"
	}
	if unknown := e.comparer.Source.Groups[at].MembersUnknown; unknown != "" {
		return model.None, "who belongs in " + model.Visible(s.Name) + " could not be read: " + unknown
	}
	why = cmp.Or(e.groupsUnread(), e.comparer.SourceUnread(model.PartMemberships))
	if why == "" && s.ID != "" {
		why = e.whyNotPair(at, s.ID)
	}
	return at, why
}

func (e *evaluator) belongs(s *model.Condition) string {
	at, why := e.sourceGroupWithMembers(s)
	if why != "" {
		return why
	}
	return e.whyAnyBroken(s, func(m *model.Member) string {
		u, why := e.sourceUser(m)
		if why != "" {
			return why
		}
		if !e.comparer.Source.Members.Has(at, u) {
			return model.Visible(m.UserName) + " does not belong in " + model.Visible(s.Name) + " any more"
		}
		return ""
	})
}

func (e *evaluator) belongsNot(s *model.Condition) string {
	at, why := e.sourceGroupWithMembers(s)
	if why = cmp.Or(why, e.whyRulesUnsure(), e.comparer.NotAllUsers(),
		e.comparer.TargetUnread(model.PartGroups)); why != "" {
		return why
	}
	return e.whyAnyBroken(s, func(m *model.Member) string {
		t, found := e.target.User(m.ID)
		if !found {
			return model.Visible(m.UserName) + " is gone from the target"
		}
		u := e.comparer.Users.ToSource[t]
		if u == model.None || e.comparer.Source.Users[u].RollOnly {
			return "who " + model.Visible(m.UserName) + " is at the source is not known"
		}
		if e.comparer.Source.Members.Has(at, u) {
			return model.Visible(m.UserName) + " belongs in " + model.Visible(s.Name) + " again"
		}
		if open := e.comparer.Source.WhyMayBelong(at, u); open != "" {
			return model.Visible(m.UserName) + " may belong in " + model.Visible(s.Name) + ": " + open
		}
		return e.whyNotSameUser(u, m.ID, m.UserName)
	})
}
