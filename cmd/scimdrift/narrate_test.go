package main

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// TestARunIsToldWithTheSpacesAroundNames: two groups that differ by them only are two in the narration too.
func TestARunIsToldWithTheSpacesAroundNames(t *testing.T) {
	t.Parallel()
	step := &model.Step{Repair: model.DeleteGroup, Subject: model.Subject{Name: " aws-ops"}}
	record := model.StepRecord{ID: "s1", State: model.StepConfirmed}
	if got, want := stepLine(step, record), "s1 delete-group <U+0020>aws-ops: confirmed"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
