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
