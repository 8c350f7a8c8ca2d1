package scim

import "time"

// What a server does with a request to change every membership of a group at once. The service changed its mind over
// time (developer guide "PatchGroup" and "Limitations"; github.com/lichti/aws-iam-scim-problem, 2024;
// github.com/mitodl/keycloak-scim/issues/73, 2026).
const (
	// ReplaceRefused answers 400 to a replace of members and to a remove without values, as the service does now.
	ReplaceRefused = "refused"
	// ReplaceLegacy is the service of April 2024: a replace with no values is a 204 that changes nothing, one with an
	// empty id is a 400 that has emptied the group, one with ids replaces; a remove without values empties.
	ReplaceLegacy = "legacy"
)

// Bodies of a 401, which no public source shows.
const (
	UnauthorizedSCIM    = "scim"    // the error body of every other status
	UnauthorizedMessage = "message" // {"message": "..."}, what a gateway in front would say
	UnauthorizedEmpty   = "empty"   // nothing at all
)

// Knobs are the choices of the simulated service: one for each point where the public documentation is silent or
// contradicts itself, one for each difference between the two generations of the service, and the paging faults.
// A status knob of 0 means that the request is accepted. Start from Current or Legacy: the zero value is no profile.
type Knobs struct {
	// PageSize is the number of rows in a page where count does not ask for fewer, and the cut of a list without cursor.
	// Current 100, Legacy 50.
	PageSize int
	// Cursor switches cursor paging on; without it the parameter is refused with 400. Current true, Legacy false.
	Cursor bool
	// MembershipFilters switches groups.value and members.value on; without it they are refused. Current true, Legacy false.
	MembershipFilters bool
	// MemberReplace is ReplaceRefused (Current) or ReplaceLegacy (Legacy).
	MemberReplace string

	// CountWithoutCursor lets count act on a list without cursor. Default true.
	CountWithoutCursor bool
	// ClampCount brings a count outside 1..100 into the range in place of refusing it with 400. Default false.
	ClampCount bool
	// BindCount refuses a count that differs from that of the walk's first page. Default false.
	BindCount bool
	// CursorLifetime is how long a cursor is good for, 0 for ever. Default 0.
	CursorLifetime time.Duration
	// SingleUseCursors refuses a cursor that was used before. Default false.
	SingleUseCursors bool
	// OffsetCursors makes a cursor count rows: a row that is removed before it mid-walk makes the walk skip another one.
	// Default false: a cursor remembers its row, and every row that stays is seen exactly once.
	OffsetCursors bool
	// GroupLookupCursor accepts a cursor beside a displayName, externalId or id filter on /Groups; the sources disagree.
	// Default false, the stricter reading: 400.
	GroupLookupCursor bool
	// RefuseUnsupportedParameters refuses startIndex, attributes and the like in place of ignoring them. Default false.
	RefuseUnsupportedParameters bool
	// UnknownGroupStatus answers a groups.value filter that names no group. Default 0: an empty list.
	UnknownGroupStatus int

	// FilterEscapes reads \" and \\ in a filter value as JSON does; without it the value ends at the next quote. Default true.
	FilterEscapes bool
	// FoldUserNames, FoldEmails, FoldDisplayNames (of groups) and FoldExternalIDs compare without regard to case, in
	// filters and for uniqueness. Default true but for external ids.
	FoldUserNames, FoldEmails, FoldDisplayNames, FoldExternalIDs bool

	// ActiveDefault is the state of a user that was created without active. Default true.
	ActiveDefault bool
	// UserNameSpaces allows spaces in a userName: two pages of the guide contradict each other. Default false.
	UserNameSpaces bool
	// DropAttributes are unsupported or unknown attributes that are silently dropped, such as "photos", "password" or
	// "emails.display"; "*" drops all. The others are refused with 400. Default none.
	DropAttributes []string
	// EchoProfileURL answers profileUrl and a manager's $ref, which the samples leave out. Default false.
	EchoProfileURL bool
	// PutClears lets a PUT without an optional attribute clear it. Default true.
	PutClears bool
	// PutRequiresID refuses a PUT whose body does not repeat the id. Default true.
	PutRequiresID bool

	// PatchAtomic undoes the operations before one that fails. Default true.
	PatchAtomic bool
	// MemberPathFilter accepts members[value eq "ID"] as the path of a remove. Default true.
	MemberPathFilter bool
	// UnknownMemberCreate and UnknownMemberPatch answer member ids that no user has; 0 ignores them. Defaults 400 and 404.
	UnknownMemberCreate, UnknownMemberPatch int
	// PresentMemberStatus answers adding a member that is one; AbsentMemberStatus removing one that is not. Default 0.
	PresentMemberStatus, AbsentMemberStatus int
	// RenameConflictStatus answers a group PATCH onto a taken name or external id. Default 409.
	RenameConflictStatus int
	// EmptyMembersOnGet adds "members": [] to the answers of GetGroup and CreateGroup. Default false.
	EmptyMembersOnGet bool
	// KeepMembershipsOfDeleted leaves a deleted user's id in its groups (github.com/awslabs/ssosync/issues/208). Default false.
	KeepMembershipsOfDeleted bool
	// PrefixedIDs makes ids in the old form, ten hex digits before the UUID. Default false.
	PrefixedIDs bool

	// UnauthorizedBody is the body of a 401. Default UnauthorizedSCIM.
	UnauthorizedBody string
	// ErrorTypeHeader names the exception in x-amzn-ErrorType. Default false.
	ErrorTypeHeader bool
	// PreciseDetails puts into "detail" what the service writes to CloudTrail, in place of the catch-all. Default false.
	PreciseDetails bool
	// PutGroupStatus answers PUT /Groups/{id}, UnsupportedStatus /Me, /Bulk, /.search and methods that are not offered. Default 400.
	PutGroupStatus, UnsupportedStatus int

	// WriteRate and ReadRate are requests a second for each operation, 0 for no limit. Default 25 and 40 (user guide "Quotas").
	WriteRate, ReadRate float64
	// MembershipRate is membership changes a second over CreateGroup and PatchGroup together, 0 for no limit, and
	// MembershipBurst what may come at once: with less than 100 a full PATCH never passes. AWS does not publish the numbers.
	// Default 250 and 500.
	MembershipRate  float64
	MembershipBurst int
	// RetryAfter is the Retry-After header of a 429 in seconds, 0 for none. Default 0.
	RetryAfter int

	Paging Paging
}

// Paging are faults of cursor walks that cannot be made from outside without losing rows. The zero value has none.
type Paging struct {
	// Sizes caps the successive pages of a walk, over and over: {100, 0, 3} makes the second page empty, with rows still
	// to come, and the third short. A cycle of nothing but zeros never ends.
	Sizes []int
	// LoopAt makes that page of every walk (from 2) answer the cursor it was asked with. 0 never.
	LoopAt int
	// Duplicates repeats that many rows of the page before at the head of each page.
	Duplicates int
	// VanishRow leaves out that row (from 1) of the first walk that comes to it, as when an earlier row is removed
	// between two pages. 0 never. Once used it stays used until the knobs are set again.
	VanishRow int
	// ChangingTotals adds one to totalResults in every second answer without cursor.
	ChangingTotals bool
}

// Current is the service as documented in 2026.
func Current() Knobs {
	return Knobs{
		PageSize: 100, Cursor: true, MembershipFilters: true, MemberReplace: ReplaceRefused,
		CountWithoutCursor: true,
		FilterEscapes:      true, FoldUserNames: true, FoldEmails: true, FoldDisplayNames: true,
		ActiveDefault: true, PutClears: true, PutRequiresID: true,
		PatchAtomic: true, MemberPathFilter: true,
		UnknownMemberCreate: 400, UnknownMemberPatch: 404, RenameConflictStatus: 409,
		UnauthorizedBody: UnauthorizedSCIM, PutGroupStatus: 400, UnsupportedStatus: 400,
		WriteRate: 25, ReadRate: 40, MembershipRate: 250, MembershipBurst: 500,
	}
}

// Legacy is the service before the cursor: lists end silently at 50 rows, memberships are asked pair by pair.
func Legacy() Knobs {
	k := Current()
	k.PageSize, k.Cursor, k.MembershipFilters, k.MemberReplace = 50, false, false, ReplaceLegacy
	return k
}

// Unlimited is these knobs without throttling.
func (k Knobs) Unlimited() Knobs {
	k.WriteRate, k.ReadRate, k.MembershipRate = 0, 0, 0
	return k
}
