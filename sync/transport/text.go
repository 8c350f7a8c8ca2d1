package transport

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	v1 "github.com/go-json-experiment/json/v1"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// TextError is an answer, or a row of one, that cannot be turned into text without loss. Asked for again it would be
// the same.
type TextError struct{ what string }

func (e *TextError) Error() string { return e.what }

// charsetParameter finds the charset in a Content-Type. mime.ParseMediaType refuses what servers send: one quote, no
// space, a parameter given twice.
var charsetParameter = regexp.MustCompile(`(?i);\s*charset\s*=\s*["']?\s*([^"';,\s]+)`)

// toText gives an answer as UTF-8: a byte order mark decides, else the charset that is declared, else it is UTF-8
// already, and then nothing is copied. The bytes of an answer in UTF-8 are not looked at here; CheckLossless does that.
func toText(contentType string, body []byte) ([]byte, error) {
	var charset string
	if m := charsetParameter.FindStringSubmatch(contentType); m != nil {
		charset = strings.ToLower(m[1])
	}
	switch { // RFC 3629 section 6, RFC 2781 section 3.2
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return body[3:], nil
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return decodeAs("utf-16", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), body[2:])
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return decodeAs("utf-16", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), body[2:])
	case charset == "" || charset == "utf-8" || charset == "utf8":
		return body, nil
	case charset == "utf-16" && len(body) > 1 && body[1] == 0: // JSON begins with ASCII, whatever RFC 2781 says
		return decodeAs(charset, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), body)
	}
	// IANA's names are those that RFC 9110 section 8.3.2 asks for: a browser reads ISO-8859-1 as another charset.
	if named, err := ianaindex.IANA.Encoding(charset); err == nil && named != nil {
		return decodeAs(charset, named, body)
	}
	// Others have more names for them, such as cp1252 and sjis; what they call by a number of ISO is none of ISO's, and
	// what they call ascii is not ASCII: whoever declares it and sends more has most likely sent UTF-8.
	own := strings.HasPrefix(charset, "iso") || charset == "ascii" || charset == "x-user-defined"
	if named, err := htmlindex.Get(charset); err == nil && !own {
		return decodeAs(charset, named, body)
	}
	beyondASCII := func(b byte) bool { return b >= utf8.RuneSelf }
	if !slices.ContainsFunc(body, beyondASCII) && !strings.HasPrefix(charset, "utf-7") &&
		!strings.HasPrefix(charset, "hz") {
		return body, nil // the charsets in use agree on ASCII, but for these two, which write everything with it
	}
	return nil, &TextError{fmt.Sprintf("it declares the charset %q, which is not known here", charset)}
}

// decodeAs takes no answer in which a byte stands for nothing. Decoders write U+FFFD for those; one that was sent goes
// back to the very bytes that it came from.
func decodeAs(name string, from encoding.Encoding, body []byte) ([]byte, error) {
	text, err := from.NewDecoder().Bytes(body)
	if err == nil && bytes.ContainsRune(text, utf8.RuneError) {
		var back []byte
		if back, err = from.NewEncoder().Bytes(text); err == nil && !bytes.Equal(back, body) {
			err = errors.New("replaced")
		}
	}
	if err != nil {
		return nil, &TextError{fmt.Sprintf("it holds bytes that are no text in %q, the charset that it declares", name)}
	}
	return text, nil
}

// CheckLossless fails for well-formed JSON that does not stand for one text: with bytes that are no UTF-8, or half a
// surrogate pair in an escape. encoding/json would put U+FFFD in their place, and two different names would look like
// one. A U+FFFD that was sent is a character like any other.
func CheckLossless(raw []byte) error {
	var at int
	err := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true)).SkipValue()
	if err == nil {
		return nil
	}
	if where, known := errors.AsType[*jsontext.SyntacticError](err); known {
		at = int(where.ByteOffset)
	}
	if !utf8.Valid(raw) {
		return &TextError{fmt.Sprintf("a byte at position %d is no UTF-8, and no other charset is declared", at)}
	}
	return &TextError{fmt.Sprintf("the escape at position %d is half a surrogate pair", at)}
}

// lossyOptions are encoding/json's own semantics: names in any case, the last of two equal ones counts, U+FFFD stands
// for what is no text. But for its errors, which need a look at the whole value before it is decoded. With
// strictOptions, text that is none fails.
//
//nolint:gochecknoglobals // options never change
var (
	lossyOptions  = json.JoinOptions(v1.DefaultOptionsV1(), v1.ReportErrorsWithLegacySemantics(false))
	strictOptions = json.JoinOptions(lossyOptions, jsontext.AllowInvalidUTF8(false))
)

// Decode reads JSON into a value as encoding/json does, and fails where it is no text (see CheckLossless). It looks at
// each byte once, for syntax, text and value at the same time, and types can read on with UnmarshalJSONFrom without a
// second look.
func Decode(raw []byte, into any) error {
	return innermostError(json.Unmarshal(raw, into, strictOptions))
}

// DecodeLossy is Decode for JSON of which parts are known to be no text: U+FFFD stands in their place.
func DecodeLossy(raw []byte, into any) error {
	return innermostError(json.Unmarshal(raw, into, lossyOptions))
}

// innermostError is what a type said against its value, without the decoder's words around it: people read it.
func innermostError(err error) error {
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
