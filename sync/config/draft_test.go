package config_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/config"
)

func draft() config.Draft {
	return config.Draft{
		Name: "prod", OneLoginURL: "https://acme.onelogin.com", ClientID: "id",
		ClientSecret: config.Secret{Env: "ONELOGIN_CLIENT_SECRET"},
		AppID:        500001, AppName: "AWS \x1b[2J\nSSO", TargetURL: "https://scim.us-east-1.amazonaws.com/T/scim/v2",
		Token: config.Secret{Command: []string{"op", "read", `a "b" \c`}}, Roles: `^aws-\d+ "x"`,
	}
}

const others = `# Our file.
default_connection = "test" # not prod

# The old one.
[connections.prod.onelogin]
url = "https://old.onelogin.com"
# of the old one
  [connections.prod.target]   # nested
  url = "https://old.example"
  # close below

# About test.
[connections.test.target]
url = '''
[connections.prod.target]
'''
[connections.prod.groups]
roles = "x"
# Right above test.
[connections.test.groups]
roles = "y"
[connections.prod]

# The end.
`

func TestAddToNothing(t *testing.T) {
	t.Parallel()
	d := draft()
	got, err := d.Add(nil, "c.toml", false)
	if err != nil {
		t.Fatal(err)
	}
	want := `default_connection = "prod"

[connections.prod.onelogin]
url = "https://acme.onelogin.com"
client_id = "id"
client_secret = { env = "ONELOGIN_CLIENT_SECRET" }
app_id = 500001 # AWS ?[2J?SSO

[connections.prod.target]
url = "https://scim.us-east-1.amazonaws.com/T/scim/v2"
token = { command = ["op", "read", "a \"b\" \\c"] }

[connections.prod.groups]
roles = "^aws-\\d+ \"x\""
`
	if string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	again, err := parse(t, string(got)).Checked("")
	if err != nil || again.Groups.Roles.String() != `^aws-\d+ "x"` || again.Secrets()[1].Command[2] != `a "b" \c` {
		t.Errorf("read back as %+v, %v", again, err)
	}
}

func TestAddBesideOthers(t *testing.T) {
	t.Parallel()
	d := draft()
	if _, err := d.Add([]byte(others), "c.toml", false); !errors.Is(err, config.ErrExists) ||
		!strings.HasPrefix(err.Error(), "c.toml:5: ") {
		t.Errorf("a name that is taken gives %v", err)
	}
	got, err := d.Add([]byte(others), "c.toml", true)
	if err != nil {
		t.Fatal(err)
	}
	want := `# Our file.
default_connection = "test" # not prod

# The old one.

# About test.
[connections.test.target]
url = '''
[connections.prod.target]
'''
# Right above test.
[connections.test.groups]
roles = "y"

# The end.

` + d.Text(false)
	if string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	d.Name = "other"
	if got, err = d.Add([]byte(others), "c.toml", false); err != nil || string(got) != others+"\n"+d.Text(false) {
		t.Errorf("a new one: %v\n%s", err, got)
	}
}

// The only connection goes without saying. With a second one beside it that has to be said.
func TestAddKeepsTheDefault(t *testing.T) {
	t.Parallel()
	d := draft()
	got, err := d.Add([]byte("# Mine.\n"+short), "c.toml", false)
	if err != nil || string(got) != "default_connection = \"only\"\n# Mine.\n"+short+"\n"+d.Text(false) {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		edit func(*config.Draft)
		want string
	}{
		"a broken file": {"x = [", func(*config.Draft) {}, "mend the file first"},
		"inline tables": {
			"connections = { prod = { accent = \"red\" } }", func(*config.Draft) {},
			"cannot be replaced; edit it by hand",
		},
		"a strange name": {"", func(d *config.Draft) { d.Name = "a b" }, "letters, digits, - and _ only"},
		"no token":       {"", func(d *config.Draft) { d.Token = config.Secret{} }, "target.token is missing"},
		"plain http": {
			"", func(d *config.Draft) { d.TargetURL = "http://x" },
			"target.url must begin with https://",
		},
		"a bad pattern": {"", func(d *config.Draft) { d.Roles = "(" }, "no regular expression"},
		"closed tables": {"connections = { test = {} }", func(*config.Draft) {}, "c.toml"},
	} {
		d := draft()
		c.edit(&d)
		if _, err := d.Add([]byte(c.text), "c.toml", true); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s gives %v, want %q", name, err, c.want)
		}
	}
}

// Whatever a secret or a name is made of arrives as it was, and is not in what is shown.
func TestDraftsArriveAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draft()
		secret := rapid.StringN(1, 40, -1).Filter(func(s string) bool {
			return config.ValidCredential(s) == nil &&
				strings.ToValidUTF8(s, "") == s
		}).Draw(t, "secret")
		d.Token, d.AppName, d.Roles = config.LiteralSecret(secret), rapid.String().Draw(t, "app"), ""
		got, err := d.Add([]byte(others), "c.toml", true)
		if err != nil {
			t.Fatal(err)
		}
		f, err := config.Parse(got, "c.toml")
		if err != nil {
			t.Fatal(err)
		}
		c, err := f.Connection(t.Context(), "prod",
			config.Sources{Env: func(string) (string, bool) { return "x", true }})
		if err != nil || c.Target.Token != secret || c.OneLogin.AppID != 500001 {
			t.Fatalf("%q became %q, %v", secret, c.Target.Token, err)
		}
		if shown := d.Text(true) + fmt.Sprintf("%v %+v %#v", d, d, d); len(secret) > 8 &&
			strings.Contains(shown, secret) {
			t.Fatalf("%q is shown:\n%s", secret, shown)
		}
	})
}

func TestAFileWithAByteOrderMarkIsReadAndAddedTo(t *testing.T) {
	t.Parallel()
	d := config.Draft{
		Name: "second", OneLoginURL: "https://acme.onelogin.com", ClientID: "id", ClientSecret: config.Secret{Env: "A"},
		AppID:     5,
		TargetURL: "https://scim.corp.example/v2", Token: config.Secret{Env: "B"},
	}
	first := d
	first.Name = "first"
	text, err := d.Add([]byte("\ufeff"+first.Text(false)), "c.toml", false)
	if err != nil {
		t.Fatal(err)
	}
	f, err := config.Parse(text, "c.toml")
	if err != nil || len(f.Names()) != 2 {
		t.Errorf("got %v, %v from:\n%s", f, err, text)
	}
}
