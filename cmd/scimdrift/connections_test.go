package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/tui"
)

// twoRigs are two tenants in one configuration, with a third connection to the second whose token is nowhere.
func twoRigs(t *testing.T) (first, second *rig, conns *configuredConnections) {
	t.Helper()
	dir := t.TempDir()
	rigs := make([]*rig, 2)
	for i := range rigs {
		of := tenants.Options{Seed: uint64(i + 1), Users: 60 - 20*i, Groups: 12}
		r, err := newRig(t.Context(), tenantFlags{Options: of},
			filepath.Join(dir, "one.toml"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = r.Close() })
		rigs[i] = r
	}
	_, more, _ := strings.Cut(rigs[1].Config(), "\n")
	text := rigs[0].Config() + "\n[connections.beta]\naccent = \"green\"\nread_only = true\n" +
		strings.ReplaceAll(more, "connections.sim", "connections.beta") +
		strings.ReplaceAll(lineless(more, "token"), "connections.sim", "connections.closed") +
		"\n[connections.closed.target.token]\nenv = \"SCIMDRIFT_TEST_NOWHERE\"\n"
	config := filepath.Join(dir, "two.toml")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newProgram(os.Stdout, os.Stderr)
	p.state, p.onBoard, p.flags.config = dir, true, config
	conns = &configuredConnections{program: p}
	t.Cleanup(conns.close)
	return rigs[0], rigs[1], conns
}

// openAndLoad opens the first of them, and reads it.
func openAndLoad(t *testing.T, conns *configuredConnections) (sim tui.Opened, c *drift.Comparison) {
	t.Helper()
	sim, err := conns.Open(t.Context(), "sim")
	if err == nil {
		c, err = sim.Load(t.Context(), quiet())
	}
	if err != nil {
		t.Fatal(err)
	}
	return sim, c
}

// lineless leaves out the line of a key.
func lineless(text, key string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, key+" ") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// TestARepairOnOneConnectionLeavesTheOther: not one write reaches it, and it reads as before.
func TestARepairOnOneConnectionLeavesTheOther(t *testing.T) {
	t.Parallel()
	first, second, conns := twoRigs(t)
	opened := map[string]tui.Opened{}
	before := map[string]*drift.Comparison{}
	for _, name := range []string{"sim", "beta"} {
		o, err := conns.Open(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		opened[name] = o
		if before[name], err = o.Load(t.Context(), quiet()); err != nil {
			t.Fatal(err)
		}
	}
	if !opened["beta"].ReadOnly || opened["sim"].ReadOnly || opened["beta"].Accent != "green" {
		t.Errorf("the connections were mixed up: %+v", opened)
	}
	made := oneDelete(t, opened["sim"], before["sim"])
	if _, _, err := opened["beta"].Run(t.Context(), made, nil, "", func(plan.RunProgress) {}); err == nil {
		t.Error("a plan of one connection was run on the other")
	}
	run, _, err := opened["sim"].Run(t.Context(), made, nil, "", func(plan.RunProgress) {})
	if err != nil || run.State != model.RunDone {
		t.Fatalf("the run ended as %s: %v", run.State, err)
	}
	if got := first.writes(); len(got) != 1 {
		t.Errorf("the first got %q, want one write", got)
	}
	if got := second.writes(); len(got) != 0 {
		t.Errorf("the second got %q, want none", got)
	}
	after, err := opened["beta"].Look(t.Context(), quiet())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before["beta"].Health().Findings, after.Health().Findings); diff != "" {
		t.Errorf("the second has changed (-before +after):\n%s", diff)
	}
	for name, want := range map[string]int{"sim": 1, "beta": 0} {
		if runs, err := opened[name].History(t.Context()); err != nil || len(runs) != want {
			t.Errorf("the history of %s has %d runs, want %d: %v", name, len(runs), want, err)
		}
	}
}

// oneDelete plans to delete the first group that lingers for certain.
func oneDelete(t *testing.T, on tui.Opened, c *drift.Comparison) *model.Plan {
	t.Helper()
	var picks []model.Pick
	for _, f := range c.Findings {
		if f.Kind == model.GroupLingering && f.Confidence == model.Certain {
			picks = append(picks, model.Pick{Finding: f.ID, Option: model.Option{
				Repair:  model.DeleteGroup,
				Channel: model.Direct,
			}})
			break
		}
	}
	made, err := on.Plan(t.Context(), picks, nil)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestRunsOfAnAppThatIsNamed by a pattern are known by the connection's name where nobody can be asked which app it is:
// in the list of connections always, and in the history while OneLogin does not answer.
func TestRunsOfAnAppThatIsNamed(t *testing.T) {
	t.Parallel()
	first, _, conns := twoRigs(t)
	text, err := os.ReadFile(conns.flags.config)
	if err == nil {
		named := strings.Replace(string(text), "app_id = 1001", `app_name = "AWS*"`, 1)
		err = os.WriteFile(conns.flags.config, []byte(named), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	sim, c := openAndLoad(t, conns)
	run, _, err := sim.Run(t.Context(), oneDelete(t, sim, c), nil, "", func(plan.RunProgress) {})
	if err != nil {
		t.Fatal(err)
	}
	unsettled := func() string {
		t.Helper()
		list, err := conns.List(t.Context())
		if err != nil || list[2].Connection != "sim" || list[2].Trouble != "" || list[0].Unsettled != "" {
			t.Fatalf("%v: %+v", err, list)
		}
		return list[2].Unsettled
	}
	if got := unsettled(); got != "" {
		t.Errorf("run %s is settled, and the list says otherwise", got)
	}
	journals, err := filepath.Glob(filepath.Join(conns.state, "*", "*"+run.ID+".jsonl"))
	if err != nil || len(journals) != 1 {
		t.Fatalf("%q: %v", journals, err)
	}
	lines, err := os.ReadFile(journals[0])
	if err == nil { // as if it had been killed after its write
		lines = bytes.Join(bytes.SplitAfter(lines, []byte("\n"))[:2], nil)
		err = os.WriteFile(journals[0], lines, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := unsettled(); got != run.ID {
		t.Errorf("the list knows of the run %q in doubt, want %s", got, run.ID)
	}
	if err := first.Faults.Add(fault.Fault{Kind: fault.Forbidden, Service: "onelogin", Path: "apps"}); err != nil {
		t.Fatal(err)
	}
	later, err := conns.Open(t.Context(), "sim")
	if err != nil {
		t.Fatal(err)
	}
	if runs, err := later.History(t.Context()); err != nil || len(runs) != 1 || runs[0].ID != run.ID {
		t.Errorf("while OneLogin does not answer the history has %d runs: %v", len(runs), err)
	}
}

// TestTheListNeedsNoSecrets and no service: it tells what the file and the state folder hold.
func TestTheListNeedsNoSecrets(t *testing.T) {
	t.Parallel()
	first, second, conns := twoRigs(t)
	asked := len(first.SCIM.Requests()) + len(second.SCIM.Requests()) + len(first.OneLogin.Requests()) +
		len(second.OneLogin.Requests())
	list, err := conns.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range list {
		names = append(names, c.Connection)
		if c.Health != nil || c.Unsettled != "" || c.Trouble != "" {
			t.Errorf("before anything was read something is known: %+v", c)
		}
	}
	if diff := cmp.Diff([]string{"beta", "closed", "sim"}, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"closed"}, list[0].SharedWith); diff != "" || !list[0].ReadOnly || list[2].ReadOnly ||
		list[0].Accent != "green" {
		t.Errorf("beta is listed as %+v", list[0])
	}
	if _, err := conns.Open(t.Context(), "closed"); err == nil ||
		!strings.Contains(err.Error(), "SCIMDRIFT_TEST_NOWHERE") {
		t.Errorf("a connection without its secret was opened, or does not say why not: %v", err)
	}
	if now := len(first.SCIM.Requests()) + len(second.SCIM.Requests()) + len(first.OneLogin.Requests()) +
		len(second.OneLogin.Requests()); now != asked {
		t.Errorf("%d requests were sent", now-asked)
	}
	_, c := openAndLoad(t, conns)
	if list, err = conns.List(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := c.Health()
	if list[2].Health == nil || !cmp.Equal(list[2].Health.Findings, want.Findings) ||
		!list[2].Health.At.Equal(want.At) || !list[2].Health.Complete {
		t.Errorf("remembered is %+v, want %+v", list[2].Health, want)
	}
	if list[0].Health != nil {
		t.Error("what was read of one is remembered of another")
	}
	beta, err := conns.openNamed(t.Context(), "beta")
	if err != nil {
		t.Fatal(err)
	}
	defer beta.close()
	if _, _, err := conns.readForDoctor(t.Context(), beta, lastKnown{}); err != nil {
		t.Fatal(err)
	}
	if list, err = conns.List(t.Context()); err != nil || list[0].Health == nil {
		t.Errorf("what doctor read is not remembered: %v", err)
	}
}

// TestTheListOutlivesItsMemory: what is remembered of a connection and damaged is said beside it, and hides none.
func TestTheListOutlivesItsMemory(t *testing.T) {
	t.Parallel()
	_, _, conns := twoRigs(t)
	_, _ = openAndLoad(t, conns)
	kept, err := filepath.Glob(filepath.Join(conns.state, "*", "health.json"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%q: %v", kept, err)
	}
	if err := os.WriteFile(kept[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := conns.List(t.Context()); err != nil || len(list) != 3 || list[2].Health != nil ||
		!strings.Contains(list[2].Trouble, "damaged") {
		t.Errorf("what is remembered is damaged, and the list says %+v, %v", list, err)
	}
}

func quiet() drift.Watch {
	return drift.Watch{Part: func(model.Progress) {}, Interim: func(*drift.Comparison) {}}
}

// What cannot be parsed is not shown: a password may stand anywhere in it.
func TestAddressesInTheList(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://scim.eu-west-1.amazonaws.com/T/scim/v2": "eu-west-1",
		"https://scim.corp.example/v2":                   "scim.corp.example",
		"https://me:sesame@scim.corp.example/v2?sesame":  "scim.corp.example", "https://me:sesame@[::1": "no address",
		"": "",
	} {
		if got := targetName(address); got != want {
			t.Errorf("%s is shown as %q, want %q", address, got, want)
		}
	}
}
