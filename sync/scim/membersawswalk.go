package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

func (m *memberRead) byGroup(ctx context.Context) ([]model.MemberList, model.Coverage, []model.User) {
	known := make(map[string]member, len(m.users))
	for i := range m.users {
		known[m.users[i].ID] = &m.users[i]
	}
	decode := decodeMember(known)
	answers := make([][]member, len(m.groups))
	// The first answer comes alone: it tells whether there is any use in asking the others.
	first := m.smallest()
	var failed error
	answers[first], failed = readOnce(ctx, m.c, membersList(m.groups[first].ID), decode)
	reason := m.hopeless(ctx, answers[first], failed, m.expect.of(first))
	if reason != "" {
		lists, coverage := unknownMembers(len(m.groups), reason)
		return lists, coverage, nil
	}
	errs := transport.Each(ctx, len(m.groups), inFlight, func(ctx context.Context, g int) (err error) {
		if g == first {
			return failed
		}
		answers[g], err = readOnce(ctx, m.c, membersList(m.groups[g].ID), decode)
		return err
	}, func(done int) { m.told.tell(done, len(m.groups)) })
	if m.allAlike(answers, errs) && !m.tried {
		if reason = m.tryFilter(ctx); reason != "" {
			lists, coverage := unknownMembers(len(m.groups), reason)
			return lists, coverage, nil
		}
	}
	if reason = m.lookAgain(ctx, answers, errs, decode); reason != "" {
		m.c.seen.judge(reason)
		lists, coverage := unknownMembers(len(m.groups), reason)
		return lists, coverage, nil
	}
	m.c.seen.judge("")
	return m.collect(answers, errs, known)
}

// smallest is the group with the fewest expected members: its answer is the cheapest, and if it shows everybody, that
// is the plainest sign of a filter that is ignored.
func (m *memberRead) smallest() (least int) {
	for i := range m.groups {
		if e := m.expect.of(i); e >= 0 && (m.expect.of(least) < 0 || e < m.expect.of(least)) {
			least = i
		}
	}
	return least
}

// hopeless gives the reason why no membership answer of this target can be believed, or nothing.
func (m *memberRead) hopeless(ctx context.Context, first []member, err error, expected int) string {
	if refused(err) {
		return cannotList
	}
	if transport.Final(ctx, err) {
		return m.c.reason(err)
	}
	if everybody := len(m.users) > 1 && len(first) >= len(m.users) && len(first) != expected; everybody {
		return m.tryFilter(ctx)
	}
	return ""
}

// tryFilter puts the filter to the test; questions about single groups go by the verdict.
func (m *memberRead) tryFilter(ctx context.Context) (against string) {
	m.tried = true
	against = m.c.tryFilter(ctx, ofUsers, membersFilter)
	m.c.seen.judge(against)
	return against
}

// allAlike reports whether every group has the same members, though not as many as expected.
func (m *memberRead) allAlike(answers [][]member, errs []error) bool {
	surprise, compared := false, 0
	var pattern []string
	for g := range answers {
		if errs[g] != nil && !isShort(errs[g]) {
			continue
		}
		these := ids(answers[g])
		slices.Sort(these)
		if compared > 0 && !slices.Equal(these, pattern) {
			return false
		}
		pattern = these
		compared++
		surprise = surprise || len(these) != m.expect.of(g)
	}
	return surprise && compared > 1 && len(pattern) > 0
}

// collect turns answers into lists, and picks out the users that the user list did not have.
func (m *memberRead) collect(
	answers [][]member, errs []error, known map[string]member,
) ([]model.MemberList, model.Coverage, []model.User) {
	lists := make([]model.MemberList, len(answers))
	var extra []model.User
	for g, answer := range answers {
		lists[g].IDs = ids(answer)
		for _, one := range answer {
			if known[one.ID] == nil {
				known[one.ID] = one
				extra = append(extra, *one)
			}
		}
		if errs[g] != nil {
			lists[g].Unknown = m.c.reason(errs[g])
		}
	}
	return lists, model.CoverageOfMembers(lists), extra
}

// byUser asks for the groups of each user, which is fewer requests where groups are many and users few.
func (m *memberRead) byUser(ctx context.Context) ([]model.MemberList, model.Coverage) {
	answers := make([][]string, len(m.users))
	var err error
	answers[0], err = readOnce(ctx, m.c, groupsList(m.users[0].ID), m.c.decodeGroupID)
	switch {
	case refused(err):
		return unknownMembers(len(m.groups), cannotList)
	case err != nil:
		return unknownMembers(len(m.groups), m.c.reason(err))
	case len(m.groups) > 1 && len(answers[0]) >= len(m.groups):
		if against := m.c.tryFilter(ctx, ofGroups, groupsFilter); against != "" {
			return unknownMembers(len(m.groups), against)
		}
	}
	m.told.tell(1, len(m.users))
	errs := transport.Each(ctx, len(m.users)-1, inFlight, func(ctx context.Context, i int) (err error) {
		answers[i+1], err = readOnce(ctx, m.c, groupsList(m.users[i+1].ID), m.c.decodeGroupID)
		return err
	}, func(done int) { m.told.tell(done+1, len(m.users)) })
	lists, coverage := m.turn(answers, errs)
	if m.askEmpty(ctx, lists) && coverage.Complete() {
		coverage = model.CoverageOfMembers(lists)
	}
	return lists, coverage
}

func (c *Client) decodeGroupID(raw json.RawMessage) (string, string, error) {
	r, err := c.decodeGroup(raw)
	return r.group.ID, r.group.ID, err
}

// turn makes the groups' lists of the users' ones. If a single user could not be read, any group may lack that user.
func (m *memberRead) turn(answers [][]string, errs []error) ([]model.MemberList, model.Coverage) {
	index := make(map[string]int, len(m.groups))
	for g := range m.groups {
		index[m.groups[g].ID] = g
	}
	lists := make([]model.MemberList, len(m.groups))
	// Groups that were listed and are not asked about are ignored by configuration; others came or were skipped.
	listed, strangers := m.c.seen.now().groups, map[string]bool{}
	for u, groups := range answers {
		for _, id := range groups {
			if g, ok := index[id]; ok {
				lists[g].IDs = append(lists[g].IDs, m.users[u].ID)
			} else if _, ignored := listed[id]; !ignored && len(listed) > 0 {
				strangers[id] = true
			}
		}
	}
	failed, reason := 0, ""
	for _, err := range errs {
		if err != nil {
			failed, reason = failed+1, m.c.reason(err) // the last may be that the others were given up
		}
	}
	switch {
	case failed > 0:
		reason = fmt.Sprintf("the groups of %d of %d users could not be read, and they may be in any group: %s", failed,
			len(m.users), reason)
		for g := range lists {
			lists[g].Unknown = reason
		}
		return lists, model.PartialCoverage(reason)
	case len(strangers) > 0:
		return lists, model.PartialCoverage(fmt.Sprintf("users are in %d groups that the list of groups did not show; "+
			"reload to see them", len(strangers)))
	}
	return lists, model.CompleteCoverage()
}
