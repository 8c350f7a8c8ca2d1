package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

const (
	// halfPage divides the sizes of AWS's pages, 50 and 100 rows: an answer of just so many may have lost its nextCursor.
	halfPage = 50
	// maxOtherWay bounds the users who are asked for their groups to confirm that no group has members.
	maxOtherWay = 25
)

// suspicious reports whether an answer deserves a second look: empty where the source expects somebody, or ending just where
// a page ends though more are expected. A sound target has few such groups, and only they cost a request.
func (m *memberRead) suspicious(group, members int) bool {
	expected := m.expect.of(group)
	return expected >= 1 && members == 0 || members > 0 && members%halfPage == 0 && expected > members
}

// lookAgain asks once more for the members of suspicious groups, and takes the longer answer. If every group that should
// have members stays empty, it is the filter that does not work: the reason is given, unless the groups of the users say
// the same.
func (m *memberRead) lookAgain(
	ctx context.Context, answers [][]member, errs []error, decode func(json.RawMessage) (string, member, error),
) (against string) {
	var suspects []int
	for g := range m.groups {
		if errs[g] == nil && m.suspicious(g, len(answers[g])) {
			suspects = append(suspects, g)
		}
	}
	for i, err := range each(ctx, len(suspects), func(ctx context.Context, i int) error {
		g := suspects[i]
		again, err := ask(ctx, m.c, m.style, membersList(m.groups[g].ID), decode)
		if len(again) > len(answers[g]) {
			answers[g] = again
		}
		return err
	}, func(int) {}) {
		errs[suspects[i]] = err
	}
	empty := 0
	for g := range m.groups {
		if m.expect.of(g) < 1 || errs[g] != nil {
			continue
		}
		if len(answers[g]) > 0 {
			return "" // the filter works
		}
		empty++
	}
	if empty == 0 || m.confirmedByUser(ctx) {
		return ""
	}
	return fmt.Sprintf("%d groups should have members and none shows any, as if the filter for members did not work; "+
		"the AWS lens can read them: configure [connections.NAME.aws]", empty)
}

// confirmedByUser asks the other way round, where users are few: none of them is in a group that should have members.
func (m *memberRead) confirmedByUser(ctx context.Context) bool {
	if len(m.users) > maxOtherWay || !m.c.seen.lastUsers().complete {
		return false
	}
	expected := map[string]bool{}
	for g := range m.groups {
		expected[m.groups[g].ID] = m.expect.of(g) >= 1
	}
	in := make([]bool, len(m.users))
	errs := each(ctx, len(m.users), func(ctx context.Context, i int) error {
		groups, err := ask(ctx, m.c, m.style, m.groupsOf(i), m.c.decodeGroupID)
		in[i] = slices.ContainsFunc(groups, func(id string) bool { return expected[id] })
		return err
	}, func(int) {})
	return !slices.Contains(in, true) && !slices.ContainsFunc(errs, func(err error) bool { return err != nil })
}

// askEmpty asks for the members of groups in which no user is though the source expects some. Where the two ways disagree,
// or the other one fails, the group is unknown.
func (m *memberRead) askEmpty(ctx context.Context, lists []model.MemberList) (changed bool) {
	var suspects []int
	for g := range lists {
		if lists[g].Unknown == "" && len(lists[g].IDs) == 0 && m.expect.of(g) >= 1 {
			suspects = append(suspects, g)
		}
	}
	members := make([]int, len(suspects))
	for i, err := range each(ctx, len(suspects), func(ctx context.Context, i int) error {
		again, err := ask(ctx, m.c, m.style, membersList(m.groups[suspects[i]].ID), decodeMember(nil))
		members[i] = len(again)
		return err
	}, func(int) {}) {
		switch list := &lists[suspects[i]]; {
		case members[i] > 0:
			list.Unknown, changed = fmt.Sprintf("no user shows this group and the group shows %d members; reload to try again", members[i]), true
		case err != nil:
			list.Unknown, changed = "it shows no members, and a second question failed: "+m.c.reason(err), true
		}
	}
	return changed
}
