package plan

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestAStatementSaysWhatMustHold: an id, a name and an external id that must not be there are told apart, and spaces
// around a name show.
func TestAStatementSaysWhatMustHold(t *testing.T) {
	t.Parallel()
	step := &model.Step{Subject: model.Subject{Name: "aws-ops ", TargetID: "g2"}}
	for want, s := range map[string]model.Condition{
		"aws-ops<U+0020> is there, under that name and id": {Fact: model.GroupIs, ID: "g2", Name: "aws-ops "},
		"aws-ops<U+0020> is still at AWS's revision 4":     {Fact: model.RevisionIs, ID: "g2", Value: "4"},
		"no group has the id g1 any more":                  {Fact: model.GroupAbsent, ID: "g1", Name: "aws-ops"},
		"there is no group aws-ops<U+0020>":                {Fact: model.GroupAbsent, Name: "aws-ops "},
		"no user has the externalId 47":                    {Fact: model.UserAbsent, Field: "externalId", Value: "47"},
		"there is no user ana":                             {Fact: model.UserAbsent, Name: "ana"},
		"no user has the id u1 any more":                   {Fact: model.UserAbsent, ID: "u1", Name: "ana"},
		"exactly ana<U+0020> are in aws-ops<U+0020>": {
			Fact: model.MembersAre, ID: "g2",
			Users: []model.Member{{ID: "u1", UserName: "ana "}},
		},
	} {
		if got := conditionText(step, &s); got != want {
			t.Errorf("%s: %q, want %q", s.Fact, got, want)
		}
	}
}
