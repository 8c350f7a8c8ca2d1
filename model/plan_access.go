package model

// AccountChange is what a plan does to somebody's account at the target.
type AccountChange string

// The changes of an account; empty is none.
const (
	AccountCreated     AccountChange = "created"
	AccountActivated   AccountChange = "activated"
	AccountDeactivated AccountChange = "deactivated"
	AccountDeleted     AccountChange = "deleted"
)

// AccessChange is what a plan does to the access of one person at the target.
type AccessChange struct {
	Person string `json:"person"`
	// ID is the target's id; empty for whom the plan creates.
	ID      string        `json:"id,omitempty"`
	Account AccountChange `json:"account,omitempty"`
	// RenamedTo is the userName that the plan gives; empty where it stays.
	RenamedTo string `json:"renamed_to,omitempty"`
	// Loses and Gains are names of groups, and Keeps is in how many others the person stays.
	Loses []string `json:"loses,omitempty"`
	Gains []string `json:"gains,omitempty"`
	Keeps int      `json:"keeps"`
	// Closes and Opens are the account assignments that go and come with it, as far as the lens was asked.
	Closes []string `json:"closes,omitempty"`
	Opens  []string `json:"opens,omitempty"`
}

// Forecast is what a plan leaves of the findings: the comparison made again as if every step had its effect.
type Forecast struct {
	// Before is how many findings there are now, and Left how many there are afterwards.
	Before int `json:"before"`
	Left   int `json:"left"`
	// BySeverity is Left by the names of the severities.
	BySeverity map[string]int `json:"by_severity,omitempty"`
	// ByOneLogin is how many of those that end do so only if OneLogin does its part of console steps and nudges.
	ByOneLogin int `json:"by_onelogin,omitempty"`
	// New are the ids of findings that are there afterwards only.
	New []string `json:"new,omitempty"`
}
