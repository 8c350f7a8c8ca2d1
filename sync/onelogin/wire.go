package onelogin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// The types of this file take JSON whose types vary between OneLogin's endpoints, accounts and years: ids come as
// numbers and as strings, texts as numbers, strings or arrays, switches as booleans or numbers. None of them ever
// fails: one odd field must not make ten thousand users unreadable.

// id is an id as text; empty if absent, null or none. OneLogin's are numbers, in a string too.
type id string

func (v *id) UnmarshalJSON(b []byte) error {
	s := model.RecordID(b)
	if s == "null" {
		s = ""
	}
	if b = bytes.TrimSpace(b); b[0] == '"' { // it may be a number in a string
		s = cmp.Or(model.RecordID([]byte(s)), s)
	}
	*v = id(s)
	return nil
}

// text is a string and whether the key was there: one that is left out must not be taken for an empty one.
type text struct {
	value string
	set   bool
	// wrongType: it is a list, an object or a switch, which no name or address can be.
	wrongType bool
}

func (v *text) UnmarshalJSON(b []byte) error {
	var all texts
	err := all.UnmarshalJSON(b)
	*v = all.text
	return err
}

// texts is a text that may have come as a list, which the text shows with commas. Values may hold commas too.
type texts struct {
	text

	many []string
}

func (v *texts) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	*v = texts{text: text{set: true, wrongType: bytes.ContainsAny(b[:1], "{[tf")}}
	if b[0] != '[' {
		v.value = scalarText(b)
		return nil
	}
	var list []json.RawMessage
	if err := transport.Decode(b, &list); err != nil {
		return err
	}
	for _, item := range list {
		v.many = append(v.many, scalarText(item))
	}
	v.value = strings.Join(v.many, ",")
	return nil
}

// nonBlank gives the texts that are not blank, one by one.
func (v *texts) nonBlank() []string {
	all := v.many
	if !v.wrongType {
		all = []string{v.value}
	}
	return model.NoneIfEmpty(slices.DeleteFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" }))
}

// scalarText is the text of a string, number or boolean, "" for null, and the JSON itself for anything else.
func scalarText(b []byte) string {
	b = bytes.TrimSpace(b)
	if bytes.Equal(b, []byte("null")) {
		return ""
	}
	if bytes.HasPrefix(b, []byte{'"'}) {
		if s, err := transport.Unquote(b); err == nil {
			return s
		}
	}
	return string(b)
}

// intValue is a small number and whether one was given; answered is true for null too, which is an answer, and false
// where the key was left out or holds no number.
type intValue struct {
	value         int
	set, answered bool
	// wrongType: something else than a number stands there.
	wrongType bool
}

func (v *intValue) UnmarshalJSON(b []byte) error {
	n, err := strconv.Atoi(model.RecordID([]byte(strings.TrimSpace(scalarText(b)))))
	null := bytes.Equal(bytes.TrimSpace(b), []byte("null"))
	*v = intValue{value: n, set: err == nil, answered: err == nil || null, wrongType: err != nil && !null}
	return nil
}

type triValue model.Tri

func (v *triValue) UnmarshalJSON(b []byte) error {
	switch strings.ToLower(scalarText(b)) {
	case "true", "1":
		*v = triValue(model.Yes)
	case "false", "0":
		*v = triValue(model.No)
	default:
		*v = triValue(model.Unsaid)
	}
	return nil
}

// idList is a list of ids, bare or in objects, and whether the key was there. Objects with "assigned": false are left
// out. A list in which anything else stands says nothing: the ids that can be read are not all there are.
type idList struct {
	ids []string
	set bool
}

// UnmarshalJSONFrom takes a list of nothing but numbers as one text that all its ids are parts of: the users of roles
// are most of what OneLogin sends, and are kept.
func (v *idList) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	*v = idList{}
	if from.PeekKind() != '[' {
		return from.SkipValue() // null or no list says nothing
	}
	raw, err := from.ReadValue()
	if err != nil {
		return err
	}
	if v.ids, v.set = splitNumbers(string(raw)); v.set {
		return nil
	}
	return v.readEach(jsontext.NewDecoder(bytes.NewReader(raw), from.Options()))
}

// splitNumbers gives the numbers of a JSON list as ids; ok is false where something else stands there too.
func splitNumbers(list string) (ids []string, ok bool) {
	ids = make([]string, 0, strings.Count(list, ",")+1)
	for one := range strings.SplitSeq(list[1:len(list)-1], ",") {
		one = strings.TrimSpace(one)
		if !model.IsRecordNumber(one) {
			return nil, false
		}
		ids = append(ids, one)
	}
	return ids, true
}

func (v *idList) readEach(from *jsontext.Decoder) error {
	_, err := from.ReadToken()
	for v.set = true; err == nil && from.PeekKind() != ']'; {
		var ok bool
		ok, err = v.readElement(from)
		v.set = v.set && ok
	}
	if err == nil {
		_, err = from.ReadToken()
	}
	if !v.set {
		v.ids = nil
	}
	v.ids = slices.Clone(v.ids) // as long as it is: it is kept
	return err
}

func (v *idList) readElement(from *jsontext.Decoder) (ok bool, err error) {
	var one id
	var object struct {
		ID       id       `json:"id"`
		Assigned triValue `json:"assigned"`
	}
	switch from.PeekKind() {
	case 'n':
		return true, from.SkipValue()
	case '[':
		return false, from.SkipValue()
	case '{':
		if err = transport.DecodeNext(from, &object); err != nil || model.Tri(object.Assigned) == model.No {
			return true, err
		}
		one = object.ID
	default:
		if err = transport.DecodeNext(from, &one); err != nil {
			return false, err
		}
	}
	if one != "" {
		v.ids = append(v.ids, string(one))
	}
	return one != "", nil
}

// lenient is a value that stays zero if its JSON has another shape, such as [] for an empty object.
type lenient[T any] struct{ value T }

func (v *lenient[T]) UnmarshalJSON(b []byte) error {
	var got T
	if transport.Decode(b, &got) == nil {
		v.value = got
	}
	return nil
}

// parseCursor is empty where OneLogin writes nothing, null or the string "null", as its OpenAPI examples do.
func parseCursor(s string) string {
	s = strings.TrimSpace(s)
	if strings.EqualFold(s, "null") {
		return ""
	}
	return s
}

// parseTime reads the times that OneLogin writes; the zero time if it cannot.
func parseTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05 MST", "2006-01-02T15:04:05.999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
