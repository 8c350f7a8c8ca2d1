package main

import (
	"io"
	"testing"

	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/export"
)

// TestNoBrowserOverSSH: what would open at the other end, or nowhere, is shown and not opened.
func TestNoBrowserOverSSH(t *testing.T) {
	for _, name := range []string{"SSH_TTY", "SSH_CONNECTION"} {
		env := map[string]string{name: "/dev/pts/1", "DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
		if browserReachable(func(v string) string { return env[v] }) {
			t.Errorf("with %s a browser is opened", name)
		}
	}
	if !browserReachable(func(v string) string { return map[string]string{"DISPLAY": ":0"}[v] }) {
		t.Error("with a display no browser is opened")
	}
	t.Setenv("SSH_TTY", "/dev/pts/1")
	if opened, err := (webBrowser{}).Open(t.Context(), "https://acme.onelogin.com/"); opened || err != nil {
		t.Errorf("over SSH opening gives %t, %v", opened, err)
	}
}

// TestWhatIsExportedCanBeHadAgain: the command line beside an export is about the same records, whatever says which.
func TestWhatIsExportedCanBeHadAgain(t *testing.T) {
	t.Parallel()
	picked, err := filter.Parse("sev:high it's")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		flags []string
		form  export.Form
		want  string
	}{
		{
			[]string{"--demo", "--seed", "2", "--scenario", "drift", "--users", "900", "--lens"},
			export.Plan,
			`scimdrift plan --filter 'sev:high it'\''s' --out 'a b' --demo --lens --scenario drift --seed 2 ` +
				`--users 900`,
		},
		{
			[]string{"--config", "my file.toml", "--connection", "test", "--no-color", "--quiet"},
			export.Markdown,
			`scimdrift check --last --filter 'sev:high it'\''s' -o markdown --connection prod ` +
				`--config 'my file.toml' > 'a b'`,
		},
	} {
		p := newProgram(io.Discard, io.Discard)
		if err := p.root().PersistentFlags().Parse(c.flags); err != nil {
			t.Fatal(err)
		}
		e := export.Export{Connection: "prod", Form: c.form, Filter: picked}
		if got := p.equivalentCommand(e, "a b"); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
