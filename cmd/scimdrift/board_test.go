package main

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
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
	if opened, err := openBrowser(t.Context(), "https://acme.onelogin.com/"); opened || err != nil {
		t.Errorf("over SSH opening gives %t, %v", opened, err)
	}
}

// TestBoardFollowsTheLog over the real adapters: the log of the demo, without what the board's own reading leaves in
// it.
func TestBoardFollowsTheLog(t *testing.T) {
	t.Parallel()
	p := newProgram(t.Output(), t.Output())
	p.flags.demo = true
	p.flags.tenant = tenantFlags{scenario: "drift", users: 40, groups: 10, seed: 1}
	s, err := p.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	c, err := s.outside().Load(t.Context(),
		drift.Watch{Part: func(model.Progress) {}, Interim: func(*drift.Comparison) {}})
	if err != nil {
		t.Fatal(err)
	}
	newest := c.Source.Events[0]
	events, err := s.outside().Events(t.Context(), newest.At)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range events {
		found = found || e.ID == newest.ID
	}
	if !found {
		t.Errorf("the newest event, %s, is not among the %d that following gives", newest.ID, len(events))
	}
}
