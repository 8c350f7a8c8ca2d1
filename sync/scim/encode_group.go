package scim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// createGroup makes an empty group; its members follow in steps of their own, which can be confirmed one by one.
func (e *encoder) createGroup() (model.Request, error) {
	if err := e.text("displayName", e.in.Group.Name); err != nil {
		return model.Request{}, err
	}
	return request(http.MethodPost, e.paths[ofGroups], struct {
		Schemas     []string `json:"schemas"`
		DisplayName string   `json:"displayName"`
	}{[]string{groupSchema}, e.in.Group.Name})
}

func (e *encoder) renameGroup() (model.Request, error) {
	path, err := recordPath(e.paths[ofGroups], e.in.Group.ID, "")
	if err != nil {
		return model.Request{}, err
	}
	if len(e.in.Changes) != 1 || e.in.Changes[0].Name != "displayName" {
		return model.Request{}, errNoChange
	}
	name := e.in.Changes[0].Source
	if err := e.text("displayName", name); err != nil {
		return model.Request{}, err
	}
	return e.patch(path, operation{Op: "replace", Path: "displayName", Value: name})
}

func (e *encoder) deleteGroup() (model.Request, error) {
	path, err := recordPath(e.paths[ofGroups], e.in.Group.ID, "")
	if err != nil {
		return model.Request{}, err
	}
	return request(http.MethodDelete, path, nil)
}

// writtenMember is an id, or the reference to a user whom an earlier step creates.
type writtenMember struct {
	Value any `json:"value"`
}

// changeMembers adds or removes by explicit ids, never all at once: AWS has changed what it makes of that over the
// years, and once emptied the group while it refused (github.com/lichti/aws-iam-scim-problem).
func (e *encoder) changeMembers() ([]model.Encoded, error) {
	path, err := recordPath(e.paths[ofGroups], e.in.Group.ID, e.in.Group.Ref)
	if err != nil {
		return nil, err
	}
	members, err := e.distinct()
	if err != nil {
		return nil, err
	}
	var requests []model.Encoded
	size := e.perRequest
	if e.noPatch {
		size = len(members) // one request holds all members anyway
	}
	for chunk := range slices.Chunk(members, size) {
		r, err := e.patch(path, e.operations(chunk)...)
		if err != nil {
			return nil, err
		}
		one, err := e.guarded(model.Encoded{Request: r, Members: chunk})
		if err != nil {
			return nil, err
		}
		requests = append(requests, one...)
		e.in = rewritten(e.in)
	}
	return requests, nil
}

// distinct gives the members, each once. There is at least one: a remove without values empties the group at some
// targets.
func (e *encoder) distinct() ([]model.Member, error) {
	seen := map[model.Member]bool{}
	members := make([]model.Member, 0, len(e.in.Members))
	for _, m := range e.in.Members {
		switch {
		case m.ID == "" && m.Ref == "", m.ID != "" && !addressable(m.ID):
			return nil, fmt.Errorf("%s has no id at the target that can be used (%q); reload, then plan again",
				model.Visible(m.UserName), m.ID)
		case m.ID == "" && e.in.Repair == model.RemoveMembers:
			return nil, fmt.Errorf("%s is not at the target yet and cannot be removed; report this as a bug",
				model.Visible(m.UserName))
		}
		key := model.Member{ID: m.ID}
		if m.ID == "" {
			key.Ref = m.Ref
		}
		if !seen[key] {
			seen[key] = true
			members = append(members, m)
		}
	}
	if len(members) == 0 {
		return nil, errNoChange
	}
	return members, nil
}

func (e *encoder) operations(members []model.Member) []operation {
	remove := e.in.Repair == model.RemoveMembers
	if remove && e.removeEach {
		operations := make([]operation, len(members))
		for i, m := range members {
			operations[i] = operation{Op: "remove", Path: "members[value eq " + quoteValue(m.ID) + "]"}
		}
		return operations
	}
	values := make([]writtenMember, len(members))
	for i, m := range members {
		values[i].Value = m.ID
		if m.ID == "" {
			values[i].Value = model.RefInBody(m.Ref)
		}
	}
	op := "add"
	if remove {
		op = "remove"
	}
	return []operation{{Op: op, Path: "members", Value: values}}
}

// recordPath is the path of one record below its collection, or of the one that an earlier step creates. Without an id
// it would be the path of all of them.
func recordPath(collection, id, ref string) (string, error) {
	switch {
	case id == "" && ref != "":
		return collection + "/" + model.RefInPath(ref), nil
	case !addressable(id):
		return "", fmt.Errorf("%q is not the id of a record that can be changed safely; reload, and look at the "+
			"record at the target", id)
	}
	return collection + "/" + url.PathEscape(id), nil
}

// addressable reports whether an id stays one segment below its collection whatever stands in front of the target:
// proxies decode %2F and %2E, once or again, take a backslash for a slash, cut off what follows a semicolon, and then
// climb by the dots. An id that such a path could lose would leave a DELETE of another record, or of all.
func addressable(id string) bool {
	for range 5 {
		if !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl) {
			return false
		}
		for part := range strings.SplitSeq(strings.ReplaceAll(id, `\`, "/"), "/") {
			part, _, _ = strings.Cut(part, ";")
			if strings.Trim(part, ". ") == "" {
				return false
			}
		}
		decoded, err := url.PathUnescape(id)
		if err != nil || decoded == id {
			return true
		}
		id = decoded
	}
	return false
}
