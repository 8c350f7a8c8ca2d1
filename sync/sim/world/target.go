package world

import (
	"encoding/json"
	"slices"
	"time"
)

// Target is the SCIM side: an Identity Center directory.
type Target struct {
	TenantID        string
	IdentityStoreID string
	InstanceARN     string
	Region          string
	Tokens          []Token

	Users  map[string]*TargetUser
	Groups map[string]*TargetGroup
	// UserOrder and GroupOrder are the order in which lists answer.
	UserOrder, GroupOrder []string

	Accounts       map[string]string // account id to name
	PermissionSets map[string]string // ARN to name
	// Policies are the policies of permission sets by ARN; a set without any is left out.
	Policies map[string]Policies
	// AccessControl is the configuration of attributes for access control; nil where the feature was never enabled.
	AccessControl *AccessControl
	// Assignments may point at groups that no longer exist: nothing cascades.
	Assignments []Assignment
}

// Policies are what a permission set allows: the text of its inline policy, and the names of customer-managed ones,
// whose text is in each account.
type Policies struct {
	Inline          string
	CustomerManaged []string
}

// AccessControl is how an instance makes tags of its users' attributes.
type AccessControl struct {
	// Status is ENABLED, CREATION_IN_PROGRESS or CREATION_FAILED, and Reason what is said of it.
	Status, Reason string
	Attributes     []AccessAttribute
}

// AccessAttribute is a tag key and where its value comes from, such as "${path:enterprise.department}".
type AccessAttribute struct {
	Key     string
	Sources []string
}

// Token is one of at most two live bearer tokens.
type Token struct {
	Value   string
	Expires time.Time // zero: never
}

// TargetUser is a SCIM user. Rest holds the attributes that the simulator does not interpret, as a SCIM document.
type TargetUser struct {
	ID, ExternalID        string
	UserName, DisplayName string
	GivenName, FamilyName string
	Email, EmailType      string // "" means no e-mail
	Active                bool
	Rest                  json.RawMessage
	CreatedBy             string // "scim" or "identitystore"
	Created, Modified     time.Time
	Revision              int64
}

// TargetGroup is a group with its members, which SCIM reads never show.
type TargetGroup struct {
	ID, ExternalID, DisplayName string
	Members                     map[string]bool
	CreatedBy                   string
	Created, Modified           time.Time
	Revision                    int64
}

// Assignment gives a principal a permission set in an account.
type Assignment struct {
	AccountID, PermissionSetARN string
	PrincipalType, PrincipalID  string // "GROUP" or "USER"
}

// Assign gives an assignment, which is there once however often it is given.
func (t *Target) Assign(a Assignment) {
	if !slices.Contains(t.Assignments, a) {
		t.Assignments = append(t.Assignments, a)
	}
}

// AddUser stores a user under its id, at the end of the list order.
func (t *Target) AddUser(u *TargetUser) {
	t.Users[u.ID] = u
	t.UserOrder = append(t.UserOrder, u.ID)
}

// AddGroup stores a group under its id, at the end of the list order.
func (t *Target) AddGroup(g *TargetGroup) {
	if g.Members == nil {
		g.Members = map[string]bool{}
	}
	t.Groups[g.ID] = g
	t.GroupOrder = append(t.GroupOrder, g.ID)
}

// RemoveUser deletes a user and its memberships; assignments stay and dangle, as AWS documents.
func (t *Target) RemoveUser(id string) {
	delete(t.Users, id)
	t.UserOrder = slices.DeleteFunc(slices.Clone(t.UserOrder), func(other string) bool { return other == id })
	for _, g := range t.Groups {
		delete(g.Members, id)
	}
}

// RemoveGroup deletes a group whatever hangs on it; assignments stay and dangle.
func (t *Target) RemoveGroup(id string) {
	delete(t.Groups, id)
	t.GroupOrder = slices.DeleteFunc(slices.Clone(t.GroupOrder), func(other string) bool { return other == id })
}
