package transport

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	v1 "github.com/go-json-experiment/json/v1"
)

// lossy are encoding/json's own semantics: names in any case, the last of two equal ones counts, U+FFFD stands for what
// is no text. But for its errors, which need a look at the whole value before it is decoded. With strict, text that is
// none fails.
//
//nolint:gochecknoglobals // options never change
var (
	lossy  = json.JoinOptions(v1.DefaultOptionsV1(), v1.ReportErrorsWithLegacySemantics(false))
	strict = json.JoinOptions(lossy, jsontext.AllowInvalidUTF8(false))
)

// Decode reads JSON into a value as encoding/json does, and fails where it is no text (see Lossless). It looks at each
// byte once, for syntax, text and value at the same time, and types can read on with UnmarshalJSONFrom without a second
// look.
func Decode(raw []byte, into any) error {
	return plainly(json.Unmarshal(raw, into, strict))
}

// DecodeLossy is Decode for JSON of which parts are known to be no text: U+FFFD stands in their place.
func DecodeLossy(raw []byte, into any) error {
	return plainly(json.Unmarshal(raw, into, lossy))
}

// plainly is what a type said against its value, without the decoder's words around it: people read it.
func plainly(err error) error {
	for {
		around, is := errors.AsType[*json.SemanticError](err)
		if !is || around.Err == nil {
			return err
		}
		err = around.Err
	}
}

// DecodeNext is Decode for the next value of a decoder that Decode handed to an UnmarshalJSONFrom.
func DecodeNext(from *jsontext.Decoder, into any) error { return json.UnmarshalDecode(from, into) }

// Unquote is the text of a JSON string that was read already.
func Unquote(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1 : len(raw)-1]), nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	return string(text), err
}

// wellFormed reports whether a body is JSON from its beginning to its end, text or not; isText whether it is text too.
func wellFormed(body []byte) bool {
	return jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

func isText(body []byte) bool {
	return jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true))
}
