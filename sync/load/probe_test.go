package load_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/load"
)

// asked is a source and a target that answer a probe and remember what they were asked.
type asked struct {
	calls  []string
	failed error
}

func (a *asked) AskBudget(context.Context) (model.Budget, error) {
	a.calls = append(a.calls, "budget")
	return model.Budget{Known: true, Limit: 5000, Remaining: 4000}, a.failed
}

func (a *asked) Capabilities(context.Context) model.Capabilities {
	a.calls = append(a.calls, "capabilities")
	return model.Capabilities{Cursor: model.Yes, Filter: model.Yes, MemberFilter: model.Yes}
}

func check(t *testing.T, c *drift.Comparison, id model.Kind) model.Check {
	t.Helper()
	for _, one := range c.Checks {
		if one.ID == id {
			return one
		}
	}
	t.Fatalf("there is no check %s", id)
	return model.Check{}
}

// probed loads a connection and probes it.
func probed(t *testing.T, a *asked, answers bool) *drift.Comparison {
	t.Helper()
	s, tgt := inSync(6)
	o := options()
	o.Observer = load.NewObserver(model.Facts{}, needs)
	l := load.New(s, tgt, o)
	mustLoad(t, l)
	if answers {
		o.Observer.Note(model.SourceSide, answered("/a", 200))
		o.Observer.Note(model.TargetSide, answered("/Users", 200))
	}
	after, err := l.Probe(t.Context(), a, a)
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func TestAProbeAsksForBudgetAndCapabilities(t *testing.T) {
	t.Parallel()
	a := &asked{}
	c := probed(t, a, true)
	if diff := cmp.Diff([]string{"budget", "capabilities"}, a.calls); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	for id, want := range map[model.Kind]model.CheckResult{
		model.SetupTargetCapabilities: model.CheckFine, model.SetupRateBudget: model.CheckFine,
	} {
		if got := check(t, c, id); got.Result != want {
			t.Errorf("%s: %s (%s), want %s", id, got.Result, got.Seen, want)
		}
	}
}

// TestASideThatIsDownIsNotAskedAgain: each of its requests would take minutes to fail.
func TestASideThatIsDownIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	a := &asked{}
	c := probed(t, a, false)
	if len(a.calls) != 0 {
		t.Errorf("asked for %v", a.calls)
	}
	if got := check(t, c, model.SetupTargetCapabilities); got.Result != model.CheckUnknown {
		t.Errorf("capabilities are %s: %s", got.Result, got.Seen)
	}
}

func TestAProbeThatFailsLeavesTheChecksOpen(t *testing.T) {
	t.Parallel()
	c := probed(t, &asked{failed: errors.New("forbidden; ask for more")}, true)
	if got := check(t, c, model.SetupRateBudget); got.Result != model.CheckUnknown {
		t.Errorf("the budget is %s: %s", got.Result, got.Seen)
	}
}

func TestAProbeNeedsALoad(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(2)
	o := options()
	o.Observer = load.NewObserver(model.Facts{}, needs)
	if _, err := load.New(s, tgt, o).Probe(t.Context(), &asked{}, &asked{}); !errors.Is(err, load.ErrNothingLoaded) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	l := load.New(s, tgt, o)
	mustLoad(t, l)
	cancel()
	if _, err := l.Probe(ctx, &asked{}, &asked{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled probe gives %v", err)
	}
}
