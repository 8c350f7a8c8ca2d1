package model_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// ruleOf reads a rule as OneLogin writes it, as far as its documented keys go.
func ruleOf(t rapid.TB, raw string) model.Rule {
	t.Helper()
	var wire struct {
		Name    string
		Enabled bool
		Actions []struct {
			Action, Expression, Macro, Scriplet string
			Value                               any
		}
	}
	if err := json.Unmarshal([]byte(raw), &wire); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	r := model.Rule{ID: "77", Name: wire.Name, Enabled: wire.Enabled, Match: "all", Raw: json.RawMessage(raw)}
	for _, a := range wire.Actions {
		action := model.RuleAction{Name: a.Action, Expression: a.Expression, Macro: a.Macro, Scriplet: a.Scriplet}
		switch value := a.Value.(type) {
		case []any:
			for _, v := range value {
				action.Values = append(action.Values, fmt.Sprint(v))
			}
		case nil:
		default:
			action.Values = []string{fmt.Sprint(value)}
		}
		r.Actions = append(r.Actions, action)
	}
	return r
}

// withStray is a world in sync with one more group at the target, which OneLogin made, and one further rule.
func withStray(name string, rules ...model.Rule) *world {
	w := syncedByRules()
	w.roles[1].Grants = true // so that both modes expect the same groups
	w.tgroups = append(w.tgroups, model.Group{
		ID: "9067f2c1-1111-2222-3333-444455556666", Name: name,
		ExternalID: "1234",
	})
	w.rules = append(w.rules, rules...)
	return w
}

// ofStray is what is said of the last group of the target: its finding with confidence and delete, "" for none; and
// the rules that are called opaque.
func ofStray(w *world, from string) (said, opaque string, c *drift.Comparison) {
	opts := byRulesOptions()
	opts.Groups.From = from
	if from == "roles" {
		opts.Groups = testOptions().Groups
	}
	c = w.compareBy(opts)
	id := w.tgroups[len(w.tgroups)-1].ID
	for _, f := range c.Findings {
		switch {
		case f.Subject.TargetID == id:
			said = strings.TrimSpace(fmt.Sprint(f.Kind, " ", f.Confidence, " ",
				map[bool]string{true: "delete"}[f.Offers(model.DeleteGroup)]))
		case f.Kind == model.RuleOpaque:
			opaque += f.Subject.Name
		}
	}
	return said, opaque, c
}

func action(a string) string {
	return `{"id":77,"name":"r","enabled":true,"match":"all","position":3,"conditions":[],"actions":[` + a + `]}`
}

// TestWhateverARuleNamesIsNotLingering, however the rule says it: OneLogin documents a few shapes of rules, and
// accounts have others. A group that is deleted while its rule lives comes back with another id and without its
// account assignments.
func TestWhateverARuleNamesIsNotLingering(t *testing.T) {
	t.Parallel()
	const certain, likely = "group-lingering certain delete", "group-lingering likely delete"
	for _, tt := range []struct {
		name, rule string
		group      string // aws-old where empty
		want       string // of the finding; why is the name of the case
		opaque     bool
	}{
		{
			name: "in another spelling of the action", opaque: true,
			rule: action(`{"action":"Set_Groups","value":["aws-old"]}`),
		},
		{
			name: "with a space behind the action", opaque: true,
			rule: action(`{"action":"set_groups ","value":["aws-old"]}`),
		},
		{
			name: "by an action of another name", opaque: true,
			rule: action(`{"action":"add_groups","value":["aws-old"]}`),
		},
		{name: "by an action for the app", rule: action(`{"action":"set_aws_groups","value":"aws-old"}`), opaque: true},
		{name: "by an action without a name", rule: action(`{"value":["aws-old"]}`), opaque: true},
		{
			name: "by an action about something else", opaque: true,
			rule: action(`{"action":"set_role","value":["aws-old"]}`),
		},
		{
			name: "in another case and with spaces", opaque: true,
			rule: action(`{"action":"add_groups","value":[" AWS-Old\t"]}`),
		},
		{
			name: "by an expression in another case, over a field that was not read", opaque: true,
			rule: action(`{"action":"set_groups","value":["custom_attribute_x"],"expression":"^AWS-O"}`),
		},
		{name: "escaped", rule: action(`{"action":"add_groups","value":["\u0061ws-old"]}`), opaque: true},
		{
			name: "in a list that is one text", opaque: true,
			rule: action(`{"action":"add_groups","value":"aws-a; aws-old,aws-b"}`),
		},
		{name: "parted by bars", rule: action(`{"action":"add_groups","value":"aws-a|aws-old"}`), opaque: true},
		{
			name: "parted by line ends", opaque: true,
			rule: action(`{"action":"add_groups","value":"aws-a\r\naws-old\r\n"}`),
		},
		{
			name: "deep down", opaque: true,
			rule: action(`{"action":"add_groups","value":[{"then":[[{"group":{"name":"aws-old"}}]]}]}`),
		},
		{name: "as a key", rule: action(`{"action":"add_groups","value":[{"aws-old":true}]}`), opaque: true},
		{
			name: "under a key that stands there twice", opaque: true,
			rule: action(`{"action":"add_groups","value":["aws-old"],"value":[]}`),
		},
		{
			name: "beside the actions", opaque: true,
			rule: `{"id":77,"name":"r","enabled":true,"conditions":[],"actions":[],"groups":["aws-old"]}`,
		},
		{
			name: "in a condition", opaque: true,
			rule: `{"id":77,"name":"r","conditions":[{"source":"aws_group","operator":"=","value":"aws-old"}],` +
				`"actions":[]}`,
		},
		{name: "as a number", group: "2024", rule: action(`{"action":"add_groups","value":[2024]}`), opaque: true},
		{
			name: "as a number in another spelling", group: "2024", opaque: true,
			rule: action(`{"action":"add_groups","value":[2.024e3]}`),
		},
		{
			name: "by the id that SCIM gave it", opaque: true,
			rule: action(`{"action":"add_groups","value":["9067F2C1-1111-2222-3333-444455556666"]}`),
		},
		{
			name: "a name with a separator, whole", group: "ops, aws", opaque: true,
			rule: action(`{"action":"add_groups","value":"ops, aws"}`),
		},
		{
			name: "where it stands as a comment and elsewhere", opaque: true,
			rule: `{"id":77,"name":"aws-old","enabled":true,"actions":[{"action":"add_groups","value":"aws-old"}]}`,
		},

		{
			name: "an expression", opaque: true,
			rule: action(`{"action":"add_groups","value":["role"],"expression":"^AWS-.*"}`),
		},
		{
			name: "an expression under another key", opaque: true,
			rule: action(`{"action":"add_groups","match":{"regex":"^aws-.*"}}`),
		},
		{
			name: "what an expression captures", opaque: true,
			rule: action(`{"action":"add_groups","value":["member_of"],"expression":"^cn=(aws-[a-z]+),"}`),
		},
		{name: "a macro", rule: action(`{"action":"Set_Groups","macro":"aws-{department}"}`), opaque: true},
		{name: "a glob", rule: action(`{"action":"add_groups","value":["*-old"]}`), opaque: true},
		{
			name: "an expression that cannot be read", want: "any", opaque: true,
			rule: action(`{"action":"add_groups","value":["role"],"expression":"(?<=x)y"}`),
		},
		{name: "a script", rule: action(`{"action":"add_groups","scriplet":"return 1"}`), want: "any", opaque: true},
		{
			name: "an id that nothing explains", want: "any", opaque: true,
			rule: action(`{"action":"add_groups","value":["4711471"]}`),
		},

		{
			name: "only called after it", want: likely,
			rule: `{"id":77,"name":"AWS-old","enabled":true,"conditions":[],"actions":[]}`,
		},
		{
			name: "only in its description", want: likely,
			rule: `{"id":77,"name":"r","description":"aws-old; aws-b","conditions":[],"actions":[]}`,
		},

		{
			name: "another name", want: certain, opaque: true,
			rule: action(`{"action":"add_groups","value":["aws-older","the aws-old"]}`),
		},
		{
			name: "an expression that does not fit", want: certain, opaque: true,
			rule: action(`{"action":"add_groups","value":["role"],"expression":"^dept-"}`),
		},
		{
			name: "a plain word is no expression", want: certain, opaque: true,
			rule: action(`{"action":"add_groups","value":["old"]}`),
		},
		{
			name: "a macro of a documented action", want: certain,
			rule: action(`{"action":"set_userprincipalname","macro":"{email}"}`),
		},
		{
			name: "a macro for a parameter of the app", want: certain,
			rule: action(`{"action":"set_costcenter","macro":"{department}"}`),
		},
		{
			name: "an action that is not understood and names no group", want: certain,
			rule: action(`{"action":"set_fire","value":["5"]}`),
		},
	} {
		for _, from := range []string{"auto", "rules", "roles"} {
			for _, enabled := range []bool{true, false} {
				for _, cover := range []model.Coverage{model.CompleteCoverage(), model.PartialCoverage("cut")} {
					r := ruleOf(t, tt.rule)
					r.Enabled = enabled
					if tt.group == "" {
						tt.group = "aws-old"
					}
					w := withStray(tt.group, r)
					w.app.Parameters = []model.Parameter{
						{Key: "costcenter", Label: "Cost center"},
						{Key: "groups", Label: "Groups"},
					}
					w.cover[model.PartRules] = cover
					want := tt.want
					switch {
					case want == "any" && from == "roles":
						// the configuration vouches for the roles, and a rule may say otherwise
						want = "group-lingering likely"
					case want == "any":
						want = ""
					case want != "" && !cover.Complete():
						want = "group-lingering likely" // a rule that was not read may name it
					}
					got, opaque, c := ofStray(w, from)
					if got != want || (opaque != "") != tt.opaque {
						t.Errorf("%s, from %s, enabled %t, rules %s: %q with opaque %q, want %q", tt.name, from,
							enabled, cover, got, opaque, want)
					}
					if strings.Contains(want, "delete") || got != want {
						continue
					}
					step := onGroup(model.DeleteGroup, w.tgroups[len(w.tgroups)-1].ID, tt.group)
					step.Finding = "group-lingering/" + tt.group
					g := newGuarded(step)
					g.c.Comparison, g.c.Groups = c, testOptions().Groups
					if v := g.judge(); v.Allowed {
						t.Errorf("%s, from %s: the guard lets the group be deleted", tt.name, from)
					}
				}
			}
		}
	}
}

// TestATitleIsStillYielded: who calls a rule after a group may have meant it to give the group, and nothing tells.
func TestATitleIsStillYielded(t *testing.T) {
	t.Parallel()
	w := withStray("aws-old", ruleOf(t, `{"id":77,"name":"aws-old","enabled":true,"actions":[]}`))
	_, _, c := ofStray(w, "auto")
	step := onGroup(model.DeleteGroup, w.tgroups[len(w.tgroups)-1].ID, "aws-old")
	step.Finding = "group-lingering/aws-old"
	g := newGuarded(step)
	g.c.Comparison = c
	if got := rulesOf(g.judge().Refusals); !slices.Contains(got, model.RuleStillYielded) ||
		!slices.Contains(got, model.RuleNotCertain) {
		t.Errorf("refused by %v", got)
	}
}

// TestAStrangeActionLeavesMembersOpen: who is in a group that it names may be there by it, so that nobody is too many
// for certain.
func TestAStrangeActionLeavesMembersOpen(t *testing.T) {
	t.Parallel()
	for enabled, want := range map[bool]string{true: "", false: "members-extra/aws-team certain takes"} {
		r := ruleOf(t, action(`{"action":"add_groups","value":["aws-team"]}`))
		r.Enabled = enabled
		w := syncedByRules()
		w.rules = append(w.rules, r)
		w.members["g-70"] = append(w.members["g-70"], "t-3")
		c := w.compareBy(byRulesOptions())
		if got := groupFindings(c); got != want {
			t.Errorf("enabled %t: %q, want %q", enabled, got, want)
		}
		if found := findingsOf(c, model.RuleOpaque); len(found) != 1 || found[0].Subject.Name != "r" {
			t.Errorf("opaque %+v", found)
		}
	}
}

// TestOneDoubtfulUserHidesNoOther: that one user may belong in a group says nothing of the others who should not be in
// it. Who may belong is neither too many nor removed.
func TestOneDoubtfulUserHidesNoOther(t *testing.T) {
	t.Parallel()
	w := syncedByRules()
	w.rules = append(w.rules, model.Rule{
		ID: "901", Name: "by value", Enabled: true, Position: 2, Match: "all",
		Actions: []model.RuleAction{{Name: model.SetGroups, Values: []string{"member_of"}, Expression: "^aws-m$"}},
	}) // u1 has the value, u2 has it in a text that may be several, and u3 has not
	w.tgroups = append(w.tgroups, model.Group{ID: "g-m", Name: "aws-m"})
	w.members["g-m"] = []string{"t-1", "t-2", "t-3"}
	c := w.compareBy(byRulesOptions())
	found := findingsOf(c, model.MembersExtra)
	open := c.UnsettledByReason()
	if len(found) != 1 || !slices.Equal(found[0].Members, []string{"u3@corp.example"}) || len(open) != 1 ||
		!open[0].OnlyMembers || open[0].Subjects[0].Name != "aws-m" {
		t.Fatalf("%+v, open %+v", found, open)
	}
	s, gt := found[0].Source, found[0].Target
	for u, want := range []model.Relation{model.Same, model.Unsettled, model.OnlyTarget} {
		at := c.Users.ToTarget[u]
		if v := c.MembershipVerdict(s, gt, int32(u), at, c.Source.Members.Has(s, int32(u)), true); v.Relation != want {
			t.Errorf("u%d: %+v", u+1, v)
		}
	}
	for id, want := range map[string]bool{"t-2": true, "t-3": false} {
		g := newGuarded(onGroup(model.RemoveMembers, "g-m", "aws-m", model.Member{ID: id}))
		g.c.Comparison = c
		if got := slices.Contains(rulesOf(g.judge().Refusals), model.RuleCoverage); got != want {
			t.Errorf("removing %s is refused: %t", id, got)
		}
	}
}

// TestStrangeActionsAreNoGroupRule: rules of which none is understood to set groups say nothing of any group.
func TestStrangeActionsAreNoGroupRule(t *testing.T) {
	t.Parallel()
	w := syncedByRules()
	w.rules = []model.Rule{ruleOf(t, action(`{"action":"Set_Groups","value":["aws-team"]}`))}
	if c := w.compareBy(byRulesOptions()); groupFindings(c) != "" || len(findingsOf(c, model.SetupNoGroupRule)) != 1 {
		t.Errorf("%s, %+v", groupFindings(c), c.Findings)
	}
}

// By roles, too, a rule that plainly gives a group is no rule that cannot be evaluated.
func TestAPlainRuleIsNotOpaqueWhereRolesDecide(t *testing.T) {
	t.Parallel()
	w := withStray("aws-legacy", literal("78", "70", "aws-legacy"))
	opts := byRulesOptions()
	opts.Groups.From = "roles"
	for _, f := range w.compareBy(opts).Findings {
		if f.Kind == model.RuleOpaque || f.Kind == model.GroupLingering {
			t.Errorf("%s: %+v", f.ID, f.Evidence)
		}
	}
}
