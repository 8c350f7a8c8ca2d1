package scim

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// object is a JSON object that needs no type of its own.
type object = map[string]any

type shape struct {
	kind  string           // "string", "boolean", "complex" or "multi" (complex, at most one element)
	parts map[string]shape // of complex and multi, by name
}

func textShapes(names ...string) map[string]shape {
	parts := map[string]shape{}
	for _, name := range names {
		parts[name] = shape{kind: "string"}
	}
	return parts
}

// userAttributes returns the shape of a user: everything that CreateUser and PutUser take (developer guide
// "CreateUser").
func userAttributes() map[string]shape {
	contact := func(names ...string) shape {
		parts := textShapes(append(names, "type")...)
		parts["primary"] = shape{kind: "boolean"}
		return shape{"multi", parts}
	}
	all := textShapes("userName", "displayName", "nickName", "profileUrl", "title", "userType", "preferredLanguage",
		"locale", "timezone", "externalId")
	all["active"] = shape{kind: "boolean"}
	all["name"] = shape{"complex", textShapes("formatted", "familyName", "givenName", "middleName", "honorificPrefix",
		"honorificSuffix")}
	all["emails"], all["phoneNumbers"], all["roles"] = contact("value"), contact("value"), contact("value")
	all["addresses"] = contact("formatted", "streetAddress", "locality", "region", "postalCode", "country")
	work := textShapes("employeeNumber", "costCenter", "organization", "division", "department")
	work["manager"] = shape{"complex", textShapes("value", "$ref")}
	all[enterpriseURN] = shape{"complex", work}
	return all
}

// groupAttributes returns the shape of a group, but for its members.
func groupAttributes() map[string]shape { return textShapes("displayName", "externalId") }

// parseObject reads a JSON object and nothing after it.
func parseObject(body []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var doc object
	err := decoder.Decode(&doc)
	if _, end := decoder.Token(); err != nil || doc == nil || end != io.EOF {
		return nil, errInvalid
	}
	return doc, nil
}

// normalise gives a document the names of the shapes (SCIM names have no case: RFC 7643 section 2.1) and checks the
// type of every value. Null is absence. Unknown and unsupported attributes are refused.
func normalise(doc object, shapes map[string]shape, above string) (object, error) {
	clean := object{}
	for given, value := range doc {
		name := properName(given, shapes)
		if value == nil || above == "" && slices.Contains([]string{"schemas", "id", "meta"}, name) {
			continue
		}
		want, known := shapes[name]
		if _, twice := clean[name]; !known || twice {
			return nil, errInvalid
		}
		proper, err := checkValue(value, want, above+name)
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
	for name := range shapes {
		if strings.EqualFold(name, given) {
			return name
		}
	}
	return given
}

// checkValue gives one value in its shape; an empty array is no value.
func checkValue(value any, want shape, at string) (any, error) {
	switch want.kind {
	case "string":
		if text, ok := value.(string); ok && acceptableText(at, text) {
			return value, nil
		}
	case "boolean": // true and "true" alike: the guide's own PATCH sample sends the string "false"
		switch value {
		case true, "true":
			return true, nil
		case false, "false":
			return false, nil
		}
	case "complex":
		if inner, ok := value.(object); ok {
			return normalise(inner, want.parts, at+".")
		}
	case "multi":
		list, ok := value.([]any)
		if ok && len(list) == 0 {
			return nil, nil //nolint:nilnil // an empty list is an absent attribute
		}
		if inner, ok := firstElement(list).(object); ok && len(list) == 1 {
			element, err := normalise(inner, want.parts, at+".")
			return []any{element}, err
		}
	}
	return nil, errInvalid
}

func firstElement(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// acceptableText refuses what is empty, too long, or holds anything but letters, marks, symbols, numbers and
// punctuation and, in what people read, the white space that the alphabet names. Escape sequences and direction marks
// are thereby refused. Lengths in characters are from the Identity Store model (botocore identitystore/2020-06-15),
// which stores the same records.
func acceptableText(at, s string) bool {
	most, named := map[string]int{"userName": 128, "externalId": 256, "emails.value": 1024}[at]
	if !named {
		most = 1024
	}
	return s != "" && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P) &&
			(named || !strings.ContainsRune("\t\n\r ", r))
	})
}

// valueByKey reads a key without regard to case, as SCIM names have none.
func valueByKey(doc object, name string) any {
	for key, value := range doc {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

const (
	listURN       = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
)

// discovery holds what the service says of itself, as the real one does (developer guide "ServiceProviderConfig" and
// "ResourceTypes"): a page size of 50 and no word about cursors, whatever it does. A client that believes it reads half
// of the directory.
//
//go:embed discovery.json
var discovery []byte

func discoveryAnswer(what string) func(*call) (*answer, error) {
	return func(*call) (*answer, error) {
		var all map[string]json.RawMessage
		err := json.Unmarshal(discovery, &all)
		return &answer{200, all[what]}, err
	}
}
