package transport

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

func encoded(t *testing.T, e interface {
	Bytes(plain []byte) ([]byte, error)
}, text string,
) string {
	t.Helper()
	b, err := e.Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What arrives is the very name that was sent, or an error that says why it is not known. Never another name.
func TestAnswersAreTextOrErrors(t *testing.T) {
	const name = `{"n":"équipe €"}`
	latin := `{"n":"` + "\xe9" + `quipe"}`
	utf16le := encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder(), name)
	utf16be := encoded(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder(), name)
	sjis := encoded(t, japanese.ShiftJIS.NewEncoder(), `{"n":"管理"}`)
	for what, c := range map[string]struct {
		contentType, body string
		want              string // the name; empty: an error
	}{
		"UTF-8":                        {"application/json", name, "équipe €"},
		"UTF-8, said so":               {`application/json; charset="UTF-8"`, name, "équipe €"},
		"utf8":                         {"application/json;charset=utf8", name, "équipe €"},
		"no content type":              {"", name, "équipe €"},
		"latin-1":                      {"application/scim+json; charset=ISO-8859-1", latin, "équipe"},
		"latin-1, odd case and quotes": {`application/json ; Charset = 'iso-8859-1'`, latin, "équipe"},
		"latin1":                       {"application/json;charset=latin1", latin, "équipe"},
		"latin-1 with a C1 byte":       {"application/json; charset=ISO-8859-1", "{\"n\":\"\x80\"}", "\u0080"},
		"windows-1252": {
			"text/json; charset=Windows-1252",
			encoded(t, charmap.Windows1252.NewEncoder(), name), "équipe €",
		},
		"windows-1252 by another name": {
			"text/json; charset=cp1252",
			encoded(t, charmap.Windows1252.NewEncoder(), name), "équipe €",
		},
		"Shift_JIS by another name":         {"application/json; charset=SJIS", sjis, "管理"},
		"latin-1 by a name that is not its": {"application/json; charset=iso8859-1", latin, ""},
		"latin-9": {
			"application/json; charset=ISO-8859-15",
			encoded(t, charmap.ISO8859_15.NewEncoder(), name), "équipe €",
		},
		"Shift_JIS":                     {"application/json; charset=Shift_JIS", sjis, "管理"},
		"a mark before UTF-8":           {"application/json", "\xef\xbb\xbf" + name, "équipe €"},
		"a mark decides":                {"application/json; charset=ISO-8859-1", "\xef\xbb\xbf" + name, "équipe €"},
		"UTF-16 with a mark":            {"application/json", "\xff\xfe" + utf16le, "équipe €"},
		"UTF-16 with the other":         {"application/json; charset=utf-16", "\xfe\xff" + utf16be, "équipe €"},
		"UTF-16LE":                      {"application/json; charset=utf-16le", utf16le, "équipe €"},
		"UTF-16 without a mark":         {"application/json; charset=UTF-16", utf16be, "équipe €"},
		"UTF-16 without, from a PC":     {"application/json; charset=UTF-16", utf16le, "équipe €"},
		"a charset nobody knows, ASCII": {"application/json; charset=x-nobody", `{"n":"team"}`, "team"},
		"a pair of surrogates":          {"", `{"n":"\ud83d\ude00"}`, "😀"},
		"a backslash before a u":        {"", `{"n":"\\ud800"}`, `\ud800`},
		"U+FFFD that was sent":          {"", `{"n":"a\ufffd` + "\ufffd" + `"}`, "a\ufffd\ufffd"},
		"U+FFFD that was sent, UTF-16": {
			"",
			"\xff\xfe" + encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder(),
				"{\"n\":\"\ufffd\"}"), "\ufffd",
		},

		"latin-1 without a word":           {"application/json", latin, ""},
		"latin-1 called UTF-8":             {"application/json; charset=utf-8", latin, ""},
		"latin-1 called ASCII":             {"application/json; charset=us-ascii", latin, ""},
		"UTF-8 called ASCII":               {"application/json; charset=ascii", name, ""},
		"a charset that stands for none":   {"application/json; charset=x-user-defined", latin, ""},
		"a mark and latin-1":               {"application/json", "\xef\xbb\xbf" + latin, ""},
		"a mark and latin-1, said so":      {"application/json; charset=ISO-8859-1", "\xef\xbb\xbf" + latin, ""},
		"a charset nobody knows":           {"application/json; charset=x-nobody", name, ""},
		"UTF-7, which is written in ASCII": {"application/json; charset=utf-7", `{"n":"+AOk-quipe"}`, ""},
		"half a UTF-16 pair":               {"", "\xff\xfe{\x00\"\x00n\x00\"\x00:\x00\"\x00\x00\xd8\"\x00}\x00", ""},
		"a byte Shift_JIS has not":         {"application/json; charset=Shift_JIS", "{\"n\":\"\xa0\"}", ""},
		"an overlong form":                 {"", "{\"n\":\"\xc0\xaf\"}", ""},
		"a surrogate in UTF-8":             {"", "{\"n\":\"\xed\xa0\x80\"}", ""},
		"a high half":                      {"", `{"n":"a\ud800b"}`, ""},
		"a low half":                       {"", `{"n":"\uDC00"}`, ""},
		"two high halves":                  {"", `{"n":"\ud800\ud800\udc00"}`, ""},
		"a half at the end":                {"", `{"n":"\\\ud83d"}`, ""},
		"a half in a key":                  {"", `{"n":"x","\udfff":1}`, ""},
		"a half before an escape":          {"", `{"n":"\ud83d\n"}`, ""},
	} {
		t.Run(what, func(t *testing.T) {
			api, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.contentType)
				_, _ = w.Write([]byte(c.body))
			}, Options{})
			var got struct{ N string }
			_, err := api.GetJSON(t.Context(), "/x", "", &got)
			var decode *DecodeError
			switch {
			case c.want != "" && (err != nil || got.N != c.want):
				t.Errorf("%q, %v; want %q", got.N, err, c.want)
			case c.want == "" && (!errors.As(err, &decode) || got.N != ""):
				t.Errorf("%q was believed, error %v", got.N, err)
			case c.want == "" && (api.Requests() != 1 || strings.Contains(err.Error(), "URL")):
				t.Errorf("asked %d times for what will be the same, with %v", api.Requests(), err)
			}
		})
	}
}

// CheckLossless says exactly when encoding/json would put another character in the place of what was sent.
func TestLosslessIsWhatJSONReplaces(t *testing.T) {
	pieces := []string{
		`\ud800`, `\udc00`, `\uDBFF`, `\udfff`, `\\`, `\n`, `\u0041`, "a", "é", "\xe9", "\xed\xa0\x80",
		"😀", `\u00e9`, "u", "d800",
	}
	rapid.Check(t, func(t *rapid.T) {
		var raw strings.Builder
		raw.WriteByte('"')
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 8).Draw(t, "pieces") {
			raw.WriteString(p)
		}
		raw.WriteByte('"')
		var got string
		if json.Unmarshal([]byte(raw.String()), &got) != nil {
			t.Skip("no JSON")
		}
		if err := CheckLossless([]byte(raw.String())); (err != nil) != strings.ContainsRune(got, utf8.RuneError) {
			t.Fatalf("%s reads as %q, and Lossless says %v", raw.String(), got, err)
		}
		var decoded, unquoted string
		err := Decode([]byte(raw.String()), &decoded)
		if lossy := strings.ContainsRune(got, utf8.RuneError); (err != nil) != lossy || err == nil && decoded != got {
			t.Fatalf("%s reads as %q, and Decode says %q, %v", raw.String(), got, decoded, err)
		}
		unquoted, err = Unquote([]byte(raw.String()))
		if lossy := strings.ContainsRune(got, utf8.RuneError); (err != nil) != lossy || err == nil && unquoted != got {
			t.Fatalf("%s reads as %q, and Unquote says %q, %v", raw.String(), got, unquoted, err)
		}
	})
}

func TestRowsComeAlsoWhereOneIsNoText(t *testing.T) {
	c, _ := serve(t, answer(200, `[{"id":1},{"id":2,"name":"\ud800"}]`), Options{})
	var rows []struct{ Name string }
	resp, decoded, err := c.GetRows(t.Context(), "/x", "", func(body []byte) error { return Decode(body, &rows) })
	if err != nil || decoded || !strings.Contains(string(resp.Body), `"id":1`) {
		t.Errorf("%v, decoded %v", err, decoded)
	}
}

// The words of a refusal are text too.
func TestRefusalsAreDecoded(t *testing.T) {
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=ISO-8859-1")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte("{\"detail\":\"refus\xe9\"}"))
	}, Options{})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	var status *StatusError
	if !errors.As(err, &status) || !strings.Contains(string(status.Body), "refusé") {
		t.Errorf("%v", err)
	}
}
