package drift

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestEveryKindRestsOnClaims fails for a kind of finding without a row in the table, and for a repair that writes
// without one: nothing would be asked about it, and whatever was not read would be no reason to doubt it.
func TestEveryKindRestsOnClaims(t *testing.T) {
	t.Parallel()
	for _, kind := range model.Kinds() {
		if len(claimsOf(kind)) == 0 {
			t.Errorf("%s rests on nothing", kind)
		}
	}
	if of := claimsOf("a-kind-of-tomorrow"); of != nil {
		t.Errorf("a kind that nobody knows rests on %v", of)
	}
	for _, repair := range model.RepairNames() {
		_, known := ClaimsOfRepair(repair)
		in := model.Intent{Option: model.Option{Repair: repair, Channel: model.Direct}}
		if writes := repair.Place() == model.NoPlace || in.Takes() || in.Grants(); writes && !known {
			t.Errorf("%s rests on nothing", repair)
		}
	}
}
