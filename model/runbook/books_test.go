package runbook

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestEveryStepIsJudged fails for a step that is named after neither a judge nor a set-up check, and for a judge of no
// step.
func TestEveryStepIsJudged(t *testing.T) {
	t.Parallel()
	idle := stepJudges()
	for _, b := range Books() {
		if b.Title == "" || b.When == "" || len(b.Advice) == 0 || len(b.Steps) < 5 {
			t.Errorf("%s is no book: %+v", b.Name, b)
		}
		for _, s := range b.Steps {
			_, judged := stepJudges()[string(b.Name)+" "+s.ID]
			_, everywhere := stepJudges()[s.ID]
			if !judged && !everywhere && !slices.Contains(model.SetupKinds(), model.Kind(s.ID)) {
				t.Errorf("%s: nothing judges %s", b.Name, s.ID)
			}
			if s.Title == "" || s.Why == "" {
				t.Errorf("%s: %s says neither what nor why: %q, %q", b.Name, s.ID, s.Title, s.Why)
			}
			delete(idle, s.ID)
			delete(idle, string(b.Name)+" "+s.ID)
		}
	}
	for name := range idle {
		t.Errorf("no step is %s", name)
	}
}
