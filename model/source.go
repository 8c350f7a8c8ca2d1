package model

import (
	"encoding/json"
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
	case whole && strings.IndexFunc(only, func(r rune) bool {
		return r == '{' || r == '.' ||
			r == '}'
	}) == len(only)-1 && strings.HasSuffix(only, "}"):
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

	UserID   string `json:"user_id,omitempty"`
	UserName string `json:"user_name,omitempty"`
	RoleID   string `json:"role_id,omitempty"`
	RoleName string `json:"role_name,omitempty"`
	AppID    string `json:"app_id,omitempty"`
	// Name is what the tenant's own list calls the type; empty if that list was not read. TypeName always has a name.
	Name string `json:"name,omitempty"`
	// Actor is who did it, Text the error or note that came with it, verbatim.
	Actor string `json:"actor,omitempty"`
	Text  string `json:"text,omitempty"`
	// Failed: the text is that of an error.
	Failed bool `json:"failed,omitempty"`
}

// notKept stands for the fixed value of a parameter: that it has one counts, and it may be a credential.
const notKept = "(not kept)"

// MarshalJSON leaves out what may hold credentials: the fixed values of the parameters, and of the app as OneLogin
// answered it all but the groups that its parameters give.
func (a App) MarshalJSON() ([]byte, error) {
	type plain App
	out := plain(a)
	out.Raw = a.groupParameters()
	out.Parameters = slices.Clone(a.Parameters)
	for i := range out.Parameters {
		if out.Parameters[i].Value != "" {
			out.Parameters[i].Value = notKept
		}
	}
	return json.Marshal(out)
}
