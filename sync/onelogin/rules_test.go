package onelogin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scimdrift/scimdrift/model"
)

func rulesBy(on, off http.HandlerFunc) *fake {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500/rules", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("enabled") {
		case "true":
			on(w, r)
		case "false":
			off(w, r)
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	})
	return f
}

func TestRulesOfBothKinds(t *testing.T) {
	on := `[{"id":1,"name":"literal","enabled":true,"position":1,"brand_new":{"a":[1]},"actions":[
	   {"action":"set_groups","value":["aws-a","aws-b"]},{"action":"set_role","value":["x"]},
		{"action":"set_groups","value":"aws-c"}]},
	  {"id":2,"name":"regex","enabled":true,"actions":[{"action":"set_groups","value":["member_of"],
		"expression":"AWS-.*"}]},
	  {"id":3,"actions":[]}]`
	off := `[{"id":4,"enabled":false,"actions":[{"action":"set_groups","value":["aws-off"]}]},{"id":1,` +
		`"enabled":true},{"id":5,"actions":null}]`
	rules, _, cov := connect(t, rulesBy(says(200, on), says(200, off))).Rules(t.Context())
	if !cov.Complete() || len(rules) != 5 {
		t.Fatalf("%v, %d rules", cov, len(rules))
	}
	want := []string{"1 true [aws-a aws-b aws-c]", "2 true []", "3 true []", "4 false [aws-off]", "5 false []"}
	for i, r := range rules {
		if got := fmt.Sprint(r.ID, " ", r.Enabled, " ", r.GroupNames()); got != want[i] {
			t.Errorf("got %s, want %s", got, want[i])
		}
	}
	if !strings.Contains(string(rules[0].Raw), `"brand_new":{"a":[1]}`) {
		t.Errorf("unknown keys are lost: %s", rules[0].Raw)
	}
}

func TestRulesThatCannotBeRead(t *testing.T) {
	refused := says(403, `{"name":"ForbiddenError","message":"no"}`)
	if _, _, cov := connect(t, rulesBy(refused, refused)).Rules(t.Context()); cov.State != model.Unknown ||
		!strings.Contains(cov.Reason, "Manage All") {
		t.Errorf("got %v", cov)
	}
	rules, _, cov := connect(t, rulesBy(says(200, `[{"id":1}]`), refused)).Rules(t.Context())
	if cov.State != model.Partial || len(rules) != 1 || !strings.Contains(cov.Reason, "disabled") {
		t.Errorf("got %v, %d rules", cov, len(rules))
	}
	// Either list may be the wrong one: an enabled rule is in the first, or it is not enabled.
	both := rulesBy(says(200, `[{"id":1}]`), says(200, `[{"id":2,"enabled":true}]`))
	rules, _, cov = connect(t, both).Rules(t.Context())
	if cov.State != model.Partial || len(rules) != 2 {
		t.Errorf("got %v, %d rules", cov, len(rules))
	}
}

func TestRulesOfOddShapes(t *testing.T) {
	t.Parallel()
	on := `[{"id":"7","name":"as documented","match":"ALL","position":"2",
	   "conditions":[{"source":"has_role","operator":"ri","value":7.00001e5}],
	   "actions":[{"action":"set_groups","value":["role"],"expression":"aws-(.*)","macro":null,"scriplet":""}]},
	  {"id":8,"conditions":[{"source":"department","operator":"=","value":["Sales"],"negate":true}],
	   "actions":[{"action":"set_groups","value":"aws-a","extra":null}]},
	  {"id":9,"actions":[{"action":"set_groups","value":["aws-b"]}]},
	  {"id":10,"conditions":[],"actions":{"action":"set_groups"}},
	  {"id":11,"conditions":[null],"actions":[{"action":"set_groups","value":[{"id":1}]}]},
	  {"id":12,"conditions":"all","actions":[{"action":"set_role","value":["x"]}]}]`
	rules, _, cov := connect(t, rulesBy(says(200, on), says(200, "[]"))).Rules(t.Context())
	if !cov.Complete() || len(rules) != 6 {
		t.Fatalf("%v, %d rules", cov, len(rules))
	}
	for i := range rules {
		rules[i].Raw = nil
	}
	group := func(value string) []model.RuleAction {
		return []model.RuleAction{{Name: "set_groups", Values: []string{value}}}
	}
	want := []model.Rule{
		{
			ID: "7", Name: "as documented", Enabled: true, Position: 2, Match: "all",
			Conditions: []model.RuleCondition{{Source: "has_role", Operator: "ri", Values: []string{"700001"}}},
			Actions:    []model.RuleAction{{Name: "set_groups", Values: []string{"role"}, Expression: "aws-(.*)"}},
		},
		{
			ID: "8", Enabled: true, Conditions: []model.RuleCondition{{
				Source: "department", Operator: "=",
				Values: []string{"Sales"}, Odd: true,
			}},
			Actions: group("aws-a"),
		},
		{ID: "9", Enabled: true, Odd: "its conditions have an unknown shape", Actions: group("aws-b")},
		{ID: "10", Enabled: true, Odd: "its actions have an unknown shape"},
		{
			ID: "11", Enabled: true, Odd: "its conditions have an unknown shape",
			Actions: []model.RuleAction{{Name: "set_groups", Odd: true}},
		},
		{ID: "12", Enabled: true, Actions: []model.RuleAction{{Name: "set_role", Values: []string{"x"}}}},
	}
	if diff := cmp.Diff(want, rules, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestIdsInRulesGetTheirNames(t *testing.T) {
	t.Parallel()
	on := `[{"id":1,"conditions":[],"actions":[{"action":"set_groups","value":["ent-1","aws-b","ent-9"]}]}]`
	for name, answer := range map[string]http.HandlerFunc{
		"shown":     says(200, `[{"name":"aws-a","value":"ent-1"},{"name":"aws-b","value":2}]`),
		"not shown": says(404, `{"name":"NotFoundError"}`),
		"empty":     says(200, `[]`),
		"odd":       says(200, `{"values":[]}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := rulesBy(says(200, on), says(200, "[]"))
			f.HandleFunc("GET /api/2/apps/500/rules/actions/set_groups/values", answer)
			c := connect(t, f, func(o *Options) { o.WithRules = true })
			rules, cache, cov := c.Rules(t.Context())
			want, cached := "[ent-1 aws-b ent-9]", "[]"
			if name == "shown" {
				want, cached = "[aws-a aws-b ent-9]", "[aws-a aws-b]"
			}
			if !cov.Complete() || fmt.Sprint(rules[0].GroupNames()) != want ||
				fmt.Sprint(cache) != cached {
				t.Errorf("%v: groups %v, cache %v", cov, rules[0].GroupNames(), cache)
			}
		})
	}
}
