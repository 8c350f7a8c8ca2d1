package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// synced is a world of roles, rules and a target that agree.
func syncedByRules() *world {
	w := shapes()
	w.rules = []model.Rule{forEachRole("900", "^aws-")}
	for _, u := range w.users {
		t := u
		t.ID, t.Attributes = "t-"+u.ID, nil
		w.tusers = append(w.tusers, t)
	}
	for _, r := range w.roles[:2] {
		w.tgroups = append(w.tgroups, model.Group{ID: "g-" + r.ID, Name: r.Name})
		for _, id := range r.Users.IDs {
			w.members["g-"+r.ID] = append(w.members["g-"+r.ID], "t-"+id)
		}
	}
	return w
}

func findingsOf(c *drift.Comparison, kinds ...model.Kind) (out []model.Finding) {
	for _, f := range c.Findings {
		if slices.Contains(kinds, f.Kind) {
			out = append(out, f)
		}
	}
	return out
}

// groupFindings leaves out what is said of users and of the set-up.
func groupFindings(c *drift.Comparison) string {
	var out []string
	for _, f := range c.Findings {
		if f.Subject.Type == model.SubjectGroup {
			line := f.ID + " " + f.Confidence.String()
			for _, r := range f.Repairs {
				if r.Repair == model.DeleteGroup || r.Repair == model.RemoveMembers {
					line += " takes"
				}
			}
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

func TestWhatRulesLeaveOfGroupFindings(t *testing.T) {
	t.Parallel()
	made := func(w *world, name string) {
		w.tgroups = append(w.tgroups, model.Group{ID: "g-" + name, Name: name, ExternalID: "1234"})
	}
	drop := func(w *world) { w.tgroups = w.tgroups[:0] }
	for _, tt := range []struct {
		name   string
		from   string
		change func(*world)
		want   string
	}{
		{name: "in sync", change: func(*world) {}},
		{
			name: "lingering", change: func(w *world) { made(w, "aws-old") },
			want: "group-lingering/aws-old certain takes",
		},
		{name: "named by a disabled rule", change: func(w *world) {
			made(w, "aws-old")
			r := literal("901", "70", "AWS-OLD")
			r.Enabled = false
			w.rules = append(w.rules, r)
		}},
		{name: "a role that yields nobody", change: func(w *world) { made(w, "aws-empty") }},
		{name: "a role of that name that no rule goes through", change: func(w *world) {
			w.rules = []model.Rule{forEachRole("900", "^aws-team")}
		}, want: "group-lingering/aws-other certain takes"},
		{name: "an opaque rule may name it", change: func(w *world) {
			made(w, "aws-old")
			w.rules = append(w.rules, model.Rule{
				ID: "901", Enabled: true,
				Actions: []model.RuleAction{{Name: model.SetGroups, Macro: "x"}},
			})
			w.members["g-70"] = append(w.members["g-70"], "t-3") // nor is anybody too many
		}},
		{name: "an action that nobody knows matches its name in part", change: func(w *world) {
			made(w, "aws-old")
			w.rules = append(w.rules, model.Rule{
				ID: "901", Enabled: true, Actions: []model.RuleAction{{Name: "set_other", Expression: "old"}},
			})
		}},
		{name: "an action that nobody knows matches another", change: func(w *world) {
			made(w, "aws-old")
			w.rules = append(w.rules, model.Rule{
				ID: "901", Enabled: true, Actions: []model.RuleAction{{Name: "set_other", Expression: "new"}},
			})
		}, want: "group-lingering/aws-old certain takes"},
		{name: "an opaque rule cannot name it", change: func(w *world) {
			made(w, "aws-old")
			w.rules = append(w.rules, model.Rule{
				ID: "901", Enabled: true,
				Actions: []model.RuleAction{{
					Name: model.SetGroups, Values: []string{"custom_attribute_x"},
					Expression: "^dept-",
				}},
			})
		}, want: "group-lingering/aws-old certain takes"},
		{name: "an opaque rule hides no missing member", change: func(w *world) {
			w.rules = append(w.rules, model.Rule{
				ID: "901", Enabled: true,
				Actions: []model.RuleAction{{Name: model.SetGroups, Macro: "x"}},
			})
			w.members["g-70"] = w.members["g-70"][1:]
		}, want: "members-missing/aws-team certain"},
		{name: "no group rule", change: func(w *world) {
			made(w, "aws-old")
			w.rules = []model.Rule{{ID: "1", Enabled: true, Actions: []model.RuleAction{{Name: "set_role"}}}}
		}},
		{name: "no rule", from: "rules", change: func(w *world) { made(w, "aws-old"); w.rules = nil }},
		{name: "not borne out", change: drop, want: "group-missing/aws-other likely; group-missing/aws-team likely"},
		{
			name: "lingering, not borne out", change: func(w *world) { drop(w); made(w, "aws-old") },
			want: "group-lingering/aws-old likely takes; group-missing/aws-other likely; group-missing/aws-team likely",
		},
		{
			name: "half borne out", change: func(w *world) { w.tgroups = w.tgroups[:1] },
			want: "group-missing/aws-other certain",
		},
		{name: "rules unread, from roles instead", change: func(w *world) {
			w.cover[model.PartRules], w.rules = model.UnknownCoverage("HTTP 403"), nil
			made(w, "aws-old")
			w.members["g-70"] = append(w.members["g-70"], "t-3")
		}, want: "group-lingering/aws-old likely; group-lingering/aws-other likely; members-extra/aws-team likely"},
		{name: "rules left out by the configuration", change: func(w *world) {
			w.cover[model.PartRules], w.rules = model.SkippedCoverage(), nil
			made(w, "aws-old")
		}, want: "group-lingering/aws-old likely; group-lingering/aws-other likely"},
		{name: "rules unread, and nothing else counts", from: "rules", change: func(w *world) {
			w.cover[model.PartRules], w.rules = model.UnknownCoverage("HTTP 403"), nil
			made(w, "aws-old")
		}},
		{name: "rules read in part", change: func(w *world) {
			w.cover[model.PartRules] = model.PartialCoverage("cut")
			made(w, "aws-old")
			w.members["g-70"] = append(w.members["g-70"], "t-3")
		}, want: "group-lingering/aws-old likely"},
		{name: "cut to no group rule", change: func(w *world) {
			w.cover[model.PartRules], w.rules = model.PartialCoverage("cut"), nil
			w.members["g-70"] = nil
		}, want: "group-lingering/aws-other likely; members-missing/aws-team likely"},
		{name: "from roles", from: "roles", change: func(*world) {}, want: "group-lingering/aws-other certain takes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := syncedByRules()
			tt.change(w)
			opts := byRulesOptions()
			if tt.from != "" {
				opts.Groups.From = tt.from
			}
			if got := groupFindings(w.compareBy(opts)); got != tt.want {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestNoGroupRuleIsSaid(t *testing.T) {
	t.Parallel()
	w := syncedByRules()
	w.rules = nil
	found := findingsOf(w.compareBy(byRulesOptions()), model.SetupNoGroupRule)
	if len(found) != 1 || found[0].Severity != model.High || found[0].Subject.Type != model.SubjectConnection {
		t.Errorf("got %+v", found)
	}
}

func TestRedundantRules(t *testing.T) {
	t.Parallel()
	w := syncedByRules()
	w.app.Parameters = []model.Parameter{{Key: "groups", Defaults: []string{"aws-all"}}}
	off := literal("903", "70", "aws-team")
	off.Enabled = false
	apart := literal("904", "71", "aws-team") // no user has it in both ways
	w.rules = append(w.rules, literal("901", "70", "AWS-Team", "aws-new"), literal("902", "72", "aws-team"), off, apart,
		literal("905", "71", "aws-all"))
	found := findingsOf(w.compareBy(byRulesOptions()), model.RuleRedundant)
	if len(found) != 2 {
		t.Fatalf("got %+v", found)
	}
	two, byDefault := found[0], found[1]
	if two.Subject != (model.Subject{Type: model.SubjectRule, Name: "literal 901", SourceID: "901"}) ||
		two.Cause != model.CauseTwoRules || two.Severity != model.Medium {
		t.Errorf("got %+v", two)
	}
	want := []model.Evidence{
		{What: "group given to 2 users by this rule", Text: "aws-team"},
		{What: "given to 2 users by another rule, 2 of them the same", Text: "for each role"},
	}
	if !slices.Equal(two.Evidence, want) {
		t.Errorf("evidence %+v", two.Evidence)
	}
	if byDefault.Subject.SourceID != "905" || byDefault.Cause != model.CauseRuleAndDefault ||
		!strings.Contains(byDefault.Evidence[1].What, "3 users by the default") {
		t.Errorf("got %+v", byDefault)
	}
	if !slices.Equal(two.Repairs, []model.Option{{Repair: model.OpenRules, Channel: model.Console}}) {
		t.Errorf("repairs %v", two.Repairs)
	}
	var names []string
	for i := range 23 {
		names = append(names, fmt.Sprintf("aws-many-%d", i))
	}
	w = syncedByRules()
	w.rules = append(w.rules, literal("901", "70", names...), literal("902", "70", names...))
	found = findingsOf(w.compareBy(byRulesOptions()), model.RuleRedundant)
	if len(found) != 1 || found[0].Evidence[len(found[0].Evidence)-1].What != "and 3 more groups" {
		t.Errorf("of 23 groups: %+v", found)
	}
}

func TestOpaqueRulesShowTheirJSON(t *testing.T) {
	t.Parallel()
	w := syncedByRules()
	w.rules = append(w.rules, model.Rule{
		ID: "901", Enabled: true, Raw: []byte("{\n \"new\": 1}"),
		Actions: []model.RuleAction{{Name: model.SetGroups, Macro: "x"}},
	})
	found := findingsOf(w.compareBy(byRulesOptions()), model.RuleOpaque)
	if len(found) != 1 || found[0].Severity != model.Info || found[0].Cause != model.CauseUnreadableRule ||
		found[0].Subject.Name != "rule 901" {
		t.Fatalf("got %+v", found)
	}
	if last := found[0].Evidence[len(found[0].Evidence)-1]; last.Text != `{"new":1}` {
		t.Errorf("evidence %+v", found[0].Evidence)
	}
}
