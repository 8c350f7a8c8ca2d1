package load_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/load"
)

// Nothing that is asked of the last reading waits for a load: while its lists stand still, findings are borne out,
// records read again, and a run brings the reading up to date.
func TestNothingWaitsForALoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, tgt := inSync(6)
		hide(&tgt.users, 3)
		l := load.New(s, tgt, options())
		id := mustLoad(t, l).Findings[0].ID
		goOn := make(chan struct{})
		s.gate = func(_ context.Context, list string) {
			if list == "users" {
				<-goOn
			}
		}
		var loading sync.WaitGroup
		loading.Go(func() { mustLoad(t, l) })
		synctest.Wait()
		if c, err := l.BearOut(t.Context(), id); err != nil || len(c.Findings) != 1 {
			t.Errorf("borne out: %v", err)
		}
		if _, err := l.Refresh(t.Context(), user("1", "t1", "u1@corp.example")); err != nil {
			t.Errorf("read again: %v", err)
		}
		if _, full, err := l.Renew(t.Context(), ""); err != nil || full != "" {
			t.Errorf("brought up to date: %q, %v", full, err)
		}
		recheck(t, l, model.Question{SourceUsers: []string{"2"}}, &plan.Observation{})
		if reading, c, read := l.Kept(); !read || c != l.Last() || len(reading.Source.Users) != 6 {
			t.Error("what is known cannot be kept")
		}
		close(goOn)
		loading.Wait()
		wantKinds(t, l.Last(), "user-unsynced u3@corp.example")
	})
}

// loadingUntilMemberships begins a load that has read all but the memberships; ended lets it go on, and waits for its
// end.
func loadingUntilMemberships(t *testing.T, l *load.Loader, tgt *fakeTarget) (ended func()) {
	t.Helper()
	goOn := make(chan struct{})
	tgt.gate = func(_ context.Context, list string) {
		if list == "memberships" {
			<-goOn
		}
	}
	var loading sync.WaitGroup
	loading.Go(func() { mustLoad(t, l) })
	synctest.Wait()
	return func() {
		close(goOn)
		loading.Wait()
	}
}

// What a run reads of the target while a load is under way stands when that has ended, though it has read the lists
// before.
func TestALoadDoesNotOverwriteWhatARunHasSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, tgt := inSync(6)
		tgt.groups = append(tgt.groups, model.Group{ID: "g9", Name: "old"})
		l := load.New(s, tgt, options())
		mustLoad(t, l)
		ended := loadingUntilMemberships(t, l, tgt)
		tgt.groups = slices.DeleteFunc(slices.Clone(tgt.groups), func(g model.Group) bool { return g.ID == "g9" })
		tgt.members["g72"] = slices.DeleteFunc(slices.Clone(tgt.members["g72"]),
			func(id string) bool { return id == "t2" })
		recheck(t, l, model.Question{}, &plan.Observation{
			Groups:  map[string]*model.Group{"g9": nil, "g72": &tgt.groups[1]},
			Members: map[string]model.MemberList{"g72": {IDs: tgt.members["g72"]}},
		})
		ended()
		wantKinds(t, l.Last(), "members-missing aws-even")
	})
}

// What cannot be read once more for that leaves its part partial; the rest of the load stands.
func TestALoadOutlivesARecordThatCannotBeReadAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		touch          func(t *testing.T, l *load.Loader, tgt *fakeTarget)
		bend           func(s *fakeSource, tgt *fakeTarget)
		source, target []model.Part
	}{
		"a user": {
			touch: func(t *testing.T, l *load.Loader, tgt *fakeTarget) {
				recheck(t, l, model.Question{}, &plan.Observation{Users: map[string]*model.User{"t1": &tgt.users[1]}})
			},
			bend:   func(_ *fakeSource, tgt *fakeTarget) { tgt.lookupErr = errDown },
			target: []model.Part{model.PartUsers},
		},
		"members of a group": {
			touch: func(t *testing.T, l *load.Loader, tgt *fakeTarget) {
				recheck(t, l, model.Question{}, &plan.Observation{
					Groups:  map[string]*model.Group{"g72": &tgt.groups[1]},
					Members: map[string]model.MemberList{"g72": {IDs: tgt.members["g72"]}},
				})
			},
			bend:   func(_ *fakeSource, tgt *fakeTarget) { tgt.membersErr = errDown },
			target: []model.Part{model.PartMemberships},
		},
		"a row": {
			touch: func(t *testing.T, l *load.Loader, _ *fakeTarget) {
				_, _ = l.Refresh(t.Context(), user("1", "t1", "u1@corp.example"))
			},
			bend:   func(s *fakeSource, _ *fakeTarget) { s.lookupErr = errDown },
			source: []model.Part{model.PartUsers}, target: []model.Part{model.PartUsers},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, tgt := inSync(6)
				l := load.New(s, tgt, options())
				mustLoad(t, l)
				ended := loadingUntilMemberships(t, l, tgt)
				c.touch(t, l, tgt)
				c.bend(s, tgt)
				ended()
				for _, part := range model.TargetParts() {
					for side, partial := range [][]model.Part{c.source, c.target} {
						want := model.Complete
						if slices.Contains(partial, part) {
							want = model.Partial
						}
						wantState(t, l.Last(), model.Side(side), part, want)
					}
				}
			})
		})
	}
}

type fakeAWS struct {
	hangs    []model.Assignment
	assigned func() []model.Assignment
}

func (f *fakeAWS) Assignments(context.Context, model.Principal) ([]model.Assignment, error) {
	return f.assigned(), nil
}

func (f *fakeAWS) Dangling(context.Context, map[string]bool, int) ([]model.Assignment, string, error) {
	return f.hangs, "", nil
}

func (f *fakeAWS) AccessControl(context.Context, int) model.AccessFacts { return model.AccessFacts{} }

func (f *fakeAWS) Groups(context.Context, func(done, expected int)) ([]model.Group, model.Coverage) {
	return nil, model.CompleteCoverage()
}

func (f *fakeAWS) GetUser(context.Context, string) (model.User, bool, error) {
	return model.User{}, false, nil
}

// So does what a run has seen of account assignments, though the load has asked for them before.
func TestALoadDoesNotBringAssignmentsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, tgt := inSync(6)
		tgt.groups = append(tgt.groups, model.Group{ID: "g9", Name: "old"})
		opts := options()
		opts.Observer = load.NewObserver(model.Facts{}, needs)
		has, hangs := []model.Assignment{{AccountID: "111111111111"}},
			[]model.Assignment{{AccountID: "222222222222", PrincipalID: "g0"}}
		goOn := make(chan struct{})
		close(goOn)
		opts.AWS = &fakeAWS{hangs: hangs, assigned: func() []model.Assignment {
			now := has
			<-goOn
			return now
		}}
		l := load.New(s, tgt, opts)
		shown := func() (has, hangs int) {
			r, _, _ := l.Kept()
			return len(r.Target.Assignments["g9"].List), len(r.Facts.Assignments.Dangling)
		}
		mustLoad(t, l)
		goOn = make(chan struct{})
		var loading sync.WaitGroup
		loading.Go(func() { mustLoad(t, l) })
		synctest.Wait()
		before, stranded := shown()
		if before != 1 || stranded != 1 {
			t.Errorf("there is nothing to take away: %d, %d", before, stranded)
		}
		gone := map[model.Assignment]bool{hangs[0].WithoutNames(): false}
		has = nil
		recheck(t, l, model.Question{}, &plan.Observation{
			Assignments: map[string]model.Assigned{"g9": {}},
			Dangling:    gone,
		})
		close(goOn)
		loading.Wait()
		if has, hangs := shown(); has+hangs > 0 {
			t.Errorf("what is gone is back: %d, %d", has, hangs)
		}
	})
}

// Whoever asks while loads come and go shares nothing with them that could tear. It is told by the race detector.
func TestLoadsAndRunsSideBySide(t *testing.T) {
	t.Parallel()
	b := layByRules(t, "drift", 100)
	c := b.load(t, t)
	done := make(chan struct{})
	var loading sync.WaitGroup
	loading.Go(func() {
		defer close(done)
		for range 3 {
			b.load(t, t)
		}
	})
	for n := 0; ; n++ {
		select {
		case <-done:
			if n == 0 {
				t.Error("nothing was asked beside the loads")
			}
			loading.Wait()
			return
		default:
		}
		f := &c.Findings[n%len(c.Findings)]
		if _, err := b.loader.BearOut(t.Context(), f.ID); err != nil {
			t.Error(err)
		}
		if _, _, err := b.loader.Renew(t.Context(), ""); err != nil {
			t.Error(err)
		}
		if _, err := b.loader.Refresh(t.Context(), f.Subject); err != nil {
			t.Errorf("%s: %v", f.ID, err)
		}
	}
}
