package config_test

import (
	"regexp"
	"strings"
	"testing"
)

// edit replaces one line of the short file; an empty old one adds at the end.
func edit(line, with string) string {
	if line == "" {
		return short + with + "\n"
	}
	return strings.Replace(short, line, with, 1)
}

const (
	oneLoginURL = `url = "https://acme.onelogin.com"`
	targetURL   = `url = "https://scim.us-east-1.amazonaws.com/T/scim/v2"`
	sourceEnv   = `client_secret = { env = "ONELOGIN_CLIENT_SECRET" }`
	targetEnv   = `token = { env = "SCIM_TOKEN" }`
	onlyGroups  = "[connections.only.groups]\n"
	onlyGuard   = "[connections.only.guard]\n"
)

// placed is how an error about a key begins.
var placed = regexp.MustCompile(`^c\.toml:\d+: connections\.only\.[a-z_.]+ `)

func TestConnectionErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"no OneLogin url": {edit(oneLoginURL, ""), "onelogin.url is missing"},
		"no target url":   {edit(targetURL, ""), "target.url is missing"},
		"url without a host": {
			edit(oneLoginURL, `url = "acme.onelogin.com"`),
			"onelogin.url is no address; write https://HOST/PATH",
		},
		"url that is none": {edit(targetURL, `url = "https://[::1"`), "target.url is no address"},
		"url in the clear": {
			edit(targetURL, `url = "http://scim.corp.example/v2"`),
			"target.url must begin with https://",
		},
		"url with loopback's name in front": {
			edit(targetURL, `url = "http://localhost.corp.example/v2"`), "target.url must begin with https://",
		},
		"url of another scheme": {
			edit(oneLoginURL, `url = "ftp://127.0.0.1/"`),
			"onelogin.url must begin with https://",
		},
		"url with a password": {
			edit(targetURL, `url = "https://me:`+targetSecret+`@scim.corp.example/v2"`),
			"target.url holds a user name or password; remove it",
		},
		"no client id": {edit(`client_id = "id"`, ""), "onelogin.client_id is missing; make a credential pair"},
		"no secret": {
			edit(sourceEnv, ""),
			`onelogin.client_secret is missing; set a string, { env = "NAME" }, { command`,
		},
		"empty secret":      {edit(sourceEnv, `client_secret = ""`), "onelogin.client_secret is empty; set"},
		"no token":          {edit(targetEnv, ""), "target.token is missing; set"},
		"token is a number": {edit(targetEnv, `token = 12345678`), "target.token must be a string, { env"},
		"token is a list":   {edit(targetEnv, `token = ["`+targetSecret+`"]`), "target.token must be a string, { env"},
		"token of two keys": {
			edit(targetEnv, `token = { env = "SCIM_TOKEN", value = "`+targetSecret+`" }`),
			"target.token must be a string, { env",
		},
		"token of one other": {edit(targetEnv, `token = { value = "`+targetSecret+`" }`), "target.token must be a " +
			"string, { env"},
		"env without a name": {edit(targetEnv, `token = { env = "" }`), "target.token must be a string, { env"},
		"env is a number":    {edit(targetEnv, `token = { env = 5 }`), "target.token must be a string, { env"},
		"env is not set": {edit(targetEnv, `token = { env = "NOT_SET" }`), "target.token comes from the " +
			"environment variable NOT_SET: it is not set; set it"},
		"env is the secret": {edit(targetEnv, `token = { env = "`+targetSecret+`" }`), "target.token names an " +
			"environment variable that cannot exist; write its name"},
		"env is a hex secret": {
			edit(sourceEnv, `client_secret = { env = "`+strings.Repeat("ab01", 16)+`" }`),
			"that cannot exist",
		},
		"negative app beside a name": {
			edit("app_id = 5", "app_id = -1\napp_name = \"AWS*\""),
			"onelogin.app_id must be " +
				"positive",
		},
		"client id with a space": {
			edit(`client_id = "id"`, `client_id = "id "`),
			"onelogin.client_id holds white space",
		},
		"secret with a line break": {
			edit(sourceEnv, `client_secret = "`+sourceSecret+`\n"`),
			"onelogin.client_secret " +
				"holds white space",
		},
		"token with a space": {edit(targetEnv, `token = "`+targetSecret+` "`), "target.token holds white space"},
		"token with a zero width": {edit(targetEnv, "token = \"\u200b"+targetSecret+"\""), "target.token holds white " +
			"space or another character that cannot be seen"},
		"env is empty": {edit(targetEnv, `token = { env = "EMPTY" }`), "target.token comes from the " +
			"environment variable EMPTY: it is empty; set it"},
		"env with a tab": {edit(targetEnv, `token = { env = "TABBED" }`), "it holds white space"},
		"no app":         {edit("app_id = 5", ""), "onelogin.app_id is missing; set it, or app_name"},
		"negative app":   {edit("app_id = 5", "app_id = -5"), "onelogin.app_id must be positive"},
		"skip what is needed": {
			edit("app_id = 5", "app_id = 5\nskip = [\"users\"]"),
			`onelogin.skip is "users"; write "rules" or "events"`,
		},
		"skip of a target": {
			edit(targetEnv, targetEnv+"\ndialect = \"generic\"\nskip = [\"users\"]"),
			`target.skip is "users"; write "groups"`,
		},
		"skip of AWS's groups": {
			edit(targetEnv, targetEnv+"\nskip = [\"groups\"]"),
			`target.skip is for targets with dialect = "generic" that have no groups`,
		},
		"share above all": {
			edit("app_id = 5", "app_id = 5\nrate_share = 1.5"),
			"onelogin.rate_share must be above 0 and at most 1",
		},
		"negative share":     {edit("app_id = 5", "app_id = 5\nrate_share = -0.5"), "onelogin.rate_share must be"},
		"share is no number": {edit("app_id = 5", "app_id = 5\nrate_share = nan"), "onelogin.rate_share must be"},
		"target share":       {edit(targetEnv, targetEnv+"\nrate_share = -1"), "target.rate_share must not be below 0"},
		"dialect": {
			edit(targetEnv, targetEnv+"\ndialect = \"azure\""),
			`target.dialect is "azure"; write "aws" or "generic"`,
		},
		"accent": {
			edit("", "[connections.only]\naccent = \"pink\""),
			`accent is "pink"; write "black" or "red" or `,
		},
		"from": {
			edit("", onlyGroups+`from = "ldap"`),
			`groups.from is "ldap"; write "auto" or "rules" or "roles"`,
		},
		"roles without them": {edit("", onlyGroups+`from = "roles"`), `groups.roles is needed with from = "roles"`},
		"no RE2": {
			edit("", onlyGroups+`roles = "aws-(?=x)"`),
			"groups.roles is no regular expression (RE2): ",
		},
		"name without roles": {
			edit("", onlyGroups+`name = "$1"`),
			"groups.name is an expansion of what groups.roles matches; set groups.roles too",
		},
		"name without parentheses": {
			edit("", onlyGroups+"roles = '^aws-.*'\nname = '$1'"),
			"groups.name refers to $1, which groups.roles does not " +
				"capture; put parentheses",
		},
		"name that runs on": {
			edit("", onlyGroups+"roles = '^aws-(.*)'\nname = '$1x'"),
			"groups.name refers to $1x, which",
		},
		"name of no group": {
			edit("", onlyGroups+"roles = '^aws-(?P<team>.*)'\nname = '${tem}'"),
			"groups.name refers to " +
				"${tem}, which",
		},
		"no glob": {
			edit("", onlyGroups+`ignore = ["fine*", "[broken"]`),
			`groups.ignore holds "[broken", which is no glob`,
		},
		"no glob after a star": {
			edit("", onlyGroups+`ignore = ["a*[broken"]`), `groups.ignore holds "a*[broken", which is no glob`,
		},
		"deletes below none": {
			edit("", onlyGuard+"max_deletes = -1"),
			"guard.max_deletes must not be below 0; 0 lets " +
				"nothing through",
		},
		"removals below none": {edit("", onlyGuard+"max_removals = -1"), "guard.max_removals must not be below 0"},
		"grants below none":   {edit("", onlyGuard+"max_grants = -5"), "guard.max_grants must not be below 0"},
		"percent below none": {
			edit("", onlyGuard+"max_delete_percent = -1"),
			"guard.max_delete_percent must not be below 0",
		},
		"percent above all": {
			edit("", onlyGuard+"max_delete_percent = 101"),
			"guard.max_delete_percent must be at most 100",
		},
		"no glob to protect": {
			edit("", onlyGuard+`protect_groups = ["[x"]`),
			`guard.protect_groups holds "[x", which is no glob`,
		},
		"no glob for users": {
			edit("", onlyGuard+`protect_users = ["[x"]`),
			`guard.protect_users holds "[x", which is no glob`,
		},
		"empty glob": {edit("", onlyGuard+`protect_users = [" "]`), "guard.protect_users holds an empty glob, " +
			"which protects nothing"},
		"compare": {
			edit("", "[connections.only.users]\ncompare = [\"displayName\", \"phone\"]"),
			`users.compare is "phone"; write "displayName" or "name.givenName" or "name.familyName" or "emails" or `,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, c.text).Connection(t.Context(), "", secrets())
			if err == nil {
				t.Fatal("it was accepted")
			}
			noSecret(t, err)
			if !placed.MatchString(err.Error()) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q should begin with file, line and key, and say %q", err, c.want)
			}
		})
	}
}

func TestWhatIsAccepted(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"loopback by name":              edit(oneLoginURL, `url = "http://localhost:8181"`),
		"loopback by name, in any case": edit(oneLoginURL, `url = "http://LocalHost:8181"`),
		"loopback by number":            edit(targetURL, `url = "http://127.0.0.2:8181/t/scim/v2"`),
		"loopback of version 6":         edit(targetURL, `url = "http://[::1]:8181/t/scim/v2"`),
		"app by name":                   edit("app_id = 5", `app_name = "AWS*"`),
		"other accent":                  edit("", "[connections.only]\naccent = \"bright-blue\""),
		"pattern with auto":             edit("", onlyGroups+`roles = "^aws-"`),
		"names of all kinds": edit("",
			onlyGroups+"roles = '^(aws)-(?P<team>.*)'\nname = '$$${1}-${team}-$2'"),
		"nothing compared": edit("", "[connections.only.users]\ncompare = []"),
		"generic dialect":  edit(targetEnv, targetEnv+"\ndialect = \"generic\""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := parse(t, text).Connection(t.Context(), "only", secrets()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhichConnection(t *testing.T) {
	t.Parallel()
	two := short + strings.ReplaceAll(short, "connections.only", "connections.other")
	for name, c := range map[string]struct{ text, ask, got, err string }{
		"the only one":           {text: short, got: "only"},
		"asked for":              {text: two, ask: "other", got: "other"},
		"the default":            {text: "default_connection = \"other\"\n" + two, got: "other"},
		"asked for, not default": {text: "default_connection = \"other\"\n" + two, ask: "only", got: "only"},
		"several and no default": {text: two, err: "names 2 connections and no default_connection; choose one with " +
			"--connection (only, other)"},
		"asked for what is not": {text: two, ask: "prod", err: `has no connection "prod"; it has: only, other`},
		"default that is not": {
			text: "default_connection = \"prod\"\n" + two,
			err:  `c.toml:1: default_connection is wrong: the file has no connection "prod"; it has: only, other`,
		},
		"default, only one other": {
			text: "default_connection = \"prod\"\n" + short,
			err:  `has no connection "prod"; it has: only`,
		},
		"none": {text: "", err: "c.toml has no connection; add one with scimdrift init"},
		"none, but a default": {
			text: "default_connection = \"prod\"\n",
			err: "c.toml has no connection; add one with " +
				"scimdrift init",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(t, c.text).Connection(t.Context(), c.ask, secrets())
			switch {
			case c.err == "" && (err != nil || got.Name != c.got):
				t.Errorf("got %q, %v; want %q", got.Name, err, c.got)
			case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
				t.Errorf("got %q, %v; want the error %q", got.Name, err, c.err)
			}
		})
	}
}

// A broken connection beside the chosen one must not stand in the way of an operator in a hurry.
func TestOtherConnectionsAreNotChecked(t *testing.T) {
	t.Parallel()
	if _, err := parse(t, short+"[connections.other]\naccent = \"pink\"\n").Connection(t.Context(), "only",
		secrets()); err != nil {
		t.Error(err)
	}
	if _, err := parse(t, short+"[connections.other]\naccent = \"pink\"\n").Connection(t.Context(), "other",
		secrets()); err == nil {
		t.Error("the broken one was accepted")
	}
}
