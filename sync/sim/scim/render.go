package scim

import (
	"encoding/json"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// meta has neither location nor version: no sample shows them.
type meta struct {
	ResourceType string `json:"resourceType"`
	Created      string `json:"created"`
	LastModified string `json:"lastModified"`
}

func metaOf(kind string, created, modified time.Time) meta {
	return meta{kind, created.UTC().Format(time.RFC3339), modified.UTC().Format(time.RFC3339)}
}

type nameBody struct {
	Formatted       json.RawMessage `json:"formatted,omitempty"`
	FamilyName      string          `json:"familyName,omitempty"`
	GivenName       string          `json:"givenName,omitempty"`
	MiddleName      json.RawMessage `json:"middleName,omitempty"`
	HonorificPrefix json.RawMessage `json:"honorificPrefix,omitempty"`
	HonorificSuffix json.RawMessage `json:"honorificSuffix,omitempty"`
}

type emailBody struct {
	Value   string `json:"value"`
	Type    string `json:"type,omitempty"`
	Primary bool   `json:"primary"`
}

// userBody leaves out what is absent; the service never answers null, and never the user's groups.
type userBody struct {
	ID                string          `json:"id"`
	ExternalID        string          `json:"externalId,omitempty"`
	Meta              meta            `json:"meta"`
	Schemas           []string        `json:"schemas"`
	UserName          string          `json:"userName"`
	Name              *nameBody       `json:"name,omitempty"`
	DisplayName       string          `json:"displayName,omitempty"`
	NickName          json.RawMessage `json:"nickName,omitempty"`
	ProfileURL        json.RawMessage `json:"profileUrl,omitempty"`
	Title             json.RawMessage `json:"title,omitempty"`
	UserType          json.RawMessage `json:"userType,omitempty"`
	PreferredLanguage json.RawMessage `json:"preferredLanguage,omitempty"`
	Locale            json.RawMessage `json:"locale,omitempty"`
	Timezone          json.RawMessage `json:"timezone,omitempty"`
	Active            bool            `json:"active"`
	Emails            []emailBody     `json:"emails,omitempty"`
	Addresses         json.RawMessage `json:"addresses,omitempty"`
	PhoneNumbers      json.RawMessage `json:"phoneNumbers,omitempty"`
	Roles             json.RawMessage `json:"roles,omitempty"`
	Enterprise        json.RawMessage `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// showUser copies what goes into an answer, which is written after the world's lock is released.
func (c *call) showUser(u *world.TargetUser) userBody {
	x := u.Extra
	b := userBody{
		ID: u.ID, ExternalID: u.ExternalID, Meta: metaOf("User", u.Created, u.Modified), Schemas: []string{userURN},
		UserName: u.UserName, DisplayName: u.DisplayName, NickName: x["nickName"], Title: x["title"], UserType: x["userType"],
		PreferredLanguage: x["preferredLanguage"], Locale: x["locale"], Timezone: x["timezone"], Active: u.Active,
		Addresses: x["addresses"], PhoneNumbers: x["phoneNumbers"], Roles: x["roles"], Enterprise: x[enterpriseURN],
	}
	if u.GivenName != "" || u.FamilyName != "" {
		b.Name = &nameBody{
			Formatted: x[extraName+"formatted"], FamilyName: u.FamilyName, GivenName: u.GivenName, MiddleName: x[extraName+"middleName"],
			HonorificPrefix: x[extraName+"honorificPrefix"], HonorificSuffix: x[extraName+"honorificSuffix"],
		}
	}
	if u.Email != "" {
		b.Emails = []emailBody{{u.Email, u.EmailType, true}}
	}
	if c.knobs.EchoProfileURL {
		b.ProfileURL = x["profileUrl"]
	} else {
		b.Enterprise = withoutRef(b.Enterprise)
	}
	if b.Enterprise != nil {
		// The extension's URN is listed only when there is something in it, as in every sample.
		b.Schemas = append(b.Schemas, enterpriseURN)
	}
	return b
}

// withoutRef takes a manager's $ref out of the extension, which the samples accept and do not echo.
func withoutRef(text json.RawMessage) json.RawMessage {
	var extension map[string]json.RawMessage
	if text == nil || json.Unmarshal(text, &extension) != nil {
		return text
	}
	var manager map[string]json.RawMessage
	if json.Unmarshal(extension["manager"], &manager) != nil || manager["$ref"] == nil {
		return text
	}
	delete(manager, "$ref")
	if len(manager) == 0 {
		delete(extension, "manager")
	} else {
		extension["manager"] = marshal(manager)
	}
	if len(extension) == 0 {
		return nil
	}
	return marshal(extension)
}

// marshal writes a map of raw JSON that was read from JSON just before, which cannot fail.
func marshal(parts map[string]json.RawMessage) json.RawMessage {
	text, err := json.Marshal(parts)
	if err != nil {
		return nil
	}
	return text
}

// groupBody never holds members: the service answers an empty list or no key at all, whoever is in the group (developer
// guide "GetGroup").
type groupBody struct {
	ID          string    `json:"id"`
	ExternalID  string    `json:"externalId,omitempty"`
	Meta        meta      `json:"meta"`
	Schemas     []string  `json:"schemas"`
	DisplayName string    `json:"displayName"`
	Members     *[]string `json:"members,omitempty"`
}

func showGroup(g *world.TargetGroup, emptyMembers bool) groupBody {
	b := groupBody{
		ID: g.ID, ExternalID: g.ExternalID, Meta: metaOf("Group", g.Created, g.Modified), Schemas: []string{groupURN},
		DisplayName: g.DisplayName,
	}
	if emptyMembers {
		b.Members = &[]string{}
	}
	return b
}
