package explain_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/plan"
)

// TestWordsAreOfWhatThereIs fails for a name or a field in words.txt that nobody asks for, and for what lacks words.
func TestWordsAreOfWhatThereIs(t *testing.T) {
	t.Parallel()
	fields := map[string][]string{"reapply-mappings nudge": {"verb", "short", "does", "caveat"}}
	know := func(names []string, asked ...string) {
		for _, name := range names {
			fields[name] = append(fields[name], asked...)
		}
	}
	know(model.Texts(model.Kinds()), "meaning", "stays", "access", "found", "one", "many")
	know([]string{drift.WhyContradicted, drift.WhyDetailsDiffer, drift.WhyDuplicates}, "one", "many")
	know(model.Texts(model.SetupKinds()), "title", "wrong")
	know(model.Texts(model.Causes()), "phrase", "brief", "stays", "mend")
	know(model.Texts(model.RepairNames()), "verb", "short", "does", "caveat", "answer")
	know(model.Texts(plan.GuardRules()), "refuses", "way")
	file, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range model.ParseTexts(string(file)) {
		if !slices.Contains(fields[s.Of], s.Field) {
			t.Errorf("nothing asks for the %s of %q", s.Field, s.Of)
		}
	}
	for _, kind := range model.Kinds() {
		if explain.KindMeaning(kind) == string(kind) {
			t.Errorf("the kind %s has no meaning", kind)
		}
	}
	for _, repair := range model.RepairNames() {
		o := model.Option{Repair: repair}
		if explain.Verb(o) == string(repair) || explain.ShortRepair(o) == string(repair) ||
			strings.HasPrefix(strings.ToLower(explain.Repair(o)), string(repair)) {
			t.Errorf("the repair %s has no verb, no short form or says not what it does", repair)
		}
	}
	for _, rule := range plan.GuardRules() {
		if explain.RefusalText(rule) == "" || explain.RefusalAdvice(rule) == "" {
			t.Errorf("the rule %s refuses nothing, or has no way on", rule)
		}
	}
}
