package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// The types of this file take what servers send where the standard asks for something else. A list of ten thousand
// users must not be lost because one of them has a number for an id.

// text is a string; numbers and booleans are taken as they are written, null as empty.
type text string

// UnmarshalJSON fails for an object or a list, which stand for no text: taken for an empty one, a value would look as
// if it differed.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	switch {
	case len(raw) == 0 || raw[0] == 'n':
	case raw[0] == '{' || raw[0] == '[':
		return errNoText
	case raw[0] == '"':
		var err error
		if s, err = transport.Unquote(raw); err != nil {
			return err
		}
	default:
		s = string(raw)
	}
	*t = text(s)
	return nil
}

var errNoText = errors.New("an object or a list stands where a text belongs")

type recordID string

// UnmarshalJSON takes what is no id as none.
func (i *recordID) UnmarshalJSON(raw []byte) error {
	*i = recordID(model.RecordID(raw))
	return nil
}

// number is an integer, possibly written as a string or with a fraction of zero; said is false where there was none.
type number struct {
	given bool
	value int
}

// UnmarshalJSON takes what is no number as none.
func (n *number) UnmarshalJSON(raw []byte) error {
	var t text
	_ = t.UnmarshalJSON(raw) // what is no text is no number either
	if f, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64); err == nil && f > -1e15 && f < 1e15 {
		*n = number{given: true, value: int(f)}
	}
	return nil
}

// flag is a boolean, possibly written as a string (AWS's own PatchUser sample does) or as 0 and 1.
type flag struct{ given, value bool }

// UnmarshalJSON fails for what is neither yes nor no: whoever is said to be "yes" or [] is neither active nor inactive.
func (f *flag) UnmarshalJSON(raw []byte) error {
	var t text
	if err := t.UnmarshalJSON(raw); err != nil {
		return err
	}
	word := strings.ToLower(strings.TrimSpace(string(t)))
	if word == "" {
		return nil
	}
	on, err := strconv.ParseBool(word)
	if err != nil {
		return errNoFlag
	}
	*f = flag{given: true, value: on}
	return nil
}

var errNoFlag = errors.New("something else than true or false stands where one of them belongs")

func isObject(raw json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) }
