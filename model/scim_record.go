package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// attributeOf is an attribute of a record, nil where it has none: names do not depend on case (RFC 7643, section 2.1).
func attributeOf(record map[string]any, attribute string) any {
	for name, v := range record {
		if SameName(name, attribute) {
			return v
		}
	}
	return nil
}

// IsServerAttribute reports whether an attribute does not make two answers about a record different: what servers give
// (RFC 7643, section 3.1), a user's groups, changed at the groups (section 4.1.2), and members, told apart.
func IsServerAttribute(name string) bool {
	return slices.ContainsFunc([]string{"id", "meta", "schemas", "groups", "members"},
		func(given string) bool { return SameName(given, name) })
}

// RecordDigest tells a SCIM record in one state from the same record in another: by everything that a write of the
// whole record could take back, but for the members of a group that are users, whose ids it gives, sorted and each
// once. What is absent, null and empty is the same. The error is for what is no JSON object.
func RecordDigest(raw json.RawMessage) (digest string, members []string, err error) {
	record, err := decodeRecord(raw)
	if err != nil {
		return "", nil, err
	}
	var nested []string
	kept := map[string]any{}
	for name, value := range record {
		if SameName(name, "members") {
			members, nested = splitMembers(value)
		}
		if isEmptyValue(value) || IsServerAttribute(name) {
			continue
		}
		kept[name] = value
	}
	slices.Sort(members)
	slices.Sort(nested)
	text, _ := json.Marshal([]any{kept, slices.Compact(nested)}) //nolint:errchkjson // it was JSON before
	return Fingerprint(string(text)), slices.Compact(members), nil
}

// splitMembers tells users from groups, which RFC 7643 section 4.2 lets be members too.
func splitMembers(value any) (users, groups []string) {
	list, _ := value.([]any)
	for _, one := range list {
		m, _ := one.(map[string]any)
		id := cmp.Or(RecordIDOf(one), RecordIDOf(attributeOf(m, "value"))) // some servers write it bare
		kind, _ := attributeOf(m, "type").(string)
		switch {
		case id == "":
		case strings.EqualFold(kind, "Group"):
			groups = append(groups, id)
		default:
			users = append(users, id)
		}
	}
	return users, groups
}

// isEmptyValue reports whether a value says as much as its absence.
func isEmptyValue(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// MissingAttribute is something that one answer about a SCIM record shows and another does not: an attribute, or values
// of a list.
type MissingAttribute struct {
	// Attribute is the SCIM name, "name.givenName" for one within another.
	Attribute string
	// Values is how many of the Of values of a list are missing; both are 0 for an attribute that is no list.
	Values, Of int
}

func (l MissingAttribute) String() string {
	if l.Of == 0 {
		return l.Attribute
	}
	return fmt.Sprintf("%d of %d %s", l.Values, l.Of, l.Attribute)
}

// Count is how many values are missing.
func (l MissingAttribute) Count() int { return max(1, l.Values) }

// MissingAttributes says what a record does not show of what a fuller answer about it does: a write of the whole record
// would take that away. What a server gives by itself does not count. Values of a list are told apart by their "value"
// (RFC 7643, section 2.4). The error is for what is no JSON object.
func MissingAttributes(fuller, record json.RawMessage) ([]MissingAttribute, error) {
	shown, err := decodeRecord(fuller)
	if err != nil {
		return nil, err
	}
	has, err := decodeRecord(record)
	if err != nil {
		return nil, err
	}
	var out []MissingAttribute
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		if SameName(name, "members") || !IsServerAttribute(name) {
			out = append(out, missingValues(name, shown[name], attributeOf(has, name))...)
		}
	}
	return out, nil
}

// UnintendedChanges says what a write of a whole record did beside what it was to do: gone is what it had, or was
// written, and lacks now; changed are attributes that the write left as they were. Members are no part of it. The
// records are as they were answered or sent. The error is for what is no JSON object.
func UnintendedChanges(before, written, after json.RawMessage) (gone []MissingAttribute, changed []string, err error) {
	var records [3]map[string]any
	for i, raw := range []json.RawMessage{before, written, after} {
		if records[i], err = decodeRecord(raw); err != nil {
			return nil, nil, err
		}
	}
	names := map[string]string{} // one spelling of each, by the folded one
	for _, record := range records {
		for name := range record {
			if !IsServerAttribute(name) {
				names[Fold(name)] = name
			}
		}
	}
	for _, folded := range slices.Sorted(maps.Keys(names)) {
		name := names[folded]
		was, wrote, is := attributeOf(records[0], name), attributeOf(records[1], name), attributeOf(records[2], name)
		want, meant := was, !sameValue(was, wrote)
		if meant {
			want = wrote
		}
		lacks := missingValues(name, want, is)
		gone = append(gone, lacks...)
		if !meant && len(lacks) == 0 && !sameValue(was, is) {
			changed = append(changed, name)
		}
	}
	return gone, changed, nil
}

// RecordMembers are the ids of a group's members, users and groups, sorted. The error is for what is no JSON object.
func RecordMembers(raw json.RawMessage) ([]string, error) {
	record, err := decodeRecord(raw)
	if err != nil {
		return nil, err
	}
	users, groups := splitMembers(attributeOf(record, "members"))
	ids := slices.Concat(users, groups)
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func decodeRecord(raw json.RawMessage) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var record map[string]any
	if err := d.Decode(&record); err != nil || record == nil {
		return nil, fmt.Errorf("the record is no JSON object; look at it at the target (%w)", err)
	}
	return record, nil
}

func sameValue(a, b any) bool {
	if isEmptyValue(a) && isEmptyValue(b) {
		return true
	}
	left, errA := json.Marshal(a)
	right, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(left, right)
}

// missingValues compares what is there, not what it says: a value that is another one by now is not missing.
func missingValues(path string, shown, has any) (out []MissingAttribute) {
	switch v := shown.(type) {
	case []any:
		there := map[string]bool{}
		list, is := has.([]any)
		if !is && !isEmptyValue(has) {
			list = []any{has} // a server may leave out the brackets around a single one
		}
		for _, one := range list {
			there[valueKey(one)] = true
		}
		missing := 0
		for _, one := range v {
			if !there[valueKey(one)] {
				missing++
			}
		}
		if missing > 0 {
			out = append(out, MissingAttribute{path, missing, len(v)})
		}
	case map[string]any:
		inner, _ := has.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, missingValues(path+"."+name, v[name], attributeOf(inner, name))...)
		}
	default:
		if !isEmptyValue(shown) && isEmptyValue(has) {
			out = append(out, MissingAttribute{Attribute: path})
		}
	}
	return out
}

// valueKey tells the values of a list apart.
func valueKey(element any) string {
	if m, is := element.(map[string]any); is {
		if value := attributeOf(m, "value"); value != nil {
			element = value
		}
	}
	if id := RecordIDOf(element); id != "" {
		return strings.ToLower(id)
	}
	text, _ := json.Marshal(element) //nolint:errchkjson // it was JSON before
	return string(text)
}
