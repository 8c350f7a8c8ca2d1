package onelogin_test

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

const rulesPath = "/api/2/apps/500001/rules"

func TestRuleLists(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	for query, want := range map[string][]int64{
		"":               {801, 802}, // enabled ones only
		"?enabled=true":  {801, 802},
		"?enabled=false": {803}, // disabled ones only
	} {
		if got := rowIDs(tn.want(200, "GET", rulesPath+query, "").rows(t)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	first := tn.want(200, "GET", rulesPath, "").rows(t)[0]
	if first["origin"] != "console" || first["position"] != 1.0 || first["conditions"] == nil {
		t.Errorf("a rule: %v; unknown keys and empty arrays must show", first)
	}
	off := tn.want(200, "GET", rulesPath+"?enabled=false", "").rows(t)[0]
	if off["position"] != nil || off["enabled"] != false {
		t.Errorf("a disabled rule: %v, want a null position", off)
	}
	tn.want(404, "GET", "/api/2/apps/1/rules", "")
}

func TestGroupValuesAreTheEntitlementCache(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	got := []string{}
	for _, row := range tn.want(200, "GET", rulesPath+"/actions/set_groups/values", "").rows(t) {
		got = append(got, row["value"].(string))
	}
	if !slices.Equal(got, []string{"aws-admins", "aws-stale"}) {
		t.Errorf("values: %v", got)
	}
	tn.want(404, "GET", rulesPath+"/actions/nope/values", "")
}

func TestDeleteRule(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	tn.want(204, "DELETE", rulesPath+"/801", "")
	tn.want(404, "DELETE", rulesPath+"/801", "")
	rows := tn.want(200, "GET", rulesPath, "").rows(t)
	if !slices.Equal(rowIDs(rows), []int64{802}) || rows[0]["position"] != 1.0 {
		t.Errorf("after the deletion of the first: %v", rows)
	}
	if got := tn.triggers(); len(got) != 0 {
		t.Errorf("deleting a rule triggered %v; a rule is never applied on save", got)
	}
}
