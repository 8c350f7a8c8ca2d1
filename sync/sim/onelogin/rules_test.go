package onelogin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

const rulesPath = "/api/2/apps/500001/rules"

func TestRuleLists(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	for query, want := range map[string][]int64{
		"":                                {801, 802}, // enabled ones only
		"?enabled=true":                   {801, 802},
		"?enabled=false":                  {803}, // disabled ones only
		"?has_condition=has_role:700001":  {802},
		"?has_condition=has_role:*":       {802},
		"?has_condition=email:x":          {},
		"?has_action=set_groups":          {801, 802},
		"?has_action=set_groups:aws-adm*": {802},
	} {
		if got := rowIDs(tn.want(200, "GET", rulesPath+query, "").rows(t)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	first := tn.want(200, "GET", rulesPath+"/801", "").object(t)
	if first["origin"] != "console" || first["position"] != 1.0 || first["conditions"] == nil {
		t.Errorf("a rule: %v; unknown keys and empty arrays must show", first)
	}
	if off := tn.want(200, "GET", rulesPath+"/803", "").object(t); off["position"] != nil || off["enabled"] != false {
		t.Errorf("a disabled rule: %v, want a null position", off)
	}
	tn.want(404, "GET", rulesPath+"/1", "")
	tn.want(404, "GET", "/api/2/apps/1/rules", "")
}

func rule(more string) string {
	return `{"name":"r","match":"all","enabled":true,"position":null,"conditions":[{"source":"has_role","operator":"ri","value":"700001"}],` +
		`"actions":[{"action":"set_groups","value":["aws-admins"]}]` + more + `}`
}

func TestRuleWrites(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	made := tn.want(201, "POST", rulesPath, rule("")).object(t)
	if len(made) != 1 {
		t.Errorf("POST answers %v, want the id alone", made)
	}
	id := int64(made["id"].(float64))
	one := fmt.Sprintf("%s/%d", rulesPath, id)
	if got := tn.want(200, "GET", one, "").object(t)["position"]; got != 3.0 {
		t.Errorf("position %v, want the last", got)
	}
	tn.want(200, "PUT", one, strings.Replace(rule(""), `"position":null`, `"position":1`, 1))
	if got := rowIDs(tn.want(200, "GET", rulesPath, "").rows(t)); !slices.Equal(got, []int64{id, 801, 802}) {
		t.Errorf("after moving it to the front: %v", got)
	}
	sorted := tn.want(200, "PUT", rulesPath+"/sort", fmt.Sprintf("[802,%d,801]", id))
	if got := rowIDs(tn.want(200, "GET", rulesPath, "").rows(t)); !slices.Equal(got, []int64{802, id, 801}) || !strings.HasPrefix(sorted.body, "[") {
		t.Errorf("after sorting: %v, %s", got, sorted.body)
	}
	tn.want(400, "PUT", rulesPath+"/sort", `{"rule_ids":[801]}`)
	tn.want(422, "PUT", rulesPath+"/sort", `[801]`)
	tn.want(422, "PUT", rulesPath+"/sort", fmt.Sprintf("[802,802,%d,801]", id))
	tn.want(204, "DELETE", one, "")
	tn.want(404, "DELETE", one, "")
	if got := tn.triggers(); len(got) != 0 {
		t.Errorf("writing rules triggered %v; a rule is never applied on save", got)
	}
}

func TestRuleValidation(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	swap := func(old, replacement string) string { return strings.Replace(rule(""), old, replacement, 1) }
	for _, c := range []struct{ name, method, path, body, field, message string }{
		{"missing name", "POST", rulesPath, swap(`"name":"r",`, ""), "name", "Required field is missing"},
		{"missing position on PUT", "PUT", rulesPath + "/802", swap(`"position":null,`, ""), "position", "Required field is missing"},
		{"id in the body", "PUT", rulesPath + "/802", rule(`,"id":802`), "id", "Field is not allowed"},
		{"unknown key", "POST", rulesPath, rule(`,"colour":"red"`), "colour", "Field is not allowed"},
		{"unknown role", "POST", rulesPath, swap("700001", "12345"), "conditions.[0].value", "Invalid condition value: 12345"},
		{"unknown group", "POST", rulesPath, swap("aws-admins", "aws-new"), "actions.[0].value", "Invalid action value(s): aws-new"},
		{"unknown source", "POST", rulesPath, swap("has_role", "shoe_size"), "conditions.[0].source", "Invalid condition source: shoe_size"},
		{"wrong operator", "POST", rulesPath, swap(`"ri"`, `"~"`), "conditions.[0].operator", "Invalid condition operator: ~"},
		{"unknown action", "POST", rulesPath, swap("set_groups", "set_fire"), "actions.[0].action", "Invalid action: set_fire"},
		{"match", "POST", rulesPath, swap(`"all"`, `"some"`), "match", "Invalid match value: some"},
		{
			"disabled with position", "PUT", rulesPath + "/802", swap(`"enabled":true,"position":null`, `"enabled":false,"position":2`), "position",
			"Invalid position: a disabled rule has none",
		},
	} {
		o := tn.want(422, c.method, c.path, c.body).object(t)
		errs := o["errors"].([]any)
		first := errs[0].(map[string]any)
		if o["code"] != 422.0 || o["message"] != "Validation Failed" || len(errs) != 1 || first["field"] != c.field || first["message"].([]any)[0] != c.message {
			t.Errorf("%s: %v, want E3 with %s: %s", c.name, o, c.field, c.message)
		}
	}
	tn.want(400, "POST", rulesPath, `[]`)
	tn.want(200, "PUT", rulesPath+"/801", rule(`,"origin":"console"`)) // a key that the rule has may be sent back
}

func TestRuleOptions(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	values := func(path string) []string {
		list := []string{}
		for _, row := range tn.want(200, "GET", path, "").rows(t) {
			list = append(list, row["value"].(string))
		}
		return list
	}
	if got := values(rulesPath + "/conditions"); !slices.Contains(got, "has_role") || !slices.Contains(got, "custom_attribute_cost_center") {
		t.Errorf("conditions: %v", got)
	}
	if got := values(rulesPath + "/conditions/has_role/operators"); !slices.Equal(got, []string{"ri", "rin"}) {
		t.Errorf("operators: %v", got)
	}
	if got := values(rulesPath + "/conditions/email/operators"); !slices.Contains(got, "~") || !slices.Contains(got, "ew") {
		t.Errorf("operators: %v", got)
	}
	if got := values(rulesPath + "/conditions/has_role/values"); len(got) != 3 {
		t.Errorf("values: %v", got)
	}
	if got := values(rulesPath + "/conditions/email/values"); len(got) != 0 {
		t.Errorf("free text: %v", got)
	}
	if got := values(rulesPath + "/actions"); !slices.Contains(got, "set_groups") {
		t.Errorf("actions: %v", got)
	}
	cache := rulesPath + "/actions/set_groups/values"
	if got := values(cache); !slices.Equal(got, []string{"aws-admins", "aws-stale"}) {
		t.Errorf("the entitlement cache: %v", got)
	}
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.EntitlementValues = "empty" })
	if got := values(cache); len(got) != 0 {
		t.Errorf("empty: %v", got)
	}
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.EntitlementValues = "404" })
	tn.want(404, "GET", cache, "")
	tn.want(404, "GET", rulesPath+"/conditions/nope/operators", "")
	tn.want(404, "GET", rulesPath+"/actions/nope/values", "")
}

func TestMappings(t *testing.T) {
	tn := newTenant(t, 2, onelogin.Knobs{})
	if got := rowIDs(tn.want(200, "GET", "/api/2/mappings", "").rows(t)); !slices.Equal(got, []int64{811}) {
		t.Errorf("mappings: %v", got)
	}
	tn.w.Lock()
	tn.w.Source.Users[102].Email = "else@where.example"
	tn.w.Unlock()
	rows := tn.want(200, "POST", "/api/2/mappings/811/dryrun", "[101,102]").rows(t)
	if len(rows) != 2 || rows[0]["mapped"] != true || rows[1]["mapped"] != false || rows[0]["user"].(map[string]any)["username"] != "user001" {
		t.Errorf("dry run: %v", rows)
	}
	body := `{"name":"m","match":"any","enabled":true,"position":null,"conditions":[],"actions":[{"action":"add_role","value":%s}]}`
	tn.want(201, "POST", "/api/2/mappings", fmt.Sprintf(body, `["700001"]`))
	r := tn.want(422, "POST", "/api/2/mappings", fmt.Sprintf(body, `["700001","700002"]`))
	if !strings.Contains(r.body, "Invalid action value(s): 700001, 700002") {
		t.Errorf("two roles: %s", r.body)
	}
	if got := tn.triggers(); len(got) != 0 {
		t.Errorf("mappings are not applied on save: %v", got)
	}
}
