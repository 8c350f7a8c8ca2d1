package onelogin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

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
	   {"action":"set_groups","value":["aws-a","aws-b"]},{"action":"set_role","value":["x"]},{"action":"set_groups","value":"aws-c"}]},
	  {"id":2,"name":"regex","enabled":true,"actions":[{"action":"set_groups","value":["member_of"],"expression":"AWS-.*"}]},
	  {"id":3,"actions":[]}]`
	off := `[{"id":4,"enabled":false,"actions":[{"action":"set_groups","value":["aws-off"]}]},{"id":1,"enabled":true},{"id":5,"actions":null}]`
	rules, cov := connect(t, rulesBy(says(200, on), says(200, off))).Rules(t.Context())
	if !cov.Complete() || len(rules) != 5 {
		t.Fatalf("%v, %d rules", cov, len(rules))
	}
	want := []string{"1 true [aws-a aws-b aws-c]", "2 true []", "3 true []", "4 false [aws-off]", "5 false []"}
	for i, r := range rules {
		if got := fmt.Sprint(r.ID, " ", r.Enabled, " ", r.GroupNames); got != want[i] {
			t.Errorf("got %s, want %s", got, want[i])
		}
	}
	if !strings.Contains(string(rules[0].Raw), `"brand_new":{"a":[1]}`) {
		t.Errorf("unknown keys are lost: %s", rules[0].Raw)
	}
}

func TestRulesThatCannotBeRead(t *testing.T) {
	refused := says(403, `{"name":"ForbiddenError","message":"no"}`)
	if _, cov := connect(t, rulesBy(refused, refused)).Rules(t.Context()); cov.State != model.Unknown || !strings.Contains(cov.Reason, "Manage All") {
		t.Errorf("got %v", cov)
	}
	rules, cov := connect(t, rulesBy(says(200, `[{"id":1}]`), refused)).Rules(t.Context())
	if cov.State != model.Partial || len(rules) != 1 || !strings.Contains(cov.Reason, "disabled") {
		t.Errorf("got %v, %d rules", cov, len(rules))
	}
}
