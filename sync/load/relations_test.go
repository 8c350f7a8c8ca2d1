package load_test

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// A target that lists no groups, and finds none by name either, has no record that could prove the filter. On the first
// read it is believed all the same, as the state of every new target, and nothing is offered on it that takes.
func TestATargetWithoutGroupsIsBelievedForCreatingOnly(t *testing.T) {
	t.Parallel()
	tenant, err := tenants.Build(tenants.Options{Scenario: "groups-not-included", Seed: 1, Users: 12, Groups: 4})
	if err != nil {
		t.Fatal(err)
	}
	b := lay(t, t, tenant, simscim.Current().Unlimited())
	defer b.close()
	c := b.by(t, t, "roles")
	missing := 0
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Kind != model.GroupMissing {
			continue
		}
		missing++
		if f.Confidence != model.Certain {
			t.Errorf("%s is %s", f.ID, f.Confidence)
		}
		for _, o := range f.Repairs {
			if o.Channel == model.Direct && o.Repair != model.CreateGroup {
				t.Errorf("%s offers %s", f.ID, o.Repair)
			}
		}
	}
	if missing == 0 || len(c.Target.Groups) > 0 {
		t.Errorf("%d groups are missing at a target of %d", missing, len(c.Target.Groups))
	}
}
