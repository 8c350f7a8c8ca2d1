package drift

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// findStranded matches what hangs on the ids of groups that are gone to the groups of their names. An assignment goes
// only to the one group that is known to have had it; whatever leaves a doubt is named and leaves it where it is.
func (c *Comparer) findStranded() {
	facts := &c.Options.Facts.Assignments
	c.StrandedRead = facts.Asked || c.Target.Kind != "aws" // which alone has account assignments
	if c.StrandedUnread = cmp.Or(facts.Trouble, facts.Rest); !c.StrandedRead {
		c.StrandedUnread = cmp.Or(c.StrandedUnread, "only the AWS lens shows account assignments")
	}
	byID := map[string][]model.Assignment{}
	for _, a := range facts.Dangling {
		if a.PrincipalType == model.SubjectGroup && a.PrincipalID != "" {
			byID[a.PrincipalID] = append(byID[a.PrincipalID], a)
		}
	}
	ids := slices.Sorted(maps.Keys(byID))
	for i := range c.Target.Groups {
		delete(byID, c.Target.Groups[i].ID) // it was read since, and is no dangling one
	}
	for _, id := range ids {
		if byID[id] == nil {
			continue
		}
		s := model.Stranded{ID: id, Group: model.None, List: byID[id]}
		s.Name, s.Proof, s.Why = c.formerName(id, ids)
		if s.Name != "" {
			s.Group, s.Why = c.successorGroup(s.Name)
			s.Why = cmp.Or(s.Why, facts.FormerUnread)
		}
		c.Stranded = append(c.Stranded, s)
	}
	for i := range c.Stranded {
		s := &c.Stranded[i]
		for j := range c.Stranded {
			if other := &c.Stranded[j]; i != j && s.Name != "" &&
				(model.SameName(s.Name, other.Name) || model.LookAlike(s.Name, other.Name)) {
				s.Why = cmp.Or(s.Why, fmt.Sprintf("another deleted group, %s, was called %s too, and which of the "+
					"two it should be like cannot be told", model.Visible(other.ID), model.Visible(other.Name)))
			}
		}
		if s.Movable() {
			c.addStranded(s)
		}
	}
}

// addStranded says of a group that it lacks what its deleted predecessor was assigned.
func (c *Comparer) addStranded(s *model.Stranded) {
	f := c.newFinding(model.AssignmentsStranded, c.Groups.ToSource[s.Group], s.Group, model.Certain)
	f.Cause, f.Evidence = model.CauseDeletedAtTarget, slices.Clone(s.Proof)
	for _, name := range model.AssignmentNames(s.List) {
		f.Evidence = append(f.Evidence, listEvidence(model.EvidenceAssignment, name))
	}
	for _, m := range c.Target.Members.Of(int(s.Group)) {
		f.Members = append(f.Members, c.Target.Users[m].UserName)
	}
	slices.Sort(f.Members)
	f.MembersUnknown = c.Target.MembersUnknown(s.Group)
	c.addFinding(f)
}

// formerName is the one name that everything which names the id of a group gives it, with what does.
func (c *Comparer) formerName(id string, stranded []string) (name string, proof []model.Evidence, why string) {
	var names []model.FormerName
	for _, e := range c.events.failedPushes {
		if named, ok := refusedGroupName(e.Text, id, stranded); ok {
			names = append(names, model.FormerName{ID: id, Name: named, Where: "OneLogin's log"})
			if !slices.ContainsFunc(proof, func(p model.Evidence) bool { return p.What == e.TypeName() }) {
				proof = append(proof, e.Evidence()) // the newest; the others say the same or are named below
			}
		}
	}
	former := slices.DeleteFunc(slices.Clone(c.Options.Facts.Assignments.Former),
		func(f model.FormerName) bool { return f.ID != id || model.Trim(f.Name) == "" })
	for i := range former {
		f := &former[i]
		newer := func(other model.FormerName) bool { return other.At.After(f.At) }
		if !slices.ContainsFunc(former, newer) { // a group that got another name has that one since
			names = append(names, *f)
			proof = append(proof, model.Evidence{At: f.At, Where: f.Where, What: "the group " + id +
				" was called", Text: f.Name})
		}
	}
	if len(names) == 0 {
		return "", nil, "nothing that is kept or logged names the group that had the id, so nobody can tell what " +
			"they were for"
	}
	for _, other := range names[1:] {
		if !model.SameName(other.Name, names[0].Name) {
			return "", proof, fmt.Sprintf("%s calls the deleted group %s, and %s calls it %s", names[0].Where,
				model.Visible(names[0].Name), other.Where, model.Visible(other.Name))
		}
	}
	return names[0].Name, proof, ""
}

// refusedGroupName is the name of the group that a push was refused for because its id is gone, where the text names
// both: a 404, the name in quotes after the word group, and the id. How OneLogin words it is not documented, so that
// a text which could be read in another way, or which names another id of those in question, proves nothing.
func refusedGroupName(text, id string, ids []string) (name string, ok bool) {
	folded := model.Fold(text)
	another := func(other string) bool { return other != id && containsWord(folded, model.Fold(other)) }
	if !containsWord(folded, "404") || !containsWord(folded, model.Fold(id)) || slices.ContainsFunc(ids, another) {
		return "", false
	}
	parts := strings.Split(text, `"`)
	if len(parts) != 3 || !containsWord(model.Fold(parts[2]), model.Fold(id)) {
		return "", false
	}
	before := strings.TrimRight(parts[0], " ")
	if len(before) == len(parts[0]) || !strings.HasSuffix(model.Fold(before), "group") || !utf8.ValidString(parts[1]) {
		return "", false
	}
	return parts[1], model.Trim(parts[1]) != ""
}

// successorGroup is the group of the target that has the name now and that OneLogin yields, or why none is to be
// trusted.
func (c *Comparer) successorGroup(name string) (t int32, why string) {
	t = model.None
	for i := range c.Target.Groups {
		switch g := &c.Target.Groups[i]; {
		case model.LookAlike(g.Name, name):
			return model.None, fmt.Sprintf("the name of the group %s looks like %s, and which of the two it was "+
				"cannot be told", distinctFrom(g.Name, name), model.Visible(name))
		case !model.SameName(g.Name, name):
		case t != model.None:
			return model.None, "several groups are called " + model.Visible(name)
		default:
			t = int32(i)
		}
	}
	for i := range c.Source.Groups {
		if g := &c.Source.Groups[i]; model.LookAlike(g.Name, name) {
			return model.None, fmt.Sprintf("OneLogin yields a group whose name looks like it, %s, and which of the "+
				"two it was cannot be told", distinctFrom(g.Name, name))
		}
	}
	if t == model.None {
		return model.None, "no group is called " + model.Visible(name) + " at the target; it has to be made again first"
	}
	s := c.Groups.ToSource[t]
	switch {
	case s == model.None || c.Groups.Contests[s] != nil || c.Groups.IsLookAlike(s) ||
		!model.SameName(c.Source.Groups[s].Name, name):
		return t, "OneLogin does not yield " + model.Visible(name) +
			", so that nobody says that the group should have anything"
	case c.Source.Groups[s].Expectation != model.Expected:
		return t, "OneLogin yields " + model.Visible(name) + " for nobody now"
	}
	return t, ""
}

func distinctFrom(name, from string) string {
	_, other := model.Distinct(from, name)
	return other
}
