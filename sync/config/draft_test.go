package config_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/config"
)

func draft() config.Draft {
	return config.Draft{
		Name: "prod", App: "AWS \x1b[2J\nSSO", ClientSecret: config.Secret{Env: "ONELOGIN_CLIENT_SECRET"},
		Token: config.Secret{Command: []string{"op", "read", `a "b" \c`}}, Section: config.Section{
			OneLogin: config.OneLogin{URL: "https://acme.onelogin.com", ClientID: "id", AppID: 500001},
			Target:   config.Target{URL: "https://scim.us-east-1.amazonaws.com/T/scim/v2"},
			Groups:   config.GroupsSection{Roles: `^aws-\d+ "x"`},
		},
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
	got, err := d.Add(nil, "c.toml")
	if err != nil {
		t.Fatal(err)
	}
	want := `default_connection = 'prod'

# OneLogin's app: AWS <U+001B>[2J<U+000A>SSO
[connections.prod.onelogin]
url = 'https://acme.onelogin.com'
client_id = 'id'
client_secret = {env = 'ONELOGIN_CLIENT_SECRET'}
app_id = 500001

[connections.prod.target]
url = 'https://scim.us-east-1.amazonaws.com/T/scim/v2'
token = {command = ['op', 'read', 'a "b" \c']}

[connections.prod.groups]
roles = '^aws-\d+ "x"'
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
	if _, err := d.Add([]byte(others), "c.toml"); err == nil ||
		!strings.HasPrefix(err.Error(), "c.toml:5: there is a connection prod already; choose another name") {
		t.Errorf("a name that is taken gives %v", err)
	}
	d.Name, d.ReadOnly = "other", true
	got, err := d.Add([]byte(others), "c.toml")
	if err != nil || string(got) != others+"\n"+d.Text(false) ||
		!strings.Contains(string(got), "\n[connections.other]\nread_only = true\n\n[connections.other.onelogin]\n") {
		t.Errorf("a new one: %v\n%s", err, got)
	}
}

// The only connection goes without saying. With a second one beside it that has to be said.
func TestAddKeepsTheDefault(t *testing.T) {
	t.Parallel()
	d := draft()
	got, err := d.Add([]byte("# Mine.\n"+short), "c.toml")
	if err != nil || string(got) != "default_connection = 'only'\n# Mine.\n"+short+"\n"+d.Text(false) {
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
		"a taken name": {
			"connections = { prod = { accent = \"red\" } }", func(*config.Draft) {},
			"choose another name, or edit the file",
		},
		"a strange name": {"", func(d *config.Draft) { d.Name = "a b" }, "letters, digits, - and _ only"},
		"no token":       {"", func(d *config.Draft) { d.Token = config.Secret{} }, "target.token is missing"},
		"plain http": {
			"", func(d *config.Draft) { d.Target.URL = "http://x" },
			"target.url must begin with https://",
		},
		"a bad pattern": {"", func(d *config.Draft) { d.Groups.Roles = "(" }, "no regular expression"},
		"closed tables": {"connections = { test = {} }", func(*config.Draft) {}, "c.toml"},
	} {
		d := draft()
		c.edit(&d)
		if _, err := d.Add([]byte(c.text), "c.toml"); err == nil || !strings.Contains(err.Error(), c.want) {
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
		d.Name, d.Token, d.App = "other", config.LiteralSecret(secret), rapid.String().Draw(t, "app")
		got, err := d.Add([]byte(others), "c.toml")
		if err != nil {
			t.Fatal(err)
		}
		f, err := config.Parse(got, "c.toml")
		if err != nil {
			t.Fatal(err)
		}
		c, err := f.Connection(t.Context(), "other",
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
	d := draft()
	d.Name = "second"
	first := d
	first.Name = "first"
	text, err := d.Add([]byte("\ufeff"+first.Text(false)), "c.toml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := config.Parse(text, "c.toml")
	if err != nil || len(f.Names()) != 2 {
		t.Errorf("got %v, %v from:\n%s", f, err, text)
	}
}
