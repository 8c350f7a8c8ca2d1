package engine

import (
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

// person is what the engine sends of a user.
type person struct {
	userName, externalID, given, family, display, email string
	active                                              bool
}

// personOf reads a user through the app's parameters: scimusername says which field is the user name.
func personOf(a *world.App, u *world.User) person {
	p := person{
		externalID: u.ExternalID, given: u.FirstName, family: u.LastName, email: u.Email, userName: u.Email, active: u.Active(),
		display: strings.TrimSpace(u.FirstName + " " + u.LastName),
	}
	if p.externalID == "" {
		p.externalID = strconv.FormatInt(u.ID, 10)
	}
	for i := range a.Parameters {
		if a.Parameters[i].Key != "scimusername" {
			continue
		}
		if value, known := rule.Field(u, a.Parameters[i].UserAttributeMappings); known {
			p.userName = value
		}
	}
	return p
}

type email struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

type name struct {
	GivenName  string `json:"givenName"`
	FamilyName string `json:"familyName"`
}

// userBody is the whole user, as a POST or PUT carries it and the target shows it.
type userBody struct {
	Schemas     []string `json:"schemas"`
	ID          string   `json:"id,omitempty"`
	ExternalID  string   `json:"externalId,omitempty"`
	UserName    string   `json:"userName"`
	Name        name     `json:"name"`
	DisplayName string   `json:"displayName"`
	Emails      []email  `json:"emails,omitempty"`
	Active      bool     `json:"active"`
}

func userBodyOf(p person, id string) userBody {
	b := userBody{
		Schemas: []string{userSchema}, ID: id, ExternalID: p.externalID, UserName: p.userName,
		Name: name{p.given, p.family}, DisplayName: p.display, Active: p.active,
	}
	if p.email != "" {
		b.Emails = []email{{p.email, "work", true}}
	}
	return b
}

// person is the target's user in our terms.
func (u userBody) person() person {
	p := person{userName: u.UserName, externalID: u.ExternalID, given: u.Name.GivenName, family: u.Name.FamilyName, display: u.DisplayName, active: u.Active}
	if len(u.Emails) > 0 {
		p.email = u.Emails[0].Value
	}
	return p
}

// same compares what a push would change; an external id alone is no reason for one.
func (p person) same(other person) bool {
	other.externalID = p.externalID
	return p == other
}
