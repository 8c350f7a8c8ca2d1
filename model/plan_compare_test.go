package model_test

import (
	"encoding/json"
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
