package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math/big"
	"strings"
)

// CompareIDs orders numeric ids by value and others by text.
func CompareIDs(a, b string) int {
	if len(a) != len(b) && IsNumber(a) && IsNumber(b) {
		return cmp.Compare(len(a), len(b))
	}
	return cmp.Compare(a, b)
}

// IsNumber reports whether an id is made of digits alone.
func IsNumber(s string) bool {
	return s != "" && everyByte(s, func(c byte) bool { return '0' <= c && c <= '9' })
}

// maxIDDigits is more than any service numbers its records with. A longer number is no id.
const maxIDDigits = 40

// RecordID is the id that a JSON value stands for, as text; empty for what is none. Ids are compared as text, so that
// one number has one form here, however a service writes it: 1002, 1002.0 and 1.002e3 are one id, and never a float,
// for ids may have more digits than that holds. A string is the id to the letter.
func RecordID(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0:
		return ""
	case raw[0] == '"':
		if isPlainString(raw) {
			return string(raw[1 : len(raw)-1])
		}
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return s
	case raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9':
		text := string(raw)
		if IsRecordNumber(text) {
			return text // as nearly all are
		}
		return wholeNumber(text)
	}
	return ""
}

// IsRecordNumber reports whether the text of a JSON number is an id as it stands.
func IsRecordNumber(text string) bool {
	return IsNumber(text) && text[0] > '0' && len(text) <= maxIDDigits
}

// isPlainString reports whether a JSON string is ASCII that stands for itself.
func isPlainString(raw []byte) bool {
	return len(raw) > 1 && raw[len(raw)-1] == '"' && everyByte(raw[1:len(raw)-1], func(c byte) bool {
		return ' ' <= c && c <= '~' && c != '"' && c != '\\'
	})
}

func everyByte[text []byte | string](raw text, fits func(c byte) bool) bool {
	for i := range len(raw) {
		if !fits(raw[i]) {
			return false
		}
	}
	return true
}

// RecordIDOf is RecordID for a value that was decoded with json.Decoder.UseNumber.
func RecordIDOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return wholeNumber(v.String())
	}
	return ""
}

// wholeNumber writes a JSON number with digits only; empty if it is no whole one.
func wholeNumber(text string) string {
	const most, bits = 100, 512 // so many digits fit into the mantissa
	f, _, err := big.ParseFloat(text, 10, bits, big.ToZero)
	if err != nil || len(text) > most || !f.IsInt() || f.MantExp(nil) > bits {
		return ""
	}
	switch digits := f.Text('f', 0); {
	case f.Sign() == 0:
		return "0"
	case len(strings.TrimPrefix(digits, "-")) <= maxIDDigits:
		return digits
	}
	return ""
}
