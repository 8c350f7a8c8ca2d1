package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/config"
)

// shown has the table before each key.
func shown(f *config.File, name string) string {
	var b strings.Builder
	table := ""
	for line := range strings.Lines(f.Show(name)) {
		if name, is := strings.CutPrefix(line, "["); is {
			table = strings.TrimSuffix(name, "]\n") + "."
			continue
		}
		left, origin, _ := strings.Cut(strings.TrimPrefix(line, "# "), " # ")
		fmt.Fprintf(&b, "%s%s # %s", table, strings.TrimSpace(left), origin)
	}
	return b.String()
}

func TestShowSaysWhatHoldsAndWhy(t *testing.T) {
	t.Parallel()
	got := shown(parse(t, short+"[connections.only.guard]\nmax_deletes = 3\n[connections.'a.b']\nread_only = true\n"),
		"only")
	for _, want := range []string{
		"connections.only.onelogin.url = 'https://acme.onelogin.com' # line 2\n",
		"connections.only.onelogin.client_secret = { env = \"ONELOGIN_CLIENT_SECRET\" } # line 4\n",
		"connections.only.guard.max_deletes = 3 # line 10\n",
		"connections.only.guard.max_removals = 200 # default\n",
		"connections.only.onelogin.app_name # not set: none\n",
		"ui.mouse = true # default\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in:\n%s", want, got)
		}
	}
	if strings.Contains(got, ".aws.") {
		t.Error("a lens that is not there is shown")
	}
	dotted := shown(parse(t, "[connections.'a.b']\nread_only = true\n"), "a.b")
	if !strings.Contains(dotted, "connections.a.b.read_only = true # line 2\n") {
		t.Errorf("a name with a dot:\n%s", dotted)
	}
}

// Whatever stands where a secret belongs is not shown, whether it is well formed or not.
func TestShowMasksSecrets(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		`"` + targetSecret + `"`, `["` + targetSecret + `"]`, `{ value = "` + targetSecret + `" }`, `{ env = "` +
			targetSecret + `" }`,
		`{ command = ["echo", "` + targetSecret + `"] }`, `{ command = "echo ` + targetSecret + `" }`,
		`{ env = "X", value = "` + targetSecret + `" }`,
	} {
		f := parse(t, edit(targetEnv, "token = "+value))
		if got := shown(f, "only"); strings.Contains(got, targetSecret) {
			t.Errorf("%s is shown:\n%s", value, got)
		}
		c, err := f.Checked("only")
		noSecret(t, err)
		if text := fmt.Sprintf("%v %+v %#v", c.Secrets(), c.Secrets(), c.Secrets()); strings.Contains(text,
			targetSecret) {
			t.Errorf("%s is printed: %s", value, text)
		}
	}
	for _, address := range []string{
		"https://me:" + targetSecret + "@scim.corp.example/v2",
		"https://scim.corp.example/v2?token=" + targetSecret, "https://scim.corp.example/v2#" + targetSecret,
	} {
		f := parse(t, edit(targetURL, `url = "`+address+`"`)+"\n[connections.only.aws]\nendpoint = \""+address+"\"\n")
		if got := shown(f, "only"); strings.Contains(got, targetSecret) || strings.Count(got, "***") < 2 {
			t.Errorf("what stands in an address is shown:\n%s", got)
		}
		_, err := f.Checked("only")
		noSecret(t, err)
		if err == nil || strings.Count(err.Error(), "remove") < 2 {
			t.Errorf("%v: the address was not refused at both places", err)
		}
	}
}
