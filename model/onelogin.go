package model

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// GroupsParameter is the parameter that takes groups; one without a key if there is none. Its key in the AWS app is not
// documented, so it is found by its words: exactly "groups" first, then a key with "group" in it, then a label. What is
// only labelled so may be about anything, and what it holds is nobody's group.
func (a *App) GroupsParameter() (found Parameter) {
	for _, p := range a.Parameters {
		key, label := Fold(p.Key), Fold(p.Label)
		switch {
		case key == "groups" || label == "groups":
			return p
		case strings.Contains(key, "group"):
			if !strings.Contains(Fold(found.Key), "group") {
				found = p
			}
		case found.Key == "" && strings.Contains(label, "group"):
			found, found.Defaults, found.Values = p, nil, nil
		}
	}
	return found
}

// Parameter is one row of the OneLogin app's Parameters tab, as its API shows it
// (https://developers.onelogin.com/api-docs/2/apps/get-app). Texts are raw.
type Parameter struct {
	// Key is what the service is sent it as; Label what the console shows.
	Key   string `json:"key"`
	Label string `json:"label,omitempty"`
	// Mapping is the user's field that it takes, "_macro_" where Macro says it; Value the fixed or default values.
	Mapping string `json:"mapping,omitempty"`
	Macro   string `json:"macro,omitempty"`
	Value   string `json:"value,omitempty"`
	// Defaults and Values are the default values and those of its own, one by one; kept of the Groups parameter only.
	Defaults []string `json:"defaults,omitempty"`
	Values   []string `json:"values,omitempty"`
	// Included is "Include in User Provisioning", InAssertion "Include in SAML assertion", Safe "Safe Entitlements".
	Included    Tri `json:"included"`
	InAssertion Tri `json:"in_assertion"`
	Safe        Tri `json:"safe"`
}

// macroMapping is the mapping of a parameter that a macro makes.
const macroMapping = "_macro_"

// Behind is what the parameter is filled with: the user's field, the macro, or the fixed value.
func (p *Parameter) Behind() string {
	switch p.Mapping {
	case "":
		return p.Value
	case macroMapping:
		return p.Macro
	}
	return p.Mapping
}

// Field is the user's field that the parameter takes, folded; empty if it takes none, or a macro of it.
func (p *Parameter) Field() string {
	switch only, whole := strings.CutPrefix(p.Macro, "{"); {
	case p.Mapping != macroMapping:
		return Fold(strings.TrimSpace(p.Mapping))
	case whole && strings.IndexAny(only, "{.}") == len(only)-1 && strings.HasSuffix(only, "}"):
		return Fold(only[:len(only)-1])
	}
	return ""
}

// Unread is a rule's problem with a role whose users were not read. Those of a granting role are the business of the
// memberships' coverage: a bad read is no finding.
func (r *Role) Unread(what string) *Evidence {
	if r.Grants || r.Users.Unknown == "" {
		return nil
	}
	return &Evidence{What: what + ": " + r.Users.Unknown, Text: r.Name}
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

// MarshalJSON gives true, false, or null where it was not said.
func (t Tri) MarshalJSON() ([]byte, error) {
	if t == Unsaid {
		return []byte("null"), nil
	}
	return strconv.AppendBool(nil, t == Yes), nil
}

// UnmarshalJSON reads that.
func (t *Tri) UnmarshalJSON(text []byte) error {
	var said *bool
	if err := json.Unmarshal(text, &said); err != nil {
		return err
	}
	if *t = Unsaid; said != nil {
		*t = TriOf(*said)
	}
	return nil
}

// App is the OneLogin app of a connection, as far as its API shows it.
type App struct { //nolint:recvcheck // its JSON must be the same for a value and for a pointer
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	RoleIDs []string `json:"role_ids"` // nil: not said
	// SignIn is the protocol by which people sign in to the app, such as SignInSAML; empty if it was not said.
	SignIn string `json:"sign_in,omitempty"`
	// Provisioning is the app's switch; GroupsIncluded the Groups parameter's "Include in User Provisioning".
	Provisioning   Tri `json:"provisioning"`
	GroupsIncluded Tri `json:"groups_included"`
	// UserNameField is the OneLogin user field that the app's scimusername parameter maps; empty if it has none.
	UserNameField string `json:"user_name_field"`
	// Parameters are the rows of its Parameters tab, in the order of their keys.
	Parameters []Parameter `json:"parameters"`
}

// SignInSAML is how people sign in to an app for IAM Identity Center, which takes no other protocol from outside.
const SignInSAML = "SAML"

// Role is a OneLogin role.
type Role struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Grants: the role gives its users the app.
	Grants bool `json:"grants"`
	// Users are the ids of the role's users as OneLogin gave them.
	Users MemberList `json:"users"`
}

// Event is one line of OneLogin's log. Ids are "" where the event names none.
type Event struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Type int       `json:"type"`

	UserID   string `json:"user_id,omitempty"`
	UserName string `json:"user_name,omitempty"`
	RoleID   string `json:"role_id,omitempty"`
	RoleName string `json:"role_name,omitempty"`
	AppID    string `json:"app_id,omitempty"`
	// Actor is who did it, Text the error or note that came with it, verbatim.
	Actor string `json:"actor,omitempty"`
	Text  string `json:"text,omitempty"`
	// Failed: the text is that of an error.
	Failed bool `json:"failed,omitempty"`
}

// redactedValue stands for the fixed value of a parameter: that it has one counts, and it may be a credential.
const redactedValue = "(not kept)"

// MarshalJSON leaves out what may hold credentials: the values of the parameters, but for those in the assertion, which
// everybody's browser carries, and for the groups of the Groups parameter.
func (a App) MarshalJSON() ([]byte, error) {
	type plain App
	out, groups := plain(a), a.GroupsParameter()
	out.Parameters = slices.Clone(a.Parameters)
	for i := range out.Parameters {
		p := &out.Parameters[i]
		if p.Value != "" && p.InAssertion != Yes {
			p.Value = redactedValue
		}
		if p.Defaults, p.Values = nil, nil; p.Key == groups.Key {
			p.Defaults, p.Values = groups.Defaults, groups.Values
		}
	}
	return json.Marshal(out)
}

// Login is one user's pair with the app, and how OneLogin says that its provisioning went last. Status and State are
// OneLogin's words (https://developers.onelogin.com/api-docs/2/users/get-user-apps); there may be ones that are not
// documented, and empty ones. "provisioned" says that OneLogin's last attempt worked, nothing about groups or about
// what the target holds now.
type Login struct {
	// ID is the id of the pair; empty if the user has no login for the app at all.
	ID string `json:"id"`
	// Status and State are such as "enabling_pending_approval" and "provisioning_failed".
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
