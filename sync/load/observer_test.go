package load_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// needs stands for the source adapter's: paths are their own names, and "/hint" says nothing.
func needs(path string) (what, scope string) {
	if path == "/hint" {
		return "", ""
	}
	return path, "Scope of " + path
}

func answered(path string, status int) transport.Event {
	return transport.Event{Kind: transport.EventAnswer, At: moment(), Path: path, Status: status}
}

func TestAWitnessTellsWhatStaysRefused(t *testing.T) {
	t.Parallel()
	refused := func(path string, status int) []model.Refusal {
		return []model.Refusal{{What: path, Scope: "Scope of " + path, Status: status}}
	}
	for name, c := range map[string]struct {
		events []transport.Event
		want   []model.Refusal
	}{
		"nothing":                  {},
		"answered":                 {[]transport.Event{answered("/a", 200)}, nil},
		"401":                      {[]transport.Event{answered("/a", 401)}, refused("/a", 401)},
		"403":                      {[]transport.Event{answered("/a", 403)}, refused("/a", 403)},
		"a token that was renewed": {[]transport.Event{answered("/a", 401), answered("/a", 200)}, nil},
		"a token that was revoked": {
			[]transport.Event{answered("/a", 200), answered("/a", 401)},
			refused("/a", 401),
		},
		"404 and nothing else":    {[]transport.Event{answered("/a", 404)}, refused("/a", 404)},
		"one record that is gone": {[]transport.Event{answered("/a", 200), answered("/a", 404)}, nil},
		"a busy minute": {[]transport.Event{
			answered("/a", 429), answered("/a", 200),
			answered("/a", 429),
		}, nil},
		"429 all the way": {
			[]transport.Event{answered("/a", 429), answered("/a", 429)},
			refused("/a", 429),
		},
		"a server error": {[]transport.Event{answered("/a", 500)}, nil},
		"no answer": {
			[]transport.Event{{Kind: transport.EventAnswer, Path: "/a", Err: "reset"}},
			nil,
		},
		"a hint that the account has no": {[]transport.Event{answered("/hint", 404), answered("/hint", 403)}, nil},
		"a try": {
			[]transport.Event{{Kind: transport.EventWait, Path: "/a", Status: 403}},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := load.NewObserver(model.Facts{}, needs)
			for _, e := range c.events {
				w.Note(model.SourceSide, e)
			}
			if diff := cmp.Diff(c.want, w.Facts().Source.Refusals); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWitnessTakesOneSCIMResourceForOne(t *testing.T) {
	t.Parallel()
	w := load.NewObserver(model.Facts{}, needs)
	w.Note(model.TargetSide, answered("/Users", 200))
	w.Note(model.TargetSide, answered("/Users/a4b8", 404))
	w.Note(model.TargetSide, answered("/Groups/c4d8", 403))
	want := []model.Refusal{{What: "/Groups", Status: 403}}
	if diff := cmp.Diff(want, w.Facts().Target.Refusals); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !w.Facts().Target.Answered || w.Facts().Source.Answered {
		t.Errorf("answered: %+v", w.Facts())
	}
}

// TestClocksAreComparedByWhatAnAnswerAllows: a date has whole seconds and was taken at some moment of the exchange, so
// that nothing within it is a difference.
func TestClocksAreComparedByWhatAnAnswerAllows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		date time.Time
		want time.Duration
	}{
		"the second in which it was received":   {moment(), 0},
		"the second before it was sent":         {moment().Add(-11 * time.Second), 0},
		"a minute before it was sent":           {moment().Add(-71 * time.Second), time.Minute},
		"a minute after it was received":        {moment().Add(time.Minute), -time.Minute},
		"in the middle of a slow answer":        {moment().Add(-5 * time.Second), 0},
		"half a year ahead of us, or a mistake": {moment().AddDate(0, 6, 0), -moment().AddDate(0, 6, 0).Sub(moment())},
	} {
		w := load.NewObserver(model.Facts{}, needs)
		e := answered("/Users", 200)
		e.Duration, e.Date = 10*time.Second, c.date
		w.Note(model.TargetSide, e)
		if got := w.Facts().Target; !got.SkewKnown || got.Skew != c.want {
			t.Errorf("%s: %s (%v), want %s", name, got.Skew, got.SkewKnown, c.want)
		}
	}
	w := load.NewObserver(model.Facts{}, needs)
	w.Note(model.TargetSide, answered("/Users", 200))
	if w.Facts().Target.SkewKnown {
		t.Error("an answer without a date tells no clock")
	}
}

func TestAWitnessKeepsTheLastBudget(t *testing.T) {
	t.Parallel()
	w := load.NewObserver(model.Facts{TargetURL: "https://x"}, needs)
	e := answered("/a", 200)
	e.Budget = model.Budget{Known: true, Limit: 5000, Remaining: 7, Reset: moment()}
	w.Note(model.SourceSide, e)
	w.Note(model.SourceSide, answered("/a", 200))
	want := model.Facts{TargetURL: "https://x", Source: model.Service{
		Answered: true, Budget: model.Budget{Known: true, Limit: 5000, Remaining: 7, Reset: moment()},
	}}
	if diff := cmp.Diff(want, w.Facts()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestWhatALoadDidNotAnswerIsNotKnown: a target that answered the first read and not the second has not accepted the
// token in it, and told neither its clock nor what it understands. How many calls OneLogin said to be left is still
// reckoned with before the next.
func TestWhatALoadDidNotAnswerIsNotKnown(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	o := options()
	o.Observer = load.NewObserver(model.Facts{TargetURL: "https://scim.us-east-1.amazonaws.com/t/scim/v2"}, needs)
	budget := model.Budget{Known: true, Limit: 5000, Remaining: 4000}
	up := true
	s.gate = func(_ context.Context, list string) {
		if up && list == "app" {
			e := answered("/a", 200)
			e.Budget, e.Date = budget, moment()
			o.Observer.Note(model.SourceSide, e)
		}
	}
	tgt.gate = func(_ context.Context, list string) {
		if up && list == "users" {
			e := answered("/Users", 200)
			e.Date = moment()
			o.Observer.Note(model.TargetSide, e)
			o.Observer.Note(model.TargetSide, answered("/Groups", 403))
		}
	}
	l := load.New(s, tgt, o)
	mustLoad(t, l)
	asked := &asked{}
	first, err := l.Probe(t.Context(), asked, asked)
	if err != nil {
		t.Fatal(err)
	}
	up = false
	tgt.userCover, tgt.groupCover = model.UnknownCoverage("no connection"), model.UnknownCoverage("no connection")
	s.userCover = model.UnknownCoverage("no connection")
	second := mustLoad(t, l)
	for id, was := range map[model.Kind]model.CheckResult{
		model.SetupTargetToken: model.CheckMend, model.SetupClockSkew: model.CheckFine,
		model.SetupRateBudget: model.CheckFine, model.SetupTargetCapabilities: model.CheckFine,
		model.SetupSourceScopes: model.CheckFine,
	} {
		if got := check(t, first, id); got.Result != was {
			t.Errorf("%s of the first read: %s, %q, want %s", id, got.Result, got.Seen, was)
		}
		if got := check(t, second, id); got.Result != model.CheckUnknown {
			t.Errorf("%s of the read that nobody answered: %s, %q", id, got.Result, got.Seen)
		}
	}
}
