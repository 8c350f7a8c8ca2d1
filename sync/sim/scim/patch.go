package scim

import "strings"

// change is one operation of a PATCH.
type change struct {
	op    string // "add", "replace" or "remove"
	path  target
	value any
	given bool // whether there was a value
}

// target is what a PATCH path points at: an attribute, perhaps the element of it that a filter chooses, perhaps a part.
type target struct {
	attr   string
	filter *term
	parts  []string
}

// readChanges reads a PATCH body. Path-less operations come back with the one attribute of their value as the path,
// for the service lets them change no more than one (github.com/goauthentik/authentik/issues/12321).
func (c *call) readChanges() ([]change, error) {
	doc, err := parseObject(c.body)
	if err != nil {
		return nil, err
	}
	list, ok := member(doc, "Operations").([]any)
	if !ok || len(list) == 0 {
		return nil, invalid("Missing Operations in PATCH request")
	}
	changes := make([]change, 0, len(list))
	for _, item := range list {
		one, ok := item.(object)
		if !ok {
			return nil, invalid(preciseJSON)
		}
		read, err := c.readChange(one)
		if err != nil {
			return nil, err
		}
		changes = append(changes, read)
	}
	return changes, nil
}

func (c *call) readChange(one object) (change, error) {
	op, _ := member(one, "op").(string)
	ch := change{op: strings.ToLower(op), value: member(one, "value")}
	ch.given = ch.value != nil
	if ch.op != "add" && ch.op != "replace" && ch.op != "remove" {
		return ch, invalid("Unknown op %s in PATCH request", op)
	}
	path := member(one, "path")
	text, isText := path.(string)
	switch {
	case path != nil && (!isText || text == ""):
		return ch, invalid("Invalid path in PATCH request")
	case isText:
		var err error
		// That there is no value is found where the value is read: the old service lets one such change through.
		ch.path, err = parsePath(text, c.knobs.FilterEscapes)
		return ch, err
	case ch.op == "remove":
		return ch, invalid(preciseNoPath)
	}
	return ch, ch.fromValue()
}

// fromValue takes the path of a path-less operation out of its value. An id beside it is tolerated: the guide's own
// PatchGroup sample has one.
func (ch *change) fromValue() error {
	parts, ok := ch.value.(object)
	if !ok {
		return invalid(preciseNoPath)
	}
	found := 0
	for name, value := range parts {
		if strings.EqualFold(name, "id") || strings.EqualFold(name, "schemas") {
			continue
		}
		found++
		ch.path, ch.value = target{attr: name}, value
	}
	if found != 1 {
		f := invalid(preciseNoPath)
		f.detail = textPathless
		return f
	}
	return nil
}

// member reads a key without regard to case, as SCIM names have none.
func member(doc object, name string) any {
	if value, exact := doc[name]; exact {
		return value
	}
	for key, value := range doc {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// parsePath reads `attr`, `attr.part`, `attr[part eq "x"]`, `attr[part eq "x"].part` and the same behind a schema's URN.
func parsePath(text string, escapes bool) (target, error) {
	var t target
	rest := text
	if inner, ok := cutPrefixFold(text, enterpriseURN); ok {
		t.attr = enterpriseURN
		if inner != "" {
			if inner[0] != ':' && inner[0] != '.' {
				return t, invalid("Invalid path %s", text)
			}
			t.parts = strings.Split(inner[1:], ".")
		}
		return t, t.check(text)
	}
	for _, urn := range []string{userURN, groupURN} {
		if inner, ok := cutPrefixFold(text, urn+":"); ok {
			rest = inner
		}
	}
	if open := strings.IndexByte(rest, '['); open >= 0 {
		end := strings.LastIndexByte(rest, ']')
		if end < open {
			return t, invalid("Invalid path %s", text)
		}
		terms, err := parseFilter(rest[open+1:end], escapes)
		if err != nil || len(terms) != 1 {
			return t, invalid("Invalid filter in path %s", text)
		}
		t.filter = &terms[0]
		tail := rest[end+1:]
		if tail != "" && tail[0] != '.' {
			return t, invalid("Invalid path %s", text)
		}
		rest = rest[:open] + tail
	}
	names := strings.Split(rest, ".")
	t.attr, t.parts = names[0], names[1:]
	return t, t.check(text)
}

func (t target) check(text string) error {
	if t.attr != enterpriseURN && !attributeName(t.attr) || len(t.parts) > 2 {
		return invalid("Invalid path %s", text)
	}
	for _, part := range t.parts {
		if !attributeName(part) {
			return invalid("Invalid path %s", text)
		}
	}
	return nil
}

func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
