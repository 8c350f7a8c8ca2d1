package onelogin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// The types of this file take JSON whose types vary between OneLogin's endpoints, accounts and years: ids come as numbers
// and as strings, texts as numbers, strings or arrays, switches as booleans or numbers. None of them ever fails: one odd
// field must not make ten thousand users unreadable.

// id is an id as text; empty if absent, null or none. OneLogin's are numbers, in a string too.
type id string

func (v *id) UnmarshalJSON(b []byte) error {
	s := model.RecordID(b)
	if s == "null" {
		s = ""
	}
	*v = id(cmp.Or(model.RecordID([]byte(s)), s))
	return nil
}

// text is a string and whether the key was there at all: a list that leaves a field out must not be taken for one that
// says it is empty.
type text struct {
	value string
	set   bool
	// odd: it is a list, an object or a switch, which no name or address can be.
	odd bool
}

func (v *text) UnmarshalJSON(b []byte) error {
	var all texts
	err := all.UnmarshalJSON(b)
	*v = all.text
	return err
}

// texts is a text that may have come as a list, which the text itself shows with commas. Values may hold commas of their
// own, as those of member_of do.
type texts struct {
	text

	many []string
}

func (v *texts) UnmarshalJSON(b []byte) error {
	*v = texts{text: text{set: true, odd: bytes.ContainsAny(bytes.TrimSpace(b)[:1], "{[tf")}}
	var list lax[[]json.RawMessage]
	_ = list.UnmarshalJSON(b) // never fails
	if list.value == nil {
		v.value = scalar(b)
		return nil
	}
	for _, item := range list.value {
		v.many = append(v.many, scalar(item))
	}
	v.value = strings.Join(v.many, ",")
	return nil
}

// scalar is the text of a string, number or boolean, "" for null, and the JSON itself for anything else.
func scalar(b []byte) string {
	b = bytes.TrimSpace(b)
	if bytes.Equal(b, []byte("null")) {
		return ""
	}
	var s string
	if json.Unmarshal(b, &s) == nil {
		return s
	}
	return string(b)
}

// whole is a small number and whether one was given; said is true for null too, which is an answer, and false where the key
// was left out or holds no number.
type whole struct {
	value     int
	set, said bool
	// odd: something else than a number stands there.
	odd bool
}

func (v *whole) UnmarshalJSON(b []byte) error {
	n, err := strconv.Atoi(model.RecordID([]byte(strings.TrimSpace(scalar(b)))))
	null := bytes.Equal(bytes.TrimSpace(b), []byte("null"))
	*v = whole{value: n, set: err == nil, said: err == nil || null, odd: err != nil && !null}
	return nil
}

// toggle is a switch that may be absent.
type toggle model.Tri

func (v *toggle) UnmarshalJSON(b []byte) error {
	switch strings.ToLower(scalar(b)) {
	case "true", "1":
		*v = toggle(model.Yes)
	case "false", "0":
		*v = toggle(model.No)
	default:
		*v = toggle(model.Unsaid)
	}
	return nil
}

// idList is a list of ids, bare or in objects, and whether the key was there. Objects with "assigned": false are left
// out. A list in which anything else stands says nothing: the ids that can be read are not all there are.
type idList struct {
	ids []string
	set bool
}

func (v *idList) UnmarshalJSON(b []byte) error {
	var items lax[[]json.RawMessage]
	_ = items.UnmarshalJSON(b)           // never fails
	*v = idList{set: items.value != nil} // null or no list says nothing
	for _, item := range items.value {
		if !v.take(item) {
			*v = idList{}
			return nil
		}
	}
	return nil
}

func (v *idList) take(item json.RawMessage) (ok bool) {
	var one id
	var object struct {
		ID       id     `json:"id"`
		Assigned toggle `json:"assigned"`
	}
	// A v1 list may be nested once more: [[1,2]].
	var inner idList
	switch {
	case bytes.Equal(item, []byte("null")):
		return true
	case item[0] == '[':
		_ = inner.UnmarshalJSON(item) // never fails
		v.ids = append(v.ids, inner.ids...)
		return inner.set
	case item[0] == '{':
		if json.Unmarshal(item, &object) != nil {
			return false
		}
		if model.Tri(object.Assigned) == model.No {
			return true
		}
		one = object.ID
	default:
		_ = one.UnmarshalJSON(item) // never fails
	}
	if one != "" {
		v.ids = append(v.ids, string(one))
	}
	return one != ""
}

// lax is a value that stays zero if its JSON has another shape, such as the [] that stands for an empty object at times.
type lax[T any] struct{ value T }

func (v *lax[T]) UnmarshalJSON(b []byte) error {
	var got T
	if json.Unmarshal(b, &got) == nil {
		v.value = got
	}
	return nil
}

// cursor is empty where OneLogin writes nothing, null or the string "null", as its OpenAPI examples do.
func cursor(s string) string {
	s = strings.TrimSpace(s)
	if strings.EqualFold(s, "null") {
		return ""
	}
	return s
}

// instant reads the times that OneLogin writes; the zero time if it cannot.
func instant(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05 MST", "2006-01-02T15:04:05.999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
