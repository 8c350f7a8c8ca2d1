package model

import (
	"encoding/json"
	"slices"
	"strings"
)

// unstable are the attributes that do not make two answers about one record different: what a server gives by itself
// (RFC 7643, section 3.1), and a user's groups, which are changed at the groups (section 4.1.2). Members are told apart.
func unstable() []string { return []string{"id", "meta", "schemas", "groups", "members"} }

// RecordDigest tells a SCIM record in one state from the same record in another: by everything that a write of the whole record
// could take back, but for the members of a group that are users, whose ids it gives, sorted and each once. What is absent, null
// and empty is the same. The error is for what is no JSON object.
func RecordDigest(raw json.RawMessage) (digest string, members []string, err error) {
	record, err := decodeRecord(raw)
	if err != nil {
		return "", nil, err
	}
	var nested []string
	kept := map[string]any{}
	for name, value := range record {
		if SameName(name, "members") {
			members, nested = membersIn(value)
		}
		if hollow(value) || isUnstable(name) {
			continue
		}
		kept[name] = value
	}
	slices.Sort(members)
	slices.Sort(nested)
	text, err := json.Marshal([]any{kept, slices.Compact(nested)})
	if err != nil {
		return "", nil, err
	}
	return Fingerprint(string(text)), slices.Compact(members), nil
}

// membersIn tells users from groups, which RFC 7643 section 4.2 lets be members too.
func membersIn(value any) (users, groups []string) {
	list, _ := value.([]any)
	for _, one := range list {
		id := RecordIDOf(one) // bare, as some servers write it
		m, _ := one.(map[string]any)
		if id == "" {
			id = RecordIDOf(oneOf(fieldsNamed(m, "value")))
		}
		kind, _ := oneOf(fieldsNamed(m, "type")).(string)
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

// hollow reports whether a value says as much as its absence.
func hollow(value any) bool {
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

// recordIs answers whether a record is as it was when the request that writes it whole was worded.
func (e *eye) recordIs(s *Statement) string {
	raw, read := e.Records[s.ID]
	switch {
	case s.ID == "":
		return malformed
	case !read:
		return Visible(named(s)) + notRead
	case raw == nil:
		return Visible(named(s)) + " is gone from the target"
	}
	digest, members, err := RecordDigest(raw)
	if err != nil {
		return err.Error()
	}
	want := make([]string, 0, len(s.Users))
	for _, m := range s.Users {
		want = append(want, m.ID)
	}
	slices.Sort(want)
	switch {
	case s.Value != "" && digest != s.Value:
		return Visible(named(s)) + " has changed at the target since this was planned, and the request would take that back; plan again"
	case !slices.Equal(slices.Compact(want), members):
		return "the members of " + Visible(named(s)) + " have changed since this was planned, and the request would take that back; plan again"
	}
	return ""
}

// oneOf is the first of some values, nil if there is none.
func oneOf(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}
