package load_test

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
)

func TestRefreshingARuleReadsTheRules(t *testing.T) {
	t.Parallel()
	source, target := inSync(3)
	source.rules = []model.Rule{{
		ID: "2", Name: "made by a macro", Enabled: true,
		Actions: []model.RuleAction{{Name: "set_groups", Macro: "x"}},
	}}
	l := load.New(source, target, options())
	first := mustLoad(t, l)
	wantKinds(t, first, "rule-opaque made by a macro")
	subject := first.Findings[0].Subject
	source.rules = []model.Rule{{
		ID: "2", Name: "now a name", Enabled: true,
		Actions: []model.RuleAction{{Name: "set_groups", Values: []string{"aws-x"}}},
	}}
	then, err := l.Refresh(t.Context(), subject) // user 2 has the same id, and is not meant
	if err != nil {
		t.Fatal(err)
	}
	wantKinds(t, then)
	if source.lookups != 0 {
		t.Errorf("%d lookups of users", source.lookups)
	}
}
