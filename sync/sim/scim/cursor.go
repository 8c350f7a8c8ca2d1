package scim

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"time"
)

// place is what a cursor says: where its walk goes on, and what the walk was about.
type place struct {
	Last   string `json:"l"` // the last row delivered
	Offset int    `json:"o"` // the number of rows before the next one, for OffsetCursors
	Page   int    `json:"p"` // the number of the next page, from 2
	Row    int    `json:"r"` // rows looked at so far
	Count  int    `json:"c"` // the count of the page before
	Issued int64  `json:"i"` // Unix milliseconds
	Serial int64  `json:"s"` // makes each cursor another one, for SingleUseCursors
}

// magic is "+/+/" in base64: every cursor shows what a client must percent-encode.
const magic = "\xfb\xff\xbf"

// encode writes a cursor for a list and filter (about). Its alphabet is the documented [-a-zA-Z0-9+=/:_]*.
func (p place) encode(about string) string {
	text, err := json.Marshal(p)
	if err != nil {
		return "" // numbers and an id always marshal
	}
	for len(text)%3 != 2 { // with the seal's eight bytes one short of a multiple of three, so that it ends in "="
		text = append(text, ' ')
	}
	raw := append([]byte(magic), seal(about, text)...)
	return base64.StdEncoding.EncodeToString(append(raw, text...))
}

// decode reads a cursor back; one that was made for another list or filter, or was never made here, is refused.
func decodeCursor(text, about string) (place, error) {
	var p place
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) < len(magic)+8 || !bytes.HasPrefix(raw, []byte(magic)) {
		return p, invalid("Invalid cursor")
	}
	body := raw[len(magic)+8:]
	if !bytes.Equal(raw[len(magic):len(magic)+8], seal(about, body)) {
		return p, invalid("The cursor was issued for another list or filter")
	}
	if json.Unmarshal(body, &p) != nil {
		return p, invalid("Invalid cursor")
	}
	return p, nil
}

func seal(about string, body []byte) []byte {
	h := fnv.New64a()
	for _, part := range [][]byte{[]byte(about), {0}, body} {
		_, _ = h.Write(part) // a hash never fails to write
	}
	return h.Sum(nil)
}

// stale says whether a cursor has outlived its time.
func (p place) stale(now time.Time, lifetime time.Duration) bool {
	return lifetime > 0 && now.Sub(time.UnixMilli(p.Issued)) > lifetime
}
