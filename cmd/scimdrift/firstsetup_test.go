package main

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// freshApp is a tenant whose app is new, and the program that reads it.
type freshApp struct {
	*rig

	t     *testing.T
	s     *session
	entry runbook.Entry
}

func newFreshApp(t *testing.T) *freshApp {
	t.Helper()
	of := tenants.Options{Scenario: "first-setup", Users: 12, Groups: 4, Seed: 1}
	r, err := newRig(t.Context(), tenantFlags{Options: of},
		filepath.Join(t.TempDir(), "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	p := newProgram(t.Output(), t.Output())
	p.flags.config, p.state = r.config, t.TempDir()
	s, err := p.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return &freshApp{r, t, s, runbook.Entry{Book: runbook.FirstSetup, Begun: time.Now()}}
}

// read loads both sides and gives the steps that are not settled, in their order, and the comparison.
func (u *freshApp) read() (open []string, c *drift.Comparison) {
	u.t.Helper()
	c, err := u.s.Load(u.t.Context(), drift.Watch{Part: func(model.Progress) {}, Interim: func(*drift.Comparison) {}})
	if err != nil {
		u.t.Fatal(err)
	}
	book, _ := runbook.Find(runbook.FirstSetup)
	for i, v := range book.Walk(u.entry.Case(c, nil)) {
		u.t.Logf("%-30s %-12s %s", book.Steps[i].ID, v.State, v.Seen)
		if !v.State.Settled() {
			open = append(open, book.Steps[i].ID)
		}
	}
	return open, c
}

func (u *freshApp) wants(when string, want ...string) *drift.Comparison {
	u.t.Helper()
	open, c := u.read()
	if !slices.Equal(open, want) {
		u.t.Errorf("%s, open are %s, want %s", when, strings.Join(open, " "), strings.Join(want, " "))
	}
	return c
}

// TestTheFirstSetUpFromNothingToInSync plays the guide from its first line against the simulated services, one reapply
// pressed too early: every press ticks its step when it is seen, what no API shows when a push proves it, and nothing
// before.
func TestTheFirstSetUpFromNothingToInSync(t *testing.T) {
	t.Parallel()
	u := newFreshApp(t)
	unproven := []string{"base-url", "token", "connection"}
	provisioning := []string{model.SetupProvisioningOff, model.SetupGroupsNotIncluded}
	pushing := []string{"reapply", "events", "users", "groups"}
	c := u.wants("at first", slices.Concat(unproven, provisioning, []string{"sync-logins"}, pushing)...)
	if first := runbook.BooksForConnection(c); len(first) == 0 || first[0] != runbook.FirstSetup {
		t.Errorf("offered first is %v", first)
	}

	u.presses(t, "reapply", "boxes/connection")
	u.wants("after a reapply that came too early", slices.Concat(unproven, provisioning, []string{"sync-logins"},
		pushing)...)
	u.presses(t, "boxes/provisioning", "boxes/include?parameter=groups")
	u.wants("with provisioning on and the groups in", slices.Concat(unproven, []string{"sync-logins"}, pushing)...)
	u.presses(t, "sync-logins")
	u.wants("after Sync logins", slices.Concat(unproven, pushing)...)
	u.presses(t, "reapply")
	c = u.wants("after the reapply")
	if first := runbook.BooksForConnection(c); len(first) > 0 {
		t.Errorf("in sync, %v is still offered", first)
	}
}

// TestTheFirstSetUpWithATokenThatIsRefused: OneLogin's log names it, and the step of the token opens with the log's
// words. Once the token is right, one more reapply settles all.
func TestTheFirstSetUpWithATokenThatIsRefused(t *testing.T) {
	t.Parallel()
	u := newFreshApp(t)
	if err := u.Faults.Add(fault.Fault{
		Service: fault.SCIM, Method: http.MethodPost, Kind: fault.Answer, Status: http.StatusUnauthorized,
		Body: `{"message":"no"}`,
	}); err != nil {
		t.Fatal(err)
	}
	u.presses(t, "boxes/connection", "boxes/provisioning", "boxes/include?parameter=groups", "sync-logins", "reapply")
	open, c := u.read()
	if !slices.Contains(open, "token") {
		t.Errorf("open are %s", strings.Join(open, " "))
	}
	book, _ := runbook.Find(runbook.FirstSetup)
	at := slices.IndexFunc(book.Steps, func(s runbook.Step) bool { return s.ID == "token" })
	if v := book.Walk(u.entry.Case(c, nil))[at]; v.State != runbook.Open ||
		!strings.Contains(v.Seen, "APP_COULD_NOT_AUTHENTICATE") {
		t.Errorf("the token is %s: %s", v.State, v.Seen)
	}
	u.Faults.Clear()
	u.presses(t, "reapply")
	u.wants("with the right token")
}
