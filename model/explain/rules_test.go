package explain_test

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
)

func TestRulesInWords(t *testing.T) {
	t.Parallel()
	open := []model.Option{{Repair: model.OpenRules, Channel: model.Console}}
	for _, tt := range []struct {
		f                            model.Finding
		summary, heading, next, says string
	}{
		{
			model.Finding{
				Kind:     model.RuleOpaque,
				Evidence: []model.Evidence{{What: "a macro makes the group names", Text: "{x}"}}, Repairs: open,
			},
			"sets groups and cannot be evaluated: a macro makes the group names ({x}); nothing is said of the groups " +
				"that it may name",
			"1 rule cannot be evaluated", "by hand", "cannot be worked out",
		},
		{
			model.Finding{
				Kind:     model.RuleOpaque,
				Evidence: []model.Evidence{{What: drift.EvidenceNamed, Text: "aws-a"}}, Repairs: open,
			},
			"names the group aws-a, and whether it gives it is not known; it is not called lingering",
			"1 rule cannot be evaluated", "by hand", "cannot be worked out",
		},
		{
			model.Finding{Kind: model.RuleRedundant, Evidence: []model.Evidence{
				{What: "…", Text: "aws-a"},
				{What: "…", Text: "each role"},
			}, Repairs: open},
			"gives aws-a to users who have it already by the rule each role", "1 rule gives groups twice", "Delete one",
			"another way",
		},
		{
			model.Finding{
				Kind: model.RuleRedundant, Evidence: []model.Evidence{{Text: "aws-a"}, {What: "…"}},
				Repairs: open,
			},
			"gives aws-a to users who have it already by the default value of the Groups parameter",
			"1 rule gives groups twice", "Delete one", "another way",
		},
		{
			model.Finding{Kind: model.SetupNoGroupRule, Repairs: open},
			"none of the app's rules sets groups, so OneLogin pushes none, and nothing is said of the groups at the " +
				"target", "", "Add a rule", "pushes users and no group",
		},
	} {
		if got := explain.Summary(tt.f, "AWS"); got != tt.summary {
			t.Errorf("summary %q, want %q", got, tt.summary)
		}
		if got := explain.GroupHeading(drift.GroupKey{Why: string(tt.f.Kind)}, []*model.Finding{&tt.f},
			explain.Scale{Target: "AWS"}); tt.heading != "" && got != tt.heading {
			t.Errorf("heading %q, want %q", got, tt.heading)
		}
		if got := explain.Next(tt.f); !strings.Contains(got, tt.next) {
			t.Errorf("next %q, want %q in it", got, tt.next)
		}
		if got := explain.Paragraph(tt.f, "AWS"); !strings.Contains(got, tt.says) {
			t.Errorf("paragraph %q, want %q in it", got, tt.says)
		}
	}
}
