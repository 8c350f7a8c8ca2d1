package main

import (
	"context"
	"os"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui"
)

// panicsIn makes this test, started again in a terminal, the board whose outside panics there.
const panicsIn = "SCIMDRIFT_TEST_PANICS_IN"

// TestEndToEndPanic holds the board to leaving the terminal in order when it panics, while it reads or after a key.
func TestEndToEndPanic(t *testing.T) {
	t.Parallel()
	if where := os.Getenv(panicsIn); where != "" {
		err := tui.Run(t.Context(), panicking{in: where}, tui.Options{Face: model.Face{Connection: "panicking"}})
		t.Fatal(err)
	}
	needTmux(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := "run " + self + " -test.run ^TestEndToEndPanic$"
	for where, steps := range map[string][]string{
		"Load":     {run, "see the board ended", "see panic", "exit 1"},
		"Requests": {run, "line -1 q quit", "press @", "see the board ended", "see panic", "exit 1"},
	} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.env = append(s.env, panicsIn+"="+where)
			if err := s.openShell(200, 60); err != nil {
				t.Fatal(err)
			}
			for _, step := range steps {
				if err := s.do(step); err != nil {
					t.Fatalf("%s\n%v\nThe screen:\n%s", step, err, s.look())
				}
			}
		})
	}
}

// panicking is an outside that is broken in one place. What it is not asked for in this test, it does not have.
type panicking struct {
	tui.Outside

	in string
}

func (p panicking) Load(context.Context, drift.Watch) (*drift.Comparison, error) {
	if p.in == "Load" {
		panic("nothing can be read")
	}
	return &drift.Comparison{}, nil
}

func (p panicking) Requests() []model.Exchange {
	if p.in == "Requests" {
		panic("there is no log")
	}
	return nil
}

func (p panicking) Summary(context.Context) *drift.Summary { return nil }

//nolint:nilnil // nothing is known
func (p panicking) Known(context.Context) (*drift.Comparison, error) { return nil, nil }

func (p panicking) Past(context.Context, *drift.Comparison) drift.Past { return drift.Past{} }

func (p panicking) Caution() tui.Caution { return tui.Caution{} }

func (p panicking) Budgets() tui.Budgets { return tui.Budgets{} }

func (p panicking) History(context.Context) ([]model.Run, error) { return nil, nil }

func (p panicking) Cases(context.Context) ([]runbook.Entry, error) { return nil, nil }
