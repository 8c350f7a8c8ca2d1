package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

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

// ComparedMails are the indices of the e-mail that is compared and written: the one marked primary, else the one of
// type work, else the only one. One that is listed twice is one. Of several that differ none is taken, and nothing is
// said of any.
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
