package model

import (
	"fmt"
	"testing"
)

// BenchmarkRules is what twenty rules add to assembling and comparing 100,000 users in 2,000 groups: hold "20 rules" against
// "roles only".
func BenchmarkRules(b *testing.B) {
	src, tgt, opts := bigSides(100_000, 2_000, 1_000_000)
	for i := range src.Users {
		src.Users[i].Attributes = &Attributes{Names: ruleFields, Values: []string{fmt.Sprint("dept-", i%50), "", "1"}}
	}
	rules := []Rule{forEachRole("1", "^aws-")}
	for n := range 19 {
		r := literal(fmt.Sprint(2+n), src.Roles[n].ID, src.Roles[n].Name)
		switch n % 4 {
		case 1:
			r.Conditions = []Condition{{Source: "department", Operator: "=", Values: []string{fmt.Sprint("dept-", n)}}}
		case 2:
			r.Match = "any"
			r.Conditions = append(r.Conditions, Condition{Source: hasRole, Operator: "rin", Values: []string{src.Roles[n+1].ID}})
		case 3:
			r.Conditions, r.Actions = nil, []Action{{Name: setGroups, Values: []string{"department"}, Expression: "^dept-"}}
		}
		rules = append(rules, r)
	}
	for _, run := range []struct {
		name  string
		rules []Rule
		from  string
	}{{"roles only", nil, "roles"}, {"20 rules", rules, "auto"}} {
		b.Run(run.name, func(b *testing.B) {
			src.Rules, opts.Groups.From = run.rules, run.from
			b.ReportAllocs()
			for b.Loop() {
				c := Compare(Expect(src, opts.Groups), tgt, opts)
				if len(c.Findings) < 100 {
					b.Fatalf("%d findings", len(c.Findings))
				}
			}
		})
	}
}
