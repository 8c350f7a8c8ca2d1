package scim

import (
	"context"
	"encoding/json"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// RawUser gives a user exactly as the target answers it, for a backup. False without an error means that the target says it
// has no such user.
func (c *Client) RawUser(ctx context.Context, id string) (json.RawMessage, bool, error) {
	return c.rawRecord(ctx, ofUsers, id)
}

// RawGroup does the same for a group. Whether its members are in it depends on the target; AWS never shows them.
func (c *Client) RawGroup(ctx context.Context, id string) (json.RawMessage, bool, error) {
	return c.rawRecord(ctx, ofGroups, id)
}

// rawRecord does not take another document, such as a proxy's, for a backup.
func (c *Client) rawRecord(ctx context.Context, of collection, id string) (json.RawMessage, bool, error) {
	raw, found, err := c.record(ctx, of, id)
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
