package model_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
)

func TestWhatIsLeftWillDoOrNot(t *testing.T) {
	t.Parallel()
	left := func(n int) model.Budget { return model.Budget{Known: true, Limit: 5000, Remaining: n} }
	for _, c := range []struct {
		budget model.Budget
		calls  int
		want   model.Sufficiency
	}{
		{left(5000), 4100, model.Enough},
		{left(4600), 4100, model.Enough},
		{left(4599), 4100, model.Tight},
		{left(4100), 4100, model.Tight},
		{left(4099), 4100, model.Short},
		{left(0), 1, model.Short},
		{left(5000), 0, model.Unreckoned},
		{model.Budget{}, 4100, model.Unreckoned},
	} {
		if got := c.budget.SufficiencyFor(c.calls); got != c.want {
			t.Errorf("%d calls of %d: %d, want %d", c.calls, c.budget.Remaining, got, c.want)
		}
	}
}

func TestABudgetIsWholeAgainAfterItsReset(t *testing.T) {
	t.Parallel()
	seen := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	said := model.Budget{Known: true, Limit: 5000, Remaining: 7, Reset: seen.Add(10 * time.Minute)}
	silent := model.Budget{Known: true, Limit: 5000, Remaining: 7}
	for _, c := range []struct {
		budget model.Budget
		after  time.Duration
		want   int
	}{
		{said, 9 * time.Minute, 7},
		{said, 10 * time.Minute, 5000},
		{silent, 59 * time.Minute, 7},
		{silent, time.Hour, 5000},
		{model.Budget{}, 5 * time.Hour, 0},
	} {
		if got := c.budget.At(seen, seen.Add(c.after)).Remaining; got != c.want {
			t.Errorf("%+v after %s: %d left, want %d", c.budget, c.after, got, c.want)
		}
	}
}

// A read that was cut short, as by the limit itself, never makes the next one look cheaper.
func TestACutReadIsNoCheapOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := model.ReadCost{Calls: rapid.IntRange(0, 9000).Draw(t, "before")}
		calls := rapid.IntRange(0, 9000).Draw(t, "calls")
		if got := before.Next(time.Time{}, calls, false, model.Budget{}).Calls; got < before.Calls || got < calls {
			t.Fatalf("%d after %d and a cut read of %d", got, before.Calls, calls)
		}
		if got := before.Next(time.Time{}, calls, true, model.Budget{}).Calls; got != calls {
			t.Fatalf("%d after a whole read of %d", got, calls)
		}
	})
}
