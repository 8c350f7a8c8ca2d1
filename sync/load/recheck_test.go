package load_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/load"
)

func recheck(t *testing.T, l *load.Loader, q model.Question, seen *plan.Observation) *drift.Comparison {
	t.Helper()
	c, err := l.Recheck(t.Context(), q, saw(seen))
	if err != nil {
		t.Fatal(err)
	}
	if l.Last() != c {
		t.Error("the board does not get what was re-read")
	}
	return c
}

// saw is a look at the target that is done.
func saw(seen *plan.Observation) func(context.Context) (*plan.Observation, error) {
	if seen == nil {
		seen = &plan.Observation{}
	}
	return func(context.Context) (*plan.Observation, error) { return seen, nil }
}

// What cannot be read again in full is an error, and changes nothing that is known.
func TestRecheckMakesDoWithNothingLess(t *testing.T) {
	t.Parallel()
	everybody := make([]string, 1200)
	for i := range everybody {
		everybody[i] = strconv.Itoa(i)
	}
	for name, c := range map[string]struct {
		bend func(*fakeSource)
		q    model.Question
		says string
	}{
		"app":         {func(s *fakeSource) { s.appErr = errDown }, model.Question{Grouping: true}, "down"},
		"another app": {func(s *fakeSource) { s.app.ID = "7" }, model.Question{Grouping: true}, "app 7"},
		"roles": {
			func(s *fakeSource) { s.roleCover = model.UnknownCoverage("down") },
			model.Question{Grouping: true},
			"groups were not read in full: down",
		},
		"roles in part": {
			func(s *fakeSource) { s.roleCover = model.PartialCoverage("cut") },
			model.Question{Grouping: true},
			"groups were not read in full: cut",
		},
		"no roles": {
			func(s *fakeSource) { s.roles = nil },
			model.Question{Grouping: true},
			"groups were not read in full: OneLogin lists no roles",
		},
		"no roles anywhere": {
			func(s *fakeSource) { s.hiddenRoles, s.roles, s.app.RoleIDs = s.roles, nil, nil },
			model.Question{Grouping: true},
			"nothing was listed, but 2 were read",
		},
		"rules": {
			func(s *fakeSource) { s.ruleCover = model.UnknownCoverage("forbidden") },
			model.Question{Grouping: true},
			"rules were not read in full: forbidden",
		},
		"rules in part": {
			func(s *fakeSource) { s.ruleCover = model.PartialCoverage("cut") },
			model.Question{Grouping: true},
			"rules were not read in full: cut",
		},
		"no rules": {
			func(s *fakeSource) { s.rules = nil },
			model.Question{Grouping: true},
			"no rules for the app, and 1 were read",
		},
		"user": {
			func(s *fakeSource) { s.lookupErr = errDown },
			model.Question{SourceUsers: []string{"2"}},
			"down",
		},
		"details of a user": {
			func(s *fakeSource) { s.users[2].RollOnly = true },
			model.Question{SourceUsers: []string{"2"}},
			"details of u2@corp.example",
		},
		"a standing that nobody documents": {
			func(s *fakeSource) { s.users[2].RollOnly, s.users[2].Standing = true, "status 99" },
			model.Question{SourceUsers: []string{"2"}},
			"which it documents nowhere",
		},
		"the app's own list in part": {
			func(s *fakeSource) {
				s.roles[0].Users.IDs, s.roles[1].Users.IDs = nil, nil
				s.rollCover = model.PartialCoverage("cut")
			},
			model.Question{SourceUsers: []string{"2"}, Entitled: true},
			"the app's users were not read in full: cut",
		},
		"strangers": {func(s *fakeSource) { s.lookupErr = errDown }, model.Question{Strangers: true}, "down"},
		"user here and gone": {
			func(s *fakeSource) { s.twoMinds = true },
			model.Question{SourceUsers: []string{"2"}},
			"both that user 2 is there and that they are not",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(1200)
			s.rules = []model.Rule{{ID: "1", Name: "r"}}
			l := load.New(s, tgt, options())
			before := mustLoad(t, l)
			wantKinds(t, before)
			c.bend(s)
			seen := &plan.Observation{Users: map[string]*model.User{"t2": {
				ID: "t2", UserName: "other@corp.example",
				Email: "u2@corp.example",
			}}}
			if got, err := l.Recheck(t.Context(), c.q, saw(seen)); err == nil || got != nil ||
				!strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v and %v, want an error that says %q", got != nil, err, c.says)
			}
			if c.q.Grouping {
				if _, full, err := l.Renew(t.Context(), ""); err == nil || full != "" ||
					!strings.Contains(err.Error(), c.says) {
					t.Errorf("a run would go on after %v, with %q read in full", err, full)
				}
			}
			if l.Last() != before {
				t.Error("something was patched after all")
			}
		})
	}
}

// What was incomplete when the plan was made may stay so; re-reading a single record makes nothing complete.
func TestRecheckKeepsWhatWasIncomplete(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	s.userCover, s.membership, s.ruleCover = model.PartialCoverage("cut"), model.PartialCoverage("one role"),
		model.UnknownCoverage("forbidden")
	now := moment()
	o := options()
	o.Now = func() time.Time { return now }
	l := load.New(s, tgt, o)
	mustLoad(t, l)
	c := recheck(t, l, model.Question{SourceUsers: []string{"1", "2"}, Grouping: true}, nil)
	wantState(t, c, model.SourceSide, model.PartUsers, model.Partial)
	wantState(t, c, model.SourceSide, model.PartMemberships, model.Partial)
	wantState(t, c, model.SourceSide, model.PartRules, model.Unknown)
	s.ruleCover = model.CompleteCoverage()
	now = now.Add(time.Minute)
	c = recheck(t, l, model.Question{Grouping: true}, nil)
	wantState(t, c, model.SourceSide, model.PartUsers, model.Partial)
	wantState(t, c, model.SourceSide, model.PartRules, model.Complete)
}

func TestRecheckPatchesTheTarget(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(4)
	tgt.users[3].Active = false
	moved := tgt.users[3]
	tgt.hiddenUsers = nil
	l := load.New(s, tgt, options("ignored*"))
	wantKinds(t, mustLoad(t, l), "user-inactive u3@corp.example")
	moved.Active = true
	calls := s.Requests() + tgt.Requests()
	c := recheck(t, l, model.Question{}, &plan.Observation{
		Users: map[string]*model.User{"t3": &moved, "t0": nil, "t9": {
			ID: "t9", UserName: "nine@corp.example",
			Email: "nine@corp.example", Active: true, Assigned: true,
		}},
		Groups: map[string]*model.Group{
			"g72": nil, "g9": {ID: "g9", Name: "aws-new"},
			"g8": {ID: "g8", Name: "ignored-one"},
		},
		Members: map[string]model.MemberList{
			"g71": {IDs: []string{"t1", "t2"}}, "gone": {IDs: []string{"t1"}},
		},
	})
	wantKinds(t, c, "user-unsynced u0@corp.example", "user-lingering nine@corp.example", "group-missing aws-even",
		"members-missing aws-all", "group-unclaimed aws-new")
	if s.Requests()+tgt.Requests() != calls {
		t.Error("patching asked a service")
	}
	for i := range c.Target.Groups {
		if g := &c.Target.Groups[i]; (g.Name == "aws-new") != (g.MembersUnknown != "") {
			t.Errorf("the members of %s: unknown %q; only those of the new group are", g.Name, g.MembersUnknown)
		}
	}
	c = recheck(t, l, model.Question{},
		&plan.Observation{Members: map[string]model.MemberList{"g71": {Unknown: "cut"}, "g9": {IDs: []string{"t1"}}}})
	wantKinds(t, c, "user-unsynced u0@corp.example", "user-lingering nine@corp.example", "group-missing aws-even",
		"group-unclaimed aws-new")
}

// The cost follows the question, whatever the size of the tenant; what was asked a moment ago serves again.
func TestRecheckCost(t *testing.T) {
	t.Parallel()
	for _, users := range []int{90, 900} {
		s, tgt := inSync(users)
		now := moment()
		o := options()
		o.Now = func() time.Time { return now }
		l := load.New(s, tgt, o)
		mustLoad(t, l)
		cost := func(q model.Question) int {
			before := s.Requests()
			recheck(t, l, q, nil)
			return s.Requests() - before
		}
		few := model.Question{SourceUsers: []string{"0", "1", "2"}}
		for _, c := range []struct {
			q    model.Question
			want int
		}{{few, 6}, {model.Question{Grouping: true}, 3}, {model.Question{}, 0}} {
			if got := cost(c.q); got != c.want {
				t.Errorf("of %d users, %+v: %d requests, want %d", users, c.q, got, c.want)
			}
			if got := cost(c.q); got != 0 {
				t.Errorf("of %d users, %+v: %d requests a moment later, want none", users, c.q, got)
			}
			now = now.Add(6 * time.Second)
			if got := cost(c.q); got != c.want {
				t.Errorf("of %d users, %+v: %d requests six seconds later, want %d", users, c.q, got, c.want)
			}
		}
	}
}

func TestRecheckBeforeALoad(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(2)
	l := load.New(s, tgt, options())
	if _, err := l.Recheck(t.Context(), model.Question{}, saw(nil)); !errors.Is(err, load.ErrNothingLoaded) ||
		l.Last() != nil {
		t.Errorf("got %v", err)
	}
}
