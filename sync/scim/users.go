package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// errNoID is a row that cannot be addressed and so cannot be compared.
var errNoID = errors.New("a row without an id")

// wireRecord is what users and groups share, and what a row says of its own type (RFC 7643 section 3.1).
type wireRecord struct {
	ID          recordID `json:"id"`
	ExternalID  recordID `json:"externalId"`
	UserName    text     `json:"userName"`
	DisplayName *text    `json:"displayName"`
	Schemas     []text   `json:"schemas"`
	Meta        struct {
		ResourceType text `json:"resourceType"`
		Created      text `json:"created"`
	} `json:"meta"`
}

type wireUser struct {
	wireRecord

	Name   wireName     `json:"name"`
	Emails []model.Mail `json:"emails"`
	Active flag         `json:"active"`
	Groups []wireRef    `json:"groups"`
}

type wireName struct {
	GivenName  *text `json:"givenName"`
	FamilyName *text `json:"familyName"`
}

type readUser struct {
	user model.User
	// presentFields are the fields that the row had, filled or not.
	presentFields model.FieldSet
	// groups are the ids of the groups that the user is in directly, groupNames what the row calls them; indirect those
	// of groups that have the user through another.
	groups, groupNames, indirect []string
}

// decodeUser reads one row. A user without active counts as active: the standard leaves its meaning to the service, and
// a service that has no such attribute has no inactive users either.
func decodeUser(raw json.RawMessage) (id string, r *readUser, err error) {
	var wire wireUser
	if err = decodeRecord(raw, ofUsers, &wire, &wire.wireRecord); err != nil {
		return "", &readUser{}, err
	}
	r = &readUser{user: model.User{
		ID: string(wire.ID), ExternalID: string(wire.ExternalID),
		UserName: string(wire.UserName),
		Active:   wire.Active.value || !wire.Active.given,
		Assigned: true,
	}}
	take := func(f model.Field, from *text, to *string) {
		if from != nil {
			*to = string(*from)
			r.presentFields |= model.FieldSetOf(f)
		}
	}
	take(model.FieldDisplayName, wire.DisplayName, &r.user.DisplayName)
	take(model.FieldGivenName, wire.Name.GivenName, &r.user.GivenName)
	take(model.FieldFamilyName, wire.Name.FamilyName, &r.user.FamilyName)
	if len(wire.Emails) > 0 {
		r.user.TakeMails(wire.Emails)
		r.presentFields |= model.FieldSetOf(model.FieldEmails)
	}
	if wire.Active.given {
		r.presentFields |= model.FieldSetOf(model.FieldActive)
	}
	for _, ref := range wire.Groups {
		if ref.id == "" { // left out, the user would be missing in that group
			return "", r, errors.New("it names a group without an id")
		}
		if ref.indirect {
			r.indirect = append(r.indirect, ref.id)
			continue
		}
		r.groups = append(r.groups, ref.id)
		r.groupNames = append(r.groupNames, ref.name)
	}
	return r.user.ID, r, nil
}

// decodeRecord reads a row, of which record is a part, and fails for one of the other collection. Types and schemas of
// their own, which servers give to users of several sorts, are none of ours to judge.
func decodeRecord(raw json.RawMessage, of collection, into any, record *wireRecord) error {
	if !isObject(raw) {
		return errNoID
	}
	if err := transport.Decode(raw, into); err != nil {
		return err
	}
	if record.ID == "" {
		return errNoID
	}
	other := ofUsers
	if of == ofUsers {
		other = ofGroups
	}
	says := func(c collection) bool {
		return slices.ContainsFunc(record.Schemas,
			func(s text) bool { return strings.EqualFold(string(s), c.schema()) })
	}
	if strings.EqualFold(string(record.Meta.ResourceType), other.typeName()) || says(other) && !says(of) {
		return errOtherKind(of)
	}
	return nil
}

func errOtherKind(of collection) error {
	return fmt.Errorf("a row that is no %s, though %s were asked for", of.singular(), of)
}
