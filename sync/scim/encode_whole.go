package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Needs is the record that Encode builds its request on, once Prepare was called: at a target without PATCH for every
// change, and elsewhere for the list of a user's e-mails.
func (c *Client) Needs(in *model.Intent) model.RecordRef {
	change := c.writesWhole(c.discovered.features.answer.Load())
	switch in.Repair { //nolint:exhaustive // creates and deletes build on nothing, the others write elsewhere
	case model.UpdateUser, model.ActivateUser, model.DeactivateUser:
		if change || c.dialect.replacesMails && slices.ContainsFunc(in.Changes,
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

// writesWhole reports whether whole records are written. A target may offer PATCH and yet refuse the one that is
// needed.
func (c *Client) writesWhole(known *features) bool {
	return c.write == WritePut || known.noPatch && c.write != WritePatch
}

var errNoRecord = errors.New("the record that the change is made to could not be read; reload, then plan again")

// intentRecord is the intent's record, to be changed.
func (e *encoder) intentRecord() (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(e.in.Record))
	d.UseNumber() // a number must go back as it came
	var record map[string]any
	if d.Decode(&record) != nil || record == nil {
		return nil, errNoRecord
	}
	return record, nil
}

// encodePut writes the record as it stands with the changes made to it. What a server gives by itself is left out:
// meta, and a user's groups (RFC 7643 sections 3.1 and 4.1.2).
func (e *encoder) encodePut(path string, operations []operation, members []model.Member) ([]model.Encoded, error) {
	record, err := e.intentRecord()
	if err != nil {
		return nil, err
	}
	delete(record, storedName(record, "meta"))
	if e.collection == ofUsers {
		delete(record, storedName(record, "groups"))
	}
	for _, o := range operations {
		applyChange(record, o)
	}
	if members == nil {
		return e.encodeRequests(http.MethodPut, path, record, e.in.Members)
	}
	name, list, err := elements(record, "members")
	if err != nil {
		return nil, err
	}
	if e.in.Repair == model.AddMembers {
		list = append(list, memberValues(members)...)
	} else {
		for _, m := range members {
			left := slices.DeleteFunc(slices.Clone(list), func(one any) bool { return elementValue(one) == m.ID })
			if len(left) == len(list) {
				return nil, errUnlisted
			}
			list = left
		}
	}
	record[name] = list
	return e.encodeRequests(http.MethodPut, path, record, members)
}

// applyChange makes a change of an attribute, or of one within another.
func applyChange(record map[string]any, o operation) {
	top, sub, nested := strings.Cut(o.Path, ".")
	into, name := record, storedName(record, top)
	if nested {
		inner, is := record[name].(map[string]any)
		if !is {
			inner = map[string]any{}
			record[name] = inner
		}
		into, name = inner, storedName(inner, sub)
	}
	if o.Op == "remove" {
		delete(into, name)
	} else {
		into[name] = o.Value
	}
}

// errUnlisted: a record that does not list a member may list none, and written back it would empty the group.
var errUnlisted = errors.New("the group's record does not list the member who is to be removed, so that it cannot be " +
	"written back safely; remove them at the target")

// storedName is the name under which a record holds an attribute, whatever its case (RFC 7643 section 2.1).
func storedName(record map[string]any, attribute string) string {
	for name := range record {
		if model.SameName(name, attribute) {
			return name
		}
	}
	return attribute
}

// elements are those of a multi-valued attribute. One that is no list would be lost by guessing.
func elements(record map[string]any, attribute string) (name string, list []any, err error) {
	name = storedName(record, attribute)
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

func elementValue(element any) string {
	m, _ := element.(map[string]any)
	return model.RecordIDOf(m[storedName(m, "value")])
}

// withCondition adds what protects a change: the version of the record where the target has them, and the condition
// that a record is still the one that the request was built on where the request would take other changes back.
func (e *encoder) withCondition(one model.Encoded) (model.Encoded, error) {
	in := e.in
	if e.etag && one.Request.Method != http.MethodPost {
		one.Request.Headers[model.HeaderVersion] = model.VersionRef
	}
	whole := one.Request.Method == http.MethodPut
	if in.Record == nil || !whole && (!e.holdsList || in.Rewritten) {
		// It says no more than what it changes, or a step before it changes the record too.
		return one, nil
	}
	record, err := e.intentRecord()
	if err != nil {
		return one, err
	}
	digest, _, err := model.RecordDigest(in.Record)
	if err != nil {
		return one, err
	}
	still, of := model.RecordIs.On(in.Subject.TargetID, in.Subject.Name), model.SubjectUser
	if e.collection == ofGroups {
		still, of = model.RecordIs.On(in.Group.ID, in.Group.Name).Made(in.Group.Ref), model.SubjectGroup
	}
	if still = still.Being(string(of), digest); still.Ref != "" {
		still.Value = "" // what the target makes of a new record beside what it was told is not known
	}
	users, all := recordMembers(record)
	still.Users = users
	one.Before = append(one.Before, still)
	if whole && e.collection == ofGroups && still.ID != "" {
		// There are servers whose record hides some members, and written back without them it would put them out.
		one.Before = append(one.Before, model.MembersAre.On(in.Group.ID, in.Group.Name).With(all...))
	}
	if active, is := record[storedName(record, "active")].(bool); is && whole && in.Repair == model.UpdateUser {
		still := model.FieldIs.On(in.Subject.TargetID, "").Being("active", strconv.FormatBool(active))
		one.Before = append(one.Before, still)
	}
	return one, nil
}

// recordMembers are the users in a group's record, those too whom an earlier step of the plan creates, and all members
// with the groups among them. Each is given once: servers have been seen that list a member twice.
func recordMembers(record map[string]any) (users, all []model.Member) {
	_, list, _ := elements(record, "members") // what is no list is refused where it is written
	seen := map[model.Member]bool{}
	for _, element := range list {
		m, _ := element.(map[string]any)
		made, _ := m["value"].(map[string]any)
		ref, _ := made["$id"].(string)
		id := elementValue(element)
		member := model.Member{ID: id, UserName: id, Ref: ref}
		if id == "" && ref == "" || seen[member] {
			continue
		}
		seen[member] = true
		all = append(all, member)
		if kind, _ := m[storedName(m, "type")].(string); !strings.EqualFold(kind, "Group") {
			users = append(users, member)
		}
	}
	return users, all
}
