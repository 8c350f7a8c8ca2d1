package load_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/load"
)

// remembering makes a loader that begins with what was remembered and keeps what it is told in the result.
func remembering(s *fakeSource, tgt *fakeTarget, before *model.Baseline) (*load.Loader, *[]model.Baseline) {
	told := &[]model.Baseline{}
	o := options()
	o.Remembered, o.Remember = before, func(b model.Baseline) { *told = append(*told, b) }
	return load.New(s, tgt, o), told
}

func sizes(users int) map[string]int {
	return map[string]int{"users": users, "groups": 2, "memberships": 9}
}

func TestBaseline(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	l, told := remembering(s, tgt, nil)
	if l.Baseline() != nil {
		t.Error("something is remembered before anything was read")
	}
	mustLoad(t, l)
	digest := options().Groups.Digest()
	most := map[string]model.Size{
		"users": {N: 6, At: moment()}, "groups": {N: 2, At: moment()},
		"memberships": {N: 9, At: moment()},
	}
	meant := model.GroupsDigest{Groups: digest, At: moment()}
	ids := map[string][]string{
		"source users": {"0", "1", "2", "3", "4"}, "source groups": {"71", "72"}, "source memberships": {"0", "0"},
		"target users": {"t0", "t1", "t2", "t3", "t4"}, "target groups": {"g71", "g72"},
		"target memberships": {"g71", "g72"},
	}
	want := model.Baseline{
		At: moment(), Source: sizes(6), Target: sizes(6), IDs: ids, Groups: digest, Most: most,
		Meant: meant,
	}
	if len(*told) != 1 || !cmp.Equal((*told)[0], want) || !cmp.Equal(*l.Baseline(), want) {
		t.Errorf("told %+v, baseline %+v, want %+v", *told, l.Baseline(), want)
	}
	if mustLoad(t, l); len(*told) != 1 {
		t.Errorf("the same was told %d times", len(*told))
	}

	// In the next program a part that is cut keeps the size that it had when it was complete.
	s.users, s.userCover = s.users[:3], model.PartialCoverage("cut")
	hide(&tgt.users, 5)
	l, told = remembering(s, tgt, &want)
	mustLoad(t, l)
	next := model.Baseline{
		At: moment(), Source: sizes(6), Target: sizes(5), IDs: ids, Groups: digest, Most: most,
		Meant: meant,
	}
	if len(*told) != 1 || !cmp.Equal((*told)[0], next) {
		t.Errorf("told %+v, want %+v", *told, next)
	}
	if !cmp.Equal(*l.Baseline(), want) {
		t.Errorf("the baseline has become %+v: a plan could not tell any more that the source shrank", l.Baseline())
	}
}

// A program that has just started notices what is suddenly empty, and remembers nothing of it.
func TestSuddenlyEmptySinceTheLastProgram(t *testing.T) {
	t.Parallel()
	before := &model.Baseline{At: moment(), Source: sizes(6), Target: sizes(6)}
	for name, c := range map[string]struct {
		bend func(*fakeSource, *fakeTarget)
		side model.Side
		lost model.Part
	}{
		"roles": {
			func(s *fakeSource, _ *fakeTarget) { s.roles, s.app.RoleIDs = nil, nil }, model.SourceSide,
			model.PartGroups,
		},
		"target users": {func(_ *fakeSource, t *fakeTarget) { t.users = nil }, model.TargetSide, model.PartUsers},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tgt := inSync(6)
			c.bend(s, tgt)
			l, told := remembering(s, tgt, before)
			got := mustLoad(t, l)
			wantKinds(t, got)
			wantState(t, got, c.side, c.lost, model.Unknown)
			for _, b := range *told {
				if []map[string]int{b.Source, b.Target}[c.side][c.lost.String()] == 0 {
					t.Errorf("the empty part is remembered: %+v", b)
				}
			}
		})
	}
}

// Who was in groups that are gone by their ids is in none any more, where no group is left: nobody has to look whether
// that is true. Groups that are there cannot show by themselves that they have lost everybody, however many are gone.
func TestMembersOfGroupsThatAreGone(t *testing.T) {
	t.Parallel()
	for left, want := range map[int]model.CoverageState{0: model.Complete, 1: model.Unknown, 5: model.Unknown} {
		s, tgt := inSync(6)
		first := tgt.groups[0]
		for i := range 9 {
			g := first
			g.ID, g.Name = first.ID+strconv.Itoa(i), first.Name+strconv.Itoa(i)
			tgt.groups, tgt.members[g.ID] = append(tgt.groups, g), tgt.members[first.ID]
		}
		l := load.New(s, tgt, options())
		mustLoad(t, l)
		tgt.groups, tgt.members = tgt.groups[len(tgt.groups)-left:], map[string][]string{}
		wantState(t, mustLoad(t, l), model.TargetSide, model.PartMemberships, want)
	}
}

// What a run took away by itself is no surprise, neither to this program nor to the next.
func TestOurOwnStepsAreRemembered(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(2)
	s.app.RoleIDs, s.roles = nil, nil
	tgt.groups = tgt.groups[:1]
	l, told := remembering(s, tgt, nil)
	mustLoad(t, l)
	tgt.groups, tgt.members = nil, nil
	recheck(t, l, model.Question{}, &plan.Observation{Groups: map[string]*model.Group{"g71": nil}})
	last := (*told)[len(*told)-1]
	if last.Target["groups"] != 0 || last.Target["memberships"] != 0 {
		t.Errorf("remembered is %+v", last)
	}
	l, _ = remembering(s, tgt, &last)
	wantState(t, mustLoad(t, l), model.TargetSide, model.PartGroups, model.Complete)
}

// The guard compares what is remembered with the sizes of a comparison: both have to count the same, or a source that
// is whole looks as if it had shrunk. Users of the account without the app are none of the app's.
func TestWhatIsRememberedIsWhatTheGuardCounts(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(6)
	for i := range 4 {
		u := s.users[i]
		u.ID, u.UserName, u.Email, u.ExternalID, u.Assigned = "9"+u.ID, "x"+u.UserName, "x"+u.Email, "9"+u.ExternalID,
			false
		s.users = append(s.users, u)
	}
	l, told := remembering(s, tgt, nil)
	source, target := mustLoad(t, l).Sizes()
	if got := (*told)[0]; !cmp.Equal(got.Source, source) || !cmp.Equal(got.Target, target) {
		t.Errorf("remembered %v and %v, the guard counts %v and %v", got.Source, got.Target, source, target)
	}
}
