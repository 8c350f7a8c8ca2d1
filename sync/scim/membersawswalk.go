package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// membershipAnswers are the lists of all groups, whom they show beside the listed users, and why none is believed.
type membershipAnswers struct {
	lists    []model.MemberList
	coverage model.Coverage
	extra    []model.User
	distrust string
}

func (m *memberRead) readByGroup(ctx context.Context) membershipAnswers {
	known := model.By(m.users, func(u *model.User) string { return u.ID })
	decode := decodeMember(known)
	answers := make([][]member, len(m.groups))
	ask := func(ctx context.Context, g int) (err error) {
		answers[g], err = readOnce(ctx, m.c, membersList(m.groups[g].ID), decode)
		if err == nil && len(answers[g]) == 0 && m.expect.sizeOf(g) >= 1 { // an answer may go empty by mistake
			answers[g], err = readOnce(ctx, m.c, membersList(m.groups[g].ID), decode)
		}
		return err
	}
	tested := false
	test := func() error {
		for g := range answers {
			if !tested && m.showsEverybody(g, answers[g]) {
				tested = true
				return m.c.filterDistrust(ctx, ofUsers)
			}
		}
		return nil
	}
	errs, against := m.askAll(ctx, len(m.groups), ask, test)
	if err := test(); err != nil {
		against = m.c.reason(err)
	}
	if against != "" {
		return membershipAnswers{distrust: against}
	}
	found := m.collect(answers, errs, known)
	found.distrust = m.whyNotAllEmpty(ctx, found.lists, false)
	m.c.observed.update(func() { m.c.observed.emptinessDoubt = found.distrust })
	return found
}

// askAll asks questions, the first one alone: it tells whether there is any use in asking the others.
func (m *memberRead) askAll(
	ctx context.Context, n int, ask func(ctx context.Context, i int) error, test func() error,
) (errs []error, against string) {
	first := ask(ctx, 0)
	switch {
	case isRefusedRequest(first):
		return nil, cannotList
	case transport.IsFinal(ctx, first), transport.StatusOf(first) == http.StatusForbidden: // AWS has one right for all
		return nil, m.c.reason(first)
	}
	if err := test(); err != nil {
		return nil, m.c.reason(err)
	}
	return transport.Each(ctx, n, inFlight, func(ctx context.Context, i int) error {
		if i == 0 {
			return first
		}
		return ask(ctx, i)
	}, func(done int) { m.progress.report(done, n) }), ""
}

// showsEverybody: a group shows everybody though not as many are expected, as by a filter that is ignored.
func (m *memberRead) showsEverybody(group int, members []member) bool {
	return nearlyAll(len(members), len(m.users)) && len(members) != m.expect.sizeOf(group)
}

// nearlyAll: an answer shows all of several records that were listed, but for some that may have gone since.
func nearlyAll(shown, listed int) bool {
	const share = 0.9
	return listed > 1 && float64(shown) >= share*float64(listed)
}

// collect turns answers into lists, and picks out the users that the user list did not have.
func (m *memberRead) collect(answers [][]member, errs []error, known map[string]member) membershipAnswers {
	lists := make([]model.MemberList, len(answers))
	var extra []model.User
	for g, answer := range answers {
		lists[g].IDs = memberIDs(answer)
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
	return membershipAnswers{lists: lists, coverage: model.CoverageOfMembers(lists), extra: extra}
}

// readByUser asks for the groups of each user, which is fewer requests where groups are many and users few.
func (m *memberRead) readByUser(ctx context.Context) (found membershipAnswers) {
	answers := make([][]string, len(m.users))
	errs, against := m.askAll(ctx, len(m.users), func(ctx context.Context, i int) (err error) {
		answers[i], err = readOnce(ctx, m.c, groupsList(m.users[i].ID), m.c.decodeGroupID)
		return err
	}, func() error {
		if nearlyAll(len(answers[0]), len(m.groups)) {
			return m.c.filterDistrust(ctx, ofGroups)
		}
		return nil
	})
	if against != "" {
		return membershipAnswers{distrust: against}
	}
	found.lists, found.coverage = m.listsByGroup(answers, errs)
	found.distrust = m.whyNotAllEmpty(ctx, found.lists, true)
	return found
}

func (c *Client) decodeGroupID(raw json.RawMessage) (string, string, error) {
	id, _, err := c.decodeGroup(raw)
	return id, id, err
}

// listsByGroup makes the groups' lists of the users' ones. If a single user could not be read, any group may lack that
// user.
func (m *memberRead) listsByGroup(answers [][]string, errs []error) ([]model.MemberList, model.Coverage) {
	index := make(map[string]int, len(m.groups))
	for g := range m.groups {
		index[m.groups[g].ID] = g
	}
	lists := make([]model.MemberList, len(m.groups))
	// Groups that were listed and are not asked about are ignored by configuration; others came or were skipped.
	listed, strangers := m.c.observed.snapshot().groups, map[string]bool{}
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
