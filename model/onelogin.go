package model

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SafeEntitlements is the box of that name of the Groups parameter, found by its words as "Include in User
// Provisioning" is.
func (a *App) SafeEntitlements() Tri {
	for _, fits := range []func(string) bool{
		func(s string) bool { return s == "groups" },
		func(s string) bool { return strings.Contains(s, "group") },
	} {
		for i := range a.Parameters {
			if p := &a.Parameters[i]; fits(Fold(p.Key)) || fits(Fold(p.Label)) {
				return p.Safe
			}
		}
	}
	return Unsaid
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
	// Included is "Include in User Provisioning", InAssertion "Include in SAML assertion", Safe "Safe Entitlements".
	Included    Tri `json:"included"`
	InAssertion Tri `json:"in_assertion"`
	Safe        Tri `json:"safe"`
}

// Valued reports whether the parameter sends anything at all.
func (p *Parameter) Valued() bool {
	return p.Behind() != ""
}

// macro is the mapping of a parameter that a macro makes.
const macro = "_macro_"

// Behind is what the parameter is filled with: the user's field, the macro, or the fixed value.
func (p *Parameter) Behind() string {
	switch p.Mapping {
	case "":
		return p.Value
	case macro:
		return p.Macro
	}
	return p.Mapping
}

// Field is the user's field that the parameter takes, folded; empty if it takes none, or a macro makes more of it
// than that.
func (p *Parameter) Field() string {
	switch only, whole := strings.CutPrefix(p.Macro, "{"); {
	case p.Mapping != macro:
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
	// Provisioning is the app's main switch; GroupsIncluded the "Include in User Provisioning" box of its Groups
	// parameter.
	Provisioning   Tri `json:"provisioning"`
	GroupsIncluded Tri `json:"groups_included"`
	// UserNameField is the OneLogin user field that the app's scimusername parameter maps; empty if it has none.
	UserNameField string `json:"user_name_field"`
	// Parameters are the rows of its Parameters tab, in the order of their keys.
	Parameters []Parameter `json:"parameters"`
	// Raw is the app as OneLogin answered it, for what later readers need of it.
	Raw json.RawMessage `json:"group_parameters,omitempty"`
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
	// Name is what snapshots of earlier versions call the type; nothing reads it.
	Name string `json:"name,omitempty"`

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

// notKept stands for the fixed value of a parameter: that it has one counts, and it may be a credential.
const notKept = "(not kept)"

// MarshalJSON leaves out what may hold credentials: the fixed values of the parameters, but for those in the assertion,
// which everybody's browser carries; and of the app as OneLogin answered it all but the groups that its parameters
// give.
func (a App) MarshalJSON() ([]byte, error) {
	type plain App
	out := plain(a)
	out.Raw = nil
	if app := a.groupParameters(); app != nil {
		out.Raw, _ = json.Marshal(app) //nolint:errchkjson // it has just been read as JSON
	}
	out.Parameters = slices.Clone(a.Parameters)
	for i := range out.Parameters {
		if p := &out.Parameters[i]; p.Value != "" && p.InAssertion != Yes {
			p.Value = notKept
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

// groupParameter is a parameter of the app as OneLogin answers it, as far as it may give groups.
type groupParameter struct {
	Label    string          `json:"label"`
	Defaults json.RawMessage `json:"default_values,omitempty"`
	Values   json.RawMessage `json:"values,omitempty"`
}

// groupParameters are those with "group" in their words, by key.
type groupParameters struct {
	Parameters map[string]groupParameter `json:"parameters"`
}

// groupParameters are those of the app. Another shape gives nil; whether groups are included is then unsaid too.
func (a *App) groupParameters() *groupParameters {
	var app groupParameters
	if json.Unmarshal(a.Raw, &app) != nil {
		return nil
	}
	maps.DeleteFunc(app.Parameters, func(key string, p groupParameter) bool {
		return !strings.Contains(Fold(key), "group") && !strings.Contains(Fold(p.Label), "group")
	})
	return &app
}

// ParameterGroups are the groups that the app's Groups parameter gives to everybody: its default values, and values of
// its own, of which it is not documented whom they reach. The key of that parameter in the AWS app is not documented
// either, so it is found by its words, as for "Include in User Provisioning".
func (a *App) ParameterGroups() (defaults, values []string) {
	app, best := a.groupParameters(), ""
	if app == nil {
		return nil, nil
	}
	for key, p := range app.Parameters {
		// Exactly "groups" counts before anything with "group" in it, and the first key in order before the others.
		rank := "1" + key
		if Fold(key) == "groups" || Fold(p.Label) == "groups" {
			rank = "0" + key
		} else if !strings.Contains(Fold(key), "group") {
			continue
		}
		if best == "" || rank < best {
			best = rank
			defaults, values = listed(p.Defaults), listed(p.Values)
		}
	}
	return defaults, values
}

// listed reads a string, an array of strings or null; OneLogin answers exactly what was stored
// (https://github.com/onelogin/terraform-provider-onelogin/pull/253).
func listed(raw json.RawMessage) (out []string) {
	var many []string
	if json.Unmarshal(raw, &many) != nil {
		var one string
		if json.Unmarshal(raw, &one) != nil {
			return nil
		}
		many = []string{one}
	}
	for _, name := range many {
		if strings.TrimSpace(name) != "" {
			out = append(out, name)
		}
	}
	return out
}
