package scim

import (
	"encoding/json"
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// errNoID is a row that cannot be addressed and so cannot be compared.
var errNoID = errors.New("a row without an id")

// wireUser is the part of a SCIM user that is compared.
type wireUser struct {
	wireKind

	ID          ident            `json:"id"`
	ExternalID  ident            `json:"externalId"`
	UserName    text             `json:"userName"`
	DisplayName *text            `json:"displayName"`
	Name        wireName         `json:"name"`
	Emails      many[model.Mail] `json:"emails"`
	Active      flag             `json:"active"`
	Groups      many[wireRef]    `json:"groups"`
}

type wireName struct{ given, family *text }

// UnmarshalJSONFrom takes a bare string, which some servers send, as no name: it carries nothing that could be compared.
func (n *wireName) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	if from.PeekKind() != '{' {
		var bare text
		return transport.DecodeNext(from, &bare)
	}
	var wire struct {
		GivenName  *text `json:"givenName"`
		FamilyName *text `json:"familyName"`
	}
	err := transport.DecodeNext(from, &wire)
	n.given, n.family = wire.GivenName, wire.FamilyName
	return err
}

// readUser is a user with what else its row showed.
type readUser struct {
	user model.User
	// carries are the fields that the row had, filled or not.
	carries model.FieldSet
	// groups are the ids of the groups that the user is in directly, as far as the row shows them.
	// named is what the row calls them.
	groups, named []string
}

// decodeUser reads one row. A user without active counts as active: the standard leaves its meaning to the service, and
// a service that has no such attribute has no inactive users either.
func decodeUser(raw json.RawMessage) (readUser, error) {
	var wire wireUser
	if !isObject(raw) {
		return readUser{}, errNoID
	}
	if err := transport.Decode(raw, &wire); err != nil {
		return readUser{}, err
	}
	if wire.ID == "" {
		return readUser{}, errNoID
	}
	if err := wire.check(ofUsers); err != nil {
		return readUser{}, err
	}
	r := readUser{user: model.User{
		ID: string(wire.ID), ExternalID: string(wire.ExternalID),
		UserName: string(wire.UserName),
		Active:   wire.Active.on || !wire.Active.said,
		Assigned: true,
	}}
	take := func(f model.Field, from *text, to *string) {
		if from != nil {
			*to = string(*from)
			r.carries |= model.FieldSetOf(f)
		}
	}
	take(model.FieldDisplayName, wire.DisplayName, &r.user.DisplayName)
	take(model.FieldGivenName, wire.Name.given, &r.user.GivenName)
	take(model.FieldFamilyName, wire.Name.family, &r.user.FamilyName)
	if len(wire.Emails) > 0 {
		r.user.TakeMails(wire.Emails)
		r.carries |= model.FieldSetOf(model.FieldEmails)
	}
	if wire.Active.said {
		r.carries |= model.FieldSetOf(model.FieldActive)
	}
	for _, ref := range wire.Groups {
		if ref.id != "" && !ref.indirect {
			r.groups = append(r.groups, ref.id)
			r.named = append(r.named, ref.name)
		}
	}
	return r, nil
}
