package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/console"
	"github.com/scimdrift/scimdrift/tui/export"
	"github.com/scimdrift/scimdrift/tui/grid"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/requests"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/runbook"
	"github.com/scimdrift/scimdrift/tui/setup"
	"github.com/scimdrift/scimdrift/tui/style"
)

func (a *app) export() tea.Cmd {
	q, _ := filter.Parse(a.list().Filter()) // what is none of the language narrows nothing on the board either
	picked := q.Findings(a.Set.Comparison)
	n := model.CountIf(picked, func(in bool) bool { return in })
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
			Label: form.label, Text: form.text, Run: func() tea.Cmd {
				e.Form = form.form
				s := &export.Screen{}
				a.push(s)
				return a.inBackground(s.Write(a.ctx, e, picked, a.outside.Plan, a.opts.Export))
			},
		})
	}
	a.push(prompt.NewChooser("Export "+style.Count(n, "finding"), items))
	return nil
}

// copyItem is one thing that y can put on the clipboard. The text is harmless: pasted raw, a stranger's name could do
// something in a shell.
type copyItem struct{ what, text string }

// copyItems lists what there is to copy where the operator stands, in the order in which y goes through it.
func (a *app) copyItems() []copyItem {
	switch s := a.top().(type) {
	case *inspect.Screen:
		if s.Gone {
			return nil
		}
		row, set := s.Row()
		return a.rowCopyItems(set, row)
	case *setup.Screen:
		return a.checkCopyItems(s.Check())
	case *run.Screen:
		return nonEmptyItems("the run's id", s.Job.Run.ID)
	case *runbook.Screen:
		return nonEmptyItems("the path of the record", s.Record)
	case *export.Screen:
		return nonEmptyItems("the command line", s.Exported.Command, "the path", s.Exported.Path)
	case *requests.Screen:
		if e := s.Chosen(); e != nil {
			return nonEmptyItems("the request as curl, without its secrets", requests.Curl(e), "the path", e.Path)
		}
		return nil
	case *console.Screen:
		return nonEmptyItems("the address", s.Place.Link, "the menu path", s.Place.Menu)
	case nil:
	default:
		return nil
	}
	switch {
	case a.isTabOnTop(tabSetup):
		return a.checkCopyItems(a.setup.Chosen())
	case a.isTabOnTop(tabEvents):
		return a.eventCopyItems(a.events.Chosen())
	case a.isTabOnTop(tabHistory) && a.historyTab.Chosen() != nil:
		return nonEmptyItems("the run's id", a.historyTab.Chosen().ID)
	case a.Set == nil:
		return nil
	}
	all, many := a.selectedRows()
	switch {
	case len(all) == 0:
		return nil
	case many || len(all) > 1 || len(a.marks) > 0:
		return a.rowsCopyItems(all)
	}
	return a.rowCopyItems(a.Set, all[0])
}

// nonEmptyItems pairs words with texts and leaves out what is empty. The texts are raw.
func nonEmptyItems(pairs ...string) []copyItem {
	var out []copyItem
	for i := 0; i+1 < len(pairs); i += 2 {
		if text := pairs[i+1]; text != "" {
			out = append(out, copyItem{pairs[i], model.Visible(text)})
		}
	}
	return out
}

func (a *app) rowCopyItems(set *rows.Set, row rows.Row) []copyItem {
	subject := set.Subject(row)
	out := nonEmptyItems("1 name", subject.Name, "its id in "+a.opts.Sides[model.SourceSide].Short, subject.SourceID,
		"its id in "+a.opts.Sides[model.TargetSide].Short, subject.TargetID)
	return append(out, copyItem{"a Markdown summary", a.markdownSummary(set, row)})
}

func (a *app) rowsCopyItems(all []rows.Row) []copyItem {
	names, tickets := make([]string, 0, len(all)), make([]string, 0, len(all))
	seen := map[string]bool{}
	for _, row := range all {
		if name := a.Set.Subject(row).Name; !seen[name] {
			seen[name] = true
			names = append(names, model.Visible(name))
		}
		tickets = append(tickets, a.markdownSummary(a.Set, row))
	}
	return []copyItem{
		{style.Count(len(names), "name"), strings.Join(names, "\n")},
		{"a Markdown summary of " + style.Count(len(all), "row"), strings.Join(tickets, "\n")},
	}
}

func (a *app) checkCopyItems(c *model.Check) []copyItem {
	if c == nil {
		return nil
	}
	lines := []string{explain.CheckTitle(c.ID), "Seen: " + c.Seen}
	for _, more := range []struct{ label, text string }{{"Next: ", c.Todo}, {"Menu: ", c.Menu}, {"Link: ", c.Link}} {
		if more.text != "" {
			lines = append(lines, more.label+more.text)
		}
	}
	summary := copyItem{"a Markdown summary", indentedBlock(fmt.Sprintf("**%s** (%s)", c.ID, c.Result), lines)}
	return append([]copyItem{summary}, nonEmptyItems("the address", c.Link)...)
}

func (a *app) eventCopyItems(e *model.Event) []copyItem {
	if e == nil {
		return nil
	}
	out := nonEmptyItems("the text of the event", e.Text)
	lines := model.NonEmpty(a.context().Evidence(model.Evidence{At: e.At, What: e.TypeName(), By: e.Actor}),
		e.UserName, e.RoleName, e.Text)
	return append(out, copyItem{"a Markdown summary", indentedBlock("**event "+model.Visible(e.ID)+"**", lines)})
}

// copyNext puts the next thing on the clipboard of the operator's own terminal (OSC 52), also over SSH, and says which.
func (a *app) copyNext() tea.Cmd {
	all := a.copyItems()
	at := a.copyPresses % len(all)
	a.copyPresses++
	a.status = "Copied " + all[at].what + "."
	if len(all) > 1 {
		a.status += " " + a.keyFor("copy") + " again copies " + all[(at+1)%len(all)].what + "."
	}
	return tea.SetClipboard(all[at].text)
}

// markdownSummary is a summary of a row in Markdown. Whatever strangers have typed stands in an indented block, where
// nothing is taken for Markdown or HTML.
func (a *app) markdownSummary(set *rows.Set, row rows.Row) string {
	subject := set.Subject(row)
	head := "**" + string(subject.Type) + "**"
	lines := []string{subject.Name}
	for _, id := range []struct{ side, id string }{
		{a.opts.Sides[model.SourceSide].Short, subject.SourceID},
		{a.opts.Sides[model.TargetSide].Short, subject.TargetID},
	} {
		if id.id != "" {
			lines = append(lines, "id in "+id.side+": "+id.id)
		}
	}
	for i, f := range set.FindingsOf(row) {
		if i == 0 {
			head = fmt.Sprintf("**%s** (%s)", f.Kind, f.Severity)
		}
		lines = append(lines, grid.Sentence(f, a.opts.Sides[model.TargetSide].Short))
		if doubt := explain.Doubt(*f); doubt != "" {
			lines = append(lines, style.Capital(doubt)+".")
		}
		for _, e := range grid.KeyEvidence(f) {
			lines = append(lines, a.context().EvidenceLine(e))
		}
		if len(f.Members) > 0 {
			lines = append(lines, "Members: "+strings.Join(f.Members, ", "))
		}
		if next := explain.Next(*f); next != "" {
			lines = append(lines, "Next: "+next)
		}
	}
	if row.Finding == model.None {
		lines = append(lines, grid.NoFindingText(set, row))
	}
	return indentedBlock(head, lines)
}

// indentedBlock is a line of our own words with an indented block of raw lines below.
func indentedBlock(head string, lines []string) string {
	var b strings.Builder
	b.WriteString(head + "\n\n")
	for _, line := range lines {
		b.WriteString("    " + model.Visible(line) + "\n")
	}
	return b.String()
}
