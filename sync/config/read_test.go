package config_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/config"
)

func write(t *testing.T, text string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask says
		t.Fatal(err)
	}
	return path
}

func TestLiteralSecretsWantAPrivateFile(t *testing.T) {
	t.Parallel()
	literalToken := edit(targetEnv, `token = "`+targetSecret+`"`)
	literalSecret := edit(sourceEnv, `client_secret = "`+sourceSecret+`"`)
	local := strings.NewReplacer(oneLoginURL, `url = "http://127.0.0.1:8181"`, targetURL,
		`url = "http://[::1]:8181/t/scim/v2"`)
	halfLocal := strings.NewReplacer(oneLoginURL, `url = "http://127.0.0.1:8181"`)
	modes := runtime.GOOS != "windows" // which has no such bits
	for name, c := range map[string]struct {
		text    string
		mode    fs.FileMode
		refused string
	}{
		"private":               {text: literalToken, mode: 0o600},
		"group may write only":  {text: literalToken, mode: 0o620},
		"group may read":        {text: literalToken, mode: 0o640, refused: "connections.only.target.token"},
		"world may read":        {text: literalSecret, mode: 0o604, refused: "connections.only.onelogin.client_secret"},
		"all may read":          {text: literalSecret, mode: 0o644, refused: "connections.only.onelogin.client_secret"},
		"no secret in the file": {text: short, mode: 0o644},
		"loopback on both":      {text: local.Replace(literalToken), mode: 0o644},
		"loopback on one only": {
			text: halfLocal.Replace(literalToken), mode: 0o644,
			refused: "connections.only.target.token",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, c.text, c.mode)
			file, err := config.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = file.Connection(t.Context(), "", secrets())
			noSecret(t, err)
			switch want := c.refused + " stands in a file that others can read; run: chmod 600 " + path; {
			case c.refused == "" || !modes:
				if err != nil {
					t.Error(err)
				}
			case err == nil || !strings.HasPrefix(err.Error(), path+":") || !strings.HasSuffix(err.Error(), ": "+want):
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "none.toml")
	if _, err := config.Read(missing); err == nil || !strings.Contains(err.Error(), missing) ||
		!strings.Contains(err.Error(), "--demo") {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := config.Read(dir); err == nil || !strings.Contains(err.Error(), dir) ||
		!strings.HasSuffix(err.Error(), "; check the path and its rights") {
		t.Errorf("a folder: %v", err)
	}
	broken := write(t, "\nx = [", 0o600)
	if _, err := config.Read(broken); err == nil || !strings.HasPrefix(err.Error(), broken+":2:") {
		t.Errorf("a broken file: %v", err)
	}
}

func TestDefaultPathEndsAsDocumented(t *testing.T) {
	t.Parallel()
	if path := config.DefaultPath(); !strings.HasSuffix(path, filepath.Join("scimdrift", "config.toml")) ||
		!filepath.IsAbs(path) {
		t.Errorf("default path %q", path)
	}
}
