package scim

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// newGroup is an empty group; its members follow in steps of their own, which can be confirmed one by one.
func (e *encoder) newGroup() (any, error) {
	return struct {
		Schemas     []string `json:"schemas"`
		DisplayName string   `json:"displayName"`
	}{[]string{groupSchema}, e.in.Group.Name}, e.checkText("displayName", e.in.Group.Name)
}

// maxMembersPerRequest is how many members are changed at once. AWS answers 400 to more than 100
// (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html). Other servers name no such limit, and a plan of even
// steps is easier to read.
const maxMembersPerRequest = 100

// changeMembers adds or removes by explicit ids, never all at once: AWS has changed what it makes of that over the
// years, and once emptied the group while it refused (github.com/lichti/aws-iam-scim-problem).
func (e *encoder) changeMembers(path string) (requests []model.Encoded, err error) {
	members, err := e.distinctMembers()
	switch {
	case err != nil:
		return nil, err
	case e.noPatch: // one request holds all members anyway
		return e.encodePut(path, nil, members)
	}
	for chunk := range slices.Chunk(members, maxMembersPerRequest) {
		one, err := e.encodePatch(path, e.memberOperations(chunk), chunk)
		if err != nil {
			return nil, err
		}
		requests = append(requests, one...)
		next := *e.in
		next.Rewritten = true
		e.in = &next
	}
	return requests, nil
}

// distinctMembers gives the members once each, and at least one: a remove without values empties the group at some
// targets.
func (e *encoder) distinctMembers() ([]model.Member, error) {
	seen := map[model.Member]bool{}
	members := make([]model.Member, 0, len(e.in.Members))
	for _, m := range e.in.Members {
		switch {
		case m.ID == "" && m.Ref == "", m.ID != "" && !isAddressable(m.ID):
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

func (e *encoder) memberOperations(members []model.Member) (operations []operation) {
	if e.in.Repair == model.RemoveMembers && e.removeByPath {
		for _, m := range members {
			operations = append(operations, operation{
				Op: "remove", Path: "members[value eq " + quoteValue(m.ID) + "]",
			})
		}
		return operations
	}
	op := "add"
	if e.in.Repair == model.RemoveMembers {
		op = "remove"
	}
	return []operation{{Op: op, Path: "members", Value: memberValues(members)}}
}

// memberValues are members as a request names them: by id, or by a reference to the user whom an earlier step creates.
func memberValues(members []model.Member) []any {
	values := make([]any, len(members))
	for i, m := range members {
		value := any(m.ID)
		if m.ID == "" {
			value = model.RefInBody(m.Ref)
		}
		values[i] = map[string]any{"value": value}
	}
	return values
}

// recordPath is the path of one record; without an id it would be that of all of them.
func recordPath(collection, id, ref string) (string, error) {
	switch {
	case id == "" && ref != "":
		return collection + "/" + model.RefInPath(ref), nil
	case !isAddressable(id):
		return "", fmt.Errorf("%q is not the id of a record that can be changed safely; reload, and look at the "+
			"record at the target", id)
	}
	return collection + "/" + url.PathEscape(id), nil
}

// isAddressable reports whether an id stays one segment below its collection whatever stands in front of the target:
// proxies decode %2F and %2E, once or again, take a backslash for a slash, cut off what follows a semicolon, and then
// climb by the dots. An id that such a path could lose would leave a DELETE of another record, or of all.
func isAddressable(id string) bool {
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
