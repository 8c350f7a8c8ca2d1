package plan

import (
	"cmp"
	"fmt"

	"github.com/scimdrift/scimdrift/model"
)

func (e *evaluator) sourceUser(m *model.Member) (s int32, why string) {
	s, found := e.source.User(m.SourceID)
	switch {
	case !found:
		return model.None, model.Visible(m.UserName) + " is not known at the source any more"
	case e.comparer.Source.Users[s].RollOnly:
		return model.None, "the details of " + model.Visible(m.UserName) + " could not be read at the source"
	}
	return s, ""
}

// whyNotSameUser answers whether a source user still pairs with a target user, whatever was not read.
func (e *evaluator) whyNotSameUser(s int32, id, name string) string {
	t, found := e.target.User(id)
	switch {
	case !found:
		return model.Visible(name) + " is gone from the target"
	case e.comparer.Users.ToTarget[s] != t:
		return model.Visible(name) + " at the target is no longer the same user as at the source"
	case e.comparer.Users.IsTied(s):
		return "another record claims to be " + model.Visible(name) + " too"
	case e.comparer.Users.IsLookAlike(s):
		return "the user at the target only looks like " + model.Visible(name)
	case !e.comparer.IsFirm(s, t):
		return "a user who was not read may be whom " + model.Visible(name) + " stands for: " + e.comparer.NotAllUsers()
	}
	return ""
}

func (e *evaluator) allEntitled(s *model.Condition) string {
	return e.whyAnyBroken(s, e.whyNotEntitled)
}

func (e *evaluator) whyNotEntitled(m *model.Member) string {
	s, why := e.sourceUser(m)
	if why != "" {
		return why
	}
	switch u := &e.comparer.Source.Users[s]; {
	case !u.Assigned:
		return model.Visible(m.UserName) + " is not assigned to the app any more"
	case !u.Active:
		return model.Visible(m.UserName) + " is not active at the source any more"
	case m.ID != "":
		return e.whyNotSameUser(s, m.ID, m.UserName)
	}
	if why := e.comparer.NotAllUsers(); why != "" {
		return why // the user may be there already
	}
	if e.comparer.Users.ToTarget[s] != model.None || e.comparer.Users.LostSource[s] {
		return model.Visible(m.UserName) + " is at the target already"
	}
	return ""
}

func (e *evaluator) unassigned(s *model.Condition) string {
	if why := e.comparer.SourceUnread(model.PartUsers); why != "" {
		return why
	}
	t, found := e.target.User(s.ID)
	if !found {
		return "the user " + model.Visible(s.ID) + " is gone from the target"
	}
	name := model.Visible(e.comparer.Target.Users[t].UserName)
	if e.comparer.Users.LostTarget[t] {
		return "an assigned user of the source may be " + name
	}
	if at := e.comparer.Users.ToSource[t]; at != model.None && e.comparer.Source.Users[at].Assigned {
		return name + " is assigned to the app again"
	}
	return ""
}

func (e *evaluator) inactive(s *model.Condition) string {
	if why := e.comparer.NotAllUsers(); why != "" {
		return why
	}
	t, found := e.target.User(s.ID)
	if !found {
		return "the user " + model.Visible(s.ID) + " is gone from the target"
	}
	name := e.comparer.Target.Users[t].UserName
	at := e.comparer.Users.ToSource[t]
	if at == model.None {
		return model.Visible(name) + " is not known at the source any more"
	}
	switch u := &e.comparer.Source.Users[at]; {
	case u.RollOnly:
		return "the details of " + model.Visible(name) + " could not be read at the source"
	case !u.Assigned:
		return model.Visible(name) + " is not assigned to the app any more"
	case u.Active:
		return model.Visible(name) + " is active at the source again"
	}
	return e.whyNotSameUser(at, s.ID, name)
}

func (e *evaluator) wants(s *model.Condition) string {
	if len(s.Users) == 0 {
		return malformedCondition
	}
	m := &s.Users[0]
	at, why := e.sourceUser(m)
	if why != "" {
		return why
	}
	u := &e.comparer.Source.Users[at]
	value, known := u.Attribute(s.Field)
	switch {
	case !known:
		return "a condition is about a field that is not known: " + model.Visible(s.Field)
	case !u.Assigned:
		return model.Visible(m.UserName) + " is not assigned to the app any more"
	case value != s.Value:
		return fmt.Sprintf("the source now has %s as %s of %s", quoted(value), s.Field, model.Visible(m.UserName))
	case m.ID == "":
		return ""
	}
	if s.Field == model.FieldUserName {
		// A missing row could hold a stronger match, and the rename would take that user's access.
		why = e.comparer.NotAllUsers()
	}
	return cmp.Or(why, e.whyNotSameUser(at, m.ID, m.UserName))
}
