package runbook_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

const longestSentence = 140

// places are those of the guide, with how many sentences of each ask for something.
func places() map[string]int {
	return map[string]int{
		"Considerations": 8, "Note": 1, "Prerequisites": 2, "Step 1.1–1.3": 1, "Step 1.4": 1, "Step 2.1–2.2": 1,
		"Step 2.3": 2, "Step 2.4": 1, "Step 2.5–2.6": 1, "Step 2.7–2.8": 1, "Step 2.9": 1, "Step 2.10": 1,
		"Step 2.11": 1, "Step 2.12": 1, "Step 3": 2, "Step 3.1–3.3": 1, "Step 3.3": 1, "Session tags": 1,
		"Case 1": 2, "Case 2": 3, "Case 3": 1, "Case 4": 5,
	}
}

// TestEverySentenceOfTheGuideIsTakenOver by a step or check that is there, and none is left out.
func TestEverySentenceOfTheGuideIsTakenOver(t *testing.T) {
	t.Parallel()
	there := map[string]int{}
	for _, l := range runbook.Guide() {
		there[l.Where]++
	}
	if diff := cmp.Diff(places(), there); diff != "" {
		t.Errorf("sentences by place (-guide +table):\n%s", diff)
	}
	for _, l := range runbook.Guide() {
		if len(l.By) == 0 || len(l.Asks) > longestSentence {
			t.Errorf("%s: %q is taken over by %d", l.Where, l.Asks, len(l.By))
		}
		for _, by := range l.By {
			book, known := runbook.Find(by.Book)
			step := slices.ContainsFunc(book.Steps, func(s runbook.Step) bool { return s.ID == by.Step })
			check := slices.Contains(model.SetupKinds(), model.Kind(by.Step))
			if by.Book == "" && !check || by.Book != "" && (!known || !step) {
				t.Errorf("%s: there is no step or check %+v", l.Where, by)
			}
			if !slices.Contains([]string{"checks", "does", "watches", "infers", "says"}, by.How) {
				t.Errorf("%s: nobody knows what %q means", l.Where, by.How)
			}
		}
	}
}

// TestHowASentenceIsTakenOverIsSaidInWords.
func TestHowASentenceIsTakenOverIsSaidInWords(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for _, l := range runbook.Guide() {
		said[l.Where] = l.ServedBy()
	}
	for where, want := range map[string]string{
		"Step 2.9":     "does, watches, says “The mappings are applied to everybody” (set-up, step 14)",
		"Session tags": "checks “Attributes for access control are well formed” (set-up, step 20)",
		"Step 1.4": "checks “The SCIM base URL is right” (set-up, step 2); " +
			"checks “The target takes a token at this URL” (set-up, step 3)",
	} {
		if said[where] != want {
			t.Errorf("%s: %q, want %q", where, said[where], want)
		}
	}
}

// TestEveryStepOfTheFirstSetUpServesTheGuide, but for those that its cases ask for.
func TestEveryStepOfTheFirstSetUpServesTheGuide(t *testing.T) {
	t.Parallel()
	book, _ := runbook.Find(runbook.FirstSetup)
	// Cases 1 and 2
	elsewhere := map[string]bool{
		string(model.SetupGroupsNotIncluded): true, string(model.SetupNoGroupRule): true,
		"approvals": true,
	}
	for _, s := range book.Steps {
		if len(runbook.LinesOf(book.Name, s.ID)) == 0 != elsewhere[s.ID] {
			t.Errorf("%s serves no sentence of the guide, or one though it is another case's", s.ID)
		}
	}
}
