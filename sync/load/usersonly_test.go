package load_test

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
)

// A target without groups has them skipped: no group is missing there, and nothing is left open. One that had groups
// before has not lost them because it says so now.
func TestATargetWithoutGroupsIsReadAsUsersOnly(t *testing.T) {
	t.Parallel()
	s, tgt := inSync(3)
	had := tgt.groups
	tgt.groups, tgt.groupCover = nil, model.SkippedCoverage()
	l := load.New(s, tgt, options())
	c := mustLoad(t, l)
	wantKinds(t, c)
	wantState(t, c, model.TargetSide, model.PartGroups, model.Skipped)
	wantState(t, c, model.TargetSide, model.PartMemberships, model.Skipped)
	if len(c.UnsettledByReason()) > 0 || !c.Target.Coverage.Complete(model.TargetParts()) {
		t.Errorf("something is left open: %+v %v", c.UnsettledByReason(), c.Target.Coverage)
	}
	tgt.groups, tgt.groupCover = had, model.CompleteCoverage()
	mustLoad(t, l)
	tgt.groups, tgt.groupCover = nil, model.SkippedCoverage()
	wantState(t, mustLoad(t, l), model.TargetSide, model.PartGroups, model.Unknown)
	// The configuration has the last word.
	o := options()
	o.SkipGroups = true
	tgt.groups, tgt.groupCover = had, model.CompleteCoverage()
	wantState(t, mustLoad(t, load.New(s, tgt, o)), model.TargetSide, model.PartGroups, model.Skipped)
}
