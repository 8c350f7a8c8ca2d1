package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// Names reports whether the field of a name is in the set.
func (s FieldSet) Names(name string) bool {
	i := slices.Index(FieldNames(), name)
	return i >= 0 && s.Has(Field(i))
}

// MarshalJSON lists the names of the fields.
func (s FieldSet) MarshalJSON() ([]byte, error) {
	return json.Marshal(slices.DeleteFunc(FieldNames(), func(name string) bool { return !s.Names(name) }))
}

// UnmarshalJSON reads such a list.
func (s *FieldSet) UnmarshalJSON(text []byte) error {
	var names []string
	if err := json.Unmarshal(text, &names); err != nil {
		return err
	}
	*s = 0
	for _, name := range names {
		at := slices.Index(FieldNames(), name)
		if at < 0 {
			return fmt.Errorf("there is no field %q to compare", name)
		}
		*s |= FieldSetOf(Field(at))
	}
	return nil
}

// FieldUserName is the name that differences, changes and conditions have for the userName.
const FieldUserName = "userName"

// FieldNames are the compared attributes by their SCIM names.
func FieldNames() []string { return Words(Fields()) }

// Mail is one of the e-mails in a SCIM record of a user.
type Mail struct {
	Value, Type string
	Primary     bool
}

// UnmarshalJSON takes the standard's object and the bare string that some servers send.
func (m *Mail) UnmarshalJSON(raw []byte) error {
	*m = Mail{}
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		return json.Unmarshal(raw, &m.Value)
	}
	var wire struct {
		Value   string `json:"value"`
		Type    string `json:"type"`
		Primary any    `json:"primary"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return errors.New("an e-mail is of an impossible type")
	}
	word, _ := wire.Primary.(string)
	m.Value, m.Type, m.Primary = wire.Value, wire.Type, wire.Primary == true || strings.EqualFold(word, "true")
	return nil
}

// ComparedMails are the indices of the e-mail that is compared and written: the one marked primary, else of type work,
// else the only one, however often. Of several that differ nothing is said.
func ComparedMails(mails []Mail) []int {
	for _, fits := range []func(Mail) bool{
		func(m Mail) bool { return m.Primary },
		func(m Mail) bool { return strings.EqualFold(m.Type, "work") },
		func(Mail) bool { return true },
	} {
		var found []int
		for i, m := range mails {
			if m.Value == "" || !fits(m) {
				continue
			}
			if found != nil && m.Value != mails[found[0]].Value {
				return nil
			}
			found = append(found, i)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// TakeMails sets the compared e-mail of a user at the target from all that the record has.
func (u *User) TakeMails(mails []Mail) {
	u.Email, u.EmailUnsure = "", false
	if chosen := ComparedMails(mails); len(chosen) > 0 {
		u.Email = mails[chosen[0]].Value
		return
	}
	for _, m := range mails {
		if m.Value != "" {
			u.Email, u.EmailUnsure = m.Value, true
			return
		}
	}
}

// FieldExternalID is the one attribute beside those that are compared and the userName of which a condition can speak.
const FieldExternalID = "externalId"

// textAttribute is where the text is that a condition, a difference or a request calls so; nil for a name that is not
// known.
func (u *User) textAttribute(name string) *string {
	switch name {
	case FieldUserName:
		return &u.UserName
	case FieldExternalID:
		return &u.ExternalID
	case FieldDisplayName.String():
		return &u.DisplayName
	case FieldGivenName.String():
		return &u.GivenName
	case FieldFamilyName.String():
		return &u.FamilyName
	case FieldEmails.String():
		return &u.Email
	}
	return nil
}

// Value gives the user's value of a field.
func (u *User) Value(f Field) string {
	value, _ := u.Attribute(f.String())
	return value
}

// Attribute gives a field of a user by the name that a condition, a difference or a request has for it.
func (u *User) Attribute(name string) (value string, known bool) {
	if name == FieldActive.String() {
		return strconv.FormatBool(u.Active), true
	}
	if t := u.textAttribute(name); t != nil {
		return *t, true
	}
	return "", false
}

// SetAttribute is the counterpart of Attribute; a name that is not known changes nothing.
func (u *User) SetAttribute(name, value string) {
	if name == FieldActive.String() {
		u.Active = value == "true"
	} else if t := u.textAttribute(name); t != nil {
		*t = value
		u.EmailUnsure = u.EmailUnsure && t != &u.Email
	}
}
