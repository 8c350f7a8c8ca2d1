package model

import "time"

// AskKind is how one record is asked for by another way than the list that shows or lacks it.
type AskKind uint8

// The direct questions. ID says about whom.
const (
	// AskUser: one user of the source by id, with the user's own apps and roles.
	AskUser AskKind = iota
	// AskRoles: one user of the source by id, with the user's own roles and no more.
	AskRoles
	// AskEmail: the users of the source who have the e-mail address ID.
	AskEmail
	// AskRole: one role by id, and whether it grants the app.
	AskRole
	// AskRoleName: the roles called ID.
	AskRoleName
	// AskRoleList and AskRules: all roles by name, and the app's rules, once more; ID is empty.
	AskRoleList
	AskRules
	// AskTargetUser: the user of the target who is called ID, or has the external id Also.
	AskTargetUser
	// AskTargetGroup: the group of the target that is called ID, or has the external id Also.
	AskTargetGroup
	// AskTargetRecord: one user of the target by id.
	AskTargetRecord
	// AskGroupRecord: one group of the target by id; AskMembers: its members.
	AskGroupRecord
	AskMembers
	// AskGroupsOf: the groups that one user of the target is in, by the user's side of the directory.
	AskGroupsOf
)

// Ask is one direct question.
type Ask struct {
	Kind AskKind
	ID   string
	Also string
}

// Reply is what a direct question was answered. A record that was not found is a negative answer only because the
// adapter asked the same kind of question about a record that is known to be there, and was answered yes.
type Reply struct {
	At    time.Time
	Found bool
	// User is the one found, with Assigned where the user's apps were read.
	User User
	// Role is the role found by id, Roles those found by name; Rules are all rules.
	Role  Role
	Roles []Role
	Rules []Rule
	// Group is the group found, Members who is in it.
	Group   Group
	Members MemberList
	// Groups are the ids of the groups found.
	Groups []string
	// NoWay: the service has no way to ask this, so that the question can be required of nobody.
	NoWay bool
	// Failed is why the question was not answered, so that it says nothing; empty otherwise.
	Failed string
}

// Replies are the direct questions that a load asked, with what was answered.
type Replies map[Ask]Reply

// usable gives the answer to a question that was asked and answered.
func (a Replies) usable(q Ask) (Reply, bool) {
	answer, asked := a[q]
	return answer, asked && answer.Failed == ""
}
