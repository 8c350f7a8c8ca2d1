package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/config"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// wizard runs init with answers on standard input, as without a terminal, and gives what it said and the file.
func wizard(t *testing.T, k config.Keyring, file, answers string) (said string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	p := newProgram(&out, &errs)
	p.stdin, p.secrets.Keyring = strings.NewReader(answers), k
	p.secrets.Env = func(name string) (string, bool) { return "sesame-wrong", name == "ONELOGIN_CLIENT_SECRET" }
	code = p.execute(t.Context(), []string{"init", "--config", file})
	return out.String() + errs.String(), code
}

// connectionIn is a connection to services that answer as long as the test goes on.
func connectionIn(t *testing.T, dir string) config.Connection {
	t.Helper()
	of := tenants.Options{Scenario: "drift", Users: 30, Groups: 8, Seed: 1}
	r, err := newRig(t.Context(), tenantFlags{Options: of},
		filepath.Join(dir, "sim.toml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	known, err := config.Read(r.config)
	if err != nil {
		t.Fatal(err)
	}
	c, err := known.Connection(t.Context(), "", config.Sources{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWizardLineByLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := connectionIn(t, dir)
	file := filepath.Join(dir, "new", "config.toml")
	k := memoryKeyring{}
	answers := strings.Join([]string{
		c.OneLogin.URL, c.OneLogin.ClientID,
		"2", "ONELOGIN_CLIENT_SECRET", // in a variable, which holds a wrong one
		"y", "", "", // try again with the same account and id
		"3", "", "printf sesame-wrong-too", // by a command, which is asked for twice, and prints a wrong one
		"y", "", "",
		"1", c.OneLogin.ClientSecret, // in the keyring
		"",                       // the first app
		"nonsense", c.Target.URL, // an address only at the second try
		"4", c.Target.Token, // in the file
		"(", "^aws-", // a pattern only at the second try
		"y",
	}, "\n") + "\n"
	said, code := wizard(t, k, file, answers)
	if code != exitOK {
		t.Fatalf("code %d\n%s", code, said)
	}
	for _, want := range []string{
		"check client_id and client_secret", "1. AWS IAM Identity Center (", "write https://HOST/PATH",
		"no pattern (RE2)",
		"The target answers and takes the token.", "token = '***'", "wrote connection prod",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q was not said:\n%s", want, said)
		}
	}
	for what, secret := range map[string]string{"client secret": c.OneLogin.ClientSecret, "token": c.Target.Token} {
		if strings.Contains(said, secret) {
			t.Errorf("the %s is shown:\n%s", what, said)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), c.OneLogin.ClientSecret) ||
		k["scimdrift/prod/onelogin"] != c.OneLogin.ClientSecret {
		t.Errorf("the client secret belongs into the keyring only:\n%s", text)
	}
	made, err := config.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := made.Connection(t.Context(), "", config.Sources{Keyring: k})
	if err != nil || got.Target.Token != c.Target.Token || got.OneLogin.AppID != c.OneLogin.AppID ||
		got.Groups.Roles.String() != "^aws-" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, stderr, code := withKeyring(t, k, "", "check", "--quiet", "--config", file); code != exitDrift {
		t.Errorf("the check ends with %d\n%s", code, stderr)
	}

	if said, _ := wizard(t, k, file, "prod\nother\n"); !strings.Contains(said,
		"has a connection prod already; choose another name, or edit the file") ||
		!strings.Contains(said, "OneLogin account") {
		t.Errorf("a name that is taken is not asked for again:\n%s", said)
	}

	// A wizard that is left writes nothing, wherever that is, and says so.
	lines := strings.SplitAfter(answers, "\n")
	for n := range lines {
		left := filepath.Join(t.TempDir(), "config.toml")
		kept := memoryKeyring{}
		said, code := wizard(t, kept, left, strings.Join(lines[:n], ""))
		written, _ := os.ReadFile(left)
		if done := n == len(lines)-1; done != (code == exitOK) || done != (len(written) > 0) ||
			done != (len(kept) > 0) {
			t.Errorf("after %d answers: code %d, %d bytes, %d secrets kept\n%s", n, code, len(written), len(kept), said)
		}
	}
	if said, code := wizard(t, k, filepath.Join(dir, "no.toml"),
		strings.TrimSuffix(answers, "y\n")+"n\n"); code != exitFailed ||
		!strings.Contains(said, "nothing was written") {
		t.Errorf("after a no: code %d\n%s", code, said)
	}
}

// somebodyElse answers yes, having written to the file meanwhile.
type somebodyElse string

func (file somebodyElse) Read(p []byte) (int, error) {
	return copy(p, "y\n"), os.WriteFile(string(file), []byte("[ui]\n"), 0o600)
}

// What somebody else has written while the questions were asked is not written over.
func TestTheFileIsChangedMeanwhile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, file := connectionIn(t, dir), filepath.Join(dir, "config.toml")
	var out, errs bytes.Buffer
	p := newProgram(&out, &errs)
	p.stdin, p.secrets.Env = somebodyElse(file), func(name string) (string, bool) {
		return map[string]string{"S": c.OneLogin.ClientSecret, "T": c.Target.Token}[name], true
	}
	code := p.execute(t.Context(), []string{
		"init", "--config", file, "--onelogin-url", c.OneLogin.URL, "--client-id", c.OneLogin.ClientID,
		"--client-secret-env", "S", "--app-id", "1001", "--target-url", c.Target.URL, "--token-env", "T",
		"--roles", "^aws-",
	})
	if text, err := os.ReadFile(file); code != exitFailed || err != nil || string(text) != "[ui]\n" ||
		!strings.Contains(errs.String(), "was changed meanwhile, and nothing was written; start again") {
		t.Errorf("code %d, %v: the file holds %q\n%s", code, err, text, errs.String())
	}
}

// Where the keyring does not take the second secret, the first is in it already, and both are named.
func TestWizardWithAFullKeyring(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := connectionIn(t, dir)
	both := strings.Join([]string{
		c.OneLogin.URL, c.OneLogin.ClientID, "1", c.OneLogin.ClientSecret, "", c.Target.URL, "1", c.Target.Token,
		"^aws-", "y",
	}, "\n") + "\n"
	again := strings.Replace(both, "1\n"+c.OneLogin.ClientSecret, "1\nsesame-wrong\ny\n\n\n4\n"+
		c.OneLogin.ClientSecret, 1)
	kept := memoryKeyring{} // nothing that was refused, and then kept elsewhere
	if said, code := wizard(t, kept, filepath.Join(dir, "again.toml"), again); code != exitOK || len(kept) != 1 {
		t.Errorf("kept elsewhere at the second try: code %d, %d in the keyring\n%s", code, len(kept), said)
	}
	full := fullKeyring{memoryKeyring{}, 1}
	if said, code := wizard(t, full, filepath.Join(dir, "full.toml"), both); code != exitFailed ||
		!strings.Contains(said, "the secret for scimdrift/prod/target was not stored, and the configuration was not "+
			"written") || !strings.Contains(said, "the keyring holds scimdrift/prod/onelogin by now") ||
		full.memoryKeyring["scimdrift/prod/onelogin"] != c.OneLogin.ClientSecret {
		t.Errorf("with room for one: code %d\n%s", code, said)
	}
}

// fullKeyring has room for so many entries.
type fullKeyring struct {
	memoryKeyring

	room int
}

func (k fullKeyring) Set(ctx context.Context, name, secret string) error {
	if len(k.memoryKeyring) == k.room {
		return errors.New("it is full")
	}
	return k.memoryKeyring.Set(ctx, name, secret)
}

// A dotfile that is a link to where it is kept stays one, and nobody else can read what it leads to.
func TestInitWritesThroughALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	kept, link := filepath.Join(dir, "kept.toml"), filepath.Join(dir, "config.toml")
	if err := os.WriteFile(kept, []byte("# mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(kept, link); err != nil {
		t.Skip("this system makes no links: ", err)
	}
	path, err := resolveSymlinks(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(path, []byte("# new\n")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
	if text, err := os.ReadFile(kept); err != nil || string(text) != "# new\n" {
		t.Errorf("%q, %v", text, err)
	}
	none := filepath.Join(dir, "none.toml")
	if path, err := resolveSymlinks(none); err != nil || path != none {
		t.Errorf("a file that is not there: %s, %v", path, err)
	}
}

// Whether a file can be made is seen before the keyring holds a secret that nothing would refer to.
func TestRoomForTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := ensureWritable(filepath.Join(dir, "new", "config.toml")); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "new")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ensureWritable(filepath.Join(dir, "file", "config.toml")); err == nil ||
		!strings.Contains(err.Error(), "name another file with --config") {
		t.Errorf("got %v", err)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"acme": "https://acme.onelogin.com", "acme.onelogin.com/": "https://acme.onelogin.com",
		"https://acme.us.onelogin.com/": "https://acme.us.onelogin.com",
		"http://127.0.0.1:80":           "http://127.0.0.1:80", "": "",
	} {
		if got := accountURL(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestPatternsOffered(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"^aws-":  {"aws-admins", "aws-dev", "Default"},
		`^AWS\.`: {"AWS.a", "AWS.b"},
		"^aws_":  {"aws_a", "aws_b", "x-a", "x_b"},
		"":       {"aws-admins", "Default"},
	} {
		if got := commonPattern(names); got != want {
			t.Errorf("%v gives %q, want %q", names, got, want)
		}
	}
}

func TestLikelyAppsComeFirst(t *testing.T) {
	t.Parallel()
	got := awsAppsFirst([]onelogin.ListedApp{
		{ID: "1", Name: "Zoom"},
		{ID: "2", Name: "Amazon shop"},
		{ID: "3", Name: "AWS IAM Identity Center"},
		{ID: "4", Name: "AWS (old)"},
		{ID: "5", Name: "alpha"},
	})
	var ids string
	for _, a := range got {
		ids += a.ID
	}
	if ids != "34251" {
		t.Errorf("the order is %s", ids)
	}
}
