package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const (
	// halfPage divides the sizes of AWS's pages, 50 and 100 rows: an answer of just so many may have lost its
	// nextCursor.
	halfPage = 50
	// maxOtherWay bounds the users who are asked for their groups to confirm that no group has members.
	maxOtherWay = 25
)

// suspicious reports whether an answer deserves a second look: empty where the source expects somebody, or ending just
// where a page ends though more are expected. A sound target has few such groups, and only they cost a request.
func (m *memberRead) suspicious(group, members int) bool {
	expected := m.expect.of(group)
	return expected >= 1 && members == 0 || members > 0 && members%halfPage == 0 && expected > members
}

// lookAgain asks once more for the members of suspicious groups, and takes the longer answer. If every group stays
// empty, it may be the filter that does not work: the reason is given, unless the groups of the users say the same.
func (m *memberRead) lookAgain(
	ctx context.Context, answers [][]member, errs []error, decode func(json.RawMessage) (string, member, error),
) (against string) {
	var suspects []int
	for g := range m.groups {
		if errs[g] == nil && m.suspicious(g, len(answers[g])) {
			suspects = append(suspects, g)
		}
	}
	for i, err := range transport.Each(ctx, len(suspects), inFlight, func(ctx context.Context, i int) error {
		g := suspects[i]
		again, err := readOnce(ctx, m.c, membersList(m.groups[g].ID), decode)
		if len(again) > len(answers[g]) {
			answers[g] = again
		}
		return err
	}, nil) {
		errs[suspects[i]] = err
	}
	empty, expected := 0, 0
	for g := range m.groups {
		if errs[g] != nil {
			continue
		}
		if len(answers[g]) > 0 {
			return "" // the filter works
		}
		empty++
		if m.expect.of(g) >= 1 {
			expected++
		}
	}
	if empty == 0 || len(m.users) == 0 {
		return ""
	}
	in, whole := m.asUsersHaveIt(ctx, expected > 0)
	switch {
	case in == "" && whole:
		return m.answersNothing(ctx, expected)
	case in != "":
		return fmt.Sprintf("no group shows a member, and the groups of %s say otherwise; read again, or configure "+
			"the AWS lens, [connections.NAME.aws]", model.Visible(in))
	case expected > 0:
		return fmt.Sprintf("%d groups should have members and none shows any, as if the filter for members did not "+
			"work; the AWS lens can read them: configure [connections.NAME.aws]", expected)
	}
	return "no group shows a member, and the groups of users could not be read to confirm it; the AWS lens can read " +
		"them: configure [connections.NAME.aws]"
}

// answersNothing gives why groups that all stay empty are not believed where somebody is expected in one: the control
// is a filter of another kind, because no member is known to ask for, and an endpoint that finds nothing by whatever
// filter says no to everything.
func (m *memberRead) answersNothing(ctx context.Context, expected int) (against string) {
	if expected == 0 || m.c.filterWorks(ctx, ofUsers, "userName") {
		return ""
	}
	return "no group shows a member, and a search by userName does not find a user who is there, so that filters " +
		"prove nothing here; read again"
}

// asUsersHaveIt asks the other way round: in gives a user who is in one of the groups. whole says that the answers are
// enough to believe that nobody is: those of a few active users where nobody is expected anywhere, those of all where
// somebody is.
func (m *memberRead) asUsersHaveIt(ctx context.Context, expected bool) (in string, whole bool) {
	var users []int
	all := expected && len(m.users) <= maxOtherWay && m.c.seen.now().users.complete
	for u := range m.users {
		if all || m.users[u].Active && len(users) < few {
			users = append(users, u)
		}
	}
	if expected && !all {
		return "", false
	}
	ours := make(map[string]bool, len(m.groups))
	for g := range m.groups {
		ours[m.groups[g].ID] = true
	}
	is := make([]bool, len(users))
	errs := transport.Each(ctx, len(users), inFlight, func(ctx context.Context, i int) error {
		groups, err := readOnce(ctx, m.c, groupsList(m.users[users[i]].ID), m.c.decodeGroupID)
		is[i] = slices.ContainsFunc(groups, func(id string) bool { return ours[id] })
		return err
	}, nil)
	if at := slices.Index(is, true); at >= 0 {
		return m.users[users[at]].UserName, false
	}
	return "", !slices.ContainsFunc(errs, func(err error) bool { return err != nil })
}

// askEmpty asks for the members of groups in which no user is though the source expects some, and of a few where nobody
// is in any. Where the two ways disagree, or the other one fails, the group is unknown.
func (m *memberRead) askEmpty(ctx context.Context, lists []model.MemberList) (changed bool) {
	var suspects []int
	nobody := !slices.ContainsFunc(lists, func(l model.MemberList) bool { return len(l.IDs) > 0 })
	for g := range lists {
		if lists[g].Unknown == "" && len(lists[g].IDs) == 0 && (m.expect.of(g) >= 1 || nobody && len(suspects) < few) {
			suspects = append(suspects, g)
		}
	}
	against := ""
	if nobody && len(suspects) > 0 {
		expected := 0
		for g := range lists {
			expected = max(expected, m.expect.of(g))
		}
		against = m.answersNothing(ctx, expected)
	}
	members := make([]int, len(suspects))
	for i, err := range transport.Each(ctx, len(suspects), inFlight, func(ctx context.Context, i int) error {
		again, err := readOnce(ctx, m.c, membersList(m.groups[suspects[i]].ID), decodeMember(nil))
		members[i] = len(again)
		return err
	}, nil) {
		switch list := &lists[suspects[i]]; {
		case members[i] > 0:
			list.Unknown, changed = fmt.Sprintf("no user shows this group and the group shows %d members; reload to "+
				"try again", members[i]), true
		case err != nil:
			list.Unknown, changed = "it shows no members, and a second question failed: "+m.c.reason(err), true
		}
	}
	if at := slices.IndexFunc(members, func(n int) bool { return n > 0 }); nobody && at >= 0 {
		// Then it is no one group that is wrong, but the filter by which none shows anybody.
		for g := range lists {
			lists[g].Unknown = lists[suspects[at]].Unknown
		}
	}
	for g := range lists {
		if against != "" && lists[g].Unknown == "" {
			lists[g].Unknown, changed = against, true
		}
	}
	return changed
}
