package scim

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// fromDocument reads a document into a user with the attributes only, checking every rule of CreateUser. self is the
// user that it is about, if that is there already.
func (c *call) fromDocument(raw object, self *world.TargetUser) (*world.TargetUser, error) {
	doc, err := normalise(raw, userAttributes(), "")
	if err != nil {
		return nil, err
	}
	u := &world.TargetUser{Active: doc["active"] != false}
	name, _ := doc["name"].(object)
	emails, _ := doc["emails"].([]any)
	email, _ := firstElement(emails).(object)
	if emails != nil && (email["primary"] != true || email["value"] == nil) {
		return nil, errInvalid
	}
	for _, text := range userTexts(u, doc, name, email) {
		if *text.value, _ = text.in[text.key].(string); text.required && *text.value == "" {
			return nil, errInvalid
		}
		delete(text.in, text.key)
	}
	delete(doc, "active")
	delete(doc, "emails")
	maps.DeleteFunc(doc, func(_ string, value any) bool {
		part, ok := value.(object)
		return ok && len(part) == 0 // an extension without data is none
	})
	if len(doc) > 0 {
		if u.Rest, err = json.Marshal(doc); err != nil {
			return nil, err
		}
	}
	if hasDuplicate(c.target.Users, u, self, uniqueOfUsers()) {
		return nil, errConflict // which does not say what of it
	}
	return u, nil
}

// userText is a text of a user, and where it stands in a document.
type userText struct {
	in       object
	key      string
	value    *string
	required bool
}

// userTexts are the texts of a user in a document of theirs with its name and its e-mail.
func userTexts(u *world.TargetUser, doc, name, email object) []userText {
	return []userText{
		{doc, "userName", &u.UserName, true},
		{doc, "displayName", &u.DisplayName, true},
		{name, "givenName", &u.GivenName, true},
		{name, "familyName", &u.FamilyName, true},
		{doc, "externalId", &u.ExternalID, false},
		{email, "value", &u.Email, false},
		{email, "type", &u.EmailType, false},
	}
}

// toDocument is the document that fromDocument would read this user from. The service never answers null, and never
// the user's groups.
func toDocument(u *world.TargetUser) object {
	doc := object{}
	_ = json.Unmarshal(u.Rest, &doc) // of most there is none, and what is no JSON is shown as absent
	doc["active"] = u.Active
	name, _ := doc["name"].(object)
	if name == nil {
		name = object{}
	}
	email := object{"primary": true}
	for _, text := range userTexts(u, doc, name, email) {
		if *text.value != "" {
			text.in[text.key] = *text.value
		}
	}
	if len(name) > 0 {
		doc["name"] = name
	}
	if u.Email != "" {
		doc["emails"] = []any{email}
	}
	return doc
}

// meta has neither location nor version: no sample shows them.
func meta(kind string, created, modified time.Time) object {
	return object{
		"resourceType": kind, "created": created.UTC().Format(time.RFC3339),
		"lastModified": modified.UTC().Format(time.RFC3339),
	}
}

// showUser leaves out profileUrl and a manager's $ref, which the service takes and its samples do not show.
func showUser(u *world.TargetUser) object {
	doc := toDocument(u)
	doc["id"], doc["schemas"], doc["meta"] = u.ID, []string{userURN}, meta("User", u.Created, u.Modified)
	delete(doc, "profileUrl")
	if work, ok := doc[enterpriseURN].(object); ok {
		// The extension's URN is listed only when there is something in it, as in every sample.
		doc["schemas"] = []string{userURN, enterpriseURN}
		if manager, ok := work["manager"].(object); ok {
			delete(manager, "$ref")
		}
	}
	return doc
}

// uniqueOfUsers are the attributes of which no two users have the same value (user guide "Troubleshooting").
func uniqueOfUsers() []unique[*world.TargetUser] {
	return []unique[*world.TargetUser]{
		{true, func(u *world.TargetUser) string { return u.UserName }},
		{true, func(u *world.TargetUser) string { return u.Email }},
		{false, func(u *world.TargetUser) string { return u.ExternalID }},
	}
}

// unique is an attribute that only one record may have a value of.
type unique[T comparable] struct {
	folded bool // compared without regard to case
	value  func(T) string
}

func equalText(a, b string, folded bool) bool { return a == b || folded && strings.EqualFold(a, b) }

// hasDuplicate reports whether another record has the value of a unique attribute. What a record keeps is not looked
// at: twins that others made can still be changed apart.
func hasDuplicate[T comparable](all map[string]T, changed, self T, attrs []unique[T]) bool {
	var nobody T
	attrs = slices.DeleteFunc(attrs, func(a unique[T]) bool {
		return a.value(changed) == "" || self != nobody && a.value(self) == a.value(changed)
	})
	for _, other := range all {
		for _, a := range attrs {
			if other != self && equalText(a.value(other), a.value(changed), a.folded) {
				return true
			}
		}
		if len(attrs) == 0 {
			break
		}
	}
	return false
}
