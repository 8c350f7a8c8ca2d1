package main

import (
	"context"
	"sync"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
)

// TestReadsAndPlansBesideARun: while a run deletes group after group, the board may read both sides, read one of them
// again, and plan; each step is confirmed all the same, and what is known in the end holds none of them.
func TestReadsAndPlansBesideARun(t *testing.T) {
	t.Parallel()
	p := newProgram(t.Output(), t.Output())
	p.flags.demo = true
	p.flags.tenant = tenantFlags{Options: tenants.Options{Scenario: "drift", Seed: 3}}
	s, err := p.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	watch := drift.Watch{Part: func(model.Progress) {}, Interim: func(*drift.Comparison) {}}
	c, err := s.Load(t.Context(), watch)
	if err != nil {
		t.Fatal(err)
	}
	var picks []model.Pick
	for i := range c.Findings {
		if f := &c.Findings[i]; f.Kind == model.GroupLingering {
			picks = append(picks, model.Pick{Finding: f.ID, Option: model.Option{
				Repair:  model.DeleteGroup,
				Channel: model.Direct,
			}})
		}
	}
	allow := []model.GuardRule{model.RuleMaxPercent}
	made, err := s.Plan(t.Context(), picks, allow)
	if err != nil || len(made.Steps) < 3 || !made.Guard.Allowed {
		t.Fatalf("%d picks make no plan of some steps: %v, %+v", len(picks), err, made)
	}
	over, cancel := context.WithCancel(t.Context())
	var beside sync.WaitGroup
	begun := make(chan struct{})
	first := sync.OnceFunc(func() { close(begun) })
	subject := model.Subject{
		Type: model.SubjectGroup, Name: made.Steps[2].Subject.Name,
		TargetID: made.Steps[2].Subject.TargetID,
	}
	for _, do := range []func() error{
		func() error { _, err := s.Load(over, watch); return err },
		func() error { _, err := s.Refresh(over, subject); return err },
		func() error { _, err := s.Plan(over, picks[:1], allow); return err },
	} {
		beside.Go(func() {
			<-begun
			for over.Err() == nil {
				if err := do(); err != nil && over.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	run, _, err := s.Run(t.Context(), made, allow, "", func(p plan.RunProgress) {
		if p.Phase == plan.PhaseWriting {
			first()
		}
	})
	first()
	cancel()
	beside.Wait()
	if err != nil || run.State != model.RunDone {
		t.Fatalf("the run is %s, %s: %v", run.State, run.Outcome(), err)
	}
	last := s.loader.Last()
	for i := range last.Target.Groups {
		for j := range made.Steps {
			if last.Target.Groups[i].ID == made.Steps[j].Subject.TargetID {
				t.Errorf("%s is there again", last.Target.Groups[i].Name)
			}
		}
	}
}
