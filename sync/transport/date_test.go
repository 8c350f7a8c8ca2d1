package transport

import (
	"testing"
	"time"
)

// The set-up checks compare clocks and show budgets by what each answer carried, so an answer that carried nothing must
// not repeat what an earlier one said.
func TestAnswersTellTheServicesClockAndBudget(t *testing.T) {
	t.Parallel()
	recorder := NewRecorder(10)
	c, _ := serve(t, script(
		answer(200, "{}", "Date", "Mon, 23 Nov 2026 07:55:00 GMT", "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining",
			"12", "X-RateLimit-Reset", "60"),
		answer(200, "{}", "Date", "yesterday"),
	), Options{Recorder: recorder})
	var into struct{}
	for range 2 {
		if _, err := c.GetJSON(t.Context(), "/x", "", &into); err != nil {
			t.Fatal(err)
		}
	}
	events := recorder.Exchanges()
	want := time.Date(2026, 11, 23, 7, 55, 0, 0, time.UTC)
	if !events[0].Date.Equal(want) || !events[0].Budget.Known || events[0].Budget.Remaining != 12 {
		t.Errorf("first: date %s, budget %+v", events[0].Date, events[0].Budget)
	}
	if !events[1].Date.IsZero() || events[1].Budget.Known {
		t.Errorf("second: date %s, budget %+v, want none", events[1].Date, events[1].Budget)
	}
	if got := c.Budget(); got.Remaining != 12 {
		t.Errorf("the last budget that was told is %+v", got)
	}
}
