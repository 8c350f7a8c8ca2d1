package transport

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// view is a text and, for each of its bytes, which part of the text that is shown stands for it: the bytes from from[i]
// to to[i]. Services repeat what they were sent in JSON, in URLs and in pages, and readers of an error undo that.
type view struct {
	text     []byte
	from, to []int
}

// maxLayers is how often what is quoted may itself have been quoted.
const maxLayers = 4

// hidden marks the bytes of a text that stand for a secret, as they are written or as they read once escapes are
// undone.
func hidden(text string, find func(text string, hide func(from, to int))) []bool {
	marks := make([]bool, len(text))
	v := view{text: []byte(text)}
	for range maxLayers {
		find(string(v.text), func(from, to int) {
			start, _ := v.span(from)
			_, end := v.span(to - 1)
			for i := start; i < end; i++ {
				marks[i] = true
			}
		})
		next, changed := v.unescape()
		if !changed {
			break
		}
		v = next
	}
	return marks
}

func (v *view) span(i int) (from, to int) {
	if v.from == nil {
		return i, i + 1
	}
	return v.from[i], v.to[i]
}

// unescape undoes one layer: JSON's escapes, percent-encoding and the references of HTML.
func (v *view) unescape() (out view, changed bool) {
	if !bytes.ContainsAny(v.text, `\%&`) {
		return view{}, false
	}
	n := len(v.text)
	out = view{make([]byte, 0, n), make([]int, 0, n), make([]int, 0, n)}
	for i := 0; i < n; {
		r, length := escaped(v.text[i:])
		from, _ := v.span(i)
		if length == 0 {
			_, to := v.span(i)
			out.text, out.from, out.to = append(out.text, v.text[i]), append(out.from, from), append(out.to, to)
			i++
			continue
		}
		changed = true
		_, to := v.span(i + length - 1)
		for _, b := range utf8.AppendRune(nil, r) {
			out.text, out.from, out.to = append(out.text, b), append(out.from, from), append(out.to, to)
		}
		i += length
	}
	return out, changed
}

// escaped reads one escaped character at the beginning of a text; length is 0 if there is none. A byte that is
// percent-encoded and no ASCII stays as it is, for secrets have none.
func escaped(b []byte) (r rune, length int) {
	switch {
	case len(b) < 2:
	case b[0] == '%' && len(b) > 2:
		if c, ok := hex(b[1:3]); ok && c < utf8.RuneSelf {
			return c, 3
		}
	case b[0] == '\\' && b[1] == 'u' && len(b) > 5:
		if c, ok := hex(b[2:6]); ok && !utf16.IsSurrogate(c) {
			return c, 6
		}
	case b[0] == '\\' && b[1] == 'x' && len(b) > 3: // as %q and several languages write bytes
		if c, ok := hex(b[2:4]); ok && c < utf8.RuneSelf {
			return c, 4
		}
	case b[0] == '\\' && strings.IndexByte(`\/"'`, b[1]) >= 0:
		return rune(b[1]), 2
	case b[0] == '&':
		return reference(b)
	}
	return 0, 0
}

func reference(b []byte) (r rune, length int) {
	end := bytes.IndexByte(b[:min(len(b), 10)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(b[1:end])
	for named, r := range map[string]rune{
		"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "sol": '/', "plus": '+', "equals": '=',
	} {
		if name == named {
			return r, end + 1
		}
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	base := 10
	if stripped := strings.TrimLeft(digits, "xX"); stripped != digits {
		digits, base = stripped, 16
	}
	c, err := strconv.ParseUint(digits, base, 8)
	if !isNumber || err != nil || c == 0 || c >= utf8.RuneSelf {
		return 0, 0
	}
	return rune(c), end + 1
}

func hex(digits []byte) (r rune, ok bool) {
	c, err := strconv.ParseUint(string(digits), 16, 16)
	return rune(c), err == nil
}
