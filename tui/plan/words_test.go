package plan

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/screen"
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
		"nobody is in aws-ops<U+0020>":                     {Fact: model.MembersAre, ID: "g2"},
		"the user u7 are in aws-ops<U+0020>": {
			Fact: model.MembersInclude, ID: "g2", Users: []model.Member{{ID: "u7"}},
		},
		"the user that s1 makes are not in the group g9": {
			Fact: model.MembersExclude, ID: "g9", Users: []model.Member{{Ref: "s1"}},
		},
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

// TestAStepSaysWhatIsSent: to which service, with its headers, and by which name something goes just now.
func TestAStepSaysWhatIsSent(t *testing.T) {
	t.Parallel()
	c := &screen.Context{Face: model.Face{Sides: [2]model.SideName{{Title: "OneLogin"}, {Title: "AWS"}}}}
	step := &model.Step{
		ID: "s1", Subject: model.Subject{Name: "aws-ops", TargetID: "g2"}, Takes: true, Grants: true,
		Request: &model.Request{
			Service: model.ServiceTarget, Method: "PATCH", Path: "/Groups/g2",
			Headers: map[string]string{"If-Match": "W/1"},
		},
		Precondition: []model.Condition{{Side: model.AtTarget, Fact: model.GroupIs, ID: "g2", Name: "aws-ops "}},
	}
	text := func() string { return strings.Join(stepText(c, step, 100), "\n") + stepLine(c, step, 100) }
	for _, want := range []string{
		"What is sent to AWS", "If-Match: W/1", "aws-ops<U+0020> now, and aws-ops afterwards", "-+ both",
	} {
		if got := text(); !strings.Contains(got, want) {
			t.Errorf("%q is not said:\n%s", want, got)
		}
	}
	step.Request.Service, step.Takes = model.ServiceSource, false
	for _, want := range []string{"What is sent to OneLogin", "+ grants"} {
		if got := text(); !strings.Contains(got, want) {
			t.Errorf("%q is not said:\n%s", want, got)
		}
	}
}

// TestPlanSentence: what is done of each repair, whom it costs something, and once that it is watched.
func TestPlanSentence(t *testing.T) {
	t.Parallel()
	for _, name := range model.RepairNames() {
		p := &model.Plan{Steps: []model.Step{{Repair: name}, {Repair: name, Subject: model.Subject{Name: "b"}}}}
		if got := planSentence(p); len(got) < len("Adds.") || strings.Contains(got, "%s") {
			t.Errorf("%s: %q", name, got)
		}
	}
	press := model.Step{Repair: model.RefreshEntitlements, Channel: model.Console}
	again := model.Step{Repair: model.ReapplyMappings, Channel: model.Console}
	unread := model.Step{Repair: model.DeleteGroup, BlastRadius: &model.BlastRadius{Unknown: "403"}}
	losing := model.Step{Repair: model.DeleteGroup, BlastRadius: &model.BlastRadius{Members: []string{"ana"}}}
	for want, steps := range map[string][]model.Step{
		"Has you refresh the entitlements in OneLogin, has you reapply the mappings in OneLogin, and watches.": {
			press, again,
		},
		"Deletes 1 group; who loses access by it could not be read.": {unread},
		"Deletes 1 group; 1 member loses it.":                        {losing},
		"Deletes 2 groups; 1 member loses them.":                     {losing, losing},
	} {
		if got := planSentence(&model.Plan{Steps: steps}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
