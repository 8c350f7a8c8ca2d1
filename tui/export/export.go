// Package export is what leaves the board, and what became of it.
package export

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Form is a form in which findings leave the board.
type Form string

// The forms, as `scimdrift check -o` and `scimdrift plan` name them.
const (
	Markdown Form = "markdown"
	CSV      Form = "csv"
	JSON     Form = "json"
	Plan     Form = "plan"
)

// Export is what leaves the board: the findings of a comparison that a filter picks, or a plan that ends them.
type Export struct {
	Connection string
	Form       Form
	Filter     filter.Query
	Comparison *drift.Comparison
	// Plan is there for its form only.
	Plan *model.Plan
}

// Exported is where it was written, and the command line that gives the same.
type Exported struct{ Path, Command string }

// Screen says what became of an export.
type Screen struct {
	screen.Text

	Exported Exported
	failed   string
	done     bool
}

// Planner plans what ends findings, as the board's outside does.
type Planner func(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error)

// Write writes it down. What it gives is to be run aside.
func (s *Screen) Write(
	ctx context.Context, e Export, picked []bool, plans Planner, write func(Export) (Exported, error),
) func() tea.Msg {
	return func() tea.Msg {
		var exported Exported
		var err error
		if e.Form == Plan {
			var q plan.Query
			if !e.Filter.Empty() {
				q.Filtered = picked
			}
			e.Plan, err = PlanOf(ctx, e.Comparison, q, plans, nil)
		}
		if err == nil {
			exported, err = write(e)
		}
		return screen.Handled(func() {
			s.Exported, s.done = exported, true
			if err != nil {
				s.failed = err.Error()
			}
			s.Stale()
		})
	}
}

// PlanOf plans what ends the findings that a query picks.
func PlanOf(
	ctx context.Context, c *drift.Comparison, q plan.Query, plans Planner, allow []model.GuardRule,
) (*model.Plan, error) {
	picks, left, err := plan.Select(c, q)
	if err != nil {
		return nil, err
	}
	plan, err := plans(ctx, picks, allow)
	if err != nil {
		return nil, err
	}
	plan.LeftOut = append(left, plan.LeftOut...)
	plan.Seal()
	return plan, nil
}

// Title names the screen.
func (*Screen) Title() string { return "Export" }

// View draws it.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string {
		said := "Writing."
		switch {
		case s.failed != "":
			said = "Not written: " + s.failed
		case s.done:
			said = "Written to " + s.Exported.Path + "."
		}
		lines := append([]string{""}, style.Paragraphs("  ", width, said)...)
		if s.Exported.Command != "" {
			lines = append(lines, "", "  The same on the command line:", "")
			lines = append(append(lines, style.Paragraphs("    ", width, s.Exported.Command)...), "",
				"  "+c.Key("copy")+" copies it, "+c.Key("back")+" goes back.")
		}
		return lines
	})
}
