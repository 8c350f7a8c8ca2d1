package load_test

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// renumber gives all records of a tenant other ids; their names stay.
func renumber(target *world.Target) {
	for i, id := range target.UserOrder {
		u := target.Users[id]
		delete(target.Users, id)
		u.ID = "0" + id[1:len(id)-4] + "ffff"
		target.Users[u.ID], target.UserOrder[i] = u, u.ID
	}
	for i, id := range target.GroupOrder {
		g := target.Groups[id]
		delete(target.Groups, id)
		g.ID, g.Members = "0"+id[1:len(id)-4]+"ffff", map[string]bool{}
		target.Groups[g.ID], target.GroupOrder[i] = g, g.ID
	}
}

// Names prove nothing: a store is believed for its ids alone, whoever may be asked for. A store that knows one record
// and lacks others is the right one, read at another moment, and completes nothing.
func TestProofGoesByIDs(t *testing.T) {
	b, twin := legacy(t, 120, 8), legacy(t, 120, 8)
	renumber(&twin.tenant.World.Target)
	for name, denied := range map[string][]string{"users": nil, "groups": {"identitystore:DescribeUser"}} {
		t.Run("the same names by "+name, func(t *testing.T) {
			twin.server.AWS.SetKnobs(simaws.Knobs{Deny: denied})
			lensed := load.NewLensed(b.target, lensOn(t, twin))
			users, coverage := lensed.Users(t.Context(), func(int, int) {})
			if coverage.Complete() || len(users) != 50 || !strings.Contains(coverage.Reason, "two directories") &&
				denied == nil {
				t.Errorf("%d users are believed: %s", len(users), coverage)
			}
			groups, coverage := lensed.Groups(t.Context(), func(int, int) {})
			if coverage.Complete() && len(groups) != len(b.tenant.World.Target.Groups) {
				t.Errorf("%d groups are believed: %s", len(groups), coverage)
			}
			for i := range groups {
				if twin.tenant.World.Target.Groups[groups[i].ID] != nil {
					t.Errorf("%s of the other directory is believed", groups[i].Name)
				}
			}
			if err := lensed.Proven(t.Context()); err == nil {
				t.Error("it is taken for proven")
			}
		})
	}
	t.Run("partly the same", func(t *testing.T) {
		part := legacy(t, 120, 8)
		target := &part.tenant.World.Target
		for _, id := range append([]string{target.UserOrder[0]}, target.UserOrder[20:40]...) {
			delete(target.Users, id)
		}
		target.UserOrder = append(append([]string{}, target.UserOrder[1:20]...), target.UserOrder[40:]...)
		lensed := load.NewLensed(b.target, lensOn(t, part))
		users, coverage := lensed.Users(t.Context(), func(int, int) {})
		if coverage.Complete() || len(users) != 50 || !strings.Contains(coverage.Reason, "which SCIM shows") {
			t.Errorf("%d users, %s", len(users), coverage)
		}
	})
	t.Run("an empty target", func(t *testing.T) {
		empty := legacy(t, 20, 2)
		target := &empty.tenant.World.Target
		lens := lensOn(t, empty)
		target.Users, target.Groups, target.UserOrder, target.GroupOrder = map[string]*world.TargetUser{},
			map[string]*world.TargetGroup{}, nil, nil
		lensed := load.NewLensed(empty.target, lens)
		lensed.Users(t.Context(), func(int, int) {})
		lensed.Groups(t.Context(), func(int, int) {})
		if err := lensed.Proven(t.Context()); err == nil || !strings.Contains(err.Error(), "no record") {
			t.Errorf("nothing proves it: %v", err)
		}
	})
}

// Who makes what comes over SCIM has made a stray group too: then it is likely that provisioning did. A group of
// somebody else's is nobody's to delete.
func TestMakerIsProofOfOrigin(t *testing.T) {
	b := legacy(t, 64, 12)
	target := &b.tenant.World.Target
	maker := target.Users[target.UserOrder[0]].CreatedBy
	if maker == "" {
		t.Fatal("the simulation does not say who made its users")
	}
	for name, by := range map[string]string{
		"aws-made-by-scim": maker,
		"aws-made-by-hand": "arn:aws:iam::111122223333:user/ana",
	} {
		target.AddGroup(&world.TargetGroup{
			ID: b.tenant.World.NewUUID(), DisplayName: name, CreatedBy: by,
			Members: map[string]bool{},
		})
	}
	kinds := map[string]model.Finding{}
	c := b.through(t)
	for i := range c.Findings {
		kinds[c.Findings[i].Subject.Name] = c.Findings[i]
	}
	if f := kinds["aws-made-by-scim"]; f.Kind != model.GroupLingering || f.Confidence == model.Certain {
		t.Errorf("%s, confidence %v", f.Kind, f.Confidence)
	}
	if f := kinds["aws-made-by-hand"]; f.Kind != model.GroupUnclaimed {
		t.Errorf("%s", f.Kind)
	}
}
