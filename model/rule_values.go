package model

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Attributes are the values of a source user that rules ask for. They are kept behind a pointer and with shared names,
// because a directory has a hundred thousand users: ten fields take 216 bytes and the values themselves.
type Attributes struct {
	// Names are folded field names, shared by all users of whom the same was read. A field that is not among them was not
	// read; one with the value "" is empty.
	Names []string
	// Values has one for each name: several values of one field are joined by JoinValues.
	Values []string
}

// valueSeparator parts the values of a multi-valued field; no field of OneLogin's holds a NUL.
const valueSeparator = "\x00"

// JoinValues makes one text of several values of a field.
func JoinValues(values []string) string { return strings.Join(values, valueSeparator) }

// of gives the values of a field; read is false if it was not among what was read.
func (a *Attributes) of(field string) (values []string, read bool) {
	if a == nil {
		return nil, false
	}
	at := slices.Index(a.Names, field)
	switch {
	case at < 0 || at >= len(a.Values):
		return nil, false
	case a.Values[at] == "":
		return nil, true
	case !strings.Contains(a.Values[at], valueSeparator):
		return a.Values[at : at+1 : at+1], true // without a copy: rules ask it of everybody
	}
	return strings.Split(a.Values[at], valueSeparator), true
}

// MarshalJSON gives the values by their names.
func (a *Attributes) MarshalJSON() ([]byte, error) {
	values := make(map[string]string, len(a.Names))
	for i, name := range a.Names[:min(len(a.Names), len(a.Values))] {
		values[name] = a.Values[i]
	}
	return json.Marshal(values)
}

// UnmarshalJSON reads them, with the names in ascending order.
func (a *Attributes) UnmarshalJSON(text []byte) error {
	var values map[string]string
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	*a = Attributes{Names: slices.Sorted(maps.Keys(values)), Values: make([]string, len(values))}
	for i, name := range a.Names {
		a.Values[i] = values[name]
	}
	return nil
}
