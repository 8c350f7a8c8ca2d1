package onelogin

import "github.com/scimdrift/scimdrift/sync/sim/fault"

// Knobs change the server where OneLogin's behaviour is unknown or varies. The zero value is the documented default.
type Knobs struct {
	// HourlyLimit is the account's budget of /api calls an hour; 0 is the documented 5,000, below 0 is none.
	HourlyLimit int
	// OverLimitStatus is 429 (default) or 400, the older answer whose message is rate_limit_exceeded.
	OverLimitStatus int
	// NoRateHeaders leaves X-RateLimit-* out of the answers.
	NoRateHeaders bool
	// ScopeStatus answers a call beyond the credential's scope; 0 is 403 under /api/2 and 401 under /api/1.
	ScopeStatus int
	// UsersPageMax is the users' page maximum; 0 is 50, the OpenAPI text says 100.
	UsersPageMax int
	// NullCursorString sends the string "null" for absent v1 cursors and links, as the OpenAPI examples have it.
	NullCursorString bool
	// IgnoreRoleFields makes GET /api/2/roles answer as if fields were absent.
	IgnoreRoleFields bool
	// UpdatedSince is how the list of users takes the filter updated_since: "" as documented, "ignored" not at all,
	// "nobody" so that it lets nobody through.
	UpdatedSince string
	// Paging are faults of the lists users, apps, app_users, roles, role_users, role_apps and events; the
	// first that fits applies. A list by number has the pages that its number gives, so that a walk by page and one
	// by cursor meet the same fault.
	Paging []fault.Paging
}
