package scim

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Keys of world.TargetUser.Extra: top-level attributes under their own names, parts of the name as "name.formatted" and
// so on, the enterprise extension under its URN. Each value is the attribute's JSON.
const extraName = "name."

// fromDocument reads a normalised document into a user with the attributes only, checking every rule of CreateUser.
func (c *call) fromDocument(doc object) (*world.TargetUser, error) {
	u := &world.TargetUser{Active: c.knobs.ActiveDefault, Extra: map[string]json.RawMessage{}}
	name, _ := doc["name"].(object)
	for _, required := range []struct {
		at    string
		from  object
		key   string
		into  *string
		size  int
		space bool
	}{
		{"userName", doc, "userName", &u.UserName, maxUserName, c.knobs.UserNameSpaces},
		{"displayName", doc, "displayName", &u.DisplayName, maxText, true},
		{"name.givenName", name, "givenName", &u.GivenName, maxText, true},
		{"name.familyName", name, "familyName", &u.FamilyName, maxText, true},
	} {
		*required.into, _ = required.from[required.key].(string)
		if err := checkText(required.at, *required.into, required.size, required.space); err != nil {
			return nil, err
		}
	}
	if external, given := doc["externalId"].(string); given {
		if err := checkText("externalId", external, maxExternalID, false); err != nil {
			return nil, err
		}
		u.ExternalID = external
	}
	if active, given := doc["active"].(bool); given {
		u.Active = active
	}
	if err := readEmail(doc, u); err != nil {
		return nil, err
	}
	return u, readExtra(doc, name, u)
}

func readEmail(doc object, u *world.TargetUser) error {
	list, _ := doc["emails"].([]any)
	if len(list) == 0 {
		return nil
	}
	email, _ := list[0].(object)
	u.Email, _ = email["value"].(string)
	if err := checkText("emails.value", u.Email, maxText, false); err != nil {
		return err
	}
	if primary, _ := email["primary"].(bool); !primary {
		return invalid("emails.primary must be true")
	}
	kind, given := email["type"].(string)
	if given {
		u.EmailType = kind
		return checkText("emails.type", kind, maxText, true)
	}
	return nil
}

func readExtra(doc, name object, u *world.TargetUser) error {
	keep := func(key string, value any) error {
		if err := checkTexts(key, value); err != nil {
			return err
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		u.Extra[key] = text
		return nil
	}
	own := []string{"userName", "displayName", "name", "externalId", "active", "emails"}
	for key, value := range doc {
		if slices.Contains(own, key) {
			continue
		}
		if part, ok := value.(object); ok && len(part) == 0 {
			continue // an extension without data is none
		}
		if err := keep(key, value); err != nil {
			return err
		}
	}
	for key, value := range name {
		if key == "givenName" || key == "familyName" {
			continue
		}
		if err := keep(extraName+key, value); err != nil {
			return err
		}
	}
	return nil
}

// checkTexts checks every string inside a value: an empty manager id is the commonest cause of a 400.
func checkTexts(at string, value any) error {
	switch v := value.(type) {
	case string:
		return checkText(at, v, maxText, true)
	case object:
		for key, part := range v {
			if err := checkTexts(at+"."+key, part); err != nil {
				return err
			}
		}
	case []any:
		for _, part := range v {
			if err := checkTexts(at, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// toDocument is the document that fromDocument would read this user from.
func toDocument(u *world.TargetUser) (object, error) {
	doc := object{"active": u.Active}
	name := object{}
	put(doc, "userName", u.UserName)
	put(doc, "displayName", u.DisplayName)
	put(doc, "externalId", u.ExternalID)
	put(name, "givenName", u.GivenName)
	put(name, "familyName", u.FamilyName)
	for key, text := range u.Extra {
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			return nil, err
		}
		if part, ok := strings.CutPrefix(key, extraName); ok {
			name[part] = value
		} else {
			doc[key] = value
		}
	}
	if len(name) > 0 {
		doc["name"] = name
	}
	if u.Email != "" {
		email := object{"value": u.Email, "primary": true}
		put(email, "type", u.EmailType)
		doc["emails"] = []any{email}
	}
	return doc, nil
}

func put(doc object, key, value string) {
	if value != "" {
		doc[key] = value
	}
}
