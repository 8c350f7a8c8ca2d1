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

// judged is a row that can tell which of its fields holds what it cannot hold.
type judged interface{ oddField() string }

// rowsRead decodes a list in one go; it fails where a row is no text, no object, or holds what it cannot.
func rowsRead[T any](raw []byte) (rows []T, err error) {
	rows = make([]T, 0, usualRows)
	if err = transport.Decode(raw, &rows); err == nil && anyOdd(rows) {
		err = errOddRow
	}
	return rows, err
}

// usualRows are those of a page of users, which most pages are.
const usualRows = 100

var errOddRow = errors.New("a row holds what it cannot")

// rowsOf decodes a list row by row. Rows that are no text, no objects, or that hold what they cannot are left out, each
// with the reason and, if it has one, its id: one bad name must not cost the names of everybody else. rows is nil where
// the answer is no list at all.
func rowsOf[T any](raw json.RawMessage) (rows []T, bad []string, err error) {
	var each []json.RawMessage
	if err := json.Unmarshal(raw, &each); err != nil {
		return nil, nil, err
	}
	if each == nil {
		return nil, nil, nil
	}
	rows = make([]T, 0, len(each))
	for _, one := range each {
		row, why := rowOf[T](one)
		if why != nil {
			bad = append(bad, rowName(one)+why.Error())
			continue
		}
		rows = append(rows, row)
	}
	return rows, bad, nil
}

func anyOdd[T any](rows []T) bool {
	for i := range rows {
		if oddField(&rows[i]) != "" {
			return true
		}
	}
	return false
}

func oddField[T any](row *T) string {
	if j, is := any(row).(judged); is {
		return j.oddField()
	}
	return ""
}

func rowOf[T any](raw json.RawMessage) (row T, err error) {
	if err := transport.Lossless(raw); err != nil {
		return row, err
	}
	if raw[0] != '{' {
		return row, errors.New("it is no object")
	}
	if err := transport.Decode(raw, &row); err != nil {
		return row, errors.New("it has another shape than documented")
	}
	if field := oddField(&row); field != "" {
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

func badRows(bad []string) string {
	if len(bad) == 0 {
		return ""
	}
	return fmt.Sprintf("%d of the rows could not be read (%s); look at them in OneLogin", len(bad), bad[0])
}

func (u *user) oddField() string {
	for _, t := range u.texts() {
		if t.of.odd {
			return t.name
		}
	}
	return ""
}

func (r *role) oddField() string {
	if r.Name.odd {
		return "name"
	}
	return ""
}

func (e *event) oddField() string {
	switch {
	case e.ID == "":
		return "id"
	case e.Type.odd:
		return "event_type_id"
	}
	return ""
}
