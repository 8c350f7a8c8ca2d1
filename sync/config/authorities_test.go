package config_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/config"
)

// Whoever starts the program in another folder means the same file.
func TestAuthoritiesStandBesideTheFile(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	defer srv.Close()
	dir := t.TempDir()
	put := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}))
	put("text.pem", []byte("hello\n"))
	for written, want := range map[string]string{
		"ca.pem": "", "./ca.pem": "", filepath.Join(dir, "ca.pem"): "",
		"none.pem": "connections.only.target.ca_file cannot be read: ",
		"text.pem": "connections.only.target.ca_file names " + filepath.Join(dir, "text.pem") +
			", which holds no certificate; it must be PEM",
	} {
		put("config.toml", []byte(edit(targetEnv, targetEnv+"\nca_file = '"+written+"'")))
		file, err := config.Read(filepath.Join(dir, "config.toml"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := file.Checked("")
		if err != nil {
			t.Fatal(err)
		}
		pool, err := c.Target.Authorities()
		switch {
		case want == "" && (err != nil || pool == nil):
			t.Errorf("%s: %v", written, err)
		case want != "" && (err == nil ||
			!strings.HasPrefix(err.Error(), filepath.Join(dir, "config.toml")+":9: "+want)):
			t.Errorf("%s: %v, want file, line and %q", written, err, want)
		}
	}
}
