package model_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// offersDelete reports whether a finding, which must be there, offers to delete its group.
func offersDelete(t *testing.T, c *drift.Comparison, id string) bool {
	t.Helper()
	i := slices.IndexFunc(c.Findings, func(f model.Finding) bool { return f.ID == id })
	if i < 0 {
		t.Fatalf("no %s in %v", id, ids(c))
	}
	return slices.ContainsFunc(c.Findings[i].Repairs,
		func(o model.Option) bool { return o.Repair == model.DeleteGroup })
}

func strayWorld() *world {
	w := syncedWorld(6, 4, false, rand.New(rand.NewPCG(1, 1)))
	w.tgroups = append(w.tgroups, model.Group{ID: "g-x", Name: "stray", ExternalID: "999"})
	w.members["g-x"] = []string{"t-1000"}
	return w
}

// refusal judges a delete of the stray group, and gives the rules that refuse it.
func (w *world) refusal(c *drift.Comparison) []model.GuardRule {
	step := deleteStray()
	return rulesOf(plan.Judge(&model.Plan{Schema: model.PlanSchema, MadeAt: planTime, Steps: []model.Step{step}},
		plan.Circumstances{
			Comparison: c, Guard: model.DefaultGuard(), Groups: testOptions().Groups, Now: planTime,
		}).Refusals)
}

func TestNoDeleteOfAGroupWhoseMembersAreUnknown(t *testing.T) {
	t.Parallel()
	if !offersDelete(t, strayWorld().compare(), "group-lingering/stray") {
		t.Error("with everything read, nothing is offered")
	}
	w := strayWorld()
	w.tcover[model.PartMemberships] = model.UnknownCoverage("403")
	if why := w.refusal(w.compare()); !slices.Contains(why, model.RuleNoBackup) {
		t.Errorf("a delete although no membership was read: refused by %q", why)
	}
	w = strayWorld()
	w.tcover[model.PartUsers] = model.PartialCoverage("cut")
	w.tusers = w.tusers[1:]
	c := w.compare()
	if why := w.refusal(c); !slices.Contains(why, model.RuleNoBackup) {
		t.Errorf("a delete although a member is among the users that were not read: refused by %q", why)
	}
	i := slices.IndexFunc(c.Findings, func(f model.Finding) bool { return f.ID == "group-lingering/stray" })
	if c.Findings[i].MembersUnknown == "" {
		t.Error("its members are shown as none")
	}
}

func TestAGroupWhoseRoleLivesOnIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 2, false, rand.New(rand.NewPCG(1, 1)))
	w.tgroups[0] = model.Group{ID: "g-70", Name: "old-name", ExternalID: "70"}
	c := w.compare() // too few pairs carry role ids to pair by them
	wantIDs(t, c, []string{"group-lingering/old-name", "group-missing/aws-team-0"})
	if offersDelete(t, c, "group-lingering/old-name") {
		t.Error("the probably renamed group is offered for deletion")
	}
}

func TestAPairThatAMissingRowCouldDisproveSaysNothing(t *testing.T) {
	t.Parallel()
	// The target's external id names user 6, whose row is missing; only the userName matches user 1.
	w := syncedWorld(6, 1, false, rand.New(rand.NewPCG(1, 1)))
	w.users[0].Active, w.users[0].Standing = false, model.StandingSuspended
	w.tusers[0].ExternalID = w.users[5].ExternalID
	w.users = w.users[:5]
	w.tusers = w.tusers[:5]
	w.cover[model.PartUsers] = model.PartialCoverage("cut")
	if got := w.compare(); len(got.Findings) != 0 {
		t.Errorf("said although a missing row could disprove it: %v", ids(got))
	}
}

func TestAThirdClaimantIsNamedAlikeInAnyOrder(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 1, false, rand.New(rand.NewPCG(1, 1)))
	shared := "shared@corp.example"
	w.users[0].Email, w.users[1].Email = shared, shared
	w.tusers[0].Email, w.tusers[1].Email = shared, shared
	w.tusers = append(w.tusers, model.User{ID: "t-3", UserName: "third", Email: shared, Active: true})
	want := ids(w.compare())
	slices.Reverse(w.users)
	slices.Reverse(w.tusers)
	wantIDs(t, w.compare(), want)
}

func TestATildeInANameCannotForgeAnID(t *testing.T) {
	t.Parallel()
	w := syncedWorld(6, 1, false, rand.New(rand.NewPCG(1, 1)))
	w.tgroups = append(w.tgroups, model.Group{ID: "t1", Name: "x"}, model.Group{ID: "t2", Name: "X"},
		model.Group{ID: "t3", Name: "x~t1"})
	wantIDs(t, w.compare(), []string{"group-unclaimed/x~t1", "group-unclaimed/x~t2", "group-unclaimed/x%7Et1"})
}
