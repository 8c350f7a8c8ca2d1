package load_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/load"
)

func user(source, target, name string) model.Subject {
	return model.Subject{Type: model.SubjectUser, SourceID: source, TargetID: target, Name: name}
}

func group(source, target, name string) model.Subject {
	return model.Subject{Type: model.SubjectGroup, SourceID: source, TargetID: target, Name: name}
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	u2, u3 := "u2@corp.example", "u3@corp.example"
	for name, c := range map[string]struct {
		before, after func(*fakeSource, *fakeTarget)
		subject       model.Subject
		first, then   []string
	}{
		"user changed at the target": {
			after:   func(_ *fakeSource, t *fakeTarget) { t.users[2].DisplayName = "Other" },
			subject: user("2", "t2", u2), then: []string{"user-attributes " + u2},
		},
		"user changed at the source": {
			after:   func(s *fakeSource, _ *fakeTarget) { s.users[2].Active = false },
			subject: user("2", "t2", u2), then: []string{"user-still-active " + u2},
		},
		"user mended at the target": {
			before:  func(_ *fakeSource, t *fakeTarget) { t.users[2].Active = false },
			after:   func(_ *fakeSource, t *fakeTarget) { t.users[2].Active = true },
			subject: user("2", "t2", u2), first: []string{"user-inactive " + u2},
		},
		"user gone at the target": {
			after:   func(_ *fakeSource, t *fakeTarget) { hide(&t.users, 2) },
			subject: user("2", "t2", u2), then: []string{"user-unsynced " + u2},
		},
		"user gone at the source": {
			after:   func(s *fakeSource, _ *fakeTarget) { hide(&s.users, 2) },
			subject: user("2", "t2", u2), then: []string{"user-lingering " + u2},
		},
		"user has lost the app": {
			after: func(s *fakeSource, _ *fakeTarget) {
				left := hide(&s.users, 2)
				left.Assigned = false
				s.known = []model.User{left}
			},
			subject: user("2", "t2", u2), then: []string{"user-lingering " + u2},
		},
		"user new at the target": {
			before:  func(_ *fakeSource, t *fakeTarget) { hide(&t.users, 2) },
			after:   func(_ *fakeSource, t *fakeTarget) { t.users = append(t.users, targetUser(2)) },
			subject: user("2", "", u2), first: []string{"user-unsynced " + u2},
		},
		"user new at the target under a new name": {
			before: func(_ *fakeSource, t *fakeTarget) { hide(&t.users, 2) },
			after: func(s *fakeSource, t *fakeTarget) {
				s.users[2].UserName, s.users[2].Email = "new@corp.example", "new@corp.example"
				created := targetUser(2)
				created.UserName, created.Email, created.ExternalID = "new@corp.example", "new@corp.example", ""
				t.users = append(t.users, created)
			},
			subject: user("2", "", u2), first: []string{"user-unsynced " + u2},
		},
		"user new at the source": {
			before: func(s *fakeSource, _ *fakeTarget) { hide(&s.users, 2) },
			after:  func(s *fakeSource, _ *fakeTarget) { s.users = append(s.users, sourceUser(2)) },
			// Nobody but the target knows him at first.
			subject: user("", "t2", u2), first: []string{"user-lingering " + u2},
		},
		"user deleted and created again at the target": {
			after: func(_ *fakeSource, t *fakeTarget) {
				t.users[2].ID = "t2-again"
				for id, members := range t.members {
					t.members[id] = slices.DeleteFunc(slices.Clone(members), func(u string) bool { return u == "t2" })
				}
			},
			// The groups are as they were last read, and there he has another id.
			subject: user("2", "t2", u2), then: []string{"members-missing aws-all", "members-missing aws-even"},
		},
		"group changed at the target": {
			after:   func(_ *fakeSource, t *fakeTarget) { t.members["g71"] = t.members["g71"][1:] },
			subject: group("71", "g71", "aws-all"), then: []string{"members-missing aws-all"},
		},
		"group changed at the source": {
			after:   func(s *fakeSource, _ *fakeTarget) { s.roles[1].Users.IDs = []string{"0", "2"} },
			subject: group("72", "g72", "aws-even"), then: []string{"members-extra aws-even"},
		},
		"group mended": {
			before:  func(_ *fakeSource, t *fakeTarget) { t.members["g72"] = nil },
			after:   func(_ *fakeSource, t *fakeTarget) { t.members["g72"] = []string{"t0", "t2", "t4"} },
			subject: group("72", "g72", "aws-even"), first: []string{"members-missing aws-even"},
		},
		"group gone at the target": {
			after:   func(_ *fakeSource, t *fakeTarget) { hide(&t.groups, 0) },
			subject: group("71", "g71", "aws-all"), then: []string{"group-missing aws-all"},
		},
		"group gone at the source": {
			after:   func(s *fakeSource, _ *fakeTarget) { hide(&s.roles, 0) },
			subject: group("71", "g71", "aws-all"), then: []string{"group-unclaimed aws-all"},
		},
		"group new at the target": {
			before: func(_ *fakeSource, t *fakeTarget) { hide(&t.groups, 0) },
			after: func(_ *fakeSource, t *fakeTarget) {
				t.groups = append(t.groups, model.Group{ID: "g71", Name: "AWS-all"})
			},
			subject: group("71", "", "aws-all"), first: []string{"group-missing aws-all"},
		},
		"group new at the source": {
			before:  func(s *fakeSource, _ *fakeTarget) { hide(&s.roles, 1) },
			after:   func(s *fakeSource, _ *fakeTarget) { all, _ := inSync(6); s.roles = all.roles },
			subject: group("", "g72", "aws-even"), first: []string{"group-unclaimed aws-even"},
		},
		"group deleted and created again at the target": {
			after: func(_ *fakeSource, t *fakeTarget) {
				t.groups[0].ID = "g71-again"
				t.members = map[string][]string{"g71-again": t.members["g71"], "g72": t.members["g72"]}
			},
			subject: group("71", "g71", "aws-all"),
		},
		"group renamed to an ignored name": {
			after:   func(_ *fakeSource, t *fakeTarget) { t.groups[0].Name = "AWSControlTowerAdmins" },
			subject: group("71", "g71", "aws-all"), then: []string{"group-missing aws-all"},
		},
		"group of roles that are suddenly gone": {
			after:   func(s *fakeSource, _ *fakeTarget) { s.roles = nil },
			subject: group("71", "g71", "aws-all"),
		},
		// What else has changed meanwhile stays as it was read.
		"others are left alone": {
			after: func(s *fakeSource, t *fakeTarget) {
				s.users[4].Active, t.users[3].DisplayName, t.members["g72"] = false, "Other", nil
				t.users[2].Active = false
			},
			subject: user("2", "t2", u2), then: []string{"user-inactive " + u2},
		},
		"others stay wrong": {
			before:  func(_ *fakeSource, t *fakeTarget) { t.users[2].Active, t.users[3].Active = false, false },
			after:   func(_ *fakeSource, t *fakeTarget) { t.users[2].Active, t.users[3].Active = true, true },
			subject: user("2", "t2", u2), first: []string{"user-inactive " + u2, "user-inactive " + u3},
			then: []string{"user-inactive " + u3},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			if c.before != nil {
				c.before(s, tgt)
			}
			l := load.New(s, tgt, options("awscontroltower*"))
			loaded := mustLoad(t, l)
			wantKinds(t, loaded, c.first...)
			c.after(s, tgt)
			got, err := l.Refresh(t.Context(), c.subject)
			if err != nil {
				t.Fatal(err)
			}
			wantKinds(t, got, c.then...)
			wantKinds(t, loaded, c.first...) // what was handed out before does not change under its reader
			if got.Source.ReadAt != loaded.Source.ReadAt {
				t.Error("one row was read again, and the whole side is said to be fresh")
			}
			again, err := l.Refresh(t.Context(), user("5", "t5", "u5@corp.example"))
			if err != nil {
				t.Fatal(err)
			}
			wantKinds(t, again, c.then...) // the patch is kept
		})
	}
}

func TestRefreshWithNothingLoaded(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(1)
	if _, err := load.New(s, tgt, options()).Refresh(t.Context(), user("0", "t0", "u0")); !errors.Is(err,
		load.ErrNothingLoaded) {
		t.Errorf("got %v", err)
	}
}

func TestARefreshThatFailsKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bend    func(*fakeSource, *fakeTarget)
		subject model.Subject
	}{
		"source user": {func(s *fakeSource, _ *fakeTarget) { s.lookupErr = errDown }, user("2", "t2", "u2")},
		"target user": {func(_ *fakeSource, t *fakeTarget) { t.lookupErr = errDown }, user("2", "t2", "u2")},
		"roles": {
			func(s *fakeSource, _ *fakeTarget) { s.roleCover = model.UnknownCoverage(errDown.Error()) },
			group("71", "g71", "aws-all"),
		},
		"target group":  {func(_ *fakeSource, t *fakeTarget) { t.lookupErr = errDown }, group("71", "g71", "aws-all")},
		"group members": {func(_ *fakeSource, t *fakeTarget) { t.membersErr = errDown }, group("71", "g71", "aws-all")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			l := load.New(s, tgt, options())
			before := mustLoad(t, l)
			healthySource, healthyTarget := inSync(6)
			s.users[2].Active, tgt.users[2].DisplayName = false, "Other"
			tgt.members["g71"], s.roles[0].Users.IDs, tgt.groups[0].Name = nil, nil, "Other"
			c.bend(s, tgt)
			_, err := l.Refresh(t.Context(), c.subject)
			if err == nil || !strings.Contains(err.Error(), errDown.Error()) ||
				!strings.Contains(err.Error(), c.subject.Name) {
				t.Fatalf("error %v", err)
			}
			s.users, s.lookupErr, s.roles, s.roleCover = healthySource.users, nil, healthySource.roles,
				healthySource.roleCover
			tgt.users, tgt.lookupErr, tgt.members, tgt.membersErr = healthyTarget.users, nil, healthyTarget.members, nil
			tgt.groups = healthyTarget.groups
			after, err := l.Refresh(t.Context(), user("5", "t5", "u5"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(kinds(before), kinds(after)); diff != "" {
				t.Errorf("the failed refresh left something behind (-before +after):\n%s", diff)
			}
		})
	}
}

func TestALoadThatIsCancelledWhileItWaitsForALoad(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(2)
	l := load.New(s, tgt, options())
	mustLoad(t, l)
	entered, goOn := make(chan struct{}), make(chan struct{})
	s.gate = func(_ context.Context, list string) {
		if list == "app" {
			close(entered)
			<-goOn
		}
	}
	loaded := make(chan error)
	go func() {
		_, err := l.Load(t.Context(), drift.Watch{})
		loaded <- err
	}()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Load(ctx, drift.Watch{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled load behind a load: %v", err)
	}
	close(goOn)
	if err := <-loaded; err != nil {
		t.Error(err)
	}
}

// TestALoadDoesNotOverwriteWhatWasReadMeanwhile: a load has listed the users when one of them is deleted and read
// again. The load ends with the older list, and what was read again stands all the same.
func TestALoadDoesNotOverwriteWhatWasReadMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, tgt := inSync(6)
		l := load.New(s, tgt, options())
		mustLoad(t, l)
		listed := make(chan struct{})
		tgt.gate = func(_ context.Context, list string) {
			if list == "memberships" {
				<-listed
			}
		}
		var both sync.WaitGroup
		both.Go(func() { mustLoad(t, l) })
		synctest.Wait()
		hide(&tgt.users, 2)
		both.Go(func() {
			if _, err := l.Refresh(t.Context(), user("2", "t2", "u2@corp.example")); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		close(listed)
		both.Wait()
		wantKinds(t, l.Last(), "user-unsynced u2@corp.example")
	})
}

// arriving is a target at which a user comes just after it was asked for one in vain.
type arriving struct {
	*fakeTarget

	user  model.User
	armed bool
}

func (t *arriving) FindUser(ctx context.Context, userName, externalID string) (model.User, bool, error) {
	u, found, err := t.fakeTarget.FindUser(ctx, userName, externalID)
	if t.armed && !found {
		t.armed, t.users = false, append(t.users, t.user)
	}
	return u, found, err
}

// Who comes between the two questions of a refresh is new, and no sign that the list of before was cut: a watch would
// else be told for ever that the users were not read in full.
func TestWhoComesWhileARefreshAsksIsNew(t *testing.T) {
	t.Parallel()
	src, tgt := inSync(6)
	late := &arriving{fakeTarget: tgt, user: hide(&tgt.users, 2)}
	for id, members := range tgt.members {
		tgt.members[id] = slices.DeleteFunc(slices.Clone(members), func(u string) bool { return u == late.user.ID })
	}
	l := load.New(src, late, options())
	mustLoad(t, l)
	late.armed = true
	c, err := l.Refresh(t.Context(), user("2", "", "u2@corp.example"))
	if err != nil || late.armed {
		t.Fatal(err, late.armed)
	}
	if !c.Target.Coverage[model.PartUsers].Complete() || !c.Target.Coverage[model.PartMemberships].Complete() {
		t.Error(c.Target.Coverage)
	}
	for i := range c.Findings {
		if c.Findings[i].Kind == model.UserUnsynced {
			t.Error(c.Findings[i].ID)
		}
	}
}
