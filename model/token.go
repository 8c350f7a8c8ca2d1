package model

import (
	"time"
)

// TokenFacts are what is known of the life of the SCIM token that this connection uses. The token itself is no part
// of it.
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

// From when on the end of a token is said: by doctor, which somebody asked, and by the header of the board, which
// everybody sees.
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
