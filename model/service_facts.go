package model

import "time"

// Facts are what neither side's records tell: what the configuration says, what the services showed in passing, and
// what only a probe asks for. The zero value knows nothing.
type Facts struct {
	// TargetURL is the SCIM base URL as configured.
	TargetURL string `json:"target_url"`
	// SharedWith are the other configured connections with the same target.
	SharedWith []string `json:"shared_with,omitempty"`

	// Token is what the configuration and this machine know of the life of the target's token.
	Token TokenFacts `json:"token,omitzero"`

	Source Service `json:"source"`
	Target Service `json:"target"`

	// Probed is whether the rest was asked for. Only `scimdrift doctor` does that, because it costs requests.
	Probed       bool            `json:"probed"`
	Capabilities Capabilities    `json:"capabilities"`
	Assignments  AssignmentFacts `json:"assignments"`
	Access       AccessFacts     `json:"access,omitzero"`
}

// AssignmentFacts is what the AWS lens says of account assignments whose user or group is gone.
type AssignmentFacts struct {
	// Asked: a lens was asked. Dangling are the assignments, with the principal's id; Rest is why there may be more.
	Asked    bool         `json:"asked"`
	Dangling []Assignment `json:"dangling,omitempty"`
	Rest     string       `json:"rest,omitempty"`
	// Trouble is why it could not be told; empty otherwise.
	Trouble string `json:"trouble,omitempty"`
	// Former are the names that are known of the groups that are gone; FormerUnread why there may be more.
	Former       []FormerName `json:"former,omitempty"`
	FormerUnread string       `json:"former_unread,omitempty"`
}

// AccessFacts is what the AWS lens says of attributes for access control.
type AccessFacts struct {
	// Asked: a lens was asked. Status is AWS's word
	// (API_DescribeInstanceAccessControlAttributeConfiguration in
	// https://docs.aws.amazon.com/singlesignon/latest/APIReference), empty where the feature was
	// never enabled; Reason what AWS adds to it.
	Asked  bool   `json:"asked"`
	Status string `json:"status,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Mapped are the attributes of its identity store that AWS itself makes tags of, by key.
	Mapped []AccessMapping `json:"mapped,omitempty"`
	// Trouble is why these could not be told; empty otherwise.
	Trouble string `json:"trouble,omitempty"`
	// Conditions is what the permission sets ask for.
	Conditions ConditionFacts `json:"conditions,omitzero"`
}

// AccessEnabled is the status of an instance whose attributes for access control work.
const AccessEnabled = "ENABLED"

// AccessMapping is a tag key and where AWS takes its value from, such as "${path:enterprise.department}".
type AccessMapping struct {
	Key     string   `json:"key"`
	Sources []string `json:"sources,omitempty"`
}

// ConditionFacts is what the policies of permission sets ask of the tags of whoever signs in.
type ConditionFacts struct {
	// Asked: a lens was asked. Tags are the tags that inline policies name.
	Asked bool           `json:"asked"`
	Tags  []TagCondition `json:"tags,omitempty"`
	// Elsewhere are permission sets with customer-managed policies, whose text is in each account and not at SSO
	// Admin; ElsewhereTrouble is why more of them may be.
	Elsewhere        []string `json:"elsewhere,omitempty"`
	ElsewhereTrouble string   `json:"elsewhere_trouble,omitempty"`
	// Unread are permission sets with an inline policy that was not understood; Rest is why there may be more.
	Unread []string `json:"unread,omitempty"`
	Rest   string   `json:"rest,omitempty"`
	// Trouble is why nothing could be told; empty otherwise.
	Trouble string `json:"trouble,omitempty"`
}

// TagCondition is a permission set whose policy names aws:PrincipalTag/Key.
type TagCondition struct {
	Set string `json:"set"`
	Key string `json:"key"`
}

// Service is what the answers of one service showed in passing.
type Service struct {
	// Answered is whether any request got a 2xx answer.
	Answered bool `json:"answered"`
	// Skew is how far our clock is ahead of the service's, at least, by an answer's Date in whole seconds; or behind.
	Skew      time.Duration `json:"skew_ns"`
	SkewKnown bool          `json:"skew_known"`
	Budget    Budget        `json:"budget"`
	// Refusals are the kinds of requests that were refused in the end, in the order of their names.
	Refusals []Refusal `json:"refusals,omitempty"`
}

// Refusal is one kind of request that a service refuses.
type Refusal struct {
	// What is read, such as "app rules"; Scope the least scope of OneLogin's that it needs, else empty.
	What  string `json:"what"`
	Scope string `json:"scope,omitempty"`
	// Status is 401, 403, 404 or 429.
	Status int `json:"status"`
}

// Capabilities are what a target was found to understand.
type Capabilities struct {
	// Cursor: lists go by cursor. Filter: one by userName is honoured. MemberFilter: users are found by group.
	Cursor       Tri `json:"cursor"`
	Filter       Tri `json:"filter"`
	MemberFilter Tri `json:"member_filter"`
	// PageSize is how many rows the first page of users had where more follow; 0 where all fit into it.
	PageSize int `json:"page_size"`
	// Elsewhere names the records that the target keeps at another path than /Users and /Groups, and the path that is
	// used; Ignored what it announces and why that is not used. Both may be empty.
	Elsewhere string `json:"elsewhere,omitempty"`
	Ignored   string `json:"ignored,omitempty"`
	// Trouble is why some of it is not known; empty otherwise.
	Trouble string `json:"trouble,omitempty"`
}

// TokenFacts are what is known of the life of the SCIM token of this connection. The token is no part of it.
type TokenFacts struct {
	// At is when the program looked; zero if it never did.
	At time.Time `json:"at,omitzero"`
	// None: the connection has no token of its own, and reads through the AWS lens.
	None bool `json:"none,omitempty"`
	// FirstSeen is when this machine first used this very token on this connection; zero if that is not known.
	FirstSeen time.Time `json:"first_seen,omitzero"`
	// Ends is when the token ends, and EndsBy says by what; zero if nothing tells.
	Ends   time.Time     `json:"ends,omitzero"`
	EndsBy TokenEvidence `json:"ends_by,omitempty"`
}

// TokenEvidence is what tells when a token ends, in words.
type TokenEvidence string

// The evidence: the configuration, the token's own date (RFC 7519, section 4.1.4), or that AWS's tokens end one year
// after they were made (https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html),
// which bounds the end of one that was there when it was first seen.
const (
	TokenConfigured TokenEvidence = "target.token_expires" //nolint:gosec // the name of a key, no credential
	TokenDated      TokenEvidence = "the token's own date"
	TokenAWSYear    TokenEvidence = "AWS's one year for a token" //nolint:gosec // words, no credential
)

// TokenEnd is when a token ends, at the latest where By is TokenAWSYear. The zero value knows nothing.
type TokenEnd struct {
	At time.Time
	By TokenEvidence
}

// End is when the token ends, as far as anything tells. kind is the target's, "aws" or "generic".
func (f TokenFacts) End(kind string) TokenEnd {
	switch {
	case f.None:
		return TokenEnd{}
	case !f.Ends.IsZero():
		return TokenEnd{f.Ends, f.EndsBy}
	case kind == "aws" && !f.FirstSeen.IsZero():
		return TokenEnd{f.FirstSeen.AddDate(1, 0, 0), TokenAWSYear}
	}
	return TokenEnd{}
}

// From when on the end of a token is said: by doctor, and by the header of the board, which everybody sees.
const (
	TokenDoctorWarns = 30 * 24 * time.Hour
	TokenHeaderWarns = 7 * 24 * time.Hour
)

// Warning is what the header of a board says of the token at some time; empty while there is nothing to say.
func (e TokenEnd) Warning(now time.Time) string {
	if e.At.IsZero() || e.At.Sub(now) > TokenHeaderWarns {
		return ""
	}
	return "SCIM token " + e.Away(now)
}

// Away says how far the end is, in days that are not over.
func (e TokenEnd) Away(now time.Time) string {
	left := e.At.Sub(now)
	days := int(left.Abs() / (24 * time.Hour))
	switch {
	case left <= 0 && days == 0:
		return "has ended"
	case left <= 0:
		return "ended " + Counted(days, "day", "days") + " ago"
	case days == 0:
		return "ends within a day"
	}
	return "ends in " + Counted(days, "day", "days")
}
