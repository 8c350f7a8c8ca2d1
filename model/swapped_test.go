package model_test

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// Two roles have swapped their names, and neither an id nor the log tells: each group holds exactly those who belong in
// the other. Its assignments are for those who are in it, so that nobody may be taken out or put in on the strength of
// the name alone.
func TestGroupsThatHoldEachOthersMembersAreNotCertain(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.roles[0].Users.IDs, w.roles[1].Users.IDs = []string{"1000", "1001", "1002"}, []string{"1003", "1004"}
	w.members["g-70"], w.members["g-71"] = []string{"t-1000", "t-1001", "t-1002"}, []string{"t-1003", "t-1004"}
	for i := range w.tgroups {
		w.tgroups[i].ExternalID = ""
	}
	wantIDs(t, w.compare(), nil)
	w.roles[0].Name, w.roles[1].Name = w.roles[1].Name, w.roles[0].Name
	c := w.compare()
	if len(c.Findings) == 0 {
		t.Fatal("nothing is found at all")
	}
	for _, f := range c.Findings {
		if f.Confidence != model.Unsure || f.Contradicted == "" || len(f.Repairs) > 0 {
			t.Errorf("%s is %s, offering %v: %s", f.ID, f.Confidence, f.Repairs, f.Contradicted)
		}
	}
}
