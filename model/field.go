package model

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Field is a user attribute that both sides are compared by.
type Field uint8

// The fields that can be compared, in the order in which differences are listed. UserName has a finding of its own
// (user-renamed) and Active two (user-still-active, user-inactive).
const (
	FieldDisplayName Field = iota
	FieldGivenName
	FieldFamilyName
	FieldEmails
	FieldActive
	fieldCount
)

// Fields lists every field.
func Fields() []Field {
	return []Field{FieldDisplayName, FieldGivenName, FieldFamilyName, FieldEmails, FieldActive}
}

// String is the SCIM name of the attribute, as the configuration and the reports write it.
func (f Field) String() string {
	return [...]string{"displayName", "name.givenName", "name.familyName", "emails", "active"}[f]
}

// FieldSet is a set of fields; the zero value is empty.
type FieldSet uint8

// FieldSetOf makes a set.
func FieldSetOf(fields ...Field) FieldSet {
	var s FieldSet
	for _, f := range fields {
		s |= 1 << f
	}
	return s
}

// Has reports whether f is in the set.
func (s FieldSet) Has(f Field) bool { return s&(1<<f) != 0 }

// value gives the user's value of a text field.
func (u *User) value(f Field) string {
	switch f {
	case FieldDisplayName:
		return u.DisplayName
	case FieldGivenName:
		return u.GivenName
	case FieldFamilyName:
		return u.FamilyName
	case FieldEmails:
		return u.Email
	case FieldActive, fieldCount:
	}
	return ""
}

// MarshalJSON lists the names of the fields.
func (s FieldSet) MarshalJSON() ([]byte, error) {
	names := []string{}
	for _, f := range Fields() {
		if s.Has(f) {
			names = append(names, f.String())
		}
	}
	return json.Marshal(names)
}

// UnmarshalJSON reads such a list.
func (s *FieldSet) UnmarshalJSON(text []byte) error {
	var names []string
	if err := json.Unmarshal(text, &names); err != nil {
		return err
	}
	*s = 0
	for _, name := range names {
		at := slices.IndexFunc(Fields(), func(f Field) bool { return f.String() == name })
		if at < 0 {
			return fmt.Errorf("there is no field %q to compare", name)
		}
		*s |= FieldSetOf(Fields()[at])
	}
	return nil
}
