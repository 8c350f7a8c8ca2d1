package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// ExportForm is a form in which findings leave the board.
type ExportForm string

// The forms, as `scimdrift check -o` and `scimdrift plan` name them.
const (
	ExportMarkdown ExportForm = "markdown"
	ExportCSV      ExportForm = "csv"
	ExportJSON     ExportForm = "json"
	ExportPlan     ExportForm = "plan"
)

// Export is what leaves the board: the findings of a comparison that a filter picks, or a plan that ends them.
type Export struct {
	Connection string
	Form       ExportForm
	Filter     filter.Query
	Comparison *drift.Comparison
	// Plan is there for its form only.
	Plan *model.Plan
}

// Exported is where it was written, and the command line that gives the same.
type Exported struct{ Path, Command string }

// exportScreen says what became of an export.
type exportScreen struct {
	screen.Text

	exported Exported
	failed   string
	over     bool
}

type exportedMsg struct {
	on       *exportScreen
	exported Exported
	err      error
}

func (a *app) canExport() bool { return a.Set != nil && a.opts.Export != nil }

// export offers the forms in which what shows can be written down.
func (a *app) export() tea.Cmd {
	q, _ := filter.Parse(a.list().Filter()) // what is none of the language narrows nothing on the board either
	picked, n := q.Findings(a.Set.Comparison), 0
	for _, in := range picked {
		if in {
			n++
		}
	}
	e := Export{Connection: a.opts.Connection, Filter: q, Comparison: a.Set.Comparison}
	items := make([]prompt.Choice, 0, 4) //nolint:mnd // the forms
	for _, form := range []struct {
		form        ExportForm
		label, text string
	}{
		{ExportMarkdown, "Markdown", "For a ticket: one table, in words."},
		{ExportCSV, "CSV", "For a spreadsheet: a line a finding."},
		{ExportJSON, "JSON", "For a script: all that is known of each, names raw."},
		{ExportPlan, "a plan", "What would end them, as a file that `scimdrift apply` runs. Nothing is written to " +
			"either service."},
	} {
		items = append(items, prompt.Choice{
			Label: form.label, Text: form.text, Run: func() tea.Cmd { return a.exportAs(e, form.form, picked) },
		})
	}
	a.push(prompt.NewChooser("Export "+style.Count(n, "finding"), items))
	return nil
}

func (a *app) exportAs(e Export, form ExportForm, picked []bool) tea.Cmd {
	s := &exportScreen{}
	a.push(s)
	e.Form = form
	outside, write := a.outside, a.opts.Export
	return a.aside(func() tea.Msg {
		if form == ExportPlan {
			plan, err := planOf(a.ctx, outside, e, picked)
			if err != nil {
				return exportedMsg{on: s, err: err}
			}
			e.Plan = plan
		}
		exported, err := write(e)
		return exportedMsg{s, exported, err}
	})
}

func planOf(ctx context.Context, outside Outside, e Export, picked []bool) (*model.Plan, error) {
	var q plan.Query
	if !e.Filter.Empty() {
		q.Filtered = picked
	}
	picks, left, err := plan.Select(e.Comparison, q)
	if err != nil {
		return nil, err
	}
	plan, err := outside.Plan(ctx, picks, nil)
	if err != nil {
		return nil, err
	}
	plan.LeftOut = append(left, plan.LeftOut...)
	plan.Seal()
	return plan, nil
}

func (s *exportScreen) Update(msg tea.Msg) tea.Cmd {
	if msg, is := msg.(exportedMsg); is && msg.on == s {
		s.exported, s.over = msg.exported, true
		if msg.err != nil {
			s.failed = msg.err.Error()
		}
		s.Stale()
	}
	return nil
}

func (*exportScreen) Title() string { return "Export" }

func (s *exportScreen) View(_ *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string {
		said := "Writing."
		switch {
		case s.failed != "":
			said = "Not written: " + s.failed
		case s.over:
			said = "Written to " + s.exported.Path + "."
		}
		lines := append([]string{""}, style.Indent("  ", style.Name(said), width-1)...)
		if s.exported.Command != "" {
			lines = append(lines, "", "  The same on the command line:", "")
			lines = append(append(lines, style.Indent("    ", style.Name(s.exported.Command), width-1)...), "",
				"  y copies it, q goes back.")
		}
		return lines
	})
}
