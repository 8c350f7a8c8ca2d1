package snapshot

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

type user struct {
	ID          string             `json:"id"`
	ExternalID  string             `json:"external_id,omitempty"`
	UserName    string             `json:"user_name"`
	DisplayName string             `json:"display_name,omitempty"`
	GivenName   string             `json:"given_name,omitempty"`
	FamilyName  string             `json:"family_name,omitempty"`
	Email       string             `json:"email,omitempty"`
	EmailUnsure bool               `json:"email_unsure,omitempty"`
	Active      bool               `json:"active"`
	Assigned    bool               `json:"assigned"`
	RollOnly    bool               `json:"roll_only,omitempty"`
	Standing    string             `json:"standing,omitempty"`
	CreatedBy   string             `json:"created_by,omitempty"`
	RoleIDs     []string           `json:"role_ids,omitzero"` // absent: not said
	Login       string             `json:"login,omitempty"`
	Attributes  *map[string]string `json:"attributes,omitempty"`
}

func userOut(u *model.User) user {
	out := user{
		u.ID, u.ExternalID, u.UserName, u.DisplayName, u.GivenName, u.FamilyName, u.Email, u.EmailUnsure, u.Active,
		u.Assigned, u.RollOnly, u.Standing, u.CreatedBy, u.RoleIDs, u.Login, nil,
	}
	if u.Attributes != nil {
		values := make(map[string]string, len(u.Attributes.Names))
		for i, name := range u.Attributes.Names[:min(len(u.Attributes.Names), len(u.Attributes.Values))] {
			values[name] = u.Attributes.Values[i]
		}
		out.Attributes = &values
	}
	return out
}

// shared keeps one list of attribute names for all users of whom the same was read.
type shared map[string][]string

func (u *user) in(lists shared) model.User {
	out := model.User{
		ID: u.ID, ExternalID: u.ExternalID, UserName: u.UserName, DisplayName: u.DisplayName, GivenName: u.GivenName,
		FamilyName: u.FamilyName, Email: u.Email, EmailUnsure: u.EmailUnsure, Active: u.Active, Assigned: u.Assigned,
		RollOnly: u.RollOnly, Standing: u.Standing, CreatedBy: u.CreatedBy, RoleIDs: u.RoleIDs, Login: u.Login,
	}
	if u.Attributes == nil {
		return out
	}
	names := slices.Sorted(maps.Keys(*u.Attributes))
	key := strings.Join(names, "\x00")
	if lists[key] == nil {
		lists[key] = names
	}
	out.Attributes = &model.Attributes{Names: lists[key], Values: make([]string, len(names))}
	for i, name := range names {
		out.Attributes.Values[i] = (*u.Attributes)[name]
	}
	return out
}

type role struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Grants       bool     `json:"grants"`
	Users        []string `json:"users"`
	UsersUnknown string   `json:"users_unknown,omitempty"`
}

func roleOut(r *model.Role) role { return role{r.ID, r.Name, r.Grants, r.Users.IDs, r.Users.Unknown} }

func (r *role) in() model.Role {
	users := model.MemberList{IDs: r.Users, Unknown: r.UsersUnknown}
	return model.Role{ID: r.ID, Name: r.Name, Grants: r.Grants, Users: users}
}

// event has the fields of model.Event, so that one converts to the other.
type event struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Type     int       `json:"type"`
	UserID   string    `json:"user_id,omitempty"`
	UserName string    `json:"user_name,omitempty"`
	RoleID   string    `json:"role_id,omitempty"`
	RoleName string    `json:"role_name,omitempty"`
	AppID    string    `json:"app_id,omitempty"`
	Name     string    `json:"name,omitempty"`
	Actor    string    `json:"actor,omitempty"`
	Text     string    `json:"text,omitempty"`
	Failed   bool      `json:"failed,omitempty"`
}

type login struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	State   string `json:"state"`
	Enabled *bool  `json:"enabled"`
}

type rule struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Enabled    bool            `json:"enabled"`
	Position   int             `json:"position"`
	Match      string          `json:"match"`
	Conditions []condition     `json:"conditions"`
	Actions    []action        `json:"actions"`
	Odd        string          `json:"odd,omitempty"`
	Raw        json.RawMessage `json:"raw,omitempty"`
}

// condition and action have the fields of model.Condition and model.Action.
type condition struct {
	Source   string   `json:"source"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
	Odd      bool     `json:"odd,omitempty"`
}

type action struct {
	Name       string   `json:"name"`
	Values     []string `json:"values"`
	Expression string   `json:"expression,omitempty"`
	Macro      string   `json:"macro,omitempty"`
	Scriplet   string   `json:"scriplet,omitempty"`
	Odd        bool     `json:"odd,omitempty"`
}

func ruleOut(r *model.Rule) rule {
	out := rule{ID: r.ID, Name: r.Name, Enabled: r.Enabled, Position: r.Position, Match: r.Match, Odd: r.Odd, Raw: r.Raw}
	for _, c := range r.Conditions {
		out.Conditions = append(out.Conditions, condition(c))
	}
	for _, a := range r.Actions {
		out.Actions = append(out.Actions, action(a))
	}
	return out
}

func (r *rule) in() model.Rule {
	out := model.Rule{ID: r.ID, Name: r.Name, Enabled: r.Enabled, Position: r.Position, Match: r.Match, Odd: r.Odd, Raw: r.Raw}
	for _, c := range r.Conditions {
		out.Conditions = append(out.Conditions, model.Condition(c))
	}
	for _, a := range r.Actions {
		out.Actions = append(out.Actions, model.Action(a))
	}
	return out
}
