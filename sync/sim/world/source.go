package world

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Source is the OneLogin tenant.
type Source struct {
	AccountID int64

	Users map[int64]*User
	Roles map[int64]*Role
	Apps  map[int64]*App
	// Logins are the user-app pairs ("logins" in the console), by app and user.
	Logins map[LoginKey]*Login
	// Events, oldest first. The server decides when each becomes visible.
	Events []Event
	// CustomAttributes are the short names that the tenant has defined.
	CustomAttributes []string
	Credentials      []Credential
	// Changes counts changes to users, roles and apps. The OneLogin server sorts its lists once a walk and keeps them
	// between the pages; it sorts anew at each first page, when a map's size or this number differs. So: after changing
	// users, roles or assignments directly in the middle of somebody's walk without changing their number, add one.
	Changes uint64
}

// User is a OneLogin user with the fields that provisioning uses.
type User struct {
	ID                                   int64
	Username, Email, FirstName, LastName string
	ExternalID                           string // "" answers as null
	Title, Department, Company, Phone    string
	// State is the licence: 0 unapproved, 1 approved, 2 rejected, 3 unlicensed. Status is the login: 0 unactivated,
	// 1 active, 2 suspended, 3 locked, 4 password expired, 5 awaiting reset, 7 password pending, 8 security questions.
	State, Status        int
	GroupID              int64             // a security-policy group; 0 answers as null
	Custom               map[string]string // by short name; absent answers as null
	CreatedAt, UpdatedAt time.Time
}

// Role grants apps to users.
type Role struct {
	ID    int64
	Name  string
	Users map[int64]bool
	Apps  map[int64]bool
}

// App is a OneLogin app with its provisioning settings.
type App struct {
	ID                  int64
	Name                string
	ConnectorID         int64
	ProvisioningEnabled bool
	Parameters          []Parameter
	Rules               []Rule
	// Direct are users assigned without a role.
	Direct map[int64]bool
	// Hidden takes the app off the users' portal, so that GET /users/{id}/apps leaves it out without ignore_visibility.
	Hidden bool

	// What follows is set in the console only; the API does not show it.

	// SCIMBaseURL and SCIMToken are where the engine sends its requests.
	SCIMBaseURL, SCIMToken string
	// Disconnected: nobody has pressed Enable beside API Connection yet, and nothing is sent.
	Disconnected bool
	// ApproveCreate and ApproveUpdate stop that kind of task until somebody approves.
	ApproveCreate, ApproveUpdate bool
	// Entitlements is the cache that Refresh fills: group name to the target's group id, possibly stale.
	Entitlements map[string]string

	CreatedAt, UpdatedAt time.Time
}

// Parameter is one row of the app's Parameters tab, keyed by Key in the API's map.
type Parameter struct {
	Key                     string
	ID                      int64
	Label                   string
	UserAttributeMappings   string          // "" answers as null
	Values, DefaultValues   json.RawMessage // kept byte for byte: string, array or null
	ProvisionedEntitlements bool            // "Include in User Provisioning"
	IncludeInSAMLAssertion  bool
}

// RedundantRule begins the names of rules that publish a group which another rule publishes too.
const RedundantRule = "Keep "

// Rule is an app rule ("entitlement mapping"). A disabled rule answers with a null position.
type Rule struct {
	ID         int64
	Name       string
	Match      string // "all" or "any"
	Enabled    bool
	Position   int
	Conditions []Condition
	Actions    []Action
	// Extra are keys that the API shows beside the known ones.
	Extra map[string]json.RawMessage
}

// Condition of a rule: source such as "has_role", operator such as "ri".
type Condition struct {
	Source   string `json:"source"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

// Action of a rule: such as "set_groups" with literal values, or with a source field and an expression.
type Action struct {
	Action     string   `json:"action"`
	Value      []string `json:"value"`
	Expression string   `json:"expression,omitempty"`
}

// LoginKey names a user-app pair.
type LoginKey struct{ App, User int64 }

// Login is a user-app pair and its provisioning state, in the API's words.
type Login struct {
	ID     int64
	Status string // provisioning_status
	State  string // provisioning_state
	// Groups are what the rules set at the last evaluation.
	Groups []string
	// RemoteID is the target's user id as OneLogin remembers it.
	RemoteID string
	// Pending is the kind of task that waits for approval: "create", "update" or "".
	Pending string
}

// AwaitsApproval tells whether the login has a task that somebody must approve.
func (l *Login) AwaitsApproval() bool {
	return l.Pending != "" || strings.Contains(l.State, "pending_approval")
}

// Event is one line of the tenant's log. Zero ids and empty strings answer as null.
type Event struct {
	ID                      int64
	At                      time.Time
	Type                    int
	UserID                  int64
	UserName                string
	ActorUserID             int64
	ActorUserName           string
	AppID                   int64
	AppName                 string
	RoleID                  int64
	RoleName                string
	ClientID                string
	ErrorDescription, Notes string
}

// Credential is an API credential pair with its scope.
type Credential struct {
	ClientID, ClientSecret string
	// Scope is one of "auth", "read_users", "manage_users", "read_all", "manage_all".
	Scope string
	// OwnerDeleted makes every call with it answer 500, as documented.
	OwnerDeleted bool
}

// Assigned gives the users of an app, by a role or directly, leaving out ids without a user. The map is the caller's.
func (s *Source) Assigned(app int64) map[int64]bool {
	users := map[int64]bool{}
	add := func(set map[int64]bool) {
		for id, on := range set {
			if on && s.Users[id] != nil {
				users[id] = true
			}
		}
	}
	a := s.Apps[app]
	if a == nil {
		return users
	}
	add(a.Direct)
	for _, r := range s.Roles {
		if r.Apps[app] {
			add(r.Users)
		}
	}
	return users
}

// IsAssigned tells whether an app lists one user, without listing all.
func (s *Source) IsAssigned(app, user int64) bool {
	a := s.Apps[app]
	if a == nil || s.Users[user] == nil {
		return false
	}
	return a.Direct[user] || len(s.roleIDsWhere(func(r *Role) bool { return r.Apps[app] && r.Users[user] })) > 0
}

// RolesOf gives the ids of a user's roles, sorted.
func (s *Source) RolesOf(user int64) []int64 {
	return s.roleIDsWhere(func(r *Role) bool { return r.Users[user] })
}

// GrantingRoles gives the ids of the roles that grant an app, sorted.
func (s *Source) GrantingRoles(app int64) []int64 {
	return s.roleIDsWhere(func(r *Role) bool { return r.Apps[app] })
}

func (s *Source) roleIDsWhere(fits func(*Role) bool) []int64 {
	roles := []int64{}
	for id, r := range s.Roles {
		if fits(r) {
			roles = append(roles, id)
		}
	}
	slices.Sort(roles)
	return roles
}

// Active tells whether provisioning counts the user as active: neither suspended, nor rejected, nor unlicensed.
func (u *User) Active() bool { return u.Status != 2 && u.State != 2 && u.State != 3 }

// SortedIDs gives a set's members in order.
func SortedIDs(set map[int64]bool) []int64 {
	ids := make([]int64, 0, len(set))
	for id, on := range set {
		if on {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
