package scim

import (
	"context"
	"encoding/json"
	"fmt"

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
	ask := func(ctx context.Context, g int) (err error) {
		answers[g], err = readOnce(ctx, m.c, membersList(m.groups[g].ID), decode)
		if err == nil && len(answers[g]) == 0 && m.expect.of(g) >= 1 { // an answer may go empty by mistake
			answers[g], err = readOnce(ctx, m.c, membersList(m.groups[g].ID), decode)
		}
		return err
	}
	// The first answer comes alone: it tells whether there is any use in asking the others.
	failed := ask(ctx, 0)
	against, tested := "", m.everybody(0, answers[0])
	switch {
	case refused(failed):
		against = cannotList
	case transport.Final(ctx, failed):
		against = m.c.reason(failed)
	case tested:
		against = m.tryFilter(ctx)
	}
	if against != "" {
		return m.unknown(against)
	}
	errs := transport.Each(ctx, len(m.groups), inFlight, func(ctx context.Context, g int) error {
		if g == 0 {
			return failed
		}
		return ask(ctx, g)
	}, func(done int) { m.told.tell(done, len(m.groups)) })
	for g := 1; g < len(answers) && !tested; g++ {
		if tested = m.everybody(g, answers[g]); tested {
			against = m.tryFilter(ctx)
		}
	}
	lists, coverage, extra := m.collect(answers, errs, known)
	if against == "" {
		against = m.againstEmpty(ctx, lists, false)
		m.c.seen.judge(against)
	}
	if against != "" {
		return m.unknown(against)
	}
	return lists, coverage, extra
}

func (m *memberRead) unknown(reason string) ([]model.MemberList, model.Coverage, []model.User) {
	lists, coverage := unknownMembers(len(m.groups), reason)
	return lists, coverage, nil
}

// everybody reports whether a group shows everybody though it is not known to have as many: a filter that is ignored
// would do so.
func (m *memberRead) everybody(group int, members []member) bool {
	return len(m.users) > 1 && len(members) >= len(m.users) && len(members) != m.expect.of(group)
}

// tryFilter puts the filter to the test; questions about single groups go by the verdict.
func (m *memberRead) tryFilter(ctx context.Context) (against string) {
	against = m.c.tryFilter(ctx, ofUsers, membersFilter)
	m.c.seen.judge(against)
	return against
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
	if against := m.againstEmpty(ctx, lists, true); against != "" {
		return unknownMembers(len(m.groups), against)
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
