package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/config"
)

// memoryKeyring is a keyring that lasts as long as a test.
type memoryKeyring map[string]string

func (k memoryKeyring) Get(_ context.Context, name string) (string, error) {
	if text, ok := k[name]; ok {
		return text, nil
	}
	return "", config.ErrNoEntry
}

func (k memoryKeyring) Set(_ context.Context, name, secret string) error {
	k[name] = secret
	return nil
}

func (k memoryKeyring) Delete(_ context.Context, name string) error {
	if _, ok := k[name]; !ok {
		return config.ErrNoEntry
	}
	delete(k, name)
	return nil
}

// withKeyring runs the program with a keyring and standard input.
func withKeyring(t *testing.T, k config.Keyring, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	p := newProgram(&out, &errs)
	p.stdin, p.secrets.Keyring = strings.NewReader(stdin), k
	code = p.execute(t.Context(), args)
	return out.String(), errs.String(), code
}

func TestLoginAndLogout(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(file, []byte(`[connections.prod.onelogin]
url = "https://acme.onelogin.com"
client_id = "id"
client_secret = { keyring = "scimdrift/prod/onelogin" }
app_id = 1
[connections.prod.target]
url = "https://scim.us-east-1.amazonaws.com/x/scim/v2"
token = { keyring = "scimdrift/prod" }
`), 0o644); err != nil {
		t.Fatal(err)
	}
	k := memoryKeyring{}
	for _, step := range []struct {
		args, stdin string
		code        int
		says        string
		kept        memoryKeyring
	}{
		{
			"login token", "sesame-2\r\n", 0,
			"stored connections.prod.target.token in the keyring as \"scimdrift/prod\"",
			memoryKeyring{"scimdrift/prod": "sesame-2"},
		},
		{
			"login", "sesame-1\n\n", 1, "connections.prod.target.token was not stored: nothing was given",
			memoryKeyring{"scimdrift/prod/onelogin": "sesame-1", "scimdrift/prod": "sesame-2"},
		},
		{"login", "sesame-3\nsesame-4", 0, "stored", memoryKeyring{
			"scimdrift/prod/onelogin": "sesame-3",
			"scimdrift/prod":          "sesame-4",
		}},
		{"config check --secrets", "", 0, "prod: fine", memoryKeyring{
			"scimdrift/prod/onelogin": "sesame-3",
			"scimdrift/prod":          "sesame-4",
		}},
		{
			"logout client_secret", "", 0, "removed connections.prod.onelogin.client_secret",
			memoryKeyring{"scimdrift/prod": "sesame-4"},
		},
		{
			"config check --secrets", "", 1, "c.toml:4: connections.prod.onelogin.client_secret comes from the " +
				"keyring's entry \"scimdrift/prod/onelogin\": the keyring has no such entry; store it with scimdrift " +
				"login",
			memoryKeyring{"scimdrift/prod": "sesame-4"},
		},
		{
			"logout", "", 0,
			"connections.prod.onelogin.client_secret (\"scimdrift/prod/onelogin\") was not in the keyring",
			memoryKeyring{},
		},
		{
			"login token", "ses ame\n", 1, "token was not stored: the secret holds white space", memoryKeyring{},
		},
		{"login password", "", 1, "scimdrift login does not take password; call it as", memoryKeyring{}},
	} {
		out, errs, code := withKeyring(t, k, step.stdin, append(strings.Fields(step.args), "--config", file)...)
		if code != step.code || !strings.Contains(out+errs, step.says) || strings.Contains(out+errs, "sesame") {
			t.Errorf("%s: code %d, want %d and %q\n%s%s", step.args, code, step.code, step.says, out, errs)
		}
		for name := range step.kept {
			if k[name] != step.kept[name] {
				t.Errorf("%s: %s is %q, want %q", step.args, name, k[name], step.kept[name])
			}
		}
		if len(k) != len(step.kept) {
			t.Errorf("%s: the keyring holds %v", step.args, k)
		}
	}
}
