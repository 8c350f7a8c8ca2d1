package model

import (
	"encoding/json"
	"time"
)

// Source is the OneLogin side: the directory of what it should push, and the facts that this follows from.
type Source struct {
	Directory

	App    App
	Roles  []Role
	Rules  []Rule
	Events []Event
	// Logins are the provisioning states that were asked for, by user id: those of users with a finding, never all. They
	// explain findings and make none.
	Logins map[string]Login
	// Entitlements are the group names that OneLogin remembers of the target, as far as its API shows them; nil if it was not
	// asked or did not say. They are a hint and no part of coverage.
	Entitlements []string

	// Origin says what Groups were worked out from; Expect sets it.
	Origin Origin
	book   *rulebook
}

// The words for users that are not active at the source.
const (
	StandingSuspended  = "suspended"
	StandingRejected   = "rejected"
	StandingUnlicensed = "unlicensed"
)

// Tri is a setting that may be unreadable.
type Tri uint8

// The values of a Tri.
const (
	Unsaid Tri = iota
	No
	Yes
)

// TriOf turns a known setting into a Tri.
func TriOf(b bool) Tri {
	if b {
		return Yes
	}
	return No
}

// App is the OneLogin app of a connection, as far as its API shows it.
type App struct {
	ID, Name string
	RoleIDs  []string
	// Provisioning is the app's main switch; GroupsIncluded the "Include in User Provisioning" box of its Groups parameter.
	Provisioning, GroupsIncluded Tri
	// UserNameField is the OneLogin user field that the app's scimusername parameter maps; empty if it has none.
	UserNameField string
	// Parameters are the rows of its Parameters tab, in the order of their keys.
	Parameters []Parameter
	// Raw is the app as OneLogin answered it, for what later readers need of it.
	Raw json.RawMessage
}

// Role is a OneLogin role.
type Role struct {
	ID, Name string
	// Grants: the role gives its users the app.
	Grants bool
	// Users are the ids of the role's users as OneLogin gave them.
	Users MemberList
}

// Event is one line of OneLogin's log. Ids are "" where the event names none.
type Event struct {
	ID   string
	At   time.Time
	Type int

	UserID, UserName, RoleID, RoleName, AppID string
	// Name is what the tenant's own list calls the type; empty if that list was not read. TypeName always has a name.
	Name string
	// Actor is who did it, Text the error or note that came with it, verbatim.
	Actor, Text string
	// Failed: the text is that of an error.
	Failed bool
}
