package load_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/load"
)

// told keeps what a load told.
type told struct {
	mu      sync.Mutex
	events  []model.Progress
	interim []*drift.Comparison
}

func (w *told) watch() drift.Watch {
	return drift.Watch{
		Part: func(p model.Progress) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.events = append(w.events, p)
		},
		Interim: func(c *drift.Comparison) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.interim = append(w.interim, c)
		},
	}
}

// of are the events of one part, in order.
func (w *told) of(side model.Side, part model.Part) (events []model.Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.events {
		if p.Side == side && p.Part == part {
			events = append(events, p)
		}
	}
	return events
}

func TestProgressOfEveryPart(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	l := load.New(s, tgt, options())
	for range 3 {
		var w told
		c, err := l.Load(t.Context(), w.watch())
		if err != nil {
			t.Fatal(err)
		}
		total := [2]int{}
		for side, parts := range map[model.Side][]model.Part{
			model.SourceSide: model.SourceParts(),
			model.TargetSide: model.TargetParts(),
		} {
			for _, part := range parts {
				events := w.of(side, part)
				if len(events) == 0 {
					t.Fatalf("nothing was told of %v %v", side, part)
				}
				for i, p := range events {
					if i > 0 && (p.State < events[i-1].State || p.Done < events[i-1].Done ||
						p.Requests < events[i-1].Requests) {
						t.Errorf("%v %v goes back: %+v after %+v", side, part, p, events[i-1])
					}
					total[side] = max(total[side], p.Requests)
				}
				if last := events[len(events)-1]; last.State != model.PartRead || last.Reason != "" {
					t.Errorf("%v %v ends as %+v", side, part, last)
				}
			}
		}
		if total[model.SourceSide] != c.Source.Requests || total[model.TargetSide] != c.Target.Requests {
			t.Errorf("told of %v requests and took %d and %d", total, c.Source.Requests, c.Target.Requests)
		}
		if users := w.of(model.SourceSide, model.PartUsers); users[len(users)-1].Done != 6 ||
			users[len(users)-1].Expected != 6 {
			t.Errorf("source users end as %+v", users[len(users)-1])
		}
		if events := w.of(model.SourceSide, model.PartEvents); slices.ContainsFunc(events,
			func(p model.Progress) bool { return p.Expected < 0 }) {
			t.Error("an expectation that is not known must not be below 0")
		}
	}
}

// straggler is a source that goes on telling after its list is done.
type straggler struct {
	*fakeSource

	progress func(done, expected int)
}

func (s *straggler) Users(ctx context.Context, progress func(done, expected int)) ([]model.User, model.Coverage) {
	s.progress = progress
	return s.fakeSource.Users(ctx, progress)
}

func TestNothingIsToldAfterTheEnd(t *testing.T) {
	t.Parallel()
	inner, tgt := inSync(2)
	s := &straggler{fakeSource: inner}
	l := load.New(s, tgt, options())
	l.Waiting(model.SourceSide, moment(), "rate limit") // nor before the first
	var w told
	if _, err := l.Load(t.Context(), w.watch()); err != nil {
		t.Fatal(err)
	}
	before := len(w.events)
	l.Waiting(model.SourceSide, moment().Add(time.Minute), "our share of the rate limit")
	l.Waiting(model.TargetSide, moment().Add(time.Minute), "answered 502")
	s.progress(1, 2)
	if len(w.events) != before {
		t.Errorf("%d events after the end", len(w.events)-before)
	}
}

// The last that is told of a part is what the comparison says of it, also where it was believed at first.
func TestProgressEndsAsTheComparisonSays(t *testing.T) {
	t.Parallel()
	forbidden := model.UnknownCoverage("forbidden; ask for the right")
	half := model.PartialCoverage("half was read; read again")
	for name, c := range map[string]struct {
		bend   func(*fakeSource, *fakeTarget)
		side   model.Side
		part   model.Part
		state  model.PartState
		reason string
	}{
		"unknown": {
			func(s *fakeSource, _ *fakeTarget) { s.users, s.userCover = nil, forbidden },
			model.SourceSide, model.PartUsers, model.PartFailed, "forbidden",
		},
		"partial": {
			func(_ *fakeSource, t *fakeTarget) { t.groupCover = half }, model.TargetSide,
			model.PartGroups, model.PartRead, "half was read",
		},
		"app unknown": {
			func(s *fakeSource, _ *fakeTarget) { s.appErr = errDown }, model.SourceSide,
			model.PartRules, model.PartFailed, "is down",
		},
		"not believed": {
			func(s *fakeSource, _ *fakeTarget) { s.users = nil }, model.SourceSide, model.PartUsers,
			model.PartFailed, "cannot both be true",
		},
		"users unreadable": {
			func(_ *fakeSource, t *fakeTarget) { t.users, t.userCover = nil, forbidden },
			model.TargetSide, model.PartMemberships, model.PartFailed, "forbidden",
		},
		"groups unreadable": {
			func(_ *fakeSource, t *fakeTarget) { t.groups, t.groupCover = nil, forbidden }, model.TargetSide,
			model.PartMemberships, model.PartFailed, "forbidden",
		},
		"members show users": {
			func(_ *fakeSource, t *fakeTarget) { t.extra = []model.User{hide(&t.users, 1)} },
			model.TargetSide, model.PartUsers, model.PartRead, "left out 1 users",
		},
		"lookup shows a user": {
			func(_ *fakeSource, t *fakeTarget) { t.hiddenUsers = []model.User{hide(&t.users, 1)} },
			model.TargetSide, model.PartUsers, model.PartRead, "a lookup found",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(4)
			c.bend(s, tgt)
			var w told
			got, err := load.New(s, tgt, options()).Load(t.Context(), w.watch())
			if err != nil {
				t.Fatal(err)
			}
			wantKinds(t, got)
			events := w.of(c.side, c.part)
			if last := events[len(events)-1]; last.State != c.state || !strings.Contains(last.Reason, c.reason) {
				t.Errorf("%v %v end as %+v", c.side, c.part, last)
			}
			for _, part := range model.SourceParts() {
				if events := w.of(model.SourceSide,
					part); events[len(events)-1].Reason != got.Source.Coverage[part].Reason {
					t.Errorf("source %v: told %q, compared %q", part, events[len(events)-1].Reason,
						got.Source.Coverage[part].Reason)
				}
			}
			for _, part := range model.TargetParts() {
				if events := w.of(model.TargetSide,
					part); events[len(events)-1].Reason != got.Target.Coverage[part].Reason {
					t.Errorf("target %v: told %q, compared %q", part, events[len(events)-1].Reason,
						got.Target.Coverage[part].Reason)
				}
			}
		})
	}
}

func TestWaitingShowsOnWhatIsBeingRead(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(4)
	l := load.New(s, tgt, options())
	until := moment().Add(30 * time.Second)
	var once sync.Once
	targetRead := make(chan struct{})
	s.gate = func(_ context.Context, list string) {
		if list == "users" {
			<-targetRead // so that the target's lists are certainly no longer being read
			once.Do(func() {
				l.Waiting(model.SourceSide, until, "rate limit")
				l.Waiting(model.TargetSide, until.Add(time.Hour), "rate limit")
			})
		}
	}
	var w told
	watch := w.watch()
	part, ended := watch.Part, 0
	watch.Part = func(p model.Progress) {
		part(p)
		if p.Side == model.TargetSide && p.State == model.PartRead && p.Part != model.PartMemberships {
			if ended++; ended == 2 {
				close(targetRead)
			}
		}
	}
	if _, err := l.Load(t.Context(), watch); err != nil {
		t.Fatal(err)
	}
	users := w.of(model.SourceSide, model.PartUsers)
	at := slices.IndexFunc(users, func(p model.Progress) bool { return p.WaitingUntil.Equal(until) })
	if at < 0 || users[at].State != model.PartReading || users[at].WaitingFor != "rate limit" {
		t.Fatalf("the wait was not told, or not what for: %+v", users)
	}
	members := w.of(model.TargetSide, model.PartMemberships)
	if first, last := members[0], members[len(members)-1]; first.State != model.PartQueued ||
		first.WaitingFor != "users and groups" || last.WaitingFor != "" {
		t.Errorf("what memberships wait for is told from %+v to %+v", first, last)
	}
	if last := users[len(users)-1]; !last.WaitingUntil.IsZero() || last.WaitingFor != "" {
		t.Errorf("the wait does not end: %+v", last)
	}
	for _, p := range slices.Concat(w.of(model.TargetSide, model.PartUsers), w.of(model.TargetSide, model.PartGroups)) {
		if !p.WaitingUntil.IsZero() {
			t.Errorf("what is read cannot wait: %+v", p)
		}
	}
}

// The first useful picture comes before memberships and events, and claims nothing about them.
func TestInterimComesBeforeMemberships(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	tgt.members["g72"] = nil           // a finding that only memberships show
	tgt.users[3].DisplayName = "Other" // and one that users show
	shown := make(chan struct{})
	var once sync.Once
	late := func(_ context.Context, list string) {
		if list == "memberships" || list == "events" {
			<-shown
		}
	}
	s.gate, tgt.gate = late, late
	var w told
	watch := w.watch()
	interim := watch.Interim
	watch.Interim = func(c *drift.Comparison) {
		interim(c)
		once.Do(func() { close(shown) })
	}
	c, err := load.New(s, tgt, options()).Load(t.Context(), watch)
	if err != nil {
		t.Fatal(err)
	}
	wantKinds(t, c, "members-missing aws-even", "user-attributes u3@corp.example")
	if len(w.interim) != 2 {
		t.Fatalf("%d interim comparisons; want one before memberships and one before lookups", len(w.interim))
	}
	wantKinds(t, w.interim[1], "members-missing aws-even", "user-attributes u3@corp.example")
	early := w.interim[0]
	wantKinds(t, early, "user-attributes u3@corp.example")
	wantState(t, early, model.TargetSide, model.PartMemberships, model.Unknown)
	wantState(t, early, model.SourceSide, model.PartEvents, model.Unknown)
	wantState(t, early, model.TargetSide, model.PartUsers, model.Complete)
	if open := early.UnsettledRecords(model.SubjectGroup); len(open) != 2 {
		t.Errorf("%+v are open before memberships are read, want 2", open)
	}
}

func TestInterimDoesNotBelieveAnEmptyListEither(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	s.users = nil
	var w told
	if _, err := load.New(s, tgt, options()).Load(t.Context(), w.watch()); err != nil {
		t.Fatal(err)
	}
	wantKinds(t, w.interim[0])
	wantState(t, w.interim[0], model.SourceSide, model.PartUsers, model.Unknown)
}

func TestIgnoredGroupsAreNotPaidFor(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	tgt.groups = append([]model.Group{
		{ID: "c1", Name: "AWSControlTowerAdmins", ExternalID: "9"},
		{ID: "c2", Name: " awscontroltower "},
	}, tgt.groups...)
	c := mustLoad(t, load.New(s, tgt, options("AWSControlTower*")))
	wantKinds(t, c)
	if !slices.Equal(tgt.asked, []string{"aws-all", "aws-even"}) || !slices.Equal(tgt.expect, []int{6, 3}) {
		t.Errorf("members were asked for of %q, expecting %v", tgt.asked, tgt.expect)
	}
	if len(c.Target.Groups) != 2 || c.Target.Ignored != 2 {
		t.Errorf("%d groups are counted and %d left out, want 2 and 2", len(c.Target.Groups), c.Target.Ignored)
	}
}

// An estimate is for choosing the cheaper way; of a role that could not be read there is none.
func TestNoEstimateWithoutTheRolesUsers(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	s.roles[1].Users = model.MemberList{Unknown: "forbidden"}
	s.membership = model.PartialCoverage("forbidden")
	tgt.groups = append(tgt.groups, model.Group{ID: "g9", Name: "by hand"})
	mustLoad(t, load.New(s, tgt, options()))
	if !slices.Equal(tgt.expect, []int{6, -1, -1}) {
		t.Errorf("estimates are %v", tgt.expect)
	}
}

func TestUsersWhomOnlyTheMembersShow(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	tgt.extra = []model.User{hide(&tgt.users, 2), hide(&tgt.users, 2)}
	c := mustLoad(t, load.New(s, tgt, options()))
	wantKinds(t, c)
	wantState(t, c, model.TargetSide, model.PartUsers, model.Partial)
	if len(c.Target.Users) != 6 || tgt.lookups != 0 {
		t.Errorf("%d users after %d lookups", len(c.Target.Users), tgt.lookups)
	}
}

func TestSkippedPartsAreNotAskedFor(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{"app read": nil, "app unreadable": errDown} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(2)
			s.appErr = failure
			s.gate = func(_ context.Context, list string) {
				if list == "rules" || list == "events" {
					t.Errorf("%s were asked for", list)
				}
			}
			o := options()
			o.SkipRules, o.SkipEvents = true, true
			c := mustLoad(t, load.New(s, tgt, o))
			wantState(t, c, model.SourceSide, model.PartRules, model.Skipped)
			wantState(t, c, model.SourceSide, model.PartEvents, model.Skipped)
		})
	}
}

// A load that is cancelled in any of its parts gives an error and nothing else; what was there before stays.
func TestCancelInEveryPart(t *testing.T) {
	t.Parallel()
	for _, part := range []string{
		"app", "users", "roles", "rules", "events", "target users", "target groups",
		"target memberships",
	} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(4)
			l := load.New(s, tgt, options())
			mustLoad(t, l)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			stop := func(prefix string) func(context.Context, string) {
				return func(ctx context.Context, list string) {
					if prefix+list == part {
						cancel()
						<-ctx.Done()
					}
				}
			}
			s.gate, tgt.gate = stop(""), stop("target ")
			s.users[1].Active = false
			var w told
			c, err := l.Load(ctx, w.watch())
			if c != nil || !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v, %v", c, err)
			}
			before := len(w.events)
			s.gate, tgt.gate = nil, nil
			kept, err := l.Refresh(t.Context(), user("0", "t0", "u0@corp.example"))
			if err != nil {
				t.Fatal(err)
			}
			wantKinds(t, kept)
			wantKinds(t, mustLoad(t, l), "user-still-active u1@corp.example")
			if len(w.events) != before {
				t.Error("the cancelled load goes on telling")
			}
		})
	}
}
