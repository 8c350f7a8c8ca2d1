package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// killer stands between a program and the simulation, and kills the program at one of its requests: before the
// simulation hears of it, or when that has answered and the program has not heard.
type killer struct {
	next http.Handler
	// armed is nil while nobody is to be killed.
	armed   atomic.Pointer[moment]
	process chan *os.Process
	dead    chan struct{}

	all, wrote atomic.Int64
	once       sync.Once
}

// moment is one request, counted from 1 among all or among those that write, and the side of it.
type moment struct {
	at            int64
	writes, after bool
}

func (k *killer) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	m, n := k.armed.Load(), k.all.Add(1)
	if m != nil && m.writes {
		n = 0
		if r.Method != http.MethodGet && strings.Contains(r.URL.Path, "/scim/") ||
			strings.HasSuffix(r.Header.Get("X-Amz-Target"), "teAccountAssignment") { // Create and Delete
			n = k.wrote.Add(1)
		}
	}
	if m == nil || n != m.at {
		k.next.ServeHTTP(rw, r)
		return
	}
	if m.after {
		k.next.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
	}
	k.once.Do(func() {
		_ = (<-k.process).Kill()
		<-k.dead
	})
	panic(http.ErrAbortHandler)
}

// behind puts a killer in front of the bench's simulation, in a process of whose own the program then runs.
func (b *bench) behind() *killer {
	b.t.Helper()
	to, err := url.Parse(b.URL())
	if err != nil {
		b.t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	wire := &http.Transport{}
	proxy.Transport = wire
	k := &killer{next: proxy, process: make(chan *os.Process, 1), dead: make(chan struct{})}
	server := httptest.NewServer(k)
	b.t.Cleanup(func() { server.Close(); wire.CloseIdleConnections() })
	text, err := os.ReadFile(b.config)
	if err == nil {
		err = os.WriteFile(b.config, []byte(strings.ReplaceAll(string(text), b.URL(), server.URL)), 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return k
}

// applyAndDie applies a plan in a process that the killer ends, or that ends by itself.
func (b *bench) applyAndDie(k *killer, plan *model.Plan, file string) (killed bool) {
	b.t.Helper()
	program := process(b.t.Context(), b.t, "apply", file, "--yes", "--checksum", plan.Checksum, "--config", b.config)
	program.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Dir(b.state))
	if err := program.Start(); err != nil {
		b.t.Fatal(err)
	}
	k.process <- program.Process
	_ = program.Wait() // how it ended is asked below
	close(k.dead)
	return !program.ProcessState.Exited()
}

// open are the ids of the findings that there are.
func (b *bench) open() []string {
	b.t.Helper()
	ids := map[string]bool{}
	c, _ := checkJSON(b.t, "--config", b.config)
	for _, f := range c.Findings {
		ids[f.ID] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// TestKilled kills the real program at twenty moments, among them just before and just after each write. The next start
// knows what happened, begins nothing new before what is in doubt is settled, and then finishes the work or takes it
// back.
func TestKilled(t *testing.T) {
	t.Parallel()
	longTable(t)
	first, step := sample.Every(t)
	for i := first; i < 20; i += step {
		m := moment{writes: i < 10, after: i%2 == 1, at: int64(1 + i/2)}
		if !m.writes { // all over the run, its reading included
			m.at = int64(4 + 4*(i-10))
		}
		name := fmt.Sprintf("request %d, after %v", m.at, m.after)
		if m.writes {
			name = fmt.Sprintf("write %d, after %v", m.at, m.after)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killed(t, m, i%4 < 2 && i != 8 && i != 9) // undone are created users, in four writes
		})
	}
}

func killed(t *testing.T, m moment, back bool) {
	t.Helper()
	b := newBench(t, tenantFlags{Options: tenants.Options{Seed: 1, Scenario: "drift"}})
	k := b.behind()
	b.state = filepath.Join(filepath.Dir(b.state), "home", "scimdrift")
	b.configure("[connections.sim.guard]\nmax_delete_percent = 100\n")
	before := b.open()
	choice := []string{"--kind", "group-lingering", "--repair", "delete-group"}
	if back {
		choice = []string{"--kind", "user-unsynced", "--repair", "create-user"}
	}
	plan, file := b.plan(choice...)
	run, done := b.killedAt(k, m, plan, file, b.writes)
	if run == "" {
		if code := b.again(choice); code != exitOK {
			t.Errorf("the next run ends with %d", code)
		}
		return
	}
	if back && done > 0 {
		if code := b.undone(run); code != exitOK {
			t.Fatalf("undo ends with %d", code)
		}
		if diff := cmp.Diff(before, b.open()); diff != "" {
			t.Errorf("undone, this is different (-before +now):\n%s", diff)
		}
		return
	}
	if code := b.again(choice); code != exitOK {
		t.Fatalf("the next run ends with %d", code)
	}
	all := b.writes()
	slices.Sort(all)
	if want := printed(plan); len(all) != len(want) || len(slices.Compact(all)) != len(want) {
		t.Errorf("%q was sent in all, want each of %q once", all, want)
	}
}

// killedAt applies a plan in a process that is killed at a moment, and has what is in doubt settled. It gives the run,
// none if nothing had begun, and how many of its writes were done; those are the ones that were sent.
func (b *bench) killedAt(k *killer, m moment, plan *model.Plan, file string, writes func() []string) (string, int) {
	b.t.Helper()
	k.all.Store(0)
	k.armed.Store(&m)
	if !b.applyAndDie(k, plan, file) {
		b.t.Fatalf("it was not killed, and sent %q", writes())
	}
	k.armed.Store(nil)
	sent := writes()
	runs := b.runs()
	if len(runs) == 0 {
		if len(sent) > 0 {
			b.t.Fatalf("nobody knows of %q", sent)
		}
		return "", 0
	}
	run := runs[0]
	if !run.Settled() {
		if _, code := b.apply(b.t.Context(), nil, plan, file); code != exitFailed {
			b.t.Errorf("a new run ends with %d before the old one is settled", code)
		}
		if out, code := b.command(b.t.Context(), nil, "history"); code != exitOK || !strings.Contains(out, "--settle") {
			b.t.Errorf("history ends with %d and says\n%s", code, out)
		}
		// Not a line of what the killed process sent can be on its way any more.
		journals, err := filepath.Glob(filepath.Join(b.state, "*", run.ID+".jsonl"))
		if err != nil || len(journals) != 1 {
			b.t.Fatal(journals, err)
		}
		if err := backdate(journals[0], 10*time.Minute); err != nil {
			b.t.Fatal(err)
		}
		if _, code := b.command(b.t.Context(), nil, "history", run.ID, "--settle"); code != exitOK {
			b.t.Fatalf("it cannot be settled: %d", code)
		}
		run = b.runs()[0]
	}
	if diff := cmp.Diff(sent, writes()); diff != "" {
		b.t.Fatalf("something was written meanwhile: %s", diff)
	}
	var done []string
	for i, line := range sentAs(plan, run) {
		if run.Steps[i].State == model.StepConfirmed {
			done = append(done, line)
		}
	}
	if diff := cmp.Diff(done, sent); diff != "" {
		b.t.Fatalf("what the journal calls confirmed is not what was sent (-journal +sent):\n%s", diff)
	}
	return run.ID, len(done)
}

// TestKilledWhileAssignmentsMove kills the real program just before and just after each write of move-assignments, for
// two groups that were deleted in AWS and made again. At no moment has any group what it did not have before; what is
// left is moved by the next run, or what was moved is taken back.
func TestKilledWhileAssignmentsMove(t *testing.T) {
	t.Parallel()
	longTable(t)
	const writes = 10
	first, step := sample.Every(t)
	for i := first; i < 2*writes; i += step {
		m := moment{writes: true, after: i%2 == 1, at: int64(1 + i/2)}
		t.Run(fmt.Sprintf("write %d, after %v", m.at, m.after), func(t *testing.T) {
			t.Parallel()
			b := newLensBench(t, tenants.Options{Scenario: "deleted-in-aws-first", Seed: 3}, nil, nil)
			before := b.opensAll()
			b.presses(t, "refresh", "reapply")
			k := b.behind()
			b.state = filepath.Join(filepath.Dir(b.state), "home", "scimdrift")
			choice := []string{"--kind", "assignments-stranded", "--repair", "move-assignments"}
			plan, file := b.plan(choice...)
			if len(plan.Steps) != writes {
				t.Fatalf("the plan has %d steps", len(plan.Steps))
			}
			run, done := b.killedAt(k, m, plan, file, b.sentToAWS)
			b.wantNoMoreThan(before)
			if i%4 >= 2 && done > 0 {
				// What hung on an id that is gone cannot come back, and is named.
				if code := b.undone(run); code != exitOK && code != exitUnconfirmed {
					t.Fatalf("undo ends with %d", code)
				}
				b.wantNoMoreThan(before)
				return
			}
			if code := b.again(choice); code != exitOK {
				t.Fatalf("the next run ends with %d", code)
			}
			if diff := cmp.Diff(before, b.opensAll()); diff != "" {
				t.Errorf("what groups open (-before +after):\n%s", diff)
			}
			if sent := b.sentToAWS(); len(sent) != writes || b.dangling() > 0 {
				t.Errorf("%d assignments dangle after %q", b.dangling(), sent)
			}
		})
	}
}

// opensAll is what each group opens, those that are gone by the name that OneLogin remembers.
func (b *lensBench) opensAll() map[string][]string {
	b.world.Lock()
	defer b.world.Unlock()
	names := map[string]string{}
	for _, app := range b.world.Source.Apps {
		for name, id := range app.Entitlements {
			names[id] = name
		}
	}
	for id, g := range b.world.Target.Groups {
		names[id] = g.DisplayName
	}
	out := map[string][]string{}
	for _, a := range b.world.Target.Assignments {
		if name := names[a.PrincipalID]; name != "" {
			out[name] = append(out[name], a.AccountID+" "+a.PermissionSetARN)
		}
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}

// wantNoMoreThan fails if a group opens what it did not.
func (b *lensBench) wantNoMoreThan(before map[string][]string) {
	b.t.Helper()
	for name, opens := range b.opensAll() {
		for _, a := range opens {
			if !slices.Contains(before[name], a) {
				b.t.Errorf("%s opens %s, which it did not before", name, a)
			}
		}
	}
}

// again plans what is left and applies it; nothing being left is fine.
func (b *bench) again(choice []string) (code int) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "rest.json")
	if _, code := b.command(b.t.Context(), nil, append([]string{"plan", "--out", file}, choice...)...); code == exitOK {
		return exitOK
	}
	plan, err := newProgram(nil, nil).readPlan(file)
	if err != nil {
		b.t.Fatal(err)
	}
	_, code = b.apply(b.t.Context(), nil, plan, file)
	return code
}

// undone takes a run back.
func (b *bench) undone(run string) (code int) {
	b.t.Helper()
	said := &trigger{}
	b.command(b.t.Context(), said, "undo", run, "--yes")
	_, sum, _ := strings.Cut(said.text(), "add --checksum ")
	_, code = b.command(b.t.Context(), nil, "undo", run, "--yes", "--checksum", strings.Fields(sum + " none")[0])
	return code
}
