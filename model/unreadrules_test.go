package model_test

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// Where roles decide, a role that grants the app makes its group expected whatever the rules say: a credential that may
// not read them (they need Manage All) makes the finding no less certain.
func TestAMissingGroupIsCertainWithoutTheRulesWhereRolesDecide(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.cover[model.PartRules] = model.UnknownCoverage("403")
	delete(w.members, w.tgroups[0].ID)
	w.tgroups = w.tgroups[1:]
	c := w.compare()
	if len(c.Findings) != 1 || c.Findings[0].Kind != model.GroupMissing || c.Findings[0].Confidence != model.Certain {
		t.Errorf("%+v", c.Findings)
	}
}
