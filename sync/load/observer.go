package load

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Observer watches the answers of both services and keeps what the set-up checks need: who answered, who refused what,
// how far the clocks are apart, and the rate budgets, each as of the running load or the last one: what a load did not
// answer is not known, whatever an earlier one said. It sends nothing. It is safe for many goroutines.
type Observer struct {
	needs func(path string) (what, scope string)
	// configured is what holds without any answer.
	configured model.Facts

	mu sync.Mutex
	// current takes the answers of the running load, or of the last one.
	current *answers
}

// answers are those of one load. A reading keeps hold of its own while the next one is made.
type answers struct {
	facts model.Facts
	// kinds holds how each kind of request of each side fared last.
	kinds [2]map[string]requestOutcome
	// usersNotFound counts the requests about single users that were answered with 404.
	usersNotFound int
}

type requestOutcome struct {
	what, scope string
	lastStatus  int
	// answered: it got a 2xx answer at least once.
	answered bool
}

// NewObserver makes one that starts from what the configuration says. needs names what a GET of the source's API reads,
// and the scope that it takes; an empty name means that a refusal of it says nothing.
func NewObserver(configured model.Facts, needs func(path string) (what, scope string)) *Observer {
	w := &Observer{needs: needs, configured: configured}
	w.startLoad()
	return w
}

// startLoad makes what is answered from now on that of another load.
func (w *Observer) startLoad() *answers {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.current = &answers{facts: w.configured, kinds: [2]map[string]requestOutcome{{}, {}}}
	return w.current
}

// keepSource begins the answers of another load with what an earlier one was answered by the source.
func (w *Observer) keepSource(earlier *answers) *answers {
	a := w.startLoad()
	w.mu.Lock()
	defer w.mu.Unlock()
	a.facts.Source, a.usersNotFound = earlier.facts.Source, earlier.usersNotFound
	maps.Copy(a.kinds[model.SourceSide], earlier.kinds[model.SourceSide])
	return a
}

// restoreFacts takes up what the answers of an earlier program showed. What the configuration says holds as it is now.
func (w *Observer) restoreFacts(facts *model.Facts) *answers {
	a := w.startLoad()
	w.mu.Lock()
	defer w.mu.Unlock()
	a.facts = *facts
	a.facts.TargetURL, a.facts.SharedWith, a.facts.Token = w.configured.TargetURL,
		w.configured.SharedWith, w.configured.Token
	for side, refusals := range [][]model.Refusal{facts.Source.Refusals, facts.Target.Refusals} {
		for _, r := range refusals {
			a.kinds[side][r.What] = requestOutcome{what: r.What, scope: r.Scope, lastStatus: r.Status}
		}
	}
	return a
}

// Note takes one step of a request of one side. Only answers count.
func (w *Observer) Note(side model.Side, e transport.Event) {
	if e.Kind != transport.EventAnswer || e.Status == 0 {
		return
	}
	what, scope := "/"+firstSegment(e.Path), "" // the lists and lookups of one SCIM resource are refused together
	switch {
	case side == model.SourceSide:
		what, scope = w.needs(e.Path)
	case slices.Contains([]string{"/ServiceProviderConfig", "/ResourceTypes", "/Schemas"}, what):
		what = "" // discovery is optional, and a target may refuse it to everybody
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if side == model.SourceSide && e.Status == http.StatusNotFound && strings.Contains(e.Path, "/users/") {
		if w.current.usersNotFound++; w.current.usersNotFound == 1 {
			what = "" // one user who is gone says nothing of the credential; the second in a row may
		}
	}
	service := w.current.service(side)
	service.Answered = service.Answered || isSuccess(e.Status)
	if e.Budget.Known {
		service.Budget = e.Budget
	}
	if !e.Date.IsZero() {
		service.Skew, service.SkewKnown = skew(e.At.Add(-e.Duration), e.At, e.Date), true
	}
	if what == "" {
		return
	}
	answered := w.current.kinds[side][what].answered || isSuccess(e.Status)
	w.current.kinds[side][what] = requestOutcome{what: what, scope: scope, lastStatus: e.Status, answered: answered}
}

func (a *answers) service(side model.Side) *model.Service {
	if side == model.SourceSide {
		return &a.facts.Source
	}
	return &a.facts.Target
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }

func firstSegment(path string) string {
	first, _, _ := strings.Cut(strings.Trim(path, "/"), "/")
	return first
}

// skew is how far our clock is ahead of a service's whose answer, sent and received at these times, carries that date:
// the least that fits, because the date was taken at some moment between the two and has its fraction of a second cut
// off.
func skew(sent, received, date time.Time) time.Duration {
	switch {
	case date.After(received):
		return received.Sub(date)
	case date.Add(time.Second).Before(sent):
		return sent.Sub(date.Add(time.Second))
	}
	return 0
}

// onSourceClock is the moment of OneLogin's clock that is not after one of ours, as far as answers tell.
func (w *Observer) onSourceClock(a *answers, at time.Time) time.Time {
	return at.Add(-max(0, w.factsOf(a).Source.Skew))
}

// Facts gives what is known of the running load, or the last one, so far.
func (w *Observer) Facts() model.Facts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.current.factsWithRefusals()
}

// factsOf gives what is known by the answers of one load.
func (w *Observer) factsOf(a *answers) model.Facts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return a.factsWithRefusals()
}

func (a *answers) factsWithRefusals() model.Facts {
	facts := a.facts
	facts.Source.Refusals = refusals(a.kinds[model.SourceSide])
	facts.Target.Refusals = refusals(a.kinds[model.TargetSide])
	return facts
}

// addFacts adds what a probe found to the answers of a load.
func (w *Observer) addFacts(a *answers, change func(*model.Facts)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&a.facts)
}

// refusals are the kinds whose last answer was a refusal. A 401 may be a token that was renewed a moment later, and a
// 404 or 429 a single record or a busy minute: the latter two count only where nothing of the kind was ever answered.
func refusals(kinds map[string]requestOutcome) []model.Refusal {
	var out []model.Refusal //nolint:prealloc // mostly none
	for _, k := range kinds {
		switch k.lastStatus {
		case http.StatusUnauthorized, http.StatusForbidden:
		case http.StatusNotFound, http.StatusTooManyRequests:
			if k.answered {
				continue
			}
		default:
			continue
		}
		out = append(out, model.Refusal{What: k.what, Scope: k.scope, Status: k.lastStatus})
	}
	slices.SortFunc(out, func(a, b model.Refusal) int { return cmp.Compare(a.What, b.What) })
	return out
}
