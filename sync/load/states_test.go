package load_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// fakeLogins tells that every login waits for approval, to be created or as state says, unless it fails with err.
type fakeLogins struct {
	state   string
	err     error
	failing func(user string) bool // nil: all of them, if err is set
	left    int
	known   bool
	gate    func(ctx context.Context)

	mu            sync.Mutex
	asked         []string
	running, most int
}

func (f *fakeLogins) Login(ctx context.Context, user string) (model.Login, error) {
	f.mu.Lock()
	f.asked = append(f.asked, user)
	f.running++
	f.most = max(f.most, f.running)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.running--
		f.mu.Unlock()
	}()
	if f.gate != nil {
		f.gate(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return model.Login{}, ctx.Err()
	case f.err != nil && (f.failing == nil || f.failing(user)):
		return model.Login{}, f.err
	}
	return model.Login{
		ID: "l" + user, Status: "enabling_pending_approval", State: cmp.Or(f.state, "provisioning_pending_approval"),
	}, nil
}

func (f *fakeLogins) Budget() model.Budget { return model.Budget{Known: f.known, Remaining: f.left} }

// unsynced makes a tenant of which some users never arrived.
func unsynced(users, absent int) (*fakeSource, *fakeTarget) {
	s, t := inSync(users)
	t.users = t.users[absent:]
	return s, t
}

func withLogins(s *fakeSource, t *fakeTarget, f *fakeLogins) *load.Loader {
	o := options()
	o.Logins = f
	return load.New(s, t, o)
}

func pendingOf(c *drift.Comparison) (n int) {
	for i := range c.Findings {
		if c.Findings[i].Cause == model.CausePendingApproval {
			n++
		}
	}
	return n
}

// The cost follows what has drifted, never the size of the tenant.
func TestStatesGrowWithTheFindings(t *testing.T) {
	t.Parallel()
	for _, users := range []int{50, 10_000} {
		f := &fakeLogins{}
		c := mustLoad(t, pendingTenant(users, 25, f))
		t.Logf("%d users, 25 findings: %d states asked for", users, len(f.asked))
		if len(f.asked) != 25 || pendingOf(c) != 25 || len(c.Notes) != 0 {
			t.Errorf("%d users: %d asked, %d explained, notes %q; want 25 each and nothing left out", users,
				len(f.asked), pendingOf(c), c.Notes)
		}
	}
	f := &fakeLogins{}
	if mustLoad(t, pendingTenant(10_000, 0, f)); len(f.asked) != 0 {
		t.Errorf("%d were asked about though nobody drifts", len(f.asked))
	}
}

func pendingTenant(users, absent int, f *fakeLogins) *load.Loader {
	s, t := unsynced(users, absent)
	return withLogins(s, t, f)
}

func TestStatesKeepToTheirBudget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		left  int
		known bool
		want  int
	}{
		{"the service says nothing", 0, false, 100},
		{"plenty is left", 5000, true, 100},
		{"little is left", 400, true, 20},
		{"nothing is left", 0, true, 0},
	} {
		f := &fakeLogins{left: c.left, known: c.known}
		got := mustLoad(t, pendingTenant(300, 150, f))
		if len(f.asked) != c.want || pendingOf(got) != c.want {
			t.Errorf("%s: %d asked, %d explained, want %d", c.name, len(f.asked), pendingOf(got), c.want)
		}
		if note := fmt.Sprintf("%d of 150", 150-c.want); len(got.Notes) != 1 || !strings.Contains(got.Notes[0], note) {
			t.Errorf("%s: notes %q do not say %q", c.name, got.Notes, note)
		}
		if f.most > 4 {
			t.Errorf("%s: %d at once", c.name, f.most)
		}
	}
}

// The states may be refused altogether: the load is as good as without them, and says so.
func TestStatesMayBeRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
		http.StatusTooManyRequests, http.StatusBadGateway,
	} {
		f := &fakeLogins{err: fmt.Errorf("no: %w", &transport.StatusError{Status: status})}
		c := mustLoad(t, pendingTenant(60, 40, f))
		if !complete(c) || len(c.Findings) != 40 || pendingOf(c) != 0 {
			t.Errorf("%d: complete %v, %d findings, %d explained", status, complete(c), len(c.Findings), pendingOf(c))
		}
		if len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "40 of 40") || !strings.Contains(c.Notes[0], "no: ") {
			t.Errorf("%d: notes %q", status, c.Notes)
		}
		refused := status == http.StatusUnauthorized || status == http.StatusForbidden
		if refused && len(f.asked) > 7 { // and who was under way; of the others the retry budget decides
			t.Errorf("%d: %d were asked about after all", status, len(f.asked))
		}
	}
}

func TestOneStateThatFailsKeepsNoOther(t *testing.T) {
	t.Parallel()
	f := &fakeLogins{err: &transport.StatusError{Status: http.StatusNotFound}}
	f.failing = func(user string) bool { return user == f.first() }
	c := mustLoad(t, pendingTenant(60, 40, f))
	if pendingOf(c) != 39 || len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "1 of 40") {
		t.Errorf("%d explained, notes %q", pendingOf(c), c.Notes)
	}
}

func (f *fakeLogins) first() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked[0]
}

// TestAFewWhoLingerShowThatRemovalsWait: they come behind those whom a push did not reach, and no more than a few.
func TestAFewWhoLingerShowThatRemovalsWait(t *testing.T) {
	t.Parallel()
	for left, want := range map[int]int{5000: 2 + 5, 40: 2} {
		s, tgt := unsynced(20, 2)
		for i := range s.roles {
			ids := &s.roles[i].Users.IDs
			*ids = slices.DeleteFunc(*ids, func(id string) bool { return len(id) == 2 && id >= "12" })
		}
		for i := 12; i < 20; i++ {
			s.users[i].Assigned = false
		}
		f := &fakeLogins{state: "deleting_pending_approval", left: left, known: true}
		c := mustLoad(t, withLogins(s, tgt, f))
		var said []string
		for _, check := range c.Checks {
			if check.ID == model.SetupApprovalBoxes || check.ID == model.SetupPendingApprovals {
				said = append(said, check.Seen)
			}
		}
		text := strings.Join(said, "\n")
		if len(f.asked) != want || !strings.Contains(text, fmt.Sprintf("%d tasks wait for approval", want)) ||
			!strings.Contains(text, fmt.Sprintf("Delete user is ticked, because %d such tasks wait", want)) {
			t.Errorf("of %d calls: %d were asked about, and it says\n%s", left, len(f.asked), text)
		}
	}
}

// What the app's settings explain needs no state.
func TestStatesOfAnAppThatIsOffAreNotAskedFor(t *testing.T) {
	t.Parallel()
	s, tgt := unsynced(20, 5)
	s.app.Provisioning = model.No
	f := &fakeLogins{}
	if mustLoad(t, withLogins(s, tgt, f)); len(f.asked) != 0 {
		t.Errorf("%d were asked about", len(f.asked))
	}
}

// The comparison is on the screen while the states are still being asked for.
func TestStatesStreamIn(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var shown []*drift.Comparison
	f := &fakeLogins{}
	f.gate = func(context.Context) {
		mu.Lock()
		defer mu.Unlock()
		last := shown[len(shown)-1]
		if !complete(last) || len(last.Findings) != 3 || pendingOf(last) != 0 {
			t.Errorf("before the states: complete %v, %d findings, %d explained", complete(last), len(last.Findings),
				pendingOf(last))
		}
	}
	c, err := pendingTenant(20, 3, f).Load(t.Context(), drift.Watch{Interim: func(c *drift.Comparison) {
		mu.Lock()
		defer mu.Unlock()
		shown = append(shown, c)
	}})
	if err != nil || pendingOf(c) != 3 {
		t.Errorf("%v; %d explained", err, pendingOf(c))
	}
}

func TestCancelWhileStatesAreRead(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	f := &fakeLogins{gate: func(ctx context.Context) { cancel(); <-ctx.Done() }}
	l := pendingTenant(60, 40, f)
	if c, err := l.Load(ctx, drift.Watch{}); err == nil || c != nil {
		t.Errorf("a load that was ended gave %v, %v", c, err)
	}
	if len(f.asked) > 4 {
		t.Errorf("%d were asked about after the end", len(f.asked))
	}
	f.gate = nil
	if c := mustLoad(t, l); pendingOf(c) != 40 {
		t.Errorf("the next load explains %d", pendingOf(c))
	}
}

func TestRefreshAsksForTheStateAgain(t *testing.T) {
	t.Parallel()
	f := &fakeLogins{left: 20, known: true} // one user of the two
	l := pendingTenant(20, 2, f)
	c := mustLoad(t, l)
	if pendingOf(c) != 1 {
		t.Fatalf("%d explained, want the budget's one", pendingOf(c))
	}
	at := slices.IndexFunc(c.Findings, func(x model.Finding) bool { return x.Cause == model.CauseUnknown })
	again, err := l.Refresh(t.Context(), c.Findings[at].Subject)
	if err != nil || pendingOf(again) != 2 {
		t.Errorf("%v; %d explained after the refresh, want both", err, pendingOf(again))
	}
	f.err = &transport.StatusError{Status: http.StatusForbidden}
	again, err = l.Refresh(t.Context(), c.Findings[at].Subject)
	if err != nil || pendingOf(again) != 1 {
		t.Errorf("%v; %d explained after a refused refresh: the old state stands as if it were new", err,
			pendingOf(again))
	}
}

// A look at a source that has not changed asks anew for those alone of whom the log tells, and for few.
func TestALookKeepsTheStatesThatAreKnown(t *testing.T) {
	t.Parallel()
	f := &fakeLogins{}
	s, tgt := unsynced(50, 25)
	l := withLogins(s, tgt, f)
	mustLoad(t, l)
	for _, want := range []int{25, 26} {
		c, err := l.Look(t.Context(), drift.Watch{}, false)
		if err != nil || len(f.asked) != want || pendingOf(c) != 25 {
			t.Errorf("%d asked, want %d; %d explained, %v", len(f.asked), want, pendingOf(c), err)
		}
		s.events = append(s.events, model.Event{
			ID: "p", Type: model.EventUpdateFailed, AppID: s.app.ID, UserID: "3", At: moment().Add(time.Minute),
		})
	}
}
