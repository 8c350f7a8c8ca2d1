package scim

import (
	"context"
	"encoding/json"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Record reads one record once, exactly as the target answers it: what of it is compared, the answer for a backup, and the version
// that a write of it can be held to. members: of a group, also who is in it, which AWS shows in another answer. False without an
// error means that the target says it has no such record.
func (c *Client) Record(
	ctx context.Context, of model.SubjectType, id string, members bool,
) (t model.TargetRecord, found bool, err error) {
	from := ofUsers
	if of == model.SubjectGroup {
		from = ofGroups
	}
	raw, header, found, err := c.record(ctx, from, id)
	if !found || err != nil {
		return t, false, err
	}
	t.Raw = raw
	if of == model.SubjectUser {
		var r readUser
		r, err = userIn(raw, id)
		t.User = r.user
	} else {
		t.Group, t.Members, err = c.group(ctx, raw, id, members)
	}
	if err == nil {
		t.Version, err = versionOf(raw, header)
	}
	return t, err == nil, err
}

func (c *Client) group(
	ctx context.Context, raw json.RawMessage, id string, members bool,
) (model.Group, model.MemberList, error) {
	r, err := c.groupIn(raw, id)
	var list model.MemberList
	switch {
	case err != nil || !members:
	case c.manner.membersInGroups:
		list, err = c.membersShown(ctx, r)
	default:
		list, err = c.membersOfAWS(ctx, id)
	}
	return r.group, list, err
}

// rawRecord does not take another document, such as a proxy's, for a record.
func (c *Client) rawRecord(ctx context.Context, of collection, id string) (json.RawMessage, bool, error) {
	raw, _, found, err := c.record(ctx, of, id)
	if !found || err != nil {
		return nil, false, err
	}
	var record struct {
		ID ident `json:"id"`
	}
	if !isObject(raw) || transport.Decode(raw, &record) != nil || string(record.ID) != id {
		return nil, false, errAnotherRecord(of, id)
	}
	return raw, true, nil
}
