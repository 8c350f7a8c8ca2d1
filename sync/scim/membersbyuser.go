package scim

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/scimdrift/scimdrift/model"
)

// byUser asks for the groups of each user, which is fewer requests where groups are many and users few.
func (m *memberRead) byUser(ctx context.Context) ([]model.MemberList, model.Coverage) {
	answers := make([][]string, len(m.users))
	var err error
	answers[0], err = askFirst(ctx, m.c, &m.style, m.groupsOf(0), m.c.decodeGroupID)
	switch {
	case refused(err) && len(answers[0]) == 0:
		return unknownMembers(len(m.groups), cannotList)
	case err != nil:
		return unknownMembers(len(m.groups), m.c.reason(err))
	case len(m.groups) > 1 && len(answers[0]) >= len(m.groups):
		if against := m.c.tryFilter(ctx, m.style, ofGroups, groupsFilter); against != "" {
			return unknownMembers(len(m.groups), against)
		}
	}
	m.told.tell(1, len(m.users))
	errs := each(ctx, len(m.users)-1, func(ctx context.Context, i int) (err error) {
		answers[i+1], err = ask(ctx, m.c, m.style, m.groupsOf(i+1), m.c.decodeGroupID)
		return err
	}, func(done int) { m.told.tell(done+1, len(m.users)) })
	lists, coverage := m.turn(answers, errs)
	if m.askEmpty(ctx, lists) && coverage.Complete() {
		coverage = coverageOf(lists)
	}
	return lists, coverage
}

// groupsOf lists the groups of a user, by index.
func (m *memberRead) groupsOf(user int) list {
	return list{what: "groups of a user", of: ofGroups, filter: equals(groupsFilter, m.users[user].ID)}
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
	listed, strangers := m.c.seen.lastGroups(), map[string]bool{}
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
		reason = fmt.Sprintf("the groups of %d of %d users could not be read, and they may be in any group: %s", failed, len(m.users), reason)
		for g := range lists {
			lists[g].Unknown = reason
		}
		return lists, model.PartialCoverage(reason)
	case len(strangers) > 0:
		return lists, model.PartialCoverage(fmt.Sprintf("users are in %d groups that the list of groups did not show; reload to see them", len(strangers)))
	}
	return lists, model.CompleteCoverage()
}
