package model

import (
	"encoding/json"
	"time"
)

// AskKind is how one record is asked for by another way than the list that shows or lacks it.
type AskKind string

// The direct questions. ID says about whom.
const (
	// AskUser: one user of the source by id, with the user's own apps and roles.
	AskUser AskKind = "user"
	// AskRoles: one user of the source by id, with the user's own roles and no more.
	AskRoles AskKind = "user-roles"
	// AskEmail: the users of the source who have the e-mail address ID.
	AskEmail AskKind = "email"
	// AskRole: one role by id, and whether it grants the app.
	AskRole AskKind = "role"
	// AskRoleList and AskRules: all roles by name, and the app's rules, once more; ID is empty.
	AskRoleList AskKind = "role-list"
	AskRules    AskKind = "rules"
	// AskTargetUser: the user of the target who is called ID, or has the external id ExternalID.
	AskTargetUser AskKind = "target-user"
	// AskTargetGroup: the group of the target that is called ID, or has the external id ExternalID.
	AskTargetGroup AskKind = "target-group"
	// AskTargetRecord: one user of the target by id.
	AskTargetRecord AskKind = "target-user-record"
	// AskGroupRecord: one group of the target by id; AskMembers: its members.
	AskGroupRecord AskKind = "target-group-record"
	AskMembers     AskKind = "members"
	// AskGroupsOf: the groups that one user of the target is in, by the user's side of the directory.
	AskGroupsOf AskKind = "groups-of"
)

// Ask is one direct question.
type Ask struct {
	Kind           AskKind
	ID, ExternalID string
}

// MarshalText makes a key of the question, under which a file has its answer: a JSON list of what it is made of.
func (q Ask) MarshalText() ([]byte, error) {
	return json.Marshal([]string{string(q.Kind), q.ID, q.ExternalID})
}

// UnmarshalText reads it.
func (q *Ask) UnmarshalText(text []byte) error {
	return json.Unmarshal(text, &[]any{&q.Kind, &q.ID, &q.ExternalID})
}

// Reply is what a direct question was answered. A record that was not found is a negative answer only because the
// adapter asked the same kind of question about a record that is known to be there, and was answered yes.
type Reply struct {
	At    time.Time `json:"at"`
	Found bool      `json:"found"`
	// User is the one found, with Assigned where the user's apps were read.
	User User `json:"user,omitzero"`
	// Role is the role found by id, Roles are all roles and Rules all rules.
	Role  Role   `json:"role,omitzero"`
	Roles []Role `json:"roles,omitzero"`
	Rules []Rule `json:"rules,omitzero"`
	// Group is the group found, Members who is in it.
	Group   Group      `json:"group,omitzero"`
	Members MemberList `json:"members,omitzero"`
	// Groups are the ids of the groups found.
	Groups []string `json:"groups,omitzero"`
	// Unsupported: the service has no way to ask this, so that the question can be required of nobody.
	Unsupported bool `json:"no_way,omitempty"`
	// Failed is why the question was not answered, so that it says nothing; empty otherwise.
	Failed string `json:"failed,omitempty"`
}

// Replies are the direct questions that a load asked, with what was answered.
type Replies map[Ask]Reply

// Usable gives the answer to a question that was asked and answered.
func (a Replies) Usable(q Ask) (Reply, bool) {
	answer, asked := a[q]
	return answer, asked && answer.Failed == ""
}
