package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/run"
)

// TestTheSimulatedButton: ! presses what the watched step asks for, says what came of it, and elsewhere says why it
// does nothing.
func TestTheSimulatedButton(t *testing.T) {
	t.Parallel()
	var pressed []model.RepairName
	var fails error
	a := board(t, drifted().compare(), 120, 36, func(o *Options) {
		o.Press = func(_ context.Context, _ string, step *model.Step) error {
			pressed = append(pressed, step.Repair)
			return fails
		}
	})
	a.press("!")
	if got := frame(a); !strings.Contains(got,
		"! (press the simulated console's button) needs a simulation") || len(pressed) > 0 {
		t.Fatalf("without a step ! pressed %v and says:\n%s", pressed, got)
	}
	a.job = &run.Job{
		Plan: &model.Plan{Steps: []model.Step{
			{ID: "s1", Repair: model.DeleteGroup},
			{ID: "s2", Repair: model.ReapplyMappings, Handoff: &model.Handoff{Menu: "More Actions > Reapply"}},
		}},
		Report: run.Report{Progress: plan.RunProgress{Step: 0}},
	}
	if a.job.AwaitedStep() != nil {
		t.Error("a request counts as a button")
	}
	a.job.Progress.Step = 1
	press := func() {
		_, cmd := a.Update(keyOf("!"))
		a.Update(cmd())
	}
	press()
	if got := frame(a); !strings.Contains(got, "Pressed in the simulated console: More Actions > Reapply.") {
		t.Errorf("nothing says that it was pressed:\n%s", got)
	}
	fails = errors.New("the simulation does not answer")
	press()
	if got := frame(a); !strings.Contains(got, "Not pressed: the simulation does not answer.") {
		t.Errorf("nothing says that it failed:\n%s", got)
	}
	if len(pressed) != 2 || pressed[0] != model.ReapplyMappings {
		t.Errorf("pressed %v", pressed)
	}
	a.opts.Press = nil
	a.press("!")
	if len(pressed) != 2 {
		t.Error("a real console was pressed")
	}
}
