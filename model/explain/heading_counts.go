package explain

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

type counts struct {
	users, groups, members int
	// unread: the members of a group are not known.
	unread bool
	of     Scale
}

func countOf(findings []*model.Finding, of Scale) counts {
	n := counts{of: of}
	for _, f := range findings {
		switch f.Subject.Type { //nolint:exhaustive // rules and the connection are counted as findings only
		case model.SubjectUser:
			n.users++
		case model.SubjectGroup:
			n.groups++
			n.members += len(f.Members)
			n.unread = n.unread || f.MembersUnknown != ""
		}
	}
	return n
}

// share is a number with its words, of how many where it is most of them; empty for none.
func share(n, all int, one, many string) string {
	switch {
	case n == 0:
		return ""
	case n == all && most(n, all):
		return "all " + model.Counted(n, one, many)
	case n < all && most(n, all):
		return model.Number(n) + " of " + model.Counted(all, one, many)
	}
	return model.Counted(n, one, many)
}

func (n counts) people(one, many string) string { return share(n.users, n.of.People, one, many) }

func (n counts) subjects() string {
	people, groups := n.people("person", "people"), share(n.groups, n.of.Groups, "group", "groups")
	if strings.HasPrefix(people, "all ") {
		groups = strings.TrimPrefix(groups, "all ")
	}
	return joinedBy(" and ", people, groups)
}

// under is a cause with whom it hits, or alone with more words.
func (n counts) under(cause, alone string) string {
	if n.users+n.groups == 0 {
		return cause + alone
	}
	return cause + ": " + n.subjects()
}

func (n counts) memberships() string {
	if n.unread {
		return "memberships not known"
	}
	return model.Counted(n.members, "membership", "memberships")
}

// that says what is so of the subjects, in the singular or plural.
func (n counts) that(one, many string) string {
	if n.users+n.groups == 1 {
		return n.subjects() + one
	}
	return n.subjects() + many
}
