package fault

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
)

// magic is "+/+/" in base64: every token shows what a client must percent-encode.
const magic = "\xfb\xff\xbf"

// Token is an opaque cursor that says where a walk through a list goes on. about tells the list and its filter, for
// which alone it is good. Its alphabet is [-a-zA-Z0-9+=/:_], as AWS documents for its cursors.
func Token(about string, at any) string {
	text, err := json.Marshal(at)
	if err != nil {
		return "" // places are numbers and ids, which always marshal
	}
	for len(text)%3 != 2 { // with the seal's eight bytes one short of a multiple of three, so that it ends in "="
		text = append(text, ' ')
	}
	return base64.StdEncoding.EncodeToString(append(seal(about, text), text...))
}

// Open reads a token back. It is false for one that was made for another list, or was never made here.
func Open(token, about string, at any) bool {
	raw, err := base64.StdEncoding.DecodeString(token)
	head := len(seal("", nil))
	return err == nil && len(raw) > head && bytes.Equal(raw[:head], seal(about, raw[head:])) &&
		json.Unmarshal(raw[head:], at) == nil
}

func seal(about string, body []byte) []byte {
	h := fnv.New64a()
	for _, part := range [][]byte{[]byte(about), {0}, body} {
		_, _ = h.Write(part) // a hash never fails to write
	}
	return h.Sum([]byte(magic))
}
