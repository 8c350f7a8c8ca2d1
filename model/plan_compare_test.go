package model_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// Whatever is changed in a step of a plan makes it another step than the one that is made again, but for how sure its
// finding was.
func TestAnyChangeOfAStepDiffers(t *testing.T) {
	t.Parallel()
	p := somePlan()
	for i := range p.Steps { // so that no key is left out for being empty
		p.Steps[i].Undoes, p.Steps[i].Own = "s1", true
	}
	p.Seal()
	compared := 0
	for i := range p.Steps {
		s := &p.Steps[i]
		if why := s.Differs(s); why != "" {
			t.Fatalf("%s differs from itself: %s", s.ID, why)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := json.Unmarshal(text, &tree); err != nil {
			t.Fatal(err)
		}
		delete(tree, "confidence")
		var changes []func() func()
		leaves(tree, &changes)
		for _, change := range changes {
			undo := change()
			data, err := json.Marshal(tree)
			undo()
			var changed model.Step
			if err != nil || json.Unmarshal(data, &changed) != nil {
				continue // it is no step any more
			}
			changed.Normalise()
			compared++
			if changed.Differs(s) == "" {
				t.Errorf("%s is the same step as\n%s", data, text)
			}
		}
	}
	if compared < 80 {
		t.Errorf("only %d changes were compared", compared)
	}
}

// A step that refers to others keeps its references under whatever names these have.
func TestAStepIsRenamedAndBack(t *testing.T) {
	t.Parallel()
	p := somePlan()
	p.Seal()
	there, back := map[string]string{}, map[string]string{}
	for i := range p.Steps {
		there[p.Steps[i].ID], back["x"+p.Steps[i].ID] = "x"+p.Steps[i].ID, p.Steps[i].ID
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		away, err := s.Renamed(there)
		if err != nil {
			t.Fatal(err)
		}
		again, err := away.Renamed(back)
		if err != nil {
			t.Fatal(err)
		}
		again.Normalise()
		if why := again.Differs(s); why != "" {
			t.Errorf("%s: %s", s.ID, why)
		}
		if len(s.After) > 0 {
			if _, err := s.Renamed(map[string]string{s.ID: "y"}); err == nil {
				t.Errorf("%s waits for a step that has no name, and nothing is said", s.ID)
			}
		}
	}
}

// That more may lose something is told in other words each time; whether it is known is not.
func TestWhatMoreMayLoseIsComparedByWhetherItIsKnown(t *testing.T) {
	t.Parallel()
	step := func(unknown string) *model.Step {
		s := deleteStray()
		s.BlastRadius.Unknown = unknown
		return &s
	}
	if why := step("403 at 08:01").Differs(step("HTTP 403")); why != "" {
		t.Errorf("the same in other words: %s", why)
	}
	for _, pair := range [][2]string{{"403", ""}, {"", "403"}} {
		if why := step(pair[0]).Differs(step(pair[1])); !strings.Contains(why, "is known of one of them only: ") {
			t.Errorf("%q and %q: %q", pair[0], pair[1], why)
		}
	}
	broken := deleteStray()
	broken.Request.Body = json.RawMessage("{")
	if why := broken.Differs(step("")); why != "its request cannot be read" {
		t.Errorf("a request that is no JSON: %q", why)
	}
	if _, err := broken.Renamed(map[string]string{broken.ID: "y"}); err == nil {
		t.Error("a request that is no JSON is renamed")
	}
}
