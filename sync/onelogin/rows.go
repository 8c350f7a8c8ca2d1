package onelogin

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// typeChecker is a row that can tell which of its fields holds what it cannot hold.
type typeChecker interface{ wrongTypeField() string }

// decodeRows decodes a list in one go; it fails where a row is no text, no object, or holds what it cannot.
func decodeRows[T any](raw []byte) (rows []T, err error) {
	rows = make([]T, 0, usualPageRows)
	if err = transport.Decode(raw, &rows); err == nil && anyWrongType(rows) {
		err = errWrongType
	}
	return rows, err
}

// usualPageRows are those of a page of users, which most pages are.
const usualPageRows = 100

var errWrongType = errors.New("a row holds what it cannot")

// decodeEachRow decodes a list row by row. Rows that are no text, no objects, or that hold what they cannot are left
// out, each with the reason and, if it has one, its id: one bad name must not cost the names of everybody else. It
// comes after decodeRows, which takes null for no list.
func decodeEachRow[T any](raw json.RawMessage) (rows []T, bad []string, err error) {
	var each []json.RawMessage
	if err := json.Unmarshal(raw, &each); err != nil {
		return nil, nil, err
	}
	rows = make([]T, 0, len(each))
	for _, one := range each {
		row, why := decodeRow[T](one)
		if why != nil {
			bad = append(bad, rowName(one)+why.Error())
			continue
		}
		rows = append(rows, row)
	}
	return rows, bad, nil
}

func anyWrongType[T any](rows []T) bool {
	for i := range rows {
		if wrongTypeField(&rows[i]) != "" {
			return true
		}
	}
	return false
}

func wrongTypeField[T any](row *T) string {
	if j, is := any(row).(typeChecker); is {
		return j.wrongTypeField()
	}
	return ""
}

func decodeRow[T any](raw json.RawMessage) (row T, err error) {
	if err := transport.CheckLossless(raw); err != nil {
		return row, err
	}
	if raw[0] != '{' {
		return row, errors.New("it is no object")
	}
	if err := transport.Decode(raw, &row); err != nil {
		return row, errors.New("it has another shape than documented")
	}
	if field := wrongTypeField(&row); field != "" {
		return row, fmt.Errorf("its %s is missing or of an impossible type", field)
	}
	return row, nil
}

func rowName(raw json.RawMessage) string {
	var row struct {
		ID id `json:"id"`
	}
	if raw[0] != '{' || transport.DecodeLossy(raw, &row) != nil || row.ID == "" ||
		strings.ContainsRune(string(row.ID), utf8.RuneError) {
		return ""
	}
	return model.Visible(transport.OneLine(string(row.ID))) + ": "
}

func badRowsText(bad []string) string {
	if len(bad) == 0 {
		return ""
	}
	return fmt.Sprintf("%d of the rows could not be read (%s); look at them in OneLogin", len(bad), bad[0])
}

func (u *user) wrongTypeField() string {
	for _, t := range u.texts() {
		if t.value.wrongType {
			return t.name
		}
	}
	return ""
}

func (r *role) wrongTypeField() string {
	if r.Name.wrongType {
		return "name"
	}
	return ""
}

func (e *event) wrongTypeField() string {
	switch {
	case e.ID == "":
		return "id"
	case e.Type.wrongType:
		return "event_type_id"
	}
	return ""
}
