package scim

import (
	"errors"

	"github.com/scimdrift/scimdrift/model"
)

// Draft words repairs as a Client would, where there is no target to send them to: for a plan that is only looked at.
type Draft struct{ client *Client }

// NewDraft gives the wording of a dialect.
func NewDraft(dialect string) Draft {
	how := manners()[dialect]
	return Draft{&Client{manner: how, features: newDiscovery(how.announces)}}
}

// Needs is as Client.Needs.
func (d Draft) Needs(in *model.Intent) model.RecordRef { return d.client.Needs(in) }

// Encode is as Client.Encode. A generic target is written to as it says that it wants it, so that it is an error for one.
func (d Draft) Encode(in *model.Intent) ([]model.Encoded, error) {
	out, err := d.client.Encode(in)
	if errors.Is(err, errNotPrepared) {
		return nil, errors.New("how this target wants its writes is asked of it before each plan, and nothing is asked here; open the connection itself, and plan there")
	}
	return out, err
}
