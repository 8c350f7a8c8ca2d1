package onelogin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// user is a OneLogin user (https://developers.onelogin.com/api-docs/2/users/user-resource).
type user struct {
	ID     id       `json:"id"`
	State  intValue `json:"state"`
	Status intValue `json:"status"`

	Username   text `json:"username"`
	Email      text `json:"email"`
	Firstname  text `json:"firstname"`
	Lastname   text `json:"lastname"`
	ExternalID text `json:"external_id"`
	// Further is nil where the answer has none of it, or where nobody asks for it.
	Further *extraFields `json:",embed"`
}

// extraFields is what a mapping or a rule may ask for: a hundred thousand users are kept without it.
type extraFields struct {
	Samaccountname    text                      `json:"samaccountname"`
	Userprincipalname text                      `json:"userprincipalname"`
	DistinguishedName text                      `json:"distinguished_name"`
	MemberOf          texts                     `json:"member_of"`
	Department        text                      `json:"department"`
	Title             text                      `json:"title"`
	Company           text                      `json:"company"`
	Phone             text                      `json:"phone"`
	GroupID           text                      `json:"group_id"`
	RoleIDs           idList                    `json:"role_ids"`
	Custom            lenient[map[string]texts] `json:"custom_attributes"`
}

// extra is what else there is of a user, to read and not to change.
func (u *user) extra() *extraFields {
	if u.Further == nil {
		return &extraFields{}
	}
	return u.Further
}

const customPrefix = "custom_attribute_"

// mappedField gives the field that a mapping of that name sends; ok is false if the user as read does not hold it.
func (u *user) mappedField(name string) (t texts, ok bool) {
	name, custom := strings.CutPrefix(strings.ToLower(strings.TrimSpace(name)), customPrefix)
	further := u.extra()
	switch {
	case custom:
	case name == "id":
		return texts{text: text{value: string(u.ID)}}, true
	case name == "member_of":
		return further.MemberOf, further.MemberOf.set
	default:
		for _, one := range slices.Concat(u.texts(), further.texts()) {
			if one.name == name {
				return texts{text: *one.value}, one.value.set
			}
		}
	}
	for key, t := range further.Custom.value {
		if strings.EqualFold(key, name) {
			return t, true
		}
	}
	return texts{}, false
}

// namedText is a text of a user by the name that mappings and rules call it.
type namedText struct {
	name  string
	value *text
}

func (u *user) texts() []namedText {
	return []namedText{
		{"external_id", &u.ExternalID},
		{"email", &u.Email},
		{"firstname", &u.Firstname},
		{"lastname", &u.Lastname},
		{"username", &u.Username},
	}
}

func (f *extraFields) texts() []namedText {
	return []namedText{
		{"samaccountname", &f.Samaccountname},
		{"userprincipalname", &f.Userprincipalname},
		{"distinguished_name", &f.DistinguishedName},
		{"department", &f.Department},
		{"title", &f.Title},
		{"company", &f.Company},
		{"phone", &f.Phone},
		{"group_id", &f.GroupID},
	}
}

// The numbers of OneLogin's status and state that keep a user from being provisioned. The other documented ones count
// as active: a user who never signed in, is locked or has an expired password keeps access
// (https://developers.onelogin.com/api-docs/2/users/user-resource).
const (
	statusSuspended = 2
	stateRejected   = 2
	stateUnlicensed = 3
	// lastStatus and lastState end the documented numbers, of which status 6 is said not to be used.
	statusUnused, lastStatus = 6, 8
	lastState                = 3
)

// inactiveReason gives the word for a user who is not active. documented is false where a number decides that nobody
// has published the meaning of: taken for active it could let somebody in, taken for suspended it could put everybody
// out, and so the word is that number.
func (u *user) inactiveReason() (word string, documented bool) {
	switch {
	case u.Status.value == statusSuspended:
		return model.StandingSuspended, true
	case u.State.value == stateRejected:
		return model.StandingRejected, true
	case u.State.value == stateUnlicensed:
		return model.StandingUnlicensed, true
	case u.Status.answered && !u.Status.set:
		return "status null", false
	case u.State.answered && !u.State.set:
		return "state null", false
	case u.Status.value < 0 || u.Status.value > lastStatus || u.Status.value == statusUnused:
		return fmt.Sprintf("status %d", u.Status.value), false
	case u.State.value < 0 || u.State.value > lastState:
		return fmt.Sprintf("state %d", u.State.value), false
	}
	return "", true
}

// toModel makes the user that OneLogin would push. mapped is false if the field for the userName is not among what was
// read; the e-mail stands in for it then, and the caller must not believe it. Of a user whose standing is not
// documented, only the roll is believed.
func (u *user) toModel(w neededFields, assigned bool) (out model.User, mapped bool) {
	standing, documented := u.inactiveReason()
	out = model.User{
		ID: string(u.ID), ExternalID: cmp.Or(u.ExternalID.value, string(u.ID)),
		Email: u.Email.value, GivenName: u.Firstname.value, FamilyName: u.Lastname.value,
		Assigned: assigned, Standing: standing, RollOnly: assigned && !documented,
	}
	out.Active = standing == "" || !documented
	out.DisplayName = strings.TrimSpace(out.GivenName + " " + out.FamilyName)
	out.UserName, mapped = out.Email, true
	out.Attributes = w.attributes(u)
	if w.userName != "" && !strings.EqualFold(w.userName, "email") {
		var field texts
		if field, mapped = u.mappedField(w.userName); mapped {
			out.UserName = field.value
		}
	}
	if strings.TrimSpace(out.UserName) == "" {
		out.Login = cmp.Or(u.Username.value, u.extra().Samaccountname.value)
	}
	return out, mapped
}
