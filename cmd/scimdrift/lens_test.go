package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
)

// lensRig serves a tenant behind an endpoint of the older generation, with a configuration that has the lens. token false leaves
// the SCIM token out of it.
func lensRig(t *testing.T, token, credentials bool) (*sim.Server, string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_CA_BUNDLE": "", "AWS_PROFILE": "", "AWS_SESSION_TOKEN": "", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
	} {
		t.Setenv(name, value)
	}
	if credentials {
		t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "a-secret-that-is-never-shown")
	}
	old := scim.Legacy().Unlimited()
	server, err := startTenant(t.Context(), tenantFlags{scenario: "drift", seed: 3}, &scim.Options{Knobs: &old})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	text := strings.NewReplacer("[connections.sim.onelogin]\n", "[connections.sim.onelogin]\nrate_share = 1\n",
		"[connections.sim.target]\n", "[connections.sim.target]\nrate_share = 1000\n").Replace(server.Config())
	if !token {
		text = regexp.MustCompile(`(?m)^token = .*\n`).ReplaceAllString(text, "")
	}
	text += fmt.Sprintf("\n[connections.sim.aws]\nregion = \"us-east-1\"\nendpoint = %q\n", server.URL())
	file := filepath.Join(t.TempDir(), "sim.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return server, file
}

func TestLensCompletesTheCheck(t *testing.T) {
	_, file := lensRig(t, true, true)
	out, errs, code := runCLI(t, "check", "--config", file, "-o", "json", "--quiet")
	var report struct {
		Complete bool           `json:"complete"`
		Totals   map[string]int `json:"totals"`
		Findings []struct {
			Kind, Severity string
		} `json:"findings"`
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 2 || !report.Complete {
		t.Fatalf("exit %d, %v: %.300s %s", code, err, out, errs)
	}
	critical := false
	for _, f := range report.Findings {
		critical = critical || f.Kind == "group-lingering" && f.Severity == "critical"
	}
	if !critical {
		t.Error("no lingering group that opens an account is critical")
	}
	if strings.Contains(out+errs, "a-secret-that-is-never-shown") {
		t.Error("a secret is shown")
	}
}

// The same commands work without credentials, and say what is missing.
func TestLensWithoutCredentials(t *testing.T) {
	_, file := lensRig(t, true, false)
	out, errs, code := runCLI(t, "check", "--config", file)
	if code != 3 || !strings.Contains(out+errs, "aws sso login") {
		t.Errorf("exit %d: %s %s", code, out, errs)
	}
	if out, errs, code := runCLI(t, "doctor", "--config", file); code > 2 || !strings.Contains(out+errs, "no AWS credentials") {
		t.Errorf("exit %d: %s %s", code, out, errs)
	}
}

func TestLensWithoutPermission(t *testing.T) {
	server, file := lensRig(t, true, true)
	server.AWS.SetKnobs(simaws.Knobs{Deny: []string{"sso:ListPermissionSets", "identitystore:ListGroupMemberships"}})
	out, errs, code := runCLI(t, "check", "--config", file, "-o", "json", "--quiet")
	if code != 3 || !strings.Contains(out, "identitystore:ListGroupMemberships") || !strings.Contains(out, `"users": "complete"`) {
		t.Errorf("exit %d: %.2000s %s", code, out, errs)
	}
	if out, _, _ := runCLI(t, "doctor", "--config", file); !strings.Contains(out, "sso:ListPermissionSets") {
		t.Error(out)
	}
}

// Without a SCIM token everything is read through AWS, and nothing can be written.
func TestReadingWithoutToken(t *testing.T) {
	server, file := lensRig(t, false, true)
	server.SCIM.ResetRequests()
	out, errs, code := runCLI(t, "check", "--config", file, "-o", "json", "--quiet")
	if code != 2 || !strings.Contains(out, `"complete": true`) {
		t.Errorf("exit %d: %.500s %s", code, out, errs)
	}
	out, errs, _ = runCLI(t, "plan", "--config", file, "--kind", "group-lingering", "--repair", "delete-group")
	if !strings.Contains(out+errs, "no SCIM token") {
		t.Errorf("%s %s", out, errs)
	}
	if n := len(server.SCIM.Requests()); n != 0 {
		t.Errorf("%d requests went to the SCIM endpoint", n)
	}
}
