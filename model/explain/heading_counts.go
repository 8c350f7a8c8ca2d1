package explain

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

type counts struct {
	users, groups, members int
	// membersUnread: the members of a group are not known.
	membersUnread bool
	scale         Scale
}

func countOf(findings []*model.Finding, of Scale) counts {
	n := counts{scale: of}
	for _, f := range findings {
		switch f.Subject.Type { //nolint:exhaustive // rules and the connection are counted as findings only
		case model.SubjectUser:
			n.users++
		case model.SubjectGroup:
			n.groups++
			n.members += len(f.Members)
			n.membersUnread = n.membersUnread || f.MembersUnknown != ""
		}
	}
	return n
}

// countOfTotal is a number with its words, of how many where it is most of them; empty for none.
func countOfTotal(n, all int, one, many string) string {
	switch {
	case n == 0:
		return ""
	case n == all && isMost(n, all):
		return "all " + model.Counted(n, one, many)
	case n < all && isMost(n, all):
		return model.Number(n) + " of " + model.Counted(all, one, many)
	}
	return model.Counted(n, one, many)
}

func (n counts) people(one, many string) string {
	return countOfTotal(n.users, n.scale.People, one, many)
}

func (n counts) subjects() string {
	people, groups := n.people("person", "people"), countOfTotal(n.groups, n.scale.Groups, "group", "groups")
	if strings.HasPrefix(people, "all ") {
		groups = strings.TrimPrefix(groups, "all ")
	}
	return joinNonEmpty(" and ", people, groups)
}

// causeWithSubjects is a cause with whom it hits, or alone with more words.
func (n counts) causeWithSubjects(cause, alone string) string {
	if n.users+n.groups == 0 {
		return cause + alone
	}
	return cause + ": " + n.subjects()
}

func (n counts) memberships() string {
	if n.membersUnread {
		return "memberships not known"
	}
	return model.Counted(n.members, "membership", "memberships")
}

// subjectsWithVerb says what is so of the subjects, in the singular or plural.
func (n counts) subjectsWithVerb(one, many string) string {
	if n.users+n.groups == 1 {
		return n.subjects() + one
	}
	return n.subjects() + many
}
