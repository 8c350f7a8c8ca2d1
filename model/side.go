package model

import "time"

// Side is one of the two systems.
type Side uint8

// The sides.
const (
	SourceSide Side = iota
	TargetSide
)

// Sides are both of them.
func Sides() []Side { return []Side{SourceSide, TargetSide} }

func (s Side) String() string { return [...]string{"source", "target"}[s] }

// Parts are what is read of a side.
func (s Side) Parts() []Part {
	if s == SourceSide {
		return SourceParts()
	}
	return TargetParts()
}

// SideName is how a side is called on a screen.
type SideName struct {
	// Title is the full name, such as "AWS IAM Identity Center"; Short the one used in sentences, such as "AWS"; Detail
	// what tells this one from others of its kind, such as "us-east-1" or "app 500001". Raw.
	Title, Short, Detail string
}

// PartState says where the reading of one part stands.
type PartState uint8

// The states of reading a part. The zero value stands for a part that was not begun.
const (
	PartQueued PartState = iota
	PartReading
	PartRead
	PartFailed
)

// Progress is where the reading of one part of one side stands.
type Progress struct {
	Side  Side
	Part  Part
	State PartState
	// Done counts records read so far; Expected is how many there will be, 0 if that is not known.
	Done, Expected int
	// Requests counts the HTTP requests of the whole side so far, retries included.
	Requests int
	// Calls is how many requests the whole side will have taken, as far as can be foreseen; never below Requests.
	Calls int
	// WaitingUntil is when a wait for a rate limit, or after a failure, ends; zero when nothing waits. WaitingFor
	// says why, such as "our share of the rate limit"; of a part that is queued, what has to be read before it.
	WaitingUntil time.Time
	WaitingFor   string
	// Reason says why a part failed or is not complete, and what to do about it; empty otherwise.
	Reason string
}

// Exchange is one HTTP request and its answer, for the request log. It holds no secrets.
type Exchange struct {
	At time.Time
	// Service is the short name of the side, such as "OneLogin" or "AWS".
	Service, Method string
	// Path is the path with its query, secrets masked; Base is what stands before it, empty where the request is
	// signed and cannot be made again by hand.
	Base, Path string
	// Login: it asked for a token, with the client's id and secret.
	Login bool
	// Status is the HTTP status, 0 when no answer arrived; Err says why.
	Status int
	Err    string
	// Duration is from sending to the end of the answer; Waited is how long the request was held back before.
	Duration, Waited time.Duration
}
