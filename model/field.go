package model

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
