package config_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/config"
)

// fetched is the one connection of the short file with its token, after an edit of the token's line.
func fetched(t *testing.T, line, token string) (config.Connection, error) {
	t.Helper()
	f, err := config.Parse([]byte(edit(targetEnv, line)), "c.toml")
	if err != nil {
		t.Fatal(err)
	}
	return f.Connection(context.Background(), "", config.Sources{Env: func(name string) (string, bool) {
		return map[string]string{"ONELOGIN_CLIENT_SECRET": sourceSecret, "SCIM_TOKEN": token}[name], true
	}})
}

// TestWhenATokenEnds: by the configuration, in whatever form a date has there, else by the token itself, else nothing
// is known.
func TestWhenATokenEnds(t *testing.T) {
	t.Parallel()
	jwt := func(claims string) string {
		return "h." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".s"
	}
	day := time.Date(2027, 8, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		line, token string
		want        time.Time
		by          model.TokenEvidence
	}{
		"nothing":            {targetEnv, "opaque", time.Time{}, ""},
		"a date":             {targetEnv + "\ntoken_expires = 2027-08-01", "opaque", day, model.TokenConfigured},
		"a date in a string": {targetEnv + "\ntoken_expires = \"2027-08-01\"", "opaque", day, model.TokenConfigured},
		"a moment": {
			targetEnv + "\ntoken_expires = 2027-08-01T02:00:00+02:00", "opaque", day,
			model.TokenConfigured,
		},
		"a moment in a string": {
			targetEnv + "\ntoken_expires = \"2027-08-01T02:00:00+02:00\"", "opaque", day,
			model.TokenConfigured,
		},
		"a moment of no zone": {
			targetEnv + "\ntoken_expires = 2027-08-01T00:00:00", "opaque", day,
			model.TokenConfigured,
		},
		"the token's own": {targetEnv, jwt(`{"exp":1816905600}`), time.Unix(1816905600, 0).UTC(), model.TokenDated},
		"the configuration's before the token's own": {
			targetEnv + "\ntoken_expires = 2027-08-01", jwt(`{"exp":1816905600}`), day, model.TokenConfigured,
		},
		"a token without a date":              {targetEnv, jwt(`{"iss":"x"}`), time.Time{}, ""},
		"a token that is no JSON":             {targetEnv, jwt(`exp`), time.Time{}, ""},
		"a token with a date of milliseconds": {targetEnv, jwt(`{"exp":1816905600000}`), time.Time{}, ""},
		"a token with a date that is a word":  {targetEnv, jwt(`{"exp":"soon"}`), time.Time{}, ""},
		"a token with two dots":               {targetEnv, "a.b.c", time.Time{}, ""},
	} {
		got, err := fetched(t, c.line, c.token)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !got.Target.TokenEnds.Equal(c.want) || !c.want.IsZero() && got.Target.TokenEndsBy != c.by {
			t.Errorf("%s: %s by %q, want %s by %q", name, got.Target.TokenEnds, got.Target.TokenEndsBy, c.want, c.by)
		}
	}
	for _, wrong := range []string{"5", "true", `"soon"`, `"01.08.2027"`, "12:00:00", "[2027-08-01]"} {
		_, err := fetched(t, targetEnv+"\ntoken_expires = "+wrong, "opaque")
		if err == nil || !strings.Contains(err.Error(), "target.token_expires must be a date such as 2027-08-01") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// TestASlashAtTheEndOfTheEndpointChangesNothing but what is written: it is one connection, with what is kept of it.
func TestASlashAtTheEndOfTheEndpointChangesNothing(t *testing.T) {
	t.Parallel()
	prints := map[string]bool{}
	for _, end := range []string{"", "/", "//"} {
		text := edit(targetURL, strings.TrimSuffix(targetURL, `"`)+end+`"`)
		f, err := config.Parse([]byte(text), "c.toml")
		if err != nil {
			t.Fatal(err)
		}
		c, err := f.Checked("")
		if err != nil {
			t.Fatalf("%q: %v", end, err)
		}
		prints[c.Fingerprint("5")] = true
	}
	if len(prints) != 1 {
		t.Errorf("%d connections", len(prints))
	}
}
