package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// A later read takes the place of an earlier one only where it knows as much of every part. The right values follow
// from one rule: what is shown is of one read, and never becomes less because a later one went worse.
func TestShortfalls(t *testing.T) {
	t.Parallel()
	full, cut := model.CompleteCoverage(), model.PartialCoverage("page 3 failed")
	none, left := model.UnknownCoverage("no connection"), model.SkippedCoverage()
	users := func(c model.Coverage, n int) *drift.Comparison {
		out := &drift.Comparison{}
		out.Target.Coverage[model.PartUsers], out.Target.Users = c, make([]model.User, n)
		return out
	}
	for name, c := range map[string]struct {
		before, now *drift.Comparison
		less        bool
	}{
		"both in full": {users(full, 60), users(full, 59), false}, // somebody may have left
		// the read says whether that is believed
		"in full, then empty":             {users(full, 60), users(full, 0), false},
		"in full, then cut":               {users(full, 60), users(cut, 50), true},
		"in full, then unknown":           {users(full, 60), users(none, 0), true},
		"in full, then left out":          {users(full, 60), users(left, 0), true},
		"cut, then in full":               {users(cut, 50), users(full, 40), false},
		"cut, then unknown":               {users(cut, 50), users(none, 0), true},
		"cut for the same reason":         {users(cut, 50), users(cut, 49), false},
		"cut earlier, for another reason": {users(cut, 50), users(model.PartialCoverage("page 2 failed"), 20), true},
		"cut later, for another reason": {
			users(cut, 50), users(model.PartialCoverage("page 4 failed"), 70),
			false,
		},
		"unknown, then cut":                  {users(none, 0), users(cut, 50), false},
		"unknown for another reason":         {users(none, 0), users(model.UnknownCoverage("HTTP 401"), 0), false},
		"left out both times":                {users(left, 0), users(left, 0), false},
		"left out, then unknown":             {users(left, 0), users(none, 0), false},
		"unknown, then left out by the read": {users(none, 0), users(left, 0), false},
	} {
		var want []drift.Gap
		if c.less {
			want = []drift.Gap{{
				Side: model.TargetSide, Part: model.PartUsers,
				Coverage: c.now.Target.Coverage[model.PartUsers],
			}}
		}
		if diff := cmp.Diff(want, drift.Shortfalls(c.before, c.now)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Every part of both sides counts, and they are named in the order in which they are shown.
func TestShortfallsOfEveryPart(t *testing.T) {
	t.Parallel()
	before, now := &drift.Comparison{}, &drift.Comparison{}
	var want []drift.Gap
	for _, p := range model.SourceParts() {
		before.Source.Coverage[p] = model.CompleteCoverage()
		want = append(want, drift.Gap{Part: p})
	}
	for _, p := range model.TargetParts() {
		before.Target.Coverage[p] = model.CompleteCoverage()
		want = append(want, drift.Gap{Side: model.TargetSide, Part: p})
	}
	if diff := cmp.Diff(want, drift.Shortfalls(before, now)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !before.KnowsSomething() || now.KnowsSomething() {
		t.Error("what was read is taken for nothing, or nothing for what was read")
	}
}
