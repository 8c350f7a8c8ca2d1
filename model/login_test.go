package model

import "testing"

// Every documented word (https://developers.onelogin.com/api-docs/2/users/get-user-apps), and what is not documented.
func TestClassOfALogin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, state string
		want          LoginClass
		words         string
	}{
		{"enabling_pending_approval", "provisioning_pending_approval", LoginPending, "provisioning_pending_approval, status enabling_pending_approval"},
		{"enabled", "modifying_pending_approval", LoginPending, "modifying_pending_approval, status enabled"},
		{"enabled", "deleting_pending_approval", LoginPending, "deleting_pending_approval, status enabled"},
		{"enabled", "modifying_pending_approval_then_disabled", LoginPending, "modifying_pending_approval_then_disabled, status enabled"},
		{"disabling_pending_approval", "", LoginPending, "status disabling_pending_approval"},
		{"enabling_failed", "provisioning_failed", LoginFailed, "provisioning_failed, status enabling_failed"},
		{"enabled", "modifying_failed", LoginFailed, "modifying_failed, status enabled"},
		{"enabled", "deleting_failed", LoginFailed, "deleting_failed, status enabled"},
		{"enabled", "linking_failed", LoginFailed, "linking_failed, status enabled"},
		{"disabling_failed", "provisioned", LoginFailed, "provisioned, status disabling_failed"},
		{"enabling", "provisioning", LoginInFlight, "provisioning, status enabling"},
		{"enabled", "modifying", LoginInFlight, "modifying, status enabled"},
		{"disabling", "deleting", LoginInFlight, "deleting, status disabling"},
		{"enabling", "linking", LoginInFlight, "linking, status enabling"},
		{"enabling", "", LoginInFlight, "status enabling"},
		{"enabled", "provisioned", LoginSettled, "provisioned, status enabled"},
		{"disabled", "deleted", LoginSettled, "deleted, status disabled"},
		{"disabled", "disabled", LoginSettled, "disabled"},
		{"enabling", "nonexistent", LoginNever, "nonexistent, status enabling"},
		{"enabled", "unknown", LoginNever, "unknown, status enabled"},
		{"", "", LoginNever, "no provisioning state"},
		{"enabled", "", LoginUnclear, "status enabled"},
		{"enabled", "brand_new", LoginUnclear, "brand_new, status enabled"},
		{"brand_new", "", LoginUnclear, "status brand_new"},
	} {
		login := Login{ID: "9", Status: c.status, State: c.state}
		if got := login.Class(); got != c.want {
			t.Errorf("status %q, state %q: %s, want %s", c.status, c.state, got, c.want)
		}
		if got := login.String(); got != c.words {
			t.Errorf("status %q, state %q is written %q, want %q", c.status, c.state, got, c.words)
		}
	}
	if none := (Login{}); none.Class() != LoginNever || none.String() != "no login for the app" {
		t.Errorf("no login is %s, %q", none.Class(), none)
	}
}
