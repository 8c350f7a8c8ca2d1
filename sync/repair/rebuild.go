package repair

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/scimdrift/scimdrift/model"
)

// rebuildRequests puts everything that a record held into the request that creates it again; members and groups are
// made by steps of their own. What the backup does not hold stays as the adapter words it.
func rebuildRequests(requests []model.Encoded, raw []byte) ([]model.Encoded, error) {
	var was map[string]json.RawMessage
	if err := json.Unmarshal(raw, &was); err != nil {
		return nil, fmt.Errorf("the backup is no JSON object, so the record cannot be made again from it: %w; make "+
			"it by hand", err)
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(requests[0].Request.Body, &body); err != nil {
		return nil, err
	}
	for name, value := range was {
		// The extensions that the record had have to be named with their schemas.
		if name == "schemas" || !model.IsServerAttribute(name) && string(value) != "null" && string(value) != "[]" {
			body[name] = value
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // a plan shows names as they are
	if err := encoder.Encode(body); err != nil {
		return nil, err
	}
	out := requests[0]
	out.Request.Body = bytes.TrimSpace(text.Bytes())
	return []model.Encoded{out}, nil
}

// person is what a backup tells of a user, in SCIM's words (RFC 7643, section 4.1).
type person struct {
	ExternalID  string `json:"externalId"`
	UserName    string `json:"userName"`
	DisplayName string `json:"displayName"`
	Active      *bool  `json:"active"`
	Name        struct {
		GivenName  string `json:"givenName"`
		FamilyName string `json:"familyName"`
	} `json:"name"`
	Emails []model.Mail `json:"emails"`
}

// personOf reads a user's backup.
func personOf(b *model.Backup) (model.User, error) {
	var p person
	if err := json.Unmarshal(b.Raw, &p); err != nil {
		return model.User{}, fmt.Errorf("its backup cannot be read: %w; make it by hand", err)
	}
	u := model.User{
		ID: b.ID, ExternalID: p.ExternalID, UserName: p.UserName, DisplayName: p.DisplayName,
		GivenName:  p.Name.GivenName,
		FamilyName: p.Name.FamilyName, Active: p.Active == nil || *p.Active, Assigned: true,
	}
	u.TakeMails(p.Emails)
	return u, nil
}
