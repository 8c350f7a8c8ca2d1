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

// Rule is an app rule ("entitlement mapping") with its JSON kept whole, because OneLogin adds keys.
type Rule struct {
	ID, Name string
	Enabled  bool
	// GroupNames are the literal names that its set_groups actions give.
	GroupNames []string
	Raw        json.RawMessage
}

// Event is one line of OneLogin's log. Ids are "" where the event names none.
type Event struct {
	ID   string
	At   time.Time
	Type int

	UserID, UserName, RoleID, RoleName, AppID string
	// Actor is who did it, Text the error or note that came with it, verbatim.
	Actor, Text string
}
