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

// Encode words a direct repair as requests: one, or for members one for each hundred. It is pure: the same intent gives
// the same requests, byte for byte. What an earlier step creates stands as a reference with the key of its intent
// (model.RefInPath, model.RefInBody). The user of update-user, activate-user, deactivate-user and delete-user is the
// intent's subject.
//
// The error says what the intent lacks, or what this target cannot do; for the generic dialect also that Prepare was
// not called.
func (c *Client) Encode(in *model.Intent) ([]model.Encoded, error) {
	if in.Channel != model.Direct {
		return nil, fmt.Errorf("%s over %s is no write to the target; report this as a bug", in.Repair, in.Channel)
	}
	known, places := c.announced.features.answer.Load(), c.announced.places.answer.Load()
	if known == nil || places == nil {
		return nil, errNotPrepared
	}
	e := encoder{in: in, dialect: c.dialect, endpoints: places, noPatch: c.whole(known), etag: known.etag}
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
		return e.guarded(model.Encoded{Request: r, Members: in.Members})
	case in.Repair == model.AddMembers, in.Repair == model.RemoveMembers:
		return e.changeMembers()
	}
	return nil, fmt.Errorf("%s is no write to the target; report this as a bug", in.Repair)
}

type encoder struct {
	dialect
	*endpoints

	in *model.Intent
	// noPatch: whole records are written. etag: a version can be named that the record must still have.
	noPatch, etag bool
	// listed: the request holds values of a list that it does not change.
	listed bool
}

// operation is one change of a PATCH. Value is nil for a remove without one.
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

func (e *encoder) patch(path string, operations ...operation) (model.Request, error) {
	if e.noPatch {
		return e.put(path, operations)
	}
	return request(http.MethodPatch, path, struct {
		Schemas    []string    `json:"schemas"`
		Operations []operation `json:"Operations"`
	}{[]string{patchSchema}, operations})
}

// request words a request. Only what may answer with a record says what it reads. Names are not escaped for HTML, so
// that a plan shows them as they are.
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
	r.Headers["Content-Type"], r.Headers["Accept"] = "application/scim+json", accept
	r.Body = bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	return r, nil
}

// text checks a value before it is written. White space alone is empty, and what is no UTF-8 would arrive as something
// else.
func (e *encoder) text(attribute, value string) error {
	if strings.TrimSpace(value) == "" {
		return fmt.Errorf("%s would be written with an empty %s, which the target does not take; fill it in at the "+
			"source", model.Visible(e.in.Subject.Name), attribute)
	}
	if !utf8.ValidString(value) {
		return fmt.Errorf("the %s of %s holds bytes that are no text; mend it at the source", attribute,
			model.Visible(e.in.Subject.Name))
	}
	return nil
}

var errNoChange = errors.New("the repair names nothing to change; reload, then plan again")
