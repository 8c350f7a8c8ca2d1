package config_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"github.com/scimdrift/scimdrift/sync/config"
)

// fakeKeyring is a keyring in memory; broken makes it fail.
type fakeKeyring struct {
	entries map[string]string
	broken  error
}

func (k fakeKeyring) Get(_ context.Context, name string) (string, error) {
	text, ok := k.entries[name]
	switch {
	case k.broken != nil:
		return "", k.broken
	case !ok:
		return "", config.ErrNoEntry
	}
	return text, nil
}

func (fakeKeyring) Set(context.Context, string, string) error { return nil }
func (fakeKeyring) Delete(context.Context, string) error      { return nil }

// token fetches the target's token, written in this way.
func token(t *testing.T, form string, from config.Sources) (string, error) {
	t.Helper()
	from.Env = secrets().Env
	c, err := parse(t, edit(targetEnv, "token = "+form)).Connection(t.Context(), "", from)
	noSecret(t, err)
	return c.Target.Token, err
}

func TestSecretsFromEverywhere(t *testing.T) {
	t.Parallel()
	from := config.Sources{
		Keyring: fakeKeyring{entries: map[string]string{"scimdrift/prod": targetSecret + "\n", "empty": ""}},
		Run: func(_ context.Context, command []string) ([]byte, error) {
			switch command[len(command)-1] {
			case "$(id); op://x y":
				return []byte(targetSecret + "\r\n"), nil
			case "nothing":
				return []byte("\n"), nil
			case "lines":
				return []byte("one\ntwo\n"), nil
			}
			return nil, errors.New("failed (exit status 3)")
		},
	}
	for form, want := range map[string]string{
		`"` + targetSecret + `"`: targetSecret, `{ env = "SCIM_TOKEN" }`: targetSecret,
		`{ keyring = "scimdrift/prod" }`:          targetSecret,
		`{ command = ["op", "$(id); op://x y"] }`: targetSecret,
		`{ keyring = "none" }`: "error: comes from the keyring's entry \"none\": " +
			"the keyring has no such entry; store it with scimdrift login",
		`{ keyring = "empty" }`: "error: it is empty",
		`{ command = ["op", "nothing"] }`: "error: comes from the command op: it is " +
			"empty; run it by hand",
		`{ command = ["op", "lines"] }`: "error: holds white space",
		`{ command = ["op", "broken"] }`: "error: comes from the command op: failed " +
			"(exit status 3)",
		`{ command = "op read" }`: "error: there is no shell, so write",
		`{ command = [] }`:        "error: must be a string",
		`{ command = [""] }`:      "error: has a command without a program",
		`{ command = ["op", 5] }`: "error: has a command that is no list of " +
			"strings",
		`{ keyring = "` + strings.Repeat("0a", 32) +
			`" }`: "error: names an entry of the keyring that cannot exist",
		`{ keyring = "two words" }`: "error: names an entry of the keyring that " +
			"cannot exist",
		`{ keyring = "x", command = ["echo", "` + targetSecret + `"] }`: "error: must be a string",
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			got, err := token(t, form, from)
			text, failure := strings.CutPrefix(want, "error: ")
			switch {
			case failure && (err == nil ||
				!strings.HasPrefix(err.Error(), "c.toml:8: connections.only.target.token ") ||
				!strings.Contains(err.Error(), text)):
				t.Errorf("got %v, want file, line, key and %q", err, text)
			case !failure && (err != nil || got != want):
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// Looking at a configuration must not unlock a password manager.
func TestCheckingFetchesNothing(t *testing.T) {
	t.Parallel()
	f := parse(t, edit(targetEnv, `token = { command = ["op", "read"] }`))
	c, err := f.Checked("")
	if err != nil || c.OneLogin.ClientSecret != "" || c.Target.Token != "" {
		t.Fatalf("%+v, %v", c, err)
	}
	var asked []string
	for _, s := range c.Secrets() {
		asked = append(asked, s.String())
	}
	if got := strings.Join(asked, " "); got != `{ env = "ONELOGIN_CLIENT_SECRET" } { command = ["op", …] }` {
		t.Errorf("secrets come from %s", got)
	}
}

func TestRunCommand(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the commands of this test are those of a POSIX system")
	}
	for name, c := range map[string]struct {
		command []string
		want    string
	}{
		"output": {[]string{"printf", "%s\\n", "a $HOME; b"}, "a $HOME; b\n"},
		"exit status": {
			[]string{"sh", "-c", "echo " + targetSecret + "; echo " + targetSecret + " >&2; exit 3"},
			"error: failed (exit status 3); run it by hand",
		},
		"not there":    {[]string{"scimdrift-no-such-program"}, "error: is not installed or not in the PATH"},
		"path missing": {[]string{"/none/scimdrift"}, "error: could not be run"},
		"far too much": {[]string{"sh", "-c", "yes | head -c 100000"}, "error: more than 64 KiB"},
		"endless":      {[]string{"yes"}, "error: more than 64 KiB"},
		"no input":     {[]string{"cat"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := config.RunCommand(t.Context(), c.command)
			noSecret(t, err)
			text, failure := strings.CutPrefix(c.want, "error: ")
			if failure && (err == nil || !strings.Contains(err.Error(), text)) || !failure &&
				(err != nil || string(got) != c.want) {
				t.Errorf("got %.100q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestSystemKeyring(t *testing.T) { //nolint:paralleltest // the library's fake and the environment are global
	keyring.MockInit()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/none")
	k := config.SystemKeyring()
	if _, err := k.Get(t.Context(), "scimdrift/prod"); !errors.Is(err, config.ErrNoEntry) {
		t.Errorf("an entry that is not there gives %v", err)
	}
	if err := k.Set(t.Context(), "scimdrift/prod", targetSecret); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Get(t.Context(), "scimdrift/prod"); err != nil || got != targetSecret {
		t.Errorf("got %q, %v", got, err)
	}
	if err := k.Delete(t.Context(), "scimdrift/prod"); err != nil {
		t.Error(err)
	}
	if err := k.Delete(t.Context(), "scimdrift/prod"); !errors.Is(err, config.ErrNoEntry) {
		t.Errorf("a second delete gives %v", err)
	}
	for err, says := range map[error]string{
		keyring.ErrSetDataTooBig:       "too long for this keyring",
		keyring.ErrUnsupportedPlatform: "this machine has no keyring",
		errors.New("it is locked"):     "it is locked; unlock it, or use { env",
	} {
		keyring.MockInitWithError(err)
		if err := k.Set(t.Context(), "x", "y"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q: %v", says, err)
		}
	}
	if runtime.GOOS == "linux" {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
		t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		if _, err := k.Get(t.Context(), "x"); !errors.Is(err, config.ErrNoKeyring) ||
			!strings.Contains(err.Error(), "{ env =") {
			t.Errorf("without a session bus: %v", err)
		}
	}
}
