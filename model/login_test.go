package model_test

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// Every documented word (https://developers.onelogin.com/api-docs/2/users/get-user-apps), and what is not documented.
func TestClassOfALogin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, state string
		want          model.LoginClass
		words         string
	}{
		{
			"enabling_pending_approval", "provisioning_pending_approval", model.LoginPending,
			"provisioning_pending_approval, status enabling_pending_approval",
		},
		{"enabled", "modifying_pending_approval", model.LoginPending, "modifying_pending_approval, status enabled"},
		{"enabled", "deleting_pending_approval", model.LoginPending, "deleting_pending_approval, status enabled"},
		{
			"enabled", "modifying_pending_approval_then_disabled", model.LoginPending,
			"modifying_pending_approval_then_disabled, status enabled",
		},
		{"disabling_pending_approval", "", model.LoginPending, "status disabling_pending_approval"},
		{"enabling_failed", "provisioning_failed", model.LoginFailed, "provisioning_failed, status enabling_failed"},
		{"enabled", "modifying_failed", model.LoginFailed, "modifying_failed, status enabled"},
		{"enabled", "deleting_failed", model.LoginFailed, "deleting_failed, status enabled"},
		{"enabled", "linking_failed", model.LoginFailed, "linking_failed, status enabled"},
		{"disabling_failed", "provisioned", model.LoginFailed, "provisioned, status disabling_failed"},
		{"enabling", "provisioning", model.LoginInFlight, "provisioning, status enabling"},
		{"enabled", "modifying", model.LoginInFlight, "modifying, status enabled"},
		{"disabling", "deleting", model.LoginInFlight, "deleting, status disabling"},
		{"enabling", "linking", model.LoginInFlight, "linking, status enabling"},
		{"enabling", "", model.LoginInFlight, "status enabling"},
		{"enabled", "provisioned", model.LoginSettled, "provisioned, status enabled"},
		{"disabled", "deleted", model.LoginSettled, "deleted, status disabled"},
		{"disabled", "disabled", model.LoginSettled, "disabled"},
		{"enabling", "nonexistent", model.LoginNever, "nonexistent, status enabling"},
		{"enabled", "unknown", model.LoginNever, "unknown, status enabled"},
		{"", "", model.LoginNever, "no provisioning state"},
		{"enabled", "", model.LoginUnclear, "status enabled"},
		{"enabled", "brand_new", model.LoginUnclear, "brand_new, status enabled"},
		{"brand_new", "", model.LoginUnclear, "status brand_new"},
	} {
		login := model.Login{ID: "9", Status: c.status, State: c.state}
		if got := login.Class(); got != c.want {
			t.Errorf("status %q, state %q: %d, want %d", c.status, c.state, got, c.want)
		}
		if got := login.String(); got != c.words {
			t.Errorf("status %q, state %q is written %q, want %q", c.status, c.state, got, c.words)
		}
	}
	if none := (model.Login{}); none.Class() != model.LoginNever || none.String() != "no login for the app" {
		t.Errorf("no login is %d, %q", none.Class(), none)
	}
}
