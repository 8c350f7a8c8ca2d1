package onelogin

import (
	"fmt"
	"slices"
	"time"
)

// Knobs bend the server where OneLogin's behaviour is unknown or varies. The zero value is the faithful default.
type Knobs struct {
	// TokenLife is how long a token lives; 0 is 36,000 s as documented.
	TokenLife time.Duration `json:"token_life_ns"`
	// HourlyLimit is the account's budget of /api calls an hour; 0 is the documented 5,000, below 0 is none.
	HourlyLimit int `json:"hourly_limit"`
	// TypesHourlyLimit is the stricter budget of GET /api/1/events/types; 0 is 20 (the real number is not published),
	// below 0 is none.
	TypesHourlyLimit int `json:"types_hourly_limit"`
	// OverLimitStatus is 429 (default) or 400, the older answer whose message is rate_limit_exceeded.
	OverLimitStatus int `json:"over_limit_status"`
	// RetryAfter sends a Retry-After header with an over-limit answer. It is not documented, so the default is without.
	RetryAfter bool `json:"retry_after"`
	// NoRateHeaders leaves X-RateLimit-* out of the answers.
	NoRateHeaders bool `json:"no_rate_headers"`
	// RateLimitCallCounts makes GET /auth/rate_limit cost one call itself.
	RateLimitCallCounts bool `json:"rate_limit_call_counts"`
	// ScopeStatus answers a call beyond the credential's scope; 0 is 403 under /api/2 and 401 under /api/1.
	ScopeStatus int `json:"scope_status"`
	// RoleMembersNeedManageAll refuses role users, apps and admins to smaller scopes, as the OpenAPI file has it.
	RoleMembersNeedManageAll bool `json:"role_members_need_manage_all"`

	// UsersPageMax is the users' page maximum; 0 is 50, the OpenAPI text says 100.
	UsersPageMax int `json:"users_page_max"`
	// NullCursorString sends the string "null" for absent v1 cursors and links, as the OpenAPI examples have it.
	NullCursorString bool `json:"null_cursor_string"`
	// LinkHost is the host in next and previous links; "" is the one that the client asked. An account that is asked at a
	// regional API host may name its own here, and the other way round.
	LinkHost string `json:"link_host"`
	// IgnoreRoleFields makes GET /api/2/roles answer as if fields were absent.
	IgnoreRoleFields bool `json:"ignore_role_fields"`
	// WipingRolePut lets the users, apps and admins arrays of PUT /api/2/roles/{id} replace the memberships (an empty
	// one wipes them); the default ignores the arrays. Sources disagree: onelogin-go-sdk PR 118.
	WipingRolePut bool `json:"wiping_role_put"`
	// AddingRoleIDs makes role_ids in PUT /api/2/users/{id} add to the user's roles; the default replaces them.
	AddingRoleIDs bool `json:"adding_role_ids"`
	// NoOpTriggers makes a user PUT that changes nothing start the provisioning job too.
	NoOpTriggers bool `json:"no_op_triggers"`
	// EntitlementValues is what rules/actions/set_groups/values answers: "" the entitlement cache, "404" or "empty".
	EntitlementValues string `json:"entitlement_values"`

	// EventDelay is how long an event stays invisible after it happened.
	EventDelay time.Duration `json:"event_delay_ns"`
	// DashedEventNames spells app-name and group-name, as the OpenAPI file does.
	DashedEventNames bool `json:"dashed_event_names"`
	// NoNoise stops API calls from making events of their own (501, 502, 9014 and so on).
	NoNoise bool `json:"no_noise"`
	// NoiseCap is how many such events are kept; 0 is 2,000. The oldest half goes when there are more.
	NoiseCap int `json:"noise_cap"`

	// Paging bends lists; the first entry that fits a request applies.
	Paging []PagingFault `json:"paging"`
}

// PagingFault bends one list's pages. Which rows a page has depends on its number only, so that a walk by page and one by
// cursor meet the same trap.
type PagingFault struct {
	// List is users, apps, app_users, roles, role_users, role_admins, role_apps, connectors or events; "" is every list.
	List string `json:"list"`
	Kind Bend   `json:"kind"`
	// Page is where the bend acts, for EmptyPage and Truncated; 0 is 2.
	Page int `json:"page"`
	// Times is how many answers are bent; 0 is all.
	Times int `json:"times"`
}

// Bend names a way in which a list goes wrong.
type Bend string

// The bends. The first four lose no row; a client that pages well gets every row once.
const (
	// EmptyPage makes one page empty although more follow.
	EmptyPage Bend = "empty-page"
	// ShortPages gives half of what was asked for.
	ShortPages Bend = "short-pages"
	// Duplicates begins each later page with the last row of the one before.
	Duplicates Bend = "duplicates"
	// TotalChanges counts one more on every second page.
	TotalChanges Bend = "total-changes"
	// RepeatedCursor hands out the cursor that was just used, so that a careless client walks for ever.
	RepeatedCursor Bend = "repeated-cursor"
	// Vanish skips one row between the first and second page, as when an earlier row is removed meanwhile.
	Vanish Bend = "vanish"
	// Truncated ends the walk after a page while the totals still promise more.
	Truncated Bend = "truncated"
	// Empty answers 200 with no row at all.
	Empty Bend = "empty"
)

// UnmarshalText takes the names above only: a misspelt one would bend nothing and look like a client that copes.
func (b *Bend) UnmarshalText(text []byte) error {
	known := []Bend{EmptyPage, ShortPages, Duplicates, TotalChanges, RepeatedCursor, Vanish, Truncated, Empty}
	if !slices.Contains(known, Bend(text)) {
		return fmt.Errorf("there is no paging fault %q; use one of %v", text, known)
	}
	*b = Bend(text)
	return nil
}

func or(n, fallback int) int {
	if n == 0 {
		return fallback
	}
	return n
}

// fault gives the bend that applies to one answer of a list and counts it.
func (s *Server) fault(list string) PagingFault {
	for i, f := range s.knobs.Paging {
		if f.List != "" && f.List != list {
			continue
		}
		if f.Times > 0 && s.bent[i] >= f.Times {
			continue
		}
		s.bent[i]++
		f.Page = or(f.Page, 2)
		return f
	}
	return PagingFault{}
}
