package model

// ConditionKind is what a condition says. Those about the target are answered by the records themselves, those about
// the source by a comparison that was made from a fresh read.
type ConditionKind string

// The facts about the target. ID names the record, or Ref what creates it.
const (
	// UserIs: the user ID exists and has the userName Name to the letter.
	UserIs ConditionKind = "user-is"
	// UserAbsent: there is no user ID, or where ID is empty none named Name, or whose Field "externalId" is Value.
	UserAbsent ConditionKind = "user-absent"
	// FieldIs: the attribute Field of the user ID is Value.
	FieldIs ConditionKind = "field-is"
	// UsersAre: all of Users exist, have these names to the letter and are active.
	UsersAre ConditionKind = "users-are"
	// GroupIs: the group ID exists and is called Name to the letter.
	GroupIs ConditionKind = "group-is"
	// GroupAbsent: there is no group ID, or where ID is empty none named Name.
	GroupAbsent ConditionKind = "group-absent"
	// MembersAre: the members of the group ID are Users and nobody else.
	MembersAre ConditionKind = "members-are"
	// MembersInclude: all of Users are members of the group ID; MembersExclude: none is.
	MembersInclude ConditionKind = "members-include"
	MembersExclude ConditionKind = "members-exclude"
	// RecordIs: the record ID of the type Field, "user" or "group", is in the state Value (RecordDigest), or any where
	// it is empty, and Users are all users in it. It guards a write of a whole record.
	RecordIs ConditionKind = "record-is"
	// AssignmentIs: the user or group ID has the account assignment Assignment; AssignmentAbsent: it has not.
	// NoAssignments: it has none at all; of Assignment only the type of the principal counts then.
	AssignmentIs     ConditionKind = "assignment-is"
	AssignmentAbsent ConditionKind = "assignment-absent"
	NoAssignments    ConditionKind = "no-assignments"
	// AssignmentDangles: the account assignment Assignment hangs on the id ID of a group that is gone, by the list of
	// its account and permission set; AssignmentGone: it does not. Lists by principal may leave out what dangles.
	AssignmentDangles ConditionKind = "assignment-dangles"
	AssignmentGone    ConditionKind = "assignment-gone"
	// RevisionIs: AWS gives the user or group ID (Field says which) the version Value: nothing of it was changed.
	RevisionIs ConditionKind = "revision-is"
)

// The facts about the source.
const (
	// Entitled: Users (by SourceID) are assigned and active, and still pair with the target user ID, or with nobody.
	Entitled ConditionKind = "entitled"
	// Unassigned: no assigned user of the source pairs with the target user ID.
	Unassigned ConditionKind = "unassigned"
	// Inactive: the target user ID pairs with an assigned user who is not active.
	Inactive ConditionKind = "inactive"
	// Wants: the assigned source user SourceID of Users[0] has Value for Field, and still pairs with its ID, if given.
	Wants ConditionKind = "wants"
	// Yields: the source expects a group Name; with an ID, that target group pairs with it, and nobody need be in it.
	// YieldsNot: nothing at the source yields Name or may, and the target group ID pairs with nothing.
	Yields    ConditionKind = "yields"
	YieldsNot ConditionKind = "yields-not"
	// Belongs: Users (by SourceID) belong in the source group Name; BelongsNot: Users (by ID at the target) do not, and
	// the source knows all of them. The target group ID, if given, still pairs with that group.
	Belongs    ConditionKind = "belongs"
	BelongsNot ConditionKind = "belongs-not"
)

// Condition is one thing that must be true. Strings are raw.
type Condition struct {
	// Side is "target" or "source".
	Side string        `json:"side"`
	Fact ConditionKind `json:"fact"`
	ID   string        `json:"id,omitempty"`
	// Ref names what creates the record, instead of an id.
	Ref   string   `json:"ref,omitempty"`
	Name  string   `json:"name,omitempty"`
	Field string   `json:"field,omitempty"`
	Value string   `json:"value,omitempty"`
	Users []Member `json:"users,omitempty"`
	// Assignment is for the facts about account assignments; its principal is ID.
	Assignment *Assignment `json:"assignment,omitempty"`
	// OfRequest: Users are the members of the step's own request, which may hold only some of the intent's.
	OfRequest bool `json:"-"`
}

// FromSource reports whether the source tells it.
func (k ConditionKind) FromSource() bool {
	switch k { //nolint:exhaustive // the others are about the target
	case Entitled, Unassigned, Inactive, Wants, Yields, YieldsNot, Belongs, BelongsNot:
		return true
	}
	return false
}

// On is a condition on a record by its id or its name.
func (k ConditionKind) On(id, name string) Condition {
	side := AtTarget
	if k.FromSource() {
		side = AtSource
	}
	return Condition{Side: side, Fact: k, ID: id, Name: name}
}

// Over is the condition with the account assignment that it is about.
func (s Condition) Over(a *Assignment) Condition {
	s.Assignment = a
	return s
}

// Being is the condition with the field and value that it is about.
func (s Condition) Being(field, value string) Condition {
	s.Field, s.Value = field, value
	return s
}

// With is the condition with the users whom it is about.
func (s Condition) With(users ...Member) Condition {
	s.Users = users
	return s
}

// PerRequest is the condition with users of whom each request is about its own.
func (s Condition) PerRequest(users []Member) Condition {
	s.Users, s.OfRequest = users, true
	return s
}

// Made is the condition on what a step or intent creates; an empty ref leaves it as it is.
func (s Condition) Made(ref string) Condition {
	s.Ref = ref
	return s
}

// The sides of a condition.
const (
	AtTarget = "target"
	AtSource = "source"
)

// Question is what has to be read again to answer some conditions.
type Question struct {
	// TargetUsers and TargetGroups are ids, Members those of groups whose members are needed too. Names are looked up.
	TargetUsers, TargetGroups, Members []string
	UserNames, GroupNames              []string
	// Principals are those whose account assignments are needed.
	Principals []Principal
	// Dangling are the account assignments of groups that are gone, by ids alone, that have to be looked for.
	Dangling []Assignment
	// Revisions are those whose revision is needed.
	Revisions []Principal
	// ExternalIDs of users are looked up at the target.
	ExternalIDs []string
	// SourceUsers are ids at the source. Grouping: app, roles and rules are needed. Strangers: whoever might be meant
	// at the source by the target users is looked for, as whoever might be by Meaning, old records too.
	SourceUsers []string
	Meaning     []User
	// Entitled: that these users have the app must be borne out by a role of theirs, or by the app's own list.
	Entitled  bool
	Grouping  bool
	Strangers bool
}

// FromSource reports whether anything has to be read at the source.
func (q *Question) FromSource() bool {
	return len(q.SourceUsers)+len(q.Meaning) > 0 || q.Grouping || q.Strangers
}
