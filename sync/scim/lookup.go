package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// row is a record of either collection, as a list or an answer for it alone shows it. Of a row that was read for its
// keys only, user and group are empty.
type row struct {
	id, name, externalID string
	user                 readUser
	group                readGroup
	raw                  json.RawMessage
	// etag came with the answer for the record alone.
	etag string
}

func (c *Client) decodeRow(of collection) decoder[row] {
	return func(raw json.RawMessage) (string, row, error) {
		if of == ofUsers {
			id, r, err := decodeUser(raw)
			u := &r.user
			return id, row{id: id, name: u.UserName, externalID: u.ExternalID, user: *r, raw: raw}, err
		}
		id, r, err := c.decodeGroup(raw)
		g := &r.group
		return id, row{id: id, name: g.Name, externalID: g.ExternalID, group: r, raw: raw}, err
	}
}

// decodeKeys reads what a row can be found by, whatever else is in it.
func decodeKeys(of collection) decoder[row] {
	return func(raw json.RawMessage) (string, row, error) {
		var keys struct {
			ID          recordID `json:"id"`
			ExternalID  text     `json:"externalId"`
			UserName    text     `json:"userName"`
			DisplayName text     `json:"displayName"`
		}
		if !isObject(raw) || transport.Decode(raw, &keys) != nil || keys.ID == "" {
			return "", row{}, errNoID
		}
		r := row{id: string(keys.ID), name: string(keys.UserName), externalID: string(keys.ExternalID), raw: raw}
		if of == ofGroups {
			r.name = string(keys.DisplayName)
		}
		return r.id, r, nil
	}
}

// FindUser looks a user up by userName and, if there is none, by externalId; what is empty is not asked for, because an
// empty value would match anything or nothing. False without an error means that the target says it has no such user.
// Names match as everywhere (model.Fold); a server may compare to the letter, so that it is asked for each spelling.
func (c *Client) FindUser(ctx context.Context, userName, externalID string) (model.User, bool, error) {
	if userName == "" && externalID == "" {
		return model.User{}, false, errors.New("a user can be looked up by userName or externalId only, and this one " +
			"has neither; reload all users")
	}
	found, err := c.findRecord(ctx, ofUsers, userName, externalID)
	if found == nil || err != nil {
		return model.User{}, false, err
	}
	return found.user.user, true, nil
}

// FindGroup looks a group up by displayName and, if there is none, by externalId, in the same way as FindUser.
func (c *Client) FindGroup(ctx context.Context, displayName, externalID string) (model.Group, bool, error) {
	if strings.TrimSpace(displayName) == "" {
		return model.Group{}, false, errors.New("a group can be looked up by displayName only, and this one has " +
			"none; reload all groups")
	}
	found, err := c.findRecord(ctx, ofGroups, displayName, externalID)
	seen := c.observed.snapshot()
	switch {
	case err != nil:
		return model.Group{}, false, err
	case found != nil:
		return found.group.group, true, nil
	case len(seen.groups) == 0 && len(seen.users.groups) > 0: // one of them may be this one under an older name
		return model.Group{}, false, errors.New(
			"the target lists no group at all, and its users are in some; reload, and look at the target")
	case seen.users.named[model.Fold(displayName)]:
		return model.Group{}, false, fmt.Errorf("the target finds no group %s, and its users name one; look at the "+
			"target whether it is there", model.Visible(displayName))
	}
	return model.Group{}, false, nil
}

// findRecord gives the record that has a name or, if none has, an external id; nil if there is none.
func (c *Client) findRecord(ctx context.Context, of collection, name, externalID string) (*row, error) {
	var asked []search
	if name != "" {
		for _, spelling := range model.Spellings(name) {
			asked = append(asked, search{of, nameAttribute(of), name, spelling})
		}
	}
	if externalID != "" {
		asked = append(asked, search{of, "externalId", externalID, externalID})
	}
	for _, s := range asked {
		rows, err := c.search(ctx, s, c.decodeRow(of))
		if err != nil {
			return nil, fmt.Errorf("looking up %s by %s failed: %s", of, s.attribute, c.reason(err))
		}
		if found, err := s.choose(rows); found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil //nolint:nilnil // no error, and nobody found
}

// search is a question for the one record that has what is wanted in an attribute. spelling is how it is asked for.
type search struct {
	collection                collection
	attribute, want, spelling string
}

// matches reports whether a row has it; a name is compared without regard to case and normal form.
func (s search) matches(r row) bool {
	if s.attribute == "externalId" {
		return r.externalID == s.want
	}
	return model.SameName(r.name, s.want)
}

// choose takes the record that has the value, to the letter if there is one. Rows of which none has it come from a
// server that ignores the filter: they do not show that the record is absent.
func (s search) choose(rows []row) (*row, error) {
	match := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !s.matches(r) })
	other := func(r row) bool { return s.attribute != "externalId" && r.name != s.want }
	but := " but for case or normal form"
	if exact := slices.DeleteFunc(slices.Clone(match), other); len(exact) > 0 {
		match, but = exact, ""
	}
	switch {
	case len(match) == 1:
		return &match[0], nil
	case len(match) > 1:
		return nil, fmt.Errorf("%d %s at the target have this %s%s; settle that at the target first", len(match),
			s.collection, s.attribute, but)
	case len(rows) > 0:
		return nil, fmt.Errorf("the target answered a search by %s with other %s, so it cannot tell whether there is "+
			"one; reload all %s", s.attribute, s.collection, s.collection)
	}
	return nil, nil //nolint:nilnil // no error, and nobody found
}

// search asks with a filter. A generic target that cannot filter, or does not, is walked; so is any for a value with
// escapes in it, which servers read in their own ways and AWS does not document.
func (c *Client) search(ctx context.Context, s search, decode decoder[row]) ([]row, error) {
	known, err := c.discovered.featuresOrNone(ctx, c)
	if err != nil {
		return nil, err
	}
	filter := equalsFilter(s.attribute, s.spelling)
	escaped := strings.Contains(filter, percentEncode(`\`))
	walked := known.noFilter
	var rows []row
	if !walked {
		rows, err = readOnce(ctx, c, list{
			what: s.collection.String(), collection: s.collection, filter: filter, lookup: true,
		}, decode)
		crashed := transport.StatusOf(err) == http.StatusInternalServerError // a gateway's words are about the moment
		missed := err == nil && !slices.ContainsFunc(rows, s.matches)
		walked = escaped && (missed || isRefusedRequest(err)) ||
			c.dialect.filtersUnreliable && (missed && len(rows) > 0 || isRefusedRequest(err) || crashed)
	}
	if !walked && err == nil && len(rows) == 0 && !c.filterWorks(ctx, s.collection, s.attribute) {
		// A filter that does not find who is there says nothing of who is not.
		if !c.dialect.filtersUnreliable {
			return nil, &shortfall{reason: fmt.Sprintf("a search by %s does not find a record that is there, so it "+
				"cannot tell who is absent; reload", s.attribute)}
		}
		walked = true
	}
	if !walked {
		return rows, err
	}
	all, err := readAll(ctx, c, list{what: s.collection.String(), collection: s.collection}, decode, nil)
	match := slices.DeleteFunc(all, func(r row) bool { return !s.matches(r) })
	if len(match) > 0 {
		return match, nil // whatever was missed, this was not
	}
	return nil, err
}

// Listed gives the record with an id as the target's list, filtered by a name, shows it: an answer about the id alone
// may come from a cache, and some servers show more in the list. False without an error means that the list does not
// have it. Where filters do not work, the whole list is read.
func (c *Client) Listed(ctx context.Context, of model.SubjectType, id, name string) (json.RawMessage, bool, error) {
	s := search{collectionOf(of), nameAttribute(collectionOf(of)), name, name}
	rows, err := c.search(ctx, s, decodeKeys(s.collection))
	if err != nil {
		return nil, false, fmt.Errorf("whether the list of %s still has it could not be read: %w", s.collection,
			transport.Explain(err, "%s", c.reason(err)))
	}
	at := slices.IndexFunc(rows, func(r row) bool { return r.id == id })
	if at < 0 {
		return nil, false, nil
	}
	return rows[at].raw, true, nil
}
