package scim

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

type writtenUser struct {
	Schemas     []string      `json:"schemas"`
	ExternalID  string        `json:"externalId,omitempty"`
	UserName    string        `json:"userName"`
	Name        *writtenName  `json:"name,omitempty"`
	DisplayName string        `json:"displayName"`
	Emails      []writtenMail `json:"emails,omitempty"`
	// Active is always said: what a target makes of its absence is not documented.
	Active bool `json:"active"`
}

type writtenName struct {
	FamilyName string `json:"familyName,omitempty"`
	GivenName  string `json:"givenName,omitempty"`
}

// writtenMail is primary, because AWS refuses one that is not.
type writtenMail struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

func workMail(address string) []writtenMail { return []writtenMail{{address, "work", true}} }

// newUser is the least that makes a user: OneLogin fills in the rest when it finds them.
func (e *encoder) newUser() (any, error) {
	u := e.in.User
	if u == nil {
		return nil, errNoChange
	}
	for _, field := range []struct{ attribute, value string }{
		{"userName", u.UserName},
		{"displayName", u.DisplayName},
		{"name.givenName", u.GivenName},
		{"name.familyName", u.FamilyName},
		{"emails", u.Email},
		{"externalId", u.ExternalID},
	} {
		if field.value == "" && !slices.Contains(e.filled, field.attribute) {
			continue
		}
		if err := e.checkText(field.attribute, field.value); err != nil {
			return nil, err
		}
	}
	body := writtenUser{
		Schemas: []string{userSchema}, ExternalID: u.ExternalID, UserName: u.UserName, DisplayName: u.DisplayName,
		Active: u.Active,
	}
	if u.GivenName != "" || u.FamilyName != "" {
		body.Name = &writtenName{FamilyName: u.FamilyName, GivenName: u.GivenName}
	}
	if u.Email != "" {
		body.Emails = workMail(u.Email)
	}
	return body, nil
}

// operations are what a repair changes of a record, one for each attribute that differs. active is a boolean: AWS's own
// sample sends the word "false", and its service takes both; others only this.
func (e *encoder) operations() ([]operation, error) {
	switch e.in.Repair { //nolint:exhaustive // update-user and rename-group name what they change
	case model.ActivateUser:
		return []operation{{Op: "replace", Path: "active", Value: true}}, nil
	case model.DeactivateUser:
		return []operation{{Op: "replace", Path: "active", Value: false}}, nil
	}
	known := [...][]string{
		ofUsers:  {"userName", "displayName", "name.givenName", "name.familyName", "emails"},
		ofGroups: {"displayName"},
	}[e.collection]
	var operations []operation
	for _, change := range e.in.Changes {
		at := slices.Index(known, change.Name)
		if at < 0 {
			return nil, fmt.Errorf("the attribute %s cannot be changed by %s, or not twice; report this as a bug",
				change.Name, e.in.Repair)
		}
		known = slices.Delete(known, at, at+1)
		one, err := e.operation(change)
		if err != nil {
			return nil, err
		}
		operations = append(operations, one)
	}
	if len(operations) == 0 {
		return nil, errNoChange
	}
	return operations, nil
}

func (e *encoder) operation(change model.FieldDiff) (operation, error) {
	empties := change.Source == "" && !slices.Contains(e.filled, change.Name)
	if !empties {
		if err := e.checkText(change.Name, change.Source); err != nil {
			return operation{}, err
		}
	}
	switch {
	case change.Name == "emails" && (e.replacesMails || e.noPatch):
		return e.changeMails(change)
	case change.Name == "emails":
		return changeMail(change), nil
	case empties:
		return operation{Op: "remove", Path: change.Name}, nil
	}
	return operation{Op: "replace", Path: change.Name, Value: change.Source}, nil
}

// changeMail changes the address that is there and leaves its type, and whatever other addresses the user has, as they
// are: a replace of the whole attribute would lose them. If somebody has changed the address meanwhile the target finds
// nothing to replace and refuses.
func changeMail(change model.FieldDiff) operation {
	there := "emails[value eq " + quoteValue(change.Target) + "]"
	switch {
	case change.Target == "":
		return operation{Op: "add", Path: "emails", Value: workMail(change.Source)}
	case change.Source == "":
		return operation{Op: "remove", Path: there}
	}
	return operation{Op: "replace", Path: there + ".value", Value: change.Source}
}

// changeMails changes the address in the list of all of them, so that the others, their types and the order stay.
func (e *encoder) changeMails(change model.FieldDiff) (operation, error) {
	record, err := e.intentRecord()
	if err != nil {
		return operation{}, err
	}
	_, list, err := elements(record, "emails")
	if err != nil {
		return operation{}, err
	}
	mails, err := decodeMails(list)
	if err != nil {
		return operation{}, err
	}
	chosen := model.ComparedMails(mails)
	switch {
	case change.Target == "" && !slices.ContainsFunc(mails, func(m model.Mail) bool { return m.Value != "" }):
		for _, m := range workMail(change.Source) {
			list = append(list, m)
		}
	case len(chosen) == 0 || change.Target == "" || mails[chosen[0]].Value != change.Target:
		return operation{}, fmt.Errorf("the e-mail of %s is not the one that was read; reload, then plan again",
			model.Visible(e.in.Subject.Name))
	case change.Source == "":
		for _, at := range slices.Backward(chosen) {
			list = slices.Delete(list, at, at+1)
		}
	default:
		for _, at := range chosen {
			if object, is := list[at].(map[string]any); is {
				object[storedName(object, "value")] = change.Source
			} else {
				list[at] = change.Source
			}
		}
	}
	e.holdsList = true
	if len(list) == 0 {
		return operation{Op: "remove", Path: "emails"}, nil
	}
	return operation{Op: "replace", Path: "emails", Value: list}, nil
}

// decodeMails reads the e-mails of a record as those of a list are read.
func decodeMails(list []any) ([]model.Mail, error) {
	mails := make([]model.Mail, len(list))
	for i, element := range list {
		raw, err := json.Marshal(element)
		if err == nil {
			err = json.Unmarshal(raw, &mails[i])
		}
		if err != nil {
			return nil, fmt.Errorf(
				"the record holds an e-mail that cannot be written back safely (%w); change it at the target", err)
		}
	}
	return mails, nil
}
