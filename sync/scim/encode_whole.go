package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Needs is the record that Encode builds its request on: at a target without PATCH for every change, and elsewhere for
// the list of a user's e-mails.
func (c *Client) Needs(in *model.Intent) model.RecordRef {
	known := c.announced.features.answer.Load()
	if known == nil {
		return model.RecordRef{}
	}
	change := c.whole(known)
	switch in.Repair { //nolint:exhaustive // creates and deletes build on nothing, the others write elsewhere
	case model.UpdateUser, model.ActivateUser, model.DeactivateUser:
		if change || c.dialect.wholeMails && slices.ContainsFunc(in.Changes,
			func(d model.FieldDiff) bool { return d.Name == "emails" }) {
			return model.RecordRef{Type: model.SubjectUser, ID: in.Subject.TargetID}
		}
	case model.RenameGroup, model.AddMembers, model.RemoveMembers:
		if change {
			return model.RecordRef{Type: model.SubjectGroup, ID: in.Group.ID, Ref: in.Group.Ref}
		}
	}
	return model.RecordRef{}
}

// whole reports whether whole records are written. The configuration has the last word: a target may offer PATCH and
// yet refuse the one that a repair needs.
func (c *Client) whole(known *features) bool {
	return c.write == WritePut || known.noPatch && c.write != WritePatch
}

var errNoRecord = errors.New("the record that the change is made to could not be read; reload, then plan again")

// record is the intent's record, to be changed.
func (e *encoder) record() (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(e.in.Record))
	d.UseNumber() // a number must go back as it came
	var record map[string]any
	if d.Decode(&record) != nil || record == nil {
		return nil, errNoRecord
	}
	return record, nil
}

// put writes the record as it stands with the changes made to it. What a server gives by itself is left out: meta, and
// a user's groups (RFC 7643 sections 3.1 and 4.1.2).
func (e *encoder) put(path string, operations []operation) (model.Request, error) {
	record, err := e.record()
	if err != nil {
		return model.Request{}, err
	}
	for name := range record {
		if model.SameName(name, "meta") || strings.HasPrefix(path, e.paths[ofUsers]+"/") &&
			model.SameName(name, "groups") {
			delete(record, name)
		}
	}
	for _, o := range operations {
		if err := apply(record, o); err != nil {
			return model.Request{}, err
		}
	}
	return request(http.MethodPut, path, record)
}

// apply makes one change as the encoder words it, and knows no others.
func apply(record map[string]any, o operation) error {
	if id, found := strings.CutPrefix(o.Path, "members[value eq "); found {
		name, list, err := elements(record, "members")
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(slices.Clone(list), func(m any) bool {
			value, _ := json.Marshal(valueOf(m))
			return string(value)+"]" == id
		})
		if len(left) == len(list) {
			return errUnlisted
		}
		record[name] = left
		return nil
	}
	if o.Path == "members" {
		name, list, err := elements(record, "members")
		if err != nil {
			return err
		}
		for _, m := range o.Value.([]writtenMember) { //nolint:forcetypeassert // operations makes no other
			list = append(list, m)
		}
		record[name] = list
		return nil
	}
	top, sub, nested := strings.Cut(o.Path, ".")
	name := nameOf(record, top)
	into, last := record, name
	if nested {
		inner, is := record[name].(map[string]any)
		if !is {
			inner = map[string]any{}
			record[name] = inner
		}
		into, last = inner, nameOf(inner, sub)
	}
	if o.Op == "remove" {
		delete(into, last)
	} else {
		into[last] = o.Value
	}
	return nil
}

// errUnlisted: a record that does not list a member may list none, and written back it would empty the group.
var errUnlisted = errors.New("the group's record does not list the member who is to be removed, so that it cannot be " +
	"written back safely; remove them at the target")

// nameOf is the name under which a record holds an attribute, whatever its case (RFC 7643 section 2.1).
func nameOf(record map[string]any, attribute string) string {
	for name := range record {
		if model.SameName(name, attribute) {
			return name
		}
	}
	return attribute
}

// elements are those of a multi-valued attribute. One that is no list would be lost by guessing.
func elements(record map[string]any, attribute string) (name string, list []any, err error) {
	name = nameOf(record, attribute)
	switch v := record[name].(type) {
	case nil:
	case []any:
		list = slices.Clone(v)
	default:
		return "", nil, fmt.Errorf("the record holds %s that are no list, and they cannot be written back safely; "+
			"change it at the target", attribute)
	}
	return name, list, nil
}

func valueOf(element any) string {
	m, _ := element.(map[string]any)
	return model.RecordIDOf(m[nameOf(m, "value")])
}

// guarded adds what protects a change: the version of the record where the target has them, and the condition that a
// record is still the one that the request was built on where the request would take other changes back.
func (e *encoder) guarded(one model.Encoded) ([]model.Encoded, error) {
	in := e.in
	if e.etag && one.Request.Method != http.MethodPost {
		one.Request.Headers[model.HeaderVersion] = model.VersionRef
	}
	if in.Record == nil {
		return []model.Encoded{one}, nil
	}
	record, err := e.record()
	if err != nil {
		return nil, err
	}
	whole := one.Request.Method == http.MethodPut
	if !whole && (!e.listed || in.Rewritten) {
		// It says no more than what it changes, or a step before it changes the record too.
		return []model.Encoded{one}, nil
	}
	digest, _, err := model.RecordDigest(in.Record)
	if err != nil {
		return nil, err
	}
	still := model.Condition{
		Side: model.AtTarget, Fact: model.RecordIs, Field: string(model.SubjectUser),
		ID: in.Subject.TargetID, Name: in.Subject.Name, Value: digest,
	}
	if !strings.HasPrefix(one.Request.Path, e.paths[ofUsers]+"/") {
		still.Field, still.ID, still.Ref, still.Name = string(model.SubjectGroup), in.Group.ID,
			in.Group.Ref, in.Group.Name
		if still.Ref != "" {
			still.Value = "" // what the target makes of a new record beside what it was told is not known
		}
		still.Users = membersOf(record)
	}
	one.Before = append(one.Before, still)
	if whole && still.Field == string(model.SubjectGroup) && still.ID != "" {
		one.Before = append(one.Before, listed(record, in.Group))
	}
	if active, is := record[nameOf(record, "active")].(bool); is && whole && in.Repair == model.UpdateUser {
		one.Before = append(one.Before, model.Condition{
			Side: model.AtTarget, Fact: model.FieldIs, ID: in.Subject.TargetID, Field: "active",
			Value: strconv.FormatBool(active),
		})
	}
	return []model.Encoded{one}, nil
}

// listed holds a whole group to all that is known of its members, groups among them: there are servers whose record
// hides some, and written back without them it would put them out.
func listed(record map[string]any, group model.GroupRef) model.Condition {
	var members []model.Member
	seen := map[model.Member]bool{} // servers have been seen that list a member twice
	for member := range membersIn(record) {
		if !seen[member] {
			seen[member] = true
			members = append(members, member)
		}
	}
	return model.Condition{Side: model.AtTarget, Fact: model.MembersAre, ID: group.ID, Name: group.Name, Users: members}
}

// membersOf are the users in a group's record, those too whom an earlier step of the plan creates.
func membersOf(record map[string]any) (members []model.Member) {
	for member, kind := range membersIn(record) {
		if !strings.EqualFold(kind, "Group") {
			members = append(members, member)
		}
	}
	return members
}

// membersIn are the members in a group's record and what type each says it is of, in the record's order.
func membersIn(record map[string]any) iter.Seq2[model.Member, string] {
	return func(yield func(model.Member, string) bool) {
		_, list, err := elements(record, "members")
		if err != nil {
			return
		}
		for _, element := range list {
			m, _ := element.(map[string]any)
			kind, _ := m[nameOf(m, "type")].(string)
			made, _ := m["value"].(map[string]any)
			ref, _ := made["$id"].(string)
			id := valueOf(element)
			if id == "" && ref == "" {
				continue
			}
			if !yield(model.Member{ID: id, UserName: id, Ref: ref}, kind) {
				return
			}
		}
	}
}

func rewritten(in *model.Intent) *model.Intent {
	next := *in
	next.Rewritten = true
	return &next
}
