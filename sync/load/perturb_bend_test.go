package load_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// choice is one perturbation: which answer, and what becomes of it.
type choice struct {
	key    string
	nth    int
	always bool
	seed   uint64
	// others are answers of the same service, one of which may come in place of this.
	others []reply
	what   string
}

func (c *choice) String() string {
	when := fmt.Sprintf("answer %d", c.nth+1)
	if c.always {
		when = "every answer from " + when
	}
	return fmt.Sprintf("%s to %s: %s", when, c.key, c.what)
}

// apply bends an answer. The same choice bends the same answer in the same way.
func (c *choice) apply(a *reply) {
	r := rand.New(rand.NewPCG(c.seed, 7))
	if r.IntN(5) == 0 {
		c.what = c.replace(r, a)
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	var root any
	if decoder.Decode(&root) != nil || root == nil {
		c.what = c.replace(r, a)
		return
	}
	d := document{root: root}
	d.walk("", root, func(v any) { d.root = v })
	for range 20 {
		if c.what = d.bend(r, a); c.what != "" {
			return
		}
	}
	c.what = c.replace(r, a)
}

// replace puts something else in the place of a whole answer.
func (c *choice) replace(r *rand.Rand, a *reply) string {
	set := func(status int, body string) string {
		a.status, a.body = status, []byte(body)
		a.header = http.Header{"Content-Type": {"application/json"}}
		return fmt.Sprintf("replaced by %d %q", status, body)
	}
	switch r.IntN(14) {
	case 12:
		a.body = append([]byte("\xef\xbb\xbf"), a.body...)
		return "a byte order mark before it"
	case 13:
		latin, err := charmap.ISO8859_1.NewEncoder().Bytes(a.body)
		if err != nil {
			return ""
		}
		a.body = latin
		if r.IntN(2) == 0 {
			a.header.Set("Content-Type", "application/json; charset=iso-8859-1")
			return "in Latin-1, and says so"
		}
		return "in Latin-1"
	case 0:
		return set(404, `{"detail":"Not Found"}`)
	case 1:
		return set(404, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"not `+
			`found"}`)
	case 2:
		return set(404, `{"message":"Not Found","statusCode":404,"name":"NotFoundError"}`)
	case 3:
		return set(200, `[]`)
	case 4:
		return set(200, `{}`)
	case 5:
		return set(200, `null`)
	case 6:
		return set(200, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,`+
			`"itemsPerPage":0,"startIndex":1,"Resources":[]}`)
	case 7:
		return set([]int{400, 403, 410, 500, 503}[r.IntN(5)], `{"message":"no"}`)
	case 8:
		a.body = a.body[:r.IntN(len(a.body)+1)]
		return fmt.Sprintf("cut after %d bytes", len(a.body))
	case 9:
		for _, name := range []string{"Total-Count", "Total-Pages", "Current-Page", "After-Cursor", "Page-Items"} {
			a.header.Del(name)
		}
		return "paging headers dropped"
	case 10:
		a.header.Del("After-Cursor")
		return "After-Cursor dropped"
	}
	if len(c.others) == 0 {
		return set(200, `[]`)
	}
	other := c.others[r.IntN(len(c.others))]
	a.status, a.header, a.body = other.status, other.header.Clone(), bytes.Clone(other.body)
	return "answered as " + other.key
}

// document is an answer with all lists, records and texts in it, and how to put another value into each one's place.
type document struct {
	root    any
	lists   []spot[[]any]
	records []spot[map[string]any]
	fields  []field
}

type spot[T any] struct {
	path string
	is   T
	set  func(any)
}

// field is a value in a record; siblings are all records of the list in which the record stands.
type field struct {
	path, name string
	in         map[string]any
	siblings   []any
}

func (d *document) walk(path string, v any, set func(any)) {
	switch v := v.(type) {
	case []any:
		d.lists = append(d.lists, spot[[]any]{path, v, set})
		for i := range v {
			d.walk(fmt.Sprintf("%s[%d]", path, i), v[i], func(n any) { v[i] = n })
			if record, ok := v[i].(map[string]any); ok {
				for j := range d.fields {
					if f := &d.fields[j]; f.siblings == nil && sameMap(f.in, record) {
						f.siblings = v
					}
				}
			}
		}
	case map[string]any:
		d.records = append(d.records, spot[map[string]any]{path, v, set})
		for _, name := range slices.Sorted(maps.Keys(v)) {
			d.fields = append(d.fields, field{path: path, name: name, in: v})
			d.walk(path+"."+name, v[name], func(n any) { v[name] = n })
		}
	}
}

func sameMap(a, b map[string]any) bool { return fmt.Sprintf("%p", a) == fmt.Sprintf("%p", b) }

// bend does one thing to one list, record or field, and says what; "" if that cannot be done here.
func (d *document) bend(r *rand.Rand, a *reply) string {
	var what string
	// The lists of a document are few and its fields many: each sort gets its share.
	switch r.IntN(5) {
	case 0, 1:
		if len(d.lists) > 0 {
			what = d.bendList(r, a)
		}
	case 2:
		if len(d.records) > 0 {
			at := d.records[r.IntN(len(d.records))]
			to := []any{nil, []any{}, map[string]any{}, "x", json.Number("7"), true}[r.IntN(6)]
			at.set(to)
			what = fmt.Sprintf("record %s became %v", at.path, to)
		}
	default:
		if len(d.fields) > 0 {
			what = d.bendField(r, a)
		}
	}
	if what != "" && a.body != nil && !strings.HasPrefix(what, "bytes") {
		a.body, _ = json.Marshal(d.root) // it came from JSON
	}
	if from, to, ok := strings.Cut(what, "\x00"); ok && strings.HasPrefix(what, "bytes") {
		what = from
		body, _ := json.Marshal(d.root)
		a.body = bytes.ReplaceAll(body, []byte(marker), []byte(to))
	}
	return what
}

// marker stands for bytes that no JSON writer would write.
const marker = "qqMARKERqq"

func (d *document) bendList(r *rand.Rand, a *reply) string {
	at := d.lists[r.IntN(len(d.lists))]
	if r.IntN(2) == 0 { // the outermost lists are what matters most
		at = d.lists[0]
	}
	n, rows := len(at.is), slices.Clone(at.is)
	var what string
	switch i := r.IntN(9); {
	case i == 8 && n > 1: // as many as before
		k, other := r.IntN(n), r.IntN(n)
		rows[k], what = rows[other], fmt.Sprintf("row %d in the place of row %d", other, k)
	case i >= 7:
		to := []any{nil, map[string]any{}, "", json.Number("0"), false}[r.IntN(5)]
		at.set(to)
		return fmt.Sprintf("list %s became %v", at.path, to)
	case n == 0:
		return ""
	case i <= 1:
		k := r.IntN(n)
		rows, what = slices.Delete(rows, k, k+1), fmt.Sprintf("row %d of %d dropped", k, n)
	case i <= 3:
		k := r.IntN(n)
		rows, what = rows[:k], fmt.Sprintf("cut after %d of %d", k, n)
	case i == 4:
		rows, what = []any{}, "emptied"
	case i == 5:
		r.Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		what = "reordered"
	default:
		k := r.IntN(n)
		rows, what = slices.Insert(rows, k, rows[k]), fmt.Sprintf("row %d twice", k)
	}
	at.set(rows)
	if at.path == "" || at.path == ".Resources" || at.path == ".data" {
		what += d.consistent(r, a, n, len(rows))
	}
	return fmt.Sprintf("list %s %s", at.path, what)
}

// consistent makes what goes with a list fit what is left of it, or not.
func (d *document) consistent(r *rand.Rand, a *reply, was, is int) string {
	how := r.IntN(3)
	if how == 0 {
		return ""
	}
	said := ", totals too"
	shift := func(n json.Number) json.Number {
		v, err := n.Int64()
		if err != nil {
			return n
		}
		return json.Number(fmt.Sprint(max(0, v+int64(is-was))))
	}
	for _, name := range []string{"Total-Count", "Page-Items"} {
		if v := a.header.Get(name); v != "" {
			a.header.Set(name, string(shift(json.Number(v))))
		}
	}
	if root, ok := d.root.(map[string]any); ok {
		for _, name := range []string{"totalResults", "itemsPerPage"} {
			if v, ok := root[name].(json.Number); ok {
				root[name] = shift(v)
			}
		}
		if how == 2 {
			delete(root, "nextCursor")
			delete(root, "pagination")
		}
	}
	if how == 2 {
		a.header.Del("After-Cursor")
		a.header.Del("Total-Pages")
		said += ", no next page"
	}
	return said
}

func (d *document) bendField(r *rand.Rand, a *reply) string {
	f := d.fields[r.IntN(len(d.fields))]
	where := "field " + f.path + "." + f.name
	text, isText := f.in[f.name].(string)
	switch r.IntN(12) {
	case 0, 1:
		delete(f.in, f.name)
		return where + " dropped"
	case 2:
		for _, row := range f.siblings {
			if record, ok := row.(map[string]any); ok {
				delete(record, f.name)
			}
		}
		delete(f.in, f.name)
		return where + " dropped from all"
	case 3, 4:
		to := []any{
			nil,
			[]any{},
			map[string]any{},
			json.Number("7"), true, json.Number("1.5"),
			[]any{f.in[f.name]},
		}[r.IntN(7)]
		was := f.in[f.name]
		f.in[f.name] = to
		return fmt.Sprintf("%s from %.40v to %v", where, was, to)
	case 5:
		if !isText || norm.NFD.String(text) == text {
			return ""
		}
		f.in[f.name] = norm.NFD.String(text)
		return where + " in NFD"
	case 6:
		if !isText || text == "" {
			return ""
		}
		f.in[f.name] = text[:len(text)-1] + marker
		return fmt.Sprintf("bytes of %s: %q ends in a lone surrogate\x00\\ud83d", where, text)
	case 7:
		if !isText || text == "" {
			return ""
		}
		f.in[f.name] = text[:len(text)-1] + marker
		return fmt.Sprintf("bytes of %s: %q ends in Latin-1\x00\xe9", where, text)
	}
	if !toldTwice(a.key, f.path, f.name) {
		return ""
	}
	was := f.in[f.name]
	if at := r.IntN(len(f.siblings) + 1); at < len(f.siblings) { // two rows exchange it
		other, ok := f.siblings[at].(map[string]any)
		if !ok || other[f.name] == nil {
			return ""
		}
		f.in[f.name], other[f.name] = other[f.name], was
		return fmt.Sprintf("%s %v and %v change places", where, was, f.in[f.name])
	}
	switch v := was.(type) {
	case string:
		f.in[f.name] = v + "x"
	case bool:
		f.in[f.name] = !v
	case json.Number:
		f.in[f.name] = json.Number("2") // suspended, or rejected
	default:
		return ""
	}
	return fmt.Sprintf("%s from %v to %v", where, was, f.in[f.name])
}
