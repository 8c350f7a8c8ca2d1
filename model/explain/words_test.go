package explain

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
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
	know(model.Texts(plan.GuardRules()), "refuses")
	for of := range allWords() {
		if !slices.Contains(fields[of[0]], of[1]) {
			t.Errorf("nothing asks for the %s of %q", of[1], of[0])
		}
	}
	for _, kind := range model.Kinds() {
		if KindMeaning(kind) == string(kind) {
			t.Errorf("the kind %s has no meaning", kind)
		}
	}
	for _, repair := range model.RepairNames() {
		for _, field := range []string{"verb", "short", "does"} {
			if words(repair, field) == "" {
				t.Errorf("the repair %s has no %s", repair, field)
			}
		}
	}
	for _, rule := range plan.GuardRules() {
		if Refuses(rule) == "" {
			t.Errorf("the rule %s refuses nothing", rule)
		}
	}
}
