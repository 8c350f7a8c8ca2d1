package config_test

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/config"
)

func TestParseErrorsNameThePlaceAndTheWayOn(t *testing.T) {
	t.Parallel()
	const secretLine = "[connections.p.onelogin]\nclient_secret = \"" + sourceSecret + "\"\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"unknown key": {
			secretLine + "client_idd = 5\n", []string{"c.toml:3: unknown key connections.p.onelogin.client_idd; did " +
				"you mean " +
				"client_id?"},
		},
		"unknown key far from any": {secretLine + "favourite_colour = 5\n", []string{"c.toml:3: unknown key " +
			"connections.p.onelogin.favourite_colour"}},
		"unknown table": {"[connections.p.onelogn]\nurl = 1\n", []string{"c.toml:1: unknown key " +
			"connections.p.onelogn; did you mean onelogin?"}},
		"unknown top key": {"default_conn = 'p'\n", []string{"c.toml:1: unknown key default_conn; did you mean " +
			"default_connection?"}},
		"unknown key of the connection": {
			"[connections.p]\nreadonly = true\n",
			[]string{"c.toml:2: unknown key connections.p.readonly; did you mean " +
				"read_only?"},
		},
		"misspelt table of all": {
			"\n[connection.prod]\nurl = 1\n",
			[]string{"c.toml:2: unknown key connection; did " +
				"you mean connections?"},
		},
		"misspelt table above a known one": {
			"[connections.p.targt.x]\n", []string{"c.toml:1: unknown key connections.p.targt; did you mean target?"},
		},
		"secret in the other table": {
			secretLine + "token = \"" + targetSecret + "\"\n",
			[]string{"c.toml:3: unknown key connections.p.onelogin.token; scimdrift help configuration lists the keys"},
		},
		"key of the top in a table": {
			"[ui]\ndefault_connection = 'p'\n", []string{"c.toml:2: unknown key ui.default_connection; scimdrift help"},
		},
		"unknown list of tables": {"\n\n[[\"a\"]]\n", []string{"c.toml:3: unknown key a"}},
		"list of connections": {"\n[[connections]]\n", []string{"c.toml:2:3: a list of tables found; write a table, " +
			"in single brackets (key connections)"}},
		"connection without a name": {
			short + "[connections.\"\"]\naccent = 'red'\n",
			[]string{"c.toml:9: a connection has " +
				"an empty name; write one such as [connections.prod]"},
		},
		"number for a connection": {
			"[connections]\np = 5\n",
			[]string{"c.toml:2:5: TOML integer found; write a table " +
				"(key connections.p)"},
		},
		"key in capitals": {"[connections.p]\nREAD_ONLY = true\n", []string{"c.toml:2: unknown key " +
			"connections.p.READ_ONLY; did you mean read_only?"}},
		"table in capitals": {"[connections.p.Guard]\nmax_deletes = 1\n", []string{"c.toml:1: unknown key " +
			"connections.p.Guard; did you mean guard?"}},
		"misspelt secret": {
			"[connections.p.target]\ntokn = \"" + targetSecret + "\"\n", []string{"c.toml:2: unknown key " +
				"connections.p.target.tokn; did you mean token?"},
		},
		"all unknown keys at once": {
			"[connections.p.guard]\nmax_delete = 1\nmax_removal = 1\n",
			[]string{
				"c.toml:2: unknown key connections.p.guard.max_delete; did you mean max_deletes?",
				"c.toml:3: unknown key",
				"did you mean max_removals?",
			},
		},
		"text for a number": {
			secretLine + "app_id = \"" + sourceSecret + "\"\n",
			[]string{"c.toml:3:10: TOML string found; write a whole number (key connections.p.onelogin.app_id)"},
		},
		"number for text": {"[connections.p.onelogin]\nurl = 5\n", []string{"c.toml:2:7: TOML integer found; write a " +
			"string (key connections.p.onelogin.url)"}},
		"number for yes or no": {
			"[connections.p]\nread_only = 1\n", []string{"c.toml:2:13: TOML integer found; write true or false (key " +
				"connections.p.read_only)"},
		},
		"text for a list": {
			"[connections.p.groups]\nignore = 'x'\n",
			[]string{"c.toml:2:10: TOML string found; write a list of strings (key " +
				"connections.p.groups.ignore)"},
		},
		"text for a share": {
			"[connections.p.target]\nrate_share = 'x'\n",
			[]string{"c.toml:2:14: TOML string found; write a number (key " +
				"connections.p.target.rate_share)"},
		},
		"fraction for a count": {
			"[connections.p.guard]\nmax_deletes = 1.5\n",
			[]string{"c.toml:2:15: TOML float found; write a whole number (key connections.p.guard.max_deletes)"},
		},
		"text for a table": {
			"[connections.p]\nonelogin = \"" + sourceSecret + "\"\n",
			[]string{"c.toml:2:12: TOML string found; write a table"},
		},
		"number too large": {
			"[connections.p.onelogin]\napp_id = 99999999999999999999\n",
			[]string{"c.toml:2:10: ", "too large", "connections.p.onelogin.app_id"},
		},
		"secret without mark": {"[connections.p.target]\ntoken = " + targetSecret + "\n", []string{"c.toml:2:"}},
		"secret not closed": {
			"[connections.p.target]\ntoken = \"" + targetSecret + "\n",
			[]string{"c.toml:2:35: ", "new lines"},
		},
		"secret twice": {
			"[connections.p.target]\ntoken = \"" + targetSecret + "\"\ntoken = \"" + sourceSecret + "\"\n",
			[]string{"c.toml:3:", "already defined"},
		},
		"secret with a bad escape": {
			"[connections.p.target]\ntoken = \"" + targetSecret + "\\q\"\n",
			[]string{"c.toml:2:", "escape"},
		},
		"text after a secret": {"[connections.p.target]\ntoken = \"" + targetSecret + "\" x\n", []string{"c.toml:2:"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Parse([]byte(c.text), "c.toml")
			if err == nil {
				t.Fatal("it was accepted")
			}
			noSecret(t, err)
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "config.") || strings.Contains(err.Error(), "struct") {
				t.Errorf("%q speaks of the program's insides", err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(everyKey)
	f.Add(short)
	f.Add("[connections.p.target]\ntoken.env = 1\ntoken.x = 2\n")
	f.Add("connections = { a = { target = { token = [1, { env = 2 }] } } }")
	f.Add("[[connections]]\n[connections.\"\"]\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := config.Parse([]byte(text), "c.toml")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "c.toml") {
				t.Errorf("%q does not begin with the file", err)
			}
			return
		}
		for _, name := range append(file.Names(), "") {
			c, err := file.Connection(t.Context(), name, config.Sources{Env: func(string) (string, bool) {
				return sourceSecret, true
			}})
			noSecret(t, err)
			if err == nil && (c.OneLogin.URL == "" || c.Target.Token == "") {
				t.Errorf("accepted without what it needs: %+v", c)
			}
		}
	})
}
