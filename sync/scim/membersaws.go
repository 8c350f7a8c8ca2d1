package scim

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// AWS never shows members inside a group, not even when there are some; two filters of the newer generation do
// (docs.aws.amazon.com/singlesignon/latest/developerguide/getgroup.html, listusers.html, listgroups.html).
const (
	membersFilter = "groups.value"  // on /Users: the members of a group, as full users
	groupsFilter  = "members.value" // on /Groups: the groups of a user
)

// rowsPerAnswer is AWS's page under a filter.
const rowsPerAnswer = 100

const cannotList = "this endpoint cannot list the members of a group; the AWS lens can: configure " +
	"[connections.NAME.aws]"

func (m *memberRead) readAWS(ctx context.Context) ([]model.MemberList, model.Coverage, []model.User) {
	c, read := m.c, m.readByGroup
	// Reading by user is only as good as the list of users: whoever is missing there would be missing in every group.
	if c.observed.snapshot().users.complete && len(m.users) > 0 && len(m.users) < m.callsByGroup() {
		read = m.readByUser
	}
	found := read(ctx)
	if found.distrust != "" {
		lists, coverage := unknownMembers(len(m.groups), found.distrust)
		return lists, coverage, nil
	}
	pairs := samples{} // by which the filter is put to the test before it says no
	for g, list := range found.lists {
		if len(list.IDs) > 0 {
			pairs.addSample(questionKind{ofGroups, groupsFilter}, m.groups[g].ID, list.IDs[0])
		}
	}
	c.observed.addSamples(pairs)
	return found.lists, found.coverage, found.extra
}

type memberRead struct {
	c        *Client
	users    []model.User
	groups   []model.Group
	expect   estimates
	progress progress
}

// estimates are the expected sizes of groups, by index; they may be short.
type estimates []int

func (e estimates) sizeOf(group int) int {
	if group < len(e) && e[group] >= 0 {
		return e[group]
	}
	return -1
}

func (m *memberRead) callsByGroup() (calls int) {
	for i := range m.groups {
		calls += max(1, (m.expect.sizeOf(i)+rowsPerAnswer-1)/rowsPerAnswer)
	}
	return calls
}

// member is a user of a membership answer: the listed one, or a stranger whom the list of users did not have.
type member = *model.User

// decodeMember reads no more than the id of a user who is known: a directory has millions of memberships.
func decodeMember(known map[string]member) decoder[member] {
	return func(raw json.RawMessage) (string, member, error) {
		var row struct {
			ID recordID `json:"id"`
		}
		if err := transport.Decode(raw, &row); err != nil {
			return "", nil, err
		}
		if user := known[string(row.ID)]; user != nil {
			return user.ID, user, nil
		}
		id, r, err := decodeUser(raw)
		return id, &r.user, err
	}
}

func membersList(groupID string) list {
	return list{what: "members", collection: ofUsers, filter: equalsFilter(membersFilter, groupID)}
}

func groupsList(userID string) list {
	return list{what: "groups of a user", collection: ofGroups, filter: equalsFilter(groupsFilter, userID)}
}

func (c *Client) membersOfAWS(ctx context.Context, groupID string) (model.MemberList, error) {
	err := c.filterDistrust(ctx, ofUsers)
	switch {
	case isShortfall(err):
		return model.MemberList{Unknown: c.reason(err)}, nil
	case err != nil:
		return model.MemberList{}, err
	}
	members, err := readOnce(ctx, c, membersList(groupID), decodeMember(nil))
	if isRefusedRequest(err) {
		return model.MemberList{Unknown: cannotList}, nil
	}
	if err != nil && !isShortfall(err) {
		return model.MemberList{}, fmt.Errorf("the members of group %s could not be read: %s", groupID, c.reason(err))
	}
	result := model.MemberList{IDs: memberIDs(members)}
	switch {
	case err != nil:
		result.Unknown = c.reason(err)
	case len(members) == 0:
		result.Unknown = c.observed.snapshot().emptinessDoubt
	}
	return result, nil
}

func unknownMembers(groups int, reason string) ([]model.MemberList, model.Coverage) {
	lists := make([]model.MemberList, groups)
	for i := range lists {
		lists[i].Unknown = reason
	}
	return lists, model.UnknownCoverage(reason)
}
