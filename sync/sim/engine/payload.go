package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/engine/rule"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const (
	userSchema  = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group"
	patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

type email struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

type name struct {
	GivenName  string `json:"givenName"`
	FamilyName string `json:"familyName"`
}

// user is a whole user, as a POST or PUT carries it and the target shows it.
type user struct {
	Schemas     []string `json:"schemas"`
	ID          string   `json:"id,omitempty"`
	ExternalID  string   `json:"externalId,omitempty"`
	UserName    string   `json:"userName"`
	Name        name     `json:"name"`
	DisplayName string   `json:"displayName"`
	Emails      []email  `json:"emails,omitempty"`
	Active      bool     `json:"active"`
}

// userOf reads a user through the app's parameters: scimusername says which field is the user name.
func userOf(a *world.App, u *world.User) user {
	out := user{
		Schemas: []string{userSchema}, ExternalID: cmp.Or(u.ExternalID, strconv.FormatInt(u.ID, 10)), UserName: u.Email,
		Name: name{u.FirstName, u.LastName}, DisplayName: strings.TrimSpace(u.FirstName + " " + u.LastName),
		Active: u.Active(),
	}
	if u.Email != "" {
		out.Emails = []email{{u.Email, "work", true}}
	}
	for i := range a.Parameters {
		if a.Parameters[i].Key != "scimusername" {
			continue
		}
		if value, known := rule.Field(u, a.Parameters[i].UserAttributeMappings); known {
			out.UserName = value
		}
	}
	return out
}

// same compares what a push would change; an external id alone is no reason for one.
func (u user) same(there user) bool {
	return u.UserName == there.UserName && u.Name == there.Name && u.DisplayName == there.DisplayName &&
		u.Active == there.Active &&
		slices.EqualFunc(u.Emails, there.Emails, func(a, b email) bool { return a.Value == b.Value })
}
