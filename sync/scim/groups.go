package scim

import (
	"encoding/json"
	"path"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

type wireRef struct {
	id string
	// kind is the collection of its $ref, where that is all that tells users from groups.
	kind string
	// nested: a group that is a member of a group. indirect: a group that a user is in only through another.
	nested, indirect bool
	// name is what the reference calls it.
	name string
}

// UnmarshalJSONFrom takes the standard's object (RFC 7643 section 4.2).
func (r *wireRef) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	var wire struct {
		Value   recordID `json:"value"`
		Ref     text     `json:"$ref"`
		Type    text     `json:"type"`
		Display text     `json:"display"`
	}
	if err := transport.DecodeNext(from, &wire); err != nil {
		return err
	}
	r.id = string(wire.Value)
	if wire.Ref != "" && wire.Type == "" {
		r.kind = path.Base(path.Dir(strings.TrimRight(string(wire.Ref), "/")))
	}
	r.nested = strings.EqualFold(string(wire.Type), ofGroups.typeName())
	r.name = string(wire.Display)
	r.indirect = strings.EqualFold(string(wire.Type), "indirect")
	return nil
}

// readGroup is a group with what its row showed of its members.
type readGroup struct {
	group model.Group
	// hasMembers is false where the row has no members attribute: that says nothing about how many there are.
	hasMembers bool
	// members are user ids as given, each once, nested those of members that are groups. nameless counts those without.
	members, nested []string
	withoutID       int
}

func (c *Client) decodeGroup(raw json.RawMessage) (id string, r readGroup, err error) {
	var wire struct {
		wireRecord

		Members *[]wireRef `json:"members"`
	}
	if err = decodeRecord(raw, ofGroups, &wire, &wire.wireRecord); err != nil {
		return "", r, err
	}
	if wire.UserName != "" { // RFC 7643 section 4.2 knows no such attribute of a group
		return "", r, errOtherKind(ofGroups)
	}
	r.group = model.Group{ID: string(wire.ID), ExternalID: string(wire.ExternalID)}
	if wire.DisplayName != nil {
		r.group.Name = string(*wire.DisplayName)
	}
	if at, err := time.Parse(time.RFC3339, string(wire.Meta.Created)); err == nil {
		r.group.Created = at.UTC()
	}
	if wire.Members == nil {
		return r.group.ID, r, nil
	}
	r.hasMembers = true
	groups := ofGroups.standardPath()
	if places := c.discovered.locations.answer.Load(); places != nil {
		groups = places.paths[ofGroups]
	}
	seen := make(map[string]bool, len(*wire.Members))
	for _, ref := range *wire.Members {
		switch {
		case ref.nested, strings.EqualFold(ref.kind, path.Base(groups)):
			r.nested = append(r.nested, ref.id)
		case ref.id == "":
			r.withoutID++
		case !seen[ref.id]:
			seen[ref.id] = true
			r.members = append(r.members, ref.id)
		}
	}
	return r.group.ID, r, nil
}
