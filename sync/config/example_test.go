package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/config"
)

// everyKey is the documented example with all keys, and with secrets that no error may show.
const everyKey = `default_connection = "prod"

[ui]
handoff_deadline = "5m"
watch = "5m"
notify = "high"
plain = true
mouse = false
theme = { high = "#ff8800" }

[ui.keys]
reload = ["R", "f5"]

[[views]]
name = "Mine"
filter = "sev:high by:maya"

[connections.prod]
accent = "red"
read_only = true
remember = false

[connections.prod.onelogin]
url = "https://acme.onelogin.com"
console_url = "https://acme.onelogin.com"
client_id = "id-of-the-pair"
client_secret = { env = "ONELOGIN_CLIENT_SECRET" }
app_id = 500001
app_name = "AWS*"
skip = ["rules", "events"]
nudge_attribute = "scimdrift_touch"
rate_share = 0.25

[connections.prod.target]
dialect = "aws"
url = "https://scim.us-east-1.amazonaws.com/TENANT/scim/v2"
token = { env = "SCIM_TOKEN" }
ca_file = "/etc/ssl/corp.pem"
rate_share = 0.75
write = "auto"

[connections.prod.aws]
region = "us-east-1"
profile = "identity"
identity_store_id = "d-1234567890"
instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
endpoint = ""

[connections.prod.groups]
from = "roles"
roles = "^aws-(.*)"
name = "$1"
ignore = ["AWSControlTower*"]

[connections.prod.users]
user_name = "email"
compare = ["displayName", "name.givenName", "name.familyName", "emails", "active"]

[connections.prod.guard]
max_deletes = 10
max_removals = 200
max_grants = 200
max_delete_percent = 20
protect_groups = ["aws-breakglass*"]
protect_users = []
`

func environment(values map[string]string) config.Sources {
	return config.Sources{Env: func(name string) (string, bool) {
		value, set := values[name]
		return value, set
	}}
}

func secrets() config.Sources {
	return environment(map[string]string{
		"ONELOGIN_CLIENT_SECRET": sourceSecret, "SCIM_TOKEN": targetSecret, "EMPTY": "",
		"TABBED": "\t" + targetSecret,
	})
}

func parse(t *testing.T, text string) *config.File {
	t.Helper()
	f, err := config.Parse([]byte(text), "c.toml")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestEveryDocumentedKeyArrives(t *testing.T) {
	t.Parallel()
	got, err := parse(t, everyKey).Connection(t.Context(), "", secrets())
	if err != nil {
		t.Fatal(err)
	}
	if got.Groups.Roles == nil || got.Groups.Roles.String() != "^aws-(.*)" {
		t.Errorf("roles pattern is %v", got.Groups.Roles)
	}
	if name, ok := got.Groups.NameFor("aws-admins"); !ok || name != "admins" {
		t.Errorf("aws-admins yields %q, %v", name, ok)
	}
	got.Groups.Roles = nil
	want := config.Connection{
		Name: "prod", Accent: "red",
		OneLogin: config.OneLogin{
			URL: "https://acme.onelogin.com", ConsoleURL: "https://acme.onelogin.com", ClientID: "id-of-the-pair",
			ClientSecret: sourceSecret, AppID: 500001, AppName: "AWS*",
			Skip: []string{"rules", "events"}, NudgeAttribute: "scimdrift_touch", RateShare: 0.25,
		},
		Target: config.Target{
			Dialect: "aws", URL: "https://scim.us-east-1.amazonaws.com/TENANT/scim/v2", Token: targetSecret,
			CAFile: "/etc/ssl/corp.pem", RateShare: 0.75, Write: "auto",
		},
		AWS: config.AWS{
			Region: "us-east-1", Profile: "identity", IdentityStoreID: "d-1234567890",
			InstanceARN: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
		},
		Groups:        rules.GroupsConfig{From: "roles", Name: "$1", Ignore: []string{"AWSControlTower*"}},
		UserNameField: "email", Compare: model.FieldSetOf(model.Fields()...),
		Guard: model.Guard{
			MaxDeletes: 10, MaxRemovals: 200, MaxGrants: 200, MaxPercent: 20,
			ProtectGroups: []string{"aws-breakglass*"}, ProtectUsers: []string{}, ReadOnly: true,
		},
		HandoffDeadline: 5 * time.Minute, Watch: 5 * time.Minute, Notify: "high", Plain: true,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(config.Connection{}, config.Target{})); diff != "" {
		t.Errorf("connection (-want +got):\n%s", diff)
	}
}

// Keys of parts that Connection does not hand out are held against the file itself.
func TestEveryDocumentedKeyIsKept(t *testing.T) {
	t.Parallel()
	s := parse(t, everyKey).Connections["prod"]
	aws := config.AWS{
		Region: "us-east-1", Profile: "identity", IdentityStoreID: "d-1234567890",
		InstanceARN: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
	}
	if diff := cmp.Diff(aws, s.AWS); diff != "" {
		t.Errorf("aws (-want +got):\n%s", diff)
	}
}

func TestSecretFormsOfTheExampleAreKnownToTheParser(t *testing.T) {
	t.Parallel()
	for _, form := range []string{
		`"text"`, `{ env = "NAME" }`, `{ command = ["op", "read", "x"] }`,
		`{ keyring = "scimdrift/prod" }`,
	} {
		if _, err := config.Parse([]byte("[connections.p.target]\ntoken = "+form+"\n"), "c.toml"); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func TestDefaultsOfAShortFile(t *testing.T) {
	t.Parallel()
	got, err := parse(t, short).Connection(t.Context(), "", secrets())
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case got.Name != "only" || got.Target.Dialect != "aws" || got.Groups.From != "auto" || got.Groups.Roles != nil:
		t.Errorf("defaults are %+v", got)
	case got.Compare != model.FieldSetOf(model.Fields()...):
		t.Error("by default every field is compared")
	case got.UserNameField != "":
		t.Errorf("the app's own mapping should decide on userName, not %q", got.UserNameField)
	}
	got, err = parse(t, short+"[connections.only.users]\ncompare = [\"emails\"]\n").Connection(t.Context(), "only",
		secrets())
	if err != nil || got.Compare != model.FieldSetOf(model.FieldEmails) {
		t.Errorf("compare e-mails only: %v, %v", got.Compare, err)
	}
}

// short is the least that a connection needs; tests replace or add lines.
const short = `[connections.only.onelogin]
url = "https://acme.onelogin.com"
client_id = "id"
client_secret = { env = "ONELOGIN_CLIENT_SECRET" }
app_id = 5
[connections.only.target]
url = "https://scim.us-east-1.amazonaws.com/T/scim/v2"
token = { env = "SCIM_TOKEN" }
`

const (
	sourceSecret = "s0urce-Secret-never-shown"
	targetSecret = "t4rget-Secret-never-shown"
)

// noSecret fails if an error shows a secret, wherever it came from.
func noSecret(t *testing.T, err error) {
	t.Helper()
	if err != nil && strings.Contains(strings.ToLower(err.Error()), "never-shown") {
		t.Errorf("the error shows a secret: %v", err)
	}
}
