package scim

import (
	"encoding/json"
	"strings"
)

// wireMail is one e-mail of a user.
type wireMail struct {
	value, kind string
	primary     bool
}

// UnmarshalJSON takes the standard's object and the bare string that some servers send.
func (m *wireMail) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Value   text `json:"value"`
		Type    text `json:"type"`
		Primary flag `json:"primary"`
	}
	var err error
	if isObject(raw) {
		err = json.Unmarshal(raw, &wire)
	} else {
		err = wire.Value.UnmarshalJSON(raw)
	}
	*m = wireMail{value: string(wire.Value), kind: string(wire.Type), primary: wire.Primary.on}
	return err
}

// comparedMails are the indices of the e-mail that is compared and written: the one marked primary, else the one of type work, else
// the only one. One that is listed twice is one. Of several that differ none is taken, and nothing is said of any.
func comparedMails(mails []wireMail) []int {
	for _, fits := range []func(wireMail) bool{
		func(m wireMail) bool { return m.primary },
		func(m wireMail) bool { return strings.EqualFold(m.kind, "work") },
		func(wireMail) bool { return true },
	} {
		var found []int
		for i, m := range mails {
			if m.value == "" || !fits(m) {
				continue
			}
			if found != nil && m.value != mails[found[0]].value {
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
