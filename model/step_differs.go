package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// stepRefs gives every place of a step that names another step or itself, but for its request: those on which it waits
// and whose records it needs, and those that say what was made or whom it is about.
func (s *Step) stepRefs() (needs, says []*string) {
	conditions := func(list []Condition) (out []*string) {
		for i := range list {
			out = append(append(out, &list[i].Ref), memberRefs(list[i].Users)...)
		}
		return out
	}
	says = append(conditions(s.Afterwards), memberRefs(s.Members)...)
	if s.Group != nil {
		says = append(says, &s.Group.Ref)
	}
	return conditions(s.Precondition), says
}

func memberRefs(members []Member) (out []*string) {
	for i := range members {
		out = append(out, &members[i].Ref)
	}
	return out
}

// Renamed gives a step with other names for the steps that it names, itself too. One without a name is an error.
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
		out.Group = new(*s.Group)
	}
	for i := range out.After {
		out.After[i] = name(out.After[i])
	}
	needs, says := out.stepRefs()
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

// comparedStepParts are the keys of a step's JSON, those first that say most of another step, with what they are
// called.
var comparedStepParts = []struct{ key, called string }{ //nolint:gochecknoglobals // a constant table
	{"id", "place"},
	{"repair", "repair"},
	{"channel", "channel"},
	{"finding", "finding"},
	{"findings", "list of findings"},
	{"subject", "subject"},
	{"group", "group"},
	{"members", "list of members with their ids"},
	{"request", "request"},
	{"handoff", "page"},
	{"blast_radius", "blast radius"},
	{"takes", "kind of effect"},
	{"grants", "kind of effect"},
	{"counts", "count"},
	{"own", "owner"},
	{"after", "list of steps to wait for"},
	{"precondition", "precondition"},
	{"afterwards", "proof"},
	{"undoes", "undone step"},
}

// Differs says in what two steps differ that may change something, as a phrase; "" if in nothing.
func (s *Step) Differs(other *Step) string {
	mine, err := s.jsonParts()
	theirs, otherErr := other.jsonParts()
	if err != nil || otherErr != nil {
		return "its request cannot be read"
	}
	for _, part := range comparedStepParts {
		if bytes.Equal(mine[part.key], theirs[part.key]) {
			continue
		}
		change := ""
		switch {
		case part.key == "members":
			change = listChanges(MemberNames(other.Members), MemberNames(s.Members))
		case part.key == "blast_radius" && s.BlastRadius != nil && other.BlastRadius != nil:
			change = s.BlastRadius.difference(other.BlastRadius)
		}
		return cmp.Or(change, "its "+part.called+" is another")
	}
	return ""
}

// jsonParts are what a step says by the keys of its JSON, but for what is said otherwise at another time: how sure its
// finding is, and why more may lose something.
func (s *Step) jsonParts() (parts map[string]json.RawMessage, err error) {
	says := *s
	if s.BlastRadius != nil && s.BlastRadius.Unknown != "" {
		b := *s.BlastRadius
		b.Unknown = "not known"
		says.BlastRadius = &b
	}
	text, err := json.Marshal(&says)
	if err == nil {
		err = json.Unmarshal(text, &parts)
	}
	return parts, err
}

// difference says who loses something by one of two steps only; why more may do so is told in other words by each
// service.
func (b *BlastRadius) difference(other *BlastRadius) string {
	why := cmp.Or(listChanges(other.Members, b.Members), listChanges(other.Groups, b.Groups),
		listChanges(other.Assignments, b.Assignments))
	if why == "" && (b.Unknown == "") != (other.Unknown == "") {
		why = "whether others lose something is known of one of them only: " + cmp.Or(b.Unknown, other.Unknown)
	}
	return why
}

// MemberNames are what users are called, by their ids where they have no name.
func MemberNames(list []Member) []string {
	return Map(list, func(m *Member) string { return cmp.Or(m.UserName, m.ID) })
}

// listChanges says who came and who went; "" if nobody did.
func listChanges(before, now []string) string {
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
