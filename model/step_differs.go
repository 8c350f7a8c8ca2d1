package model

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// named gives every place of a step that names another step or itself, but for its request: those on which it waits and
// whose records it needs, and those that say what was made or whom it is about.
func (s *Step) named() (needs, says []*string) {
	conditions := func(list []Condition) (out []*string) {
		for i := range list {
			out = append(append(out, &list[i].Ref), refsOf(list[i].Users)...)
		}
		return out
	}
	says = append(conditions(s.Afterwards), refsOf(s.Members)...)
	if s.Group != nil {
		says = append(says, &s.Group.Ref)
	}
	return conditions(s.Precondition), says
}

func refsOf(members []Member) (out []*string) {
	for i := range members {
		out = append(out, &members[i].Ref)
	}
	return out
}

// Renamed gives a step with other names for the steps that it refers to, and for itself. The error is for one without
// a name.
func (s *Step) Renamed(names map[string]string) (Step, error) {
	var missing error
	name := func(id string) string {
		if id != "" && names[id] == "" {
			missing = fmt.Errorf("it refers to %s, which has no counterpart", Visible(id))
		}
		return names[id]
	}
	out := *s
	out.ID, out.After, out.Members = name(s.ID), slices.Clone(s.After), slices.Clone(s.Members)
	out.Precondition, out.Afterwards = slices.Clone(s.Precondition), slices.Clone(s.Afterwards)
	for _, list := range [][]Condition{out.Precondition, out.Afterwards} {
		for i := range list {
			list[i].Users = slices.Clone(list[i].Users)
		}
	}
	if s.Group != nil {
		group := *s.Group
		out.Group = &group
	}
	for i := range out.After {
		out.After[i] = name(out.After[i])
	}
	needs, says := out.named()
	for _, ref := range slices.Concat(needs, says) {
		*ref = name(*ref)
	}
	if s.Request != nil {
		request, err := s.Request.RenameRefs(func(ref string) (string, error) { return name(ref), nil })
		if err != nil {
			return out, err
		}
		out.Request = &request
	}
	return out, missing
}

// Differs says in what two steps differ that may change something, as a phrase; "" if in nothing.
func (s *Step) Differs(other *Step) string {
	switch {
	case s.ID != other.ID:
		return "it has another place"
	case s.Repair != other.Repair || s.Channel != other.Channel || s.Finding != other.Finding ||
		!slices.Equal(s.Findings, other.Findings):
		return "it ends other findings"
	case s.Subject != other.Subject || !reflect.DeepEqual(s.Group, other.Group):
		return fmt.Sprintf("it is about %s, not %s", s.about(), other.about())
	case !reflect.DeepEqual(s.Members, other.Members):
		return "it is about others: " + changeOf(memberNames(other.Members), memberNames(s.Members))
	case !sameRequest(s.Request, other.Request):
		return "it would send something else"
	case !reflect.DeepEqual(s.Handoff, other.Handoff):
		return "it leads to another page"
	case (s.BlastRadius == nil) != (other.BlastRadius == nil):
		return "who loses something is told of one of them only"
	case s.BlastRadius != nil && s.BlastRadius.differs(other.BlastRadius) != "":
		return s.BlastRadius.differs(other.BlastRadius)
	case s.Takes != other.Takes || s.Grants != other.Grants || s.Counts != other.Counts || s.Own != other.Own:
		return "it counts other things"
	case !slices.Equal(s.After, other.After):
		return "it waits for other steps"
	}
	return cmp.Or(conditionsDiffer(other.Precondition, s.Precondition),
		conditionsDiffer(other.Afterwards, s.Afterwards))
}

// differs says who loses something by one of two steps only; why more may do so is told in other words by each service.
func (b *BlastRadius) differs(other *BlastRadius) string {
	why := cmp.Or(changeOf(other.Members, b.Members), changeOf(other.Groups, b.Groups),
		changeOf(other.Assignments, b.Assignments))
	if why == "" && (b.Unknown == "") != (other.Unknown == "") {
		why = "whether others lose something is known of one of them only: " + cmp.Or(b.Unknown, other.Unknown)
	}
	return why
}

func (s *Step) about() string {
	said := fmt.Sprintf("the %s %s (%s)", s.Subject.Type, Visible(s.Subject.Name),
		Visible(cmp.Or(s.Subject.TargetID, s.Subject.SourceID)))
	if s.Group != nil {
		said += fmt.Sprintf(" in %s (%s)", Visible(s.Group.Name), Visible(cmp.Or(s.Group.ID, s.Group.Ref)))
	}
	return said
}

func memberNames(list []Member) (names []string) {
	for _, m := range list {
		names = append(names, cmp.Or(m.UserName, m.ID))
	}
	return names
}

// changeOf says who came and who went; "" if nobody did.
func changeOf(before, now []string) string {
	var said []string
	for _, change := range []struct {
		sign       string
		list, less []string
	}{{"+ ", now, before}, {"− ", before, now}} {
		for _, name := range change.list {
			if !slices.Contains(change.less, name) {
				said = append(said, change.sign+Visible(name))
			}
		}
	}
	return FirstOf(said, 5)
}

// conditionsDiffer says which condition is another one.
func conditionsDiffer(before, now []Condition) string {
	if reflect.DeepEqual(before, now) {
		return ""
	}
	for i := range before {
		if !slices.ContainsFunc(now, func(s Condition) bool { return reflect.DeepEqual(s, before[i]) }) {
			return fmt.Sprintf("it does not rest on %s any more", before[i].said())
		}
	}
	for i := range now {
		if !slices.ContainsFunc(before, func(s Condition) bool { return reflect.DeepEqual(s, now[i]) }) {
			return fmt.Sprintf("it rests on %s too", now[i].said())
		}
	}
	return "it rests on the same in another order"
}

func (s *Condition) said() string {
	words := []string{string(s.Fact), s.Name, s.Field, s.Value}
	return Visible(strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
}

// sameRequest reports whether two requests are the same on the wire.
func sameRequest(a, b *Request) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Service == b.Service && a.Method == b.Method && a.Path == b.Path && maps.Equal(a.Headers, b.Headers) &&
		bytes.Equal(compactBody(a.Body), compactBody(b.Body))
}
