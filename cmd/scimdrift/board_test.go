package main

import "testing"

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
	if opened, err := openBrowser(t.Context(), "https://acme.onelogin.com/"); opened || err != nil {
		t.Errorf("over SSH opening gives %t, %v", opened, err)
	}
}
