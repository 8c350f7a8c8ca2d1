package scim

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
)

// shape is what an attribute may hold.
type shape struct {
	kind  string           // "string", "bool", "complex" or "multi" (complex, at most one element)
	parts map[string]shape // of complex and multi, by name
}

// attributes returns the shape of a user: everything that CreateUser and PutUser take (developer guide "CreateUser").
func attributes() map[string]shape {
	text, flag := shape{kind: "string"}, shape{kind: "bool"}
	texts := func(names ...string) map[string]shape {
		parts := map[string]shape{}
		for _, name := range names {
			parts[name] = text
		}
		return parts
	}
	contact := func(names ...string) shape {
		parts := texts(append(names, "type")...)
		parts["primary"] = flag
		return shape{"multi", parts}
	}
	all := texts("userName", "displayName", "nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale", "timezone",
		"externalId")
	all["active"] = flag
	all["name"] = shape{"complex", texts("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")}
	all["emails"], all["phoneNumbers"], all["roles"] = contact("value"), contact("value"), contact("value")
	all["addresses"] = contact("formatted", "streetAddress", "locality", "region", "postalCode", "country")
	work := texts("employeeNumber", "costCenter", "organization", "division", "department")
	work["manager"] = shape{"complex", texts("value", "$ref")}
	all[enterpriseURN] = shape{"complex", work}
	return all
}

// parseObject reads a JSON object and nothing after it.
func parseObject(body []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var doc object
	if err := decoder.Decode(&doc); err != nil || doc == nil {
		return nil, invalid(preciseJSON)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, invalid(preciseJSON)
	}
	return doc, nil
}

// normalise gives a document the names of the shapes (SCIM names have no case: RFC 7643 section 2.1) and checks the
// type of every value. Null is absence. Unknown and unsupported attributes are refused unless the knob drops them.
func (c *call) normalise(doc object, shapes map[string]shape, above string) (object, error) {
	clean := object{}
	for given, value := range doc {
		name := properName(given, shapes)
		if value == nil || above == "" && slices.Contains([]string{"schemas", "id", "meta"}, name) {
			continue
		}
		want, known := shapes[name]
		if !known {
			if c.drops(above + given) {
				continue
			}
			return nil, invalid("Attribute %s is not supported", above+given)
		}
		if _, twice := clean[name]; twice {
			return nil, invalid("Attribute %s is given twice", above+name)
		}
		proper, err := c.value(value, want, above+name)
		if err != nil {
			return nil, err
		}
		if proper != nil {
			clean[name] = proper
		}
	}
	return clean, nil
}

func properName(given string, shapes map[string]shape) string {
	if _, exact := shapes[given]; exact {
		return given
	}
	for name := range shapes {
		if strings.EqualFold(name, given) {
			return name
		}
	}
	return given
}

func (c *call) drops(name string) bool {
	return slices.ContainsFunc(c.knobs.DropAttributes, func(dropped string) bool {
		return dropped == "*" || strings.EqualFold(dropped, name)
	})
}

// value checks one value against its shape; an empty array is no value.
func (c *call) value(value any, want shape, at string) (any, error) {
	wrong := invalid("1 validation errors detected: Value at '%s' failed to satisfy constraint: Member must be a %s", at, want.kind)
	switch want.kind {
	case "string":
		if _, ok := value.(string); ok {
			return value, nil
		}
		return nil, wrong
	case "bool":
		if flag, ok := boolean(value); ok {
			return flag, nil
		}
		return nil, wrong
	case "complex":
		if inner, ok := value.(object); ok {
			return c.normalise(inner, want.parts, at+".")
		}
		return nil, wrong
	}
	list, ok := value.([]any)
	switch {
	case !ok:
		return nil, wrong
	case len(list) > 1:
		return nil, invalid(preciseMany, at)
	case len(list) == 0:
		return nil, nil //nolint:nilnil // an empty list is an absent attribute
	}
	inner, ok := list[0].(object)
	if !ok {
		return nil, wrong
	}
	element, err := c.normalise(inner, want.parts, at+".")
	if err != nil {
		return nil, err
	}
	return []any{element}, nil
}

// boolean reads true and "true" alike: the guide's own PATCH sample sends the string "false".
func boolean(value any) (flag, ok bool) {
	if flag, ok = value.(bool); ok {
		return flag, true
	}
	text, _ := value.(string)
	switch strings.ToLower(text) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}
