package model_test

import (
	"fmt"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

// strangeRules name a group each in an action that is not understood, every tenth by a pattern.
func strangeRules(n int) []model.Rule {
	rules := []model.Rule{forEachRole("1", "^aws-")}
	for i := range n {
		value := fmt.Sprintf("aws-old-%d; aws-new-%d", i, i)
		if i%10 == 0 {
			value = fmt.Sprintf("aws-old-%d-.*", i)
		}
		rules = append(rules, model.Rule{
			ID: fmt.Sprint(2 + i), Name: fmt.Sprint("rule ", i), Enabled: true,
			Actions: []model.RuleAction{{Name: "Set_Groups", Values: []string{value}}},
			Raw: fmt.Appendf(nil, `{"id":%d,"name":"rule `+
				`%d","match":"all","enabled":true,"position":%d,"conditions":[{"source":"has_role",`+
				`"operator":"ri","value":"%d"}],"actions":[{"action":"Set_Groups","value":["%s"],"expression":null}]}`,
				2+i, i, i, 700000+i, value),
		})
	}
	return rules
}

// BenchmarkRules is what twenty rules add to assembling and comparing 100,000 users in 2,000 groups: hold "20 rules"
// against "roles only".
func BenchmarkRules(b *testing.B) {
	src, tgt, opts := bigSides(100_000, 2_000, 1_000_000)
	for i := range src.Users {
		src.Users[i].Attributes = &model.Attributes{Names: ruleFields, Values: []string{
			fmt.Sprint("dept-", i%50), "",
			"1",
		}}
	}
	list := []model.Rule{forEachRole("1", "^aws-")}
	for n := range 19 {
		r := literal(fmt.Sprint(2+n), src.Roles[n].ID, src.Roles[n].Name)
		switch n % 4 {
		case 1:
			r.Conditions = []model.RuleCondition{{
				Source: "department", Operator: "=",
				Values: []string{fmt.Sprint("dept-", n)},
			}}
		case 2:
			r.Match = "any"
			r.Conditions = append(r.Conditions, model.RuleCondition{
				Source: model.HasRole, Operator: "rin",
				Values: []string{src.Roles[n+1].ID},
			})
		case 3:
			r.Conditions, r.Actions = nil,
				[]model.RuleAction{{Name: model.SetGroups, Values: []string{"department"}, Expression: "^dept-"}}
		}
		list = append(list, r)
	}
	for _, run := range []struct {
		name  string
		rules []model.Rule
		from  string
	}{{"roles only", nil, "roles"}, {"20 rules", list, "auto"}, {"1,000 strange rules", strangeRules(1000), "auto"}} {
		b.Run(run.name, func(b *testing.B) {
			src.Rules, opts.Groups.From = run.rules, run.from
			b.ReportAllocs()
			for b.Loop() {
				c := drift.Compare(rules.Expect(src, opts.Groups), tgt, opts)
				if len(c.Findings) < 100 {
					b.Fatalf("%d findings", len(c.Findings))
				}
			}
		})
	}
}
