package model

import "time"

// Facts are what neither side's records tell: what the configuration says, what the services showed in passing, and
// what only a probe asks for. The zero value knows nothing.
type Facts struct {
	// TargetURL is the SCIM base URL as configured.
	TargetURL string
	// SharedWith are the other configured connections with the same target.
	SharedWith []string

	Source, Target Service

	// Probed is whether the rest was asked for. Only `scimdrift doctor` does that, because it costs requests.
	Probed       bool
	Capabilities Capabilities
	Login        LoginState
	Assignments  AssignmentFacts
}

// AssignmentFacts is what the AWS lens says of account assignments whose user or group is gone.
type AssignmentFacts struct {
	// Asked: a lens was asked. Dangling are the assignments, with the id of the principal; Rest is why there may be more.
	Asked    bool
	Dangling []Assignment
	Rest     string
	// Trouble is why it could not be told; empty otherwise.
	Trouble string
}

// Service is what the answers of one service showed in passing.
type Service struct {
	// Answered is whether any request got a 2xx answer.
	Answered bool
	// Skew is how far our clock is ahead of the service's, at least; negative where it is behind. It comes from the Date of an
	// answer, which has whole seconds.
	Skew      time.Duration
	SkewKnown bool
	Budget    Budget
	// Refusals are the kinds of requests that were refused in the end, in the order of their names.
	Refusals []Refusal
}

// Refusal is one kind of request that a service refuses.
type Refusal struct {
	// What is read, such as "app rules"; Scope the least scope of OneLogin's that it needs, empty where no scope is the matter.
	What, Scope string
	// Status is 401, 403, 404 or 429.
	Status int
}

// Budget is what a service said last about its rate limit, in requests.
type Budget struct {
	Known     bool `json:"known"`
	Limit     int  `json:"limit"`
	Remaining int  `json:"remaining"`
	// Reset is when Remaining becomes Limit again; zero if the service did not say.
	Reset time.Time `json:"reset,omitzero"`
}

// Capabilities are what a target was found to understand.
type Capabilities struct {
	// Cursor: lists are walked by cursor. Filter: a filter by userName is honoured. MemberFilter: users are found by group.
	Cursor, Filter, MemberFilter Tri
	// PageSize is how many rows the first page of users had where more follow; 0 where all fit into it.
	PageSize int
	// Elsewhere names the records that the target keeps at another path than /Users and /Groups, and the path that is therefore used;
	// empty if there are none. Ignored names what it announces and why that is not used; empty if there is nothing.
	Elsewhere, Ignored string
	// Trouble is why some of it is not known; empty otherwise.
	Trouble string
}

// LoginState is the provisioning state of one user's login, asked for as a sample.
type LoginState struct {
	// UserName is whose; empty if nobody was asked for.
	UserName string
	// Status and State are OneLogin's words
	// (https://developers.onelogin.com/api-docs/2/users/get-user-apps); both empty if the user has no login.
	Status, State string
	// Trouble is why it could not be read; empty otherwise.
	Trouble string
}
