package scim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// wireKind is what a row says of its own type (RFC 7643 section 3.1).
type wireKind struct {
	Schemas many[text] `json:"schemas"`
	Meta    wireMeta   `json:"meta"`
}

type wireMeta struct{ resourceType text }

// UnmarshalJSONFrom takes what is no object as nothing said.
func (m *wireMeta) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	if from.PeekKind() != '{' {
		return from.SkipValue()
	}
	var wire struct {
		ResourceType text `json:"resourceType"`
	}
	err := transport.DecodeNext(from, &wire)
	m.resourceType = wire.ResourceType
	return err
}

// check fails for a row of the other collection. Types and schemas of their own, which servers give to users of several
// sorts, are none of ours to judge.
func (k *wireKind) check(of collection) error {
	other := ofUsers
	if of == ofUsers {
		other = ofGroups
	}
	says := func(c collection) bool {
		return slices.ContainsFunc(k.Schemas, func(s text) bool { return strings.EqualFold(string(s), c.schema()) })
	}
	if strings.EqualFold(string(k.Meta.resourceType), other.typeName()) || says(other) && !says(of) {
		return errOtherKind(of)
	}
	return nil
}

func errOtherKind(of collection) error {
	return fmt.Errorf("a row that is no %s, though %s were asked for", of.one(), of)
}
