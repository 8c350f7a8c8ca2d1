package model_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// TestTheSizesAddUp: whatever was bent, what only one side has makes up the whole difference, so that an operator can
// check it.
func TestTheSizesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, rng := drawWorld(t)
		all := bends()
		for range rapid.IntRange(0, 12).Draw(t, "bends") {
			rapid.SampledFrom(all).Draw(t, "bend").apply(w, rng)
		}
		c := w.compare()
		sum := func(shares []drift.Share) (n int) {
			for _, s := range shares {
				if s.N <= 0 || s.Why == "" {
					t.Errorf("an empty share: %+v", s)
				}
				n += s.N
			}
			return n
		}
		for _, b := range c.Balances() {
			if got := b.Source - sum(b.OnlySource) + sum(b.OnlyTarget); got != b.Target {
				t.Errorf("%s: %+v make %d at the target", b.Part, b, got)
			}
		}
	})
}

// The sizes of two sides in sync may differ: somebody who is suspended need not be at the target, a group may be there
// though nobody is in it, and the target may keep the memberships of somebody who is switched off.
func TestSizesThatDifferWithoutDrift(t *testing.T) {
	t.Parallel()
	w := syncedWorld(8, 3, false, rand.New(rand.NewPCG(1, 1)))
	for _, i := range []int{1, 2} {
		w.users[i].Active, w.users[i].Standing = false, model.StandingSuspended
	}
	w.dropTargetUser("t-" + w.users[1].ID)
	for i := range w.tusers {
		if w.tusers[i].ID == "t-"+w.users[2].ID {
			w.tusers[i].Active = false
		}
	}
	c := w.compare()
	for _, f := range c.Findings {
		t.Errorf("found %s", f.ID)
	}
	b := c.Balances()[0]
	want := drift.Balance{
		Part: model.PartUsers, Source: 8, Target: 7,
		OnlySource: []drift.Share{{N: 1, Why: "suspended"}}, OnlyTarget: []drift.Share{},
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.tcover[model.PartUsers] = model.PartialCoverage("page 2 failed")
	for _, b := range w.compare().Balances() {
		if b.Part == model.PartUsers {
			t.Error("what was read in part is added up")
		}
	}
}
