package inspect

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// TestWays: by what a user gets into a group is told, with rule and role where it is both, and how sure that is.
func TestWays(t *testing.T) {
	t.Parallel()
	rule, role := &model.Rule{Name: "by department"}, &model.Role{Name: "aws-ops"}
	for want, way := range map[string]rules.Way{
		"role aws-ops": {Role: role, Certain: true},
		"rule by department, role aws-ops (likely)": {Rule: rule, Role: role},
		"rule by department":                        {Rule: rule, Certain: true},
		"default of the Groups parameter":           {ByDefault: true, Certain: true},
	} {
		if got := wayText(&way); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
