package scim

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// question is one that asks the other way round, and what the record is called that it is about.
type question struct {
	list

	about string
}

// whyNotAllEmpty gives why it is not believed that no group has a member, "" where one has: asked the other way round
// somebody is in one, or the answers are not enough, or an endpoint finds nothing by whatever filter. A filter that
// went blind would make every group look deletable.
func (m *memberRead) whyNotAllEmpty(ctx context.Context, lists []model.MemberList, byUser bool) string {
	ours := map[string]bool{}
	for g := range lists {
		switch {
		case len(lists[g].IDs) > 0:
			return ""
		case lists[g].Unknown == "":
			ours[m.groups[g].ID] = true
		}
	}
	if len(ours) == 0 || len(m.users) == 0 {
		return ""
	}
	asked := m.sampleUsers()
	if byUser {
		asked = m.sampleGroups()
	}
	otherwise := make([]bool, len(asked))
	errs := transport.Each(ctx, len(asked), inFlight, func(ctx context.Context, i int) error {
		rows, err := readOnce(ctx, m.c, asked[i].list, decodeKeys(asked[i].collection))
		otherwise[i] = slices.ContainsFunc(rows, func(r row) bool { return byUser || ours[r.id] })
		return err
	}, nil)
	if at := slices.Index(otherwise, true); at >= 0 {
		return fmt.Sprintf("no group shows a member, and the memberships of %s say otherwise; read again, or "+
			"configure the AWS lens, [connections.NAME.aws]", model.Visible(asked[at].about))
	}
	if slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
		return "no group shows a member, and asking the other way round failed, which would confirm it; the AWS lens " +
			"can read them: configure [connections.NAME.aws]"
	}
	// No member is known to ask for, so that the control is a filter of another kind.
	if !m.c.filterWorks(ctx, ofUsers, "userName") {
		return "no group shows a member, and a search by userName does not find a user who is there, so that filters " +
			"prove nothing here; read again"
	}
	return ""
}

// sampleUsers are active ones first.
func (m *memberRead) sampleUsers() (asked []question) {
	for _, active := range []bool{true, false} {
		for i := range m.users {
			if u := &m.users[i]; u.Active == active && len(asked) < maxExamples {
				asked = append(asked, question{groupsList(u.ID), u.UserName})
			}
		}
	}
	return asked
}

// sampleGroups are those in which most are expected.
func (m *memberRead) sampleGroups() (asked []question) {
	order := make([]int, len(m.groups))
	for g := range order {
		order[g] = g
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.expect.sizeOf(b), m.expect.sizeOf(a)) })
	for _, g := range order[:min(len(order), maxExamples)] {
		asked = append(asked, question{membersList(m.groups[g].ID), m.groups[g].Name})
	}
	return asked
}
