package main

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/reading"
)

// TestAReadIsToldOfBothSides: one line that fits 80 columns says how far each side is and what is being read of it.
func TestAReadIsToldOfBothSides(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := &progress{
		w: &out, sides: sides("", "aws", ""), state: reading.State{Fetch: reading.Begin(reading.Fetch{})},
	}
	p.part(model.Progress{
		Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 400, Expected: 812,
	})
	_, line, _ := strings.Cut(out.String(), "OneLogin ")
	if !strings.Contains(line, "users 400 of 812") || !strings.Contains(line, "AWS ░") || strings.Contains(line, "\n") {
		t.Errorf("it shows %q", line)
	}
}

// TestARunIsToldWithTheSpacesAroundNames: two groups that differ by them only are two in the narration too.
func TestARunIsToldWithTheSpacesAroundNames(t *testing.T) {
	t.Parallel()
	step := &model.Step{Repair: model.DeleteGroup, Subject: model.Subject{Name: " aws-ops"}}
	record := model.StepRecord{ID: "s1", State: model.StepConfirmed}
	if got, want := stepLine(step, record), "s1 delete-group <U+0020>aws-ops: confirmed"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
