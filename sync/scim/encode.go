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

// repairWrite is where a repair writes and by which method; a target without PATCH gets a PUT. members: it changes
// those of a group, which an earlier step may create.
type repairWrite struct {
	collection collection
	method     string
	members    bool
}

func repairWrites() map[model.RepairName]repairWrite {
	return map[model.RepairName]repairWrite{
		model.CreateUser:     {collection: ofUsers, method: http.MethodPost},
		model.UpdateUser:     {collection: ofUsers, method: http.MethodPatch},
		model.ActivateUser:   {collection: ofUsers, method: http.MethodPatch},
		model.DeactivateUser: {collection: ofUsers, method: http.MethodPatch},
		model.DeleteUser:     {collection: ofUsers, method: http.MethodDelete},
		model.CreateGroup:    {collection: ofGroups, method: http.MethodPost},
		model.RenameGroup:    {collection: ofGroups, method: http.MethodPatch},
		model.AddMembers:     {collection: ofGroups, method: http.MethodPatch, members: true},
		model.RemoveMembers:  {collection: ofGroups, method: http.MethodPatch, members: true},
		model.DeleteGroup:    {collection: ofGroups, method: http.MethodDelete},
	}
}

// Encode words a direct repair as requests: one, or for members one for each hundred. It is pure: the same intent gives
// the same requests, byte for byte. What an earlier step creates stands as a reference with the key of its intent
// (model.RefInPath, model.RefInBody). The user of update-user, activate-user, deactivate-user and delete-user is the
// intent's subject.
//
// The error says what the intent lacks, or what this target cannot do; for the generic dialect also that Prepare was
// not called.
func (c *Client) Encode(in *model.Intent) ([]model.Encoded, error) {
	write, is := repairWrites()[in.Repair]
	if in.Channel != model.Direct || !is {
		return nil, fmt.Errorf("%s over %s is no write to the target; report this as a bug", in.Repair, in.Channel)
	}
	known, places := c.discovered.features.answer.Load(), c.discovered.locations.answer.Load()
	if known == nil || places == nil {
		return nil, errNotPrepared
	}
	e := encoder{
		in: in, collection: write.collection, dialect: c.dialect, endpoints: places,
		noPatch: c.writesWhole(known), etag: known.etag,
	}
	if write.method == http.MethodPost {
		return e.encodeCreate()
	}
	id, ref := in.Subject.TargetID, ""
	if write.collection == ofGroups {
		id = in.Group.ID
	}
	if write.members {
		ref = in.Group.Ref
	}
	path, err := recordPath(e.paths[e.collection], id, ref)
	if err != nil {
		return nil, err
	}
	switch {
	case write.method == http.MethodDelete:
		return e.encodeRequests(write.method, path, nil, in.Members)
	case write.members:
		return e.changeMembers(path)
	}
	return e.encodeChange(path)
}

type encoder struct {
	dialect
	*endpoints

	in *model.Intent
	// collection is where the record is that the repair writes.
	collection collection
	// noPatch: whole records are written. etag: a version can be named that the record must still have.
	noPatch, etag bool
	// holdsList: the request holds values of a list that it does not change.
	holdsList bool
}

// operation is one change of a PATCH. Value is nil for a remove without one.
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

func (e *encoder) encodeCreate() ([]model.Encoded, error) {
	newRecord := e.newUser
	if e.collection == ofGroups {
		newRecord = e.newGroup
	}
	body, err := newRecord()
	if err != nil {
		return nil, err
	}
	return e.encodeRequests(http.MethodPost, e.paths[e.collection], body, e.in.Members)
}

func (e *encoder) encodeChange(path string) ([]model.Encoded, error) {
	operations, err := e.operations()
	switch {
	case err != nil:
		return nil, err
	case e.noPatch:
		return e.encodePut(path, operations, nil)
	}
	return e.encodePatch(path, operations, e.in.Members)
}

func (e *encoder) encodePatch(path string, operations []operation, members []model.Member) ([]model.Encoded, error) {
	return e.encodeRequests(http.MethodPatch, path, struct {
		Schemas    []string    `json:"schemas"`
		Operations []operation `json:"Operations"`
	}{[]string{patchSchema}, operations}, members)
}

func (e *encoder) encodeRequests(method, path string, body any, members []model.Member) ([]model.Encoded, error) {
	r, err := encodeRequest(method, path, body)
	if err != nil {
		return nil, err
	}
	one, err := e.withCondition(model.Encoded{Request: r, Members: members})
	return []model.Encoded{one}, err
}

// encodeRequest words a request. Names are not escaped for HTML, so that a plan shows them as they are.
func encodeRequest(method, path string, body any) (model.Request, error) {
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

// checkText checks a value before it is written. White space alone is empty.
func (e *encoder) checkText(attribute, value string) error {
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
