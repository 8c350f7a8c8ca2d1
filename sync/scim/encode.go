package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// RFC 7643's and 7644's ids of what is sent; userSchema stands beside discovery.
const (
	groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group"
	patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

// membersPerRequest is the most that AWS changes at once (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html); it
// answers 400 to more. Other servers name no such limit, and a plan of even steps is easier to read.
const membersPerRequest = 100

// manner is how a dialect wants its writes.
type manner struct {
	// removeEach: every member is taken out by a path of its own. RFC 7644 section 3.5.2.2 knows no list of values beside a
	// remove, so that a server that goes by it, such as github.com/elimity-com/scim, takes all members out.
	removeEach bool
	// filled are the attributes that may not be empty.
	filled []string
}

// AWS takes ids as values; that it takes paths too was seen in one client only. What has to be filled is in
// docs.aws.amazon.com/singlesignon/latest/developerguide/createuser.html.
func (c *Client) manner() manner {
	if c.dialect == AWS {
		return manner{filled: []string{"userName", "displayName", "name.givenName", "name.familyName"}}
	}
	return manner{removeEach: true, filled: []string{"userName", "displayName"}}
}

// Encode words a direct repair as requests: one, or for members one for each hundred. It is pure: the same intent gives the
// same requests, byte for byte. What an earlier step creates stands as a reference with the key of its intent
// (model.RefInPath, model.RefInBody). The user of update-user, activate-user, deactivate-user and delete-user is the
// intent's subject.
//
// The error says what the intent lacks, or what this target cannot do; for the generic dialect also that Prepare was not
// called.
func (c *Client) Encode(in *model.Intent) ([]model.Encoded, error) {
	if in.Channel != model.Direct {
		return nil, fmt.Errorf("%s over %s is no write to the target; report this as a bug", in.Repair, in.Channel)
	}
	e := encoder{in: in, manner: c.manner()}
	if c.dialect == Generic {
		known := c.features.found.Load()
		if known == nil {
			return nil, errNotPrepared
		}
		e.noPatch = known.noPatch
	}
	one := map[model.RepairName]func() (model.Request, error){
		model.CreateUser: e.createUser, model.UpdateUser: e.updateUser, model.DeleteUser: e.deleteUser,
		model.ActivateUser:   func() (model.Request, error) { return e.setActive(true) },
		model.DeactivateUser: func() (model.Request, error) { return e.setActive(false) },
		model.CreateGroup:    e.createGroup, model.RenameGroup: e.renameGroup, model.DeleteGroup: e.deleteGroup,
	}[in.Repair]
	switch {
	case one != nil:
		r, err := one()
		if err != nil {
			return nil, err
		}
		return []model.Encoded{{Request: r, Members: in.Members}}, nil
	case in.Repair == model.AddMembers, in.Repair == model.RemoveMembers:
		return e.changeMembers()
	}
	return nil, fmt.Errorf("%s is no write to the target; report this as a bug", in.Repair)
}

type encoder struct {
	manner

	in      *model.Intent
	noPatch bool
}

// operation is one change of a PATCH. Value is nil for a remove without one.
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

func (e *encoder) patch(path string, operations ...operation) (model.Request, error) {
	if e.noPatch {
		return model.Request{}, fmt.Errorf(
			"%s needs PATCH, which this target does not offer by its /ServiceProviderConfig; "+
				"only creating and deleting work here, so make this change at the target or at the source", e.in.Repair)
	}
	return request(http.MethodPatch, path, struct {
		Schemas    []string    `json:"schemas"`
		Operations []operation `json:"Operations"`
	}{[]string{patchSchema}, operations})
}

// request words a request. Only what may answer with a record says what it reads. Names are not escaped for HTML, so that
// a plan shows them as they are.
func request(method, path string, body any) (model.Request, error) {
	r := model.Request{Service: model.ServiceTarget, Method: method, Path: path, Headers: map[string]string{}}
	if body == nil {
		return r, nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return model.Request{}, err
	}
	r.Headers["Content-Type"], r.Headers["Accept"] = "application/scim+json", "application/json"
	r.Body = bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	return r, nil
}

// text checks a value before it is written. White space alone is empty, and what is no UTF-8 would arrive as something else.
func (e *encoder) text(attribute, value string) error {
	if strings.TrimSpace(value) == "" {
		return fmt.Errorf("%s would be written with an empty %s, which the target does not take; fill it in at the source", model.Visible(e.in.Subject.Name), attribute)
	}
	if !utf8.ValidString(value) {
		return fmt.Errorf("the %s of %s holds bytes that are no text; mend it at the source", attribute, model.Visible(e.in.Subject.Name))
	}
	return nil
}

var errNoChange = errors.New("the repair names nothing to change; reload, then plan again")
