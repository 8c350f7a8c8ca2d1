package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/export"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/style"
)

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
	e := export.Export{Connection: a.opts.Connection, Filter: q, Comparison: a.Set.Comparison}
	items := make([]prompt.Choice, 0, 4) //nolint:mnd // the forms
	for _, form := range []struct {
		form        export.Form
		label, text string
	}{
		{export.Markdown, "Markdown", "For a ticket: one table, in words."},
		{export.CSV, "CSV", "For a spreadsheet: a line a finding."},
		{export.JSON, "JSON", "For a script: all that is known of each, names raw."},
		{export.Plan, "a plan", "What would end them, as a file that `scimdrift apply` runs. Nothing is written to " +
			"either service."},
	} {
		items = append(items, prompt.Choice{
			Label: form.label, Text: form.text, Run: func() tea.Cmd { return a.exportAs(e, form.form, picked) },
		})
	}
	a.push(prompt.NewChooser("Export "+style.Count(n, "finding"), items))
	return nil
}

func (a *app) exportAs(e export.Export, form export.Form, picked []bool) tea.Cmd {
	e.Form = form
	s := &export.Screen{}
	a.push(s)
	return a.aside(s.Write(a.ctx, e, picked, a.outside.Plan, a.opts.Export))
}
