package model

import (
	"slices"
	"strings"
)

// Login is one user's pair with the app, and how OneLogin says that its provisioning went last. Status and State are
// OneLogin's words (https://developers.onelogin.com/api-docs/2/users/get-user-apps); there may be ones that are not
// documented, and empty ones. "provisioned" says that OneLogin's last attempt worked, nothing about groups or about
// what the target holds now.
type Login struct {
	// ID is the id of the pair; empty if the user has no login for the app at all.
	ID string `json:"id"`
	// Status is provisioning_status, such as "enabling_pending_approval"; State is provisioning_state, such as
	// "provisioning_failed".
	Status string `json:"status"`
	State  string `json:"state"`
	// Enabled is whether the app has provisioning switched on.
	Enabled Tri `json:"enabled"`
}

// LoginClass is what a login's words mean for what to do next.
type LoginClass uint8

// The classes. The names of OneLogin's states are read as they stand: it documents the list, not the meanings.
const (
	// LoginUnclear: words that are not documented; they are shown as they are and explain nothing.
	LoginUnclear LoginClass = iota
	// LoginPending: somebody has to approve a task in the console.
	LoginPending
	// LoginFailed: the last attempt failed. The words hold no reason; events 61 to 65 do.
	LoginFailed
	// LoginInFlight: OneLogin is at it.
	LoginInFlight
	// LoginSettled: OneLogin's last attempt worked.
	LoginSettled
	// LoginNever: there is no login, or OneLogin never tried to provision it.
	LoginNever
)

func (c LoginClass) String() string {
	return [...]string{"unclear", "waiting for approval", "failed", "in flight", "settled", "never attempted"}[c]
}

// Class tells what the words mean. What waits or failed is told by either word; all else by the state, because a status
// stays "enabling" for as long as nothing was attempted.
func (l Login) Class() LoginClass {
	either := func(part string) bool { return strings.Contains(l.State, part) || strings.Contains(l.Status, part) }
	switch {
	case either("_pending_approval"):
		return LoginPending
	case strings.HasSuffix(l.State, "_failed"), strings.HasSuffix(l.Status, "_failed"):
		return LoginFailed
	case slices.Contains([]string{"provisioning", "modifying", "deleting", "linking"}, l.State):
		return LoginInFlight
	case slices.Contains([]string{"provisioned", "deleted", "disabled"}, l.State):
		return LoginSettled
	case l.ID == "", l.State == "unknown", l.State == "nonexistent":
		return LoginNever
	case l.State != "":
		return LoginUnclear
	case l.Status == "enabling", l.Status == "disabling":
		return LoginInFlight
	case l.Status == "":
		return LoginNever
	}
	return LoginUnclear
}

// String gives OneLogin's words as they are, for evidence.
func (l Login) String() string {
	switch {
	case l.State == "" && l.Status == "" && l.ID == "":
		return "no login for the app"
	case l.State == "" && l.Status == "":
		return "no provisioning state"
	case l.Status == "" || l.Status == l.State:
		return l.State
	case l.State == "":
		return "status " + l.Status
	}
	return l.State + ", status " + l.Status
}

// Evidence quotes the words, and says where they mean that OneLogin is still at work.
func (l Login) Evidence() Evidence {
	e := Evidence{What: "provisioning state in OneLogin", Text: l.String(), Where: "the user's login in OneLogin"}
	if l.Class() == LoginInFlight {
		e.What = EvidenceInFlight
	}
	return e
}

// EvidenceInFlight marks the evidence of a login that OneLogin is still working on: the finding may end by itself.
const EvidenceInFlight = "OneLogin is still at it"
